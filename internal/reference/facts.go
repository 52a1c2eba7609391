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
		ValidityMonths: func(code string) int {
			l, _ := d.LicensingOf(code)
			return l.ValidityMonths + l.ExtensionMonths
		},
		Scope: func(country, hs string, on flegt.Date) flegt.Verdict {
			// A licence dated too early is told so once, and not again at every line.
			if since, ok := d.LicensingSince(country); ok {
				on = max(on, since)
			}
			return d.Scope(country, hs, on).Verdict
		},
		HSKnown: d.HSKnown,
		Species: d.CheckSpecies,
		CITES: func(scientific string) bool {
			_, ok := d.CITES(scientific, today)
			return ok
		},
		CheckNumber: func(country, number string) (string, error) {
			destination, _, err := flegt.CheckLicenceNumber(country, number)
			return destination, err
		},
		NumberTaken:  taken,
		IssuingKnown: d.IssuingKnown,
	}
}
