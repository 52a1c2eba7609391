package wording

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Region writes a country's name in a language by its code of ISO 3166-1, from Unicode's
// CLDR; the code itself when CLDR has no name for it. English and Danish names stand in our
// own reference data, where they are kept up to date; this is for every further language.
func Region(lang Lang, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.Make(string(lang))).Name(region); name != "" {
		return name
	}
	return code
}

// LangOf gives the language in which a country's authorities are written to: the one spoken
// most there by CLDR's likely subtags, when the catalog has it, else English.
func (c *Catalog) LangOf(country string) Lang {
	base, confidence := language.Make("und-" + country).Base()
	if lang := Lang(base.String()); confidence > language.No && c.Speaks(lang) {
		return lang
	}
	return English
}
