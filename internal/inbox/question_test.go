package inbox_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/inbox"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
)

// asking is a desk at which an officer asked Mette and the issuing country about a licence.
type asking struct {
	*desk
	anders   flegt.Actor
	licence  flegt.Licence
	importer flegt.Question
	issuing  flegt.Question
	newMail  int
}

func openAsking(t *testing.T, names mail.Resolver) *asking {
	t.Helper()
	d := &asking{desk: open(t)}
	d.in = inbox.New(inbox.Options{Office: d.Office, From: sender, Logger: d.in.Logger, Resolver: names})
	hold := func(id, email string, role flegt.Role, body, country string) flegt.Actor {
		err := d.db.Update(ctx, func(tx *store.Tx) error {
			if id == "mette" { // Support approves her request
				z, err := tx.Authorisation(d.request.ID)
				z.Status = flegt.Approved
				return errors.Join(err, tx.SaveAuthorisation(&z))
			}
			if err := tx.AddAccount(flegt.Account{ID: id, Email: email, FirstName: "First", LastName: "Last", Confirmed: true, Version: 1}); err != nil {
				return err
			}
			return tx.AddAuthorisation(flegt.Authorisation{ID: "z-" + id, Account: id, Role: role, Body: body, Country: country, Status: flegt.Approved, RequestedAt: d.now, Version: 1})
		})
		if err != nil {
			t.Fatal(err)
		}
		roles, err := d.Roles(ctx, id)
		if err != nil || len(roles) == 0 {
			t.Fatal(roles, err)
		}
		return roles[0]
	}
	mette := hold("mette", "", flegt.RoleOperator, d.request.Body, "DK")
	d.anders = hold("anders", "anders@mst.example", flegt.RoleAuthority, "CA-DK", "DK")
	lars := hold("lars", "lars@support.example", flegt.RoleSupport, flegt.SupportBody, "")
	if err := d.db.Update(ctx, func(tx *store.Tx) error {
		return tx.AddOperator(flegt.Operator{ID: "another", Name: "Fyns Træ", Country: "DK", Version: 1})
	}); err != nil {
		t.Fatal(err)
	}
	hold("other", "other@fyns.example", flegt.RoleOperator, "another", "DK")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.EditAuthority(ctx, lars, flegt.LicensingID("ID"), 0, registry.AuthorityEdit{Address: flegt.OfficialAddress{Email: "liu@silk.example", From: "2016-01-01", Source: "letter"}}))
	l, err := d.NewDraft(ctx, mette, flegt.Form{IssuingBody: flegt.Party{Name: "PT Mutuagung Lestari"}, Importer: flegt.Party{Name: "Nordisk Træ A/S"}, Number: "16.00001-00001.001-ID-DK",
		Issued: "2016-11-18", Expires: "2017-03-17", Export: "ID", Transport: "By sea", Licensee: flegt.Party{Name: "CV Jepara"}, IssuePlace: "Depok", Invoice: "JGL-1",
		Goods: []flegt.GoodsLine{{Description: "Teak chair", HS: "4407.29", Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}}, Harvest: []string{"ID"}, Volume: "8.412", Weight: "5120", Units: "480"}}}, "DK")
	must(err)
	l, err = d.AddScan(ctx, mette, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\nscan"))
	must(err)
	d.licence, err = d.SubmitLicence(ctx, mette, l.ID, 0)
	must(err)
	d.importer, err = d.AskQuestion(ctx, d.anders, l.ID, registry.Asking{To: flegt.ToImporter, Text: "Which invoice is it?", Deadline: "2016-12-13"})
	must(err)
	d.issuing, err = d.AskQuestion(ctx, d.anders, l.ID, registry.Asking{To: flegt.ToIssuing, Text: "Is it genuine?", Deadline: "2016-12-27"})
	must(err)
	return d
}

// reply takes one of the answers of testdata for a question, from an address of the internet.
func (d *asking) reply(t *testing.T, file, question, from, ip string) flegt.IncomingMail {
	t.Helper()
	raw, err := os.ReadFile("testdata/answers/" + file + ".eml")
	if err != nil {
		t.Fatal(err)
	}
	d.newMail++
	text := strings.ReplaceAll(string(raw), "{QUESTION}", question)
	if from != "" {
		lines := strings.SplitN(text, "\r\n", 2)
		text = "From: " + from + "\r\n" + lines[1]
	}
	to := "flegt+q-" + question + "@flegt.example"
	if !d.in.Accept(to) {
		t.Fatalf("mail to %s is refused", to)
	}
	if err := d.in.Deliver(ctx, mail.Envelope{RemoteIP: net.ParseIP(ip), From: "mette@nordisktrae.example", To: []string{to}, Raw: []byte(text)}); err != nil {
		t.Fatal(err)
	}
	d.in.CatchUp(ctx)
	all, err := d.Mails(ctx, lars, 1, 0)
	if err != nil || len(all) == 0 {
		t.Fatal(err)
	}
	return all[0]
}

func (d *asking) question(t *testing.T, id string) flegt.Question {
	t.Helper()
	q, err := d.Question(ctx, d.anders, id)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

const loopback = "127.0.0.1"

func TestAnswersByMail(t *testing.T) {
	for _, c := range []struct {
		name, file, from string
		issuing          bool
		outcome          string
		state            flegt.QuestionState
		text             string // begins so
		never            string // does not hold
		files, refused   string
		known            bool
	}{
		{"Gmail, with a PDF", "gmail", "", false, "answer", flegt.QuestionAnswered, "Fakturaen er JGL-2016-1107, se vedhæftede.", "Which invoice", "faktura.pdf application/pdf", "", true},
		{"Outlook of the unit, with a logo and a PDF", "outlook", "", true, "answer", flegt.QuestionAnswered, "Dear colleague,", "Which invoice", "V-Legal.PDF application/pdf", "", true},
		{"the unit's address for a question to the importer", "outlook", "", false, "answer", flegt.QuestionOpen, "Dear colleague,", "", "V-Legal.PDF application/pdf", "", false},
		{"another importer", "plain", "other@fyns.example", false, "answer", flegt.QuestionOpen, "It is JGL-2016-1107.", "", "", "", false},
		{"somebody without an account", "plain", "who@else.example", false, "answer", flegt.QuestionOpen, "It is JGL-2016-1107.", "", "", "", false},
		{"two senders", "plain", "mette@nordisktrae.example, who@else.example", false, "answer", flegt.QuestionOpen, "It is", "", "", "", false},
		{"a program called invoice.pdf", "program-attached", "", false, "answer", flegt.QuestionAnswered, "Here it is.", "", "", "invoice.pdf scan.type", true},
		{"nothing but the quoted mail", "only-quoted", "", false, "empty", flegt.QuestionOpen, "", "", "", "", false},
		{"out of office", "out-of-office", "", false, "automatic", flegt.QuestionOpen, "", "", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := openAsking(t, dns{silent: true})
			q := d.importer
			if c.issuing {
				q = d.issuing
			}
			m := d.reply(t, c.file, q.ID, c.from, loopback)
			q = d.question(t, q.ID)
			if m.Outcome != c.outcome || q.State != c.state {
				t.Fatalf("the mail is %s, the question %s", m.Outcome, q.State)
			}
			if c.outcome != "answer" {
				if len(q.Answers) != 0 {
					t.Errorf("attached: %+v", q.Answers)
				}
				return
			}
			a := q.Answers[0]
			if m.Question != q.ID || a.Mail != m.ID || !strings.HasPrefix(a.Text, c.text) || c.never != "" && strings.Contains(a.Text, c.never) || a.Known != c.known || a.Late {
				t.Errorf("the answer is %+v", a)
			}
			var files, refused []string
			for _, f := range a.Files {
				files = append(files, f.Name+" "+f.Type)
			}
			for _, f := range a.Refused {
				refused = append(refused, f.Name+" "+f.Key)
			}
			if strings.Join(files, ", ") != c.files || strings.Join(refused, ", ") != c.refused {
				t.Errorf("files %v, refused %v", files, refused)
			}
			raw, err := d.AnswerMail(ctx, d.anders, q.ID, a.ID)
			if err != nil || !strings.Contains(string(raw), "Message-ID") {
				t.Errorf("the raw mail: %v", err)
			}
			if _, err := d.AnswerMail(ctx, d.mette, q.ID, a.ID); flegt.KindOf(err) != flegt.NotFound {
				t.Errorf("somebody without a role reads the raw mail: %v", err)
			}
			v, err := registry.Verify(ctx, d.db, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range v.Disagreements {
				if strings.HasPrefix(x.What, "question ") || strings.HasPrefix(x.What, "dossier ") || strings.HasPrefix(x.What, "mail ") {
					t.Error(x)
				}
			}
		})
	}
}

// TestAnAnswerNeverDecides: whatever a mail says, the licence and its state stay.
func TestAnAnswerNeverDecides(t *testing.T) {
	d := openAsking(t, dns{silent: true})
	d.reply(t, "gmail", d.importer.ID, "", loopback)
	d.reply(t, "outlook", d.issuing.ID, "", loopback)
	c, err := d.Licence(ctx, d.anders, d.licence.ID)
	if err != nil || c.Licence.State != flegt.Submitted || c.Licence.Version != d.licence.Version {
		t.Errorf("the licence is %s, version %d, %v", c.Licence.State, c.Licence.Version, err)
	}
	if m := d.reply(t, "gmail", d.importer.ID, "", loopback); m.Outcome != "duplicate" || len(d.question(t, d.importer.ID).Answers) != 1 {
		t.Errorf("the same mail again is %s", m.Outcome)
	}
}

// TestTheSenderOfAnAnswerIsChecked: what SPF and DMARC say of Mette's domain stands with the
// answer, and a mail that her domain disowns ends no waiting.
func TestTheSenderOfAnAnswerIsChecked(t *testing.T) {
	names := dns{texts: map[string]string{"nordisktrae.example": "v=spf1 ip4:192.0.2.10 -all", "_dmarc.nordisktrae.example": "v=DMARC1; p=reject"}}
	for ip, c := range map[string]struct {
		spf    string
		forged bool
		state  flegt.QuestionState
	}{"192.0.2.10": {"pass", false, flegt.QuestionAnswered}, "198.51.100.1": {"fail", true, flegt.QuestionOpen}} {
		d := openAsking(t, names)
		m := d.reply(t, "plain", d.importer.ID, "", ip)
		q := d.question(t, d.importer.ID)
		if m.Outcome != "answer" || q.State != c.state || len(q.Answers) != 1 {
			t.Fatalf("%s: %s, %+v", ip, m.Outcome, q)
		}
		if a := q.Answers[0]; a.Forged != c.forged || a.Checks["spf"] != c.spf || !a.Known {
			t.Errorf("%s: %+v", ip, a)
		}
		found := ""
		if err := d.db.View(ctx, func(tx *store.Tx) error {
			events, err := tx.EventsOfQuestions(d.licence.ID)
			for _, e := range events {
				if e.Verb == "answered" {
					found = fmt.Sprint(e.Account, e.Data["known"], e.Data["forged"], e.Data["spf"], e.Data["sender"])
				}
			}
			return err
		}); err != nil || found != fmt.Sprint("", true, c.forged, c.spf, "mette") {
			t.Errorf("%s: the event says %q, %v", ip, found, err)
		}
	}
}

func TestAWrongTag(t *testing.T) {
	d := openAsking(t, dns{silent: true})
	if m := d.reply(t, "plain", "01a20e28-0169-7193-8718-2cb20d52e11f", "", loopback); m.Outcome != "other_address" || m.Question != "" {
		t.Errorf("it is %s for %q", m.Outcome, m.Question)
	}
	for _, to := range []string{"flegt+q-@flegt.example", "flegt+q-hello@flegt.example", "flegt+x-" + d.importer.ID + "@flegt.example"} {
		if d.in.Accept(to) {
			t.Errorf("mail to %s is taken", to)
		}
	}
	for _, id := range []string{d.importer.ID, d.issuing.ID} {
		if q := d.question(t, id); len(q.Answers) != 0 {
			t.Errorf("%+v", q)
		}
	}
}

func TestALateAnswerIsMarked(t *testing.T) {
	d := openAsking(t, dns{silent: true})
	d.now = d.now.AddDate(0, 1, 0)
	if d.reply(t, "gmail", d.importer.ID, "", loopback); !d.question(t, d.importer.ID).Answers[0].Late {
		t.Error("it is not marked late")
	}
}
