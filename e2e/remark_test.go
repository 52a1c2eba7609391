package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// aWarningIsAnswered: an importer remarks on what somebody will look at, the
// officer reads the remark beside the check and looks at the scan by keys; then the importer begins
// the next licence as a copy, in which nothing of the paper's own is left. The importer reads Danish
// on a narrow screen.
func aWarningIsAnswered(t *testing.T, p *program, d demoFile) {
	v, officer := newVisitor(t, p.Base, "da"), newVisitor(t, p.Base, "en")
	v.arrives(d.person(t, "operator", "DK"))
	officer.arrives(d.person(t, "competent_authority", "DK"))
	number := d.numbered(t, "00480")
	v.open("/licences?q=" + number)
	v.press(number)
	v.press(v.T("licence.go_on"))
	v.fill(v.T("licence.form.arrival"), inDays(6))
	v.fillBox("goods.0.weight", "95120") // heavier than any wood
	v.saved()
	v.says(v.T("check.severity.look"))
	v.press(v.T("licence.save"))
	v.press(v.T("check.answer.title"))
	looks := ask[[]string](v, `() => [...document.querySelectorAll("textarea")].map(b => b.name)`)
	if len(looks) == 0 {
		v.fail("asks for no remark")
	}
	for _, width := range []int64{1280, 320} {
		v.wide(width)
		for _, found := range check(v) {
			t.Errorf("at %d: %s", width, found)
		}
		v.photograph(map[bool]string{true: "remark-320", false: "remark"}[width < 1000])
	}
	v.fillBox(looks[0], "Vejet våd på kajen, “uden” emballage.")
	v.press(v.T("check.answer.do"))
	v.sees(v.T("check.answer.saved"))
	v.photograph("remark-kept-320")
	v.press(v.T("licence.submit"))
	v.sees(v.T("licence.submitted"))
	licence := v.path()

	officer.open("/desk?number=" + number)
	officer.press(number)
	officer.sees(officer.T("check.answered", "Words", "Vejet våd på kajen, “uden” emballage."))
	officer.drawn("1/0/100")
	ask[bool](officer, `() => { document.querySelector(".of-viewer__stage").focus(); return true; }`)
	for _, step := range []struct{ key, drawn string }{{"+", "1/0/125"}, {"-", "1/0/100"}, {"r", "1/90/100"}, {"R", "1/0/100"}} {
		officer.pressKey(step.key)
		officer.drawn(step.drawn)
	}
	if n := ask[int](officer, `() => document.querySelectorAll(".of-compare--ticked").length`); n != 0 {
		officer.fail("ticks %d groups by the scan's keys", n)
	}
	officer.photograph("remark-desk")

	v.open(licence)
	v.press(v.T("licence.copy.title"))
	v.photograph("copy-320")
	v.press(v.T("licence.copy.do"))
	v.photograph("copy-made-320")
	for box, want := range map[string]string{"number": "", "invoice": "", "expires": "", "issued": "", "arrival": "", "goods.0.volume": "", "goods.0.weight": "", "licensee.name": "CV Jepara Garden Living", "goods.0.hs": "4407.29"} {
		if got := ask[string](v, `name => document.querySelector("[name='" + name + "']")?.value ?? "no box"`, box); want == "" && got != "" || want != "" && got == "" || got == "no box" {
			t.Errorf("the copy has %q as %s", got, box)
		}
	}
	v.seesNot(number)
}

// theWindowIsClosed: who closes the window in the middle of a word finds it again,
// in a draft that was saved before and in one that was not.
func theWindowIsClosed(t *testing.T, p *program, d demoFile) {
	v := newVisitor(t, p.Base, "en")
	v.arrives(d.person(t, "operator", "DE"))
	types := func(label, text string) {
		t.Helper()
		// What the browser kept is brought back before one can type.
		v.becomes("open to typing", `() => document.readyState === "complete" && !document.getElementById("licence-form").inert`)
		v.find("field", label)
		if !ask[bool](v, `text => { document.querySelector("[data-e2e=found]").focus(); return document.execCommand("insertText", false, text) }`, text) {
			v.fail("takes no words in %q", label)
		}
	}
	v.open("/licences/new?lang=en")
	types(v.T("licence.form.invoice"), "INV-17")
	v.closesWindow()
	v.open("/licences?state=draft&q=INV-17")
	// The window was gone before the answer came: the list is asked again until the draft is in it.
	v.becomes("a draft is there", `async () => {
		const list = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
		return list.querySelectorAll("main tbody tr").length === 1;
	}`)
	v.photograph("closed-drafts")
	v.goes(reload)
	v.press(v.T("licence.no_number"))
	v.press(v.T("licence.go_on"))
	if got := v.value(v.T("licence.form.invoice")); got != "INV-17" {
		v.fail("has %q as invoice", got)
	}
	types(v.T("licence.form.marks"), "Lot 7")
	id := v.saved()
	types(v.T("licence.form.containers"), "MSKU123041")
	v.closesWindow()
	v.open("/licences/" + id + "/edit")
	v.becomes("what was typed last", `() => document.querySelector("[name=containers]").value === "MSKU123041"`)
	if got := v.value(v.T("licence.form.marks")); !strings.Contains(got, "Lot 7") {
		t.Errorf("the marks are %q", got)
	}
	v.photograph("closed-back")
}

// closesWindow closes the window at once, as a person does, and opens another in the same browser.
func (v *visitor) closesWindow() {
	v.t.Helper()
	next, leave := chromedp.NewContext(v.ctx)
	v.t.Cleanup(leave)
	if err := chromedp.Do(next, chromedp.Navigate("about:blank")); err != nil {
		v.t.Fatal(err)
	}
	if err := chromedp.Listen(next, v.hear); err != nil {
		v.t.Fatal(err)
	}
	v.call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, page.Close, cdp.Empty{})
		return err
	})
	v.ctx = next
	v.wide(1280)
}
