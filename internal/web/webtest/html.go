package webtest

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// CheckHTML finds what a browser would quietly mend: two elements with one id, a label
// or a description that leads nowhere, a link within the page to nothing.
func CheckHTML(t testing.TB, body string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	var refs []string
	var headings int
	for n := range root.Descendants() {
		if n.Data == "h1" {
			headings++
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "for", a.Key == "aria-describedby", a.Key == "aria-labelledby", a.Key == "aria-controls", a.Key == "list":
				refs = append(refs, strings.Fields(a.Val)...)
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
				refs = append(refs, a.Val[1:])
			}
		}
	}
	if headings != 1 {
		t.Errorf("%d headings h1", headings)
	}
	for id, times := range ids {
		if times > 1 {
			t.Errorf("the id %q stands %d times", id, times)
		}
	}
	for _, ref := range refs {
		if ids[ref] == 0 {
			t.Errorf("nothing has the id %q", ref)
		}
	}
}
