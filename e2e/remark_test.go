package e2e

import (
	"testing"
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
