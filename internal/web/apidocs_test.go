package web_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/web"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// pageRow is a line of the table in docs/api.md: what a page sends, and the operation that does
// the same, or a dash with the reason why there is none.
var pageRow = regexp.MustCompile("(?m)^\\| `(POST [^`]+)` \\| (.+) \\|$")

// TestEveryPageHasItsOperation compares the table of docs/api.md with what the pages take and
// with the operations of docs/openapi.json: a form that no program can send is said so, with
// the reason.
func TestEveryPageHasItsOperation(t *testing.T) {
	operations := operationIDs(t)
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, row := range pageRow.FindAllStringSubmatch(string(text), -1) {
		page, does := row[1], row[2]
		if listed[page] {
			t.Errorf("%s stands twice in docs/api.md", page)
		}
		listed[page] = true
		if reason, none := strings.CutPrefix(does, "— "); none {
			if len(reason) < 10 {
				t.Errorf("%s: why is there no operation?", page)
			}
			continue
		}
		for _, id := range strings.Split(does, ", ") {
			if !operations[strings.Trim(id, "`")] {
				t.Errorf("%s: there is no operation %s in docs/openapi.json", page, id)
			}
		}
	}
	pages := &counter.Server{Options: counter.Options{Accounts: &identity.Identity{}}}
	for _, r := range web.Routes(pages) {
		if !strings.HasPrefix(r.Pattern, "POST ") {
			continue
		}
		if !listed[r.Pattern] {
			t.Errorf("%s has no line in docs/api.md: name the operation that does the same, or say why there is none", r.Pattern)
		}
		delete(listed, r.Pattern)
	}
	for page := range listed {
		t.Errorf("docs/api.md lists %s, which is no page", page)
	}
}

func operationIDs(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, methods := range d.Paths {
		for _, op := range methods {
			out[op.OperationID] = true
		}
	}
	return out
}
