package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
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
	far := l.strategy(fmt.Sprint("scattered ", min(first, lastSearched)))
	if tx.db.dialect != sqlite || tx.db.tallies.reach(far, 1) || slices.ContainsFunc(l.common, func(a anyWord) bool { return a.begins }) {
		return false, nil
	}
	reached, query := l.reached(l.q.keys())
	w, next := reached.where, first+1-f.searched
	var text string
	err := tx.row(`SELECT coalesce(group_concat(id, ' '), '') FROM (`+query+` ORDER BY `+l.q.order("")+` LIMIT `+w.arg(next)+` OFFSET `+w.arg(f.searched)+`)`, w.args...).Scan(&text)
	if err != nil {
		return false, err
	}
	var ids []string
	if text != "" {
		ids = strings.Split(text, " ")
	}
	searched := len(ids)
	ids, ok, err := tx.underAll(l, ids, next)
	if err != nil {
		return false, err
	}
	if !ok {
		tx.db.tallies.keep(far, 1)
		return false, nil
	}
	if ids, err = tx.filtered(l.q, ids); err != nil {
		return false, err
	}
	page := ids[min(len(ids), max(0, l.q.Offset-f.hits)):]
	page = page[:min(len(page), cmp.Or(l.q.Limit, 25)-len(f.rows))]
	if len(page) > 0 {
		rows, err := tx.listed(l.q, `SELECT `+tx.licenceText("l")+` FROM json_each($1) j CROSS JOIN licence l WHERE l.id = j.value`, jsonOf(page))
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

// underAll are those of a list's ids that stand under one of each of its common words, in its order;
// false when so many do under a word between them that they should be looked for one by one. The
// word under which the fewest stood of late is read first, and when few of the list are left, these are
// looked for under the others by themselves.
func (tx *Tx) underAll(l *listing, ids []string, next int) ([]string, bool, error) {
	at := make(map[string]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	found, key := spanOf(ids), l.strategy("stood under")
	order := slices.Clone(l.common)
	slices.SortStableFunc(order, func(a, b anyWord) int {
		return tx.db.tallies.known(key+a.words[0]) - tx.db.tallies.known(key+b.words[0])
	})
	for i, a := range order {
		if i > 0 && len(at)*fewLeft <= next {
			found = span{strays: jsonOf(slices.Sorted(maps.Keys(at)))}
		}
		under := make(map[string]int, len(at))
		stood, err := tx.standing(found, a, 2*next, func(id string) {
			if place, there := at[id]; there {
				under[id] = place
			}
		})
		if err != nil || stood >= 2*next {
			return nil, false, err
		}
		if found.most != "" {
			tx.db.tallies.keep(key+a.words[0], stood)
		}
		at = under
	}
	left := slices.SortedFunc(maps.Keys(at), func(a, b string) int { return at[a] - at[b] })
	return left, true, nil
}

// fewLeft is by how many times less what is left of a list must be than the list, for it to be looked for
// one by one: one takes as long as reading four that follow each other under a common word.
const fewLeft = 10

// strategy is the key under which it is known for ten minutes how a list is read best.
func (l *listing) strategy(what string) string {
	q := l.q
	return fmt.Sprintf("%s %#v %v %s %t %s %v", what, q.Scope, q.States, q.Sort, q.Asc, q.Standing, l.common) + lately()
}

// span is between which ids most of a list's lie, and those that do not, written as JSON; nothing
// lies between two that are empty.
type span struct{ least, most, strays string }

// spanOf takes a fiftieth or so at either end for strays: where it ends is told by each eighth of many.
func spanOf(ids []string) span {
	if len(ids) == 0 {
		return span{strays: "[]"}
	}
	some := make([]string, 0, len(ids)/8+1)
	for i := 0; i < len(ids); i += 1 + min(len(ids)/100, 7) {
		some = append(some, ids[i])
	}
	slices.Sort(some)
	n := len(some) / 50
	s := span{least: some[n], most: some[len(some)-1-n]}
	strays := []string{}
	for _, id := range ids {
		if id < s.least || id > s.most {
			strays = append(strays, id)
		}
	}
	s.strays = jsonOf(strays)
	return s
}

// standing tells each id of a span, and of its strays, that stands under one of the words, and gives how many
// do within the span; when so many do that it is not worth while, it stops.
func (tx *Tx) standing(s span, a anyWord, atMost int, tell func(id string)) (stood int, err error) {
	for _, word := range a.words {
		var text, strays string
		err := tx.row(`SELECT (SELECT coalesce(group_concat(licence, ' '), '') FROM (SELECT licence FROM licence_word WHERE word = $1 AND licence >= $2 AND licence <= $3 LIMIT $4)),
			(SELECT coalesce(group_concat(w.licence, ' '), '') FROM json_each($5) j CROSS JOIN licence_word w WHERE w.word = $1 AND w.licence = j.value)`,
			word, s.least, s.most, atMost, s.strays).Scan(&text, &strays)
		if err != nil {
			return stood, err
		}
		if text != "" {
			for id := range strings.SplitSeq(text, " ") {
				tell(id)
				stood++
			}
		}
		if stood >= atMost {
			return stood, nil
		}
		for id := range strings.SplitSeq(strays, " ") {
			tell(id)
		}
	}
	return stood, nil
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
