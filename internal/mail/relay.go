package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Relay hands mail to a mail server that delivers it (a "smarthost").
type Relay struct {
	host     string
	options  []gomail.Option
	verified bool
	// TLS replaces the TLS settings, for a relay with a certificate of an own authority.
	TLS *tls.Config
	// Timeout for connecting and for sending one mail; default 30 seconds.
	Timeout time.Duration
}

// NewRelay reads the address of a relay:
//
//	smtp://host:port             STARTTLS when the server offers it
//	smtp://user:password@host    the same, signing in (port 587 unless given)
//	smtps://user:password@host   TLS from the start (port 465)
//	…?tls=required               no mail without STARTTLS and a valid certificate
//	…?tls=none                   no TLS
//
// A certificate is checked wherever a password is sent or TLS is required; without
// either, an unchecked one is still better than none (RFC 7435). hostname is the name
// given in EHLO.
func NewRelay(rawURL, hostname string) (*Relay, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("mail: the relay is not a URL such as smtp://host:25") // without the URL: it may hold a password
	}
	if u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("mail: relay %s is not of the form smtp://host:port or smtps://host:port", u.Redacted())
	}
	r := &Relay{host: u.Hostname(), Timeout: 30 * time.Second}
	port, err := relayPort(u)
	if err != nil {
		return nil, err
	}
	r.options = append(r.options, gomail.WithPort(port), gomail.WithoutNoop(), gomail.WithoutRset())
	if hostname != "" {
		r.options = append(r.options, gomail.WithHELO(hostname))
	}
	if err := r.setTLS(u); err != nil {
		return nil, err
	}
	if u.User != nil {
		password, _ := u.User.Password()
		r.verified = true
		r.options = append(r.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if _, err := gomail.NewClient(r.host, r.options...); err != nil {
		return nil, fmt.Errorf("mail: relay %s: %w", u.Redacted(), err)
	}
	return r, nil
}

func relayPort(u *url.URL) (int, error) {
	if text := u.Port(); text != "" {
		port, err := strconv.Atoi(text)
		if err != nil || port < 1 || port > 65535 {
			return 0, fmt.Errorf("mail: relay %s: no such port", u.Redacted())
		}
		return port, nil
	}
	switch {
	case u.Scheme == "smtps":
		return 465, nil
	case u.User != nil:
		return 587, nil
	}
	return 25, nil
}

func (r *Relay) setTLS(u *url.URL) error {
	mode := u.Query().Get("tls")
	switch {
	case u.Scheme == "smtps" && mode == "":
		r.verified = true
		r.options = append(r.options, gomail.WithSSL())
	case u.Scheme == "smtp" && mode == "":
		r.options = append(r.options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	case u.Scheme == "smtp" && mode == "required":
		r.verified = true
		r.options = append(r.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case u.Scheme == "smtp" && mode == "none":
		r.options = append(r.options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return fmt.Errorf("mail: relay %s: tls is required or none, and for smtp:// only", u.Redacted())
	}
	return nil
}

// SendError says why a mail was not taken. A permanent one will not be cured by trying
// again.
type SendError struct {
	Permanent bool
	Code      int // of the SMTP answer; 0 when there was none
	Err       error
}

// Error gives the answer of the server, for the log.
func (e *SendError) Error() string { return "mail: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }

// IsPermanent tells whether sending failed for good (an SMTP answer of 5xx, or a mail
// that cannot be written). Anything else is worth trying again.
func IsPermanent(err error) bool {
	var e *SendError
	return errors.As(err, &e) && e.Permanent
}

// Send hands one mail to the relay. It returns nil when the relay took it; an error is a
// *SendError.
func (r *Relay) Send(ctx context.Context, o Outgoing) error {
	m, err := o.message()
	if err != nil {
		return &SendError{Permanent: true, Err: err}
	}
	options := append([]gomail.Option{gomail.WithTimeout(r.timeout(ctx)), gomail.WithTLSConfig(r.tlsConfig())}, r.options...)
	client, err := gomail.NewClient(r.host, options...)
	if err != nil {
		return &SendError{Err: err}
	}
	err = client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() {
		return nil // taken, even if saying goodbye went wrong
	}
	return sendError(err)
}

func (r *Relay) timeout(ctx context.Context) time.Duration {
	timeout := r.Timeout
	if deadline, ok := ctx.Deadline(); ok {
		timeout = min(timeout, time.Until(deadline))
	}
	return max(timeout, time.Millisecond)
}

func (r *Relay) tlsConfig() *tls.Config {
	if r.TLS != nil {
		config := r.TLS.Clone()
		if config.ServerName == "" {
			config.ServerName = r.host
		}
		return config
	}
	return &tls.Config{ServerName: r.host, MinVersion: tls.VersionTLS12, InsecureSkipVerify: !r.verified}
}

// sendError sorts what the library says. Answers about signing in are about our own
// settings, not about this mail: the mail waits until they are put right.
func sendError(err error) *SendError {
	e := &SendError{Err: err}
	var refused *gomail.SendError
	if errors.As(err, &refused) {
		e.Code = refused.ErrorCode()
	}
	switch e.Code {
	case 530, 534, 535, 538:
	default:
		e.Permanent = e.Code >= 500
	}
	return e
}
