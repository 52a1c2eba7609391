package reference

import (
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Country is a country or territory of ISO 3166-1.
type Country struct {
	Code    string // alpha-2
	English string
	Danish  string
}

// Words gives the country's name in a language; English where we have no other.
func (c Country) Words(lang string) string {
	if lang == "da" {
		return c.Danish
	}
	return c.English
}

func addCountry(d *Data, w row) {
	c := Country{Code: w.need("code"), English: w.need("english"), Danish: w.need("danish")}
	if len(c.Code) != 2 || strings.ToUpper(c.Code) != c.Code {
		w.wrong("%q is not an alpha-2 code", c.Code)
	}
	if _, twice := d.byCode[c.Code]; twice {
		w.wrong("%s stands here twice", c.Code)
	}
	if d.byCode == nil {
		d.byCode = map[string]Country{}
	}
	d.byCode[c.Code] = c
	d.countries = append(d.countries, c)
}

func addMember(d *Data, w row) {
	if d.members == nil {
		d.members = map[string][]period{}
	}
	code := w.country(d, "country")
	d.members[code] = append(d.members[code], w.days("from", "until"))
}

// CountryCode reads a country's code as people write it: any case, EL for Greece, UK for
// the United Kingdom.
func CountryCode(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	switch s {
	case "EL":
		return "GR"
	case "UK":
		return "GB"
	}
	return s
}

// Country gives a country by its code (see CountryCode).
func (d *Data) Country(code string) (Country, bool) {
	c, ok := d.byCode[CountryCode(code)]
	return c, ok
}

// HasNames says whether the data names countries in a language; in others they have their
// English names here.
func HasNames(lang string) bool { return lang == "en" || lang == "da" }

// CountryName gives a country's name in a language, or the code itself when unknown.
func (d *Data) CountryName(code, lang string) string {
	if c, ok := d.Country(code); ok {
		return c.Words(lang)
	}
	return code
}

// Countries lists all countries by their names in a language.
func (d *Data) Countries(lang string) []Country { return sortCountries(d.countries, lang) }

// CountriesNamed finds countries by code or by part of a name in any language.
func (d *Data) CountriesNamed(part, lang string) []Country {
	folded := flegt.Fold(part)
	var out []Country
	for _, c := range d.Countries(lang) {
		if strings.EqualFold(c.Code, strings.TrimSpace(part)) ||
			folded != "" && (strings.Contains(flegt.Fold(c.English), folded) || strings.Contains(flegt.Fold(c.Danish), folded)) {
			out = append(out, c)
		}
	}
	return out
}

// EUMember says whether a country takes part in the scheme as country of import on a
// day: the members of the EU, and the United Kingdom until the end of the transition
// period on 31 December 2020.
func (d *Data) EUMember(code string, on flegt.Date) bool {
	return slices.ContainsFunc(d.members[CountryCode(code)], func(p period) bool { return p.has(on) })
}

// Members lists the countries that take part on a day, by their English names; with an
// empty day, all that ever did.
func (d *Data) Members(on flegt.Date) []Country {
	var out []Country
	for _, c := range d.countries {
		if on == "" && len(d.members[c.Code]) > 0 || on != "" && d.EUMember(c.Code, on) {
			out = append(out, c)
		}
	}
	return sortCountries(out, "en")
}

func sortCountries(in []Country, lang string) []Country {
	keys := make(map[string]string, len(in))
	for _, c := range in {
		keys[c.Code] = sortKey(c.Words(lang), lang)
	}
	out := slices.Clone(in)
	slices.SortFunc(out, func(a, b Country) int { return strings.Compare(keys[a.Code], keys[b.Code]) })
	return out
}

// danishLetters and plainLetters write names so that they are sorted by their letters' codes.
var (
	danishLetters = strings.NewReplacer("æ", "{a", "ø", "{b", "å", "{c")
	plainLetters  = strings.NewReplacer("å", "a", "é", "e", "ã", "a", "í", "i", "ô", "o", "ü", "u", "ç", "c", "’", "")
)

// sortKey orders names as readers of the language expect: in Danish æ, ø, å stand last.
func sortKey(name, lang string) string {
	name = strings.ToLower(name)
	if lang == "da" {
		name = danishLetters.Replace(name)
	}
	return plainLetters.Replace(name)
}
