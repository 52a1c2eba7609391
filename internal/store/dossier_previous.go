package store

import "github.com/openflegt/openflegt/internal/flegt"

// PreviousOf names the licences that are looked for: lodged by an operator, or of an exporter
// by his name; the other is empty. Except is the one that is being looked at.
type PreviousOf struct{ Operator, Exporter, Except string }

func (p PreviousOf) where(country, compare string) *where {
	w := &where{}
	if p.Operator != "" {
		w.and("d.operator = " + w.arg(p.Operator))
	} else {
		w.and("d.exporter = " + w.arg(flegt.Fold(p.Exporter)))
	}
	w.and("d.country " + compare + " " + w.arg(country))
	w.and("d.licence <> " + w.arg(p.Except))
	return w
}

// Previous reads the licences that were lodged last in a country, newest first.
func (tx *Tx) Previous(country string, p PreviousOf, limit int) ([]flegt.Licence, error) {
	if p.Operator == "" && flegt.Fold(p.Exporter) == "" {
		return nil, nil
	}
	w := p.where(country, "=")
	return bodies[flegt.Licence](tx, `SELECT l.body FROM dossier d JOIN licence l ON l.id = d.licence`+w.clause()+` ORDER BY d.lodged_at DESC, d.licence DESC LIMIT `+w.arg(limit), w.args...)
}

// CountPreviousElsewhere counts the licences lodged in all other countries, at most up to cap.
func (tx *Tx) CountPreviousElsewhere(country string, p PreviousOf, cap int) (n int, err error) {
	if p.Operator == "" && flegt.Fold(p.Exporter) == "" {
		return 0, nil
	}
	for _, side := range []string{"<", ">"} { // not "<>": by that the own country's are gone through too
		w := p.where(country, side)
		var some int
		err := tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM dossier d`+w.clause()+` LIMIT `+w.arg(cap)+`) t`, w.args...).Scan(&some)
		if err != nil {
			return 0, err
		}
		n = min(n+some, cap)
	}
	return n, nil
}
