package e2e

import (
	"context"
	"time"

	"github.com/chromedp/chromedp"
)

// press presses the button or link of that name and waits for the page it leads to.
func (v *visitor) press(name string) int {
	v.t.Helper()
	kind := v.find("button", name)
	if kind == "a" {
		v.settle()
		return v.goes(chromedp.Click(found))
	}
	v.hit()
	v.Status = v.answer(name)
	return v.Status
}

// hit clicks what was found, again when it moved away from under the mouse. A listener
// tells whether the click arrived; without scripts nothing moves and none is told.
func (v *visitor) hit() {
	v.t.Helper()
	ask[bool](v, `() => {
		window.ofHit = false;
		addEventListener("click", e => { window.ofHit ||= e.target.closest("[data-e2e=found]") !== null; }, {capture: true});
		return window.ofStays = true;
	}`)
	for range 10 {
		v.settle()
		v.do(chromedp.Click(found))
		if v.scriptless || !v.tries(`() => window.ofHit === false`) {
			return
		}
	}
	v.fail("moves the button away from every click")
}

// answer waits for the page with which a form is answered, and gives its status. A form
// that is saved while one types changes the page's address without leaving it: that is
// not yet the answer.
func (v *visitor) answer(name string) int {
	v.t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(patience); !v.tries(`() => window.ofStays === undefined && document.readyState === "complete"`); <-again.C {
		if time.Now().After(deadline) {
			v.fail("stays after %q", name)
		}
	}
	return ask[int](v, `() => performance.getEntriesByType("navigation")[0].responseStatus`)
}

// tries asks a page that may just be leaving; no answer means no.
func (v *visitor) tries(function string) bool {
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("("+function+")()"))
	return err == nil && yes
}

// click presses what does not lead to another page, such as a summary or a dialog's button.
func (v *visitor) click(name string) {
	v.t.Helper()
	v.find("button", name)
	v.settle()
	v.do(chromedp.Click(found))
}

// settle brings what was found into view and waits until the pictures in view have come: a
// picture that grows while the mouse moves would push the button away from under it.
func (v *visitor) settle() {
	v.t.Helper()
	ask[bool](v, `async () => {
		const target = document.querySelector("[data-e2e=found]");
		const inView = e => { const r = e.getBoundingClientRect(); return r.bottom >= 0 && r.top <= innerHeight; };
		for (let round = 0; round < 5; round++) {
			target.scrollIntoView({block: "center", behavior: "instant"});
			const coming = [...document.images].filter(i => !i.complete && (i.loading !== "lazy" || inView(i)));
			if (!coming.length) return true;
			await Promise.all(coming.map(i => new Promise(done => { i.onload = i.onerror = done; })));
		}
		return true;
	}`)
}
