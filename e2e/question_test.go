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
	hand(t, "", "swaks", "--server", p.SMTP, "--from", "somebody@else.example", "--to", reply, "--header", "Subject: Re: Question about a licence", "--body", "Believe me.")
	officer.open(desk)
	officer.seesSoon("Believe me.")
	officer.sees(officer.T("question.sender_unknown"))
	officer.sees(officer.T("question.event.answered.doubtful"))
	officer.sees(officer.T("question.state.open"))
	officer.seesNot(officer.T("question.event.answered.importer"))
	hand(t, "", "swaks", "--server", p.SMTP, "--from", importer.Email, "--to", reply, "--header", "Subject: Re: Question about a licence",
		"--body", "It is the one attached.\n\nOn Tue, 6 Dec 2016 at 10:00, OpenFLEGT <"+d.SupportAddress+"> wrote:\n> Which invoice belongs to the licence?\n",
		"--attach-type", "application/pdf", "--attach-name", "invoice.pdf", "--attach", "@"+invoice)
	officer.open(desk)
	officer.seesSoon("It is the one attached.")
	officer.sees("invoice.pdf")
	officer.sees(officer.T("question.state.answered"))
	officer.sees(officer.T("question.event.answered.importer"))
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

// TestTheIssuingCountryAnswersByMail: an officer asks Indonesia's Licence Information Unit; the
// mail that goes out carries the licence's data, the reply with its document lies at the case, and
// a stranger's reply is marked as one.
func TestTheIssuingCountryAnswersByMail(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	number := d.numbered(t, "00466")
	v := newVisitor(t, p.Base, "da")
	v.arrives(d.person(t, "competent_authority", "DK"))
	v.open("/desk?number=" + number)
	v.press(number)
	desk := v.path()
	v.press(v.T("question.ask.issuing"))
	v.sees("liu@licensing-id.example")
	v.press(v.T("question.ask.issuing"))
	v.answered(422)
	v.fill(v.T("question.text"), "Did you issue this licence to this exporter?")
	for _, found := range check(v) {
		t.Error(found)
	}
	v.press(v.T("question.ask.issuing"))
	v.sees(v.T("question.asked.issuing"))
	id := strings.TrimPrefix(ask[string](v, `() => [...document.querySelectorAll("#questions article")].pop().id`), "question-")
	local, domain, _ := strings.Cut(d.SupportAddress, "@")
	reply := local + "+q-" + id + "@" + domain
	importer := newVisitor(t, p.Base, "da")
	importer.arrives(d.person(t, "operator", "DK"))
	licence := strings.Replace(desk, "/desk/", "/licences/", 1)
	importer.open(licence)
	importer.sees(importer.T("licence.waits.issuing.title"))
	importer.seesNot("Did you issue this licence")
	importer.wide(320)
	for _, found := range check(importer) {
		t.Error(found)
	}
	importer.photograph("question-waits-320")
	v.open("/demo/mailbox")
	v.seesSoon("liu@licensing-id.example")
	v.open(ask[string](v, `() => [...document.querySelectorAll("tr")].find(r => r.textContent.includes("liu@licensing-id.example")).querySelector("a[href*='/demo/mailbox/']").getAttribute("href")`))
	for _, part := range []string{"Did you issue this licence", number, "CV Jepara Garden Living"} {
		v.sees(part)
	}
	if to := ask[string](v, `() => new URL(document.querySelector("a[href*='/demo/mailbox/write']").href).searchParams.get("to")`); to != reply {
		t.Errorf("a reply from the mailbox goes to %s", to)
	}

	confirmation := filepath.Join(t.TempDir(), "confirmation.pdf")
	if err := os.WriteFile(confirmation, manyPagesPDF(1), 0o600); err != nil {
		t.Fatal(err)
	}
	hand(t, "", "swaks", "--server", p.SMTP, "--from", "liu@licensing-id.example", "--to", reply, "--header", "Subject: Re: "+number, "--body", "Yes, on that day.",
		"--attach-type", "application/pdf", "--attach-name", "confirmation.pdf", "--attach", "@"+confirmation)
	v.open(desk)
	v.seesSoon("Yes, on that day.")
	v.sees("confirmation.pdf")
	v.sees(v.T("question.by_mail"))
	v.sees(v.T("question.state.answered"))
	v.seesNot(v.T("question.sender_unknown"))
	if media := ask[string](v, `() => fetch(document.querySelector("#questions a[href*='/files/']").href).then(r => r.status + " " + r.headers.get("Content-Type"))`); media != "200 application/pdf" {
		t.Errorf("the confirmation answers %s", media)
	}
	host, port, _ := strings.Cut(p.SMTP, ":")
	hand(t, "From: somebody@elsewhere.example\nTo: "+reply+"\nSubject: Re: "+number+"\n\nNo, it is forged.\n", "msmtp", "--host="+host, "--port="+port, "--auth=off", "--tls=off",
		"--from=somebody@elsewhere.example", reply)
	v.seesSoon("No, it is forged.")
	v.sees(v.T("question.sender_unknown"))
	v.photograph("question-issuing")
	importer.open(licence)
	importer.answered(200)
	importer.seesNot("Yes, on that day.")
	importer.seesNot(importer.T("licence.waits.issuing.title"))
}
