package registry

import (
	"strings"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/store"
)

// Reference gives the dated facts, for pages that offer choices.
func (o *Office) Reference() *reference.Data { return o.ref }

// check runs the licence's checks with today's facts, telling nothing of other licences.
func (o *Office) check(tx *store.Tx, l flegt.Licence) ([]flegt.Finding, error) {
	return o.checkFor(tx, flegt.Actor{}, l)
}

// checkFor runs the licence's checks with today's facts. Another licence that a check comes
// upon is named to an actor who may see it.
func (o *Office) checkFor(tx *store.Tx, a flegt.Actor, l flegt.Licence) (found []flegt.Finding, err error) {
	note := func(failed error) {
		if failed != nil {
			err = failed
		}
	}
	now := o.now()
	facts := o.ref.Facts(o.dayIn(l.ImportCountry, now), func(number string) bool {
		taken, failed := tx.NumberLodged(number, l.ID)
		note(failed)
		return taken
	})
	facts.Now, facts.DayIn = now, o.dayIn
	facts.NumberEarlier = func(number string) bool {
		earlier, failed := tx.NumberEarlier(number, l.ID)
		note(failed)
		return earlier
	}
	facts.SameShipment = func(bill string, containers []string) (flegt.Other, bool) {
		same, failed := tx.SameShipment(bill, containers, l.ID)
		note(failed)
		return nameOther(a, same)
	}
	facts.SameScan = func(sha256 string) (flegt.Other, bool) {
		same, failed := tx.SameScan(sha256, l.ID)
		note(failed)
		return nameOther(a, same)
	}
	if l.Operator != "" {
		op, failed := tx.Operator(l.Operator)
		note(failed)
		facts.Operator = op.Name
	}
	if found = l.Check(facts); err != nil {
		return nil, err
	}
	return found, nil
}

// nameOther gives the first of the licences that still count: the predecessor of a
// replacement has its goods, and is no duplicate.
func nameOther(a flegt.Actor, same []flegt.Licence) (other flegt.Other, found bool) {
	for _, l := range same {
		if _, marked := l.MarkedAs(); marked {
			continue
		}
		if access.MaySeeLicence(a, &l) == nil {
			return flegt.Other{Number: l.Form.Number}, true
		}
		found = true
	}
	return other, found
}

func (o *Office) isCountry(code string) bool {
	_, ok := o.ref.Country(code)
	return ok
}

// countryNamed gives the code of the country whose name, in any of our languages, the whole
// text is.
func (o *Office) countryNamed(text string) string {
	folded := flegt.Fold(text)
	if len(strings.TrimSpace(text)) < 4 {
		return ""
	}
	for _, lang := range []string{"en", "da"} {
		for _, c := range o.ref.CountriesNamed(text, lang) {
			if flegt.Fold(o.ref.CountryName(c.Code, lang)) == folded {
				return c.Code
			}
		}
	}
	return ""
}

// referenceAuthorities are the bodies that the reference data knows.
func (o *Office) referenceAuthorities() []flegt.Authority {
	var out []flegt.Authority
	for _, list := range [][]reference.Authority{o.ref.Authorities(), o.ref.CustomsBodies()} {
		for _, a := range list {
			out = append(out, a.Authority)
		}
	}
	for _, c := range o.ref.LicensingCountries(o.Today()) {
		out = append(out, flegt.Authority{ID: flegt.LicensingID(c.Code), Role: flegt.RoleLicensing, Country: c.Code})
	}
	return out
}
