package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// TestPagesOfTheMostBooked: a licence under which very many declarations are booked, each from many
// lines, has pages below 100 kB; the last declarations stand on the first, and each is on one of them.
func TestPagesOfTheMostBooked(t *testing.T) {
	w, x := weighing(t)
	mette, officer, customs := w.Importer("mette"), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
	l, err := w.Office.SubmitLicence(t.Context(), mette, longest(w, mette).ID, 0)
	if err == nil {
		l, err = w.Office.AcceptLicence(t.Context(), officer, l.ID, l.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
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
