package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stops numbers everything that the Tab key must come to, remembers how it looks without
// the focus, and gives what each is. Of circles of one question one is enough.
const stops = `() => {
	window.ofLook = e => {
		const near = [e, e.closest("li, label, .ecl-select__container"), e.nextElementSibling, ...(e.nextElementSibling?.querySelectorAll("*") ?? [])].filter(Boolean).slice(0, 8);
		return near.map(x => { const s = getComputedStyle(x); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine].join(); }).join("|");
	};
	const found = [], groups = new Set();
	for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
		if (e.tabIndex < 0 || e.disabled || e.type === "hidden" || !e.checkVisibility({visibilityProperty: true})) continue;
		if (e.type === "radio") {
			const group = (e.form?.action ?? "") + e.name;
			if (groups.has(group)) continue;
			groups.add(group);
			for (const other of document.getElementsByName(e.name)) other.dataset.stop = found.length;
		} else e.dataset.stop = found.length;
		e.ofQuiet = window.ofLook(e);
		found.push(e.tagName.toLowerCase() + " " + (e.id || e.name || e.textContent.trim().slice(0, 40)));
	}
	document.activeElement?.blur();
	window.scrollTo(0, 0);
	return found;
}`

// stop is where the focus is: the number of the stop, -1 for none, and whether it shows.
type stop struct {
	Number int  `json:"number"`
	Shown  bool `json:"shown"`
}

const here = `() => {
	const e = document.activeElement;
	if (!e || e === document.body || e.dataset.stop === undefined) return {number: -1, shown: true};
	return {number: Number(e.dataset.stop), shown: e.ofQuiet === undefined || window.ofLook(e) !== e.ofQuiet};
}`

// TestTheKeyboardAlone comes with the Tab key to everything that can be used on a page,
// sees where it is each time, and gets out at the end.
func TestTheKeyboardAlone(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	for _, page := range []struct{ role, country, path string }{
		{"", "", "/"}, {"", "", "/sign-up"}, {"operator", "DK", "/licences/new"}, {"operator", "DK", "/operators/new"}, {"operator", "DK", "/account"},
		{"competent_authority", "DK", "/desk"}, {"customs", "DK", "/customs"}, {"support", "", "/support/requests"},
	} {
		t.Run(page.role+page.path, func(t *testing.T) {
			v := newVisitor(t, p.Base, "en")
			if page.role != "" {
				v.open(d.person(t, page.role, page.country).SignInURL)
			}
			v.open(page.path)
			v.answered(200)
			v.tabThrough(t)
		})
	}
}

// tabThrough presses Tab until the focus has left the page.
func (v *visitor) tabThrough(t *testing.T) {
	t.Helper()
	all := ask[[]string](v, stops)
	if len(all) < 5 {
		t.Fatalf("only %d things can be used", len(all))
	}
	// A date has stops of its own within the box, of which one is the browser's own button.
	reached, shown := map[int]bool{}, map[int]bool{}
	for press := 0; press < 5*len(all)+20 && len(reached) < len(all); press++ {
		v.do(chromedp.KeyEvent(kb.Tab))
		at := ask[stop](v, here)
		if at.Number < 0 {
			continue
		}
		reached[at.Number] = true
		shown[at.Number] = shown[at.Number] || at.Shown
	}
	for i, what := range all {
		if !reached[i] {
			t.Errorf("Tab does not come to %s", what)
		} else if !shown[i] {
			t.Errorf("the focus on %s cannot be seen", what)
		}
	}
}

// TestTheSkipLink leads a keyboard past header and menu.
func TestTheSkipLink(t *testing.T) {
	p := startProgram(t, "serve")
	v := newVisitor(t, p.Base, "en")
	v.open("/")
	v.do(chromedp.KeyEvent(kb.Tab))
	if text := ask[string](v, `() => document.activeElement.textContent.trim()`); text != v.T("site.skip") {
		t.Fatalf("the first Tab comes to %q", text)
	}
	v.do(chromedp.KeyEvent(kb.Enter))
	if !ask[bool](v, `() => document.activeElement.closest("main") !== null`) {
		t.Error("the link does not lead into the page's main part")
	}
}
