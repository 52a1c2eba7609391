package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keys presses keys one after the other, as an officer does.
func (v *visitor) keys(text string) {
	v.t.Helper()
	v.do(chromedp.KeyEvent(text))
}

// settled waits until six groups are ticked, at most ten seconds, and says how many are.
const settled = `async () => {
	const ticked = () => document.querySelectorAll(".of-compare--ticked").length;
	for (let i = 0; i < 100 && ticked() < 6; i++) await new Promise(r => setTimeout(r, 100));
	return ticked();
}`

// TestTenKeystrokes decides a clean licence by the keyboard alone, from the work list to the
// next case, with ten keystrokes.
func TestTenKeystrokes(t *testing.T) {
	p := startProgram(t, "demo")
	for _, lang := range []string{"en", "da"} {
		t.Run(lang, func(t *testing.T) {
			v := newVisitor(t, p.Base, lang)
			v.open(p.demo().person(t, "competent_authority", "DK").SignInURL)
			v.open("/desk?lang=" + lang)
			ask[bool](v, `() => { document.querySelector("main a[href='/desk/next']").focus(); return true; }`)
			v.goes(chromedp.KeyEvent(kb.Enter)) // 1
			first := v.path()
			v.sees(v.T("desk.compare"))
			for _, found := range check(v) {
				t.Error(found)
			}
			for range 6 { // 7
				v.keys("t")
			}
			if n := ask[int](v, settled); n != 6 {
				t.Fatalf("%d groups are ticked", n)
			}
			if on := ask[string](v, `() => document.activeElement.textContent.trim()`); on != v.T("desk.accept") {
				t.Fatalf("after the last tick the keyboard is on %q", on)
			}
			v.goes(chromedp.KeyEvent(kb.Enter)) // 8
			v.sees(v.T("desk.accepted"))
			v.goes(chromedp.KeyEvent("n")) // 9
			if v.path() == first {
				t.Error("the next case is the same one")
			}
		})
	}
}
