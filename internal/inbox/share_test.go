package inbox_test

import (
	"bytes"
	"net"
	"net/smtp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
)

// TestOneSenderCannotFillTheDisk: over SMTP a sender has his share of a day; what is beyond it
// is put off, before it is transferred where that can be known, and nobody else is kept out.
func TestOneSenderCannotFillTheDisk(t *testing.T) {
	d := openWith(t, "mette@nordisktrae.example", registry.Options{MailsPerDay: 4})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := mail.NewServer(mail.ServerConfig{Accept: d.in.Accept, Admit: d.in.Admit, Deliver: d.in.Deliver, Logger: d.in.Logger})
	go server.Serve(listener)
	defer server.Shutdown(ctx)
	send := func(from string, size int) error {
		raw := append(mailText(from, support, "svana@svana.dk", wanted, "", names), bytes.Repeat([]byte("wood\r\n"), size/6)...)
		return smtp.SendMail(listener.Addr().String(), nil, from, []string{support}, raw)
	}
	putOff := func(err error) bool {
		return err != nil && strings.HasPrefix(strings.ReplaceAll(err.Error(), `"`, ""), "450 4.7.1 Too much mail")
	}
	for range 2 {
		if err := send("mass@x.example", 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := send("MASS@x.example", 5<<19); !putOff(err) {
		t.Errorf("a mail of 2.5 MB counts three times, two are left: %v", err)
	}
	for range 2 {
		if err := send("Mass@X.example", 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := send("mass@x.example", 0); !putOff(err) {
		t.Errorf("the fifth mail: %v", err)
	}
	c, err := smtp.Dial(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Mail("mass@x.example"); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt(support); !putOff(err) {
		t.Errorf("before it is transferred: %v", err)
	}
	if err := send("mette@nordisktrae.example", 0); err != nil {
		t.Errorf("another sender: %v", err)
	}
	if n := d.kept(t); n != 5 {
		t.Errorf("%d mails are kept, want 5", n)
	}
	d.now = d.now.AddDate(0, 0, 1)
	if err := send("mass@x.example", 0); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// TestOneNetworkCannotFillTheDisk: with ever new addresses a network has five shares. An IPv6
// network is one, and nobody uses up another's share with his address.
func TestOneNetworkCannotFillTheDisk(t *testing.T) {
	d := openWith(t, "mette@nordisktrae.example", registry.Options{MailsPerDay: 2})
	deliver := func(ip, from string) error {
		e := mail.Envelope{RemoteIP: net.ParseIP(ip), From: from, To: []string{support}, Raw: []byte("Subject: x\r\n\r\n")}
		admitted := d.in.Admit(ctx, e.RemoteIP, from)
		err := d.in.Deliver(ctx, e)
		if admitted != err {
			t.Errorf("%s %s: admitted with %v, delivered with %v", ip, from, admitted, err)
		}
		return err
	}
	for i := range 10 {
		if err := deliver("2001:db8::"+string(rune('1'+i%9)), string(rune('a'+i))+"@x.example"); err != nil {
			t.Fatalf("mail %d: %v", i, err)
		}
	}
	if err := deliver("2001:db8::99", "new@x.example"); err != mail.ErrTooMuch {
		t.Errorf("the eleventh of one network: %v", err)
	}
	if err := deliver("2001:db8:0:1::1", "new@x.example"); err != nil {
		t.Errorf("another network: %v", err)
	}
	for range 2 {
		if err := deliver("192.0.2.66", "mette@nordisktrae.example"); err != nil {
			t.Fatal(err)
		}
	}
	if err := deliver("192.0.2.66", "mette@nordisktrae.example"); err != mail.ErrTooMuch {
		t.Errorf("the third of one sender: %v", err)
	}
	if err := deliver("192.0.2.1", "mette@nordisktrae.example"); err != nil {
		t.Errorf("Mette herself, from her own network: %v", err)
	}
	for i := range 12 {
		if err := deliver("127.0.0.1", string(rune('a'+i))+"@x.example"); err != nil {
			t.Errorf("a server on this machine hands on for all: %v", err)
		}
	}
}

// kept counts the mails on disk.
func (d *desk) kept(t *testing.T) (n int) {
	t.Helper()
	if err := d.db.View(ctx, func(tx *store.Tx) error {
		return tx.SQL().QueryRowContext(ctx, `SELECT count(*) FROM incoming_mail`).Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}
