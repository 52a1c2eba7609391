// Package internal holds the rooms of the house. This test is the floor plan: which
// room may enter which. An import that is not on the plan, or a room that is not on
// it, fails the build. See docs/architecture.md and docs/decisions/.
package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/openflegt/openflegt/"

// plan says for every room which other rooms it may enter.
var plan = map[string][]string{
	// words: no I/O, the standard library alone
	"flegt":     {},
	"reference": {"flegt"},
	// words by language (docs/decisions/0001)
	"wording": {"flegt"},
	// materials
	"store":    {"flegt"},
	"mail":     {},
	"document": {"flegt", "reference", "wording"},
	// rules
	"access": {"flegt"},
	// office
	"registry": {"flegt", "reference", "access", "store"},
	"report":   {"flegt", "reference", "store", "wording"},
	"identity": {"flegt", "store"},
	// what follows the event log
	"transparency": {"flegt", "store"},
	"job":          {"flegt", "store"},
	"notice":       {"flegt", "reference", "store", "mail", "wording"},
	// doors
	"inbox": {"flegt", "mail", "registry"},
	"web":   {"flegt", "reference", "document", "report", "identity", "registry", "transparency", "wording"},
	"api":   {"flegt", "reference", "document", "report", "identity", "registry", "transparency", "wording"},
}

// counters are the rooms within web, cut by who stands at the counter, and which others of
// them each may enter (docs/decisions/0013). What two of them share lies in counter.
var counters = map[string][]string{
	"":          {"counter", "operator", "authority", "customs", "support", "account"}, // web itself: all pages together
	"counter":   {},
	"operator":  {"counter"},
	"authority": {"counter"},
	"customs":   {"counter"},
	"support":   {"counter"},
	"account":   {"counter"},
	"webtest":   {"", "counter"}, // for tests
	"staticgen": {},              // makes static files
}

// wordsOnly are the rooms that use nothing but the standard library.
var wordsOnly = map[string]bool{"flegt": true, "reference": true}

func TestFloorPlan(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || path == "plan_test.go" {
			return nil
		}
		room := strings.Split(filepath.ToSlash(path), "/")[0]
		may, known := plan[room]
		if !known {
			t.Errorf("%s: the room %q is not on the floor plan", path, room)
			return nil
		}
		if within := counterOf(filepath.Dir(path)); room == "web" && counters[within] == nil {
			t.Errorf("%s: the room %q is not on the plan of the counters", path, within)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range file.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			checkImport(t, path, room, name, may)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("flegt"); err != nil {
		t.Fatalf("the room of words is missing: %v", err)
	}
}

func checkImport(t *testing.T, path, room, imported string, may []string) {
	t.Helper()
	inside, ours := strings.CutPrefix(imported, module+"internal/")
	if !ours {
		test := strings.HasSuffix(path, "_test.go")
		if wordsOnly[room] && !test && strings.Contains(strings.Split(imported, "/")[0], ".") {
			t.Errorf("%s: %s uses the standard library alone, not %s", path, room, imported)
		}
		return
	}
	target := strings.Split(inside, "/")[0]
	test := strings.HasSuffix(path, "_test.go")
	if isKit(inside) && !test && !isKit(filepath.Dir(path)) {
		t.Errorf("%s: %s is for tests alone", path, imported)
	}
	if room == "web" && target == "web" && !test {
		from, to := counterOf(filepath.Dir(path)), counterOf(inside)
		if !slices.Contains(counters[from], to) {
			t.Errorf("%s: web/%s may not enter web/%s", path, from, to)
		}
	}
	if target == room {
		return
	}
	if test && (target == "store" || target == "reference") {
		return // tests wire a real office: the store on a temporary file, the built-in facts
	}
	for _, m := range may {
		if m == target {
			return
		}
	}
	t.Errorf("%s: %s may not enter %s", path, room, target)
}

// isKit says whether a room within a room helps tests: its name ends in "test".
func isKit(dir string) bool { return strings.HasSuffix(dir, "test") }

// counterOf is which room within web a folder is; "" for web itself.
func counterOf(dir string) string {
	return strings.TrimPrefix(strings.TrimPrefix(filepath.ToSlash(dir), "web"), "/")
}
