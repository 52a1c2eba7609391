package flegt

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestNounsAreComplete reads the constants of type Noun in this package.
func TestNounsAreComplete(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var found []Noun
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				if kind, ok := v.Type.(*ast.Ident); ok && kind.Name == "Noun" {
					word, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
					found = append(found, Noun(word))
				}
			}
			return true
		})
	}
	for _, noun := range found {
		if !slices.Contains(Nouns, noun) {
			t.Errorf("%s is not in the list", noun)
		}
	}
	if len(found) != len(Nouns) {
		t.Errorf("%d constants, %d in the list", len(found), len(Nouns))
	}
}
