package e2e

import (
	"fmt"
	"testing"
	"time"
)

// aLongLicenceIsIssued: a licensing authority types twelve goods lines in two parts, goes back
// and forth, adds a line from the first part, is led to what is wrong in the other, and puts the
// licence in whole.
func aLongLicenceIsIssued(t *testing.T, p *program, d demoFile) {
	v := newVisitor(t, p.Base, "en")
	v.arrives(d.person(t, "licensing_authority", "ID"))
	v.open("/licences/issue?lang=en")
	number := time.Now().AddDate(0, 0, -10).Format("06") + ".00201-91201.001-ID-DK"
	for _, box := range [][2]string{{"licence.form.number", number}, {"licence.form.issuing_body", "PT Mutuagung Lestari"}, {"licence.form.importer", "Fyns Trælast A/S"}, {"licence.form.expires", inDays(90)},
		{"licence.form.transport", "By sea"}, {"licence.form.licensee", "CV Jepara Garden Living"}, {"licence.form.invoice", "JGL-912"}, {"licence.form.issue_place", "Depok"}, {"licence.form.issued", inDays(-10)}} {
		v.fill(v.T(box[0]), box[1])
	}
	goesOnAt := func(box string) {
		t.Helper()
		v.becomes("goes on at "+box, fmt.Sprintf(`() => document.activeElement.name === %q`, box))
	}
	for i := range 12 {
		at := fmt.Sprintf("goods.%d.", i)
		if i > 0 {
			v.press(v.T("licence.add_line"))
			goesOnAt(at + "description")
		}
		for box, text := range map[string]string{"description": fmt.Sprint("Teak chair, model ", i+1), "hs": "9401.69", "species.0.common": "Jati", "species.0.scientific": "Tectona grandis",
			"harvest": "ID", "volume": "8.412", "weight": "5120", "units": "480"} {
			v.fillBox(at+box, text)
		}
	}
	v.sees(v.T("licence.lines.shown", "From", 11, "To", 12, "Count", 12))
	v.fillBox("goods.11.hs", "")
	v.press(v.T("licence.lines.previous", "From", 1, "To", 10))
	goesOnAt("goods.0.description")
	v.fillBox("goods.2.description", "Teak table")
	for _, width := range []int64{320, 1280} {
		v.wide(width)
		if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%d pixels wider than a screen of %d", over, width)
		}
		for _, found := range check(v) {
			t.Errorf("at %d: %s", width, found)
		}
		v.photograph("issue-lines" + map[bool]string{true: "-narrow"}[width < 1000])
	}
	v.press(v.T("licence.add_line")) // leads to the end, and keeps what was typed here
	v.sees(v.T("licence.lines.shown", "From", 9, "To", 13, "Count", 13))
	goesOnAt("goods.12.description")
	v.press(v.T("licence.remove_line", "Line", 13))
	v.press(v.T("licence.lines.previous", "From", 1, "To", 8))
	v.press(v.T("licence.issue.do"))
	v.answered(422)
	v.photograph("issue-lines-wrong")
	if marked := ask[string](v, `() => document.querySelector("[aria-invalid=true]")?.name ?? ""`); marked != "goods.11.hs" {
		v.fail("marks %q", marked)
	}
	v.fillBox("goods.11.hs", "9401.69")
	v.press(v.T("licence.issue.do"))
	v.sees(v.T("licence.issued.done"))
	v.press(v.T("licence.issued.show"))
	for i := range 12 {
		if i != 2 {
			v.sees(fmt.Sprint("Teak chair, model ", i+1))
		}
	}
	v.sees("Teak table")
	v.photograph("issue-lines-done")
}
