package notice

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// webhookTimeout is how long one try may take from dialling to the last byte of the answer.
const webhookTimeout = 15 * time.Second

// errWebhookAddress says that a receiver's name leads to an address outside the public
// Internet.
var errWebhookAddress = errors.New("the receiver's address is not a public one")

// guardAddress refuses, for net.Dialer.Control, an address that is not public. It sees the
// address that is really dialled, so a name that changes its mind gains nothing.
func guardAddress(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !flegt.PublicAddress(at.Addr()) {
		return errWebhookAddress
	}
	return nil
}

// webhookClient sends to receivers: no proxy, no cookies, no redirects followed (a redirect
// is the answer), and public addresses only unless private says otherwise.
func webhookClient(private bool) *http.Client {
	d := &net.Dialer{Timeout: webhookTimeout}
	if !private {
		d.Control = guardAddress
	}
	return &http.Client{
		Transport: &http.Transport{DialContext: d.DialContext, TLSHandshakeTimeout: webhookTimeout, MaxResponseHeaderBytes: 16 << 10,
			MaxIdleConns: atOnce, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// problemOf says what an answer's status means: success is 2xx alone (Standard Webhooks 1.0.0,
// "Delivery success and failure").
func problemOf(status int) string {
	switch {
	case status >= 200 && status < 300:
		return ""
	case status >= 300 && status < 400:
		return flegt.ProblemRedirect
	case status == http.StatusGone:
		return flegt.ProblemGone
	}
	return flegt.ProblemStatus
}

// problemIn says why there was no answer.
func problemIn(err error) string {
	var name *net.DNSError
	var slow net.Error
	var certificate *tls.CertificateVerificationError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, errWebhookAddress):
		return flegt.ProblemPrivate
	case errors.As(err, &certificate), errors.As(err, &alert), errors.As(err, &record):
		return flegt.ProblemTLS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return flegt.ProblemTimeout
	case errors.As(err, &name):
		return flegt.ProblemName
	}
	return flegt.ProblemConnect
}

// retryAfter reads how long a receiver wants to be left alone, RFC 9110 section 10.2.3.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 && seconds < 1<<30 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
