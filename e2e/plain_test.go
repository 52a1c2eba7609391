package e2e

import (
	"strings"
	"testing"
)

// TestWithoutScripts walks the importer's whole way in a browser without JavaScript: from
// the account to a submitted licence.
func TestWithoutScripts(t *testing.T) {
	mail := startSink(t)
	p := startProgram(t, "serve", "--relay", mail.URL, "--support-address", supportAddress)
	j := &journey{t: t, p: p, at: denmark, mail: mail, w: speak(t, denmark.lang), lang: denmark.lang, scriptless: true}
	j.support = j.arrives(susan)
	j.grants(susan)
	j.mette = j.arrives(mette)
	request := j.request()
	j.admitted(j.mette, mette)
	j.mette.open(request)
	j.mette.sees(j.say("authorisation.status.approved"))
	j.enter()
	j.mette.click(j.say("licence.withdraw"))
	j.mette.press(j.say("licence.withdraw.sure"))
	j.mette.sees(j.say("licence.withdrawn"))
}

// TestFormsComeBackWhole sends forms with mistakes: the summary has the focus and leads to
// the box, axe finds nothing on the page, wide and narrow, and nothing typed is lost.
func TestFormsComeBackWhole(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	for _, form := range []struct{ role, country, path, button, label string }{
		{"", "", "/sign-up", "account.sign_up.button", "account.first_name"},
		{"", "", "/sign-in", "site.sign_in", "account.who"},
		{"none", "", "/operators/new", "operator.create", "operator.street"},
		{"operator", "DK", "/licences/new", "licence.submit", "licence.form.invoice"},
	} {
		for _, lang := range languages {
			t.Run(lang+form.path, func(t *testing.T) {
				v := newVisitor(t, p.Base, lang)
				switch form.role {
				case "":
				case "none":
					v.open(d.person(t, "", "").SignInURL)
				default:
					v.open(d.person(t, form.role, form.country).SignInURL)
				}
				v.open("/?lang=" + lang)
				v.open(form.path)
				v.fill(v.T(form.label), "Typed before")
				v.press(v.T(form.button))
				if v.Status == 200 && !strings.HasSuffix(v.path(), "/edit") {
					v.fail("took a form with mistakes")
				}
				if !ask[bool](v, `() => document.activeElement.closest("[data-of-focus]") !== null`) {
					t.Error("the summary of the mistakes has not the focus")
				}
				v.find("field", v.T(form.label))
				if kept := ask[string](v, `() => document.querySelector("[data-e2e=found]").value`); kept != "Typed before" {
					t.Errorf("what was typed is now %q", kept)
				}
				for _, width := range []int64{1280, 320} {
					v.wide(width)
					for _, found := range check(v) {
						t.Errorf("at %d: %s", width, found)
					}
				}
			})
		}
	}
}
