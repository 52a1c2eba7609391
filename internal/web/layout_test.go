package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/web/counter"
)

// named finds what a template takes from the page it is given.
var named = regexp.MustCompile(`\.([A-Z]\w*)`)

// TestNoPageHidesWhatTheLayoutUses finds fields of pages that hide a field or method of
// Page which the layout uses: such a page would break as soon as the layout came to it.
func TestNoPageHidesWhatTheLayoutUses(t *testing.T) {
	used := layoutNames(t)
	if len(used) < 10 {
		t.Fatalf("the layout uses only %v", used)
	}
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	own, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	for _, file := range append(files, own...) {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok && embedsPage(s) {
				pages++
				for _, f := range s.Fields.List {
					for _, name := range f.Names {
						if used[name.Name] {
							t.Errorf("%s: the field %s of %s hides the one that the layout uses", file, name.Name, spec.Name.Name)
						}
					}
				}
			}
			return true
		})
	}
	if pages < 50 {
		t.Errorf("only %d pages were found", pages)
	}
}

// layoutNames are the fields and methods of Page that the layout's templates name.
func layoutNames(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("template/layout*.html")
	if err != nil {
		t.Fatal(err)
	}
	of := reflect.TypeFor[*counter.Page]()
	used := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range named.FindAllStringSubmatch(string(raw), -1) {
			_, method := of.MethodByName(match[1])
			_, field := of.Elem().FieldByName(match[1])
			if method || field {
				used[match[1]] = true
			}
		}
	}
	return used
}

// embedsPage says whether a struct is a page.
func embedsPage(s *ast.StructType) bool {
	for _, f := range s.Fields.List {
		of := f.Type
		if shared, ok := of.(*ast.SelectorExpr); ok { // counter.Page
			of = shared.Sel
		}
		if id, ok := of.(*ast.Ident); ok && len(f.Names) == 0 && strings.HasSuffix(id.Name, "Page") {
			return true
		}
	}
	return false
}
