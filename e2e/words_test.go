package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"text/template"

	"github.com/BurntSushi/toml"
)

// words are the sentences of one language, as the files of internal/wording/locale have
// them. The scripts speak keys; what a person reads is looked up here.
type words struct {
	lang string
	list map[string]string
}

// speak reads the sentences of a language.
func speak(t testing.TB, lang string) words {
	t.Helper()
	all, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	return words{lang, all[lang]}
}

var readWords = sync.OnceValues(func() (map[string]map[string]string, error) {
	files, err := filepath.Glob("../internal/wording/locale/*.toml")
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]string{}
	for _, name := range files {
		lang := strings.TrimSuffix(filepath.Base(name), ".toml")
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var entries map[string]any
		if err := toml.Unmarshal(raw, &entries); err != nil {
			return nil, err
		}
		if all[lang] == nil {
			all[lang] = map[string]string{}
		}
		for key, value := range entries {
			switch v := value.(type) {
			case string:
				all[lang][key] = v
			case map[string]any:
				all[lang][key], _ = v["other"].(string)
			}
		}
	}
	return all, nil
})

// T gives a sentence. Pairs of name and value fill its holes.
func (w words) T(t testing.TB, key string, pairs ...any) string {
	t.Helper()
	text, ok := w.list[key]
	if !ok {
		t.Fatalf("there is no word %q in %s", key, w.lang)
	}
	if !strings.Contains(text, "{{") {
		return text
	}
	args := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	var b strings.Builder
	form, err := template.New(key).Option("missingkey=error").Parse(text)
	if err == nil {
		err = form.Execute(&b, args)
	}
	if err != nil {
		t.Fatalf("the word %q: %v", key, err)
	}
	return b.String()
}

// Start gives the beginning of a sentence, up to its first hole: enough to find it by.
func (w words) Start(t testing.TB, key string) string {
	t.Helper()
	text, ok := w.list[key]
	if !ok {
		t.Fatalf("there is no word %q in %s", key, w.lang)
	}
	before, _, _ := strings.Cut(text, "{{")
	return before
}

var spaces = regexp.MustCompile(`[\s\x{00a0}\x{2009}]+`)

// plain makes one space of many, as a page shows it.
func plain(text string) string { return strings.TrimSpace(spaces.ReplaceAllString(text, " ")) }
