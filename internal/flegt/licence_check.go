package flegt

import (
	"strconv"
	"strings"
)

// Severity says what a finding asks for.
type Severity string

// The severities, as the pages show them.
const (
	OK    Severity = "ok"
	Look  Severity = "look"  // a person should look; may be submitted
	Wrong Severity = "wrong" // cannot be submitted
)

// Finding is what one check found about one box: shown to whoever types, and again to the
// officer.
type Finding struct {
	Severity Severity
	Box      string // number of the box on the paper form; empty for what is not on it
	Field    string // name of the field as the form posts it ("goods.2.hs")
	Key      string
	Args     Args
	Law      string
}

// Verdict is whether a code falls under the scheme for a country on a day.
type Verdict string

// The verdicts. A code that our lists do not know is never "not under".
const (
	UnderFLEGT    Verdict = "under"
	NotUnderFLEGT Verdict = "not_under"
	ScopeUnknown  Verdict = "unknown"
)

// Facts are the dated facts the checks need; reference brings them. Every function takes
// the day on which the fact is asked for.
type Facts struct {
	Today          Date
	Country        func(code string) bool                                // a country of ISO 3166-1
	Member         func(code string, on Date) bool                       // takes part in the scheme as country of import
	LicensingSince func(code string) (Date, bool)                        // first day of licences (L12)
	ValidityMonths func(code string) int                                 // longest validity with its extension; 0 when unknown
	Scope          func(country, hs string, on Date) Verdict             // product scope
	HSKnown        func(hs string) bool                                  // heading or subheading in the catalogue
	Species        func(common, scientific string) (bool, string)        // known; a suggestion when not
	CITES          func(scientific string) bool                          // only where our data says so
	CheckNumber    func(country, number string) (dest string, err error) // pattern of the country
	NumberTaken    func(number string) bool                              // lodged already, by anybody
	IssuingKnown   func(country, name string) bool                       // issuing body is in our list
}

// Check looks at every box of the licence and says what it finds. It is asked while the
// importer types, on submitting, and at the authority's desk.
func (l Licence) Check(f Facts) []Finding {
	c := checker{facts: f, lic: l}
	c.mark()
	c.parties()
	c.number()
	c.dates()
	c.country()
	c.goods()
	c.scans()
	c.marks()
	return c.found
}

// Errors gives the findings that forbid submitting, as sentences beside their boxes.
func Errors(findings []Finding) []BoxError {
	var out []BoxError
	for _, f := range findings {
		if f.Severity == Wrong {
			out = append(out, BoxError{Box: f.Field, Key: f.Key, Args: f.Args})
		}
	}
	return out
}

type checker struct {
	facts Facts
	lic   Licence
	found []Finding
}

func (c *checker) say(s Severity, box, field, key, law string, args Args) {
	c.found = append(c.found, Finding{Severity: s, Box: box, Field: field, Key: key, Args: args, Law: law})
}

const formLaw = "Reg. (EC) 1024/2008 Annex (to be verified)"

func (c *checker) required(box, field, value string) bool {
	if strings.TrimSpace(value) == "" {
		c.say(Wrong, box, field, "check.required", formLaw, Args{"Box": box})
		return false
	}
	if tooLong(value, 500) {
		c.say(Wrong, box, field, "error.too_long", "", Args{"Max": 500})
		return false
	}
	return true
}

func (c *checker) parties() {
	f := c.lic.Form
	if c.required("1", "issuing_body.name", f.IssuingBody.Name) {
		if c.facts.IssuingKnown(f.Export, f.IssuingBody.Name) {
			c.say(OK, "1", "issuing_body.name", "check.issuing_known", "", nil)
		} else {
			c.say(Look, "1", "issuing_body.name", "check.issuing_unknown", "", Args{"Name": f.IssuingBody.Name})
		}
	}
	c.required("2", "importer.name", f.Importer.Name)
	c.required("7", "transport", f.Transport)
	c.required("8", "licensee.name", f.Licensee.Name)
}

func (c *checker) number() {
	f := c.lic.Form
	if !c.required("3", "number", f.Number) {
		return
	}
	dest, err := c.facts.CheckNumber(f.Export, f.Number)
	if err != nil {
		key, args := "check.number_form", Args{"Number": f.Number}
		if e, ok := err.(*Error); ok {
			key, args = e.Key, e.Args
		}
		c.say(Wrong, "3", "number", key, "", args)
		return
	}
	if c.facts.NumberTaken(f.Number) {
		c.say(Wrong, "3", "number", "check.number_taken", "", Args{"Number": f.Number})
		return
	}
	if dest != "" && dest != c.lic.ImportCountry {
		c.say(Look, "3", "number", "check.number_destination", "Reg. (EC) 1024/2008 art. 5", Args{"Destination": dest, "Country": c.lic.ImportCountry})
		return
	}
	c.say(OK, "3", "number", "check.number_ok", "", nil)
}

// day checks that a box holds a day; false when the checks on it end here.
func (c *checker) day(box, field string, d Date) bool {
	if !c.required(box, field, string(d)) {
		return false
	}
	if !d.Valid() {
		c.say(Wrong, box, field, "check.date_form", "", Args{"Found": string(d)})
		return false
	}
	return true
}

func (c *checker) dates() {
	f := c.lic.Form
	c.required("18", "issue_place", f.IssuePlace)
	issued := c.day("18", "issued", f.Issued)
	expires := c.day("4", "expires", f.Expires)
	if issued && f.Issued > c.facts.Today {
		c.say(Wrong, "18", "issued", "check.issued_future", "", Args{"Issued": f.Issued})
	}
	if until := c.lic.ValidUntil(); expires && until < c.lodged() {
		c.say(Wrong, "4", "expires", "check.expired", "Reg. (EC) 1024/2008 art. 7 (to be verified)", Args{"Expires": until})
		expires = false
	}
	if issued && expires {
		c.validity(f)
	}
	if f.Arrival != "" && !f.Arrival.Valid() {
		c.say(Wrong, "", "arrival", "check.date_form", "", Args{"Found": string(f.Arrival)})
	}
}

func (c *checker) validity(f Form) {
	if f.Expires < f.Issued {
		c.say(Wrong, "4", "expires", "check.expires_before_issue", "", Args{"Issued": f.Issued, "Expires": f.Expires})
		return
	}
	if months := c.facts.ValidityMonths(f.Export); months > 0 && f.Expires > f.Issued.AddMonths(months) {
		c.say(Look, "4", "expires", "check.validity_long", "VPA (to be verified)", Args{"Months": months})
		return
	}
	c.say(OK, "4", "expires", "check.dates_ok", "", nil)
}

func (c *checker) country() {
	f := c.lic.Form
	if !c.required("6", "export", f.Export) {
		return
	}
	since, licenses := c.facts.LicensingSince(f.Export)
	switch {
	case !licenses:
		c.say(Wrong, "6", "export", "check.country_not_licensing", "Reg. (EC) 2173/2005 art. 1, Annex I", Args{"Country": f.Export})
	case f.Issued.Valid() && f.Issued < since:
		c.say(Wrong, "18", "issued", "check.before_licensing", "Reg. (EC) 2173/2005 Annex I", Args{"Country": f.Export, "Since": since})
	default:
		c.say(OK, "6", "export", "check.country_ok", "Reg. (EC) 2173/2005 Annex I", nil)
	}
	if c.facts.Member != nil && !c.facts.Member(c.lic.ImportCountry, c.facts.Today) {
		c.say(Wrong, "", "import_country", "check.import_country", "Reg. (EC) 2173/2005 art. 7 (to be verified)", Args{"Country": c.lic.ImportCountry})
	}
}

func (c *checker) goods() {
	if len(c.lic.Form.Goods) == 0 {
		c.say(Wrong, "9", "goods", "check.goods_none", formLaw, nil)
	}
	for i, g := range c.lic.Form.Goods {
		before := len(c.found)
		c.line("goods."+strconv.Itoa(i)+".", g)
		if len(c.found) == before {
			c.say(OK, "9-16", "goods."+strconv.Itoa(i)+".hs", "check.line_ok", "", Args{"Line": g.Line})
		}
	}
}

func (c *checker) line(at string, g GoodsLine) {
	c.required("9", at+"description", g.Description)
	c.heading(at+"hs", g)
	c.species(at, g)
	if len(g.Harvest) == 0 {
		c.say(Wrong, "13", at+"harvest", "check.harvest_none", formLaw, Args{"Line": g.Line})
	}
	for _, h := range g.Harvest {
		if !c.facts.Country(h) {
			c.say(Wrong, "13", at+"harvest", "check.harvest_unknown", "", Args{"Found": h, "Line": g.Line})
		}
	}
	c.amounts(at, g)
}

func (c *checker) heading(field string, g GoodsLine) {
	if !c.required("10", field, g.HS) {
		return
	}
	if !c.facts.HSKnown(g.HS) {
		c.say(Wrong, "10", field, "check.hs_unknown", "", Args{"Found": g.HS, "Line": g.Line})
		return
	}
	on := c.lic.Form.Issued
	if !on.Valid() {
		on = c.facts.Today
	}
	switch c.facts.Scope(c.lic.Form.Export, g.HS, on) {
	case NotUnderFLEGT:
		c.say(Wrong, "10", field, "check.scope_not_under", "Reg. (EC) 2173/2005 Annexes II, III", Args{"HS": g.HS, "Line": g.Line})
	case ScopeUnknown:
		c.say(Look, "10", field, "check.scope_unknown", "Reg. (EC) 2173/2005 Annexes II, III", Args{"HS": g.HS, "Line": g.Line})
	}
}

func (c *checker) species(at string, g GoodsLine) {
	any := false
	for i, s := range g.Species {
		if strings.TrimSpace(s.Scientific+s.Common) == "" {
			continue
		}
		any = true
		field := at + "species." + strconv.Itoa(i) + ".scientific"
		known, suggestion := c.facts.Species(s.Common, s.Scientific)
		switch {
		case strings.TrimSpace(s.Scientific) == "":
			c.say(Wrong, "11", field, "check.scientific_missing", formLaw, Args{"Line": g.Line})
		case c.facts.CITES(s.Scientific):
			c.say(Look, "11", field, "check.cites", "Reg. (EC) 2173/2005 art. 4(3)", Args{"Name": s.Scientific, "Line": g.Line})
		case !known && suggestion != "":
			c.say(Look, "11", field, "check.species_misspelt", "", Args{"Name": s.Scientific, "Suggestion": suggestion, "Line": g.Line})
		case !known:
			c.say(Look, "11", field, "check.species_unknown", "", Args{"Name": s.Scientific, "Line": g.Line})
		}
	}
	if !any {
		c.say(Wrong, "11", at+"species.0.scientific", "check.species_none", formLaw, Args{"Line": g.Line})
	}
}

// maxDensity is the heaviest plausible wood, kg/m³ (lignum vitae is about 1,250); the check
// only asks a person to look.
const maxDensity = 1400

func (c *checker) amounts(at string, g GoodsLine) {
	good := true
	for _, b := range []struct {
		box, field string
		a          Amount
	}{{"14", "volume", g.Volume}, {"15", "weight", g.Weight}, {"16", "units", g.Units}} {
		q, err := b.a.Quantity()
		if e, ok := err.(*Error); ok {
			c.say(Wrong, b.box, at+b.field, e.Key, "", e.Args)
			good = false
		} else if b.field == "units" && q%Million != 0 {
			c.say(Wrong, "16", at+"units", "check.units_whole", "", Args{"Line": g.Line})
		}
	}
	volume, hasVolume := g.Granted(CubicMetre)
	weight, hasWeight := g.Granted(Kilogram)
	_, hasUnits := g.Granted(Piece)
	if good && !hasVolume && !hasWeight && !hasUnits {
		c.say(Wrong, "14", at+"volume", "check.quantity_none", formLaw, Args{"Line": g.Line})
	}
	if hasVolume && hasWeight && weight/maxDensity > volume {
		c.say(Look, "15", at+"weight", "check.density", "", Args{"Line": g.Line, "Density": int64(float64(weight) / float64(volume))})
	}
}

// lodged is the day on which the licence was lodged, or would be if it were today.
func (c *checker) lodged() Date {
	if c.lic.SubmittedAt.IsZero() {
		return c.facts.Today
	}
	return DateOf(c.lic.SubmittedAt)
}

// mark tells what the issuing country reported of the licence.
func (c *checker) mark() {
	if m, marked := c.lic.MarkedAs(); marked {
		c.say(Wrong, "3", "number", "licence.marked."+m.Name(), "Reg. (EC) 1024/2008 art. 10(1) (to be verified)", Args{"Number": c.lic.Form.Number, "From": m.From})
	}
}

func (c *checker) scans() {
	if c.lic.Electronic && len(c.lic.Scans) == 0 {
		c.say(OK, "", "scan", "check.electronic", "Reg. (EC) 1024/2008 art. 3 (to be verified)", nil)
		return
	}
	if len(c.lic.Scans) == 0 {
		c.say(Wrong, "", "scan", "check.scan_none", "Reg. (EC) 2173/2005 art. 5(1) (to be verified)", nil)
		return
	}
	c.say(OK, "", "scan", "check.scan_ok", "", Args{"Count": len(c.lic.Scans)})
}

func (c *checker) marks() {
	f := c.lic.Form
	if c.lic.Electronic && strings.TrimSpace(f.Invoice) == "" {
		return // it is not ours to add to box 17
	}
	if strings.TrimSpace(f.Invoice) == "" {
		c.say(Wrong, "17", "invoice", "check.invoice_none", formLaw, nil)
		return
	}
	c.say(OK, "17", "invoice", "check.invoice_compare", "", Args{"Invoice": f.Invoice})
}
