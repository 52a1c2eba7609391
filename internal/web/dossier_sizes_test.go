package web_test

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestPagesOfTheMostNoted: a case at the desk with very many and long internal notes has pages below
// 100 kB; the last notes stand on the first, and each note is on one of them.
func TestPagesOfTheMostNoted(t *testing.T) {
	w, x := weighing(t)
	mette, officer := w.Importer("mette"), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	l, err := w.Office.SubmitLicence(t.Context(), mette, longest(w, mette).ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	const notes = 60
	note := func(n int) string {
		return strings.TrimSpace(fmt.Sprintf("Note %d & more%s", n, strings.Repeat(" of the usual <length>", 190))[:3990])
	}
	for n := range notes {
		if _, err := w.Office.NoteDossier(t.Context(), officer, l.ID, 0, note(n+1), nil); err != nil {
			t.Fatal(n, err)
		}
	}
	desk := "/desk/" + l.ID
	x.get(officer, desk, html.EscapeString(note(notes)))
	all := x.inPages(officer, desk, "notes", `id="work"`)
	for n := range notes {
		if strings.Count(all, html.EscapeString(note(n+1))) != 1 {
			t.Errorf("note %d stands %d times on the pages", n+1, strings.Count(all, html.EscapeString(note(n+1))))
		}
	}
	for page := 1; page <= 3; page++ {
		if n := strings.Count(x.get(officer, fmt.Sprint(desk, "?work=", page), "<details class=\"of-more\" id=\"work\" open>"), "ecl-timeline__item"); n < 20 {
			t.Errorf("page %d of the work has %d entries", page, n)
		}
	}
}
