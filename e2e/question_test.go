package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAQuestionAnsweredByMail: an officer asks the importer, who answers with a mail program by
// replying, a document attached; the answer lies at the case, and the case is open again. Then
// the importer answers a second question on its page.
func TestAQuestionAnsweredByMail(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	importer := d.person(t, "operator", "DK")
	v := newVisitor(t, p.Base, "en")
	v.open(importer.SignInURL)
	v.open("/home?lang=en")
	v.open("/licences?state=submitted")
	licence := ask[string](v, `() => document.querySelector("main table a[href^='/licences/']").getAttribute("href")`)
	desk := strings.Replace(licence, "/licences/", "/desk/", 1)

	officer := newVisitor(t, p.Base, "en")
	officer.open(d.person(t, "competent_authority", "DK").SignInURL)
	officer.open("/desk?lang=en")
	put := func(text string) string {
		officer.open(desk)
		officer.press(officer.T("question.ask.importer"))
		for _, found := range check(officer) {
			t.Error(found)
		}
		officer.fill(officer.T("question.text"), text)
		officer.press(officer.T("question.ask.importer"))
		officer.sees(officer.T("question.asked.importer"))
		officer.sees(officer.T("question.state.open"))
		id := ask[string](officer, `() => [...document.querySelectorAll("#questions article")].pop().id`)
		return strings.TrimPrefix(id, "question-")
	}
	id := put("Which invoice belongs to the licence?")
	officer.photograph("question-desk")
	officer.open("/desk?part=waiting")
	officer.sees(officer.w.Start(t, "question.waits.importer"))

	invoice := filepath.Join(t.TempDir(), "invoice.pdf")
	if err := os.WriteFile(invoice, []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	local, domain, _ := strings.Cut(d.SupportAddress, "@")
	reply := local + "+q-" + id + "@" + domain
	hand(t, "", "swaks", "--server", p.SMTP, "--from", importer.Email, "--to", reply, "--header", "Subject: Re: Question about a licence",
		"--body", "It is the one attached.\n\nOn Tue, 6 Dec 2016 at 10:00, OpenFLEGT <"+d.SupportAddress+"> wrote:\n> Which invoice belongs to the licence?\n",
		"--attach-type", "application/pdf", "--attach-name", "invoice.pdf", "--attach", "@"+invoice)
	officer.open(desk)
	officer.seesSoon("It is the one attached.")
	officer.sees("invoice.pdf")
	officer.sees(officer.T("question.state.answered"))
	officer.seesNot(officer.T("question.sender_unknown"))
	for _, found := range check(officer) {
		t.Error(found)
	}
	officer.photograph("question-answered")

	put("And which ship?")
	v.open(licence)
	v.sees("And which ship?")
	v.press(v.T("question.answer"))
	v.fill(v.T("question.answer.text"), "The Ever Given.")
	for _, found := range check(v) {
		t.Error(found)
	}
	v.photograph("question-answer")
	v.press(v.T("question.answer.send"))
	v.sees(v.T("question.answer_sent"))
	officer.open(desk)
	officer.sees("The Ever Given.")
}
