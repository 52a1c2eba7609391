package store

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// A list of licences is read in one of three ways, because neither database knows how many
// rows a word or a state leaves. Where few are left, they are found by that word or state
// and then sorted. Where many are left, an index gives the rows in the order asked for. Where
// words are common as well, they are looked for among the list's first licences; see
// licence_common.go.

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

// listing is how a list is read.
type listing struct {
	*where
	q      LicenceQuery
	common []anyWord      // words of which each licence must have one of each; checked row by row
	led    bool           // few rows are left by a word, an office or a state
	either []func(*where) // exactly one of these holds, if there are any; see selecting
}

// list builds the conditions of a list; false when nothing can be in it.
func (tx *Tx) list(q LicenceQuery) (*listing, bool, error) {
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
	l := &listing{where: &where{}, q: q, led: rarest >= 0 || fewAtOffices}
	if !q.scope(l.where, as) {
		return nil, false, nil
	}
	state := aside("state")
	if !l.led && len(q.States) > 0 {
		if l.led, err = tx.fewIn(q); err != nil {
			return nil, false, err
		}
		if l.led {
			state = "state"
		}
	}
	if q.counted && rarest < 0 && len(words)+len(offices) == 0 {
		state = "state" // in no order, so that an index by state serves best
	}
	l.in(state, q.states())
	l.equal(aside("export"), q.Export)
	l.stand()
	l.goOn()
	if fewAtOffices {
		l.and(`id IN (SELECT licence FROM licence_word WHERE word IN (` + l.list(offices) + `))`)
	} else if len(offices) > 0 {
		l.common = append(l.common, anyWord{offices, false})
	}
	for i, word := range words {
		if i == rarest {
			l.and(`id IN (SELECT licence FROM licence_word WHERE ` + l.begins("word", word) + `)`)
		} else {
			l.common = append(l.common, anyWord{[]string{word}, true})
		}
	}
	return l, true, nil
}

// begins is the condition that a word begins with what was typed.
func (w *where) begins(column, word string) string {
	return column + " >= " + w.arg(word) + " AND " + column + " < " + w.arg(word+"\U0010FFFF")
}

// goOn adds where a list read page by page goes on.
func (l *listing) goOn() {
	if l.q.After == "" || l.q.Sort != "expires" || !l.q.Asc {
		l.after(l.q.After, l.q.Asc)
		return
	}
	column := "expires"
	if len(l.either) > 0 {
		column = aside(column)
	}
	l.and("(" + column + ", id) > (" + l.arg(string(l.q.AfterExpiry)) + ", " + l.arg(l.q.After) + ")")
}

// column is what a list goes by.
func (q LicenceQuery) column() string {
	if column, known := licenceSorts[q.Sort]; known {
		return column
	}
	return "updated_at"
}

// keys are the columns that the order of a list needs.
func (q LicenceQuery) keys() string {
	if column := q.column(); column != "id" {
		return "id, " + column
	}
	return "id"
}

// order is the order of a list whose columns are those of a table, whose name stands before them
// with a dot, if it has one; licences without what it goes by come last, newest first.
func (q LicenceQuery) order(of string) string {
	column := q.column()
	switch {
	case column == "id" && q.Asc:
		return of + "id"
	case column == "id":
		return of + "id DESC"
	case q.Asc:
		return of + column + " NULLS FIRST, " + of + "id"
	}
	return of + column + " DESC NULLS LAST, " + of + "id DESC"
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
		w.and(notOthersDrafts)
	}
	return s.Operator != "" || s.Country != "" || s.Export != "" || s.All
}

// notOthersDrafts leaves out what importers still type: the issuing country sees its own alone.
const notOthersDrafts = `(state <> 'draft' OR origin = 'electronic')`

// reach adds whose licences are listed as the indexes have it, drafts among them.
func (q LicenceQuery) reach(w *where) {
	s := q.Scope
	switch {
	case s.Operator != "":
		w.equal("operator", s.Operator)
	case s.Country != "":
		w.equal("country", s.Country)
	case s.Export != "":
		w.equal("export", s.Export)
	}
}

// states are the states listed; none means every one.
func (q LicenceQuery) states() []string {
	if q.Standing != "" && len(q.States) == 0 { // accepted ones alone have a standing
		return nil
	}
	if q.Scope.Operator != "" || q.Scope.Export != "" {
		return q.States
	}
	return withoutDrafts(q.States)
}

// rarest gives the word under which the fewest licences stand, when they are few; else -1.
func (tx *Tx) rarest(words []string) (int, error) {
	best, at := few, -1
	for i, word := range words {
		n, err := tx.standUnder(anyWord{[]string{word}, true}, best)
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
	n, err := tx.isFew(`SELECT count(*) FROM (SELECT 1 AS one FROM licence`+w.clause()+` LIMIT `+w.arg(few)+`) t`, w.args...)
	return n < few, err
}

// officeWords are the words under which the licences of the offices asked for stand.
func (q LicenceQuery) officeWords() []string {
	words := make([]string, len(q.Offices))
	for i, office := range q.Offices {
		words[i] = officeWord(office)
	}
	if q.NoOffice {
		words = append(words, officeWord(""))
	}
	return words
}

// fewUnder says whether few licences stand under any of the words.
func (tx *Tx) fewUnder(words []string) (bool, error) {
	n, err := tx.standUnder(anyWord{words, false}, few)
	return n < few, err
}
