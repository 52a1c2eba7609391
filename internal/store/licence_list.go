package store

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// A list of licences is read in one of two ways, because neither database knows how many
// rows a word or a state leaves. Where few are left, they are found by that word or state
// and then sorted. Where many are left, an index gives the rows in the order asked for, and
// those that do not fit are passed over until the page is full.

// few is how many rows are found and sorted at most.
const few = 1000

// maxWords is how many words of a search count.
const maxWords = 6

// words are the words searched for.
func (q LicenceQuery) words() []string {
	all := strings.Fields(flegt.Fold(q.Text))
	return all[:min(len(all), maxWords)]
}

// aside keeps a column out of the choice of an index, in both databases.
func aside(column string) string { return column + " || ''" }

// list builds the conditions of a list; false when nothing can be in it.
func (tx *Tx) list(q LicenceQuery) (*where, bool, error) {
	words := q.words()
	rarest, err := tx.rarest(words)
	if err != nil {
		return nil, false, err
	}
	offices := q.officeWords()
	fewAtOffices := false
	if rarest < 0 && len(offices) > 0 {
		if fewAtOffices, err = tx.fewUnder(offices); err != nil {
			return nil, false, err
		}
	}
	as := func(column string) string { return column }
	if rarest >= 0 || fewAtOffices {
		as = aside
	}
	w := &where{}
	if !q.scope(w, as) {
		return nil, false, nil
	}
	state := aside("state")
	if rarest < 0 && !fewAtOffices && len(q.States) > 0 {
		fewStates, err := tx.fewIn(q)
		if err != nil {
			return nil, false, err
		}
		if fewStates {
			state = "state"
		}
	}
	w.in(state, q.states())
	w.equal(aside("export"), q.Export)
	q.standing(w)
	q.goOn(w)
	if fewAtOffices {
		w.and(`id IN (SELECT licence FROM licence_word WHERE word IN (` + w.list(offices) + `))`)
	} else if len(offices) > 0 {
		w.and(`EXISTS (SELECT 1 FROM licence_word w WHERE w.licence = licence.id AND w.word IN (` + w.list(offices) + `))`)
	}
	for i, word := range words {
		from, to := w.arg(word), w.arg(word+"\U0010FFFF")
		if i == rarest {
			w.and(`id IN (SELECT licence FROM licence_word WHERE word >= ` + from + ` AND word < ` + to + `)`)
		} else {
			w.and(`EXISTS (SELECT 1 FROM licence_word w WHERE w.licence = licence.id AND w.word >= ` + from + ` AND w.word < ` + to + `)`)
		}
	}
	return w, true, nil
}

// goOn adds where a list read page by page goes on.
func (q LicenceQuery) goOn(w *where) {
	if q.AfterExpiry != "" && q.Sort == "expires" {
		w.and("(expires, id) > (" + w.arg(string(q.AfterExpiry)) + ", " + w.arg(q.After) + ")")
		return
	}
	w.after(q.After, q.Asc)
}

// order is the order of a list; licences without what it goes by come last, newest first.
func (q LicenceQuery) order() string {
	column, known := licenceSorts[q.Sort]
	switch {
	case !known:
		column = "updated_at"
	case column == "id" && q.Asc:
		return "id"
	case column == "id":
		return "id DESC"
	}
	if q.Asc {
		return column + " NULLS FIRST, id"
	}
	return column + " DESC NULLS LAST, id DESC"
}

// scope adds whose licences are listed; false when nobody's are.
func (q LicenceQuery) scope(w *where, as func(string) string) bool {
	s := q.Scope
	switch {
	case s.Operator != "":
		w.equal(as("operator"), s.Operator)
	case s.Country != "":
		w.equal(as("country"), s.Country)
	case s.Export != "":
		w.equal(as("export"), s.Export)
		w.and(`(state <> 'draft' OR origin = 'electronic')`)
	}
	return s.Operator != "" || s.Country != "" || s.Export != "" || s.All
}

// states are the states listed; none means every one.
func (q LicenceQuery) states() []string {
	if q.Scope.Operator != "" || q.Scope.Export != "" {
		return q.States
	}
	return withoutDrafts(q.States)
}

// rarest gives the word under which the fewest licences stand, when they are few; else -1.
func (tx *Tx) rarest(words []string) (int, error) {
	best, at := few, -1
	for i, word := range words {
		var n int
		err := tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM licence_word WHERE word >= $1 AND word < $2 LIMIT $3) t`, word, word+"\U0010FFFF", best).Scan(&n)
		if err != nil {
			return -1, err
		}
		if n < best {
			best, at = n, i
		}
	}
	return at, nil
}

// fewIn says whether few licences in the scope are in one of the states.
func (tx *Tx) fewIn(q LicenceQuery) (bool, error) {
	w := &where{}
	q.scope(w, func(column string) string { return column })
	w.in("state", q.states())
	var n int
	err := tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM licence`+w.clause()+` LIMIT `+w.arg(few)+`) t`, w.args...).Scan(&n)
	return n < few, err
}

// officeWords are the words under which the licences of the offices asked for stand.
func (q LicenceQuery) officeWords() []string {
	words := make([]string, len(q.Offices))
	for i, office := range q.Offices {
		words[i] = officeWord(office)
	}
	return words
}

// fewUnder says whether few licences stand under any of the words.
func (tx *Tx) fewUnder(words []string) (bool, error) {
	w := &where{}
	w.in("word", words)
	var n int
	err := tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM licence_word`+w.clause()+` LIMIT `+w.arg(few)+`) t`, w.args...).Scan(&n)
	return n < few, err
}
