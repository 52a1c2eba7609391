package reference

import (
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Licensing is a partner country that issues licences. Reg. (EC) 2173/2005 Annex I
type Licensing struct {
	Country string
	Since   flegt.Date // day of the first licences
	Until   flegt.Date // last day; empty: still
	Scheme  string     // name of the country's legality scheme; empty when unknown
	// ValidityMonths and ExtensionMonths are how long a licence is good and by how much it
	// may be extended once; 0 when our data does not know (to be verified).
	ValidityMonths, ExtensionMonths int
	Measure                         string // TARIC measure type
	Status, Source                  string
}

// LicensingBody is a body of a partner country that has to do with licences.
type LicensingBody struct {
	Country string
	Name    string
	Aliases []string
	// Kind is licensing, enquiries (answers authorities), auditor (seen only as one, in an
	// old source) or not_confirmed (certifies; issuing not confirmed).
	Kind                   string
	From, Until            flegt.Date // days on which it is known to have been that; empty: open
	Detail, Status, Source string
}

func addLicensing(d *Data, w row) {
	p := w.days("since", "until")
	l := Licensing{
		Country: w.country(d, "country"), Since: p.from, Until: p.until, Scheme: w.text("scheme"),
		ValidityMonths: int(w.count("validity_months")), ExtensionMonths: int(w.count("extension_months")),
		Measure: w.text("measure"), Status: w.need("status"), Source: w.need("source"),
	}
	if l.Since == "" {
		w.wrong("since is empty")
	}
	if d.licensing == nil {
		d.licensing = map[string]Licensing{}
	}
	if _, twice := d.licensing[l.Country]; twice {
		w.wrong("%s stands here twice", l.Country)
	}
	d.licensing[l.Country] = l
}

func addLicensingBody(d *Data, w row) {
	p := w.days("from", "until")
	b := LicensingBody{
		From: p.from, Until: p.until,
		Country: w.country(d, "country"), Name: w.need("name"), Aliases: w.list("aliases"),
		Kind:   w.oneOf("kind", "licensing", "enquiries", "auditor", "not_confirmed"),
		Detail: w.text("detail"), Status: w.need("status"), Source: w.need("source"),
	}
	if _, ok := d.licensing[b.Country]; !ok {
		w.wrong("%s is not in licensing.csv", b.Country)
	}
	d.bodies = append(d.bodies, b)
}

// Licenses says whether a country issued licences on a day (L12).
func (d *Data) Licenses(country string, on flegt.Date) bool {
	l, ok := d.LicensingOf(country)
	return ok && period{l.Since, l.Until}.has(on)
}

// LicensingSince gives the day of a country's first licences; false when it has none.
func (d *Data) LicensingSince(country string) (flegt.Date, bool) {
	l, ok := d.LicensingOf(country)
	return l.Since, ok
}

// LicensingOf gives what is known of a partner country.
func (d *Data) LicensingOf(country string) (Licensing, bool) {
	l, ok := d.licensing[CountryCode(country)]
	return l, ok
}

// Limits gives how long the country's licences are good and by how much they may be
// extended once (to be verified).
func (d *Data) Limits(country string) flegt.Limits {
	l, _ := d.LicensingOf(country)
	return flegt.Limits{ValidityMonths: l.ValidityMonths, ExtensionMonths: l.ExtensionMonths}
}

// LicensingCountries lists the countries that issued licences on a day, by English name.
func (d *Data) LicensingCountries(on flegt.Date) []Country {
	var out []Country
	for code := range d.licensing {
		if d.Licenses(code, on) {
			out = append(out, d.byCode[code])
		}
	}
	return sortCountries(out, "en")
}

// LicensingBodies lists a partner country's bodies. Indonesia's list is not complete.
func (d *Data) LicensingBodies(country string) []LicensingBody {
	var out []LicensingBody
	for _, b := range d.bodies {
		if b.Country == CountryCode(country) {
			b.Aliases = append([]string(nil), b.Aliases...)
			out = append(out, b)
		}
	}
	return out
}

// IssuingBodies lists the bodies of a partner country that are known to issue licences, or once
// did: those that may stand in box 1.
func (d *Data) IssuingBodies(country string) []LicensingBody {
	return slices.DeleteFunc(d.LicensingBodies(country), func(b LicensingBody) bool { return b.Kind != "licensing" })
}

// IssuingKnown says whether our list has a body of this name that issued licences in the
// country on a day. Since the list is not complete, a name that is not on it only asks for a look.
func (d *Data) IssuingKnown(country, name string, on flegt.Date) bool {
	for _, b := range d.IssuingBodies(country) {
		if !(period{b.From, b.Until}).has(on) {
			continue
		}
		for _, n := range append(b.Aliases, b.Name) {
			if bodyName(n) == bodyName(name) {
				return true
			}
		}
	}
	return false
}

// IssuingBody gives the name that stands for all names of one body of a partner country, to
// compare by: our list's where it has the name or an alias, and else the name itself without
// what is written differently from one paper to the next. Empty for an empty name.
func (d *Data) IssuingBody(country, name string) string {
	key := bodyName(name)
	for _, b := range d.LicensingBodies(country) {
		for _, n := range append(b.Aliases, b.Name) {
			if bodyName(n) == key {
				return bodyName(b.Name)
			}
		}
	}
	return key
}

// bodyName compares names without PT (limited company) and Persero (state-owned).
func bodyName(s string) string {
	var words []string
	for _, w := range strings.Fields(flegt.Fold(s)) {
		if w != "pt" && w != "persero" && w != "tbk" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}
