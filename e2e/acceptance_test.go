package e2e

import (
	"strings"
	"testing"
)

// anAcceptanceIsWithdrawn: customs has booked when the authority withdraws its acceptance, which
// the importer reads with the reason; nothing more is booked, and what is booked is still released,
// by a program that is told so (outcome 04). Officer and customs read English, the importer Danish.
func anAcceptanceIsWithdrawn(t *testing.T, p *program, d demoFile) {
	number := d.numbered(t, "00557")
	customs, officer, importer := newVisitor(t, p.Base, "en"), newVisitor(t, p.Base, "en"), newVisitor(t, p.Base, "da")
	customs.arrives(d.person(t, "customs", "DK"))
	officer.arrives(d.person(t, "competent_authority", "DK"))
	importer.arrives(d.people("operator", "DK")[3])
	first, second := mrn(t, "DK", "711"), mrn(t, "DK", "712")
	token := customs.makesToken("customs.read", "customs.write")
	at := "/licences/" + number + "/declarations/"
	if status, text := p.withToken(token, "PUT", at+first+"/reservation", `{"office":"DK003103","items":[{"line":1,"unit":"KGM","quantity":"10000"}]}`); status != 200 {
		t.Fatalf("reserving: %d %s", status, text)
	}

	officer.open("/desk?part=decided&number=" + number)
	officer.press(number)
	desk := officer.path()
	officer.press(officer.T("licence.step.withdraw_acceptance"))
	officer.press(officer.T("licence.step.withdraw_acceptance"))
	officer.answered(422)
	for _, found := range check(officer) {
		t.Error(found)
	}
	officer.photograph("acceptance-form")
	officer.fill(officer.T("desk.reason"), "The issuing country says that it is forged.")
	officer.press(officer.T("licence.step.withdraw_acceptance"))
	officer.sees(officer.T("licence.state.acceptance_withdrawn"))
	officer.sees("The issuing country says that it is forged.")
	officer.photograph("acceptance-withdrawn")

	importer.open(strings.Replace(desk, "/desk/", "/licences/", 1))
	importer.sees(importer.T("licence.state.acceptance_withdrawn"))
	importer.sees("The issuing country says that it is forged.")
	importer.wide(320)
	for _, found := range check(importer) {
		t.Error(found)
	}
	importer.photograph("acceptance-importer-320")
	importer.open("/notices")
	importer.seesSoon(number)

	customs.open("/customs?number=" + number)
	customs.sees("The issuing country says that it is forged.")
	customs.photograph("acceptance-customs")
	if customs.has(customs.T("clearance.book.all")) {
		customs.fail("books under a licence whose acceptance was withdrawn")
	}
	if !customs.has(customs.T("clearance.release", "MRN", first)) {
		customs.fail("does not release what is booked")
	}
	if status, text := p.withToken(token, "PUT", at+second+"/reservation", `{"office":"DK003103","everything":true}`); status != 409 || !strings.Contains(text, `"code":"04"`) {
		t.Errorf("reserving is answered %d %s", status, text)
	}
	if status, text := p.withToken(token, "GET", "/licences/"+number+"/quantities", ""); status != 200 || !strings.Contains(text, `"reserved":"10000"`) {
		t.Errorf("the position is %d %s", status, text)
	}
	if status, text := p.withToken(token, "POST", at+first+"/reservation/release", ""); status != 200 || !strings.Contains(text, `"outcome":"04"`) {
		t.Errorf("releasing is answered %d %s", status, text)
	}
	if status, text := p.withToken(token, "POST", at+first+"/reservation/release", ""); status != 409 || !strings.Contains(text, `"code":"03"`) {
		t.Errorf("releasing again is answered %d %s", status, text)
	}
	customs.open("/customs?number=" + number)
	customs.sees("10,000")
	customs.photograph("acceptance-released")
}
