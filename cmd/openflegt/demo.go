package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/wording"
)

// demoCommand runs the registry with made-up people, companies and licences.
type demoCommand struct {
	Config

	Day string `placeholder:"YYYY-MM-DD" help:"Begin on this day instead of today, so that the same dates are seen each time, as pictures and courses want it."`
}

// Run serves until the program is told to stop.
func (c *demoCommand) Run(s streams) error {
	if c.Data == "" {
		c.Data = filepath.Join(os.TempDir(), "openflegt-demo")
	}
	m := &Main{Config: c.Config, Stderr: s.Err, Demo: true}
	if c.Day != "" {
		day := flegt.ParseDate(c.Day)
		if !day.Valid() {
			return failed{exitUsage, fmt.Errorf("--day: %q is not a day; write it like 2026-03-02", c.Day)}
		}
		m.Clock = from(day.Time().Add(9 * time.Hour))
	}
	return m.runUntilSignal(func() {
		sheet, err := m.demoSheet(context.Background())
		if err != nil {
			m.logger.Error("the people of the demonstration", "error", err)
			return
		}
		sheet.print(s.Out)
	})
}

// from gives a clock that shows a moment now and goes on from there.
func from(moment time.Time) func() time.Time {
	began := time.Now()
	return func() time.Time { return moment.Add(time.Since(began)) }
}

// writeDemoSheet writes demo.json before the first page is served: who finds the program
// ready finds the file too.
func (m *Main) writeDemoSheet(ctx context.Context) error {
	if !m.Demo {
		return nil
	}
	sheet, err := m.demoSheet(ctx)
	if err != nil {
		return err
	}
	return sheet.write(filepath.Join(m.Data, "demo.json"))
}

// demoSheet is what DIR/demo.json holds: how scripts drive the demonstration.
type demoSheet struct {
	BaseURL        string        `json:"base_url"`
	SMTP           string        `json:"smtp"`
	SupportAddress string        `json:"support_address"`
	People         []demoPerson  `json:"people"`
	RoleRequests   []demoRequest `json:"role_requests"`
	Licences       []demoEntry   `json:"licences"`
}

type demoPerson struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	Role      string `json:"role"`
	Body      string `json:"body"`
	Country   string `json:"country"`
	SignInURL string `json:"sign_in_url"`
}

type demoRequest struct {
	FirstName        string `json:"first_name"`
	LastName         string `json:"last_name"`
	Email            string `json:"email"`
	Operator         string `json:"operator"`
	Country          string `json:"country"`
	AuthorityAddress string `json:"authority_address"`
	Status           string `json:"status"`
}

type demoEntry struct {
	Number   string `json:"number"`
	State    string `json:"state"`
	Operator string `json:"operator"`
	Country  string `json:"country"`
}

// demoSheet reads from the registry who and what there is.
func (m *Main) demoSheet(ctx context.Context) (demoSheet, error) {
	d := demoSheet{BaseURL: m.BaseURL, SMTP: m.MailAddress(), SupportAddress: m.SupportAddress}
	var accounts []flegt.Account
	var requests []flegt.Authorisation
	var licences []flegt.Licence
	names := map[string]string{}
	err := m.db.View(ctx, func(tx *store.Tx) (err error) {
		if accounts, err = tx.Accounts(); err != nil {
			return err
		}
		operators, err := tx.Operators()
		if err != nil {
			return err
		}
		for _, op := range operators {
			names[op.ID] = op.FullName()
		}
		if requests, err = tx.Authorisations(registry.AuthorisationQuery{Limit: 1000}); err != nil {
			return err
		}
		for _, op := range operators {
			own, err := tx.Licences(registry.LicenceQuery{Scope: flegt.Scope{Operator: op.ID}, Limit: 1000})
			if err != nil {
				return err
			}
			licences = append(licences, own...)
		}
		for _, c := range m.office.Reference().LicensingCountries(m.office.Today()) {
			waiting, err := tx.Licences(registry.LicenceQuery{Scope: flegt.Scope{Export: c.Code}, States: []string{string(flegt.Issued)}, Limit: 1000})
			if err != nil {
				return err
			}
			licences = append(licences, waiting...)
		}
		return nil
	})
	if err != nil {
		return d, err
	}
	asked := map[string]bool{}
	byID := map[string]flegt.Account{}
	for _, acc := range accounts {
		byID[acc.ID] = acc
	}
	for _, z := range requests {
		if z.Role != flegt.RoleOperator || z.Status == flegt.Approved && z.Override != "" {
			continue
		}
		asked[z.Account] = true
		acc := byID[z.Account]
		row := demoRequest{acc.FirstName, acc.LastName, acc.Email, names[z.Body], z.Country, "", string(z.Status)}
		ca, err := m.office.Authority(ctx, flegt.AuthorityID(z.Country))
		if err == nil {
			if known := ca.AddressesOn(m.office.Today()); len(known) > 0 {
				row.AuthorityAddress = known[0]
			}
		}
		d.RoleRequests = append(d.RoleRequests, row)
	}
	for _, acc := range accounts {
		if asked[acc.ID] || acc.Closed {
			continue
		}
		roles, err := m.office.Roles(ctx, acc.ID)
		if err != nil {
			return d, err
		}
		person := demoPerson{FirstName: acc.FirstName, LastName: acc.LastName, Email: acc.Email, SignInURL: m.identity.DemoLink(acc.ID)}
		if len(roles) > 0 {
			person.Role, person.Body, person.Country = string(roles[0].Role), m.bodyName(roles[0]), roles[0].Country
		}
		d.People = append(d.People, person)
	}
	for _, l := range licences {
		d.Licences = append(d.Licences, demoEntry{Number: l.Form.Number, State: m.office.StandingOf(l), Operator: names[l.Operator], Country: l.ImportCountry})
	}
	return d, nil
}

// bodyName names what somebody acts for, in English.
func (m *Main) bodyName(a flegt.Actor) string {
	name := firstOf(a.BodyName, a.Body)
	if key, country, ok := flegt.GenericName(name); ok {
		return m.catalog.Say(wording.English, key, flegt.Args{"Country": m.office.Reference().CountryName(country, "en")})
	}
	return name
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// write puts the sheet into a file, whole or not at all.
func (d demoSheet) write(path string) error {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// print tells where to go and as whom to sign in.
func (d demoSheet) print(w io.Writer) {
	fmt.Fprintf(w, "OpenFLEGT, demonstration: everybody and everything in it is made up.\n\nOpen %s/demo\nMail is taken at %s for %s\n\nSign in as:\n", d.BaseURL, d.SMTP, d.SupportAddress)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, p := range d.People {
		fmt.Fprintf(t, "%s %s\t%s\t%s\t%s\n", p.FirstName, p.LastName, firstOf(p.Role, "no role yet"), p.Body, p.SignInURL)
	}
	t.Flush()
	fmt.Fprintln(w)
}
