package reference

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	lawRow   = regexp.MustCompile(`(?m)^\| ([0-9]+/[0-9]+) \| ([^|]+) \|.*\| (S|R|S/R) \|`)
	citation = regexp.MustCompile(`Reg\. \(E[CU]\) (?:No )?([0-9]+/[0-9]+) art\. ((?:[0-9]+(?:\([0-9a-z]+\))*(?:, | and |-|–)?)+)`)
	article  = regexp.MustCompile(`[0-9]+(?:\([0-9a-z]+\))*`)
	named    = regexp.MustCompile("`(internal/[^`]+)`")
)

// TestEveryCitedArticleIsInTheTable keeps docs/law.md true: what the code cites stands
// there, and what is marked R alone is cited as to be verified.
func TestEveryCitedArticleIsInTheTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/law.md")
	if err != nil {
		t.Fatal(err)
	}
	marks := map[string]string{}
	for _, m := range lawRow.FindAllStringSubmatch(string(text), -1) {
		marks[m[1]+" "+strings.TrimSpace(m[2])] = m[3]
	}
	for _, m := range named.FindAllStringSubmatch(string(text), -1) {
		if _, err := os.Stat("../../" + m[1]); err != nil {
			t.Errorf("docs/law.md names %s, which does not exist", m[1])
		}
	}
	cited := 0
	err = filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		code, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		joined := regexp.MustCompile(`\n\s*// ?`).ReplaceAllString(string(code), " ")
		for _, c := range citation.FindAllStringSubmatchIndex(joined, -1) {
			after := joined[c[1]:min(len(joined), c[1]+100)]
			for _, a := range article.FindAllString(joined[c[4]:c[5]], -1) {
				cited++
				checkCitation(t, file, marks, joined[c[2]:c[3]], a, after)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if cited < 10 {
		t.Errorf("only %d citations found: is the pattern still right?", cited)
	}
}

func checkCitation(t *testing.T, file string, marks map[string]string, act, art, after string) {
	t.Helper()
	whole, _, _ := strings.Cut(art, "(")
	mark, ok := marks[act+" "+art]
	if !ok {
		mark, ok = marks[act+" "+whole]
	}
	if !ok {
		t.Errorf("%s cites %s art. %s, which docs/law.md does not have", file, act, art)
		return
	}
	if mark == "R" && !strings.Contains(after, "to be verified") {
		t.Errorf("%s cites %s art. %s without (to be verified)", file, act, art)
	}
}
