package flegt

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2016, 12, 6, 12, 0, 0, 0, time.UTC)

func by(r Role) Actor { return Actor{Account: "a", Role: r, Body: "b", Country: "DK"} }

// steps does each verb of the table, with good arguments.
func steps() map[Verb]func(*Licence, Actor) error {
	good := Proof{Reference: "LIU 17/2016", File: &Attachment{ID: "x"}}
	mark := func(v Verb) func(*Licence, Actor) error {
		return func(l *Licence, a Actor) error {
			_, err := l.AddMark(a, noon, Mark{Verb: v, Reason: "because", Successors: []string{"17.00001-00001.001-ID-DK"}, Confirmation: good})
			return err
		}
	}
	return map[Verb]func(*Licence, Actor) error{
		VerbCreate:             func(l *Licence, a Actor) error { _, err := l.Create(a, noon, l.Form); return err },
		VerbEdit:               func(l *Licence, a Actor) error { _, err := l.Edit(a, noon, l.Form); return err },
		VerbSubmit:             func(l *Licence, a Actor) error { _, err := l.Submit(a, noon, DateOf(noon), nil); return err },
		VerbWithdraw:           func(l *Licence, a Actor) error { _, err := l.Withdraw(a, noon); return err },
		VerbDiscard:            func(l *Licence, a Actor) error { _, err := l.Discard(a, noon); return err },
		VerbAccept:             func(l *Licence, a Actor) error { _, err := l.Accept(a, noon, Limits{}); return err },
		VerbReject:             func(l *Licence, a Actor) error { _, err := l.Reject(a, noon, "other", "because"); return err },
		VerbReturn:             func(l *Licence, a Actor) error { _, err := l.SendBack(a, noon, "box 14", nil); return err },
		VerbWithdrawAcceptance: func(l *Licence, a Actor) error { _, err := l.WithdrawAcceptance(a, noon, false, "because"); return err },
		VerbIssue:              func(l *Licence, a Actor) error { _, err := l.Issue(a, noon, l.Form, "hash", nil); return err },
		VerbClaim:              func(l *Licence, a Actor) error { _, err := l.Claim(a, noon); return err },
		VerbUnclaim:            func(l *Licence, a Actor) error { _, err := l.Unclaim(a, noon); return err },
		VerbReplace:            mark(VerbReplace),
		VerbCancel:             mark(VerbCancel),
		VerbReportLost:         mark(VerbReportLost),
		VerbExtend: func(l *Licence, a Actor) error {
			_, err := l.Extend(a, noon, "2017-02-01", good, Limits{})
			return err
		},
		VerbCorrectOnPaper: func(l *Licence, a Actor) error {
			_, err := l.CorrectOnPaper(a, noon, "number", "one digit", good)
			return err
		},
	}
}

// TestStatesRolesVerbs walks every state, and none, with every role and every verb, for
// licences on paper and electronic ones: what the table does not have is refused and changes
// nothing. The ledger's verb, release, is tested with the ledger.
func TestStatesRolesVerbs(t *testing.T) {
	steps := steps()
	for _, v := range Verbs {
		if steps[v] == nil && v != VerbRelease {
			t.Errorf("%s is not tried", v)
		}
	}
	for _, electronic := range []bool{false, true} {
		for _, state := range append([]LicenceState{""}, LicenceStates...) {
			for _, role := range append(Roles, "") {
				for verb, step := range steps {
					name := fmt.Sprintf("%s %s %s electronic %v", state, role, verb, electronic)
					l := Licence{ID: "l", State: state, Version: 1, SubmittedAt: noon, Electronic: electronic, Form: Form{Number: "n1", Expires: "2017-01-01", Export: "ID"}}
					before := l
					row, allowed := Next(state, role, verb)
					allowed = allowed && !kept(electronic, state, verb)
					err := step(&l, by(role))
					switch {
					case allowed && err != nil:
						t.Errorf("%s: %v", name, err)
					case allowed && l.State != row.To:
						t.Errorf("%s: now %q, want %q", name, l.State, row.To)
					case !allowed && KindOf(err) != Conflict && KindOf(err) != Refused:
						t.Errorf("%s: %v, want a Conflict", name, err)
					case !allowed && !reflect.DeepEqual(l, before):
						t.Errorf("%s: refused, but changed", name)
					}
				}
			}
		}
	}
}

// kept are the rows that hold for one kind of licence only: an electronic one is given back
// and not thrown away, and what an operator types is not yet the issuing country's.
func kept(electronic bool, state LicenceState, verb Verb) bool {
	if state != Draft {
		return false
	}
	if electronic {
		return verb == VerbDiscard
	}
	return contains([]string{"unclaim", "replace", "cancel", "report_lost", "extend", "correct_on_paper"}, string(verb))
}

// TestRowsAreUnique: no state, role and verb stands in the table twice.
func TestRowsAreUnique(t *testing.T) {
	seen := map[Transition]bool{}
	for _, row := range Transitions {
		k := Transition{Verb: row.Verb, From: row.From, Role: row.Role}
		if seen[k] {
			t.Errorf("%+v stands twice", k)
		}
		seen[k] = true
	}
}

func TestReturnKeepsThePlaceInTheQueue(t *testing.T) {
	l := Licence{ID: "l", State: Draft, Form: Form{Number: "n", Expires: "2017-01-01", Goods: []GoodsLine{{Line: 1, Volume: "1"}}}}
	do := func(_ Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(l.Submit(by(RoleOperator), noon, DateOf(noon), nil))
	do(l.SendBack(by(RoleAuthority), noon.Add(time.Hour), "", []BoxRemark{{}, {Field: "goods.0.volume", Words: " change box 14 "}}))
	if want := []BoxRemark{{Field: "goods.0.volume", Line: 1, Words: "change box 14"}}; !reflect.DeepEqual(l.Return.Remarks, want) {
		t.Errorf("%+v", l.Return.Remarks)
	}
	form := l.Form
	form.Goods = []GoodsLine{{Line: 1, Volume: "2"}}
	do(l.Edit(by(RoleOperator), noon.Add(2*time.Hour), form))
	e, err := l.Submit(by(RoleOperator), noon.Add(48*time.Hour), DateOf(noon.Add(48*time.Hour)), nil)
	do(e, err)
	if e.Verb != "resubmitted" || !l.SubmittedAt.Equal(noon) || l.State != Submitted {
		t.Errorf("%s, submitted at %s", e.Verb, l.SubmittedAt)
	}
	for name, c := range map[string]struct {
		words   string
		remarks []BoxRemark
		want    string
	}{
		"nothing":      {"", nil, "licence.return.nothing"},
		"no such box":  {"", []BoxRemark{{Field: "goods.7.volume", Words: "x"}}, "error.choose"},
		"no words":     {"", []BoxRemark{{Field: "number"}}, "licence.return.words"},
		"long words":   {"", []BoxRemark{{Field: "number", Words: strings.Repeat("x", 501)}}, "error.too_long"},
		"too long":     {strings.Repeat("x", 2001), nil, "error.too_long"},
		"too many":     {"", slices.Repeat([]BoxRemark{{Field: "number", Words: "x"}}, MaxRemarks+1), "licence.return.too_many"},
		"empty ones":   {"", append(make([]BoxRemark, 8*MaxLines), BoxRemark{Field: "scan", Words: "page 2 is missing"}), ""},
		"words alone":  {"see the scan", nil, ""},
		"the scan too": {"", []BoxRemark{{Field: "scan", Words: "page 2 is missing"}}, ""},
	} {
		l := l
		_, err := l.SendBack(by(RoleAuthority), noon, c.words, c.remarks)
		if got := boxKey(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestEverySendingBackIsKept: an earlier one stays readable, a remark stays with its goods line
// when lines move up, and there is an end to it.
func TestEverySendingBackIsKept(t *testing.T) {
	l := Licence{ID: "l", State: Submitted, SubmittedAt: noon, NextLine: 3, Form: Form{Number: "n", Goods: []GoodsLine{{Line: 1, Volume: "1"}, {Line: 2, Volume: "2"}}}}
	for i := range MaxReturns {
		l.State = Submitted
		if _, err := l.SendBack(by(RoleAuthority), noon.Add(time.Duration(i)*time.Hour), fmt.Sprint(i), []BoxRemark{{Field: "goods.1.volume", Words: "x"}, {Field: "goods.0.hs", Words: "y"}, {Field: "number", Words: "z"}}); err != nil {
			t.Fatal(i, err)
		}
	}
	if len(l.Returned) != MaxReturns-1 || l.Returned[0].Words != "0" || l.Return.Words != fmt.Sprint(MaxReturns-1) {
		t.Errorf("%d earlier ones, the last %q", len(l.Returned), l.Return.Words)
	}
	l.State = Submitted
	before := l
	if _, err := l.SendBack(by(RoleAuthority), noon, "again", nil); KindOf(err) != TooLarge || !reflect.DeepEqual(before, l) {
		t.Errorf("once too often: %v", err)
	}
	l.Form.Goods = l.Form.Goods[1:] // line 1 is taken out, line 2 moves up
	want := []struct {
		box   FormBox
		there bool
	}{{FormBox{"14", "goods.0.volume", "licence.volume", 2}, true}, {FormBox{"10", "", "licence.hs", 1}, false}, {FormBox{"3", "number", "licence.number", 0}, true}}
	for i, r := range l.Returned[0].Remarks {
		if b, there := l.RemarkBox(r); b != want[i].box || there != want[i].there {
			t.Errorf("%+v: %+v %v, want %+v", r, b, there, want[i])
		}
	}
	if b, there := l.RemarkBox(BoxRemark{Field: "nothing"}); there || b != (FormBox{}) {
		t.Errorf("%+v", b)
	}
}

// boxKey is the sentence of the first box of an error.
func boxKey(err error) string {
	if e, ok := err.(*Error); ok && len(e.Boxes) > 0 {
		return e.Boxes[0].Key
	}
	return ""
}

func TestAcceptanceIsWithdrawnOnlyWhileNothingIsReleased(t *testing.T) {
	l := Licence{State: Accepted}
	if _, err := l.WithdrawAcceptance(by(RoleAuthority), noon, true, "because"); key(err) != "licence.released_already" || l.State != Accepted {
		t.Errorf("%v, %s", err, l.State)
	}
	if _, err := l.WithdrawAcceptance(by(RoleAuthority), noon, false, " "); boxKey(err) != "error.reason_required" || l.State != Accepted {
		t.Errorf("%v, %s", err, l.State)
	}
	g := ledger(Accepted)
	moves, err := g.Reserve(by(RoleCustoms), noon, Claim{MRN: "M", Office: "DK003103", Items: []Item{{Line: 1, Unit: CubicMetre, Quantity: Million}}})
	if err != nil {
		t.Fatal(err)
	}
	g.Movements = moves
	if _, err := g.Licence.WithdrawAcceptance(by(RoleAuthority), noon, g.Started(), "because"); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Reserve(by(RoleCustoms), noon, Claim{MRN: "N", Office: "DK003103", Items: []Item{{Line: 1, Unit: CubicMetre, Quantity: Million}}}); key(err) != "clearance.acceptance_withdrawn" {
		t.Errorf("booked more: %v", err)
	}
	if out, err := g.Release(by(RoleCustoms), noon, "M", ""); err != nil || len(out.Movements) != 1 || out.Code != OutcomeLeftStatus {
		t.Errorf("what was booked is released: %v %v", out, err)
	}
}

func TestMarks(t *testing.T) {
	proof := Proof{Reference: "LIU 17", File: &Attachment{ID: "x"}}
	replaced := Mark{Verb: VerbReplace, Reason: "split", Successors: []string{" 16.00001-00002.001-id-dk", "16.00001-00002.001-ID-DK", ""}}
	lost := Mark{Verb: VerbReportLost, Reason: "burnt", Successors: []string{"16.00001-00002.001-ID-DK"}}
	for name, c := range map[string]struct {
		role   Role
		before []Mark
		m      Mark
		want   string
	}{
		"its own country needs no proof": {RoleLicensing, nil, replaced, ""},
		"the authority needs a proof":    {RoleAuthority, nil, replaced, "licence.confirmation.reference"},
		"with a proof":                   {RoleAuthority, nil, Mark{Verb: VerbCancel, Reason: "r", Confirmation: proof}, ""},
		"a file alone":                   {RoleAuthority, nil, Mark{Verb: VerbCancel, Reason: "r", Confirmation: Proof{File: proof.File}}, "licence.confirmation.reference"},
		"a reference alone":              {RoleAuthority, nil, Mark{Verb: VerbCancel, Reason: "r", Confirmation: Proof{Reference: "x"}}, "licence.confirmation.file"},
		"no reason":                      {RoleLicensing, nil, Mark{Verb: VerbCancel}, "error.reason_required"},
		"no successor":                   {RoleLicensing, nil, Mark{Verb: VerbReplace, Reason: "r"}, "licence.mark.successor_required"},
		"itself":                         {RoleLicensing, nil, Mark{Verb: VerbReplace, Reason: "r", Successors: []string{"16.00001-00001.001-ID-DK"}}, "licence.mark.itself"},
		"no number":                      {RoleLicensing, nil, Mark{Verb: VerbReplace, Reason: "r", Successors: []string{"x"}}, "licence_number.indonesia"},
		"too many":                       {RoleLicensing, nil, Mark{Verb: VerbReplace, Reason: "r", Successors: make([]string, MaxSuccessors+1)}, "licence.mark.too_many"},
		"no day":                         {RoleLicensing, nil, Mark{Verb: VerbCancel, Reason: "r", From: "soon"}, "check.date_form"},
		"in the future":                  {RoleLicensing, nil, Mark{Verb: VerbCancel, Reason: "r", From: "2016-12-08"}, "licence.mark.future"},
		"lost":                           {RoleLicensing, nil, lost, ""},
		"lost twice":                     {RoleLicensing, []Mark{lost}, lost, "licence.mark.already"},
		"lost, then replaced":            {RoleLicensing, []Mark{lost}, replaced, ""},
		"cancelled, then lost":           {RoleLicensing, []Mark{{Verb: VerbCancel}}, lost, "licence.mark.already"},
		"replaced twice":                 {RoleLicensing, []Mark{replaced}, replaced, "licence.mark.already"},
		"no mark at all":                 {RoleLicensing, nil, Mark{Verb: VerbAccept, Reason: "r"}, "licence.no_such_step"},
	} {
		l := Licence{State: Accepted, Marks: c.before, SubmittedAt: noon, Form: Form{Number: "16.00001-00001.001-ID-DK", Export: "ID", Expires: "2017-01-01"}}
		_, err := l.AddMark(by(c.role), noon, c.m)
		got := boxKey(err)
		if got == "" && err != nil {
			got = key(err)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
			continue
		}
		if c.want != "" {
			continue
		}
		m, marked := l.MarkedAs()
		if !marked || l.State != Accepted || key(l.Clearable()) != "licence.marked."+m.Name() {
			t.Errorf("%s: %+v, state %s, clearable %v", name, l.Marks, l.State, l.Clearable())
		}
		if want := map[Verb]int{VerbReplace: 1}[m.Verb]; len(m.Successors) != want {
			t.Errorf("%s: successors %v", name, m.Successors)
		}
	}
}

func TestExtensionsCountWithAConfirmation(t *testing.T) {
	indonesia := Limits{ValidityMonths: 4, ExtensionMonths: 2}
	proof := Proof{Reference: "LIU 17", File: &Attachment{ID: "x"}}
	paper := func(expires Date) Licence {
		return Licence{State: Submitted, SubmittedAt: noon, Form: Form{Number: "n", Export: "ID", Issued: "2016-08-01", Expires: expires}}
	}
	l := paper("2016-12-01") // void on 6 December
	if _, err := l.Accept(by(RoleAuthority), noon, indonesia); key(err) != "licence.void_lodged_late" {
		t.Errorf("void: %v", err)
	}
	for until, want := range map[Date]string{"2017-02-02": "licence.extend.too_long", "2016-12-01": "licence.extend.not_later", "x": "check.date_form", "2016-11-30": "licence.extend.not_later"} {
		again := l
		if _, err := again.Extend(by(RoleAuthority), noon, until, proof, indonesia); boxKey(err) != want {
			t.Errorf("to %s: %v, want %s", until, err, want)
		}
	}
	if _, err := l.Extend(by(RoleAuthority), noon, "2017-02-01", Proof{}, indonesia); boxKey(err) != "licence.confirmation.reference" {
		t.Errorf("no proof: %v", err)
	}
	if _, err := l.Extend(by(RoleAuthority), noon, "2017-02-01", proof, indonesia); err != nil || l.ValidUntil() != "2017-02-01" {
		t.Fatalf("%v, %s", err, l.ValidUntil())
	}
	if _, err := l.Extend(by(RoleLicensing), noon, "2017-02-01", Proof{}, indonesia); key(err) != "licence.extend.once" {
		t.Errorf("twice: %v", err)
	}
	if _, err := l.Accept(by(RoleAuthority), noon, indonesia); err != nil || l.Clearable() != nil {
		t.Errorf("extended: %v, %v", err, l.Clearable())
	}
	typed := paper("2017-01-31") // the paper was changed; nobody confirmed it
	if _, err := typed.Accept(by(RoleAuthority), noon, indonesia); key(err) != "licence.extension_unconfirmed" {
		t.Errorf("unconfirmed: %v", err)
	}
	if _, err := typed.Accept(by(RoleAuthority), noon, Limits{}); err != nil {
		t.Errorf("a country whose limits are not known: %v", err)
	}
	typed = paper("2017-01-31")
	if _, err := typed.Extend(by(RoleLicensing), noon, "2017-01-31", Proof{}, indonesia); err != nil {
		t.Errorf("confirmed as typed: %v", err)
	}
	if _, err := typed.Accept(by(RoleAuthority), noon, indonesia); err != nil {
		t.Errorf("confirmed: %v", err)
	}
}

func TestElectronicLicenceIsLocked(t *testing.T) {
	form := ledger(Draft).Licence.Form
	l := Licence{Form: form, NextLine: 1}
	if _, err := l.Issue(by(RoleLicensing), noon, form, "hash", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Claim(by(RoleOperator), noon); err != nil || l.Operator != "b" {
		t.Fatal(err, l.Operator)
	}
	facts := l.Form
	facts.Arrival, facts.ArrivalPlace, facts.Office, facts.Remarks, facts.OwnInvoice = "2016-12-24", "Aarhus", "DK003103", "private", "INV 1"
	if _, err := l.Edit(by(RoleOperator), noon, facts); err != nil {
		t.Fatal(err)
	}
	changes := map[string]func(*Form){
		"issuing_body.name":            func(f *Form) { f.IssuingBody.Address = "x" },
		"importer.name":                func(f *Form) { f.Importer.Name = "x" },
		"number":                       func(f *Form) { f.Number = "x" },
		"expires":                      func(f *Form) { f.Expires = "2018-01-01" },
		"export":                       func(f *Form) { f.Export = "GH" },
		"transport":                    func(f *Form) { f.Transport = "x" },
		"licensee.name":                func(f *Form) { f.Licensee.Name = "x" },
		"goods":                        func(f *Form) { f.Goods = f.Goods[:1] },
		"goods.0.line":                 func(f *Form) { f.Goods[0].Line = 7 },
		"goods.0.description":          func(f *Form) { f.Goods[0].Description = "x" },
		"goods.1.hs":                   func(f *Form) { f.Goods[1].HS = "x" },
		"goods.0.species.0.scientific": func(f *Form) { f.Goods[0].Species = []Species{{Common: "x"}} },
		"goods.0.harvest":              func(f *Form) { f.Goods[0].Harvest = []string{"MY"} },
		"goods.0.volume":               func(f *Form) { f.Goods[0].Volume = "9" },
		"goods.0.weight":               func(f *Form) { f.Goods[0].Weight = "9" },
		"goods.0.units":                func(f *Form) { f.Goods[0].Units = "9" },
		"invoice":                      func(f *Form) { f.Invoice = "x" },
		"bill_of_lading":               func(f *Form) { f.BillOfLading = "x" },
		"containers":                   func(f *Form) { f.Containers = "x" },
		"marks":                        func(f *Form) { f.Marks = "x" },
		"issue_place":                  func(f *Form) { f.IssuePlace = "x" },
		"issued":                       func(f *Form) { f.Issued = "x" },
	}
	for box, change := range changes {
		before, f := l, facts
		f.Goods = append([]GoodsLine{}, facts.Goods...)
		change(&f)
		_, err := l.Edit(by(RoleOperator), noon, f)
		e, ok := err.(*Error)
		if !ok || len(e.Boxes) != 1 || e.Boxes[0].Box != box || e.Boxes[0].Key != "licence.locked" || !reflect.DeepEqual(l, before) {
			t.Errorf("%s: %v", box, err)
		}
	}
	if _, err := l.Unclaim(by(RoleOperator), noon); err != nil || l.Operator != "" || l.Form.Remarks+l.Form.Office+l.Form.OwnInvoice+l.Form.ArrivalPlace+string(l.Form.Arrival) != "" || l.State != Issued {
		t.Errorf("given back: %v %+v", err, l)
	}
}

// TestLicenceCycleIsDrawnFromTheTable keeps docs/licence-cycle.md true.
func TestLicenceCycleIsDrawnFromTheTable(t *testing.T) {
	file := "../../docs/licence-cycle.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{CycleTable(), CycleDiagram()} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s does not hold what the table says; it should:\n%s", file, want)
		}
	}
}

func TestLineNumbersAreNeverGivenAgain(t *testing.T) {
	l := Licence{State: Draft}
	line := func(n int, what string) GoodsLine { return GoodsLine{Line: n, Description: what} }
	edit := func(g ...GoodsLine) []int {
		t.Helper()
		if _, err := l.Edit(by(RoleOperator), noon, Form{Goods: g}); err != nil {
			t.Fatal(err)
		}
		var out []int
		for _, g := range l.Form.Goods {
			out = append(out, g.Line)
		}
		return out
	}
	if got := edit(line(0, "chair"), line(0, "table"), line(0, "")); !reflect.DeepEqual(got, []int{1, 2}) {
		t.Errorf("new lines: %v", got)
	}
	if got := edit(line(1, "chair")); !reflect.DeepEqual(got, []int{1}) {
		t.Errorf("one taken away: %v", got)
	}
	if got := edit(line(1, "chair"), line(0, "bench"), line(2, "table again"), line(1, "doubled"), line(99, "forged")); !reflect.DeepEqual(got, []int{1, 3, 2, 4, 5}) {
		t.Errorf("line 2 came back by its own number, others are new: %v", got)
	}
}

func TestQuantities(t *testing.T) {
	for in, want := range map[string]string{"8.412": "8.412", "8,412": "8.412", " 1 234.5 ": "1234.5", "0": "0", "0.000001": "0.000001", ".5": "0.5", "12.000000": "12", "1000000000": "1000000000"} {
		q, err := ParseQuantity(in)
		if err != nil || q.String() != want {
			t.Errorf("%q: %s, %v; want %s", in, q, err, want)
		}
	}
	for in, key := range map[string]string{"": "quantity.empty", "-1": "quantity.negative", "1.234,5": "quantity.marks", "1.2345678": "quantity.decimals",
		"abc": "quantity.digits", ".": "quantity.digits", "1000000000.1": "quantity.large", strings.Repeat("9", 40): "quantity.large", "1e5": "quantity.digits"} {
		_, err := ParseQuantity(in)
		e, ok := err.(*Error)
		if !ok || e.Key != key {
			t.Errorf("%q: %v, want %s", in, err, key)
		}
	}
	if got := Quantity(12_500_000).WithTolerance(CubicMetre); got != 13_750_000 {
		t.Errorf("12.5 m³ with 10 %%: %s", got)
	}
	if got := Quantity(480 * Million).WithTolerance(Piece); got != 480*Million {
		t.Errorf("pieces are counted: %s", got)
	}
}

func FuzzQuantity(f *testing.F) {
	for _, s := range []string{"8.412", "1,5", "-1", "1.234,5", "٣", "1 000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := ParseQuantity(s)
		if err != nil {
			return
		}
		if q < 0 || q > MaxQuantity {
			t.Fatalf("%q: %d is out of bounds", s, q)
		}
		if again, err := ParseQuantity(q.String()); err != nil || again != q {
			t.Fatalf("%q: %s reads as %s, %v", s, q, again, err)
		}
	})
}

func ledger(state LicenceState) Ledger {
	return Ledger{Licence: Licence{ID: "l", State: state, SubmittedAt: noon, Form: Form{Number: "16.1", Expires: "2017-03-17", Goods: []GoodsLine{
		{Line: 1, HS: "9401.69", Volume: "8.412", Weight: "5120", Units: "480"}, {Line: 2, HS: "9403.60", Weight: "3890"}}}}}
}

func key(err error) string {
	if e, ok := err.(*Error); ok {
		return e.Key
	}
	return fmt.Sprint(err)
}

func TestLedgerRefusals(t *testing.T) {
	item := func(line int, u Unit, q Quantity) []Item { return []Item{{Line: line, Unit: u, Quantity: q}} }
	mrn := "26DK16RF3TDPZE7AR2"
	for name, c := range map[string]struct {
		g     Ledger
		items []Item
		want  string
	}{
		"submitted only":     {ledger(Submitted), item(1, CubicMetre, Million), "clearance.not_accepted"},
		"rejected":           {ledger(Rejected), item(1, CubicMetre, Million), "clearance.not_accepted"},
		"unknown line":       {ledger(Accepted), item(3, CubicMetre, Million), "clearance.no_such_line"},
		"unit not on paper":  {ledger(Accepted), item(2, CubicMetre, Million), "clearance.unit_differs"},
		"above tolerance":    {ledger(Accepted), item(1, CubicMetre, 9_253_201), "clearance.not_enough"},
		"at tolerance":       {ledger(Accepted), item(1, CubicMetre, 9_253_200), "<nil>"},
		"nothing asked":      {ledger(Accepted), nil, "error.boxes"},
		"zero":               {ledger(Accepted), item(1, CubicMetre, 0), "error.boxes"},
		"other HS code":      {ledger(Accepted), []Item{{Line: 1, HS: "4407 29", Unit: CubicMetre, Quantity: 1}}, "clearance.hs_differs"},
		"HS code longer":     {ledger(Accepted), []Item{{Line: 1, HS: "94016900", Unit: CubicMetre, Quantity: 1}}, "<nil>"},
		"twice on one line":  {ledger(Accepted), append(item(1, CubicMetre, 5*Million), item(1, CubicMetre, 5*Million)...), "clearance.not_enough"},
		"pieces have no ten": {ledger(Accepted), item(1, Piece, 481*Million), "clearance.not_enough_pieces"},
	} {
		if _, err := c.g.Reserve(by(RoleCustoms), noon, Claim{MRN: mrn, Office: "DK003103", Items: c.items}); key(err) != c.want {
			t.Errorf("%s: %s, want %s", name, key(err), c.want)
		}
	}
	late := ledger(Accepted)
	late.Licence.Form.Expires = "2016-12-05"
	if _, err := late.Reserve(by(RoleCustoms), noon, Claim{MRN: mrn, Office: "DK003103", Items: item(1, CubicMetre, 1)}); key(err) != "clearance.expired_at_lodging" {
		t.Errorf("expired when it was lodged: %v", err)
	}
}

func TestNounsSurviveJSON(t *testing.T) {
	l := ledger(Accepted).Licence
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var again Licence
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(l, again) {
		t.Errorf("%+v, %v", again, err)
	}
}
