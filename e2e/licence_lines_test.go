package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestLicenceFormInParts: a licence with more goods lines than stand on one page is typed part by
// part, with scripts and without; one goes back and forth, and all of it is on record.
func TestLicenceFormInParts(t *testing.T) {
	p := startProgram(t, "demo")
	scan := filepath.Join(t.TempDir(), "licence.pdf")
	for lang, scripts := range map[string]bool{"en": true, "da": false} {
		t.Run(lang, func(t *testing.T) {
			if err := os.WriteFile(scan, []byte("%PDF-1.4\n"+lang), 0o600); err != nil {
				t.Fatal(err)
			}
			v := newVisitor(t, p.Base, lang)
			v.arrives(p.demo().person(t, "operator", "NL"))
			if !scripts {
				v.withoutScripts()
			}
			v.open("/licences/new?lang=" + lang)
			number := time.Now().Format("06") + map[string]string{"en": ".00871", "da": ".00872"}[lang] + "-00001.001-ID-NL"
			for key, value := range map[string]string{"licence.form.export": "ID", "licence.form.number": number, "licence.form.issuing_body": "PT Mutuagung Lestari", "licence.form.importer": "Deurencentrum BV",
				"licence.form.expires": inDays(90), "licence.form.transport": "By sea", "licence.form.licensee": "CV Jepara Garden Living", "licence.form.invoice": "JGL-7" + lang, "licence.form.issue_place": "Depok",
				"licence.form.issued": inDays(-20), "licence.import_country": "NL"} {
				v.fill(v.T(key), value)
			}
			line := func(i int) {
				t.Helper()
				at := fmt.Sprintf("goods.%d.", i)
				for box, text := range map[string]string{"description": fmt.Sprint("Teak chair, model ", i+1), "hs": "9401.69", "species.0.common": "Jati", "species.0.scientific": "Tectona grandis",
					"harvest": "ID", "volume": "8.412", "weight": "5120", "units": "480"} {
					v.fillBox(at+box, text)
				}
			}
			more := func(loads bool) {
				t.Helper()
				if loads {
					v.press(v.T("licence.add_line"))
				} else {
					v.click(v.T("licence.add_line"))
				}
			}
			stands := func(i int, box, want string) {
				t.Helper()
				if got := ask[string](v, `name => document.querySelector("[name='" + name + "']")?.value ?? "no box"`, fmt.Sprintf("goods.%d.%s", i, box)); got != want {
					v.fail("line %d has %q as %s, not %q", i+1, got, box, want)
				}
			}

			// Ten lines stand on one page; the eleventh is typed on the next.
			for i := range 12 {
				if i > 0 {
					more(!scripts || i == 10)
				}
				line(i)
			}
			stands(9, "description", "no box")
			v.sees(v.T("licence.lines.shown", "From", 11, "To", 12, "Count", 12))
			v.photograph("licence-part-" + lang)

			// Back, and forth again: what was typed is there, in both parts.
			v.press(v.T("licence.lines.previous", "From", 1, "To", 10))
			stands(0, "description", "Teak chair, model 1")
			v.fillBox("goods.2.description", "Teak table")
			if scripts {
				v.saved()
			}
			for _, width := range []int64{1280, 320} {
				v.wide(width)
				if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%d pixels wider than a screen of %d", over, width)
				}
				if scripts { // axe is a script
					for _, found := range check(v) {
						t.Errorf("at %d: %s", width, found)
					}
				}
				v.photograph("licence-parts-" + lang + map[bool]string{true: "-narrow"}[width < 1000])
			}
			v.wide(1280)
			v.press(ask[string](v, `() => [...document.querySelectorAll("button[name=do][value^='line:']")].at(-1).textContent`))
			stands(11, "description", "Teak chair, model 12")
			v.fillBox("goods.11.hs", "")
			first := ask[string](v, `() => document.querySelector(".of-pages button").textContent`)
			v.press(v.T("licence.lines.go", "From", 1, "To", first[len("1–"):]))
			stands(2, "description", "Teak table")
			// A line more stands at the end, where one goes on; left empty it is not kept.
			v.press(v.T("licence.add_line"))
			v.becomes("the new line has the focus", `() => document.activeElement.name === "goods.12.description"`)
			v.press(v.T("licence.lines.previous", "From", 1, "To", 8))
			stands(2, "description", "Teak table")
			v.fill(v.T("scan.add"), scan)
			if scripts {
				v.says(v.T("scan.uploaded", "Name", "licence.pdf"))
			}

			// What is wrong in the other part is named, and leads there.
			v.press(v.T("licence.submit"))
			v.sees(v.w.Start(t, "licence.submit.findings"))
			v.photograph("licence-part-wrong-" + lang)
			stands(11, "hs", "") // nothing is wrong on the page that was sent: the part with the box comes
			v.press(v.T("licence.lines.go", "From", 1, "To", first[len("1–"):]))
			v.fillBox("goods.1.hs", "")
			v.press(v.T("licence.submit"))
			stands(1, "hs", "")
			v.press(ask[string](v, `() => document.querySelector(".of-summary button[value$=':wrong']").textContent`))
			v.sees(v.w.Start(t, "licence.submit.findings"))
			stands(11, "hs", "")
			if !ask[bool](v, `() => document.querySelector("[name='goods.11.hs']").getAttribute("aria-invalid") === "true"`) {
				t.Error("the box is not marked")
			}
			v.fillBox("goods.11.hs", "9401.69")
			v.press(ask[string](v, `() => document.querySelector(".of-summary button[value$=':wrong']").textContent`))
			stands(1, "hs", "")
			v.fillBox("goods.1.hs", "9401.69")
			v.press(v.T("licence.submit"))
			v.sees(v.T("licence.submitted"))
			for i := range 12 {
				if i != 2 {
					v.sees(fmt.Sprint("Teak chair, model ", i+1))
				}
			}
			v.sees("Teak table")
			v.photograph("licence-parts-submitted-" + lang)
		})
	}
}
