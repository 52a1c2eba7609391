package store

import (
	"database/sql"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// FeeQuery narrows a list of fees. Country is required: without it nothing is listed.
type FeeQuery struct {
	Country     string
	From, Until time.Time // when the licence was lodged; Until is not included
	Importer    string    // part of the name, folded
	Limit       int       // 0 means 25
	Offset      int
	After       string // licence: go on after its dossier
}

// FeeSum is what was charged in one currency.
type FeeSum struct {
	Currency string // ISO 4217
	Count    int
	Cents    int64 // hundredths of the currency
}

func (q FeeQuery) where(tx *Tx) *where {
	w := &where{}
	w.and("country = " + w.arg(q.Country))
	w.and("fee_cents IS NOT NULL")
	w.between(tx, "lodged_at", q.From, q.Until)
	w.contains("importer", flegt.Fold(q.Importer))
	return w
}

// Fees reads a page of the dossiers that have a fee, in the order in which they were lodged.
func (tx *Tx) Fees(q FeeQuery) ([]flegt.Dossier, error) {
	if q.Country == "" {
		return nil, nil
	}
	if q.Limit == 0 {
		q.Limit = 25
	}
	w := q.where(tx)
	if q.After != "" {
		w.and("(lodged_at, licence) > (SELECT lodged_at, licence FROM dossier WHERE licence = " + w.arg(q.After) + ")")
	}
	return bodies[flegt.Dossier](tx, `SELECT body FROM dossier`+w.clause()+` ORDER BY lodged_at, licence LIMIT `+w.arg(q.Limit)+` OFFSET `+w.arg(q.Offset), w.args...)
}

// FeeSums adds the fees up by currency.
func (tx *Tx) FeeSums(q FeeQuery) (out []FeeSum, err error) {
	if q.Country == "" {
		return nil, nil
	}
	w := q.where(tx)
	err = tx.all(`SELECT fee_currency, count(*), CAST(sum(fee_cents) AS bigint) FROM dossier`+w.clause()+` GROUP BY fee_currency ORDER BY fee_currency`, w.args, func(r *sql.Rows) error {
		var s FeeSum
		err := r.Scan(&s.Currency, &s.Count, &s.Cents)
		out = append(out, s)
		return err
	})
	return out, err
}

// fee gives the columns of a dossier's fee; null when there is none.
func fee(d flegt.Dossier) (cents, currency any) {
	if d.Fee == nil {
		return nil, nil
	}
	return d.Fee.Cents, d.Fee.Currency
}
