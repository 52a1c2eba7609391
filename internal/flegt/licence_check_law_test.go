package flegt

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// articles says of which article each rule is that is no rule of the form itself.
var articles = map[string]string{
	"check.country_ok": "2173/2005 Annex I", "check.before_licensing": "2173/2005 Annex I", "check.after_licensing": "2173/2005 Annex I",
	"check.country_not_licensing": "2173/2005 art. 1, Annex I",
	"check.number_taken":          "2173/2005 art. 2", "check.number_earlier": "2173/2005 art. 2",
	"check.same_scan": "2173/2005 art. 2", "check.same_scan.hidden": "2173/2005 art. 2",
	"check.same_shipment": "2173/2005 art. 2", "check.same_shipment.hidden": "2173/2005 art. 2",
	"check.scope_under": "2173/2005 art. 4(1), Annexes II and III", "check.scope_not_under": "2173/2005 art. 4(1), Annexes II and III",
	"check.scope_qualifier": "2173/2005 art. 4(1), Annexes II and III", "check.scope_unknown": "2173/2005 art. 4(1), Annexes II and III",
	"check.cites": "2173/2005 art. 4(3)", "check.cites_among": "2173/2005 art. 4(3)",
	"check.scan_ok": "2173/2005 art. 5(1)", "check.scan_none": "2173/2005 art. 5(1)",
	"check.import_country": "2173/2005 art. 7",
	"check.electronic":     "1024/2008 art. 3",
	"check.agent":          "1024/2008 art. 5", "check.importer_differs": "1024/2008 art. 5", "check.number_destination": "1024/2008 art. 5",
	"check.office_ok": "1024/2008 art. 5", "check.office_country": "1024/2008 art. 5",
	"check.arrival_before_issue": "1024/2008 art. 6",
	"check.expired":              "1024/2008 art. 7",
	"licence.marked.cancelled":   "1024/2008 art. 10(1)",
	"check.extended":             "VPA, Annex on licences", "check.validity_extended": "VPA, Annex on licences", "check.validity_long": "VPA, Annex on licences",
}

// TestEveryRuleHasItsArticle: each finding of each rule cites the article that the table names,
// and every other one the form, or its own box of it.
func TestEveryRuleHasItsArticle(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rules {
		l := sound()
		r.change(&l)
		for _, f := range l.Check(facts()) {
			law := strings.TrimSuffix(strings.TrimPrefix(f.Law, "Reg. (EC) "), " (to be verified)")
			want, named := articles[f.Key]
			switch {
			case named && law != want:
				t.Errorf("%s cites %q, want %q", f.Key, f.Law, want)
			case !named && law != "1024/2008 Annex" && (f.Box == "" || law != "1024/2008 Annex, box "+f.Box):
				t.Errorf("%s at box %q cites %q", f.Key, f.Box, f.Law)
			}
			seen[f.Key] = true
		}
	}
	for key := range articles {
		if !seen[key] {
			t.Errorf("no rule gives %s", key)
		}
	}
}

// TestDatesInOrder tries days of issue, expiry, lodging and extension in every order, and says
// again in its own words what box 4 and box 18 must then be told.
func TestDatesInOrder(t *testing.T) {
	day := rapid.Custom(func(t *rapid.T) Date {
		return DateOf(Date("2016-11-10").Time().AddDate(0, 0, rapid.IntRange(0, 260).Draw(t, "day")))
	})
	rapid.Check(t, func(t *rapid.T) {
		l, f := sound(), facts()
		l.Form.Arrival = ""
		l.Form.Issued, l.Form.Expires, f.Today = day.Draw(t, "issued"), day.Draw(t, "expires"), day.Draw(t, "today")
		months := rapid.IntRange(0, 6).Draw(t, "months")
		f.Limits = func(string) Limits { return Limits{ValidityMonths: months, ExtensionMonths: 2 * min(1, months)} }
		until := l.Form.Expires
		if rapid.Bool().Draw(t, "extended") {
			until = day.Draw(t, "until")
			l.Confirmations = []Confirmation{{Verb: VerbExtend, Until: until}}
		}
		got := map[string]Severity{}
		for _, x := range l.Check(f) {
			if x.Field == "expires" || x.Field == "issued" {
				got[x.Key] = x.Severity
			}
		}
		if _, told := got["check.issued_future"]; told != (l.Form.Issued > f.Today) {
			t.Fatalf("issued after today: %v", got)
		}
		over := max(until, l.Form.Expires) < f.Today
		if s, told := got["check.expired"]; told != over || told && s != Wrong {
			t.Fatalf("void when it is lodged after its last day, art. 7: %v, want %v", got, over)
		}
		if _, told := got["check.expires_before_issue"]; !over && told != (l.Form.Expires <= l.Form.Issued) {
			t.Fatalf("expiry before issue: %v", got)
		}
		tooLong := months > 0 && l.Form.Expires > l.Form.Issued.AddMonths(months+2)
		if s, told := got["check.validity_long"]; !over && (told != tooLong || told && s != Look) {
			t.Fatalf("longer than the country grants: %v, want %v", got, tooLong)
		}
		if !over && months == 0 && (got["check.validity_long"] != "" || got["check.validity_extended"] != "") {
			t.Fatalf("the country's period is not known: %v", got)
		}
	})
}
