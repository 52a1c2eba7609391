package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/openflegt/openflegt/internal/mail"
)

// mailOff is the setting of SMTP that takes no mail.
const mailOff = "off"

// listenMail opens the address for mail; nil when none is taken.
func (m *Main) listenMail() (err error) {
	if m.SMTP == mailOff {
		return nil
	}
	if m.smtp, err = net.Listen("tcp", m.SMTP); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}

// takeMail serves SMTP for the Support Team's address alone.
func (m *Main) takeMail() error {
	if m.smtp == nil {
		return nil
	}
	conf, err := m.mailTLS()
	if err != nil {
		return err
	}
	m.mailServer = mail.NewServer(mail.ServerConfig{
		Hostname: m.Hostname, TLS: conf, Logger: m.logger, Now: m.Clock,
		Accept: m.inbox.Accept, Admit: m.inbox.Admit, Deliver: m.inbox.Deliver,
	})
	server, listener := m.mailServer, m.smtp
	go func() {
		if err := server.Serve(listener); err != nil {
			m.failed <- fmt.Errorf("mail: %w", err)
		}
	}()
	return nil
}

// mailTLS gives the certificate for STARTTLS; nil when none is set. It is read at every
// greeting, so that a renewed one counts at once.
func (m *Main) mailTLS() (*tls.Config, error) {
	if m.TLSCert == "" && m.TLSKey == "" {
		return nil, nil
	}
	load := func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(m.TLSCert, m.TLSKey)
		return &pair, err
	}
	if _, err := load(nil); err != nil {
		return nil, failed{exitUsage, fmt.Errorf("certificate for mail: %w", err)}
	}
	return &tls.Config{GetCertificate: load, MinVersion: tls.VersionTLS12}, nil
}

// MailAddress is where mail is taken, host:port; empty when none is.
func (m *Main) MailAddress() string {
	if m.smtp == nil {
		return ""
	}
	return m.smtp.Addr().String()
}

// hostOf gives the host of a base URL, for the mail server's greeting.
func hostOf(baseURL string) (string, error) {
	u, err := url.Parse(baseURL)
	if err == nil && u.Hostname() == "" {
		err = errors.New("it has no host")
	}
	if err != nil {
		return "", failed{exitUsage, fmt.Errorf("base URL %q: %w", baseURL, err)}
	}
	return u.Hostname(), nil
}
