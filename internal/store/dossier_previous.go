package store

import (
	"database/sql"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// PreviousOf names the licences that are looked for: lodged by an operator, or of an exporter
// by his name; the other is empty. Except is the one that is being looked at.
type PreviousOf struct{ Operator, Exporter, Except string }

func (p PreviousOf) where(country string) *where {
	w := &where{}
	p.whose(w)
	w.and("d.country = " + w.arg(country))
	w.and("d.licence <> " + w.arg(p.Except))
	return w
}

func (p PreviousOf) whose(w *where) {
	if p.Operator != "" {
		w.and("d.operator = " + w.arg(p.Operator))
	} else {
		w.and("d.exporter = " + w.arg(flegt.Fold(p.Exporter)))
	}
}

// Previous reads the licences that were lodged last in a country, newest first.
func (tx *Tx) Previous(country string, p PreviousOf, limit int) ([]flegt.Licence, error) {
	if p.Operator == "" && flegt.Fold(p.Exporter) == "" {
		return nil, nil
	}
	w := p.where(country)
	return tx.licences(`SELECT `+tx.licenceText("l")+` FROM dossier d JOIN licence l ON l.id = d.licence`+w.clause()+` ORDER BY d.lodged_at DESC, d.licence DESC LIMIT `+w.arg(limit), w.args...)
}

// earlier is what is told of an earlier case beside another licence; the rest of its row is passed over.
type earlier struct {
	ID, ImportCountry      string
	State                  flegt.LicenceState
	SubmittedAt, DecidedAt time.Time
	ReasonCode, Reason     string
	Confirmations          []flegt.Confirmation
	Form                   struct {
		Number  string     `json:"number"`
		Expires flegt.Date `json:"expires"`
	}
}

// PreviousBriefly is Previous with what is told of an earlier case, and with what its standing is
// worked out from without its ledger: number, state, days, and the reason of a rejection.
func (tx *Tx) PreviousBriefly(country string, p PreviousOf, limit int) ([]flegt.Licence, error) {
	if p.Operator == "" && flegt.Fold(p.Exporter) == "" {
		return nil, nil
	}
	w := p.where(country)
	found, err := bodies[earlier](tx, `SELECT l.body FROM dossier d JOIN licence l ON l.id = d.licence`+w.clause()+` ORDER BY d.lodged_at DESC, d.licence DESC LIMIT `+w.arg(limit), w.args...)
	out := make([]flegt.Licence, len(found))
	for i, e := range found {
		out[i] = flegt.Licence{ID: e.ID, ImportCountry: e.ImportCountry, State: e.State, SubmittedAt: e.SubmittedAt, DecidedAt: e.DecidedAt, ReasonCode: e.ReasonCode, Reason: e.Reason,
			Confirmations: e.Confirmations, Form: flegt.Form{Number: e.Form.Number, Expires: e.Form.Expires}}
	}
	return out, err
}

// CountPreviousElsewhere counts the licences lodged in all other countries, at most up to cap. It
// goes from country to country by index: asked for all others at once, PostgreSQL read the whole
// table, because it takes those who lodge in one country alone for as common elsewhere.
func (tx *Tx) CountPreviousElsewhere(country string, p PreviousOf, cap int) (n int, err error) {
	if p.Operator == "" && flegt.Fold(p.Exporter) == "" {
		return 0, nil
	}
	for at := ""; n < cap; {
		w := &where{}
		p.whose(w)
		w.and("d.country > " + w.arg(at))
		var next sql.NullString
		if err := tx.row(`SELECT min(d.country) FROM dossier d`+w.clause(), w.args...).Scan(&next); err != nil || !next.Valid {
			return n, err
		}
		if at = next.String; at == country {
			continue
		}
		w = p.where(at)
		var some int
		err := tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM dossier d`+w.clause()+` LIMIT `+w.arg(cap-n)+`) t`, w.args...).Scan(&some)
		if err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}
