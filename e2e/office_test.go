package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// anOfficerOfOneOffice asks for the customs role at one office, is approved with it, sees what
// comes there, and books there alone: on the pages, and with a program. Another officer without
// offices goes on seeing all. In Danish on a narrow screen.
func anOfficerOfOneOffice(t *testing.T, p *program, d demoFile) {
	v, support := newVisitor(t, p.Base, "da"), newVisitor(t, p.Base, "en")
	nina := d.person(t, "", "")
	v.arrives(nina)
	v.open("/roles/request?lang=da")
	v.press(v.T("role.customs"))
	v.fill(v.T("request.body.customs"), ask[string](v, `() => [...document.querySelector("[name=body]").options].find(o => o.value === "CUSTOMS-DK").text`))
	v.press(v.T("request.go_on"))
	v.fill(v.T("authorisation.offices"), "DK005600 DE004851")
	v.fill(v.T("authorisation.phone"), "+45 12 34 56 78")
	v.press(v.T("request.send"))
	v.answered(422)
	v.photograph("office-wrong")
	v.fill(v.T("authorisation.offices"), " dk005600 ")
	v.press(v.T("request.send"))
	v.sees(v.T("roles.waits.staff"))
	v.sees("DK005600")
	v.photograph("office-asked")

	support.arrives(d.person(t, "support", ""))
	support.open("/support/requests?role=customs&country=DK&status=requested")
	support.press(nina.FirstName + " " + nina.LastName)
	support.sees("DK005600")
	support.fill(support.T("authorisation.override"), "Confirmed with the administration by telephone")
	support.photograph("office-support")
	support.press(support.T("support.approve"))
	support.sees(support.T("support.approved"))

	here, elsewhere, german := d.numbered(t, "00536"), d.numbered(t, "00459"), ""
	for _, l := range d.Licences {
		if l.Country == "DE" && l.State == "accepted" {
			german = l.Number
		}
	}
	v.open("/customs/expected")
	v.sees(v.T("clearance.expected.narrowed"))
	for _, width := range []int64{320, 1280} {
		v.wide(width)
		if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%d pixels wider than a screen of %d", over, width)
		}
		for _, found := range check(v) {
			t.Errorf("at %d: %s", width, found)
		}
		v.photograph(fmt.Sprint("office-expected-", width))
	}
	v.press(v.T("clearance.expected.no_office"))
	v.sees(here)
	v.seesNot(german)
	v.open("/customs?number=" + german)
	v.answered(404)
	v.open("/customs?number=" + here)
	v.answered(200)
	counter := v.path()
	v.photograph("office-case")
	declaration := mrn(t, "DK", "701")
	books := func(office string) {
		t.Helper()
		v.open(counter)
		v.fill(v.T("clearance.mrn"), declaration)
		v.fill(v.T("clearance.office"), office)
		v.press(v.T("clearance.book.all"))
	}
	books("DK003103")
	v.sees(v.T("clearance.office_not_yours", "Office", "DK003103", "Offices", "DK005600"))
	v.photograph("office-refused")
	books("DK005600")
	v.sees(v.T("clearance.booked", "MRN", declaration))

	token := v.makesToken("customs.read", "customs.write")
	reserve := func(office string) (int, string) {
		return p.withToken(token, "PUT", "/licences/"+elsewhere+"/declarations/"+mrn(t, "DK", "702")+"/reservation", fmt.Sprintf(`{"office":%q,"everything":true}`, office))
	}
	if status, text := reserve("DK003103"); status < 400 || !strings.Contains(text, "DK005600") {
		t.Errorf("a program books at another office: %d %s", status, text)
	}
	if status, text := reserve("DK005600"); status != 200 {
		t.Errorf("a program does not book at its office: %d %s", status, text)
	}
	if status, text := p.withToken(token, "GET", "/licences/"+german+"/quantities", ""); status != 404 {
		t.Errorf("another country's licence: %d %s", status, text)
	}
	if status, text := p.withToken(token, "GET", "/customs/expected", ""); status != 200 || strings.Contains(text, `"office":"DK003103"`) {
		t.Errorf("a program's list: %d %s", status, text)
	}
}
