package flegt

import "strings"

// limitsLaw is where the months of validity and extension come from: the agreement with the
// country of export. Our data knows Indonesia's alone.
const limitsLaw = "VPA, Annex on licences (to be verified)"

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
	if issued && f.Issued > c.latestIssue() {
		c.say(Wrong, "18", "issued", "check.issued_future", "", Args{"Issued": f.Issued})
	}
	if until := c.lic.ValidUntil(); expires && until < c.lodged() {
		c.say(Wrong, "4", "expires", "check.expired", "Reg. (EC) 1024/2008 art. 7 (to be verified)", Args{"Expires": until})
		expires = false
	}
	if issued && expires {
		c.validity(f)
	}
	c.arrival(f, issued)
}

// validity compares issue and expiry with each other and with what the country grants.
func (c *checker) validity(f Form) {
	limits, until := c.facts.Limits(f.Export), c.lic.extension()
	longest := limits.ValidityMonths + limits.ExtensionMonths
	switch {
	case f.Expires <= f.Issued:
		c.say(Wrong, "4", "expires", "check.expires_before_issue", "", Args{"Issued": f.Issued, "Expires": f.Expires})
	case limits.ValidityMonths > 0 && f.Expires > f.Issued.AddMonths(longest):
		c.say(Look, "4", "expires", "check.validity_long", limitsLaw, Args{"Months": longest})
	case c.lic.beyond(limits) && until < f.Expires:
		c.say(Look, "4", "expires", "check.validity_extended", limitsLaw, Args{"Months": limits.ValidityMonths})
	case until.Valid():
		c.say(OK, "4", "expires", "check.extended", limitsLaw, Args{"Until": until})
	default:
		c.say(OK, "4", "expires", "check.dates_ok", "", nil)
	}
}

// arrival looks at the expected day: goods cannot come before their licence is issued.
func (c *checker) arrival(f Form, issued bool) {
	switch {
	case strings.TrimSpace(string(f.Arrival)) == "":
	case !f.Arrival.Valid():
		c.say(Wrong, "", "arrival", "check.date_form", "", Args{"Found": string(f.Arrival)})
	case issued && f.Arrival < f.Issued:
		c.say(Look, "", "arrival", "check.arrival_before_issue", "", Args{"Arrival": f.Arrival, "Issued": f.Issued})
	}
}
