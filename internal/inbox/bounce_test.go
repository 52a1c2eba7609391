package inbox_test

import (
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

const (
	letterID = "01a20e28-0169-7193-8718-2cb20d52e11e"
	sender   = "flegt@flegt.example"
)

// lars is of the Support Team.
var lars = flegt.Actor{Account: "lars", Role: flegt.RoleSupport, Body: flegt.SupportBody, Authorisation: "support"}

// posted is the desk with a letter sent to Mette.
func posted(t *testing.T) *desk {
	t.Helper()
	d := open(t)
	d.in = inbox.New(inbox.Options{Office: d.Office, From: sender, Logger: d.in.Logger})
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		z := flegt.Authorisation{ID: "support", Account: "lars", Role: flegt.RoleSupport, Body: flegt.SupportBody, Status: flegt.Approved, RequestedAt: d.now, Version: 1}
		if err := tx.AddAccount(flegt.Account{ID: "lars", Email: "lars@support.example", FirstName: "Lars", LastName: "Holm", Confirmed: true, Version: 1}); err != nil {
			return err
		}
		if err := tx.AddAuthorisation(z); err != nil {
			return err
		}
		return tx.AddLetters(flegt.Letter{ID: letterID, To: "Mette@nordisktrae.example", Account: "mette", Text: "text", MessageID: letterID + "@flegt.example", State: flegt.LetterSent, CreatedAt: d.now})
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// comes takes a mail as the SMTP server hands it over.
func (d *desk) comes(t *testing.T, from, to string, raw []byte) flegt.IncomingMail {
	t.Helper()
	if !d.in.Accept(to) {
		t.Fatalf("mail to %s is refused", to)
	}
	if err := d.in.Deliver(ctx, mail.Envelope{RemoteIP: net.IPv4(127, 0, 0, 1), From: from, To: []string{to}, Raw: raw}); err != nil {
		t.Fatal(err)
	}
	d.in.CatchUp(ctx)
	all, err := d.Mails(ctx, lars, 1, 0)
	if err != nil || len(all) == 0 {
		t.Fatal(err)
	}
	return all[0]
}

func (d *desk) letter(t *testing.T) flegt.Letter {
	t.Helper()
	l, err := d.LetterByID(ctx, lars, false, letterID)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLettersThatComeBack(t *testing.T) {
	own := flegt.ReturnPath(sender, letterID)
	stranger := flegt.ReturnPath(sender, "01a20e28-0169-7193-8718-2cb20d52e11f")
	for _, c := range []struct {
		name, file, to string
		without        string // taken out of the report
		outcome        string
		state          flegt.LetterState
		reason         string
	}{
		{"to the letter's own return path", "danish-appliance", own, "", "bounce", flegt.LetterBounced, "550 5.1.1 Ukendt modtager"},
		{"with the letter's Message-ID", "postfix-failed", sender, "", "bounce", flegt.LetterBounced, "550 5.1.1 <mette@nordisktrae.example>: Recipient address rejected: User unknown in virtual mailbox table"},
		{"an old server, by Message-ID", "qmail", support, "", "bounce", flegt.LetterBounced, "Remote host said: 550 5.1.1 No such user here"},
		{"a reason without words", "base64-status", own, "", "bounce", flegt.LetterBounced, "5.7.1"},
		{"only late", "postfix-delayed", own, "", "delayed", flegt.LetterSent, ""},
		{"only late, by words", "exim-warning", own, "", "delayed", flegt.LetterSent, ""},
		{"delivered", "success-report", own, "", "automatic", flegt.LetterSent, ""},
		{"a holiday notice", "not-out-of-office", own, "", "automatic", flegt.LetterSent, ""},
		{"a guessed return path", "danish-appliance", stranger, "", "automatic", flegt.LetterSent, ""},
		{"neither path nor Message-ID", "postfix-failed", sender, letterID, "automatic", flegt.LetterSent, ""},
		{"a person who writes there", "not-a-person-writing-of-one", own, "", "other_address", flegt.LetterSent, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, err := os.ReadFile("../mail/testdata/bounce/" + c.file + ".eml")
			if err != nil {
				t.Fatal(err)
			}
			text := string(raw)
			if c.without != "" || c.to == stranger {
				text = strings.ReplaceAll(text, letterID, "0")
			}
			d := posted(t)
			from := ""
			if strings.HasPrefix(c.file, "not-a-person") {
				from = "mette@nordisktrae.example"
			}
			m := d.comes(t, from, c.to, []byte(text))
			l := d.letter(t)
			if m.Outcome != c.outcome || l.State != c.state || l.LastError != c.reason {
				t.Errorf("%s, letter %s %q", m.Outcome, l.State, l.LastError)
			}
			bad, err := d.Unreachable(ctx, lars, "mette@nordisktrae.example")
			if err != nil || (len(bad) == 1) != (c.state == flegt.LetterBounced) {
				t.Errorf("unreachable: %v %v", bad, err)
			}
			if z := d.status(t); z.Status != flegt.Requested || z.Version != 1 {
				t.Errorf("the request changed: %+v", z)
			}
			if err := d.db.View(ctx, func(tx *store.Tx) error {
				events, err := tx.EventsSince(0, 100)
				for _, e := range events {
					if may, _ := e.Data["answer"].(bool); e.Noun == flegt.NounMail && may != (c.outcome == "other_address") {
						t.Errorf("answered: %v", may)
					}
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRetryAfterABounce: Support has the letter tried again, others do not.
func TestRetryAfterABounce(t *testing.T) {
	d := posted(t)
	if err := d.RetryLetter(ctx, d.mette, letterID); flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("Mette: %v", err)
	}
	if err := d.RetryLetter(ctx, lars, letterID); flegt.KindOf(err) != flegt.Conflict {
		t.Errorf("a letter that was sent: %v", err)
	}
	raw, err := os.ReadFile("../mail/testdata/bounce/postfix-failed.eml")
	if err != nil {
		t.Fatal(err)
	}
	d.comes(t, "", sender, raw)
	if err := d.RetryLetter(ctx, lars, letterID); err != nil {
		t.Fatal(err)
	}
	if l := d.letter(t); l.State != flegt.LetterQueued || l.NextAt.IsZero() {
		t.Errorf("letter: %+v", l)
	}
	if _, _, err := d.Letters(ctx, d.mette, false, registry.LetterQuery{Limit: 10}); flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("Mette sees letters: %v", err)
	}
}
