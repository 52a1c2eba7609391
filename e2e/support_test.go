package e2e

import (
	"fmt"
	"testing"
)

// requestsWithoutAMail: the Support Team narrows its list to requests about which no mail came,
// and deals with them one by one: one is approved for a reason in words, one rejected, in Danish and
// in English; who asked is told.
func requestsWithoutAMail(t *testing.T, p *program, d demoFile) {
	for i, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			v := newVisitor(t, p.Base, lang)
			v.arrives(d.people("support", "")[i])
			v.open("/support/requests?lang=" + lang)
			v.fill(v.T("support.mail"), "none")
			v.fill(v.T("operator.country"), []string{"SE", "NL"}[i])
			v.press(v.T("support.filter"))
			for _, width := range []int64{1280, 320} {
				v.wide(width)
				if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%d pixels wider than a screen of %d", over, width)
				}
				for _, found := range check(v) {
					t.Errorf("at %d: %s", width, found)
				}
				v.photograph(fmt.Sprint("support-list-", lang, "-", width))
			}
			list := v.path()
			for step, button := range []string{"support.approve", "support.reject"} {
				v.open(list)
				before := ask[int](v, `() => document.querySelectorAll("main tbody tr").length`)
				name := ask[string](v, `() => document.querySelector("main tbody a").textContent.trim()`)
				v.press(name)
				v.sees(v.T("support.mails.none"))
				v.press(v.T(button))
				if !ask[bool](v, `() => document.querySelector("[aria-invalid=true]") !== null`) {
					v.fail("does not mark the missing reason")
				}
				v.photograph(fmt.Sprint("support-case-", lang, step))
				v.fill(v.T([]string{"authorisation.override", "authorisation.reason"}[step]), "Looked up in the register, and called back")
				v.press(v.T(button))
				v.answered(200)
				v.photograph(fmt.Sprint("support-done-", lang, step))
				v.open(list)
				if after := ask[int](v, `() => document.querySelectorAll("main tbody tr").length`); after != before-1 && before < 25 {
					v.fail("lists %d requests after one of %d was dealt with", after, before)
				}
				v.seesNot(name)
			}
		})
	}
}
