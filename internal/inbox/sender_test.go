package inbox_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/inbox"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/store"
)

// dns is a DNS that knows the texts of some names and answers "no such name" for others, or
// answers nothing at all.
type dns struct {
	texts  map[string]string
	silent bool
}

func (d dns) missing(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: !d.silent, IsTimeout: d.silent, IsTemporary: d.silent}
}

func (d dns) LookupTXT(_ context.Context, name string) ([]string, error) {
	if text, ok := d.texts[strings.TrimSuffix(name, ".")]; ok && !d.silent {
		return []string{text}, nil
	}
	return nil, d.missing(name)
}
func (d dns) LookupMX(_ context.Context, name string) ([]*net.MX, error) { return nil, d.missing(name) }
func (d dns) LookupIPAddr(_ context.Context, name string) ([]net.IPAddr, error) {
	return nil, d.missing(name)
}
func (d dns) LookupAddr(_ context.Context, name string) ([]string, error) {
	return nil, d.missing(name)
}

// TestWhoIsAnswered: no answer goes to an address that has passed neither SPF nor DKIM while
// the DNS answers, and a mail that the domain of From asks to reject does not keep rule 1.
func TestWhoIsAnswered(t *testing.T) {
	const ip, spf = "192.0.2.10", "v=spf1 ip4:192.0.2.10 -all"
	reject := map[string]string{"nordisktrae.example": spf, "_dmarc.nordisktrae.example": "v=DMARC1; p=reject"}
	for _, c := range []struct {
		name, ip, envelope string
		dns                dns
		verdict            string
		answered           bool
	}{
		{"its own server", ip, "mette@nordisktrae.example", dns{texts: reject}, "kept", true},
		{"a server of the same organisation", ip, "bounce@mail.nordisktrae.example", dns{texts: map[string]string{"mail.nordisktrae.example": spf, "_dmarc.nordisktrae.example": "v=DMARC1; p=reject"}}, "kept", true},
		{"the same, strict", ip, "bounce@mail.nordisktrae.example", dns{texts: map[string]string{"mail.nordisktrae.example": spf, "_dmarc.nordisktrae.example": "v=DMARC1; p=reject; aspf=s"}}, "broken 1", false},
		{"forged", "198.51.100.1", "mette@nordisktrae.example", dns{texts: reject}, "broken 1", false},
		{"forged, policy quarantine", "198.51.100.1", "mette@nordisktrae.example", dns{texts: map[string]string{"nordisktrae.example": spf, "_dmarc.nordisktrae.example": "v=DMARC1; p=quarantine"}}, "broken 1", false},
		{"forged, policy none", "198.51.100.1", "mette@nordisktrae.example", dns{texts: map[string]string{"nordisktrae.example": spf, "_dmarc.nordisktrae.example": "v=DMARC1; p=none"}}, "kept", false},
		{"forged with a good envelope of his own", ip, "evil@evil.example", dns{texts: map[string]string{"evil.example": spf, "nordisktrae.example": spf, "_dmarc.nordisktrae.example": "v=DMARC1; p=reject"}}, "broken 1", false},
		{"nothing published", ip, "mette@nordisktrae.example", dns{}, "kept", false},
		{"no DNS", ip, "mette@nordisktrae.example", dns{silent: true}, "kept", true},
		{"a server on this machine", "127.0.0.1", "mette@nordisktrae.example", dns{texts: reject}, "kept", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t)
			d.in = inbox.New(inbox.Options{Office: d.Office, Logger: d.in.Logger, Resolver: c.dns})
			err := d.in.Deliver(ctx, mail.Envelope{RemoteIP: net.ParseIP(c.ip), Helo: "mx.example", From: c.envelope, To: []string{support}, Raw: mailText("mette@nordisktrae.example", support, "svana@svana.dk", wanted, "", names)})
			if err != nil {
				t.Fatal(err)
			}
			d.in.CatchUp(ctx)
			err = d.db.View(ctx, func(tx *store.Tx) error {
				events, err := tx.EventsSince(0, 1000)
				for _, e := range events {
					if may, _ := e.Data["answer"].(bool); e.Noun == flegt.NounMail && may != c.answered {
						t.Errorf("may be answered: %v", may)
					}
				}
				if err != nil {
					return err
				}
				mails, err := tx.Mails(1, 0)
				if len(mails) != 1 || verdictLine(mails[0]) != c.verdict {
					t.Errorf("%d mails, %s, want %s", len(mails), verdictLine(mails[0]), c.verdict)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
