package store

import (
	"context"
	"slices"

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
	return tx.licences(`SELECT `+tx.licenceText("l")+` FROM licence_word b JOIN licence_word c ON c.licence = b.licence JOIN licence l ON l.id = b.licence`+
		w.clause()+` ORDER BY l.id LIMIT `+w.arg(maxSame), w.args...)
}

// counting are the licences that a duplicate could be of.
// The state is kept out of the choice of an index: by it SQLite would begin at every lodged
// licence.
var counting = aside("l.state") + ` IN ('submitted', 'returned', 'accepted', 'acceptance_withdrawn')`

// SameScan reads other licences, lodged and not rejected or withdrawn, that have a scan with
// the same bytes.
func (tx *Tx) SameScan(sha256, except string) ([]flegt.Licence, error) {
	return tx.licences(`SELECT `+tx.licenceText("l")+` FROM blob_use u JOIN licence l ON l.id = u.licence
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

// reindex makes the index of search words, and the numbers by which licences are compared, anew
// where an older program made others.
func (db *DB) reindex(ctx context.Context) error {
	return db.pass(ctx, "search words", wordsKey, wordsVersion, (*Tx).reindexed)
}

// reindexed puts right what of these licences an older program wrote otherwise.
func (tx *Tx) reindexed(batch []flegt.Licence) error {
	kept, keys := map[string][]string{}, map[string]string{}
	ids := make([]string, len(batch))
	for i, l := range batch {
		ids[i] = l.ID
	}
	cond, arg := tx.among("licence", "$1", ids)
	pair := func(add func(id, text string), query string) error {
		rows, err := tx.rows(query, arg)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, text string
			if err := rows.Scan(&id, &text); err != nil {
				return err
			}
			add(id, text)
		}
		return rows.Err()
	}
	if err := pair(func(id, word string) { kept[id] = append(kept[id], word) }, `SELECT licence, word FROM licence_word WHERE `+cond); err != nil {
		return err
	}
	cond, arg = tx.among("id", "$1", ids)
	if err := pair(func(id, key string) { keys[id] = key }, `SELECT id, number_key FROM licence WHERE `+cond); err != nil {
		return err
	}
	for _, l := range batch {
		before := kept[l.ID]
		slices.Sort(before)
		if err := tx.changeWords(l.ID, before, words(l)); err != nil {
			return err
		}
		key := flegt.NumberKey(l.Form.Number)
		if key == keys[l.ID] {
			continue
		}
		// A number that was lodged twice in two spellings keeps them, and verify tells of it.
		if _, err := tx.exec(`UPDATE licence SET number_key = $1 WHERE id = $2 AND NOT EXISTS (SELECT 1 FROM licence o WHERE o.number_key = $1 AND o.id <> $2)`, key, l.ID); err != nil {
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
	found, err := tx.licences(`SELECT `+tx.licenceText("licence")+` FROM licence WHERE operator = $1 AND `+cond+` AND `+aside("state")+` = 'draft' AND origin = 'paper'
		ORDER BY created_at DESC, id DESC`, operator, arg)
	out := make(map[string]flegt.Licence, len(found))
	for _, l := range found { // the oldest last
		out[flegt.NumberKey(l.Form.Number)] = l
	}
	return out, err
}
