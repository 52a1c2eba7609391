package e2e

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// axe is the checker of accessibility, axe-core.
//
//go:embed testdata/axe.min.js
var axe string

// ids stand for themselves in an address: one page of each kind is looked at.
var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|CA-[A-Z]{2}|CUSTOMS-[A-Z]{2}`)

// TestEveryPageForEverybody follows every link as each role: none is broken, none is wider than
// the screen, and axe finds nothing, wide and narrow. What several roles see in the very same
// words, axe looks at once.
func TestEveryPageForEverybody(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	people := []struct{ role, country, lang string }{{"", "", "en"}, {"operator", "DK", "da"}, {"competent_authority", "DK", "en"}, {"customs", "DK", "da"},
		{"support", "", "en"}, {"observer", "", "da"}, {"licensing_authority", "ID", "en"}}
	hooks := map[string]bool{"competent_authority": true, "customs": true} // one in each language is enough
	var known looked
	for _, who := range people {
		name := who.role
		if name == "" {
			name = "nobody"
		}
		t.Run(name+" "+who.lang, func(t *testing.T) {
			t.Parallel()
			v := newVisitor(t, p.Base, who.lang)
			if who.role != "" {
				v.open(d.person(t, who.role, who.country).SignInURL)
			}
			if hooks[who.role] {
				v.open("/account/webhooks/new?lang=" + who.lang) // the demonstration has none
				v.fill(v.T("webhook.name"), "Our system")
				v.fill(v.T("webhook.url"), "https://hooks.example.eu/flegt")
				v.press(v.T("webhook.make"))
				v.sees(v.T("webhook.secret.made"))
			}
			seen := crawl(t, v, who.lang, &known)
			for _, kind := range []string{"/account/webhooks/{id}", "/account/webhooks/{id}/edit"} {
				if hooks[who.role] && !seen[kind] {
					t.Errorf("%s was not looked at", kind)
				}
			}
		})
	}
}

// crawl looks at every kind of page that links lead to, and gives those kinds.
func crawl(t *testing.T, v *visitor, lang string, known *looked) (seen map[string]bool) {
	seen = map[string]bool{}
	widths := []int64{1280, 320}
	waiting := []string{"/?lang=" + lang, "/home", "/account", "/roles", "/notices", "/roles/request", "/roles/request?role=operator&q=tr", "/nowhere"}
	for len(waiting) > 0 {
		path := waiting[0]
		waiting = waiting[1:]
		kind := ids.ReplaceAllString(strings.SplitN(path, "?", 2)[0], "{id}")
		if strings.Contains(path, "q=tr") {
			kind += "?found"
		}
		if seen[kind] {
			continue
		}
		seen[kind] = true
		status := v.open(path)
		if path != "/nowhere" && status != 200 {
			t.Errorf("%s answers %d", path, status)
			continue
		}
		waiting = append(waiting, links(v)...)
		for i, width := range widths {
			if i > 0 {
				v.wide(width)
			}
			if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s is %d pixels wider than a screen of %d", path, over, width)
			}
			if !known.isNew(v, width) {
				continue
			}
			for _, found := range check(v) {
				t.Errorf("%s at %d: %s", path, width, found)
			}
		}
		slices.Reverse(widths) // the next page is opened in the width this one was left in
	}
	v.open("/home")
	for _, entry := range ask[[]string](v, `() => [...document.querySelectorAll(".of-menu a")].map(a => a.pathname)`) {
		if !seen[entry] {
			t.Errorf("the menu's %s was not looked at", entry)
		}
	}
	if len(seen) < 8 {
		t.Errorf("only %d pages were found", len(seen))
	}
	return seen
}

// looked is what axe has been shown: the main parts of pages, and what stands around them, each
// in each language and width.
type looked struct {
	mu   sync.Mutex
	seen map[[sha256.Size]byte]bool
}

// isNew says whether the page has a part that axe has not been shown in this width, and notes
// both. Where links around the main part lead is left out: they differ on every page.
func (l *looked) isNew(v *visitor, width int64) bool {
	parts := ask[[]string](v, `() => {
		const around = document.documentElement.cloneNode(true), main = document.querySelector("main");
		around.querySelector("main").replaceChildren();
		for (const title of around.querySelectorAll("title, script")) title.remove();
		for (const link of around.querySelectorAll("[href]")) link.setAttribute("href", "");
		for (const box of around.querySelectorAll("[type=hidden]")) box.setAttribute("value", "");
		return [around.outerHTML, document.title + main.outerHTML];
	}`)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil {
		l.seen = map[[sha256.Size]byte]bool{}
	}
	isNew := false
	for _, part := range parts {
		key := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", width, v.w.lang, part))
		isNew = isNew || !l.seen[key]
		l.seen[key] = true
	}
	return isNew
}

// check gives what axe finds on the page.
func check(v *visitor) []string {
	if !ask[bool](v, `() => "axe" in window`) {
		ask[bool](v, `source => { (0, eval)(source); return true }`, axe)
	}
	return ask[[]string](v, `async () => {
		const found = await axe.run(document, {resultTypes: ["violations"], iframes: false});
		return found.violations.map(x => x.id + ": " + x.nodes.map(n => n.html.slice(0, 120)).slice(0, 3).join(" | "));
	}`)
}

// links gives the addresses on this site that the page leads to.
func links(v *visitor) []string {
	return ask[[]string](v, `() => [...document.querySelectorAll("a[href]")].filter(a => a.origin === location.origin && a.protocol.startsWith("http"))
		.map(a => a.pathname + a.search).filter(p => !/\/(scans|raw|static)\b|\.(json|yaml|pdf|csv|xlsx)(\?|$)|sign-in\/demo|lang=/.test(p))`)
}
