package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Licences that follow each other in a list have mostly ids that are near each other, because ids
// and what lists go by rise with time. On SQLite, where each look for a word of a licence goes
// through an index from its root, the ids under a word that lie between the least and the
// greatest of the list's are read one after the other, and what both have is worked out here. The
// few that lie far from the others are looked for by themselves: an old licence may be the last that
// was changed.

// merged is amongFirst for whole words under which not much more licences stand between those of
// the list than the list has; else it does nothing and is false.
func (tx *Tx) merged(l *listing, f *firsts, first int) (bool, error) {
	if tx.db.dialect != sqlite || f.scattered || slices.ContainsFunc(l.common, func(a anyWord) bool { return a.begins }) {
		return false, nil
	}
	far := l.strategy("scattered")
	if f.scattered = tx.db.tallies.reach(far, 1); f.scattered {
		return false, nil
	}
	reached, query := l.reached(l.q.keys())
	w, next := reached.where, first+1-f.searched
	var text string
	err := tx.row(`SELECT coalesce(group_concat(id, ' '), '') FROM (`+query+` ORDER BY `+l.q.order("")+` LIMIT `+w.arg(next)+` OFFSET `+w.arg(f.searched)+`)`, w.args...).Scan(&text)
	if err != nil {
		return false, err
	}
	ids := strings.Fields(text)
	searched := len(ids)
	among := make(map[string]int, searched) // how many of the words each stands under that were asked for yet
	for _, id := range ids {
		among[id] = 0
	}
	found := spanOf(ids)
	for i, a := range l.common {
		ok, err := tx.standing(found, a, 2*next, func(id string) {
			if n, there := among[id]; there && n == i {
				among[id] = i + 1
			}
		})
		if err != nil {
			return false, err
		}
		if f.scattered = !ok; !ok {
			tx.db.tallies.keep(far, 1)
			return false, nil
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return among[id] < len(l.common) })
	if ids, err = tx.filtered(l.q, ids); err != nil {
		return false, err
	}
	page := ids[min(len(ids), max(0, l.q.Offset-f.hits)):]
	page = page[:min(len(page), cmp.Or(l.q.Limit, 25)-len(f.rows))]
	if len(page) > 0 {
		rows, err := tx.licences(`SELECT `+tx.licenceText("l")+` FROM json_each($1) j CROSS JOIN licence l WHERE l.id = j.value`, jsonOf(page))
		if err != nil {
			return false, err
		}
		at := make(map[string]int, len(page))
		for i, id := range page {
			at[id] = i
		}
		slices.SortFunc(rows, func(a, b flegt.Licence) int { return at[a.ID] - at[b.ID] })
		f.rows = append(f.rows, rows...)
	}
	f.hits, f.searched, f.more = f.hits+len(ids), f.searched+searched, searched == next
	return true, nil
}

// strategy is the key under which it is known for ten minutes how a list is read best.
func (l *listing) strategy(what string) string {
	q := l.q
	return fmt.Sprintf("%s %#v %v %s %t %s %v", what, q.Scope, q.States, q.Sort, q.Asc, q.Standing, l.common) + lately()
}

// span is between which ids most of a list's lie, and those that do not, written as JSON.
type span struct{ least, most, strays string }

// spanOf takes a fiftieth at either end for strays.
func spanOf(ids []string) span {
	if len(ids) == 0 {
		return span{strays: "[]"}
	}
	all := slices.Sorted(slices.Values(ids))
	n := len(all) / 50
	return span{all[n], all[len(all)-1-n], jsonOf(slices.Concat(all[:n], all[len(all)-n:]))}
}

// standing tells each id of a span, and of its strays, that stands under one of the words; false when
// so many do within the span that it is not worth while.
func (tx *Tx) standing(s span, a anyWord, atMost int, tell func(id string)) (bool, error) {
	told := 0
	for _, word := range a.words {
		var text, strays string
		err := tx.row(`SELECT (SELECT coalesce(group_concat(licence, ' '), '') FROM (SELECT licence FROM licence_word WHERE word = $1 AND licence >= $2 AND licence <= $3 LIMIT $4)),
			(SELECT coalesce(group_concat(licence, ' '), '') FROM licence_word WHERE word = $1 AND licence IN (SELECT value FROM json_each($5)))`,
			word, s.least, s.most, atMost, s.strays).Scan(&text, &strays)
		if err != nil {
			return false, err
		}
		for id := range strings.SplitSeq(text, " ") {
			tell(id)
			told++
		}
		if told >= atMost {
			return false, nil
		}
		for id := range strings.SplitSeq(strays, " ") {
			tell(id)
		}
	}
	return true, nil
}

// filtered are those of a list's ids that its filters leave, in its order.
func (tx *Tx) filtered(q LicenceQuery, ids []string) ([]string, error) {
	w := &where{}
	all := w.arg(jsonOf(ids))
	q.filter(w)
	if len(w.conds) == 0 || len(ids) == 0 {
		return ids, nil
	}
	left := make(map[string]bool, len(ids))
	err := tx.all(`SELECT l.id FROM json_each(`+all+`) j CROSS JOIN licence l`+w.clause()+` AND l.id = j.value`, w.args, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		left[id] = true
		return err
	})
	return slices.DeleteFunc(ids, func(id string) bool { return !left[id] }), err
}
