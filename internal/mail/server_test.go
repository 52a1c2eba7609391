package mail

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

const supportAddress = "support@flegt.example"

// startServer runs a server on a free port of the own machine.
func startServer(t *testing.T, config ServerConfig) (*Server, string) {
	t.Helper()
	if config.Accept == nil {
		config.Accept = func(a string) bool { return strings.EqualFold(a, supportAddress) }
	}
	config.Logger = slog.New(slog.DiscardHandler)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := NewServer(config)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = s.Shutdown(ctx)
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return s, l.Addr().String()
}

// inbox keeps what was delivered.
type inbox struct {
	mu   sync.Mutex
	got  []Envelope
	fail error
}

func (b *inbox) deliver(_ context.Context, e Envelope) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.got = append(b.got, e)
	return nil
}

func (b *inbox) all() []Envelope {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Envelope(nil), b.got...)
}

func TestServerTakesMail(t *testing.T) {
	var b inbox
	now := time.Date(2016, 12, 6, 9, 12, 0, 0, time.UTC)
	_, addr := startServer(t, ServerConfig{Deliver: b.deliver, Now: func() time.Time { return now }})
	text := "From: mette@x.example\r\nSubject: s\r\n\r\n.dot\r\nbody\r\n"
	if err := smtp.SendMail(addr, nil, "mette@x.example", []string{"Support@FLEGT.example"}, []byte(text)); err != nil {
		t.Fatal(err)
	}
	got := b.all()
	if len(got) != 1 || string(got[0].Raw) != text || got[0].From != "mette@x.example" || got[0].Helo != "localhost" ||
		!got[0].RemoteIP.IsLoopback() || len(got[0].To) != 1 || got[0].TLS || !got[0].ReceivedAt.Equal(now) || got[0].NullReturnPath() {
		t.Errorf("%+v", got)
	}
}

func TestServerRelaysNothing(t *testing.T) {
	var b inbox
	_, addr := startServer(t, ServerConfig{Deliver: b.deliver})
	c := dial(t, addr)
	c.must(t, "EHLO me", 250)
	c.must(t, "MAIL FROM:<a@x.example>", 250)
	for _, to := range []string{"other@flegt.example", "support@other.example", "support%flegt.example@other.example", "postmaster", "support@flegt.example@other.example", "support"} {
		if code, line := c.command(t, "RCPT TO:<"+to+">"); code/100 != 5 {
			t.Errorf("%s: %s", to, line)
		}
	}
	if code, line := c.command(t, "RCPT TO:<other@flegt.example>"); code != 550 || !strings.HasPrefix(line, "5.7.1 ") {
		t.Errorf("%d %s", code, line)
	}
	if code, _ := c.command(t, "DATA"); code/100 != 5 {
		t.Error("DATA without a receiver")
	}
	c.must(t, "RCPT TO:<support@flegt.example>", 250)
	if len(b.all()) != 0 {
		t.Error("delivered")
	}
}

func TestServerSendsAddressHuntersAway(t *testing.T) {
	_, addr := startServer(t, ServerConfig{Deliver: (&inbox{}).deliver})
	c := dial(t, addr)
	c.must(t, "EHLO me", 250)
	c.must(t, "MAIL FROM:<a@x.example>", 250)
	last := 0
	for i := range 2 * mostRefused {
		if last, _ = c.command(t, fmt.Sprintf("RCPT TO:<a%d@flegt.example>", i)); last == 421 {
			return
		}
	}
	t.Errorf("still talking, %d", last)
}

func TestServerAcknowledgesOnlyWhatIsStored(t *testing.T) {
	for want, fail := range map[string]error{"451 4.3.0": errors.New("disk full"), "552 5.3.4": fmt.Errorf("store: %w", ErrTooLarge), "450 4.7.1": fmt.Errorf("office: %w", ErrTooMuch)} {
		b := inbox{fail: fail}
		_, addr := startServer(t, ServerConfig{Deliver: b.deliver})
		err := smtp.SendMail(addr, nil, "a@x.example", []string{supportAddress}, []byte("From: a\r\n\r\nx\r\n"))
		if err == nil || !strings.HasPrefix(strings.ReplaceAll(err.Error(), `"`, ""), want) || strings.Contains(err.Error(), "disk") {
			t.Errorf("%v: %v", fail, err)
		}
	}
}

func TestServerSurvivesPanickingDelivery(t *testing.T) {
	var b inbox
	first := true
	_, addr := startServer(t, ServerConfig{Deliver: func(ctx context.Context, e Envelope) error {
		if first {
			first = false
			panic("oh")
		}
		return b.deliver(ctx, e)
	}})
	send := func() error {
		return smtp.SendMail(addr, nil, "a@x.example", []string{supportAddress}, []byte("From: a\r\n\r\nx\r\n"))
	}
	if err := send(); err == nil || !strings.HasPrefix(err.Error(), "421") {
		t.Error(err)
	}
	if err := send(); err != nil || len(b.all()) != 1 {
		t.Error(err)
	}
}

func TestServerSizeLimit(t *testing.T) {
	var b inbox
	_, addr := startServer(t, ServerConfig{Deliver: b.deliver, MaxBytes: 10_000})
	c := dial(t, addr)
	c.must(t, "EHLO me", 250)
	c.must(t, "MAIL FROM:<a@x.example> SIZE=10001", 552)
	err := smtp.SendMail(addr, nil, "a@x.example", []string{supportAddress}, bytes.Repeat([]byte("0123456\r\n"), 2000))
	if err == nil || !strings.HasPrefix(err.Error(), "552") {
		t.Error(err)
	}
	if err := smtp.SendMail(addr, nil, "a@x.example", []string{supportAddress}, bytes.Repeat([]byte("0123456\r\n"), 1000)); err != nil {
		t.Error(err)
	}
}

func TestServerLongLinesAndBounces(t *testing.T) {
	var b inbox
	_, addr := startServer(t, ServerConfig{Deliver: b.deliver})
	long := "Subject: x\r\n\r\n" + strings.Repeat("x", 100_000) + "\r\n"
	if err := smtp.SendMail(addr, nil, "", []string{supportAddress}, []byte(long)); err != nil {
		t.Fatal(err)
	}
	if got := b.all(); len(got) != 1 || !got[0].NullReturnPath() || string(got[0].Raw) != long {
		t.Error("not taken as sent")
	}
}

func TestServerTakesChunksAndInternationalAddresses(t *testing.T) {
	var b inbox
	_, addr := startServer(t, ServerConfig{Deliver: b.deliver})
	c := dial(t, addr)
	c.must(t, "EHLO me", 250)
	c.must(t, "MAIL FROM:<møtte@træ.example> SMTPUTF8", 250)
	c.must(t, "RCPT TO:<support@flegt.example>", 250)
	c.must(t, "BDAT 12\r\nSubject: x", 250)
	c.must(t, "BDAT 5 LAST\r\n\r\nx", 250)
	if got := b.all(); len(got) != 1 || string(got[0].Raw) != "Subject: x\r\n\r\nx\r\n" || got[0].From != "møtte@træ.example" {
		t.Errorf("%+v", got)
	}
}

func TestServerForgetsBrokenOffMessages(t *testing.T) {
	var b inbox
	s, addr := startServer(t, ServerConfig{Deliver: b.deliver})
	c := dial(t, addr)
	c.must(t, "EHLO me", 250)
	c.must(t, "MAIL FROM:<a@x.example>", 250)
	c.must(t, "RCPT TO:<support@flegt.example>", 250)
	c.must(t, "DATA", 354)
	fmt.Fprint(c.conn, "From: a\r\n\r\nhalf of")
	c.conn.Close()
	if err := s.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if len(b.all()) != 0 {
		t.Error("half a message was delivered")
	}
}

func TestServerConnectionLimit(t *testing.T) {
	_, addr := startServer(t, ServerConfig{Deliver: (&inbox{}).deliver, MaxConnections: 2})
	one, two := dial(t, addr), dial(t, addr)
	one.must(t, "NOOP", 250)
	two.must(t, "NOOP", 250)
	if code := dialCode(t, addr); code != 421 {
		t.Errorf("third connection: %d", code)
	}
	one.must(t, "QUIT", 221)
	one.conn.Close()
	for dialCode(t, addr) != 220 { // until the server has counted it out
	}
}

func TestConnectionsPerAddress(t *testing.T) {
	tracker := newConnTracker(10, 2, time.Hour)
	from := func(ip string) net.Conn { return fakeConn{addr: &net.TCPAddr{IP: net.ParseIP(ip), Port: 25}} }
	first := tracker.add(from("192.0.2.1"))
	if first == nil || tracker.add(from("192.0.2.1")) == nil || tracker.add(from("192.0.2.1")) != nil {
		t.Error("limit of one address")
	}
	if tracker.add(from("192.0.2.2")) == nil {
		t.Error("another address")
	}
	for range 4 {
		if tracker.add(from("127.0.0.1")) == nil {
			t.Error("own machine")
		}
	}
	tracker.remove(first)
	tracker.remove(first)
	if tracker.add(from("192.0.2.1")) == nil || tracker.add(from("192.0.2.1")) != nil {
		t.Error("counting out")
	}
}

type fakeConn struct {
	net.Conn
	addr net.Addr
}

func (c fakeConn) RemoteAddr() net.Addr { return c.addr }

func TestShutdownFinishesMessagesAndSendsIdleAway(t *testing.T) {
	var b inbox
	s, addr := startServer(t, ServerConfig{Deliver: b.deliver})
	idle, busy := dial(t, addr), dial(t, addr)
	idle.must(t, "EHLO idle", 250)
	busy.must(t, "EHLO busy", 250)
	busy.must(t, "MAIL FROM:<a@x.example>", 250)
	busy.must(t, "RCPT TO:<support@flegt.example>", 250)
	busy.must(t, "DATA", 354)
	fmt.Fprint(busy.conn, "From: a\r\n\r\n")
	waitBusy(s)
	done := make(chan error, 1)
	go func() { done <- s.Shutdown(context.Background()) }()
	if code, _ := idle.answer(t); code != 421 {
		t.Errorf("idle client was told %d", code)
	}
	busy.must(t, "rest\r\n.", 250)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(b.all()) != 1 {
		t.Error("the message on its way was lost")
	}
	if _, err := net.Dial("tcp", addr); err == nil {
		t.Error("still listening")
	}
}

func TestShutdownCutsOffAtTheDeadline(t *testing.T) {
	s, addr := startServer(t, ServerConfig{Deliver: (&inbox{}).deliver})
	c := dial(t, addr)
	c.must(t, "EHLO me", 250)
	c.must(t, "MAIL FROM:<a@x.example>", 250)
	c.must(t, "RCPT TO:<support@flegt.example>", 250)
	c.must(t, "DATA", 354)
	waitBusy(s)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := c.text.ReadLine(); err == nil {
		t.Error("still connected")
	}
}

// waitBusy waits until a message is being taken.
func waitBusy(s *Server) {
	for {
		for _, c := range s.tracker.all() {
			c.mu.Lock()
			busy := c.busy
			c.mu.Unlock()
			if busy {
				return
			}
		}
	}
}

func TestServerStartTLS(t *testing.T) {
	var b inbox
	cert, pool := selfSigned(t)
	_, addr := startServer(t, ServerConfig{Deliver: b.deliver, TLS: &tls.Config{Certificates: []tls.Certificate{cert}}})
	c, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.StartTLS(&tls.Config{RootCAs: pool, ServerName: "localhost"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Mail("a@x.example"); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt(supportAddress); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, "From: a\r\n\r\nx\r\n")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := b.all(); len(got) != 1 || !got[0].TLS {
		t.Errorf("%+v", got)
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// client speaks SMTP by hand.
type client struct {
	conn net.Conn
	text *textproto.Reader
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	c := &client{conn, textproto.NewReader(bufio.NewReader(conn))}
	if code, line := c.answer(t); code != 220 {
		t.Fatalf("greeting %d %s", code, line)
	}
	return c
}

func dialCode(t *testing.T, addr string) int {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	code, _, _ := textproto.NewReader(bufio.NewReader(conn)).ReadResponse(0)
	return code
}

func (c *client) answer(t *testing.T) (int, string) {
	t.Helper()
	code, line, err := c.text.ReadResponse(0)
	if err != nil {
		t.Fatal(err)
	}
	return code, line
}

func (c *client) command(t *testing.T, line string) (int, string) {
	t.Helper()
	if _, err := fmt.Fprint(c.conn, line+"\r\n"); err != nil {
		t.Fatal(err)
	}
	return c.answer(t)
}

func (c *client) must(t *testing.T, line string, want int) {
	t.Helper()
	if code, answer := c.command(t, line); code != want {
		t.Fatalf("%s: %d %s", line, code, answer)
	}
}
