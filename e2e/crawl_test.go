package e2e

import (
	_ "embed"
	"regexp"
	"strings"
	"testing"
)

// axe is the checker of accessibility, axe-core.
//
//go:embed testdata/axe.min.js
var axe string

// ids stand for themselves in an address: one page of each kind is looked at.
var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|CA-[A-Z]{2}|CUSTOMS-[A-Z]{2}`)

// TestEveryPageForEverybody follows every link as each role: none is broken, and axe finds
// nothing, wide and narrow.
func TestEveryPageForEverybody(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	people := []struct{ role, country, lang string }{{"", "", "en"}, {"operator", "DK", "da"}, {"competent_authority", "DK", "en"}, {"customs", "DK", "da"},
		{"support", "", "en"}, {"observer", "", "da"}, {"licensing_authority", "ID", "en"}}
	hooks := map[string]bool{"competent_authority": true, "customs": true} // one in each language is enough
	for _, who := range people {
		name := who.role
		if name == "" {
			name = "nobody"
		}
		t.Run(name+" "+who.lang, func(t *testing.T) {
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
			seen := crawl(t, v, who.lang)
			for _, kind := range []string{"/account/webhooks/{id}", "/account/webhooks/{id}/edit"} {
				if hooks[who.role] && !seen[kind] {
					t.Errorf("%s was not looked at", kind)
				}
			}
		})
	}
}

// crawl looks at every kind of page that links lead to, and gives those kinds.
func crawl(t *testing.T, v *visitor, lang string) (seen map[string]bool) {
	seen = map[string]bool{}
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
		for _, width := range []int64{1280, 320} {
			v.wide(width)
			if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s is %d pixels wider than a screen of %d", path, over, width)
			}
			for _, found := range check(v) {
				t.Errorf("%s at %d: %s", path, width, found)
			}
		}
		v.wide(1280)
		waiting = append(waiting, links(v)...)
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

// check gives what axe finds on the page.
func check(v *visitor) []string {
	ask[bool](v, `source => { if (!window.axe) (0, eval)(source); return true }`, axe)
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
