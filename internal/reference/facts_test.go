package reference

import (
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// chairs is a licence as Jepara's furniture makers get them, with nothing wrong.
func chairs() flegt.Licence {
	return flegt.Licence{
		ImportCountry: "DK", State: flegt.Draft, Scans: []flegt.Attachment{{}},
		Form: flegt.Form{
			Number: "16.00123-00456.001-ID-DK", Issued: "2016-11-18", Expires: "2017-03-17", Export: "ID",
			IssuingBody: flegt.Party{Name: "PT Mutuagung Lestari"}, IssuePlace: "Depok", Transport: "By sea",
			Licensee: flegt.Party{Name: "CV Jepara Garden Living"}, Importer: flegt.Party{Name: "Nordisk Træ A/S"},
			Invoice: "JGL-2016-1107",
			Goods: []flegt.GoodsLine{{
				Line: 1, Description: "Teak, sawn", HS: "4407.29", Harvest: []string{"ID"}, Volume: "8.412", Weight: "5120",
				Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}},
			}},
		},
	}
}

func TestFactsAnswerTheChecks(t *testing.T) {
	d := builtIn(t)
	for _, tc := range []struct {
		name   string
		change func(*flegt.Licence)
		want   []string // keys of what is not ok
	}{
		{"nothing wrong", func(*flegt.Licence) {}, nil},
		{"furniture: our list does not say", func(l *flegt.Licence) { l.Form.Goods[0].HS = "9401.69" }, []string{"check.scope_unknown"}},
		{"box of wood: leave it off", func(l *flegt.Licence) { l.Form.Goods[0].HS = "4420.10" }, []string{"check.scope_not_under"}},
		{"no such heading", func(l *flegt.Licence) { l.Form.Goods[0].HS = "4499" }, []string{"check.hs_unknown"}},
		{"a day too early", func(l *flegt.Licence) { l.Form.Issued = "2016-11-14" }, []string{"check.validity_extended", "check.before_licensing"}},
		{"misspelt", func(l *flegt.Licence) { l.Form.Goods[0].Species[0].Scientific = "Tectona grandes" }, []string{"check.species_misspelt"}},
		{"mahogany, the genus alone", func(l *flegt.Licence) { l.Form.Goods[0].Species[0].Scientific = "Swietenia spp." }, []string{"check.cites_among"}},
		{"mahogany", func(l *flegt.Licence) { l.Form.Goods[0].Species[0].Scientific = "Swietenia macrophylla" }, []string{"check.cites"}},
		{"seven months", func(l *flegt.Licence) { l.Form.Expires = "2017-06-18" }, []string{"check.validity_long"}},
		{"five months: extended", func(l *flegt.Licence) { l.Form.Expires = "2017-04-18" }, []string{"check.validity_extended"}},
		{"the year of the number", func(l *flegt.Licence) { l.Form.Number = "15.00123-00456.001-ID-DK" }, []string{"check.number_year"}},
		{"another tree", func(l *flegt.Licence) { l.Form.Goods[0].Species[0].Common = "Sengon Jawa" }, []string{"check.common_differs"}},
		{"common name alone", func(l *flegt.Licence) { l.Form.Goods[0].Species[0].Scientific = "" }, []string{"check.scientific_meant"}},
		{"another pattern", func(l *flegt.Licence) { l.Form.Number = "17-00133/00047" }, []string{"licence_number.indonesia"}},
		{"for Germany", func(l *flegt.Licence) { l.Form.Number = "16.00123-00456.001-ID-DE" }, []string{"check.number_destination"}},
		{"lodged before", func(l *flegt.Licence) { l.Form.Number = "16.00123-00456.002-ID-DK" }, []string{"check.number_taken"}},
		{"a body we do not know", func(l *flegt.Licence) { l.Form.IssuingBody.Name = "PT Kayu" }, []string{"check.issuing_unknown"}},
		{"no such country", func(l *flegt.Licence) { l.Form.Goods[0].Harvest = []string{"ID", "XX"} }, []string{"check.harvest_unknown"}},
		{"Norway is not in it", func(l *flegt.Licence) { l.ImportCountry = "NO" }, []string{"check.number_destination", "check.import_country"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := chairs()
			tc.change(&l)
			taken := func(number string) bool { return strings.Contains(number, "456.002") }
			var got []string
			for _, f := range l.Check(d.Facts("2016-12-05", taken)) {
				if f.Severity != flegt.OK {
					got = append(got, f.Key)
				}
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("found %v, want %v", got, tc.want)
			}
		})
	}
}
