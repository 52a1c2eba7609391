package store

import (
	"context"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// SaveUse notes how far a licence is used, beside its row: lists are narrowed by it. Call it
// with the ledger as it is after what was just moved.
func (tx *Tx) SaveUse(g flegt.Ledger) error {
	_, err := tx.exec(`UPDATE licence SET used = $1 WHERE id = $2`, string(g.Use()), g.Licence.ID)
	return err
}

// standing narrows a list to the accepted licences of a standing; see LicenceQuery. The
// conditions stand word by word in the indexes licence_open and licence_used_up.
func (q LicenceQuery) standing(w *where) {
	const open = "state = 'accepted' AND used <> 'used_up'"
	switch q.Standing {
	case flegt.LicenceOpen:
		w.and(open + " AND (expires >= " + w.arg(string(q.Today)) + " OR expires = '' OR used = 'begun')")
	case flegt.LicenceExpired:
		w.and(open + " AND used = '' AND expires <> ''")
		w.and("expires < " + w.arg(string(q.Today)))
	case flegt.LicenceUsedUp:
		w.and("state = 'accepted' AND used = 'used_up'")
	}
}

// stand is standing, for a list whose rows are not led to by something else. What can still come
// by the day it expires is in three parts of two indexes: if it were one condition, all that
// expired unused would be passed over, and those grow for ever.
func (l *listing) stand() {
	if l.led || l.q.Standing != flegt.LicenceOpen || !l.q.Asc || l.q.Sort != "expires" {
		l.q.standing(l.where)
		return
	}
	// Where the list goes on stands in the parts too, because an index is entered by one bound.
	today, after := string(l.q.Today), string(l.q.AfterExpiry)
	l.either = []func(*where){
		func(w *where) { w.and("used <> 'used_up' AND expires = ''") },
		func(w *where) {
			w.and("used = 'begun' AND expires <> '' AND expires >= " + w.arg(after) + " AND expires < " + w.arg(today))
		},
		func(w *where) { w.and("used <> 'used_up' AND expires >= " + w.arg(max(today, after))) },
	}
	l.and("state = 'accepted'")
}

// selecting is the query for columns of a list's licences, in no order, with its arguments. The
// parts of which a list may consist follow each other in it.
func (l *listing) selecting(columns string) (query string, w *where) {
	w = &where{args: slices.Clone(l.args)}
	if len(l.either) == 0 {
		return `SELECT ` + columns + ` FROM licence` + l.clause(), w
	}
	all := make([]string, len(l.either))
	for i, narrow := range l.either {
		part := &where{conds: slices.Clone(l.conds), args: w.args}
		narrow(part)
		w.args = part.args
		all[i] = `SELECT ` + columns + ` FROM licence` + part.clause()
	}
	return strings.Join(all, ` UNION ALL `), w
}

// usesKey is the setting that tells that the uses of an older program's licences are noted.
const usesKey = "licence_uses"

// noteUses notes how far each licence is used where an older program did not.
func (db *DB) noteUses(ctx context.Context) error {
	return db.pass(ctx, "uses of licences", usesKey, "1", (*Tx).noteUses)
}

func (tx *Tx) noteUses(batch []flegt.Licence) error {
	ids := make([]string, len(batch))
	for i, l := range batch {
		ids[i] = l.ID
	}
	moved, err := tx.MovementsUnder(ids)
	if err != nil {
		return err
	}
	for _, l := range batch {
		if len(moved[l.ID]) > 0 {
			if err := tx.SaveUse(flegt.Ledger{Licence: l, Movements: moved[l.ID]}); err != nil {
				return err
			}
		}
	}
	return nil
}
