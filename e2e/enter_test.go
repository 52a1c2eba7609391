package e2e

import (
	"path/filepath"
	"testing"
)

// enterSavesAlone presses Enter in a box of forms that have many buttons: the form is sent, and none of
// the buttons is pressed that adds a row, takes a scan away or goes elsewhere. In Danish on a narrow
// screen, by the keyboard alone.
func enterSavesAlone(t *testing.T, p *program, d demoFile) {
	v := newVisitor(t, p.Base, "da")
	v.arrives(d.people("operator", "DK")[1])
	v.wide(320)
	enters := func(box string) {
		t.Helper()
		ask[bool](v, `name => { const box = document.querySelector("[name='" + name + "']"); box.focus(); return document.activeElement === box; }`, box)
		ask[bool](v, `() => window.ofStays = true`)
		v.pressKey("Enter")
	}
	v.open("/operators/new?lang=da")
	rows := ask[int](v, `() => document.querySelectorAll("[name^='identifier']").length`)
	enters("name")
	v.answer("Enter")
	v.sees(v.T("error.required"))
	if now := ask[int](v, `() => document.querySelectorAll("[name^='identifier']").length`); now != rows {
		v.fail("has %d boxes of identifiers after Enter, not %d", now, rows)
	}

	number := d.numbered(t, "00713") // electronic: its form has a button beside each scan
	scan := filepath.Join(t.TempDir(), "bill.pdf")
	write(t, scan, manyPagesPDF(1))
	v.open("/licences?q=" + number)
	v.press(number)
	v.press(v.T("licence.go_on"))
	v.fill(v.T("scan.add"), scan)
	v.press(v.T("licence.save"))
	v.sees(v.T("scan.remove", "Name", "bill.pdf"))
	v.fill(v.T("licence.form.arrival_place"), "Aarhus")
	enters("arrival_place")
	v.answer("Enter")
	v.sees(v.T("scan.remove", "Name", "bill.pdf"))
	if got := v.value(v.T("licence.form.arrival_place")); got != "Aarhus" {
		v.fail("lost what was typed: %q", got)
	}

	v.open("/licences/new")
	v.fill(v.T("licence.form.invoice"), "INV-ENTER")
	enters("invoice")
	v.saved()
	if ask[string](v, `() => document.activeElement.name`) != "invoice" || !ask[bool](v, `() => window.ofStays === true && document.activeElement.getBoundingClientRect().top >= 0 && document.activeElement.getBoundingClientRect().bottom <= innerHeight`) {
		v.fail("goes away from the box")
	}
	if stops := ask[int](v, `() => document.querySelectorAll("[data-of-enter]:not([tabindex='-1'])").length`); stops != 0 {
		v.fail("has %d stops that nobody sees", stops)
	}
}
