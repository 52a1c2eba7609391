package e2e

import "testing"

// TestSeveralDeclarations: one licence is cleared by two declarations, which is marked. The third
// asks for too much and is told the figures; another Member State's officer does not find the
// licence; goods found not conform are not released, one booking is given back, and the look-up
// by MRN leads to the licence. In Danish; the other country's officer reads English.
func TestSeveralDeclarations(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	number := d.numbered(t, "00557") // 24,860 kg of paper in 9,944 pieces
	v := newVisitor(t, p.Base, "da")
	v.arrives(d.person(t, "customs", "DK"))
	v.open("/customs?number=" + number)
	counter := v.path()
	first, second, third := mrn(t, "DK", "611"), mrn(t, "DK", "612"), mrn(t, "DK", "613")
	books := func(declaration, kilograms, button string) {
		t.Helper()
		v.open(counter)
		v.fill(v.T("clearance.mrn"), declaration)
		v.fill(v.T("clearance.office"), "DK003103")
		v.fillBox("quantity.1.KGM", kilograms)
		v.press(v.T(button))
	}
	books(first, "10000", "clearance.dry")
	v.sees(v.T("clearance.dry.title"))
	v.sees("10.000 kg")
	v.seesNot(v.T("clearance.declaration.title", "MRN", first))
	v.seesNot(v.T("clearance.release", "MRN", first))
	books(first, "10000", "clearance.book")
	v.sees(v.T("clearance.booked", "MRN", first))
	v.seesNot(v.T("clearance.split"))
	books(second, "12000", "clearance.book")
	v.sees(v.T("clearance.booked", "MRN", second))
	v.sees(v.T("clearance.split"))
	v.sees("22.000 af 27.346 kg")
	if drawn := ask[int](v, `() => document.querySelectorAll("meter.of-meter, .of-meter meter, meter").length`); drawn == 0 {
		v.fail("draws no meter")
	}
	for _, width := range []int64{320, 1280} {
		v.wide(width)
		for _, found := range check(v) {
			t.Errorf("at %d: %s", width, found)
		}
	}
	v.photograph("customs_several")
	books(third, "6000", "clearance.book")
	v.answered(409)
	v.sees(v.T("clearance.not_enough", "MRN", third, "Asked", "6.000", "Unit", "kg", "Line", 1, "Granted", "24.860", "Limit", "27.346", "Left", "5.346"))
	v.photograph("customs_refused")

	other := newVisitor(t, p.Base, "en")
	other.arrives(d.person(t, "customs", "DE"))
	other.open("/customs?number=" + number)
	other.answered(404)
	other.seesNot("Papirhuset")

	// the goods of the first are found wanting, and then all right
	v.open(counter + "/declarations/" + first)
	v.fill(v.T("clearance.check.outcome"), "not_conform")
	v.fill(v.T("clearance.check.remarks"), "Wet, and of another size")
	v.press(v.T("clearance.check.record"))
	v.open(counter + "/declarations/" + first)
	v.sees(v.w.Start(t, "clearance.check_failed") + first)
	v.sees("Wet, and of another size")
	if v.has(v.T("clearance.release.confirm")) {
		v.fail("releases what was found not conform")
	}
	v.fill(v.T("clearance.check.outcome"), "conform")
	v.press(v.T("clearance.check.record"))
	v.press(v.T("clearance.release", "MRN", first))
	v.press(v.T("clearance.release.confirm"))
	v.sees(v.T("clearance.released", "MRN", first))

	// the second comes to nothing
	v.open("/customs")
	v.fill(v.T("clearance.find.number"), second)
	v.press(v.T("form.search"))
	v.sees(number)
	v.press(v.T("clearance.release", "MRN", second))
	v.press(v.T("clearance.free", "MRN", second))
	v.sees(v.T("clearance.freed", "MRN", second))
	v.sees("10.000 af 27.346 kg")
}
