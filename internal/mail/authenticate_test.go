package mail

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// zone is a DNS of its own: TXT records by name. Names in broken time out; everything
// else does not exist.
type zone struct {
	txt    map[string][]string
	broken map[string]bool
	silent bool // no answer at all until the asker gives up
}

func (z zone) lookup(ctx context.Context, name string) ([]string, error) {
	name = strings.TrimSuffix(name, ".")
	if z.silent {
		<-ctx.Done()
		return nil, &net.DNSError{Err: "timeout", Name: name, IsTimeout: true, IsTemporary: true}
	}
	if z.broken[name] {
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	if records, ok := z.txt[name]; ok {
		return records, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return z.lookup(ctx, name)
}

func (z zone) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	_, err := z.lookup(ctx, "mx."+name)
	return nil, err
}

func (z zone) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	_, err := z.lookup(ctx, "ip."+host)
	return nil, err
}

func (z zone) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	_, err := z.lookup(ctx, "ptr."+addr)
	return nil, err
}

const plainMail = "From: Mette <mette@nordisktrae.example>\r\nTo: support@flegt.example\r\nSubject: role request\r\n\r\nMette\r\n"

func signed(t *testing.T, raw, domain string) (string, string) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	var b bytes.Buffer
	if err := dkim.Sign(&b, strings.NewReader(raw), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: key, Hash: crypto.SHA256}); err != nil {
		t.Fatal(err)
	}
	return b.String(), "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}

func TestAuthenticate(t *testing.T) {
	mailIP, otherIP := net.ParseIP("192.0.2.10"), net.ParseIP("198.51.100.1")
	own, key := signed(t, plainMail, "nordisktrae.example")
	foreign, _ := signed(t, plainMail, "evil.example")
	forged := strings.Replace(own, "Mette\r\n", "Jens\r\n", 1)
	sub := strings.ReplaceAll(plainMail, "@nordisktrae", "@post.nordisktrae")
	z := zone{txt: map[string][]string{
		"nordisktrae.example":              {"v=spf1 ip4:192.0.2.10 -all", "other text"},
		"_dmarc.nordisktrae.example":       {"v=DMARC1; p=reject; sp=quarantine"},
		"s._domainkey.nordisktrae.example": {key},
		"s._domainkey.evil.example":        {key},
		"evil.example":                     {"v=spf1 ip4:198.51.100.1 -all"},
		"soft.example":                     {"v=spf1 ~all"},
		"_dmarc.soft.example":              {"v=DMARC1; p=none"},
		"nopolicy.example":                 {"v=spf1 ip4:192.0.2.10 -all"},
		"strict.example":                   {"v=spf1 -all"},
		"_dmarc.strict.example":            {"v=DMARC1; p=reject; aspf=s; adkim=s"},
		"bounce.strict.example":            {"v=spf1 ip4:192.0.2.10 -all"},
		"malformed.example":                {"v=spf1 nonsense:::"},
		"_dmarc.malformed.example":         {"v=DMARC1; p=perhaps"},
		"helo.nordisktrae.example":         {"v=spf1 ip4:192.0.2.10 -all"},
		"xn--nordisktr-o3a.example":        {"v=spf1 ip4:192.0.2.10 -all"},
		"_dmarc.xn--nordisktr-o3a.example": {"v=DMARC1; p=reject"},
		"s._domainkey.wrongkey.example":    {"v=DKIM1; k=ed25519; p="},
		"_dmarc.dnsdown.example":           {"v=DMARC1; p=reject"},
		"unrelated.registered.co.uk":       {"v=spf1 ip4:192.0.2.10 -all"},
		"_dmarc.victim.co.uk":              {"v=DMARC1; p=reject"},
	}, broken: map[string]bool{"dnsdown.example": true}}
	from := func(domain string) string {
		return strings.ReplaceAll(plainMail, "nordisktrae.example", domain)
	}
	for _, c := range []struct {
		name, raw, envelope    string
		ip                     net.IP
		spf, dkim, dmarc       string
		policy                 string
		mayAnswer, failsPolicy bool
	}{
		{"honest", plainMail, "mette@nordisktrae.example", mailIP, "pass", "none", "pass", "reject", true, false},
		{"signed, forwarded by another server", own, "list@elsewhere.example", otherIP, "none", "pass", "pass", "reject", true, false},
		{"forged", plainMail, "mette@nordisktrae.example", otherIP, "fail", "none", "fail", "reject", false, true},
		{"forged with an envelope of his own", plainMail, "x@evil.example", otherIP, "pass", "none", "fail", "reject", false, true},
		{"forged with a signature of his own", foreign, "x@evil.example", otherIP, "pass", "pass", "fail", "reject", false, true},
		{"signature of another text", forged, "x@elsewhere.example", otherIP, "none", "fail", "fail", "reject", false, true},
		{"subdomain, policy of the organisation", sub, "x@nordisktrae.example", otherIP, "fail", "none", "fail", "quarantine", false, true},
		{"subdomain, relaxed", sub, "x@nordisktrae.example", mailIP, "pass", "none", "pass", "quarantine", true, false},
		{"null return path", plainMail, "", mailIP, "pass", "none", "pass", "reject", true, false},
		{"soft failure, policy none", from("soft.example"), "x@soft.example", mailIP, "softfail", "none", "fail", "none", false, false},
		{"no policy", from("nopolicy.example"), "x@nopolicy.example", mailIP, "pass", "none", "none", "", true, false},
		{"nothing published", from("unknown.example"), "x@unknown.example", mailIP, "none", "none", "none", "", false, false},
		{"strict alignment", from("strict.example"), "x@bounce.strict.example", mailIP, "pass", "none", "fail", "reject", false, true},
		{"malformed records", from("malformed.example"), "x@malformed.example", mailIP, "permerror", "none", "permerror", "", false, false},
		{"DNS half down", from("dnsdown.example"), "x@dnsdown.example", mailIP, "temperror", "none", "temperror", "reject", false, false},
		{"international domain", from("nordisktræ.example"), "x@nordisktræ.example", mailIP, "pass", "none", "pass", "reject", true, false},
		{"neighbour under a public suffix", from("victim.co.uk"), "x@unrelated.registered.co.uk", mailIP, "pass", "none", "fail", "reject", false, true},
		{"two senders", "From: a@nopolicy.example\r\nFrom: mette@nordisktrae.example\r\n\r\nx", "x@nopolicy.example", mailIP, "pass", "none", "none", "", false, false},
		{"no header", "", "x@nopolicy.example", mailIP, "pass", "permerror", "none", "", false, false},
		{"own machine", plainMail, "mette@nordisktrae.example", net.IPv6loopback, "none", "none", "none", "", true, false},
		{"pipe", plainMail, "", nil, "none", "none", "none", "", true, false},
	} {
		r := Authenticate(context.Background(), []byte(c.raw), c.ip, "helo.nordisktrae.example", c.envelope, z)
		if r.SPF != c.spf || r.DKIM != c.dkim || r.DMARC != c.dmarc || r.Policy != c.policy || r.MayAnswer() != c.mayAnswer || r.FailsPolicy() != c.failsPolicy {
			t.Errorf("%s: %+v, may answer %v, fails %v", c.name, r, r.MayAnswer(), r.FailsPolicy())
		}
		if r.Local == (c.ip != nil && !c.ip.IsLoopback()) || r.DNSAnswered == r.Local {
			t.Errorf("%s: local %v, answered %v", c.name, r.Local, r.DNSAnswered)
		}
	}
}

func TestAuthenticateWithoutDNS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, _ := signed(t, plainMail, "nordisktrae.example")
		start := time.Now()
		r := Authenticate(context.Background(), []byte(own), net.ParseIP("192.0.2.10"), "h.example", "mette@nordisktrae.example", zone{silent: true})
		if took := time.Since(start); took > authTimeout {
			t.Errorf("took %v", took)
		}
		if r.SPF != ResultTempError || r.DKIM != ResultTempError || r.DMARC != ResultTempError || r.DNSAnswered || !r.MayAnswer() || r.FailsPolicy() {
			t.Errorf("%+v", r)
		}
	})
}

func TestAuthResultsSurviveStorage(t *testing.T) {
	r := AuthResults{SPF: "pass", SPFDomain: "x.example", DKIM: "pass", DKIMDomains: []string{"x.example"}, DMARC: "fail", Policy: "reject", FromDomain: "y.example", DNSAnswered: true}
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back AuthResults
	if err := json.Unmarshal(raw, &back); err != nil || back.FailsPolicy() != r.FailsPolicy() || back.MayAnswer() != r.MayAnswer() || back.DKIMDomains[0] != "x.example" {
		t.Errorf("%s %v", raw, err)
	}
}
