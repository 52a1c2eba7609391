package flegt

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// facts are a small world: Indonesia licenses from 15 November 2016 until the end of 2030.
func facts() Facts {
	return Facts{
		Today:          "2016-12-05",
		Country:        func(code string) bool { return contains([]string{"ID", "DK", "DE", "MY"}, code) },
		Member:         func(code string, _ Date) bool { return code == "DK" || code == "DE" },
		LicensingSince: func(code string) (Date, bool) { return "2016-11-15", code == "ID" },
		Licenses:       func(code string, on Date) bool { return code == "ID" && on >= "2016-11-15" && on <= "2016-12-01" },
		Limits:         func(string) Limits { return Limits{ValidityMonths: 4, ExtensionMonths: 2} },
		Scope: func(_, hs string, _ Date) ScopeRule {
			switch digits(hs)[:4] {
			case "4407":
				return ScopeRule{Verdict: UnderFLEGT, Rule: "scope.annex_ii"}
			case "4418":
				return ScopeRule{Verdict: UnderFLEGT, Rule: "scope.annex_iii", Qualifier: "not of bamboo"}
			case "4420":
				return ScopeRule{Verdict: NotUnderFLEGT, Rule: "scope.leave_off"}
			}
			return ScopeRule{Verdict: ScopeUnknown, Rule: "scope.unlisted"}
		},
		HSKnown: func(hs string) bool { return len(digits(hs)) >= 4 && strings.HasPrefix(digits(hs), "4") },
		Species: func(_, scientific string) (bool, string) {
			if scientific == "Tectona grandes" {
				return false, "Tectona grandis"
			}
			return contains([]string{"Tectona grandis", "Shorea spp.", "Swietenia macrophylla"}, scientific), ""
		},
		Scientific: func(common string) []string {
			return map[string][]string{"Jati": {"Tectona grandis"}, "Meranti": {"Shorea spp.", "Shorea leprosula"}}[common]
		},
		CITES: func(scientific string) bool { return scientific == "Swietenia macrophylla" },
		CITESAmong: func(genus string) []string {
			return map[string][]string{"Swietenia spp.": {"Swietenia macrophylla"}}[genus]
		},
		CheckNumber:   CheckLicenceNumber,
		IssuingKnown:  func(_, name string, _ Date) bool { return name == "PT Mutuagung Lestari" },
		NumberTaken:   func(n string) bool { return strings.Contains(n, "777") },
		Operator:      "Nordisk Træ",
		NumberEarlier: func(n string) bool { return strings.Contains(n, "888") },
		SameShipment: func(bill string, containers []string) (Other, bool) {
			return Other{map[string]string{"SEEN": "16.1"}[bill]}, (bill == "SEEN" || bill == "HIDDEN") && len(containers) > 0
		},
		SameScan: func(sum string) (Other, bool) {
			return Other{map[string]string{"seen": "16.1"}[sum]}, sum == "seen" || sum == "hidden"
		},
	}
}

// sound is a licence with nothing to object to.
func sound() Licence {
	return Licence{ImportCountry: "DK", State: Draft, Scans: []Attachment{{SHA256: "x", Name: "scan.pdf"}}, Form: Form{
		Number: "16.00123-00456.001-ID-DK", Issued: "2016-11-18", Expires: "2017-03-17", Export: "ID", IssuingBody: Party{Name: "PT Mutuagung Lestari"}, IssuePlace: "Depok",
		Transport: "By sea", Licensee: Party{Name: "CV Jepara"}, Importer: Party{Name: "Nordisk Trae A/S"}, Invoice: "JGL 1", BillOfLading: "MAEU1", Containers: "CSQU3054383", Office: "DK003103",
		Arrival: "2016-12-20", Goods: []GoodsLine{{Line: 1, Description: "Sawn teak", HS: "4407.29", Harvest: []string{"ID"}, Volume: "8.412", Weight: "5120", Units: "480",
			Species: []Species{{Common: "Jati", Scientific: "Tectona grandis"}}}}}}
}

// rules is every rule of the checks: what to change in a sound licence, and the finding that
// must come of it.
var rules = []struct {
	key      string
	severity Severity
	field    string
	change   func(*Licence)
}{
	{"check.after_licensing", Wrong, "issued", func(l *Licence) { l.Form.Issued = "2016-12-02" }},
	{"check.agent", OK, "importer.name", func(l *Licence) { l.Form.Importer.Name, l.Form.Agent.Name = "Other", "Nordisk Træ" }},
	{"check.arrival_before_issue", Look, "arrival", func(l *Licence) { l.Form.Arrival = "2016-11-17" }},
	{"check.before_licensing", Wrong, "issued", func(l *Licence) { l.Form.Issued = "2016-11-14" }},
	{"check.cites_among", Look, "goods.0.species.0.scientific", func(l *Licence) { l.Form.Goods[0].Species[0].Scientific = "Swietenia spp." }},
	{"check.cites", Look, "goods.0.species.0.scientific", func(l *Licence) { l.Form.Goods[0].Species[0].Scientific = "Swietenia macrophylla" }},
	{"check.common_differs", Look, "goods.0.species.0.scientific", func(l *Licence) { l.Form.Goods[0].Species[0].Common = "Meranti" }},
	{"check.container_digit", Look, "containers", func(l *Licence) { l.Form.Containers = "CSQU3054384" }},
	{"check.container_form", Look, "containers", func(l *Licence) { l.Form.Containers = "20 pallets" }},
	{"check.containers_ok", OK, "containers", func(*Licence) {}},
	{"check.country_not_licensing", Wrong, "export", func(l *Licence) { l.Form.Export = "MY" }},
	{"check.country_ok", OK, "export", func(*Licence) {}},
	{"check.date_form", Wrong, "issued", func(l *Licence) { l.Form.Issued = "soon" }},
	{"check.dates_ok", OK, "expires", func(*Licence) {}},
	{"check.density", Look, "goods.0.weight", func(l *Licence) { l.Form.Goods[0].Weight = "51200" }},
	{"check.density_low", Look, "goods.0.weight", func(l *Licence) { l.Form.Goods[0].Weight = "51" }},
	{"check.electronic", OK, "scan", func(l *Licence) { l.Electronic, l.Scans = true, nil }},
	{"check.expired", Wrong, "expires", func(l *Licence) { l.Form.Expires = "2016-12-04" }},
	{"check.expires_before_issue", Wrong, "expires", func(l *Licence) { l.Form.Issued, l.Form.Expires = "2016-12-05", "2016-12-05" }},
	{"check.extended", OK, "expires", func(l *Licence) { l.Confirmations = []Confirmation{{Verb: VerbExtend, Until: "2017-05-01"}} }},
	{"check.goods_none", Wrong, "goods", func(l *Licence) { l.Form.Goods = nil }},
	{"check.harvest_none", Wrong, "goods.0.harvest", func(l *Licence) { l.Form.Goods[0].Harvest = nil }},
	{"check.harvest_unknown", Wrong, "goods.0.harvest", func(l *Licence) { l.Form.Goods[0].Harvest = []string{"ID", "XX"} }},
	{"check.hs_length", Look, "goods.0.hs", func(l *Licence) { l.Form.Goods[0].HS = "4407 2961" }},
	{"check.hs_unknown", Wrong, "goods.0.hs", func(l *Licence) { l.Form.Goods[0].HS = "94" }},
	{"check.import_country", Wrong, "import_country", func(l *Licence) { l.ImportCountry = "MY" }},
	{"check.importer_differs", Look, "importer.name", func(l *Licence) { l.Form.Importer.Name = "Other" }},
	{"check.invoice_compare", OK, "invoice", func(*Licence) {}},
	{"check.invoice_none", Wrong, "invoice", func(l *Licence) { l.Form.Invoice = "" }},
	{"check.issued_future", Wrong, "issued", func(l *Licence) { l.Form.Issued = "2016-12-06" }},
	{"check.issuing_known", OK, "issuing_body.name", func(*Licence) {}},
	{"check.issuing_unknown", Look, "issuing_body.name", func(l *Licence) { l.Form.IssuingBody.Name = "PT Kayu" }},
	{"check.line_ok", OK, "goods.0.hs", func(*Licence) {}},
	{"check.number_destination", Look, "number", func(l *Licence) { l.Form.Number = "16.00123-00456.001-ID-DE" }},
	{"licence_number.indonesia", Wrong, "number", func(l *Licence) { l.Form.Number = "17/33" }},
	{"check.number_earlier", Look, "number", func(l *Licence) { l.Form.Number = "16.00123-00456.888-ID-DK" }},
	{"check.number_ok", OK, "number", func(*Licence) {}},
	{"check.number_taken", Wrong, "number", func(l *Licence) { l.Form.Number = "16.00123-00456.777-ID-DK" }},
	{"check.number_year", Look, "number", func(l *Licence) { l.Form.Number = "15.00123-00456.001-ID-DK" }},
	{"check.office_country", Wrong, "office", func(l *Licence) { l.Form.Office = "DE003103" }},
	{"check.office_ok", OK, "office", func(*Licence) {}},
	{"check.piece_heavy", Look, "goods.0.units", func(l *Licence) { l.Form.Goods[0].Weight, l.Form.Goods[0].Units = "40000", "1" }},
	{"check.quantity_none", Wrong, "goods.0.volume", func(l *Licence) {
		l.Form.Goods[0].Volume, l.Form.Goods[0].Weight, l.Form.Goods[0].Units = "", "", ""
	}},
	{"check.required", Wrong, "transport", func(l *Licence) { l.Form.Transport = " " }},
	{"check.same_scan", Look, "scan", func(l *Licence) { l.Scans[0].SHA256 = "seen" }},
	{"check.same_scan.hidden", Look, "scan", func(l *Licence) { l.Scans[0].SHA256 = "hidden" }},
	{"check.same_shipment", Look, "bill_of_lading", func(l *Licence) { l.Form.BillOfLading = "SEEN" }},
	{"check.same_shipment.hidden", Look, "bill_of_lading", func(l *Licence) { l.Form.BillOfLading = "HIDDEN" }},
	{"check.scan_none", Wrong, "scan", func(l *Licence) { l.Scans = nil }},
	{"check.scan_ok", OK, "scan", func(*Licence) {}},
	{"check.scientific_meant", Wrong, "goods.0.species.0.scientific", func(l *Licence) { l.Form.Goods[0].Species[0].Scientific = "" }},
	{"check.scientific_missing", Wrong, "goods.0.species.0.scientific", func(l *Licence) { l.Form.Goods[0].Species[0] = Species{Common: "Kayu"} }},
	{"check.scope_not_under", Wrong, "goods.0.hs", func(l *Licence) { l.Form.Goods[0].HS = "4420.10" }},
	{"check.scope_qualifier", Look, "goods.0.hs", func(l *Licence) { l.Form.Goods[0].HS = "4418.20" }},
	{"check.scope_under", OK, "goods.0.hs", func(*Licence) {}},
	{"check.scope_unknown", Look, "goods.0.hs", func(l *Licence) { l.Form.Goods[0].HS = "4409.29" }},
	{"check.species_misspelt", Look, "goods.0.species.0.scientific", func(l *Licence) { l.Form.Goods[0].Species[0].Scientific = "Tectona grandes" }},
	{"check.species_none", Wrong, "goods.0.species.0.scientific", func(l *Licence) { l.Form.Goods[0].Species = nil }},
	{"check.species_unknown", Look, "goods.0.species.0.scientific", func(l *Licence) { l.Form.Goods[0].Species[0] = Species{Scientific: "Arbor ignota"} }},
	{"check.sums", OK, "goods", func(*Licence) {}},
	{"check.sums_containers", Look, "goods", func(l *Licence) { l.Form.Goods[0].Volume, l.Form.Goods[0].Weight = "90", "60000" }},
	{"check.weight_thousands", Look, "goods.0.weight", func(l *Licence) { l.Form.Goods[0].Weight = "5.120" }},
	{"check.units_whole", Wrong, "goods.0.units", func(l *Licence) { l.Form.Goods[0].Units = "4.5" }},
	{"check.validity_extended", Look, "expires", func(l *Licence) { l.Form.Expires = "2017-04-18" }},
	{"check.validity_long", Look, "expires", func(l *Licence) { l.Form.Expires = "2017-05-19" }},
	{"error.too_long", Wrong, "lot", func(l *Licence) { l.Form.Lot = strings.Repeat("x", 501) }},
	{"licence.marked.cancelled", Wrong, "number", func(l *Licence) { l.Marks = []Mark{{Verb: VerbCancel}} }},
	{"quantity.negative", Wrong, "goods.0.volume", func(l *Licence) { l.Form.Goods[0].Volume = "-1" }},
}

// TestEveryRule: each rule gives its finding, with its box and its law, and a sound licence
// gets nothing but ok.
func TestEveryRule(t *testing.T) {
	for _, f := range sound().Check(facts()) {
		if f.Severity != OK {
			t.Errorf("a sound licence: %+v", f)
		}
	}
	tried := map[string]bool{}
	for _, r := range rules {
		tried[r.key] = true
		l := sound()
		r.change(&l)
		found := false
		for _, f := range l.Check(facts()) {
			found = found || f.Key == r.key && f.Severity == r.severity && f.Field == r.field
			if f.Law == "" {
				t.Errorf("%s: %s cites no law", r.key, f.Key)
			}
		}
		if !found {
			t.Errorf("%s (%s, %s) is not found", r.key, r.severity, r.field)
		}
		if refused := len(Errors(l.Check(facts()))) > 0; refused != (r.severity == Wrong) {
			t.Errorf("%s: forbids submitting: %v", r.key, refused)
		}
	}
	for _, file := range []string{"licence_check.go", "licence_check_dates.go", "licence_check_goods.go", "licence_check_shipment.go"} {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(check\.[a-z_.]+)"`).FindAllStringSubmatch(string(code), -1) {
			if !tried[m[1]] && m[1] != "check.number_form" { // what no *Error says
				t.Errorf("%s: no rule tries %s", file, m[1])
			}
		}
	}
}

func TestAnswersStandBesideTheirFindings(t *testing.T) {
	l := sound()
	l.Form.IssuingBody.Name = "PT Kayu"
	answer := func(key, field, words string) error {
		_, err := l.AnswerFinding(by(RoleOperator), noon, l.Check(facts()), key, field, words)
		return err
	}
	if err := answer("check.issuing_unknown", "issuing_body.name", " new since May "); err != nil {
		t.Fatal(err)
	}
	told := func() (out []string) {
		for _, f := range l.Check(facts()) {
			if f.Answer != "" {
				out = append(out, f.Key+": "+f.Answer)
			}
		}
		return out
	}
	if got := fmt.Sprint(told()); got != "[check.issuing_unknown: new since May]" {
		t.Error(got)
	}
	for name, err := range map[string]error{"an ok": answer("check.number_ok", "number", "x"), "another box": answer("check.issuing_unknown", "number", "x")} {
		if key(err) != "licence.answer.gone" {
			t.Errorf("%s was answered: %v", name, err)
		}
	}
	if err := answer("check.issuing_unknown", "issuing_body.name", strings.Repeat("x", 501)); boxKey(err) != "error.too_long" {
		t.Error(err)
	}
	if err := answer("check.issuing_unknown", "issuing_body.name", ""); err != nil || len(told()) != 0 || len(l.Answers) != 0 {
		t.Errorf("taken back: %v %v", err, l.Answers)
	}
	l.Form.Transport = ""
	if err := answer("check.required", "transport", "none"); key(err) != "licence.answer.gone" {
		t.Errorf("what is wrong was answered: %v", err)
	}
	l.State = Submitted
	if err := answer("check.issuing_unknown", "issuing_body.name", "late"); KindOf(err) != Conflict {
		t.Errorf("answered after submitting: %v", err)
	}
}

func TestContainers(t *testing.T) {
	for text, want := range map[string]string{
		"": "[]", "csqu3054383": "[CSQU3054383]", "CSQU 305438 3, csqu-305438-3": "[CSQU3054383]",
		"MSKU1234565 TGHU1234567\nHLXU7654321; X": "[MSKU1234565 TGHU1234567 HLXU7654321 X]",
	} {
		if got := fmt.Sprint(ContainerNumbers(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	// The example of the standard, and every single changed digit of it.
	if form, digit := CheckContainer("CSQU3054383"); !form || !digit {
		t.Error("the standard's own example is refused")
	}
	for i := 4; i < 10; i++ {
		for d := byte('0'); d <= '9'; d++ {
			n := []byte("CSQU3054383")
			if n[i] == d {
				continue
			}
			n[i] = d
			if form, digit := CheckContainer(string(n)); !form || digit {
				t.Errorf("%s: form %v, digit %v", n, form, digit)
			}
		}
	}
	for _, bad := range []string{"", "CSQX3054383", "CSQU305438", "CSQU30543833", "1SQU3054383", "CSQUA054383", "CSQU305438X"} {
		if form, _ := CheckContainer(bad); form {
			t.Errorf("%q is taken for a container number", bad)
		}
	}
}

func FuzzChecks(f *testing.F) {
	f.Add("16.00123-00456.001-ID-DK", "2016-11-18", "4407.29", "8.412", "CSQU3054383", "DK003103", "Jati")
	f.Fuzz(func(t *testing.T, number, day, hs, amount, containers, office, name string) {
		l := sound()
		l.Form.Number, l.Form.Issued, l.Form.Expires, l.Form.Arrival, l.Form.Containers, l.Form.Office = number, Date(day), Date(day), Date(day), containers, office
		l.Form.Goods[0].HS, l.Form.Goods[0].Volume, l.Form.Goods[0].Weight, l.Form.Goods[0].Units = hs, Amount(amount), Amount(amount), Amount(amount)
		l.Form.Goods[0].Species = []Species{{Common: name, Scientific: name}}
		for _, found := range l.Check(facts()) {
			if found.Law == "" || found.Key == "" {
				t.Fatalf("%+v", found)
			}
		}
	})
}
