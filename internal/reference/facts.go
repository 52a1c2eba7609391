package reference

import "github.com/openflegt/openflegt/internal/flegt"

// Facts gives the checks of a licence what they ask for on a day. taken says whether a
// number was lodged already, by anybody; only the store knows that.
func (d *Data) Facts(today flegt.Date, taken func(number string) bool) flegt.Facts {
	return flegt.Facts{
		Today: today,
		Country: func(code string) bool {
			_, ok := d.byCode[code]
			return ok
		},
		Member:         d.EUMember,
		LicensingSince: d.LicensingSince,
		Licenses:       d.Licenses,
		Limits:         d.Limits,
		Scope: func(country, hs string, on flegt.Date) flegt.ScopeRule {
			// A licence dated too early is told so once, and not again at every line.
			if since, ok := d.LicensingSince(country); ok {
				on = max(on, since)
			}
			f := d.Scope(country, hs, on)
			return flegt.ScopeRule{Verdict: f.Verdict, Rule: f.Rule, Qualifier: f.Qualifier, Law: f.Law}
		},
		HSKnown: d.HSKnown,
		Species: d.CheckSpecies,
		Scientific: func(common string) (names []string) {
			for _, s := range d.SpeciesNamed(common) {
				names = append(names, s.Scientific)
			}
			return names
		},
		CITES: func(scientific string) bool {
			_, ok := d.CITES(scientific, today)
			return ok
		},
		CITESAmong:   func(genus string) []string { return d.CITESAmong(genus, today) },
		CheckNumber:  flegt.CheckLicenceNumber,
		NumberTaken:  taken,
		IssuingKnown: d.IssuingKnown,
	}
}
