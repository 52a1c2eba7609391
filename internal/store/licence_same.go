package store

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
)

// maxSame is how many licences with the same goods are looked at.
const maxSame = 20

// maxContainersAsked is by how many containers a shipment is looked up.
const maxContainersAsked = 50

// SameShipment reads other licences, lodged and not rejected or withdrawn, that name the
// same bill of lading and one of the same containers.
func (tx *Tx) SameShipment(billOfLading string, containers []string, except string) ([]flegt.Licence, error) {
	w := &where{}
	var words []string
	for _, n := range containers[:min(len(containers), maxContainersAsked)] {
		words = append(words, cut(containerWord(n)))
	}
	if len(words) == 0 {
		return nil, nil
	}
	w.equal("b.word", cut(billWord(billOfLading)))
	w.in("c.word", words)
	w.and("l.id <> " + w.arg(except))
	w.and(counting)
	return bodies[flegt.Licence](tx, `SELECT l.body FROM licence_word b JOIN licence_word c ON c.licence = b.licence JOIN licence l ON l.id = b.licence`+
		w.clause()+` ORDER BY l.id LIMIT `+w.arg(maxSame), w.args...)
}

// counting are the licences that a duplicate could be of.
// The state is kept out of the choice of an index: by it SQLite would begin at every lodged
// licence.
var counting = aside("l.state") + ` IN ('submitted', 'returned', 'accepted', 'acceptance_withdrawn')`

// SameScan reads other licences, lodged and not rejected or withdrawn, that have a scan with
// the same bytes.
func (tx *Tx) SameScan(sha256, except string) ([]flegt.Licence, error) {
	return bodies[flegt.Licence](tx, `SELECT l.body FROM blob_use u JOIN licence l ON l.id = u.licence
		WHERE u.sha256 = $1 AND l.id <> $2 AND `+counting+` ORDER BY l.id LIMIT $3`, sha256, except, maxSame)
}

// NumberEarlier says whether another licence was lodged under the number and then rejected
// or withdrawn.
func (tx *Tx) NumberEarlier(number, except string) (bool, error) {
	var n int
	err := tx.row(`SELECT count(*) FROM licence WHERE number_key = $1 AND id <> $2 AND `+aside("state")+` IN ('rejected', 'withdrawn')`, flegt.NumberKey(number), except).Scan(&n)
	return n > 0, err
}

// wordsKey is the setting that tells by which version of words the index was made.
const wordsKey = "licence_words"

// reindex makes the index of search words anew when it was made by an older program.
func (db *DB) reindex(ctx context.Context) error {
	made := ""
	err := db.View(ctx, func(tx *Tx) (err error) {
		made, err = tx.Setting(wordsKey)
		return err
	})
	if err != nil || made == wordsVersion {
		return err
	}
	for after, done := "", false; !done; {
		err := db.Update(ctx, func(tx *Tx) error {
			batch, err := bodies[flegt.Licence](tx, `SELECT body FROM licence WHERE id > $1 ORDER BY id LIMIT 500`, after)
			if err != nil {
				return err
			}
			for _, l := range batch {
				if err := tx.changeWords(l.ID, []string{""}, words(l)); err != nil {
					return err
				}
				after = l.ID
			}
			if done = len(batch) == 0; done {
				return tx.SaveSetting(wordsKey, wordsVersion)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// DraftNumbered reads an operator's own draft of a paper licence with a number; NotFound when
// there is none. Of several the oldest is given.
func (tx *Tx) DraftNumbered(operator, number string) (flegt.Licence, error) {
	found, err := tx.DraftsNumbered(operator, []string{number})
	if l, there := found[flegt.NumberKey(number)]; there || err != nil {
		return l, err
	}
	return flegt.Licence{}, flegt.Missing()
}

// DraftsNumbered reads an operator's own drafts of paper licences with one of the numbers, by
// flegt.NumberKey; of several with a number the oldest.
func (tx *Tx) DraftsNumbered(operator string, numbers []string) (map[string]flegt.Licence, error) {
	keys := make([]string, 0, len(numbers))
	for _, n := range numbers {
		if key := flegt.NumberKey(n); key != "" {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	cond, arg := tx.among("number_key", "$2", keys)
	found, err := bodies[flegt.Licence](tx, `SELECT body FROM licence WHERE operator = $1 AND `+cond+` AND `+aside("state")+` = 'draft' AND origin = 'paper'
		ORDER BY created_at DESC, id DESC`, operator, arg)
	out := make(map[string]flegt.Licence, len(found))
	for _, l := range found { // the oldest last
		out[flegt.NumberKey(l.Form.Number)] = l
	}
	return out, err
}
