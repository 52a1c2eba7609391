package main

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// planElectronic lays down the life of a licence that the issuing country puts in: claimed a
// day later, submitted an hour after that, accepted two days later.
func (s *seeder) planElectronic(d demoLicence, created time.Time, form func() flegt.Form) {
	var id string
	issuer := func() flegt.Actor { return s.officer(flegt.RoleLicensing, d.Export) }
	s.at(created, func(ctx context.Context) error {
		f := form()
		l, _, err := s.office.IssueLicence(ctx, issuer(), f, s.companies[d.Operator].Country, demoVerification(f.Number))
		id = l.ID
		return err
	})
	if d.State == "issued" {
		return
	}
	s.at(created.AddDate(0, 0, 1), func(ctx context.Context) error {
		f := form()
		l, err := s.office.ClaimLicence(ctx, s.people[d.By], f.Number, demoVerification(f.Number))
		if err == nil {
			l, err = s.office.SaveDraft(ctx, s.people[d.By], id, l.Version, l.Form.WithFacts(f), "")
		}
		return err
	})
	if d.State == "claimed" {
		return
	}
	s.at(created.AddDate(0, 0, 1).Add(time.Hour), func(ctx context.Context) error {
		_, err := s.office.SubmitLicence(ctx, s.people[d.By], id, 0)
		return err
	})
	if d.State == "claimed_submitted" {
		return
	}
	s.at(created.AddDate(0, 0, 3), func(ctx context.Context) error {
		_, err := s.office.AcceptLicence(ctx, s.officer(flegt.RoleAuthority, s.companies[d.Operator].Country), id, 0)
		return err
	})
}

// demoVerification is the verification number of a made-up licence: the demonstration tells
// it, so that whoever tries it out can claim one.
func demoVerification(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	return "KAYU" + digits[max(0, len(digits)-8):]
}

// planAfterwards lays down what happened to an accepted licence later: by the authority, or
// by the issuing country.
func (s *seeder) planAfterwards(d demoLicence, created time.Time, id *string) {
	officer := func() flegt.Actor { return s.officer(flegt.RoleAuthority, s.companies[d.Operator].Country) }
	issuer := func() flegt.Actor { return s.officer(flegt.RoleLicensing, d.Export) }
	later := created.AddDate(0, 0, 6)
	mark := func(verb flegt.Verb) {
		s.at(later, func(ctx context.Context) error {
			var next []string
			for _, n := range d.Successors {
				next = append(next, strings.ReplaceAll(n, "{yy}", s.when(d.Issued).Format("06")))
			}
			_, err := s.office.MarkLicence(ctx, issuer(), *id, 0, flegt.Mark{Verb: verb, From: flegt.DateOf(later), Reason: d.Words, Successors: next}, registry.Evidence{})
			return err
		})
	}
	switch d.State {
	case "acceptance_withdrawn":
		s.at(later, func(ctx context.Context) error {
			_, err := s.office.WithdrawAcceptance(ctx, officer(), *id, 0, d.Words)
			return err
		})
	case "replaced":
		mark(flegt.VerbReplace)
	case "cancelled":
		mark(flegt.VerbCancel)
	case "lost":
		mark(flegt.VerbReportLost)
	case "extended":
		s.at(later, func(ctx context.Context) error {
			letter := demoScan(flegt.Form{Number: "Confirmation of the extension (made up)"})
			_, err := s.office.ExtendLicence(ctx, officer(), *id, 0, flegt.DateOf(s.when(d.Issued).AddDate(0, 5, 0)),
				registry.Evidence{Reference: "LIU 88/2026, made up", Name: "confirmation.pdf", File: bytes.NewReader(letter)})
			return err
		})
	}
}
