package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

func outgoing() Outgoing {
	return Outgoing{
		From: Address{"FLEGT – Support", "support@flegt.example"},
		To:   []Address{{"Sørensen, Mette", "mette@nordisktræ.example"}}, Cc: []Address{{"", "svana@svana.dk"}},
		Subject: "Din anmodning om rolle blev afvist – æøå " + strings.Repeat("lang ", 20),
		Text:    "Kære Mette\n\n.\nRegel 3: æøå\nFrom here\n" + strings.Repeat("x", 1200) + "\n", HTML: "<p>Kære Mette</p>",
		MessageID: "1234@flegt.example", InReplyTo: "abc@nordisktrae.example",
		AutoSubmitted: AutoReplied, Language: "da", Date: time.Date(2016, 12, 6, 9, 12, 0, 0, time.UTC),
	}
}

func TestComposeIsReadBackTheSame(t *testing.T) {
	o := outgoing()
	raw, err := Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line %q", line)
		}
		for _, r := range line {
			if r > 0x7e {
				t.Fatalf("not ASCII: %q", line)
			}
		}
	}
	m, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.From) != 1 || m.From[0] != o.From || len(m.To) != 1 || m.To[0] != o.To[0] || m.Cc[0].Email != "svana@svana.dk" {
		t.Errorf("addresses %+v %+v %+v", m.From, m.To, m.Cc)
	}
	if m.Subject != strings.TrimSpace(o.Subject) || m.MessageID != o.MessageID || m.InReplyTo != o.InReplyTo || !m.Date.Equal(o.Date) {
		t.Errorf("%q %q %q %v", m.Subject, m.MessageID, m.InReplyTo, m.Date)
	}
	if strings.TrimSpace(m.Text) != strings.TrimSpace(o.Text) || !m.Automatic || len(m.Problems) > 0 || len(m.Attachments) > 0 {
		t.Errorf("%q %+v", m.Text, m)
	}
	for _, want := range []string{"multipart/alternative", "Auto-Submitted: auto-replied", "Content-Language: da", "References: <abc@nordisktrae.example>", "MIME-Version: 1.0"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestComposeLetsNothingIn(t *testing.T) {
	o := outgoing()
	o.Subject = "x\r\nBcc: victim@x.example"
	o.To[0].Name = "x\r\nBcc: victim@x.example"
	o.InReplyTo, o.MessageID = "a>\r\nBcc: victim@x.example", "b\r\nX: y"
	o.Language = "da\r\nBcc: victim@x.example"
	raw, err := Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	h, _ := splitHeader(raw)
	if len(h.all("Bcc"))+len(h.all("X"))+len(h.all("In-Reply-To")) > 0 || h.first("Message-Id") == "" {
		t.Errorf("%q", raw)
	}
	for _, bad := range []string{"", "x", "@x.example", "a@", "a b@x.example\r\nBcc: v@x.example", "a@x.example>, <v@x.example"} {
		o := outgoing()
		o.To = []Address{{"", bad}}
		if _, err := Compose(o); err == nil {
			t.Errorf("%q was taken for an address", bad)
		}
	}
	o = outgoing()
	o.To, o.Cc = nil, nil
	if _, err := Compose(o); err == nil {
		t.Error("nobody to send to")
	}
}

func TestNewRelay(t *testing.T) {
	for _, good := range []string{"smtp://localhost", "smtp://localhost:2525", "smtps://u:p@mail.example", "smtp://u:p@mail.example:587?tls=required", "smtp://mail.example?tls=none", "smtp://[::1]:25"} {
		if _, err := NewRelay(good, "flegt.example"); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "localhost:25", "http://x", "smtp://", "smtp://x:99999", "smtp://x?tls=maybe", "smtps://x?tls=none", "smtp://u:secret@x:y", "smtp://u:secret@x/path", "smtp://u:sec ret@x\x7f"} {
		_, err := NewRelay(bad, "")
		if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "sec ret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func relayTo(t *testing.T, url string) *Relay {
	t.Helper()
	r, err := NewRelay(url, "flegt.example")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRelaySends(t *testing.T) {
	var b inbox
	cert, pool := selfSigned(t)
	anybody := func(string) bool { return true }
	_, plain := startServer(t, ServerConfig{Deliver: b.deliver, Accept: anybody})
	_, secure := startServer(t, ServerConfig{Deliver: b.deliver, Accept: anybody, TLS: &tls.Config{Certificates: []tls.Certificate{cert}}})
	for _, c := range []struct {
		url         string
		trust, want bool
		overTLS     bool
	}{
		{"smtp://" + plain, false, true, false},
		{"smtp://" + plain + "?tls=none", false, true, false},
		{"smtp://" + plain + "?tls=required", true, false, false},
		{"smtp://" + secure, false, true, true},
		{"smtp://" + secure + "?tls=required", false, false, false},
		{"smtp://" + secure + "?tls=required", true, true, true},
	} {
		r := relayTo(t, c.url)
		if c.trust {
			r.TLS = &tls.Config{RootCAs: pool}
		}
		before := len(b.all())
		err := r.Send(context.Background(), outgoing())
		if (err == nil) != c.want || IsPermanent(err) {
			t.Errorf("%s trusting %v: %v", c.url, c.trust, err)
			continue
		}
		if got := b.all()[before:]; c.want && (len(got) != 1 || got[0].TLS != c.overTLS || got[0].From != "support@flegt.example" || len(got[0].To) != 2 || got[0].To[0] != "mette@xn--nordisktr-o3a.example" || got[0].Helo != "flegt.example") {
			t.Errorf("%s: %+v", c.url, got)
		}
	}
}

func TestRelayTellsPermanentFromTemporary(t *testing.T) {
	_, refusing := startServer(t, ServerConfig{Deliver: (&inbox{}).deliver, Accept: func(string) bool { return false }})
	_, full := startServer(t, ServerConfig{Deliver: (&inbox{fail: errors.New("full")}).deliver, Accept: func(string) bool { return true }})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()
	for _, c := range []struct {
		url       string
		permanent bool
		code      int
	}{
		{"smtp://" + refusing, true, 550}, {"smtp://" + full, false, 451}, {"smtp://" + nobody, false, 0},
	} {
		err := relayTo(t, c.url).Send(context.Background(), outgoing())
		var e *SendError
		if !errors.As(err, &e) || e.Permanent != c.permanent || e.Code != c.code || IsPermanent(err) != c.permanent {
			t.Errorf("%s: %v", c.url, err)
		}
	}
	bad := outgoing()
	bad.To = []Address{{"", "nonsense"}}
	if err := relayTo(t, "smtp://"+nobody).Send(context.Background(), bad); !IsPermanent(err) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := relayTo(t, "smtp://"+full).Send(ctx, outgoing()); err == nil || IsPermanent(err) {
		t.Error(err)
	}
}

// passwordSession is a server that wants a password.
type passwordSession struct {
	session
	in bool
}

func (s *passwordSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *passwordSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "user" || password != "pa ss" {
			return smtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}), nil
}

func (s *passwordSession) Mail(from string, o *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return s.session.Mail(from, o)
}

func TestRelaySignsIn(t *testing.T) {
	var b inbox
	cert, pool := selfSigned(t)
	inner := NewServer(ServerConfig{Deliver: b.deliver, Accept: func(string) bool { return true }})
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &passwordSession{session: session{server: inner, helo: c.Hostname()}}, nil
	}))
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.ErrorLog = log.New(discard{}, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	implicit, err := tls.Listen("tcp", "127.0.0.1:0", s.TLSConfig)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	go func() { _ = s.Serve(implicit) }()
	t.Cleanup(func() { _ = s.Close() })
	for url, want := range map[string]bool{
		"smtp://user:pa%20ss@" + l.Addr().String():         true,
		"smtps://user:pa%20ss@" + implicit.Addr().String(): true,
		"smtp://user:wrong@" + l.Addr().String():           false,
	} {
		r := relayTo(t, url)
		r.TLS = &tls.Config{RootCAs: pool}
		err := r.Send(context.Background(), outgoing())
		if (err == nil) != want || IsPermanent(err) || err != nil && strings.Contains(err.Error(), "wrong@") {
			t.Errorf("%v: %v", want, err)
		}
	}
	if len(b.all()) != 2 {
		t.Errorf("%d mails", len(b.all()))
	}
	// a password is not sent to somebody without a proper certificate
	if err := relayTo(t, "smtp://user:pa%20ss@"+l.Addr().String()).Send(context.Background(), outgoing()); err == nil {
		t.Error("sent to a stranger")
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func TestFileDropKeepsMail(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	d := FileDrop{Dir: dir}
	for _, subject := range []string{"one", "two"} {
		o := outgoing()
		o.Subject = subject
		if err := d.Send(context.Background(), o); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "20161206T091200.000Z-*.eml"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if m, err := Read(raw); err != nil || m.MessageID != "1234@flegt.example" {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("%d files left", len(left))
	}
	if err := d.Send(context.Background(), Outgoing{}); !IsPermanent(err) {
		t.Error(err)
	}
	if err := (FileDrop{Dir: files[0]}).Send(context.Background(), outgoing()); err == nil || IsPermanent(err) {
		t.Error(err)
	}
}
