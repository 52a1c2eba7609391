package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// longestAccepted is the longest licence, accepted, with those who have to do with it.
func longestAccepted(w *webtest.Town) (l flegt.Licence, mette, officer, customs flegt.Actor) {
	w.T.Helper()
	mette, officer, customs = w.Importer("mette"), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
	l, err := w.Office.SubmitLicence(w.T.Context(), mette, longest(w, mette).ID, 0)
	if err == nil {
		l, err = w.Office.AcceptLicence(w.T.Context(), officer, l.ID, l.Version)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return l, mette, officer, customs
}

// TestPagesOfTheMostBooked: a licence under which very many declarations are booked, each from many
// lines, has pages below 100 kB; the last declarations stand on the first, and each is on one of them.
func TestPagesOfTheMostBooked(t *testing.T) {
	w, x := weighing(t)
	l, mette, officer, customs := longestAccepted(w)
	var mrns []string
	for n := range 60 {
		b := registry.Booking{MRN: fmt.Sprintf("26DK%012dR%d", n, n%10), Office: "DK003103"}
		for line := range 1 + n%2*99 {
			b.Items = append(b.Items, flegt.Item{Line: line + 1, Unit: flegt.Piece, Quantity: 1_000_000})
		}
		if _, err := w.Office.Reserve(t.Context(), customs, l.ID, b); err != nil {
			t.Fatal(n, err)
		}
		mrns = append(mrns, b.MRN)
	}
	at := "/customs/" + l.ID
	x.get(customs, at, mrns[len(mrns)-1])
	x.get(mette, "/licences/"+l.ID)
	x.get(officer, "/desk/"+l.ID)
	x.get(customs, at+"/declarations/"+mrns[1])
	all := x.inPages(customs, at, "declarations", "</section>")
	for _, mrn := range mrns {
		if n := strings.Count(all, "<h3>"+mrn); n != 1 {
			t.Errorf("%s stands %d times on the pages", mrn, n)
		}
	}
}

// TestPagesOfTheLongestDeclaration: a declaration that takes from every line in every unit, and of
// which each was counted again and again, has pages below 100 kB, and everything is on one of them.
func TestPagesOfTheLongestDeclaration(t *testing.T) {
	w, x := weighing(t)
	l, _, _, customs := longestAccepted(w)
	mrn := "26DK000000000001R1"
	b := registry.Booking{MRN: mrn, Office: "DK003103"}
	for line := range flegt.MaxLines {
		for _, u := range []flegt.Unit{flegt.CubicMetre, flegt.Kilogram, flegt.Piece} {
			b.Items = append(b.Items, flegt.Item{Line: line + 1, Unit: u, Quantity: flegt.Million})
		}
	}
	at, dry := "/customs/"+l.ID, "do=dry&mrn="+mrn+"&office=DK003103"
	answer, body := w.Post(customs, at+"/book", dry)
	x.page("a try of everything", answer, body, 200, "Line 1: ", "and 170 more items")
	if _, err := w.Office.Reserve(t.Context(), customs, l.ID, b); err != nil {
		t.Fatal(err)
	}
	for n := range 4 {
		check := flegt.PhysicalCheck{MRN: mrn, Office: "DK003103", Date: "2016-12-05", Outcome: flegt.CheckQuantities, Remarks: fmt.Sprintf("check %02d ", n) + strings.Repeat("<", 1_980), Found: b.Items}
		if _, err := w.Office.PhysicalCheck(t.Context(), customs, l.ID, check); err != nil {
			t.Fatal(n, err)
		}
	}
	x.get(customs, at, mrn)
	at += "/declarations/" + mrn
	x.get(customs, at, "Line 1: 1 m³", "Line 1: 1 piece<", "check 03", "Entries 1 to 60 of 600")
	answer, body = w.Post(customs, at+"/free", "do=dry")
	x.page("a try of giving it back", answer, body, 200, "Line 1: 1 piece; Line 1: 1 kg; Line 1: 1 m³; ", "and 570 more items")
	answer, body = w.Post(customs, at+"/check", "outcome=quantities&date=2016-12-05&remarks="+strings.Repeat("%26", 2_000))
	x.page("a check without quantities", answer, body, 422)
	items, checks := x.inPages(customs, at, "items", "</section>"), x.inPages(customs, at, "checks", "</section>")
	for n := range flegt.MaxLines {
		if got := strings.Count(items, fmt.Sprintf("<li>Line %d: ", n+1)); got != 3 {
			t.Errorf("line %d stands %d times among the items", n+1, got)
		}
	}
	for n := range 4 {
		if got := strings.Count(checks, fmt.Sprintf("check %02d ", n)); got != 1 {
			t.Errorf("check %d stands %d times on the pages", n, got)
		}
	}
	if _, err := w.Office.Release(t.Context(), customs, l.ID, mrn, ""); err != nil {
		t.Fatal(err)
	}
	answer, body = w.Post(customs, at+"/correct", "do=dry&reason=wrong+goods")
	x.page("a try of a correction", answer, body, 200, "and 570 more items")
}
