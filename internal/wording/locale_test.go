package wording

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// builtIn reads the program's own sentences as they stand in the files.
func builtIn(t *testing.T) map[Lang]map[string]any {
	t.Helper()
	files, err := fs.Sub(embedded, "locale")
	if err != nil {
		t.Fatal(err)
	}
	all, err := read(files)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// formsOf gives a message's sentences by form; a plain one has the form "".
func formsOf(message any) map[string]string {
	forms := map[string]string{}
	switch m := message.(type) {
	case string:
		forms[""] = m
	case map[string]any:
		for form, text := range m {
			forms[form], _ = text.(string)
		}
	}
	return forms
}

// variables gives the names a message uses in any of its forms, sorted.
func variables(t *testing.T, message any) []string {
	t.Helper()
	var names []string
	for _, text := range formsOf(message) {
		s, err := parse(text)
		if err != nil {
			t.Error(err)
		}
		names = append(names, s.names...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestInOrder keeps the files readable and their changes small: one line for each key, in
// the order of the keys.
func TestInOrder(t *testing.T) {
	names, err := filepath.Glob("locale/*.toml")
	if err != nil || len(names) < 2 {
		t.Fatalf("files of %d languages: %v", len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		before := ""
		for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
			key, _, _ := strings.Cut(line, " = ")
			if key <= before {
				t.Errorf("%s:%d: %s stands after %s (LC_ALL=C sort -u -o FILE FILE)", name, i+1, key, before)
			}
			before = key
		}
	}
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	all := builtIn(t)
	if len(all) < 2 {
		t.Fatalf("only %d language", len(all))
	}
	english := all[English]
	for lang, messages := range all {
		for key, message := range messages {
			if _, ok := english[key]; !ok {
				t.Errorf("%s: %q is not in English", lang, key)
				continue
			}
			if _, plural := message.(map[string]any); plural != (len(formsOf(english[key])) > 1) {
				t.Errorf("%s: %q has plural forms in one language only", lang, key)
			}
			if got, want := variables(t, message), variables(t, english[key]); !slices.Equal(got, want) {
				t.Errorf("%s: %q uses %v, in English %v", lang, key, got, want)
			}
			for form, text := range formsOf(message) {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %q %s is empty", lang, key, form)
				}
			}
		}
		for key := range english {
			if _, ok := messages[key]; !ok {
				t.Errorf("%s: %q is missing", lang, key)
			}
		}
	}
}

// quoted finds string literals of Go and of templates that may be a key.
var quoted = regexp.MustCompile("[\"`]([a-z0-9_]+(?:\\.[a-z0-9_-]+)+)[\"`]")

func TestNoSentenceIsLeftOver(t *testing.T) {
	used := map[string]bool{}
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "static") {
				return filepath.SkipDir
			}
			code := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
			if d.IsDir() || !code && !slices.Contains([]string{".html", ".txt", ".tmpl"}, filepath.Ext(path)) {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range quoted.FindAllSubmatch(text, -1) {
				used[string(m[1])] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for key := range builtIn(t)[English] {
		built := slices.ContainsFunc(builtKeys, func(b struct{ prefix, where string }) bool {
			return strings.HasPrefix(key, b.prefix)
		})
		if !used[key] && !built {
			t.Errorf("nothing says %q: remove it, or name its prefix in prefixes_test.go", key)
		}
	}
}
