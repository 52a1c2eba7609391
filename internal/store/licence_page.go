package store

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Licences reads a page of a list.
func (tx *Tx) Licences(q LicenceQuery) ([]flegt.Licence, error) {
	q.Whole = true
	rows, _, _, err := tx.licences(q)
	return rows, err
}

// LicencePage is a page of a list, with how many there are; More says that there may be more
// than that. Where only the list's first licences were searched, Searched is how many; 0 is all.
type LicencePage struct {
	Rows     []flegt.Licence
	Count    int
	More     bool
	Searched int
}

// LicencePage reads a page of a list and counts what it finds: up to cap, and where words
// are common only as far as it can be told with little work.
func (tx *Tx) LicencePage(q LicenceQuery, cap int) (p LicencePage, err error) {
	next := false
	if p.Rows, next, p.Searched, err = tx.licences(q); err != nil {
		return p, err
	}
	reached := q.Offset + len(p.Rows)
	switch {
	case p.Searched > 0 && len(p.Rows) == 0:
	case p.Searched > 0:
		p.Count = reached
	case len(p.Rows) == 0 && q.Offset > 0: // after the list's end
		p.Count, err = tx.CountLicences(q, cap)
	case !next || q.Uncounted:
		p.Count, p.More = reached, next
	default:
		p.Count, p.More, err = tx.countLicences(q, cap)
		p.Count = max(p.Count, reached+1)
	}
	return p, err
}

// licences reads a page; next says that another comes after it. Where only the list's first
// licences were searched, searched is how many.
func (tx *Tx) licences(q LicenceQuery) (rows []flegt.Licence, next bool, searched int, err error) {
	limit := cmp.Or(q.Limit, 25)
	l, ok, err := tx.list(q)
	if err != nil || !ok {
		return nil, false, 0, err
	}
	bounded, err := tx.bound(l, passedForPage+q.Offset)
	if err != nil {
		return nil, false, 0, err
	}
	l.and("true" + l.passOver("licence.id", -1))
	rows, err = tx.pageOf(l, limit+1)
	if err == nil && bounded && len(rows) <= limit {
		searched = passedForPage + q.Offset
		if l, ok, err = tx.throughout(q); err == nil && ok {
			searched = 0
			rows, err = tx.pageOf(l, limit+1)
		}
	}
	return rows[:min(len(rows), limit)], len(rows) > limit, searched, err
}

// pageOf reads so many licences of a list at most, from its offset on.
func (tx *Tx) pageOf(l *listing, atMost int) (rows []flegt.Licence, err error) {
	before := l.q.Offset
	for i, part := range l.parts() {
		if i > 0 && before > 0 && len(rows) == 0 { // what stands in the part before
			n, err := tx.countPart(l.parts()[i-1], before)
			if err != nil {
				return nil, err
			}
			before -= n
		} else if i > 0 {
			before = 0
		}
		page := part.clause() + ` ORDER BY ` + l.q.order() + ` LIMIT ` + part.arg(atMost-len(rows)) + ` OFFSET ` + part.arg(before)
		query := `SELECT body FROM licence` + page
		if l.led || len(l.common) > 0 || l.q.Standing != "" { // what is sorted or passed over is not read
			query = `SELECT body FROM licence WHERE id IN (SELECT id FROM licence` + page + `) ORDER BY ` + l.q.order()
		}
		found, err := bodies[flegt.Licence](tx, query, part.args...)
		if rows = append(rows, found...); err != nil || len(rows) == atMost {
			return rows, err
		}
	}
	return rows, nil
}

// CountLicences counts what a query finds, at most up to cap, whatever work it is.
func (tx *Tx) CountLicences(q LicenceQuery, cap int) (n int, err error) {
	q.counted = true
	l, ok, err := tx.list(q)
	if err != nil || !ok {
		return 0, err
	}
	l.and("true" + l.passOver("licence.id", -1))
	return tx.count(l, cap)
}

func (tx *Tx) count(l *listing, cap int) (n int, err error) {
	for _, part := range l.parts() {
		some, err := tx.countPart(part, cap-n)
		if n += some; err != nil || n == cap {
			return n, err
		}
	}
	return n, nil
}

func (tx *Tx) countPart(l *listing, cap int) (n int, err error) {
	w := where{conds: l.conds, args: slices.Clone(l.args)}
	err = tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM licence`+w.clause()+` LIMIT `+w.arg(cap)+`) t`, w.args...).Scan(&n)
	return n, err
}

// countLicences counts up to cap, and where words are common among the list's first rows.
func (tx *Tx) countLicences(q LicenceQuery, cap int) (n int, more bool, err error) {
	q.counted = true
	l, ok, err := tx.list(q)
	if err != nil || !ok {
		return 0, false, err
	}
	bounded, err := tx.bound(l, passedForCount)
	if err != nil {
		return 0, false, err
	}
	l.and("true" + l.passOver("licence.id", -1))
	n, err = tx.count(l, cap+1)
	return min(n, cap), bounded || n > cap, err
}

// bound leaves of a list that is narrowed by common words its first rows alone; false when
// the list has no more than those, or is not bounded.
func (tx *Tx) bound(l *listing, rows int) (bool, error) {
	if l.led || len(l.common) == 0 {
		return false, nil
	}
	column, than := "updated_at", ">="
	if named, known := licenceSorts[l.q.Sort]; known {
		column = named
	}
	if l.q.Asc {
		than = "<="
	}
	if l.q.Asc && column == "submitted_at" { // those without come first
		return false, nil
	}
	first := &listing{where: &where{}, q: l.q}
	l.q.reach(first.where)
	first.stand()
	first.goOn()
	var last any
	var err error
	for _, part := range first.parts() {
		err = tx.row(`SELECT `+column+` FROM licence`+part.clause()+` ORDER BY `+l.q.order()+` LIMIT 1 OFFSET `+part.arg(rows), part.args...).Scan(&last)
		if !noRows(err) || len(first.either) == 0 {
			break
		}
		part.args = part.args[:len(part.args)-1]
		n, failed := tx.countPart(part, rows)
		if failed != nil {
			return false, failed
		}
		rows -= n
	}
	if noRows(err) || err == nil && last == nil {
		return false, nil
	}
	if l.q.Standing == flegt.LicenceExpired && column == "expires" && l.q.Asc { // an index is read up to one bound
		for i, cond := range l.conds {
			if bound, found := strings.CutPrefix(cond, "expires <"); found {
				l.conds[i] = aside("expires") + " <" + bound
			}
		}
	}
	l.and(column + " " + than + " " + l.arg(last))
	return err == nil, err
}
