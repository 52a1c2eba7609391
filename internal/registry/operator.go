package registry

import (
	"context"
	"fmt"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// SearchOperators finds operators by part of name, identifier, town or country, at most q.Limit.
// Signed-in people only; what it shows of a company is what a public register shows.
func (o *Office) SearchOperators(ctx context.Context, a flegt.Actor, q OperatorQuery) (found []FoundOperator, err error) {
	if err := signedIn(a); err != nil {
		return nil, err
	}
	if q.Text == "" && q.Name == "" && q.Country == "" && q.Town == "" && q.Postcode == "" && q.Identifier == "" {
		return nil, nil
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		found, err = tx.FindOperators(o.meant(q))
		return err
	})
	for i := range found {
		found[i].Operator = public(found[i].Operator)
	}
	return found, err
}

// meant reads a text that names a country as that country, and looks among identifiers too when
// the text may be one.
func (o *Office) meant(q OperatorQuery) OperatorQuery {
	if code := o.countryNamed(q.Text); code != "" && q.Country == "" {
		q.Country, q.Text = code, ""
	}
	if countDigits(q.Text) >= 4 {
		q.Number = q.Text
	}
	return q
}

func countDigits(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// public leaves out the person to contact: whoever searches a company is not told whom it
// employs (GDPR art. 5(1)(c)).
func public(op flegt.Operator) flegt.Operator {
	op.ContactName, op.ContactEmail, op.ContactPhone = "", "", ""
	return op
}

// CheckOperator says what is wrong in each box of the operator's form, identifiers included.
func (o *Office) CheckOperator(op flegt.Operator) error {
	boxes := op.Check()
	if op.Country != "" && !o.isCountry(op.Country) {
		boxes = append(boxes, flegt.BoxError{Box: "country", Key: "error.choose_country"})
	}
	if section, known := o.ref.Section(op.Section); !known {
		boxes = append(boxes, flegt.BoxError{Box: "section", Key: "error.choose"})
	} else if !section.FLEGT { // it belongs to another system: say which (the letter, L4)
		boxes = append(boxes, flegt.BoxError{Box: "section", Key: section.Where()})
	}
	for i, id := range op.Identifiers {
		if err := flegt.CheckIdentifier(id, op.Country); err != nil {
			box := flegt.BoxError{Box: fmt.Sprintf("identifier.%d.value", i), Key: "error.invalid"}
			if e, ok := err.(*flegt.Error); ok {
				box.Key, box.Args = e.Key, e.Args
			}
			boxes = append(boxes, box)
		}
	}
	return flegt.InvalidBoxes(boxes)
}

// SimilarOperators lists likely duplicates: the same identifier, or nearly the same name in
// the same country.
func (o *Office) SimilarOperators(ctx context.Context, a flegt.Actor, op flegt.Operator) (found []flegt.Operator, err error) {
	if err := signedIn(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		found, err = similar(tx, op)
		return err
	})
	for i := range found {
		found[i] = public(found[i])
	}
	return found, err
}

func similar(tx *store.Tx, op flegt.Operator) ([]flegt.Operator, error) {
	var values []string
	for _, id := range op.Identifiers {
		values = append(values, id.Normalise().Value)
	}
	same, err := tx.OperatorsWithIdentifier(values)
	if err != nil {
		return nil, err
	}
	near, err := tx.FindOperators(store.OperatorQuery{Name: op.FullName(), Country: op.Country, Limit: 10})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{op.ID: true}
	var out []flegt.Operator
	for _, s := range same {
		if !seen[s.ID] {
			seen[s.ID] = true
			out = append(out, s)
		}
	}
	for _, s := range near {
		if !seen[s.ID] && alike(s.FullName(), op.FullName()) {
			seen[s.ID] = true
			out = append(out, s.Operator)
		}
	}
	return out, nil
}

// alike says whether two names are the same but for the legal form or a typing error.
func alike(a, b string) bool {
	a, b = flegt.StripLegalForm(flegt.Fold(a)), flegt.StripLegalForm(flegt.Fold(b))
	if a == b {
		return true
	}
	return distance(a, b) <= max(1, len(a)/6)
}

// distance is the number of typing errors between two words (Levenshtein).
func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	row := make([]int, len(rb)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range ra {
		diag := row[0]
		row[0] = i + 1
		for j, y := range rb {
			cost := diag
			if x != y {
				cost = 1 + min(diag, row[j], row[j+1])
			}
			diag, row[j+1] = row[j+1], cost
		}
	}
	return row[len(rb)]
}

// CreateOperator adds a company to the registry. With duplicates known and not confirmed it
// is a Conflict, so that nobody adds the same company twice unseen.
func (o *Office) CreateOperator(ctx context.Context, a flegt.Actor, op flegt.Operator, sureItIsNew bool) (flegt.Operator, error) {
	if err := signedIn(a); err != nil {
		return op, err
	}
	if err := o.CheckOperator(op); err != nil {
		return op, o.refused("create operator", a, err)
	}
	for i := range op.Identifiers {
		op.Identifiers[i] = op.Identifiers[i].Normalise()
	}
	op.ID, op.CreatedBy, op.CreatedAt, op.Version = o.newID(), a.Account, o.now(), 1
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		if !sureItIsNew {
			same, err := similar(tx, op)
			if err != nil {
				return err
			}
			if len(same) > 0 {
				return flegt.Refuse(flegt.Conflict, "operator.similar", flegt.Args{"Count": len(same)})
			}
		}
		if err := tx.AddOperator(op); err != nil {
			return err
		}
		e := flegt.NewEvent(a, op.CreatedAt, flegt.NounOperator, op.ID, "created")
		e.Country, e.Operator, e.Version = op.Country, op.ID, op.Version
		_, err := tx.Append(e.With("section", op.Section), op)
		return err
	})
	return op, o.refused("create operator", a, err)
}

// Operator reads a company: its users, Support and authorities of its country see it whole,
// others as the search shows it.
func (o *Office) Operator(ctx context.Context, a flegt.Actor, id string) (op flegt.Operator, err error) {
	if err := signedIn(a); err != nil {
		return op, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		op, err = tx.Operator(id)
		return err
	})
	if err != nil {
		return op, err
	}
	whole := access.MayEditOperator(a, op) == nil || op.CreatedBy == a.Account ||
		a.Is(flegt.RoleAuthority) && a.Country == op.Country
	if !whole {
		op = public(op)
	}
	return op, nil
}

// EditOperator changes a company's data, guarded by the version that was looked at; 0 is any.
func (o *Office) EditOperator(ctx context.Context, a flegt.Actor, op flegt.Operator) error {
	if err := o.CheckOperator(op); err != nil {
		return o.refused("edit operator", a, err)
	}
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		op := op // with its version as it was looked at, when the change runs again
		if err := holds(tx, a); err != nil {
			return err
		}
		old, err := tx.Operator(op.ID)
		if err != nil {
			return err
		}
		if err := access.MayEditOperator(a, old); err != nil {
			return err
		}
		if old.Country != op.Country || old.Section != op.Section {
			return flegt.Refuse(flegt.Refused, "operator.country_stays", nil)
		}
		for i := range op.Identifiers {
			op.Identifiers[i] = op.Identifiers[i].Normalise()
		}
		op.CreatedBy, op.CreatedAt = old.CreatedBy, old.CreatedAt
		if op.Version == 0 {
			op.Version = old.Version
		}
		if err := tx.SaveOperator(&op); err != nil {
			return err
		}
		e := flegt.NewEvent(a, o.now(), flegt.NounOperator, op.ID, "edited")
		e.Country, e.Operator, e.Version = op.Country, op.ID, op.Version
		_, err = tx.Append(e, op)
		return err
	})
	return o.refused("edit operator", a, err)
}
