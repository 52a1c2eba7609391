package inbox_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/smtp"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/inbox"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

var ctx = context.Background()

// desk is an office with Mette's request pending and an inbox before it.
type desk struct {
	*registry.Office
	in      *inbox.Inbox
	db      *store.DB
	mette   flegt.Actor
	request flegt.Authorisation
	now     time.Time
}

func open(t *testing.T) *desk {
	t.Helper()
	return openFor(t, "mette@nordisktrae.example")
}

// openFor opens the desk with Mette's account at an address.
func openFor(t *testing.T, email string) *desk {
	t.Helper()
	return openWith(t, email, registry.Options{})
}

// openWith opens the desk of an office with options of its own.
func openWith(t *testing.T, email string, o registry.Options) *desk {
	t.Helper()
	db := storetest.SQLite(t)
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{db: db, now: time.Date(2016, 12, 6, 9, 0, 0, 0, time.UTC)}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	o.DB, o.Reference, o.Logger = db, ref, quiet
	o.Clock = func() time.Time { d.now = d.now.Add(time.Second); return d.now }
	d.Office, err = registry.New(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		return tx.AddAccount(flegt.Account{ID: "mette", Email: email, FirstName: "Mette", LastName: "Sørensen", Lang: "da", Confirmed: true, Version: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	visitor, err := d.Visitor(ctx, "mette")
	if d.mette = visitor.Person; err != nil {
		t.Fatal(err)
	}
	op, err := d.CreateOperator(ctx, d.mette, flegt.Operator{Name: "Nordisk Træ", LegalForm: "A/S", Country: "DK", Town: "Aarhus", Street: "Havnegade 1", Postcode: "8000",
		ContactName: "Mette", ContactEmail: "mette@nordisktrae.example", Section: flegt.SectionTimber, Identifiers: []flegt.Identifier{{Kind: "NATIONAL", Country: "DK", Value: "37606030"}}}, true)
	if err != nil {
		t.Fatal(err)
	}
	d.ask(t, op.ID)
	d.in = inbox.New(inbox.Options{Office: d.Office, Logger: quiet})
	return d
}

func (d *desk) ask(t *testing.T, operator string) {
	t.Helper()
	var err error
	d.request, err = d.RequestRole(ctx, d.mette, registry.RoleRequest{Role: flegt.RoleOperator, Body: operator, Capacity: flegt.Importer})
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) status(t *testing.T) flegt.Authorisation {
	t.Helper()
	z, err := d.Authorisation(ctx, d.mette, d.request.ID)
	if err != nil {
		t.Fatal(err)
	}
	return z.Authorisation
}

func mailText(from, to, cc, subject, extra, body string) []byte {
	return []byte(fmt.Sprintf("From: %s\r\nTo: %s\r\nCc: %s\r\nSubject: %s\r\nMessage-ID: <%d@test>\r\n%sMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		from, to, cc, subject, len(body)+len(subject)+len(from)+len(cc), extra, body))
}

const (
	support = registry.DefaultSupportAddress
	wanted  = "role request for a FLEGT timber importer"
	names   = "Mette Sørensen\r\nNordisk Træ A/S"
)

func TestCasesOfTheLetter(t *testing.T) {
	for file, c := range map[string]struct {
		outcome string
		broken  []int
	}{"keeps-all.eml": {"kept", nil}, "breaks-1.eml": {"broken", []int{1}}, "breaks-3.eml": {"broken", []int{3}}} {
		t.Run(file, func(t *testing.T) {
			raw, err := os.ReadFile("testdata/" + file)
			if err != nil {
				t.Fatal(err)
			}
			d := open(t)
			m, err := d.in.Receive(ctx, bytes.NewReader(raw))
			if err != nil || m.Outcome != c.outcome || m.Authorisation != d.request.ID {
				t.Fatalf("%s %v %v", m.Outcome, m.Verdicts, err)
			}
			var broken []int
			for _, v := range m.Verdicts {
				if !v.Kept {
					broken = append(broken, v.Rule)
				}
			}
			if fmt.Sprint(broken) != fmt.Sprint(c.broken) {
				t.Errorf("broken: %v, want %v", broken, c.broken)
			}
			z := d.status(t)
			if want := map[string]flegt.AuthorisationStatus{"kept": flegt.Requested, "broken": flegt.Denied}[c.outcome]; z.Status != want || z.MailKept != (c.outcome == "kept") {
				t.Errorf("request: %s, mail kept %v", z.Status, z.MailKept)
			}
		})
	}
}

func TestMailThatChangesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		raw     []byte
		outcome string
	}{
		"a stranger":     {mailText("who@else.example", support, "svana@svana.dk", wanted, "", "Somebody Else\r\nOther Company"), "unknown_sender"},
		"an auto-reply":  {mailText("mette@nordisktrae.example", support, "", "Out of office", "Auto-Submitted: auto-replied\r\n", "I am away"), "automatic"},
		"a mailing list": {mailText("mette@nordisktrae.example", support, "", "news", "List-Id: <x.example>\r\n", "news"), "automatic"},
		"no mail at all": {[]byte("\x00\x01"), "unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			m, err := d.in.Receive(ctx, bytes.NewReader(c.raw))
			if err != nil || m.Outcome != c.outcome {
				t.Fatalf("%s %v", m.Outcome, err)
			}
			if z := d.status(t); z.Status != flegt.Requested || z.Version != 1 {
				t.Errorf("the request changed: %+v", z)
			}
		})
	}
}

func TestSameMailTwiceAndBadAfterGood(t *testing.T) {
	d := open(t)
	good := mailText("mette@nordisktrae.example", support, "svana@svana.dk", wanted, "", names)
	for i, want := range []string{"kept", "duplicate"} {
		if m, err := d.in.Receive(ctx, bytes.NewReader(good)); err != nil || m.Outcome != want {
			t.Fatalf("%d: %s %v", i, m.Outcome, err)
		}
	}
	if m, err := d.in.Receive(ctx, bytes.NewReader(mailText("mette@nordisktrae.example", support, "", "hello", "", "is there news?"))); err != nil || m.Outcome != "broken_after_kept" {
		t.Fatalf("%s %v", m.Outcome, err)
	}
	if z := d.status(t); z.Status != flegt.Requested || !z.MailKept {
		t.Errorf("request: %+v", z)
	}
}

// TestStopBetweenKeepingAndReading: a mail that was acknowledged is handled by the next run.
func TestStopBetweenKeepingAndReading(t *testing.T) {
	d := open(t)
	err := d.in.Deliver(ctx, mail.Envelope{RemoteIP: net.IPv4(127, 0, 0, 1), From: "mette@nordisktrae.example", Raw: mailText("mette@nordisktrae.example", support, "svana@svana.dk", wanted, "", names)})
	if err != nil {
		t.Fatal(err)
	}
	if z := d.status(t); z.MailKept {
		t.Fatal("handled before Run")
	}
	next := inbox.New(inbox.Options{Office: d.Office})
	next.CatchUp(ctx)
	if z := d.status(t); !z.MailKept {
		t.Error("lost")
	}
}

func TestOverSMTP(t *testing.T) {
	d := open(t)
	handled := make(chan struct{}, 1)
	d.in.Handled = func() { handled <- struct{}{} }
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := mail.NewServer(mail.ServerConfig{Accept: d.in.Accept, Deliver: d.in.Deliver, Logger: d.in.Logger})
	go server.Serve(listener)
	run, stop := context.WithCancel(ctx)
	defer stop()
	go d.in.Run(run)
	raw := mailText("mette@nordisktrae.example", support, "svana@svana.dk", wanted, "", names)
	if err := smtp.SendMail(listener.Addr().String(), nil, "mette@nordisktrae.example", []string{support}, raw); err != nil {
		t.Fatal(err)
	}
	err = smtp.SendMail(listener.Addr().String(), nil, "mette@nordisktrae.example", []string{"svana@svana.dk"}, raw)
	if err == nil || !strings.Contains(err.Error(), "550") {
		t.Errorf("mail for others: %v", err)
	}
	<-handled
	if z := d.status(t); !z.MailKept {
		t.Errorf("request: %+v", z)
	}
	if err := server.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}
