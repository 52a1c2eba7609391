package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// seeder fills the demonstration's registry with many more licences, straight into the
// store: every licence has the row, the words, the events and the movements that the same
// life at the counter would have left, so that "openflegt verify" agrees with it.
type seeder struct {
	db     *store.DB
	now    time.Time
	bodies []importerBody
	// officer and customs decide and release, whatever the country.
	officer, customs flegt.Actor
}

// importerBody is an operator with somebody who acts for it.
type importerBody struct {
	operator flegt.Operator
	who      flegt.Actor
}

// notices is how many notifications the first operator's user has.
const notices = 20_000

// seedBatch is how many licences are written in one transaction.
const seedBatch = 1000

// seed writes n licences, two fifths of them the first operator's, and requests for roles.
func seed(tb testing.TB, o store.Options, n, requests int) {
	tb.Helper()
	db, err := store.Open(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	if !db.Postgres() { // nobody waits for what is written, and a machine that stops fills anew
		if _, err := db.Writer().Exec(`PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; PRAGMA wal_autocheckpoint = 50000`); err != nil {
			tb.Fatal(err)
		}
	}
	s := &seeder{db: db, now: time.Now().UTC().Truncate(time.Microsecond)}
	if err := s.prepare(); err != nil {
		tb.Fatal(err)
	}
	lives := make(chan []*life, 1) // one batch is made up while another is written
	var failed error
	go func() {
		defer close(lives)
		for from := 0; from < n && failed == nil; from += seedBatch {
			var batch []*life
			for i := from; i < min(n, from+seedBatch) && failed == nil; i++ {
				var l *life
				l, failed = s.live(i, n)
				batch = append(batch, l)
			}
			lives <- batch
		}
	}()
	for batch := range lives {
		if err := db.Update(context.Background(), func(tx *store.Tx) error { return s.write(tx, batch) }); err != nil {
			tb.Fatal(err)
		}
	}
	if failed != nil {
		tb.Fatal(failed)
	}
	if err := db.Update(context.Background(), func(tx *store.Tx) error { return s.finish(tx, requests) }); err != nil {
		tb.Fatal(err)
	}
}

// prepare finds out who is there.
func (s *seeder) prepare() error {
	return s.db.View(context.Background(), func(tx *store.Tx) error {
		operators, err := tx.Operators()
		if err != nil {
			return err
		}
		for _, op := range operators {
			who, err := actorFor(tx, flegt.RoleOperator, op.ID)
			if err != nil {
				return err
			}
			if who.Account != "" {
				s.bodies = append(s.bodies, importerBody{op, who})
			}
		}
		for i, b := range s.bodies { // the largest is the one whose pages are measured
			if b.operator.Name == reachOperator {
				s.bodies[0], s.bodies[i] = s.bodies[i], s.bodies[0]
			}
		}
		if s.officer, err = actorFor(tx, flegt.RoleAuthority, flegt.AuthorityID("DK")); err != nil {
			return err
		}
		s.customs, err = actorFor(tx, flegt.RoleCustoms, "CUSTOMS-DK")
		return err
	})
}

// actorFor gives somebody who holds a role for a body; nobody when there is none.
func actorFor(tx *store.Tx, role flegt.Role, body string) (flegt.Actor, error) {
	held, err := tx.Authorisations(store.AuthorisationQuery{Role: role, Body: body, Status: []string{string(flegt.Approved)}, Limit: 1})
	if err != nil || len(held) == 0 {
		return flegt.Actor{}, err
	}
	z := held[0]
	return flegt.Actor{Account: z.Account, Authorisation: z.ID, Role: role, Body: body, Country: z.Country}, nil
}

var (
	reachTowns = []string{"Jepara", "Semarang", "Surabaya", "Gresik", "Pasuruan", "Sidoarjo", "Klaten", "Sukoharjo", "Cirebon", "Banjarmasin"}
	reachNames = []string{"Garden Living", "Wood Industry", "Furniture Indah", "Rimba Makmur", "Kayu Lestari", "Parquet Nusantara", "Plywood Sejahtera", "Jati Abadi"}
	reachGoods = []flegt.GoodsLine{
		{Description: "Teak garden chair", HS: "9401.69", Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}}},
		{Description: "Plywood, 18 mm", HS: "4412.31", Species: []flegt.Species{{Common: "Meranti", Scientific: "Shorea spp."}, {Common: "Sengon", Scientific: "Falcataria falcata"}}},
		{Description: "Teak flooring, planed and grooved", HS: "4409.22", Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}}},
		{Description: "Mahogany table", HS: "9403.60", Species: []flegt.Species{{Common: "Mahoni", Scientific: "Swietenia macrophylla"}}},
	}
)

// reachForm is the i-th licence's paper.
func reachForm(i int, op flegt.Operator, issued time.Time) flegt.Form {
	town, name := reachTowns[i%len(reachTowns)], reachNames[i/7%len(reachNames)]
	f := flegt.Form{
		IssuingBody: flegt.Party{Name: "PT Mutuagung Lestari", Address: "Jl. Raya Bogor 33, Depok"},
		Importer:    flegt.Party{Name: op.FullName(), Address: op.Street + ", " + op.Postcode + " " + op.Town},
		Number:      reachNumber(i, op.Country, issued), Issued: flegt.DateOf(issued), Expires: flegt.DateOf(issued.AddDate(0, 4, -1)), Export: "ID", Transport: "By sea",
		Licensee: flegt.Party{Name: "PT " + name + " " + town, Address: "Jl. Raya Tahunan 14, " + town},
		Invoice:  fmt.Sprintf("INV-%d", 500_000+i), BillOfLading: fmt.Sprintf("MAEU%09d", i), Containers: fmt.Sprintf("MSKU%07d", i), IssuePlace: "Depok",
		Arrival: flegt.DateOf(issued.AddDate(0, 0, 40)), Office: op.Country + "003103",
	}
	for line := range 1 + i%4 {
		g := reachGoods[(i+line)%len(reachGoods)]
		g.Line, g.Harvest, g.Volume, g.Weight, g.Units = line+1, []string{"ID"}, flegt.Amount(fmt.Sprintf("%d.412", 5+i%40)), flegt.Amount(fmt.Sprint(3000+i%5000)), "480"
		f.Goods = append(f.Goods, g)
	}
	return f
}

func reachNumber(i int, country string, issued time.Time) string {
	return fmt.Sprintf("%s.%05d-%05d.001-ID-%s", issued.Format("06"), 1000+i/100_000, i%100_000, country)
}

// reachState spreads the states: of a hundred licences 5 are drafts, 10 wait, 70 are
// accepted, 8 rejected and 7 withdrawn.
func reachState(i int) flegt.LicenceState {
	switch h := i * 37 % 100; {
	case h < 5:
		return flegt.Draft
	case h < 15:
		return flegt.Submitted
	case h < 85:
		return flegt.Accepted
	case h < 93:
		return flegt.Rejected
	}
	return flegt.Withdrawn
}

// bodyOf gives two of five licences to the first operator and the others in turn.
func (s *seeder) bodyOf(i int) importerBody {
	if i%5 < 2 {
		return s.bodies[0]
	}
	return s.bodies[1+i/5%(len(s.bodies)-1)]
}

// life is a licence with what happened to it; after holds its row after each event.
type life struct {
	licence flegt.Licence
	moves   []flegt.Movement
	events  []flegt.Event
	after   []flegt.Licence
	carried [][]flegt.Movement
}

func (l *life) note(e flegt.Event, err error, moves ...flegt.Movement) error {
	if err != nil {
		return err
	}
	if len(l.events) > 0 {
		l.licence.Version++
	}
	e.Version, e.State = l.licence.Version, string(l.licence.State)
	for i := range moves {
		moves[i].ID = fmt.Sprintf("%s-%d-%d", l.licence.ID, len(l.events), i)
	}
	l.moves = append(l.moves, moves...)
	l.events, l.after, l.carried = append(l.events, e), append(l.after, l.licence), append(l.carried, moves)
	return nil
}

// write writes licences with what happened to them.
func (s *seeder) write(tx *store.Tx, batch []*life) error {
	rows := make([]flegt.Licence, len(batch))
	for i, l := range batch {
		rows[i] = l.licence
	}
	if err := tx.AddLicences(rows); err != nil {
		return err
	}
	for _, l := range batch {
		for k, e := range l.events {
			seq, err := tx.Append(e, l.after[k])
			if err != nil {
				return err
			}
			tx.AddMovements(seq, l.carried[k])
		}
		if len(l.moves) > 0 {
			if err := tx.SaveUse(flegt.Ledger{Licence: l.licence, Movements: l.moves}); err != nil {
				return err
			}
		}
		if err := s.dossier(tx, l.licence); err != nil {
			return err
		}
	}
	return nil
}

// dossier opens the authority's dossier of a lodged licence, and closes it when the licence
// is decided.
func (s *seeder) dossier(tx *store.Tx, l flegt.Licence) error {
	if l.SubmittedAt.IsZero() {
		return nil
	}
	d := flegt.Dossier{Licence: l.ID, Standing: flegt.DossierOpen, LodgedAt: l.SubmittedAt, Version: 1, Country: l.ImportCountry, Facts: flegt.FacetsOf(l)}
	opened, before := d.Opened(flegt.Actor{Account: l.SubmittedBy}, l.SubmittedAt), d
	opened.Version = d.Version
	closed, done := d.Follow(flegt.Actor{Account: l.DecidedBy}, l.UpdatedAt, l.State)
	if done {
		d.Version++
	}
	closed.Version = d.Version
	if err := tx.AddDossier(d); err != nil {
		return err
	}
	if _, err := tx.Append(opened, before); err != nil || !done {
		return err
	}
	_, err := tx.Append(closed, d)
	return err
}

// live makes up the i-th of n licences, spread over the last three years.
func (s *seeder) live(i, n int) (*life, error) {
	b := s.bodyOf(i)
	at := s.now.Add(-time.Duration(n-i) * (3 * 365 * 24 * time.Hour / time.Duration(n))).Truncate(time.Microsecond)
	state := reachState(i)
	form := reachForm(i, b.operator, at.AddDate(0, 0, -20))
	l := &life{licence: flegt.Licence{ID: fmt.Sprintf("reach-%08d", i), Operator: b.operator.ID, ImportCountry: b.operator.Country, Version: 1,
		CreatedBy: b.who.Account, CreatedAt: at, UpdatedAt: at, NextLine: 1}}
	e, err := l.licence.Create(b.who, at, form)
	if err := l.note(e, err); err != nil || state == flegt.Draft {
		return l, err
	}
	e, err = l.licence.Submit(b.who, at.Add(time.Minute), flegt.DateOf(at.Add(time.Minute)), nil)
	if err := l.note(e, err); err != nil || state == flegt.Submitted {
		return l, err
	}
	officer := s.officer
	officer.Country, officer.Body = b.operator.Country, flegt.AuthorityID(b.operator.Country)
	switch later := at.Add(2 * time.Hour); state {
	case flegt.Withdrawn:
		e, err = l.licence.Withdraw(b.who, later)
	case flegt.Rejected:
		e, err = l.licence.Reject(officer, later, "data_differ", "Box 14 differs from the packing list.")
	default:
		e, err = l.licence.Accept(officer, later, flegt.Limits{})
	}
	if err := l.note(e, err); err != nil || state != flegt.Accepted || i%3 != 0 {
		return l, err
	}
	return l, s.clear(l, i, at.Add(5*time.Hour))
}

// clear books half of the first line and releases it.
func (s *seeder) clear(l *life, i int, at time.Time) error {
	customs := s.customs
	customs.Country, customs.Body = l.licence.ImportCountry, "CUSTOMS-"+l.licence.ImportCountry
	mrn := reachMRN(at, l.licence.ImportCountry, i)
	g := flegt.Ledger{Licence: l.licence, Movements: l.moves}
	moves, err := g.Reserve(customs, at, flegt.Claim{MRN: mrn, Office: l.licence.ImportCountry + "003103", Items: []flegt.Item{{Line: 1, Unit: flegt.Piece, Quantity: 240_000_000}}})
	if err != nil {
		return err
	}
	if err := l.note(g.Booked(customs, at, "booked", mrn, moves), nil, moves...); err != nil {
		return err
	}
	g = flegt.Ledger{Licence: l.licence, Movements: l.moves}
	out, err := g.Release(customs, at.Add(time.Hour), mrn, l.licence.ImportCountry+"003103")
	if err != nil {
		return err
	}
	return l.note(g.Booked(customs, at.Add(time.Hour), "released", mrn, out.Movements), nil, out.Movements...)
}

// reachMRN makes a declaration's number whose check digit agrees.
func reachMRN(at time.Time, country string, i int) string {
	base := at.Format("06") + country + fmt.Sprintf("%013d", i)
	for c := '0'; c <= '9'; c++ {
		if mrn := base + string(c); flegt.MRNDigitAgrees(mrn) {
			return mrn
		}
	}
	return base + "0"
}

// finish asks for roles, and tells nobody of what was made up.
func (s *seeder) finish(tx *store.Tx, requests int) error {
	for i := range requests {
		b := s.bodies[i%len(s.bodies)]
		who := flegt.Account{ID: fmt.Sprintf("reach-account-%05d", i), FirstName: "Ida", LastName: fmt.Sprint("Jensen ", i), Email: fmt.Sprintf("ida%d@reach.example", i),
			Confirmed: true, CreatedAt: s.now.Unix(), Version: 1}
		if err := tx.AddAccount(who); err != nil {
			return err
		}
		e := flegt.NewEvent(flegt.TheSystem(), s.now, flegt.NounAccount, who.ID, "created")
		e.Version = 1
		if _, err := tx.Append(e, who); err != nil {
			return err
		}
		z := flegt.Authorisation{ID: fmt.Sprintf("reach-request-%05d", i), Account: who.ID, Role: flegt.RoleOperator, Body: b.operator.ID, Country: b.operator.Country,
			Capacity: flegt.Importer, Status: flegt.Requested, RequestedAt: s.now.Add(-time.Duration(i) * time.Minute), Version: 1}
		if err := tx.AddAuthorisation(z); err != nil {
			return err
		}
		e = z.Created(flegt.Actor{Account: who.ID})
		e.Version, e.State = 1, string(z.Status)
		if _, err := tx.Append(e, z); err != nil {
			return err
		}
	}
	head, err := tx.Head()
	if err != nil {
		return err
	}
	for i := range notices { // the first operator's user was told much
		n := flegt.Notification{Account: s.bodies[0].who.Account, Seq: head - int64(i), At: s.now.Add(-time.Duration(i) * time.Minute), Topic: "licence",
			Key: "notice.licence.accepted", Args: flegt.Args{"Number": reachNumber(i, "DK", s.now), "Country": "DK"}, Path: "/licences"}
		if err := tx.AddNotifications(n); err != nil {
			return err
		}
	}
	return tx.Follow("notice", head)
}
