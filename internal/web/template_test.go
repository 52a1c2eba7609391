package web

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/openflegt/openflegt/internal/wording"
)

func TestTemplatesParse(t *testing.T) {
	pages, err := loadTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for name, get := range pages.pages {
		page, err := get()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if page.Lookup("content") == nil {
			t.Errorf("%s: defines no content", name)
		}
	}
}

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
	names, err := fs.Glob(templateFiles, "template/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(templateFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		do(name, string(text))
	}
}

func TestTemplatesHoldNoInlineCode(t *testing.T) {
	eachTemplate(t, func(name, text string) {
		for what, pattern := range forbidden {
			if hit := pattern.FindString(text); hit != "" {
				t.Errorf("%s: %s: %s", name, what, hit)
			}
		}
	})
}

// said finds the keys that templates say: .T "key", .TN "key", .Field "box" "key", the
// settings hint and empty, .Button "key", .Status "tone" "key".
var said = regexp.MustCompile(`\.TN? "([^"]+)"|\.Field "[^"]*" "([^"]+)"|"(?:hint|empty)" "([^"]+)"|\.Button "([^"]+)"|\.Status "[^"]*" "([^"]+)"`)

func TestTemplatesSayWhatExists(t *testing.T) {
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	eachTemplate(t, func(name, text string) {
		for _, match := range said.FindAllStringSubmatch(text, -1) {
			key := strings.Join(match[1:], "")
			for _, lang := range catalog.Langs() {
				if !strings.HasSuffix(key, ".") && !catalog.Has(lang, key) {
					t.Errorf("%s: %q is not said in %s", name, key, lang)
				}
			}
		}
	})
}

func TestTemplatesNameStaticFilesThatExist(t *testing.T) {
	static, err := loadStatic()
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\.Static "([^"]+)"`)
	eachTemplate(t, func(name, text string) {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			if static.files[match[1]] == nil {
				t.Errorf("%s: there is no static file %s", name, match[1])
			}
		}
	})
}

// checkHTML finds what a browser would quietly mend: two elements with one id, a label
// or a description that leads nowhere, a link within the page to nothing.
func checkHTML(t *testing.T, body string) {
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
