package main

import (
	"context"
	"errors"
	"fmt"
	"net/smtp"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/web"
)

// demonstration is what the demonstration's pages ask of the program.
type demonstration struct{ m *Main }

// MailServer implements web.Demonstration.
func (d demonstration) MailServer() string { return d.m.MailAddress() }

// People implements web.Demonstration.
func (d demonstration) People(ctx context.Context) ([]web.DemoPerson, error) {
	sheet, err := d.m.demoSheet(ctx)
	var out []web.DemoPerson
	for _, p := range sheet.People {
		out = append(out, web.DemoPerson{Name: p.FirstName + " " + p.LastName, Role: flegt.Role(p.Role), Body: p.Body, Country: p.Country, Link: p.SignInURL})
	}
	return out, err
}

// Claims implements web.Demonstration.
func (d demonstration) Claims(ctx context.Context) ([]web.DemoClaim, error) {
	sheet, err := d.m.demoSheet(ctx)
	var out []web.DemoClaim
	for _, l := range sheet.Licences {
		if l.State == string(flegt.Issued) {
			out = append(out, web.DemoClaim{Number: l.Number, Verification: demoVerification(l.Number), Country: l.Country})
		}
	}
	return out, err
}

// Send implements web.Demonstration: it talks to our own mail server as a mail program
// would, names every recipient, and goes on when at least one was taken.
func (d demonstration) Send(_ context.Context, m web.DemoMail) (err error) {
	if d.m.MailAddress() == "" {
		return errors.New("no mail is taken here")
	}
	out := mail.Outgoing{From: mail.Address{Email: m.From}, Subject: m.Subject, Text: m.Body, Date: d.m.Clock()}
	for _, a := range m.To {
		out.To = append(out.To, mail.Address{Email: a})
	}
	for _, a := range m.Cc {
		out.Cc = append(out.Cc, mail.Address{Email: a})
	}
	raw, err := mail.Compose(out)
	if err != nil {
		return err
	}
	client, err := smtp.Dial(d.m.MailAddress())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	if err := client.Mail(m.From); err != nil {
		return err
	}
	taken := 0
	var refused error
	for _, a := range append(append([]string{}, m.To...), m.Cc...) {
		if answer := client.Rcpt(a); answer != nil {
			refused = fmt.Errorf("%s: %w", a, answer)
			continue
		}
		taken++
	}
	if taken == 0 {
		return refused
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	return w.Close()
}
