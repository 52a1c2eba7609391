package mail

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Resolver asks the DNS. *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) (names []string, err error)
}

// The results of a check, in the words of RFC 8601.
const (
	ResultPass      = "pass"
	ResultFail      = "fail"
	ResultNone      = "none"
	ResultTempError = "temperror"
	ResultPermError = "permerror"
)

// AuthResults says how far the sender of a mail is proven.
type AuthResults struct {
	// SPF: may this client send for the domain of MAIL FROM? (RFC 7208; also "softfail"
	// and "neutral"). SPFDomain is that domain.
	SPF       string `json:"spf"`
	SPFDomain string `json:"spf_domain,omitempty"`
	// DKIM: is there a valid signature? (RFC 6376) DKIMDomains are those that signed.
	DKIM        string   `json:"dkim"`
	DKIMDomains []string `json:"dkim_domains,omitempty"`
	// DMARC: does one of them belong to the domain in From? (RFC 7489) Policy is what
	// the domain asks to do with mail that fails: none, quarantine, reject.
	DMARC      string `json:"dmarc"`
	Policy     string `json:"policy,omitempty"`
	FromDomain string `json:"from_domain,omitempty"`
	// Proven: a passed SPF or DKIM belongs to the domain in From.
	Proven bool `json:"proven"`
	// Local: the mail was handed in on this machine, by a pipe or the loopback address.
	// Who sent it cannot be seen from here; the mail server in front has checked it.
	Local bool `json:"local"`
	// DNSAnswered: at least one question to the DNS got an answer, if only "no such name".
	DNSAnswered bool `json:"dns_answered"`
}

// MayAnswer tells whether an answer may go to the From address: it has passed SPF or
// DKIM, or that cannot be known here. An answer to a forged address would make this
// server send unwanted mail to a stranger; that is also why a check that passed for
// another domain than that of From does not count.
func (r AuthResults) MayAnswer() bool {
	return r.Local || !r.DNSAnswered || r.Proven && !r.FailsPolicy()
}

// FailsPolicy tells that the domain in From asks to reject or quarantine this mail.
func (r AuthResults) FailsPolicy() bool {
	return r.DMARC == ResultFail && (r.Policy == "reject" || r.Policy == "quarantine")
}

// authTimeout bounds all questions to the DNS together.
const authTimeout = 5 * time.Second

// Authenticate checks SPF, DKIM and DMARC. remoteIP is nil for a mail from a pipe. It
// takes at most five seconds; what the DNS did not answer by then is "temperror".
func Authenticate(ctx context.Context, raw []byte, remoteIP net.IP, heloName, envelopeFrom string, resolver Resolver) AuthResults {
	r := AuthResults{SPF: ResultNone, DKIM: ResultNone, DMARC: ResultNone, FromDomain: fromDomain(raw)}
	if remoteIP == nil || remoteIP.IsLoopback() {
		r.Local = true
		return r
	}
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	asked := &watchedResolver{Resolver: resolver}
	var policy *dmarc.Record
	var policyErr error
	inherited := false // the policy is that of the domain above
	var wait sync.WaitGroup
	wait.Go(func() { r.SPF, r.SPFDomain = checkSPF(ctx, remoteIP, heloName, envelopeFrom, asked) })
	wait.Go(func() { r.DKIM, r.DKIMDomains = checkDKIM(ctx, raw, asked) })
	wait.Go(func() { policy, inherited, policyErr = findPolicy(ctx, r.FromDomain, asked) })
	wait.Wait()
	r.DNSAnswered = asked.answered.Load()
	r.Proven = r.aligned(dmarc.AlignmentRelaxed, dmarc.AlignmentRelaxed)
	r.applyPolicy(policy, inherited, policyErr)
	return r
}

// applyPolicy works out DMARC (RFC 7489 section 6.6.2). A share of mails (pct) to which
// a policy is applied is not heeded: what fails does not count as proof here.
func (r *AuthResults) applyPolicy(policy *dmarc.Record, inherited bool, err error) {
	switch {
	case errors.Is(err, dmarc.ErrNoPolicy):
		return
	case dmarc.IsTempFail(err):
		r.DMARC = ResultTempError
		return
	case err != nil:
		r.DMARC = ResultPermError
		return
	}
	r.Policy = string(policy.Policy)
	if inherited && policy.SubdomainPolicy != "" {
		r.Policy = string(policy.SubdomainPolicy)
	}
	switch {
	case r.aligned(policy.SPFAlignment, policy.DKIMAlignment):
		r.DMARC = ResultPass
	case r.SPF == ResultTempError || r.DKIM == ResultTempError:
		r.DMARC = ResultTempError // it might have passed
	default:
		r.DMARC = ResultFail
	}
}

// aligned tells whether a passed check belongs to the domain in From: is the same domain,
// or, relaxed, one of the same organisation.
func (r *AuthResults) aligned(spfMode, dkimMode dmarc.AlignmentMode) bool {
	if r.FromDomain == "" {
		return false
	}
	if r.SPF == ResultPass && sameOwner(r.SPFDomain, r.FromDomain, spfMode) {
		return true
	}
	for _, domain := range r.DKIMDomains {
		if sameOwner(domain, r.FromDomain, dkimMode) {
			return true
		}
	}
	return false
}

func sameOwner(a, b string, mode dmarc.AlignmentMode) bool {
	a, b = asciiDomain(a), asciiDomain(b)
	if a == b {
		return a != ""
	}
	return mode != dmarc.AlignmentStrict && organisation(a) == organisation(b) && organisation(a) != ""
}

// organisation gives the part of a domain that its owner registered.
func organisation(domain string) string {
	org, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return org
}

func asciiDomain(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		return ascii
	}
	return domain
}

// fromDomain gives the domain of From, "" unless there is exactly one sender.
func fromDomain(raw []byte) string {
	h, _ := splitHeader(raw)
	from := h.addresses("From")
	if len(from) != 1 {
		return ""
	}
	return asciiDomain(domainOf(from[0].Email))
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

func checkSPF(ctx context.Context, ip net.IP, helo, from string, resolver Resolver) (result, domain string) {
	if from == "" {
		from = "postmaster@" + helo // RFC 7208 section 2.4
	}
	domain = asciiDomain(domainOf(from))
	if !strings.Contains(domain, ".") {
		return ResultNone, domain
	}
	from = from[:strings.LastIndexByte(from, '@')+1] + domain
	got, _ := spf.CheckHostWithSender(ip, helo, from, spf.WithContext(ctx), spf.WithResolver(resolver))
	return string(got), domain
}

// mostSignatures bounds how many DKIM signatures of one mail are checked.
const mostSignatures = 8

func checkDKIM(ctx context.Context, raw []byte, resolver Resolver) (result string, domains []string) {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{
		LookupTXT:        func(name string) ([]string, error) { return resolver.LookupTXT(ctx, name) },
		MaxVerifications: mostSignatures,
	})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return ResultPermError, nil
	}
	result = ResultNone
	for _, v := range found {
		switch {
		case v.Err == nil:
			domains = append(domains, asciiDomain(v.Domain))
		case dkim.IsTempFail(v.Err):
			result = ResultTempError
		case result != ResultTempError && dkim.IsPermFail(v.Err):
			result = ResultPermError
		case result == ResultNone:
			result = ResultFail
		}
	}
	if len(domains) > 0 {
		result = ResultPass
	}
	return result, domains
}

// findPolicy looks for the DMARC record of a domain, then of the organisation's domain.
func findPolicy(ctx context.Context, domain string, resolver Resolver) (policy *dmarc.Record, inherited bool, err error) {
	if domain == "" {
		return nil, false, dmarc.ErrNoPolicy
	}
	options := &dmarc.LookupOptions{LookupTXT: func(name string) ([]string, error) { return resolver.LookupTXT(ctx, name) }}
	policy, err = dmarc.LookupWithOptions(domain, options)
	if org := organisation(domain); errors.Is(err, dmarc.ErrNoPolicy) && org != domain {
		policy, err = dmarc.LookupWithOptions(org, options)
		return policy, true, err
	}
	return policy, false, err
}

// watchedResolver notes whether the DNS answers at all, and lets no question wait for
// longer than half the time there is.
type watchedResolver struct {
	Resolver
	answered atomic.Bool
}

func (w *watchedResolver) note(err error) {
	var dns *net.DNSError
	if err == nil || errors.As(err, &dns) && dns.IsNotFound {
		w.answered.Store(true)
	}
}

func (w *watchedResolver) LookupTXT(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout/2)
	defer cancel()
	txt, err := w.Resolver.LookupTXT(ctx, name)
	w.note(err)
	return txt, err
}

func (w *watchedResolver) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout/2)
	defer cancel()
	mx, err := w.Resolver.LookupMX(ctx, name)
	w.note(err)
	return mx, err
}

func (w *watchedResolver) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout/2)
	defer cancel()
	ips, err := w.Resolver.LookupIPAddr(ctx, host)
	w.note(err)
	return ips, err
}

func (w *watchedResolver) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout/2)
	defer cancel()
	names, err := w.Resolver.LookupAddr(ctx, addr)
	w.note(err)
	return names, err
}
