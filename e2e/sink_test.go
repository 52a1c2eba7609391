package e2e

import (
	"bytes"
	"errors"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"
)

// sink is the mail server of everybody the program writes to: it takes what comes and
// keeps it.
type sink struct {
	// Address is host:port, URL what --relay takes.
	Address, URL string

	mu      sync.Mutex
	letters []letter
	came    chan struct{} // closed and made anew when a letter comes
}

// letter is one mail that was delivered.
type letter struct {
	From string
	To   []string
	*enmime.Envelope
}

// startSink starts a mail server for the time of a test.
func startSink(t testing.TB) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{Address: l.Addr().String(), came: make(chan struct{})}
	s.URL = "smtp://" + s.Address
	server := smtp.NewServer(s)
	server.Domain = "localhost"
	server.EnableSMTPUTF8 = true
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error("mail sink:", err)
		}
	})
	return s
}

// NewSession begins a visit of a sending program.
func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{sink: s}, nil }

// visit is one sending program at the sink.
type visit struct {
	sink *sink
	from string
	to   []string
}

func (v *visit) Reset()                                      { v.from, v.to = "", nil }
func (v *visit) Logout() error                               { return nil }
func (v *visit) Mail(from string, _ *smtp.MailOptions) error { v.from = from; return nil }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error   { v.to = append(v.to, to); return nil }
func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	read, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	v.sink.mu.Lock()
	defer v.sink.mu.Unlock()
	v.sink.letters = append(v.sink.letters, letter{v.from, append([]string(nil), v.to...), read})
	close(v.sink.came)
	v.sink.came = make(chan struct{})
	return nil
}

// all gives the letters to an address so far, oldest first; "" means everybody's.
func (s *sink) all(to string) []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []letter
	for _, l := range s.letters {
		if to == "" || l.isTo(to) {
			list = append(list, l)
		}
	}
	return list
}

func (l letter) isTo(address string) bool {
	for _, to := range l.To {
		if strings.EqualFold(to, address) {
			return true
		}
	}
	return false
}

// wait waits for a letter to an address whose subject or text holds some words.
func (s *sink) wait(t testing.TB, to, holding string) letter {
	t.Helper()
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		came := s.came
		s.mu.Unlock()
		for _, l := range s.all(to) {
			if strings.Contains(plain(l.GetHeader("Subject")+"\n"+l.Text), plain(holding)) {
				return l
			}
		}
		select {
		case <-came:
		case <-deadline:
			t.Fatalf("no mail to %s holds %q; there are:\n%s", to, holding, s.list(to))
		}
	}
}

// list describes the letters to an address, for a failed test.
func (s *sink) list(to string) string {
	var b strings.Builder
	for _, l := range s.all(to) {
		b.WriteString(l.GetHeader("Subject") + "\n" + l.Text + "\n---\n")
	}
	return b.String()
}

var link = regexp.MustCompile(`https?://[^\s<>"]+`)

// link finds the first link in a letter's text that holds some words.
func (l letter) link(t testing.TB, holding string) string {
	t.Helper()
	for _, found := range link.FindAllString(l.Text, -1) {
		if strings.Contains(found, holding) {
			return strings.TrimRight(found, ".,")
		}
	}
	t.Fatalf("no link with %q in the mail:\n%s", holding, l.Text)
	return ""
}
