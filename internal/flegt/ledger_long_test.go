package flegt_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "github.com/openflegt/openflegt/internal/flegt"
)

// longLedger is a licence of as many lines as one may have, each in all its units, under which
// declarations booked each of them, some in part, and some gave everything back.
func longLedger(t testing.TB, declarations int) (Ledger, []Item) {
	g := book(t)
	g.Licence.Form.Goods = nil
	var items []Item
	for n := range MaxLines {
		g.Licence.Form.Goods = append(g.Licence.Form.Goods, GoodsLine{Line: n + 1, HS: "44079960", Volume: "1000", Weight: "700000", Units: "9000"})
		for _, u := range []Unit{CubicMetre, Kilogram, Piece} {
			items = append(items, Item{Line: n + 1, Unit: u, Quantity: Million})
		}
	}
	for n := range declarations {
		mrn := fmt.Sprintf("26DK00310010%06d", n)
		moves, err := g.Reserve(customs, noon, Claim{MRN: mrn, Office: "DK003100", Items: items})
		if err != nil {
			t.Fatal(err)
		}
		g.Movements = append(g.Movements, moves...)
		end := []func(Actor, time.Time, string, string) (Outcome, error){g.Delete, g.Release}[n%2]
		out, err := end(customs, noon, mrn, "DK003100")
		if err != nil {
			t.Fatal(err)
		}
		g.Movements = append(g.Movements, out.Movements...)
	}
	return g, items
}

// A long licence is added up in another way than a short one, which goes through its movements for
// each line; each of its lines must come to what it comes to alone.
func TestLinesOfALongLicenceComeToWhatTheyComeToAlone(t *testing.T) {
	g, items := longLedger(t, 3)
	all := g.Positions()
	if len(all) != len(items) {
		t.Fatalf("%d positions of %d boxes", len(all), len(items))
	}
	for n, line := range g.Licence.Form.Goods {
		alone := g
		alone.Licence.Form.Goods = []GoodsLine{line}
		alone.Movements = slices.DeleteFunc(slices.Clone(g.Movements), func(m Movement) bool { return m.Line != line.Line })
		if got, want := all[3*n:3*n+3], alone.Positions(); !slices.Equal(got, want) {
			t.Fatalf("line %d: %v, and alone %v", line.Line, got, want)
		}
		if used := alone.Use(); used != UseBegun {
			t.Fatalf("line %d is used %q", line.Line, used)
		}
	}
	if use, split := g.Use(), g.Split(); use != UseBegun || split {
		t.Fatalf("used %q, split %v: one declaration of three was released", use, split)
	}
}

func BenchmarkLongLedger(b *testing.B) {
	g, items := longLedger(b, 6)
	claim := Claim{MRN: "26DK00310010999999", Office: "DK003100", Items: items}
	for name, work := range map[string]func(){
		"positions":    func() { g.Positions() },
		"declarations": func() { g.Declarations() },
		"split":        func() { g.Split() },
		"use":          func() { g.Use() },
		"reserve": func() {
			if _, err := g.Reserve(customs, noon, claim); err != nil {
				b.Fatal(err)
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				work()
			}
		})
	}
}
