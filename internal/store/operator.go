package store

import (
	"sort"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddOperator writes a new operator with its identifiers and search grams.
func (tx *Tx) AddOperator(o flegt.Operator) error {
	_, err := tx.exec(`INSERT INTO operator (id, country, name, folded, town, postcode, section, version, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		o.ID, o.Country, o.Name, flegt.Fold(o.FullName()), flegt.Fold(o.Town), o.Postcode, o.Section, o.Version, jsonOf(o))
	if err != nil {
		return err
	}
	return tx.indexOperator(o)
}

// SaveOperator writes a changed operator and raises its version; Conflict when somebody
// else changed it meanwhile.
func (tx *Tx) SaveOperator(o *flegt.Operator) error {
	old := o.Version
	o.Version++
	n, err := tx.exec(`UPDATE operator SET country = $1, name = $2, folded = $3, town = $4, postcode = $5, section = $6, version = $7, body = $8
		WHERE id = $9 AND version = $10`,
		o.Country, o.Name, flegt.Fold(o.FullName()), flegt.Fold(o.Town), o.Postcode, o.Section, o.Version, jsonOf(o), o.ID, old)
	if err := changed(n, err); err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM operator_identifier WHERE operator = $1`, `DELETE FROM operator_gram WHERE operator = $1`} {
		if _, err := tx.exec(q, o.ID); err != nil {
			return err
		}
	}
	return tx.indexOperator(*o)
}

func (tx *Tx) indexOperator(o flegt.Operator) error {
	for _, id := range o.Identifiers {
		if _, err := tx.exec(`INSERT INTO operator_identifier (operator, kind, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			o.ID, string(id.Kind), id.Normalise().Value); err != nil {
			return err
		}
	}
	for _, g := range grams(operatorText(o)) {
		if _, err := tx.exec(`INSERT INTO operator_gram (gram, operator) VALUES ($1, $2) ON CONFLICT DO NOTHING`, g, o.ID); err != nil {
			return err
		}
	}
	return nil
}

// operatorText is what an operator is searched by.
func operatorText(o flegt.Operator) string {
	text := o.FullName() + " " + o.Town
	for _, id := range o.Identifiers {
		text += " " + id.Normalise().Value
	}
	return text
}

// grams gives the distinct three-letter pieces of a text's folded words, with a mark at
// each word's beginning, so that a mistyped word still shares most of them.
func grams(text string) []string {
	set := map[string]bool{}
	for _, w := range strings.Fields(flegt.Fold(text)) {
		r := []rune(" " + w + " ")
		if len(r) == 3 {
			set[string(r)] = true
		}
		for i := 0; i+3 <= len(r); i++ {
			set[string(r[i:i+3])] = true
		}
	}
	out := make([]string, 0, len(set))
	for g := range set {
		out = append(out, g)
	}
	sort.Strings(out)
	return out
}

// Operator reads an operator by id.
func (tx *Tx) Operator(id string) (flegt.Operator, error) {
	return body[flegt.Operator](tx, `SELECT body FROM operator WHERE id = $1`, id)
}

// OperatorsWithIDs reads operators by their ids in one query; what does not exist is not in
// the map.
func (tx *Tx) OperatorsWithIDs(ids []string) (map[string]flegt.Operator, error) {
	out := map[string]flegt.Operator{}
	if len(ids) == 0 {
		return out, nil
	}
	cond, arg := tx.among("id", "$1", ids)
	all, err := bodies[flegt.Operator](tx, `SELECT body FROM operator WHERE `+cond, arg)
	for _, op := range all {
		out[op.ID] = op
	}
	return out, err
}

// Operators reads every operator, in the order of their ids.
func (tx *Tx) Operators() ([]flegt.Operator, error) {
	return bodies[flegt.Operator](tx, `SELECT body FROM operator ORDER BY id`)
}

// OperatorQuery is a search for operators. Text is matched without regard to accents and
// case and forgives typing errors; the other fields narrow the search.
type OperatorQuery struct {
	Text       string // part of name, town or identifier
	Country    string
	Name       string
	Town       string
	Postcode   string
	Identifier string
	Section    string
	Limit      int // 0 means 50
}

// FindOperators gives the operators that fit, the best first.
func (tx *Tx) FindOperators(q OperatorQuery) ([]flegt.Operator, error) {
	if q.Limit == 0 {
		q.Limit = 50
	}
	w := &where{}
	order := "folded"
	if gs := grams(q.Text + " " + q.Name); len(gs) > 0 {
		if len(gs) > 40 {
			gs = gs[:40]
		}
		list := w.list(gs)
		need := w.arg(max(1, (len(gs)*45)/100))
		w.from = ` JOIN (SELECT operator, count(*) AS shared FROM operator_gram WHERE gram IN (` + list + `) GROUP BY operator HAVING count(*) >= ` + need + `) g ON g.operator = o.id`
		order = "shared DESC, folded"
	}
	w.equal("country", q.Country)
	w.equal("section", q.Section)
	w.prefix("postcode", q.Postcode)
	w.prefix("town", flegt.Fold(q.Town))
	if v := strings.ToUpper(strings.Join(strings.FieldsFunc(q.Identifier, func(r rune) bool { return r == ' ' || r == '.' || r == '-' }), "")); v != "" {
		w.and(`id IN (SELECT operator FROM operator_identifier WHERE value LIKE ` + w.arg("%"+escapeLike(v)+"%") + ` ESCAPE '\')`)
	}
	return bodies[flegt.Operator](tx, `SELECT o.body FROM operator o`+w.from+w.clause()+` ORDER BY `+order+` LIMIT `+w.arg(q.Limit), w.args...)
}

// OperatorsWithIdentifier gives the operators that have one of these normalised values.
func (tx *Tx) OperatorsWithIdentifier(values []string) ([]flegt.Operator, error) {
	if len(values) == 0 {
		return nil, nil
	}
	w := &where{}
	list := w.list(values)
	return bodies[flegt.Operator](tx, `SELECT body FROM operator WHERE id IN (SELECT operator FROM operator_identifier WHERE value IN (`+list+`)) ORDER BY folded`, w.args...)
}
