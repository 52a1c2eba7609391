package notice

import (
	"context"
	"errors"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/store"
)

var rewrite = flag.Bool("rewrite", false, "write the letters of testdata/letters anew")

// TestLettersAsTheyAreRead compares letters, text and HTML, in both languages, with those in
// testdata/letters, which people have read. After a change of words: go test -rewrite, and
// read them again.
func TestLettersAsTheyAreRead(t *testing.T) {
	verdicts := flegt.CheckRoleMail(flegt.RoleMail{FromAddrs: []string{"mette@x.example"}, To: []string{"support@flegt.example"}, Subject: "hello <b>", Body: "x"},
		flegt.RoleMailExpect{AccountEmail: "mette@x.example", FirstName: "Mette", LastName: "<Sørensen>", OperatorName: hostile, SupportAddress: "support@flegt.example", AuthorityAddresses: []string{"svana@svana.example"}, Country: "DK"})
	for _, c := range []struct {
		name   string
		happen func(p *post)
	}{
		{"licence-accepted", func(p *post) { p.happens("accepted", nil) }},
		{"licence-rejected", func(p *post) { p.happens("rejected", nil) }},
		{"licence-rejected-appeal", func(p *post) { p.saysOfAppeal(); p.happens("rejected", nil) }},
		{"licence-acceptance-withdrawn", func(p *post) { p.saysOfAppeal(); p.happens("acceptance_withdrawn", nil) }},
		{"licence-submitted", func(p *post) { p.happens("submitted", nil) }},
		{"licence-released", func(p *post) { p.happens("released", map[string]any{"mrn": "16DK00310112345678"}) }},
		{"question-importer", func(p *post) { p.asks("asked", flegt.ToImporter, nil) }},
		{"question-importer-reminded", func(p *post) { p.asks("reminded", flegt.ToImporter, nil) }},
		{"question-issuing", func(p *post) { p.asks("asked", flegt.ToIssuing, nil) }},
		{"question-issuing-reminded", func(p *post) { p.asks("reminded", flegt.ToIssuing, nil) }},
		{"question-answered", func(p *post) { p.asks("answered", flegt.ToImporter, map[string]any{"known": true}) }},
		{"question-answered-issuing", func(p *post) { p.asks("answered", flegt.ToIssuing, map[string]any{"known": true}) }},
		{"question-answered-doubtful", func(p *post) { p.asks("answered", flegt.ToImporter, map[string]any{"known": false}) }},
		{"answer-answer", func(p *post) { p.wrote("answer", nil) }},
		{"answer-empty", func(p *post) { p.wrote("empty", nil) }},
		{"role-approved", func(p *post) { p.asked("approved", flegt.Approved, "") }},
		{"role-rejected", func(p *post) { p.asked("rejected", flegt.Denied, "No <b>mail</b> & no call") }},
		{"role-requested", func(p *post) { p.asked("requested", flegt.Requested, "") }},
		{"webhook-gone", func(p *post) { p.disabled("mette", flegt.WebhookGone) }},
		{"webhook-failing", func(p *post) { p.disabled("jens", flegt.WebhookFailing) }},
		{"webhook-behind", func(p *post) { p.disabled("mette", flegt.WebhookBehind) }},
		{"answer-broken", func(p *post) { p.wrote("broken", verdicts[:]) }},
		{"answer-kept", func(p *post) { p.wrote("kept", nil) }},
		{"answer-unknown_sender", func(p *post) { p.wrote("unknown_sender", nil) }},
		{"answer-other_address", func(p *post) { p.wrote("other_address", nil) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPost(t)
			c.happen(p)
			if _, err := p.CatchUp(ctx); err != nil {
				t.Fatal(err)
			}
			all := p.letters()
			if len(all) == 0 {
				t.Fatal("no letter")
			}
			for _, l := range all {
				name, _, _ := strings.Cut(l.To, "@")
				file := filepath.Join("testdata", "letters", c.name+"."+name+"."+l.Lang)
				same(t, file+".txt", "Subject: "+l.Subject+"\n\n"+l.Text)
				same(t, file+".html", l.HTML)
				checkLetter(t, l)
			}
		})
	}
}

// same compares a text with a file, or writes the file.
func same(t *testing.T, file, text string) {
	t.Helper()
	if *rewrite {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != text {
		t.Errorf("%s has other words: %v\n%s", file, err, text)
	}
}

// checkLetter reads the HTML of a letter: well-formed, in a language, and nothing of what
// people wrote became markup.
func checkLetter(t *testing.T, l flegt.Letter) {
	t.Helper()
	open := []string{}
	z := html.NewTokenizer(strings.NewReader(l.HTML))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.StartTagToken:
			switch token.Data {
			case "html":
				if len(token.Attr) != 1 || token.Attr[0].Key != "lang" || token.Attr[0].Val != l.Lang {
					t.Errorf("%s: %v", l.Kind, token)
				}
			case "b", "sørensen", "script":
				t.Errorf("%s: %q is not escaped", l.Kind, token)
			}
			if token.Data != "br" && token.Data != "hr" && token.Data != "meta" {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s: </%s> closes %v", l.Kind, token.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: not closed: %v", l.Kind, open)
	}
	if strings.Contains(l.Text, "{{") || strings.Contains(l.Text, "notice.") || strings.Contains(l.Text, "rolemail.") {
		t.Errorf("%s: a sentence is missing: %s", l.Kind, l.Text)
	}
}

// saysOfAppeal has the authority say how to appeal, in Danish alone, and say something else once
// the licence was decided.
func (p *post) saysOfAppeal() {
	p.t.Helper()
	p.update(func(tx *store.Tx) error {
		ca, err := tx.Authority("CA-DK")
		if err != nil {
			return err
		}
		first := ca.Desk.SetAppeal(map[string]string{"da": "Klag inden <b>fire</b> uger.\n\nSend klagen til nævnet & os."}, p.now.Add(-time.Hour))
		later := ca.Desk.SetAppeal(map[string]string{"da": "Klag ikke."}, p.now.Add(time.Hour))
		return errors.Join(first, later, tx.SaveAuthority(&ca))
	})
}

// asked appends an event about Mette's request.
func (p *post) asked(verb string, status flegt.AuthorisationStatus, reason string) {
	p.t.Helper()
	p.update(func(tx *store.Tx) error {
		z, err := tx.Authorisation("z-mette")
		if err != nil {
			return err
		}
		z.Status, z.Reason, z.DecidedBy = status, reason, "lars"
		e := flegt.NewEvent(flegt.Actor{Account: "lars"}, p.now, flegt.NounAuthorisation, z.ID, verb)
		_, failed := tx.Append(e, nil)
		return errors.Join(tx.SaveAuthorisation(&z), failed)
	})
}

// disabled has a webhook of somebody's disabled.
func (p *post) disabled(id, reason string) {
	p.t.Helper()
	p.update(func(tx *store.Tx) error {
		h := flegt.Webhook{ID: "h", Account: id, Authorisation: "z-" + id, Name: "Our <b>system</b>", URL: "https://hooks.example.eu/token", State: flegt.WebhookActive, Version: 1}
		err := tx.AddWebhook(h)
		_, failed := tx.Append(h.Disable(p.now, reason), h)
		return errors.Join(err, failed)
	})
}

// wrote appends an event about a mail of Mette's.
func (p *post) wrote(outcome string, verdicts []flegt.RuleVerdict) {
	p.t.Helper()
	p.update(func(tx *store.Tx) error {
		m := flegt.IncomingMail{ID: "m", ReceivedAt: p.now, From: "mette@x.example", Subject: "hello <b>", Outcome: outcome, Verdicts: verdicts, Handled: true, MessageID: "m@x.example"}
		e := flegt.NewEvent(flegt.TheSystem(), p.now, flegt.NounMail, m.ID, "handled").With("answer", true)
		if outcome == "broken" || outcome == "kept" {
			m.Authorisation = "z-mette"
			e = e.With("account", "mette")
		}
		_, err := tx.Append(e, nil)
		return errors.Join(tx.AddMail(m, []byte("raw")), err)
	})
}

// TestOverARealMailServer: each reader gets a mail of his own over SMTP; one whom the server
// refuses fails for good, one it cannot take now waits, and the others are not held up.
func TestOverARealMailServer(t *testing.T) {
	p := newPost(t)
	var mu sync.Mutex
	var came []mail.Envelope
	server := mail.NewServer(mail.ServerConfig{
		Accept: func(address string) bool { return address != "siti@x.example" },
		Deliver: func(_ context.Context, e mail.Envelope) error {
			mu.Lock()
			defer mu.Unlock()
			if e.To[0] == "svana@svana.example" {
				return errors.New("disk full")
			}
			came = append(came, e)
			return nil
		}, Logger: p.Logger})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Shutdown(ctx) }()
	if p.Relay, err = mail.NewRelay("smtp://"+l.Addr().String(), "flegt.example"); err != nil {
		t.Fatal(err)
	}
	p.happens("submitted", nil)
	if n, err := p.Deliver(ctx); n != 4 || err != nil {
		t.Fatal(n, err)
	}
	want := map[string]flegt.LetterState{"mette@x.example": flegt.LetterSent, "jens@x.example": flegt.LetterSent, "siti@x.example": flegt.LetterFailed, "svana@svana.example": flegt.LetterQueued}
	for _, l := range p.letters() {
		if l.State != want[l.To] || (l.LastError == "") != (l.State == flegt.LetterSent) {
			t.Errorf("%s: %s %q", l.To, l.State, l.LastError)
		}
	}
	if len(came) != 2 {
		t.Fatalf("%d mails came", len(came))
	}
	for _, e := range came {
		m, err := mail.Read(e.Raw)
		if err != nil || len(e.To) != 1 || len(m.To) != 1 || m.To[0].Email != e.To[0] || len(m.Cc) != 0 {
			t.Errorf("envelope %v, header %v %v, %v", e.To, m.To, m.Cc, err)
		}
		if id, ok := flegt.LetterOf("flegt@flegt.example", e.From); !ok || !strings.HasPrefix(m.MessageID, id) {
			t.Errorf("comes back to %s", e.From)
		}
		if !strings.Contains(string(e.Raw), "List-Unsubscribe: <https://flegt.example/notices>") {
			t.Error("does not say where to choose")
		}
	}
}
