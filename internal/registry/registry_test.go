package registry_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// town is an office with people in it, on a day of the letter's winter.
type town struct {
	*registry.Office
	t   testing.TB
	db  *store.DB
	now time.Time
}

var ctx = context.Background()

func open(t testing.TB, db *store.DB) *town {
	t.Helper()
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, db: db, now: time.Date(2016, 12, 6, 9, 0, 0, 0, time.UTC)}
	var one sync.Mutex // work in the background asks for the time too
	clock := func() time.Time {
		one.Lock()
		defer one.Unlock()
		w.now = w.now.Add(time.Second)
		return w.now
	}
	w.Office, err = registry.New(ctx, registry.Options{DB: db, Reference: ref, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// person adds an account without a role.
func (w *town) person(id, first, last string) flegt.Actor {
	w.t.Helper()
	err := w.db.Update(ctx, func(tx *store.Tx) error {
		return tx.AddAccount(flegt.Account{ID: id, Email: id + "@nordisktrae.example", FirstName: first, LastName: last, Lang: "da", Confirmed: true, Version: 1})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := w.Visitor(ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return v.Person
}

// holder adds an account that holds a role already.
func (w *town) holder(id string, role flegt.Role, body, country string) flegt.Actor {
	w.t.Helper()
	w.person(id, "First"+id, "Last"+id)
	err := w.db.Update(ctx, func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-" + id, Account: id, Role: role, Body: body, Country: country, Status: flegt.Approved, RequestedAt: w.now, Version: 1})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	roles, err := w.Roles(ctx, id)
	if err != nil || len(roles) != 1 {
		w.t.Fatal(roles, err)
	}
	return roles[0]
}

func (w *town) company(a flegt.Actor, name, cvr string) flegt.Operator {
	w.t.Helper()
	op, err := w.CreateOperator(ctx, a, operator(name, cvr), true)
	if err != nil {
		w.t.Fatal(err)
	}
	return op
}

func operator(name, cvr string) flegt.Operator {
	return flegt.Operator{Name: name, LegalForm: "A/S", Country: "DK", Postcode: "8000", Town: "Aarhus C", Street: "Havnegade 1",
		ContactName: "Mette Sørensen", ContactEmail: "mette@nordisktrae.example", Section: flegt.SectionTimber,
		Identifiers: []flegt.Identifier{{Kind: "NATIONAL", Country: "DK", Value: cvr}}}
}

func form(number string) flegt.Form {
	return flegt.Form{IssuingBody: flegt.Party{Name: "PT Mutuagung Lestari"}, Importer: flegt.Party{Name: "Nordisk Træ A/S"}, Number: number,
		Issued: "2016-11-18", Expires: "2017-03-17", Export: "ID", Transport: "By sea", Licensee: flegt.Party{Name: "CV Jepara Garden Living"},
		IssuePlace: "Depok", Invoice: "JGL-2016-1107", Goods: []flegt.GoodsLine{
			{Description: "Teak garden chair", HS: "4407.29", Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}}, Harvest: []string{"ID"}, Volume: "8.412", Weight: "5120", Units: "480"},
			{Description: "Teak garden table", HS: "4407.29", Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}}, Harvest: []string{"ID"}, Volume: "6.030", Weight: "3890", Units: "96"},
		}}
}

func mail(from, to, cc, subject, body string, at time.Time) flegt.RoleMail {
	return flegt.RoleMail{FromAddrs: []string{from}, To: []string{to}, Cc: []string{cc}, Subject: subject, Body: body, ReceivedAt: at}
}

func (w *town) send(id string, f flegt.RoleMail) flegt.IncomingMail {
	w.t.Helper()
	kept, err := w.KeepMail(ctx, []byte(id+f.Subject+f.Body), "127.0.0.1", "client", f.FromAddrs[0])
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := w.HandleMail(ctx, registry.ReadMail{Mail: flegt.IncomingMail{ID: kept, MessageID: id, From: f.FromAddrs[0]}, Facts: f, MayAnswer: true})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func kind(t *testing.T, err error, want flegt.Kind) {
	t.Helper()
	if err == nil || flegt.KindOf(err) != want {
		t.Errorf("got %v, want a refusal of kind %d", err, want)
	}
}

const (
	support = registry.DefaultSupportAddress
	svana   = "svana@svana.dk"
	wanted  = "role request for a FLEGT timber importer"
)

// TestTheJourney walks the letter's eight steps through the office, on both databases.
func TestTheJourney(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		mette := w.person("mette", "Mette", "Sørensen")
		helper := w.holder("helper", flegt.RoleSupport, flegt.SupportBody, "")
		officer := w.holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
		customs := w.holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
		op := w.company(mette, "Nordisk Træ", "37606030")

		// 2, 3: requested; the mail must keep the rules.
		z, err := w.RequestRole(ctx, mette, registry.RoleRequest{Role: flegt.RoleOperator, Body: op.ID, Capacity: flegt.Importer, Phone: "+45 12 34 56 78"})
		if err != nil {
			t.Fatal(err)
		}
		kind(t, w.ApproveRequest(ctx, helper, z.ID, 0, ""), flegt.Invalid)
		if got := w.send("<1@x>", mail(mette.Email, support, "nobody@else.example", "hello", "Mette Sørensen, Nordisk Træ A/S", w.now)); got.Outcome != "broken" {
			t.Fatalf("outcome %s %v", got.Outcome, got.Verdicts)
		}
		kind(t, w.ApproveRequest(ctx, helper, z.ID, 0, "please"), flegt.Conflict)
		again, err := w.AskAgain(ctx, mette, z.ID)
		if err != nil || again.Phone != z.Phone {
			t.Fatal(again, err)
		}
		good := mail(strings.ToUpper(mette.Email), support, svana, wanted, "I request the role.\nMette Sørensen\nNordisk Træ A/S", w.now)
		if got := w.send("<2@x>", good); got.Outcome != "kept" || got.Authorisation != again.ID {
			t.Fatalf("outcome %s %v", got.Outcome, got.Verdicts)
		}
		if got := w.send("<2@x>", good); got.Outcome != "duplicate" {
			t.Fatalf("the same mail twice: %s", got.Outcome)
		}
		// 4: approved at once.
		if err := w.ApproveRequest(ctx, helper, again.ID, 0, ""); err != nil {
			t.Fatal(err)
		}
		roles, err := w.Roles(ctx, mette.Account)
		if err != nil || len(roles) != 1 {
			t.Fatal(roles, err)
		}
		mette = roles[0]
		// 5: a licence with its scan.
		l, err := w.NewDraft(ctx, mette, form("16.00123-00456.001-ID-DK"), "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.SubmitLicence(ctx, mette, l.ID, 0)
		kind(t, err, flegt.Invalid) // no scan
		if _, err = w.AddScan(ctx, mette, l.ID, `C:\scan.pdf`, strings.NewReader("%PDF-1.4\nscan")); err != nil {
			t.Fatal(err)
		}
		if l, err = w.SubmitLicence(ctx, mette, l.ID, 0); err != nil {
			t.Fatal(err)
		}
		// 6: not before acceptance.
		booking := registry.Booking{MRN: "16DK16RF3TDPZE7AR2", Office: "DK003103", Items: []flegt.Item{{Line: 1, Unit: flegt.CubicMetre, Quantity: 8_412_000}}}
		_, err = w.Reserve(ctx, customs, l.ID, booking)
		kind(t, err, flegt.Refused)
		// 7: accepted by one of two officers.
		if _, err = w.AcceptLicence(ctx, officer, l.ID, l.Version); err != nil {
			t.Fatal(err)
		}
		_, err = w.RejectLicence(ctx, officer, l.ID, l.Version, "other", "too late")
		kind(t, err, flegt.Conflict)
		if _, err = w.Reserve(ctx, customs, l.ID, booking); err != nil {
			t.Fatal(err)
		}
		if _, err = w.Release(ctx, customs, l.ID, booking.MRN, ""); err != nil {
			t.Fatal(err)
		}
		found, err := w.LookUp(ctx, customs, "16.00123-00456.001-id-dk")
		if err != nil {
			t.Fatal(err)
		}
		c, err := w.Licence(ctx, customs, found.ID)
		if err != nil {
			t.Fatal(err)
		}
		if p := c.Positions[0]; p.Consumed != 8_412_000 || p.Reserved != 0 || p.Available != 841_200 {
			t.Errorf("position %+v", p)
		}
		// 8: the whole history.
		var verbs []string
		for _, e := range c.History {
			verbs = append(verbs, e.Verb)
		}
		if got := strings.Join(verbs, " "); got != "created scan_added submitted accepted booked released looked_up" {
			t.Errorf("history: %s", got)
		}
	})
}

func TestCompetitorFindsNothing(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	mine := w.company(w.person("p", "P", "Q"), "Nordisk Træ", "37606030")
	theirs := w.company(w.person("q", "Q", "R"), "Rival Wood", "10150817")
	me := w.holder("me", flegt.RoleOperator, mine.ID, "DK")
	colleague := w.holder("colleague", flegt.RoleOperator, mine.ID, "DK")
	rival := w.holder("rival", flegt.RoleOperator, theirs.ID, "DK")
	german := w.holder("german", flegt.RoleAuthority, "CA-DE", "DE")
	l, err := w.NewDraft(ctx, me, form("16.00123-00456.001-ID-DK"), "")
	if err != nil {
		t.Fatal(err)
	}
	l, err = w.AddScan(ctx, me, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\nscan"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Licence(ctx, colleague, l.ID); err != nil {
		t.Errorf("a colleague: %v", err)
	}
	for _, a := range []flegt.Actor{rival, german, {}, {Account: "p"}} {
		_, err = w.Licence(ctx, a, l.ID)
		kind(t, err, flegt.NotFound)
		_, _, err = w.Scan(ctx, a, l.ID, l.Scans[0].ID)
		kind(t, err, flegt.NotFound)
		if _, err = w.SubmitLicence(ctx, a, l.ID, 0); err == nil {
			t.Error("a stranger submitted")
		}
		page, err := w.Licences(ctx, a, store.LicenceQuery{})
		if err != nil || len(page.Rows) != 0 {
			t.Errorf("%s lists %d, %v", a.Account, len(page.Rows), err)
		}
	}
}

func TestEndedRoleActsNoMore(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	op := w.company(w.person("p", "P", "Q"), "Nordisk Træ", "37606030")
	me := w.holder("me", flegt.RoleOperator, op.ID, "DK")
	helper := w.holder("helper", flegt.RoleSupport, flegt.SupportBody, "")
	if err := w.EndAuthorisation(ctx, helper, me.Authorisation, 0, "left the company"); err != nil {
		t.Fatal(err)
	}
	_, err := w.NewDraft(ctx, me, form("x"), "")
	kind(t, err, flegt.Forbidden)
}

func TestNobodyApprovesHimself(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	helper := w.holder("helper", flegt.RoleSupport, flegt.SupportBody, "")
	op := w.company(helper, "Nordisk Træ", "37606030")
	z, err := w.RequestRole(ctx, helper, registry.RoleRequest{Role: flegt.RoleOperator, Body: op.ID, Capacity: flegt.Agent})
	if err != nil {
		t.Fatal(err)
	}
	kind(t, w.ApproveRequest(ctx, helper, z.ID, 0, "because"), flegt.Forbidden)
}

func TestRivalsCannotOversell(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		op := w.company(w.person("p", "P", "Q"), "Nordisk Træ", "37606030")
		me := w.holder("me", flegt.RoleOperator, op.ID, "DK")
		officer := w.holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
		customs := w.holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
		l, err := w.NewDraft(ctx, me, form("16.00123-00456.001-ID-DK"), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.AddScan(ctx, me, l.ID, "s.pdf", strings.NewReader("%PDF-1.4\n")); err != nil {
			t.Fatal(err)
		}
		if _, err = w.SubmitLicence(ctx, me, l.ID, 0); err != nil {
			t.Fatal(err)
		}
		if _, err = w.AcceptLicence(ctx, officer, l.ID, 0); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		booked := 0
		for i := range 12 {
			wg.Go(func() {
				mrn := "16DK16RF3TDPZE7A" + string(rune('A'+i)) + "2"
				_, err := w.Reserve(ctx, customs, l.ID, registry.Booking{MRN: mrn, Office: "DK003103",
					Items: []flegt.Item{{Line: 1, Unit: flegt.CubicMetre, Quantity: 1_000_000}}})
				var e *flegt.Error
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					booked++
				} else if !errors.As(err, &e) || e.Key != "clearance.not_enough" {
					t.Errorf("%s: %v", mrn, err)
				}
			})
		}
		wg.Wait()
		if booked != 9 { // 8.412 m³ and 10 % are 9.2532 m³
			t.Errorf("%d m³ booked, want 9", booked)
		}
	})
}
