package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/web/webtest"
	"github.com/openflegt/openflegt/internal/wording"
)

// forbidden is what the Content-Security-Policy would stop, or what leaves the host.
var forbidden = map[string]*regexp.Regexp{
	"an inline style":    regexp.MustCompile(`(?i)\sstyle\s*=`),
	"an inline handler":  regexp.MustCompile(`(?i)<[^>]*\son[a-z]+\s*=`),
	"a style element":    regexp.MustCompile(`(?i)<style`),
	"an inline script":   regexp.MustCompile(`(?i)<script(?:>|\s[^>]*>[^<]|[^>]*javascript:)`),
	"a script address":   regexp.MustCompile(`(?i)href\s*=\s*"javascript:`),
	"a foreign resource": regexp.MustCompile(`(?i)(?:src|<link[^>]*href)\s*=\s*"(?:https?:)?//`),
}

func eachTemplate(t *testing.T, do func(name, text string)) {
	t.Helper()
	names, err := filepath.Glob("template/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		do(name, string(text))
	}
}

// eachWriter goes through the files of code that writes parts of pages as HTML.
func eachWriter(t *testing.T, do func(name, text string)) {
	t.Helper()
	names, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	writers := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), ".Raw(`") && !strings.HasSuffix(name, "_test.go") {
			writers++
			do(name, string(text))
		}
	}
	if writers < 4 {
		t.Errorf("only %d files write parts of pages", writers)
	}
}

func TestTemplatesHoldNoInlineCode(t *testing.T) {
	for _, each := range []func(*testing.T, func(name, text string)){eachTemplate, eachWriter} {
		each(t, func(name, text string) {
			for what, pattern := range forbidden {
				if hit := pattern.FindString(text); hit != "" {
					t.Errorf("%s: %s: %s", name, what, hit)
				}
			}
		})
	}
}

// said finds the keys that templates and code say: .T "key", .TN "key", .Field "box" "key", the
// settings hint and empty, .Button "key", .Status "tone" "key".
var said = regexp.MustCompile(`\.TN?[ (]"([^"]+)"[ ,)}]|\.Field "[^"]*" "([^"]+)"|"(?:hint|empty)" "([^"]+)"|\.Button "([^"]+)"|\.Status "[^"]*" "([^"]+)"`)

func TestTemplatesSayWhatExists(t *testing.T) {
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	check := func(name, text string) {
		for _, match := range said.FindAllStringSubmatch(text, -1) {
			key := strings.Join(match[1:], "")
			for _, lang := range catalog.Langs() {
				if !strings.HasSuffix(key, ".") && !catalog.Has(lang, key) {
					t.Errorf("%s: %q is not said in %s", name, key, lang)
				}
			}
		}
	}
	eachTemplate(t, check)
	eachWriter(t, check)
}

func TestTemplatesNameStaticFilesThatExist(t *testing.T) {
	s := webtest.Server(t, nil)
	named := regexp.MustCompile(`\.Static[ (]"([^"]+)"`)
	check := func(name, text string) {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			if !s.HasStatic(match[1]) {
				t.Errorf("%s: there is no static file %s", name, match[1])
			}
		}
	}
	eachTemplate(t, check)
	eachWriter(t, check)
}
