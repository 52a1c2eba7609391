package registry

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/store"
)

// Reference gives the dated facts, for pages that offer choices.
func (o *Office) Reference() *reference.Data { return o.ref }

// check runs the licence's checks with today's facts.
func (o *Office) check(tx *store.Tx, l flegt.Licence) (found []flegt.Finding, err error) {
	facts := o.ref.Facts(o.Today(), func(number string) bool {
		taken, failed := tx.NumberLodged(number, l.ID)
		if failed != nil {
			err = failed
		}
		return taken
	})
	found = l.Check(facts)
	return found, err
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
	return out
}
