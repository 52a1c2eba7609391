package main

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
)

// demoFiles are the made-up people, companies, requests and licences. All names are
// invented and all addresses end in .example (RFC 2606).
//
//go:embed demodata
var demoFiles embed.FS

// seeder fills an empty registry with made-up history, through the same methods that people
// use, at the times at which they would have used them.
type seeder struct {
	db        *store.DB
	office    *registry.Office
	accounts  *identity.Identity
	now       time.Time
	today     time.Time
	companies map[string]flegt.Operator
	people    map[string]flegt.Actor
	steps     []seedStep
}

// seedStep is something that happened.
type seedStep struct {
	at time.Time
	do func(context.Context) error
}

// seedDemo fills the registry when it is empty, and says whether it did.
func seedDemo(ctx context.Context, db *store.DB, ref *reference.Data, support string, now time.Time) (bool, error) {
	accounts := 0
	err := db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Accounts()
		accounts = len(all)
		return err
	})
	if err != nil || accounts > 0 {
		return false, err
	}
	s := &seeder{db: db, today: now, now: now, companies: map[string]flegt.Operator{}, people: map[string]flegt.Actor{}}
	log := slog.New(slog.DiscardHandler)
	clock := func() time.Time { s.now = s.now.Add(time.Second); return s.now }
	if s.office, err = registry.New(ctx, registry.Options{DB: db, Reference: ref, SupportAddress: support, Clock: clock, Logger: log}); err != nil {
		return false, err
	}
	noMail := func(*store.Tx, identity.Mailing) error { return nil }
	if s.accounts, err = identity.New(identity.Options{DB: db, Post: noMail, Clock: clock, Logger: log, BaseURL: "http://demo.example"}); err != nil {
		return false, err
	}
	if err := s.plan(); err != nil {
		return false, err
	}
	sort.SliceStable(s.steps, func(i, j int) bool { return s.steps[i].at.Before(s.steps[j].at) })
	for _, step := range s.steps {
		s.now = step.at
		if err := step.do(ctx); err != nil {
			return false, fmt.Errorf("demonstration: %w", say(err))
		}
	}
	return true, nil
}

func (s *seeder) at(at time.Time, do func(context.Context) error) {
	s.steps = append(s.steps, seedStep{at, do})
}

// day is so many days before today, in the morning.
func (s *seeder) day(days int) time.Time {
	y, m, d := s.today.AddDate(0, 0, days).Date()
	return time.Date(y, m, d, 8, 0, 0, 0, time.UTC)
}

// plan lays down what happened.
func (s *seeder) plan() error {
	begin := time.Date(2016, 12, 6, 8, 0, 0, 0, time.UTC)
	companies, err := demoRows("companies.csv")
	if err != nil {
		return err
	}
	people, err := demoRows("people.csv")
	if err != nil {
		return err
	}
	requests, err := demoRows("requests.csv")
	if err != nil {
		return err
	}
	for i, p := range people {
		s.at(begin.Add(time.Duration(i)*time.Minute), func(ctx context.Context) error { return s.enrol(ctx, p) })
	}
	for i, c := range companies {
		s.at(begin.Add(time.Hour+time.Duration(i)*time.Minute), func(ctx context.Context) error { return s.company(ctx, c) })
	}
	for i, p := range people {
		if p["role"] != "" {
			s.at(begin.Add(2*time.Hour+time.Duration(i)*time.Minute), func(ctx context.Context) error { return s.grant(ctx, p) })
		}
	}
	s.at(begin.Add(3*time.Hour), s.addresses)
	s.planSpecimens(begin.Add(4 * time.Hour))
	s.at(s.day(-60), s.setDesk)
	for i, r := range requests {
		domains := map[string]string{}
		for _, c := range companies {
			domains[c["key"]] = c["domain"]
		}
		s.at(s.day(-9).Add(time.Duration(i)*3*time.Hour), func(ctx context.Context) error { return s.request(ctx, r, domains[r["company"]]) })
	}
	return s.planLicences()
}

// demoRows reads a table with names of columns in its first line.
func demoRows(name string) ([]map[string]string, error) {
	raw, err := fs.ReadFile(demoFiles, "demodata/"+name)
	if err != nil {
		return nil, err
	}
	lines, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *seeder) enrol(ctx context.Context, p map[string]string) error {
	acc, err := s.accounts.Enrol(ctx, flegt.TheSystem(), identity.Person{FirstName: p["first"], LastName: p["last"], Email: p["email"], Lang: p["lang"]}, "")
	s.people[p["key"]] = flegt.Actor{Account: acc.ID, FirstName: acc.FirstName, LastName: acc.LastName, Email: acc.Email}
	return err
}

func (s *seeder) company(ctx context.Context, c map[string]string) error {
	op := flegt.Operator{Name: c["name"], LegalForm: c["form"], Country: c["country"], Postcode: c["postcode"], Town: c["town"], Street: c["street"],
		ContactName: "Import department", ContactEmail: "import@" + c["domain"], Section: flegt.SectionTimber,
		Identifiers: []flegt.Identifier{{Kind: flegt.IdentifierEORI, Value: c["eori"]}}}
	if c["cvr"] != "" {
		op.Identifiers = append(op.Identifiers, flegt.Identifier{Kind: flegt.IdentifierNational, Country: "DK", Value: c["cvr"]})
	}
	made, err := s.office.CreateOperator(ctx, s.people["sofia"], op, true)
	s.companies[c["key"]] = made
	return err
}

func (s *seeder) grant(ctx context.Context, p map[string]string) error {
	body := p["body"]
	if op, ok := s.companies[body]; ok {
		body = op.ID
	}
	_, err := s.office.Grant(ctx, registry.HostOrder{Email: p["email"], Role: flegt.Role(p["role"]), Body: body, User: "demonstration"})
	if err != nil {
		return err
	}
	roles, err := s.office.Roles(ctx, s.people[p["key"]].Account)
	if err == nil && len(roles) > 0 {
		s.people[p["key"]] = roles[0]
	}
	return err
}

// addresses enters made-up official addresses for countries whose real ones our data does
// not know, so that the five rules can be kept there too.
func (s *seeder) addresses(ctx context.Context) error {
	for _, country := range []string{"DE", "NL", "SE", "PL", "FR", "BE"} {
		a, err := s.office.Authority(ctx, flegt.AuthorityID(country))
		if err != nil {
			return err
		}
		if len(a.AddressesOn(flegt.DateOf(s.today))) > 0 {
			continue
		}
		err = s.office.EditAuthority(ctx, s.people["sofia"], a.ID, 0, registry.AuthorityEdit{Name: a.Name, Address: flegt.OfficialAddress{
			Email: "flegt@authority-" + strings.ToLower(country) + ".example", From: "2016-12-01", Source: "made up for the demonstration"}})
		if err != nil {
			return err
		}
	}
	return s.issuingAddresses(ctx)
}

// request lets somebody new ask for the role of an operator.
func (s *seeder) request(ctx context.Context, r map[string]string, domain string) error {
	op := s.companies[r["company"]]
	lang := "en"
	if op.Country == "DK" {
		lang = "da"
	}
	email := strings.ReplaceAll(flegt.Fold(r["first"])+"."+flegt.Fold(r["last"]), " ", "") + "@" + domain
	acc, err := s.accounts.Enrol(ctx, flegt.TheSystem(), identity.Person{FirstName: r["first"], LastName: r["last"], Email: email, Lang: lang}, "")
	if err != nil {
		return err
	}
	who := flegt.Actor{Account: acc.ID, FirstName: acc.FirstName, LastName: acc.LastName, Email: acc.Email}
	_, err = s.office.RequestRole(ctx, who, registry.RoleRequest{Role: flegt.RoleOperator, Body: op.ID, Capacity: flegt.Capacity(r["capacity"])})
	return err
}

// demoLicence is a made-up licence as it stands in the file.
type demoLicence struct {
	Number, Operator, By, State, Export, Place, Licensee, Invoice, Containers, Reason, Words string
	Created, Issued, Expires                                                                 any
	IssuingBody                                                                              string `json:"issuing_body"`
	LicenseeAddress                                                                          string `json:"licensee_address"`
	BillOfLading                                                                             string `json:"bill_of_lading"`
	Goods                                                                                    []flegt.GoodsLine
	Remarks                                                                                  []flegt.BoxRemark
	Successors                                                                               []string
	Paper                                                                                    demoPaper
}

// demoPaper is what the paper says otherwise than what was typed: what its importer got wrong.
// Goods are those of the first line; what is empty was typed as it stands there.
type demoPaper struct {
	Invoice       string
	Volume, Units flegt.Amount
}

// on is the form as it stands on the paper.
func (p demoPaper) on(f flegt.Form) flegt.Form {
	f.Invoice, f.Goods = cmp.Or(p.Invoice, f.Invoice), slices.Clone(f.Goods)
	if len(f.Goods) > 0 {
		g := &f.Goods[0]
		g.Volume, g.Units = cmp.Or(p.Volume, g.Volume), cmp.Or(p.Units, g.Units)
	}
	return f
}

// when reads a day: a date, or so many days before today.
func (s *seeder) when(v any) time.Time {
	switch d := v.(type) {
	case float64:
		return s.day(int(d))
	case string:
		return flegt.Date(d).Time().Add(8 * time.Hour)
	}
	return time.Time{}
}

func (s *seeder) planLicences() error {
	raw, err := fs.ReadFile(demoFiles, "demodata/licences.json")
	if err != nil {
		return err
	}
	var all []demoLicence
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for _, d := range all {
		s.planLicence(d)
	}
	return nil
}

// planLicence lays down a licence's life: drafted in the morning, submitted an hour later,
// decided after a few days, booked and released in the week after.
func (s *seeder) planLicence(d demoLicence) {
	var id string
	created, issued := s.when(d.Created), s.when(d.Issued)
	expires := s.when(d.Expires)
	if expires.IsZero() {
		expires = issued.AddDate(0, 4, -1)
	}
	number := strings.ReplaceAll(d.Number, "{yy}", issued.Format("06"))
	form := func() flegt.Form {
		op := s.companies[d.Operator]
		return flegt.Form{IssuingBody: flegt.Party{Name: d.IssuingBody}, Importer: flegt.Party{Name: op.FullName(), Address: op.Street + ", " + op.Postcode + " " + op.Town},
			Number: number, Issued: flegt.DateOf(issued), Expires: flegt.DateOf(expires), Export: d.Export, Transport: "By sea",
			Licensee: flegt.Party{Name: d.Licensee, Address: d.LicenseeAddress}, IssuePlace: d.Place, Invoice: d.Invoice, BillOfLading: d.BillOfLading,
			Containers: d.Containers, Goods: d.Goods, Arrival: flegt.DateOf(created.AddDate(0, 0, 10))}
	}
	if slices.Contains([]string{"issued", "claimed", "claimed_submitted", "claimed_accepted"}, d.State) {
		s.planElectronic(d, created, form)
		return
	}
	s.at(created, func(ctx context.Context) error {
		l, err := s.office.NewDraft(ctx, s.people[d.By], form(), s.companies[d.Operator].Country)
		if err != nil {
			return err
		}
		id = l.ID
		_, err = s.office.AddScan(ctx, s.people[d.By], id, strings.ReplaceAll(number, "/", "-")+".pdf", bytes.NewReader(demoScan(d.Paper.on(l.Form))))
		return err
	})
	if d.State == "draft" {
		return
	}
	s.at(created.Add(time.Hour), func(ctx context.Context) error {
		_, err := s.office.SubmitLicence(ctx, s.people[d.By], id, 0)
		return err
	})
	officer := func() flegt.Actor { return s.officer("competent_authority", s.companies[d.Operator].Country) }
	switch d.State {
	case "submitted":
		return
	case "withdrawn":
		s.at(created.AddDate(0, 0, 1), func(ctx context.Context) error {
			_, err := s.office.WithdrawLicence(ctx, s.people[d.By], id, 0)
			return err
		})
		return
	case "rejected":
		s.at(created.AddDate(0, 0, 3), func(ctx context.Context) error {
			_, err := s.office.RejectLicence(ctx, officer(), id, 0, d.Reason, d.Words)
			return err
		})
		return
	}
	if d.State == "returned" {
		s.at(created.AddDate(0, 0, 1), func(ctx context.Context) error {
			_, err := s.office.ReturnLicence(ctx, officer(), id, 0, d.Words, d.Remarks)
			return err
		})
		return
	}
	s.at(created.AddDate(0, 0, 3), func(ctx context.Context) error {
		_, err := s.office.AcceptLicence(ctx, officer(), id, 0)
		return err
	})
	if slices.Contains([]string{"reserved", "part_released", "used_up"}, d.State) {
		s.planClearance(d, created, number, &id)
	}
	s.planAfterwards(d, created, &id)
}

// planClearance books a declaration for half of the goods or all of them, and releases it.
func (s *seeder) planClearance(d demoLicence, created time.Time, number string, id *string) {
	mrn := ""
	s.at(created.AddDate(0, 0, 8), func(ctx context.Context) error {
		country := s.companies[d.Operator].Country
		mrn = demoMRN(created, country, number)
		var items []flegt.Item
		for i, g := range d.Goods {
			units, err := g.Units.Quantity()
			if err != nil {
				return err
			}
			unit, amount := flegt.Piece, units
			if units == 0 {
				unit = flegt.Kilogram
				if amount, err = g.Weight.Quantity(); err != nil {
					return err
				}
			}
			if d.State != "used_up" {
				amount = amount / 2 / 1_000_000 * 1_000_000
			}
			items = append(items, flegt.Item{Line: i + 1, HS: g.HS, Unit: unit, Quantity: amount})
		}
		_, err := s.office.Reserve(ctx, s.officer("customs", country), *id, registry.Booking{MRN: mrn, Office: country + "003103", Items: items})
		return err
	})
	if d.State == "reserved" {
		return
	}
	s.at(created.AddDate(0, 0, 9), func(ctx context.Context) error {
		_, err := s.office.Release(ctx, s.officer("customs", s.companies[d.Operator].Country), *id, mrn, "")
		return err
	})
}

// officer finds an officer of a country.
func (s *seeder) officer(role flegt.Role, country string) flegt.Actor {
	var keys []string
	for key, p := range s.people {
		if p.Role == role && p.Country == country {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	if len(keys) == 0 {
		return flegt.Actor{}
	}
	return s.people[keys[0]]
}

// demoMRN makes a declaration's number whose check digit agrees.
func demoMRN(at time.Time, country, number string) string {
	digits := ""
	for _, r := range number {
		if r >= '0' && r <= '9' {
			digits += string(r)
		}
	}
	base := at.Format("06") + country + fmt.Sprintf("%013s", digits[max(0, len(digits)-13):])
	for c := '0'; c <= '9'; c++ {
		if mrn := base + string(c); flegt.MRNDigitAgrees(mrn) {
			return mrn
		}
	}
	return base + "0"
}
