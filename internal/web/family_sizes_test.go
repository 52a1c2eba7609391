package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// TestPagesOfTheLargestFamily: the longest licence, at the end of a row of others and split again and
// again, has pages below 100 kB, on which it is said that there are others.
func TestPagesOfTheLargestFamily(t *testing.T) {
	w, x := weighing(t)
	mette, officer, budi := w.Importer("mette"), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("budi", flegt.RoleLicensing, "LA-ID", "ID")
	self := longest(w, mette)
	number := func(n int) string { return fmt.Sprintf("16.00002-%05d.001-ID-DK", n) }
	issue := func(n int) flegt.Licence {
		t.Helper()
		f := self.Form
		f.Number, f.Goods = number(n), f.Goods[:1]
		l, _, err := w.Office.IssueLicence(t.Context(), budi, f, "DK", "")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	replace := func(l flegt.Licence, by ...string) {
		t.Helper()
		if _, err := w.Office.MarkLicence(t.Context(), budi, l.ID, 0, flegt.Mark{Verb: flegt.VerbReplace, Reason: strings.Repeat("<", 2_000), Successors: by}, registry.Evidence{}); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 9 {
		by := []string{number(n + 1)}
		if n == 8 {
			by = []string{self.Form.Number}
		}
		replace(issue(n), by...)
	}
	var err error
	if self, err = w.Office.SubmitLicence(t.Context(), mette, self.ID, 0); err != nil {
		t.Fatal(err)
	}
	var twenty, more []string
	for n := range 20 {
		twenty, more = append(twenty, number(20+n)), append(more, number(40+n))
	}
	for _, n := range append(twenty, more...) {
		var at int
		fmt.Sscanf(n, "16.00002-%05d", &at)
		if l := issue(at); at < 40 {
			replace(l, more...)
		}
	}
	x.get(officer, "/desk/"+self.ID)
	replace(self, twenty...)
	at := "/licences/" + self.ID
	body := x.get(budi, at, number(3), number(39), "others before or after it are not shown here")
	if strings.Contains(body, number(2)) {
		t.Error("seven generations back")
	}
	for _, a := range []flegt.Actor{mette, officer} {
		x.get(a, at)
	}
	x.get(officer, "/desk/"+self.ID)
	x.get(budi, "/licences/"+self.ID+"?lines=3")
}
