package e2e

import (
	"strings"
	"testing"
)

// TestTheCustomsOfficer walks an officer's day: what is expected, the look-up, asking first,
// booking everything in one press, a hold that the authority answers, a physical check, the
// release, and a release put right. In Danish with scripts, in English without.
func TestTheCustomsOfficer(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	number := ""
	for _, l := range d.Licences {
		if l.State == "accepted" && l.Country == "DK" && number == "" {
			number = l.Number
		}
	}
	if number == "" {
		t.Fatal("the demonstration has no accepted licence in Denmark")
	}
	for i, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			v, ca := newVisitor(t, p.Base, lang), newVisitor(t, p.Base, lang)
			v.open(d.person(t, "customs", "DK").SignInURL)
			ca.open(d.person(t, "competent_authority", "DK").SignInURL)
			v.open("/customs/expected?lang=" + lang)
			ca.open("/desk?lang=" + lang)
			if lang == "en" {
				v.withoutScripts()
				v.open("/customs/expected")
			}
			looks := func(name string) {
				t.Helper()
				for _, width := range []int64{1280, 320} {
					v.wide(width)
					if lang == "da" {
						if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
							t.Errorf("%s is %d pixels wider than a screen of %d", name, over, width)
						}
						for _, found := range check(v) {
							t.Errorf("%s at %d: %s", name, width, found)
						}
					}
					v.photograph("customs_" + name + "_" + lang + map[int64]string{1280: "", 320: "_320"}[width])
				}
				v.wide(1280)
			}
			v.sees(number)
			looks("expected")

			v.open("/customs")
			v.fill(v.T("clearance.find.number"), number)
			v.press(v.T("form.search"))
			counter := v.path()
			first := mrn(t, "DK", []string{"501", "502"}[i])
			v.fill(v.T("clearance.mrn"), first)
			v.fill(v.T("clearance.office"), "DK003103")
			v.press(v.T("clearance.dry"))
			v.sees(v.T("clearance.dry.title"))
			looks("dry_run")
			if strings.Contains(v.text(), v.T("clearance.declaration.title", "MRN", first)) {
				t.Error("asking has booked")
			}
			v.press(v.T("clearance.book.all"))
			v.sees(v.T("clearance.booked", "MRN", first))
			looks("booked")

			// too much drops the booking, and says so
			v.fill(v.T("clearance.mrn"), first)
			v.fill(v.T("clearance.office"), "DK003103")
			v.fillBox("quantity.1.KGM", "999999")
			v.press(v.T("clearance.book"))
			v.answered(409)
			v.sees("999")
			looks("too_much")
			v.open(counter)
			v.fill(v.T("clearance.mrn"), first)
			v.fill(v.T("clearance.office"), "DK003103")
			v.press(v.T("clearance.book.all"))

			// held, asked, answered
			if lang == "da" {
				v.click(v.T("clearance.hold.title"))
			} else {
				ask[bool](v, `() => { for (const d of document.querySelectorAll("details")) d.open = true; return true }`)
			}
			if at := ask[string](v, `() => document.getElementById("f-hold_office").value`); at != "DK003103" {
				t.Errorf("the hold is offered at %q", at)
			}
			v.fill(v.T("clearance.hold.reason"), "The stamp looks odd")
			v.press(v.T("clearance.hold"))
			v.sees(v.T("clearance.state.held"))
			looks("held")
			v.press(v.T("clearance.release", "MRN", first))
			v.sees(v.w.Start(t, "clearance.held"))
			ca.open(strings.Replace(counter, "/customs/", "/desk/", 1))
			ca.sees("The stamp looks odd")
			ca.photograph("customs_desk_" + lang)
			ca.fill(ca.T("clearance.hold.your_answer"), "It is genuine")
			ca.press(ca.T("clearance.hold.answer_lift"))
			ca.sees(ca.T("clearance.hold.lifted"))

			// checked, released, put right
			v.open(counter + "/declarations/" + first)
			v.fill(v.T("clearance.check.outcome"), "conform")
			v.press(v.T("clearance.check.record"))
			v.sees(v.T("clearance.checked", "MRN", first))
			v.press(v.T("clearance.release", "MRN", first))
			v.sees(v.T("clearance.check.conform"))
			looks("declaration")
			v.press(v.T("clearance.release.confirm"))
			v.sees(v.T("clearance.released", "MRN", first))
			v.sees(v.T("licence.state.used_up"))
			v.open("/customs?number=" + first)
			v.sees(number)
			v.press(v.T("clearance.declaration.title", "MRN", first))
			v.press(v.T("clearance.correct"))
			v.answered(422)
			looks("correct")
			v.fill(v.T("clearance.correct.reason"), "The wrong licence")
			v.press(v.T("clearance.correct"))
			v.sees(v.T("clearance.corrected", "MRN", first))
			v.sees("The wrong licence")
		})
	}
}
