package flegt

import (
	"strconv"
	"strings"
	"time"
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
	Rule     string // key of the sentence of the rule that decided, with the same Args; mostly empty
	Answer   string // the importer's remark on a look; empty when there is none
}

// Verdict is whether a code falls under the scheme for a country on a day.
type Verdict string

// The verdicts. A code that our lists do not know is never "not under".
const (
	UnderFLEGT    Verdict = "under"
	NotUnderFLEGT Verdict = "not_under"
	ScopeUnknown  Verdict = "unknown"
)

// ScopeRule is a verdict with the rule that decided it.
type ScopeRule struct {
	Verdict   Verdict
	Rule      string // key of its sentence; Args are Code and Country
	Qualifier string // narrows the code, in English ("not of bamboo or rattan"); often empty
	Law       string
}

// Facts are the dated facts the checks need; reference brings them, and the office what only
// the store knows. Those may be nil: then they are not looked at.
type Facts struct {
	Today          Date                                                            // where the authority is
	Country        func(code string) bool                                          // a country of ISO 3166-1
	Member         func(code string, on Date) bool                                 // takes part in the scheme as country of import
	LicensingSince func(code string) (Date, bool)                                  // first day of licences (L12)
	Licenses       func(code string, on Date) bool                                 // issued licences on the day
	Limits         func(code string) Limits                                        // of validity and extension
	Scope          func(country, hs string, on Date) ScopeRule                     // product scope
	HSKnown        func(hs string) bool                                            // heading or subheading in the catalogue
	Species        func(common, scientific string) (bool, string)                  // known; a suggestion when not
	Scientific     func(common string) []string                                    // the scientific names of a common one
	CITES          func(scientific string) bool                                    // only where our data says so
	CITESAmong     func(genus string) []string                                     // listed species of a genus that is named as a whole
	CheckNumber    func(country, number string) (dest string, year int, err error) // pattern of the country; year 0 when it tells none
	IssuingKnown   func(country, name string, on Date) bool                        // issuing body is in our list
	NumberTaken    func(number string) bool                                        // stands here, by anybody

	Now   time.Time                               // the moment of the check
	DayIn func(country string, at time.Time) Date // by the clock of a country; nil knows Today alone

	Operator      string                                                       // name of the company that lodges; empty: not looked at
	NumberEarlier func(number string) bool                                     // was lodged before, and rejected or withdrawn
	SameShipment  func(billOfLading string, containers []string) (Other, bool) // in another licence
	SameScan      func(sha256 string) (Other, bool)                            // on another licence
}

// Other is another licence that a check came upon. Its number is empty for whoever may not
// see that licence.
type Other struct{ Number string }

// Answer is what the importer says to a finding that asks for a look.
type Answer struct {
	Key   string // of the finding
	Field string
	Words string
	By    string // account
	At    time.Time
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
	c.sums()
	c.scans()
	c.marks()
	c.shipment()
	c.clearance()
	c.answers()
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

// say notes a finding. Where no other law is named, it is the form's own, or the lodging
// before arrival for what does not stand on the paper.
func (c *checker) say(s Severity, box, field, key, law string, args Args) {
	switch {
	case law != "":
	case box != "":
		law = "Reg. (EC) 1024/2008 Annex, box " + box + " (to be verified)"
	default:
		law = "Reg. (EC) 1024/2008 art. 6"
	}
	c.found = append(c.found, Finding{Severity: s, Box: box, Field: field, Key: key, Args: args, Law: law})
}

const (
	formLaw     = "Reg. (EC) 1024/2008 Annex (to be verified)"
	shipmentLaw = "Reg. (EC) 2173/2005 art. 2 (to be verified)" // a licence covers one shipment
)

// answers puts the importer's remarks beside the findings they answer.
func (c *checker) answers() {
	for i, f := range c.found {
		for _, a := range c.lic.Answers {
			if f.Severity == Look && a.Key == f.Key && a.Field == f.Field {
				c.found[i].Answer = a.Words
			}
		}
	}
}

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
		if c.facts.IssuingKnown(f.Export, f.IssuingBody.Name, c.issuedOn()) {
			c.say(OK, "1", "issuing_body.name", "check.issuing_known", "", nil)
		} else {
			c.say(Look, "1", "issuing_body.name", "check.issuing_unknown", "", Args{"Name": f.IssuingBody.Name})
		}
	}
	if c.required("2", "importer.name", f.Importer.Name) {
		c.importer(f)
	}
	c.required("7", "transport", f.Transport)
	c.required("8", "licensee.name", f.Licensee.Name)
}

// importer compares box 2 with who lodges: a forwarder may lodge for the importer, and then
// says so.
func (c *checker) importer(f Form) {
	who, named := Fold(c.facts.Operator), Fold(f.Importer.Name)
	switch {
	case who == "" || strings.Contains(named, who) || strings.Contains(who, named):
	case strings.TrimSpace(f.Agent.Name) == "":
		c.say(Look, "2", "importer.name", "check.importer_differs", "Reg. (EC) 1024/2008 art. 5", Args{"Importer": f.Importer.Name, "Operator": c.facts.Operator})
	default:
		c.say(OK, "2", "importer.name", "check.agent", "Reg. (EC) 1024/2008 art. 5", Args{"Importer": f.Importer.Name, "Agent": f.Agent.Name})
	}
}

// issuedOn is the day for which dated facts are asked: that of issue, or today while box 18
// holds no day.
func (c *checker) issuedOn() Date {
	if c.lic.Form.Issued.Valid() {
		return c.lic.Form.Issued
	}
	return c.facts.Today
}

func (c *checker) number() {
	f := c.lic.Form
	if !c.required("3", "number", f.Number) {
		return
	}
	dest, year, err := c.facts.CheckNumber(f.Export, f.Number)
	if err != nil {
		key, args := "check.number_form", Args{"Number": f.Number}
		if e, ok := err.(*Error); ok {
			key, args = e.Key, e.Args
		}
		c.say(Wrong, "3", "number", key, "", args)
		return
	}
	if c.facts.NumberTaken(f.Number) {
		c.say(Wrong, "3", "number", "check.number_taken", shipmentLaw, Args{"Number": f.Number})
		return
	}
	before := len(c.found)
	if c.facts.NumberEarlier != nil && c.facts.NumberEarlier(f.Number) {
		c.say(Look, "3", "number", "check.number_earlier", shipmentLaw, Args{"Number": f.Number})
	}
	if year != 0 && f.Issued.Valid() && year != f.Issued.Time().Year() {
		c.say(Look, "3", "number", "check.number_year", "", Args{"Year": strconv.Itoa(year), "Issued": f.Issued})
	}
	if dest != "" && dest != c.lic.ImportCountry {
		c.say(Look, "3", "number", "check.number_destination", "Reg. (EC) 1024/2008 art. 5", Args{"Destination": dest, "Country": c.lic.ImportCountry})
	}
	if len(c.found) == before {
		c.say(OK, "3", "number", "check.number_ok", "", nil)
	}
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
	case f.Issued.Valid() && !c.facts.Licenses(f.Export, f.Issued):
		c.say(Wrong, "18", "issued", "check.after_licensing", "Reg. (EC) 2173/2005 Annex I", Args{"Country": f.Export, "Issued": f.Issued})
	default:
		c.say(OK, "6", "export", "check.country_ok", "Reg. (EC) 2173/2005 Annex I", nil)
	}
	if c.facts.Member != nil && !c.facts.Member(c.lic.ImportCountry, c.facts.Today) {
		c.say(Wrong, "", "import_country", "check.import_country", "Reg. (EC) 2173/2005 art. 7 (to be verified)", Args{"Country": c.lic.ImportCountry})
	}
}

// lodged is the day on which the licence was lodged, or would be if it were today.
func (c *checker) lodged() Date {
	if day := c.lic.lodged(); day != "" {
		return day
	}
	return c.facts.Today
}

// latestIssue is the last day that box 18 can hold when the licence is lodged: where it was
// issued the next day may have begun.
func (c *checker) latestIssue() Date {
	if c.facts.DayIn == nil {
		return c.lodged()
	}
	at := c.lic.SubmittedAt
	if at.IsZero() {
		at = c.facts.Now
	}
	return max(c.lodged(), c.facts.DayIn(c.lic.Form.Export, at))
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
	c.say(OK, "", "scan", "check.scan_ok", "Reg. (EC) 2173/2005 art. 5(1) (to be verified)", Args{"Count": len(c.lic.Scans)})
	for _, scan := range c.lic.Scans {
		if c.facts.SameScan == nil {
			return
		}
		if other, found := c.facts.SameScan(scan.SHA256); found {
			c.say(Look, "", "scan", otherKey("check.same_scan", other), shipmentLaw, Args{"Name": scan.Name, "Number": other.Number})
			return
		}
	}
}
