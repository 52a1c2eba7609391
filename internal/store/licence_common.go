package store

import (
	"cmp"
	"database/sql"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Common words are looked for among the list's first licences, in its order. When these do not
// fill the page, as it is with common words that seldom stand together, all licences under
// the rarest of the words are gone through, when they are not too many; else the page says
// that it searched the list's first licences alone, and whoever wants all of them asks for the
// whole.

// Among how many of a list's first licences common words are looked for: first, then when those that were
// found do not fill the page, and at last.
const (
	firstSearched = 100
	thenSearched  = 500
	lastSearched  = 2000
)

// throughoutAtMost is how many licences under the rarest of common words are gone through, unless
// the whole is asked for.
const throughoutAtMost = 2000

// pageByCommon reads a page of a list that is narrowed by common words alone, and counts what
// it finds on the way.
func (tx *Tx) pageByCommon(l *listing, cap int) (p LicencePage, err error) {
	q := l.q
	limit := cmp.Or(q.Limit, 25)
	reached := q.Offset + limit
	for i, a := range l.common {
		if l.common[i], err = tx.whole(a); err != nil {
			return p, err
		}
	}
	f, sparse := firsts{}, l.strategy("sparse")
	for _, first := range []int{firstSearched, thenSearched, lastSearched + q.Offset} {
		if first <= thenSearched && (reached >= first || tx.db.tallies.reach(sparse, first)) {
			continue
		}
		if err = tx.amongFirst(l, &f, first); err != nil {
			return p, err
		}
		if f.hits > reached || !f.more {
			p.Rows, p.Count, p.More = f.rows, min(f.hits, max(cap, reached+1)), f.more || f.hits > max(cap, reached+1)
			return p, nil
		}
		if q.Offset == 0 && first <= thenSearched {
			tx.db.tallies.keep(sparse, first)
		}
	}
	through, ok, err := tx.throughout(l)
	if err != nil {
		return p, err
	}
	if !ok {
		p.Rows, p.Searched = f.rows, lastSearched+q.Offset
		if len(f.rows) > 0 {
			p.Count = q.Offset + len(f.rows)
		}
		return p, nil
	}
	rows, err := tx.pageOf(through, limit+1)
	if err != nil {
		return p, err
	}
	p.Rows, p.More = rows[:min(len(rows), limit)], len(rows) > limit
	switch {
	case p.More:
		p.Count = max(reached+1, f.hits)
	case len(rows) > 0 || q.Offset == 0 || q.Uncounted:
		p.Count = q.Offset + len(rows)
	default: // after the list's end
		p.Count, err = tx.count(through, cap)
	}
	return p, err
}

// firsts is what was found among a list's first licences: a page of it, how many there are in all,
// how many were searched, and whether the list goes on after those.
type firsts struct {
	rows     []flegt.Licence
	hits     int
	searched int
	more     bool
}

// amongFirst looks for common words among so many of a list's first licences, and one more; those
// that were searched before are not searched again. Their indexes are read for that and nothing
// else: rows are read of those that are found.
func (tx *Tx) amongFirst(l *listing, f *firsts, first int) error {
	if done, err := tx.merged(l, f, first); done || err != nil {
		return err
	}
	q, keys := l.q, l.q.keys()
	reached, query := l.reached(keys)
	w, next := reached.where, first+1-f.searched
	query = `WITH first AS MATERIALIZED (` + query + ` ORDER BY ` + q.order("") + ` LIMIT ` + w.arg(next) + ` OFFSET ` + w.arg(f.searched) + `),
		hit AS MATERIALIZED (SELECT ` + keys + ` FROM first WHERE true` + reached.passOver("first.id", -1) + `)`
	from := "hit"
	narrow := &where{args: w.args}
	if q.filter(narrow); len(narrow.conds) > 0 {
		from, w.args = "kept", narrow.args
		query += `, kept AS MATERIALIZED (SELECT hit.* FROM hit CROSS JOIN licence l` + narrow.clause() + ` AND l.id = hit.id)`
	}
	query += ` SELECT ` + tx.licenceText("l") + `, (SELECT count(*) FROM first), (SELECT count(*) FROM ` + from + `) FROM (SELECT 1 AS one) o
		LEFT JOIN (SELECT ` + keys + ` FROM ` + from + ` ORDER BY ` + q.order("") + ` LIMIT ` + w.arg(cmp.Or(q.Limit, 25)-len(f.rows)) + ` OFFSET ` + w.arg(max(0, q.Offset-f.hits)) + `) p ON true
		LEFT JOIN licence l ON l.id = p.id ORDER BY ` + q.order("p.")
	rows, err := tx.rows(query, w.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	searched, hits := 0, 0
	for rows.Next() {
		var text sql.RawBytes
		var booked sql.NullInt64
		if err := rows.Scan(&text, &booked, &searched, &hits); err != nil {
			return err
		}
		if text == nil { // a page without rows tells how many there are
			continue
		}
		one, err := q.licenceOf(text, booked)
		if err != nil {
			return err
		}
		f.rows = append(f.rows, one)
	}
	f.hits, f.searched, f.more = f.hits+hits, f.searched+searched, searched == next
	return rows.Err()
}

// reached is a list as the indexes have it, before it is narrowed, and the query for columns of it.
func (l *listing) reached(columns string) (r *listing, query string) {
	r = &listing{where: &where{}, q: l.q, common: l.common}
	l.q.reach(r.where)
	r.stand()
	r.goOn()
	query, r.where = r.selecting(columns)
	return r, query
}

// filter is what narrows a list besides whose it is, how its licences stand and the words.
func (q LicenceQuery) filter(w *where) {
	if s := q.Scope; s.Operator == "" && s.Country == "" && s.Export != "" {
		w.and(notOthersDrafts)
	}
	w.in(aside("state"), q.states())
	w.equal(aside("export"), q.Export)
}

// throughout builds the conditions of a list by the rarest of its common words; false when too
// many licences stand under it.
func (tx *Tx) throughout(l *listing) (*listing, bool, error) {
	q, atMost := l.q, throughoutAtMost
	if q.Whole {
		atMost = throughoutCounted
	}
	at, best := 0, atMost+1
	for i, a := range l.common {
		n, err := tx.standUnder(a, best)
		if err != nil {
			return nil, false, err
		}
		if n < best {
			best, at = n, i
		}
	}
	if best > atMost && !q.Whole {
		return nil, false, nil
	}
	led := &listing{where: &where{}, q: q, common: l.common}
	q.scope(led.where, aside)
	led.in(aside("state"), q.states())
	led.equal(aside("export"), q.Export)
	q.standing(led.where)
	led.goOn()
	led.and(`id IN (SELECT a.licence FROM licence_word a WHERE ` + led.under("a.word", l.common[at]) + led.passOver("a.licence", at) + `)`)
	return led, true, nil
}

// throughoutCounted is up to where the licences under a common word are counted, where the whole
// is asked for.
const throughoutCounted = 20_000
