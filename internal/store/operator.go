package store

import (
	"database/sql"
	"fmt"
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
	Number     string // part of an identifier: whoever has it comes before those whose Text fits
	Country    string
	Name       string
	Town       string
	Postcode   string
	Identifier string
	Section    string
	After      OperatorPlace // go on after it, in the same order; the zero place is the beginning
	Limit      int           // 0 means 50
}

// OperatorPlace is where an operator stands in what a search found. It is kept whole, so that the
// list goes on rightly when the operator has changed since.
type OperatorPlace struct {
	Fit  int    // how well it fits, more is better; 0 in a search without words
	Name string // folded
	ID   string
}

// FoundOperator is an operator with its place in what was found.
type FoundOperator struct {
	flegt.Operator
	Place OperatorPlace
}

// fitsNumber is how well an operator fits whose identifier was asked for: better than by words.
const fitsNumber = 1000

// FindOperators gives the operators that fit, the best first.
func (tx *Tx) FindOperators(q OperatorQuery) (found []FoundOperator, err error) {
	if q.Limit == 0 {
		q.Limit = 50
	}
	w := &where{}
	fit, order := "0", "folded, id"
	if fits := q.fits(w); fits != "" {
		w.from = ` JOIN (SELECT operator, max(fit) AS fit FROM (` + fits + `) AS each_fit GROUP BY operator) AS g ON g.operator = o.id`
		fit, order = "fit", "fit DESC, folded, id"
	}
	w.equal("country", q.Country)
	w.equal("section", q.Section)
	w.prefix("postcode", q.Postcode)
	w.prefix("town", flegt.Fold(q.Town))
	if v := identifierPart(q.Identifier); v != "" {
		w.and(`id IN (SELECT operator FROM operator_identifier WHERE value LIKE ` + w.arg(v) + ` ESCAPE '\')`)
	}
	if at := q.After; at.ID != "" {
		next := `(folded, id) > (` + w.arg(at.Name) + `, ` + w.arg(at.ID) + `)`
		if w.from != "" {
			worse, same := w.arg(at.Fit), w.arg(at.Fit)
			next = `(fit < ` + worse + ` OR fit = ` + same + ` AND ` + next + `)`
		}
		w.and(next)
	}
	query := `SELECT o.body, o.folded, ` + fit + ` FROM operator o` + w.from + w.clause() + ` ORDER BY ` + order + ` LIMIT ` + w.arg(q.Limit)
	err = tx.each(query, w.args, func(r *sql.Rows) error {
		var text string
		var f FoundOperator
		if err := r.Scan(&text, &f.Place.Name, &f.Place.Fit); err != nil {
			return err
		}
		f.Operator, err = parse[flegt.Operator](text)
		f.Place.ID = f.Operator.ID
		found = append(found, f)
		return err
	})
	return found, err
}

// fits gives a query of the operators that fit the words or have the number, each with how well;
// empty when nothing of that is asked.
func (q OperatorQuery) fits(w *where) string {
	var fits []string
	if gs := grams(q.Text + " " + q.Name); len(gs) > 0 {
		if len(gs) > 40 {
			gs = gs[:40]
		}
		list := w.list(gs)
		need := w.arg(max(1, (len(gs)*45)/100))
		fits = append(fits, `SELECT operator, count(*) AS fit FROM operator_gram WHERE gram IN (`+list+`) GROUP BY operator HAVING count(*) >= `+need)
	}
	if v := identifierPart(q.Number); v != "" {
		fits = append(fits, fmt.Sprintf(`SELECT operator, %d AS fit FROM operator_identifier WHERE value LIKE `, fitsNumber)+w.arg(v)+` ESCAPE '\'`)
	}
	return strings.Join(fits, " UNION ALL ")
}

// identifierPart is what LIKE looks for among identifiers as they are kept; empty when nothing of
// an identifier is left.
func identifierPart(s string) string {
	v := strings.ToUpper(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '.' || r == '-' }), ""))
	if v == "" {
		return ""
	}
	return "%" + escapeLike(v) + "%"
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
