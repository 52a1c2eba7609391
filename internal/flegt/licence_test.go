package flegt

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2016, 12, 6, 12, 0, 0, 0, time.UTC)

func by(r Role) Actor { return Actor{Account: "a", Role: r, Body: "b", Country: "DK"} }

// TestStatesRolesVerbs walks every state with every role and every verb: what the table
// does not have is refused and changes nothing.
func TestStatesRolesVerbs(t *testing.T) {
	steps := map[Verb]func(*Licence, Actor) error{
		VerbEdit:     func(l *Licence, a Actor) error { _, err := l.Edit(a, noon, l.Form); return err },
		VerbSubmit:   func(l *Licence, a Actor) error { _, err := l.Submit(a, noon, nil); return err },
		VerbWithdraw: func(l *Licence, a Actor) error { _, err := l.Withdraw(a, noon); return err },
		VerbDiscard:  func(l *Licence, a Actor) error { _, err := l.Discard(a, noon); return err },
		VerbAccept:   func(l *Licence, a Actor) error { _, err := l.Accept(a, noon); return err },
		VerbReject:   func(l *Licence, a Actor) error { _, err := l.Reject(a, noon, "other", "because"); return err },
	}
	for _, state := range LicenceStates {
		for _, role := range append(Roles, "") {
			for verb, step := range steps {
				name := fmt.Sprintf("%s %s %s", state, role, verb)
				l := Licence{ID: "l", State: state, Version: 1, SubmittedAt: noon, Form: Form{Number: "n", Expires: "2017-01-01"}}
				before := l
				row, allowed := Next(state, role, verb)
				err := step(&l, by(role))
				switch {
				case allowed && err != nil:
					t.Errorf("%s: %v", name, err)
				case allowed && l.State != row.To:
					t.Errorf("%s: now %q, want %q", name, l.State, row.To)
				case !allowed && KindOf(err) != Conflict:
					t.Errorf("%s: %v, want a Conflict", name, err)
				case !allowed && !reflect.DeepEqual(l, before):
					t.Errorf("%s: refused, but changed", name)
				}
			}
		}
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
	if got := Quantity(1234567_500000).Words("da"); got != "1.234.567,5" {
		t.Error(got)
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
		"pieces have no ten": {ledger(Accepted), item(1, Piece, 481*Million), "clearance.not_enough"},
	} {
		if _, err := c.g.Reserve(by(RoleCustoms), noon, mrn, "DK003103", c.items); key(err) != c.want {
			t.Errorf("%s: %s, want %s", name, key(err), c.want)
		}
	}
	late := ledger(Accepted)
	late.Licence.Form.Expires = "2016-12-05"
	if _, err := late.Reserve(by(RoleCustoms), noon, mrn, "DK003103", item(1, CubicMetre, 1)); key(err) != "clearance.expired_at_lodging" {
		t.Errorf("expired when it was lodged: %v", err)
	}
}

func TestReserveReplacesAndReleaseIsForGood(t *testing.T) {
	g := ledger(Accepted)
	a := by(RoleCustoms)
	do := func(moves []Movement, err error) string {
		g.Movements = append(g.Movements, moves...)
		return key(err)
	}
	reserve := func(q Quantity) string {
		return do(g.Reserve(a, noon, "M", "DK003103", []Item{{Line: 1, Unit: CubicMetre, Quantity: q}}))
	}
	reserve(5 * Million)
	reserve(2 * Million)
	if p := g.Positions()[0]; p.Reserved != 2*Million {
		t.Errorf("the second replaces the first: %+v", p)
	}
	do(g.Free(a, noon, "M"))
	if got := do(g.Free(a, noon, "M")); got != "clearance.nothing_reserved" {
		t.Errorf("freed twice: %s", got)
	}
	reserve(8_412_000)
	do(g.Release(a, noon, "M"))
	if got := do(g.Release(a, noon, "M")); got != "clearance.released_already" {
		t.Errorf("released twice: %s", got)
	}
	if got := reserve(1); got != "clearance.released_already" {
		t.Errorf("reserved after release: %s", got)
	}
	for _, p := range g.Positions() {
		if p.Available+p.Reserved+p.Consumed != p.Limit {
			t.Errorf("does not add up: %+v", p)
		}
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
