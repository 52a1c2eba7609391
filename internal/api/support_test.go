package api

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
)

// TestApprovingNeedsAReason: where no mail keeps the five rules, the reason that is missing is a wrong
// box and no conflict.
func TestApprovingNeedsAReason(t *testing.T) {
	w := newTown(t)
	z, err := w.Office.RequestRole(t.Context(), w.actors[mette], registry.RoleRequest{Role: flegt.RoleCustoms, Body: "CUSTOMS-DK"})
	if err != nil {
		t.Fatal(err)
	}
	at := "/api/v1/authorisations/" + z.ID + "/approve"
	for _, body := range []string{`{}`, `{"override":" "}`} {
		p := w.ask(support, "POST", at, body, "If-Match", "*").problem(422, "invalid")
		if p.Key != "authorisation.approve.no_mail" || len(p.Errors) != 1 || p.Errors[0].Pointer != "/override" || p.Errors[0].Detail == "" {
			t.Errorf("%s: %+v", body, p)
		}
	}
	w.ask(support, "POST", at, `{"override":"called back"}`, "If-Match", "*").is(200)
	w.ask(support, "POST", at, `{"override":"called back"}`, "If-Match", "*").problem(409, "conflict")
}

// TestMailsAboutARequest: who asked for a role reads what became of the mails about it, rule by rule, as on
// its page; the authority does not, and lists are short.
func TestMailsAboutARequest(t *testing.T) {
	w := newTown(t)
	z, err := w.Office.RequestRole(t.Context(), w.actors[mette], registry.RoleRequest{Role: flegt.RoleOperator, Body: w.actors[rival].Body, Capacity: flegt.Agent, Phone: "+45 12345678"})
	if err != nil {
		t.Fatal(err)
	}
	const from = "mette@nordisktrae.example"
	kept, err := w.Office.KeepMail(t.Context(), []byte("Subject: hello"), "192.0.2.1", "client", from)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Office.HandleMail(t.Context(), registry.ReadMail{Mail: flegt.IncomingMail{ID: kept, From: from, Subject: "hello", Text: "the words", Auth: map[string]string{"spf": "pass"}}, MayAnswer: true,
		Facts: flegt.RoleMail{FromAddrs: []string{from}, To: []string{registry.DefaultSupportAddress}, Subject: "hello", Body: "Firstmette Lastmette, Firma rival A/S", ReceivedAt: w.now}})
	if err != nil {
		t.Fatal(err)
	}
	at := "/api/v1/authorisations/" + z.ID
	for _, who := range []string{mette, support, observer} {
		read := into[Authorisation](w.ask(who, "GET", at, "", "Accept-Language", "da").is(200))
		if len(read.Mails) != 1 || len(read.Mails[0].Rules) != 5 || read.Mails[0].Outcome != "broken" || read.Mails[0].Checks["spf"] != "pass" || read.Mails[0].RemoteIP != "" {
			t.Fatalf("%s: %+v", who, read.Mails)
		}
		for _, r := range read.Mails[0].Rules {
			if !r.Kept && r.Remedy == "" {
				t.Errorf("%s: what to write instead is not said: %+v", who, r)
			}
		}
	}
	for who, path := range map[string]string{officer: at, mette: "/api/v1/authorisations", support: "/api/v1/authorisations/queue?status=rejected"} {
		if answer := w.ask(who, "GET", path, "").is(200); !strings.Contains(answer.text, z.ID) || strings.Contains(answer.text, `"mails"`) {
			t.Errorf("%s, %s: %s", who, path, answer.text)
		}
	}
}

// TestCompaniesThatMayBeTheSame: Support reads of a request which companies may be the one it is for
// under another number; nobody else does.
func TestCompaniesThatMayBeTheSame(t *testing.T) {
	w := newTown(t)
	twin, err := w.Office.CreateOperator(t.Context(), w.actors[mette], flegt.Operator{Name: "Firma rivall", LegalForm: "A/S", Country: "DK", Postcode: "8000",
		Town: "Aarhus C", Street: "Havnegade 2", ContactName: "Mette Sørensen", ContactEmail: "twin@nordisktrae.example", Section: flegt.SectionTimber,
		Identifiers: []flegt.Identifier{{Kind: "NATIONAL", Country: "DK", Value: "10150817"}}}, true)
	if err != nil {
		t.Fatal(err)
	}
	z, err := w.Office.RequestRole(t.Context(), w.actors[mette], registry.RoleRequest{Role: flegt.RoleOperator, Body: w.actors[rival].Body, Capacity: flegt.Agent, Phone: "+45 12345678"})
	if err != nil {
		t.Fatal(err)
	}
	at := "/api/v1/authorisations/" + z.ID
	read := into[Authorisation](w.ask(support, "GET", at, "").is(200))
	if !slices.ContainsFunc(read.Similar, func(o Operator) bool { return o.ID == twin.ID }) {
		t.Errorf("Support reads %+v", read.Similar)
	}
	for who, path := range map[string]string{mette: at, support: "/api/v1/authorisations/queue"} {
		if answer := w.ask(who, "GET", path, "").is(200); !strings.Contains(answer.text, z.ID) || strings.Contains(answer.text, `"similar"`) {
			t.Errorf("%s, %s: %s", who, path, answer.text)
		}
	}
}

// TestSupportsDesk reads mails and letters, has one tried again and changes an authority.
func TestSupportsDesk(t *testing.T) {
	w := newTown(t)
	raw := "From: Mette <mette@nordisktrae.example>\r\nSubject: FLEGIT\r\n\r\nHello\r\n"
	var ids []string
	for range 3 {
		id, err := w.Office.KeepMail(t.Context(), []byte(raw), "192.0.2.1", "client", "mette@nordisktrae.example")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		raw += "."
	}
	var read []string
	for address := "/api/v1/support/mails?limit=2"; address != ""; {
		answer := w.ask(support, "GET", address, "").is(200)
		for _, m := range into[struct{ Items []Mail }](answer).Items {
			read = append(read, m.ID)
		}
		address, _, _ = strings.Cut(strings.TrimPrefix(answer.Header.Get("Link"), "<"), ">")
	}
	slices.Sort(read)
	slices.Sort(ids)
	if !slices.Equal(read, ids) {
		t.Errorf("%v, want %v", read, ids)
	}
	w.ask(observer, "GET", "/api/v1/support/mails/"+ids[0], "").is(200).says(`"sha256":"`)
	if got := w.ask(support, "GET", "/api/v1/support/mails/"+ids[0]+"/raw", "").is(200); got.Header.Get("Content-Type") != mailType || !strings.HasPrefix(got.text, "From: Mette") {
		t.Errorf("%v %q", got.Header, got.text)
	}
	w.ask(support, "GET", "/api/v1/support/mails/x/raw", "").problem(404, "not-found")
	w.ask(officer, "GET", "/api/v1/support/mails", "").problem(403, "scope")
	w.ask(support, "GET", "/api/v1/support/mails?cursor=x", "").problem(422, "invalid")

	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		for _, l := range []flegt.Letter{{ID: "came", To: "a@b.example", Subject: "Hello", Text: "text", State: flegt.LetterSent, CreatedAt: w.now, SentAt: w.now},
			{ID: "lost", To: "a@b.example", Subject: "Again", Text: "text", State: flegt.LetterFailed, LastError: "550 no such user", CreatedAt: w.now},
			{ID: "link", To: "c@b.example", Subject: "Link", Text: "the link", Secret: true, State: flegt.LetterQueued, CreatedAt: w.now, NextAt: w.now}} {
			if err := tx.AddLetters(l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.ask(support, "GET", "/api/v1/support/letters?to=a@b.example&state=failed", "").is(200).says(`"id":"lost"`, "550 no such user")
	if text := w.ask(support, "GET", "/api/v1/support/letters/link", "").is(200).text; strings.Contains(text, "the link") {
		t.Error("a one-time link is shown")
	}
	w.ask(support, "POST", "/api/v1/support/letters/came/retry", "").problem(409, "conflict")
	w.ask(support, "POST", "/api/v1/support/letters/lost/retry", "").is(200).says(`"state":"queued"`)
	w.ask(observer, "POST", "/api/v1/support/letters/lost/retry", "").problem(403, "scope")

	const dk = "/api/v1/support/authorities/CA-DK"
	before := w.ask(support, "GET", dk, "").is(200)
	edit := `{"name":"Miljøstyrelsen","address":{"email":"flegt@authority.example","from":"2016-12-05","source":"its letter"},"end_old":true}`
	if p := w.ask(support, "PUT", dk, strings.Replace(edit, "its letter", "", 1), "If-Match", "*").problem(422, "invalid"); p.Errors[0].Pointer != "/address/source" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(support, "PUT", dk, edit).problem(428, "if-match-needed")
	w.ask(support, "PUT", dk, edit, "If-Match", before.Header.Get("ETag")).is(200).says("Miljøstyrelsen", "flegt@authority.example", `"from":"2016-12-05"`)
	w.ask(support, "PUT", dk, edit, "If-Match", before.Header.Get("ETag")).problem(412, "stale")
	w.ask(officer, "PUT", dk, edit, "If-Match", "*").problem(403, "scope")
}

// TestOwnMatters: asking again, the mail of a request, and what one is told by mail.
func TestOwnMatters(t *testing.T) {
	w := newTown(t)
	z := into[Authorisation](w.ask(rival, "POST", "/api/v1/authorisations", `{"role":"operator","body":"`+w.actors[mette].Body+`","capacity":"agent"}`).is(201))
	one := "/api/v1/authorisations/" + z.ID
	w.ask(rival, "GET", one+"/mail", "").is(200).says("rival@nordisktrae.example", "Firma mette")
	w.ask(mette, "GET", one+"/mail", "").problem(404, "not-found")
	w.ask(rival, "POST", one+"/withdraw", "", "If-Match", `"9"`).problem(412, "stale")
	w.ask(rival, "POST", one+"/withdraw", "", "If-Match", etag(z.Version)).is(200).says(`"status":"withdrawn"`)
	w.ask(mette, "POST", one+"/again", "").problem(404, "not-found")
	again := into[Authorisation](w.ask(rival, "POST", one+"/again", "").is(201).says(`"status":"requested"`, `"capacity":"agent"`))
	if again.ID == z.ID {
		t.Error("it is the old request")
	}
	w.ask(mette, "GET", "/api/v1/notifications/mail", "").is(200).says(`"licence":true,"clearance":true,"authorisation":true`)
	w.ask(mette, "PUT", "/api/v1/notifications/mail", `{"licence":true,"clearance":false,"authorisation":true}`).is(200).says(`"clearance":false`)
	w.ask(mette, "GET", "/api/v1/notifications/mail", "").is(200).says(`"clearance":false`)
	w.ask(mette, "PUT", "/api/v1/notifications/mail", `{"licence":true}`).problem(422, "invalid")
	var topics []string
	for i := range reflect.TypeFor[MailChoice]().NumField() {
		topics = append(topics, reflect.TypeFor[MailChoice]().Field(i).Tag.Get("json"))
	}
	if !slices.Equal(topics, registry.Topics) {
		t.Errorf("the choice is of %v, the topics are %v", topics, registry.Topics)
	}
}

// TestConfirmationHandedIn: a large confirmation comes as a file of its own, and its receipt
// works for one licence, one account and one hour.
func TestConfirmationHandedIn(t *testing.T) {
	w := newTown(t)
	l := w.accepted(mette, numberOne)
	other := w.accepted(mette, "16.00123-00457.001-ID-DK")
	one := "/api/v1/licences/" + l.ID
	file := "%PDF-1.4 " + strings.Repeat("extended ", 1<<18)
	hand := func(who, id, file string) reply {
		return w.ask(who, "POST", "/api/v1/licences/"+id+"/confirmations?name=letter.pdf", file, "Content-Type", "application/pdf")
	}
	hand(officer, l.ID, "no file").problem(422, "invalid")
	hand(swede, l.ID, file).problem(404, "not-found")
	hand(mette, l.ID, file).problem(403, "scope")
	got := into[ConfirmationReceipt](hand(officer, l.ID, file).is(201))
	if got.Type != "application/pdf" || got.Size != int64(len(file)) || got.Name != "letter.pdf" {
		t.Errorf("%+v", got)
	}
	extend := func(receipt string) string {
		return `{"until":"2017-05-01","confirmation":{"reference":"LIU 12/2016","receipt":"` + receipt + `"}}`
	}
	for name, receipt := range map[string]string{"none": "x.y", "altered": "A" + got.Receipt, "another licence's": into[ConfirmationReceipt](hand(officer, other.ID, file).is(201)).Receipt,
		"another's": into[ConfirmationReceipt](hand(licensing, l.ID, file).is(201)).Receipt} {
		if p := w.ask(officer, "POST", one+"/extend", extend(receipt), "If-Match", "*").problem(422, "invalid"); p.Errors[0].Pointer != "/confirmation/receipt" {
			t.Errorf("%s: %+v", name, p.Errors)
		}
	}
	if p := w.ask(officer, "POST", one+"/extend", `{"until":"2017-05-01"}`, "If-Match", "*").problem(422, "invalid"); len(p.Errors) != 2 || p.Errors[0].Pointer != "/confirmation/reference" || p.Errors[1].Pointer != "/confirmation/file" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(officer, "POST", one+"/extend", extend(got.Receipt), "If-Match", "*").is(200).says(`"extended_to":"2017-05-01"`)
	correct := `{"pointer":"/form/invoice","words":"JGL-2016-1108","confirmation":{"reference":"LIU 13/2016","receipt":"` + got.Receipt + `"}}`
	if p := w.ask(officer, "POST", one+"/correct-on-paper", strings.Replace(correct, "/form/invoice", "/form/remarks", 1), "If-Match", "*").problem(422, "invalid"); p.Errors[0].Pointer != "/pointer" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(officer, "POST", one+"/correct-on-paper", correct, "If-Match", "*").is(200)
	w.ask(mette, "GET", one+"/history", "").is(200).says("extended", "corrected_on_paper")
	late := into[ConfirmationReceipt](hand(officer, l.ID, file).is(201))
	w.now = late.Until
	w.ask(officer, "POST", one+"/correct-on-paper", strings.Replace(correct, got.Receipt, late.Receipt, 1), "If-Match", "*").problem(422, "invalid")
	w.agrees()
}

// TestAnsweringAndCopying: the importer's words on a finding, and a draft made of another.
func TestAnsweringAndCopying(t *testing.T) {
	w := newTown(t)
	l := into[Licence](w.ask(mette, "POST", "/api/v1/licences", strings.Replace(formJSON(numberOne), `"5120"`, `"51200"`, 1)).is(201))
	one := "/api/v1/licences/" + l.ID
	var look Finding
	for _, f := range into[struct{ Items []Finding }](w.ask(mette, "GET", one+"/findings", "").is(200)).Items {
		if f.Severity == flegt.Look {
			look = f
		}
	}
	answer := `{"key":"` + look.Key + `","pointer":"` + look.Pointer + `","words":"it is wet wood"}`
	w.ask(mette, "POST", one+"/findings/answer", strings.Replace(answer, look.Key, "nothing", 1), "If-Match", `"1"`).is(409)
	w.ask(mette, "POST", one+"/findings/answer", answer, "If-Match", `"7"`).problem(412, "stale")
	w.ask(mette, "POST", one+"/findings/answer", answer, "If-Match", `"1"`).is(200)
	w.ask(mette, "GET", one+"/findings", "").is(200).says(`"answer":"it is wet wood"`)
	twin := into[Licence](w.ask(mette, "POST", one+"/copy", "").is(201))
	if twin.ID == l.ID || twin.Form.Licensee != l.Form.Licensee || twin.Form.Number != "" {
		t.Errorf("%+v", twin.Form)
	}
	w.ask(rival, "POST", one+"/copy", "").problem(404, "not-found")
}
