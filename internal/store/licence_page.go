package store

import (
	"cmp"
	"database/sql"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/openflegt/openflegt/internal/flegt"
)

// Licences reads a page of a list.
func (tx *Tx) Licences(q LicenceQuery) ([]flegt.Licence, error) {
	q.Whole, q.Uncounted = true, true
	p, err := tx.LicencePage(q, 0)
	return p.Rows, err
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
	l, ok, err := tx.list(q)
	if err != nil || !ok {
		return p, err
	}
	if !l.led && len(l.common) > 0 {
		return tx.pageByCommon(l, cap)
	}
	l.and("true" + l.passOver("licence.id", -1))
	limit := cmp.Or(q.Limit, 25)
	rows, err := tx.pageOf(l, limit+1)
	if err != nil {
		return p, err
	}
	next := len(rows) > limit
	p.Rows = rows[:min(len(rows), limit)]
	switch reached := q.Offset + len(p.Rows); {
	case len(p.Rows) > 0 && !next || q.Offset == 0 && !next || q.Uncounted:
		p.Count, p.More = reached, next
	default: // more follow, or it is after the list's end
		p.Count, err = tx.CountLicences(q, cap+1)
		p.More = p.Count > cap
		p.Count = min(p.Count, cap)
		if next {
			p.Count = max(p.Count, reached+1)
		}
	}
	return p, err
}

// pageOf reads so many licences of a list at most, from its offset on.
func (tx *Tx) pageOf(l *listing, atMost int) ([]flegt.Licence, error) {
	if !l.led && len(l.common) == 0 && l.q.Standing == "" {
		return tx.listed(l.q, `SELECT `+tx.licenceText("licence")+` FROM licence`+l.clause()+` ORDER BY `+l.q.order("")+` LIMIT `+l.arg(atMost)+` OFFSET `+l.arg(l.q.Offset), l.args...)
	}
	// What is sorted or passed over is not read.
	query, w := l.selecting(l.q.keys())
	query = `SELECT ` + tx.licenceText("l") + ` FROM (` + query + ` ORDER BY ` + l.q.order("") + ` LIMIT ` + w.arg(atMost) + ` OFFSET ` + w.arg(l.q.Offset) + `) p CROSS JOIN licence l WHERE l.id = p.id ORDER BY ` + l.q.order("p.")
	return tx.listed(l.q, query, w.args...)
}

// listed reads the licences of a page that a query gives by their licenceText.
func (tx *Tx) listed(q LicenceQuery, query string, args ...any) ([]flegt.Licence, error) {
	return nouns(tx, query, args, func(r *sql.Rows) (l flegt.Licence, err error) {
		var text sql.RawBytes
		var booked sql.NullInt64
		if err = r.Scan(&text, &booked); err != nil {
			return l, err
		}
		return q.licenceOf(text, booked)
	})
}

// withoutGoods passes over goods lines, which are mostly half of a licence's row and may be nearly all of it.
var withoutGoods = jsonv2.JoinOptions(asWritten, jsonv2.WithUnmarshalers(jsonv2.UnmarshalFromFunc(func(d *jsontext.Decoder, _ *[]flegt.GoodsLine) error {
	return d.SkipValue()
})))

// licenceOf reads a licence of the list from its row.
func (q LicenceQuery) licenceOf(text []byte, booked sql.NullInt64) (l flegt.Licence, err error) {
	if !q.NoGoods {
		return licenceOf(text, booked)
	}
	err = jsonv2.Unmarshal(text, &l, withoutGoods)
	return asVersion(l, booked), err
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
	query, w := l.selecting("1 AS one")
	err = tx.row(`SELECT count(*) FROM (`+query+` LIMIT `+w.arg(cap)+`) t`, w.args...).Scan(&n)
	return n, err
}
