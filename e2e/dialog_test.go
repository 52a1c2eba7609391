package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// focused says where the keyboard is: a box's name or a button's words.
func (v *visitor) focused() string {
	v.t.Helper()
	return plain(ask[string](v, `() => document.activeElement.name || document.activeElement.textContent`))
}

// TestRequestInADialog creates a company and sends the request by the keyboard alone.
func TestRequestInADialog(t *testing.T) {
	p := startProgram(t, "demo")
	nina := p.demo().person(t, "", "")
	for lang, number := range map[string]string{"en": "40404058", "da": "40404066"} {
		t.Run(lang, func(t *testing.T) {
			v := newVisitor(t, p.Base, lang)
			v.arrives(nina)
			v.open("/operators/new?lang=" + lang)
			v.fill(v.T("operator.name"), "Nielsens Gulve "+lang)
			v.fill(v.T("operator.country"), "DK")
			v.fill(v.T("operator.postcode"), "8000")
			v.fill(v.T("operator.town"), "Aarhus")
			v.fill(v.T("operator.street"), "Havnegade 1")
			v.fill(v.T("operator.contact_name"), "Nina Nielsen")
			v.fill(v.T("operator.identifier.value", "Number", 2), number)
			v.tick(v.T("section.imported_timber_products"))
			v.press(v.T("operator.create"))
			v.becomes("the dialog opens by itself", `() => document.querySelector("dialog[open]")?.matches(":modal")`)
			if name := ask[string](v, `() => document.getElementById(document.querySelector("dialog[open]").getAttribute("aria-labelledby")).textContent`); name != v.T("request.authorize.heading") {
				t.Errorf("the dialog is called %q", name)
			}
			for _, width := range []int64{1280, 320} {
				v.wide(width)
				for _, found := range check(v) {
					t.Errorf("at %d: %s", width, found)
				}
				v.photograph("dialog-request-" + lang + map[bool]string{true: "-narrow"}[width < 1000])
			}
			v.wide(1280)
			// Escape closes it, and its button opens it again.
			v.keys(kb.Escape)
			v.becomes("closed", `() => !document.querySelector("dialog[open]")`)
			v.becomes("back at the button", `words => document.activeElement.textContent === words`, v.T("request.authorize.heading"))
			v.keys(kb.Enter)
			v.becomes("open again", `() => !!document.querySelector("dialog[open]")`)

			// Sent without a capacity it comes back, open, with the sentence and the note.
			v.fill(v.T("authorisation.note"), "By rail from Hamburg")
			v.press(v.T("request.send"))
			v.answered(422)
			v.becomes("open with the error", `() => !!document.querySelector("dialog[open] #f-capacity-error") || !!document.querySelector("dialog[open] .ecl-feedback-message")`)
			if !ask[bool](v, `() => document.activeElement.id === "problems" && !!document.activeElement.closest("dialog[open]")`) {
				t.Error("the errors do not have the focus")
			}
			v.photograph("dialog-request-error-" + lang)
			if v.value(v.T("authorisation.note")) != "By rail from Hamburg" {
				v.fail("lost the note")
			}
			for i := 0; v.focused() != "capacity"; i++ {
				if v.keys(kb.Tab); i > 10 {
					v.fail("the keyboard does not reach the capacity")
				}
			}
			v.keys(" ")
			for i := 0; v.focused() != v.T("request.send"); i++ {
				if v.keys(kb.Tab); i > 10 {
					v.fail("the keyboard does not reach the button")
				}
			}
			v.goes(chromedp.KeyEvent(kb.Enter))
			v.sees(v.T("roles.asked"))

			// Withdrawing asks first.
			v.click(v.T("roles.withdraw"))
			v.becomes("asks", `() => !!document.querySelector("dialog[open]")`)
			v.photograph("dialog-withdraw-" + lang)
			v.click(v.T("form.cancel"))
			v.becomes("closed", `() => !document.querySelector("dialog[open]")`)
			v.click(v.T("roles.withdraw"))
			v.press(v.T("roles.withdraw.sure"))
			v.sees(v.T("roles.withdrawn"))
		})
	}
}

// TestDialogsWithoutScripts does the same where nothing but the page is there.
func TestDialogsWithoutScripts(t *testing.T) {
	p := startProgram(t, "demo")
	v := newVisitor(t, p.Base, "en")
	v.arrives(p.demo().person(t, "", ""))
	v.withoutScripts()
	v.open("/roles/request?role=operator&q=papirhuset")
	v.press(v.T("request.for", "Operator", "Papirhuset ApS"))
	v.sees(v.T("request.authorize.heading"))
	v.press(v.T("request.send"))
	v.answered(422)
	v.tick(v.T("authorisation.capacity.importer"))
	v.press(v.T("request.send"))
	v.sees(v.T("roles.asked"))
	v.click(v.T("roles.withdraw"))
	v.press(v.T("roles.withdraw.sure"))
	v.sees(v.T("roles.withdrawn"))
}

// TestClosingTheAccountAsks refuses a wrong password in the dialog.
func TestClosingTheAccountAsks(t *testing.T) {
	p := startProgram(t, "demo")
	v := newVisitor(t, p.Base, "en")
	v.arrives(p.demo().person(t, "", ""))
	v.open("/account")
	v.click(v.T("account.close"))
	v.becomes("asks", `() => !!document.querySelector("dialog[open]")`)
	v.press(v.T("account.close.sure"))
	v.answered(422)
	v.becomes("the error beside the box", `() => document.activeElement.id === "problems" && !!document.querySelector("dialog[open] #f-close_current-error")`)
	for _, found := range check(v) {
		t.Error(found)
	}
	v.photograph("dialog-close-account")
}
