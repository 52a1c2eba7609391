package registry_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

const (
	number = "16.00123-00456.001-ID-DK"
	mrnA   = "16DK16RF3TDPZE7AR2"
	mrnB   = "16DK16RF3TDPZE7BR2"
)

// accepted lodges a licence and accepts it.
func (d counter) accepted(number string) flegt.Licence {
	d.t.Helper()
	l := d.lodged(number)
	l, err := d.AcceptLicence(ctx, d.officer, l.ID, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	return l
}

func volume(mrn string, q flegt.Quantity) registry.Booking {
	return registry.Booking{MRN: mrn, Office: "DK003103", Items: []flegt.Item{{Line: 1, HS: "44072910", Unit: flegt.CubicMetre, Quantity: q}}}
}

// verbs lists what has happened to a licence.
func (d counter) verbs(id string) string {
	d.t.Helper()
	var out []string
	err := d.db.View(ctx, func(tx *store.Tx) error {
		events, err := tx.EventsOf(id)
		for _, e := range events {
			out = append(out, e.Verb)
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.Join(out, " ")
}

// TestTooMuchDropsTheHold: the refusal changes something, says so, and the log carries it.
func TestTooMuchDropsTheHold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		l := d.accepted(number)
		if c, err := d.Reserve(ctx, d.customs, l.ID, volume(mrnA, 5_000_000)); err != nil || c.Positions[0].Reserved != 5_000_000 {
			t.Fatal(c, err)
		}
		dry, err := d.DryRun(ctx, d.customs, registry.OpReserve, number, volume(mrnA, 9_253_201))
		no(t, err, "clearance.not_enough_would_drop")
		c, err := d.Reserve(ctx, d.customs, number, volume(mrnA, 9_253_201))
		no(t, err, "clearance.not_enough_dropped")
		if flegt.CodeOf(err) != "05" || !c.Dropped || !dry.Dropped || c.Positions[0].Reserved != 0 {
			t.Errorf("%+v", c)
		}
		_, err = d.Reserve(ctx, d.customs, l.ID, volume(mrnA, 9_253_201))
		no(t, err, "clearance.not_enough")
		_, err = d.Release(ctx, d.customs, l.ID, mrnA, "")
		if no(t, err, "clearance.nothing_reserved"); flegt.CodeOf(err) != flegt.OutcomeNothing {
			t.Error(flegt.CodeOf(err))
		}
		if got := d.verbs(l.ID); !strings.HasSuffix(got, "accepted booked booking_dropped") {
			t.Error(got)
		}
		d.agrees()
	})
}

// TestDryRunIsTheRealThing asks first and does it then, through every operation and refusal:
// the answers are the same, and asking leaves nothing. A refusal that does something itself says
// that it would.
func TestDryRunIsTheRealThing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		l := d.accepted(number)
		german := d.granted(d.citizen("german", "Greta", "Zoll"), flegt.RoleCustoms, "CUSTOMS-DE")
		everything := registry.Booking{MRN: mrnB, Office: "DK003103", Everything: true}
		noUnit := volume(mrnA, 1)
		noUnit.Items[0].Unit = ""
		elsewhere := volume(mrnA, 1)
		elsewhere.Office = "DE004851"
		for i, c := range []struct {
			op   registry.Operation
			b    registry.Booking
			code flegt.ClearanceCode
		}{
			{registry.OpReserve, volume(mrnA, 4_000_000), ""}, {registry.OpReserve, noUnit, "10"}, {registry.OpRelease, volume(mrnB, 0), "02"},
			{registry.OpReserve, everything, ""}, {registry.OpTakeOver, registry.Booking{MRN: mrnA, Office: "DK005600"}, ""}, {registry.OpRelease, registry.Booking{MRN: mrnA}, "01"},
			{registry.OpTakeOver, registry.Booking{MRN: mrnA, Office: "DK005600"}, "03"}, {registry.OpDelete, volume(mrnA, 0), "03"},
			{registry.OpReserve, volume(mrnA, 1), "06"}, {registry.OpReserve, volume(mrnB, 9_000_000), "05"}, {registry.OpDelete, volume(mrnB, 0), "02"},
			{registry.OpCorrect, registry.Booking{MRN: mrnA, Reason: "the wrong licence"}, ""}, {registry.OpReserve, elsewhere, "08"},
		} {
			a := d.customs
			if c.code == flegt.CodeDestination {
				a = german
			}
			before := d.verbs(l.ID)
			dry, dryErr := d.DryRun(ctx, a, c.op, l.ID, c.b)
			if after := d.verbs(l.ID); after != before {
				t.Fatalf("%d: asking left %s", i, after)
			}
			var real registry.Cleared
			var err error
			switch c.op {
			case registry.OpReserve:
				real, err = d.Reserve(ctx, a, l.ID, c.b)
			case registry.OpRelease:
				real, err = d.Release(ctx, a, l.ID, c.b.MRN, "")
			case registry.OpDelete:
				real, err = d.Delete(ctx, a, l.ID, c.b.MRN, "")
			case registry.OpTakeOver:
				real, err = d.TakeOver(ctx, a, l.ID, c.b.MRN, c.b.Office)
			case registry.OpCorrect:
				real, err = d.CorrectRelease(ctx, a, l.ID, c.b.MRN, "", c.b.Reason)
			}
			said := strings.NewReplacer("not_enough_would_drop", "not_enough_dropped", "lodged_elsewhere_would_tell", "lodged_elsewhere").Replace(fmt.Sprint(dryErr))
			if said != fmt.Sprint(err) || dry.Code != real.Code || dry.Dropped != real.Dropped || fmt.Sprint(dry.Positions) != fmt.Sprint(real.Positions) {
				t.Errorf("%d: dry %+v %v, real %+v %v", i, dry.Positions, dryErr, real.Positions, err)
			}
			if does := c.code == flegt.CodeInsufficient || c.code == flegt.CodeDestination; does != (fmt.Sprint(dryErr) != fmt.Sprint(err)) {
				t.Errorf("%d: dry %v, real %v: a refusal that does something says that it would", i, dryErr, err)
			}
			if code := flegt.CodeOf(err); code+real.Code != c.code {
				t.Errorf("%d: %s%s %v, want %s", i, code, real.Code, err, c.code)
			}
		}
		d.agrees()
	})
}

// TestSecondCountry: a second use is refused, and one event tells both authorities.
func TestSecondCountry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		l := d.accepted(number)
		german := d.granted(d.citizen("german", "Greta", "Zoll"), flegt.RoleCustoms, "CUSTOMS-DE")
		b := volume(mrnA, 1_000_000)
		b.Office = "DE004851"
		for range 2 {
			_, err := d.Reserve(ctx, german, number, b)
			no(t, err, "clearance.lodged_elsewhere")
		}
		_, err := d.LookUp(ctx, german, number)
		kind(t, err, flegt.NotFound)
		_, err = d.Release(ctx, german, l.ID, mrnA, "")
		no(t, err, "clearance.lodged_elsewhere")
		draft, err := d.NewDraft(ctx, d.mette, form(number), "DE")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.SubmitLicence(ctx, d.mette, draft.ID, 0); err == nil {
			t.Fatal("lodged twice")
		}
		if got := d.verbs(l.ID); !strings.HasSuffix(got, "accepted booked_elsewhere lodged_elsewhere") {
			t.Error(got)
		}
		d.agrees()
	})
}

// TestSecondCountryAfterAll: what was rejected here and then lodged in another country is that
// country's: a booking here is refused, and both are told.
func TestSecondCountryAfterAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		german := d.granted(d.citizen("german", "Greta", "Amt"), flegt.RoleAuthority, "CA-DE")
		lodge := func(number, country string) flegt.Licence {
			l, err := d.NewDraft(ctx, d.mette, form(number), country)
			if err == nil {
				_, err = d.AddScan(ctx, d.mette, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\n"+number+country))
			}
			if err == nil {
				l, err = d.SubmitLicence(ctx, d.mette, l.ID, 0)
			}
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		here := lodge(number, "DK")
		if _, err := d.RejectLicence(ctx, d.officer, here.ID, 0, "other", "to be lodged in Germany"); err != nil {
			t.Fatal(err)
		}
		_, err := d.Reserve(ctx, d.customs, number, volume(mrnA, 1))
		no(t, err, "clearance.not_accepted")
		there := lodge(number, "DE")
		if _, err := d.AcceptLicence(ctx, german, there.ID, 0); err != nil {
			t.Fatal(err)
		}
		_, err = d.DryRun(ctx, d.customs, registry.OpReserve, number, volume(mrnA, 1))
		no(t, err, "clearance.lodged_elsewhere_would_tell")
		for _, ref := range []string{number, here.ID} {
			_, err = d.Reserve(ctx, d.customs, ref, volume(mrnA, 1))
			no(t, err, "clearance.lodged_elsewhere")
		}
		if q, err := d.LookUp(ctx, d.customs, number); err != nil || q.ID != here.ID {
			t.Errorf("what was rejected here can be read: %v %v", q.ID, err)
		}
		if _, err := d.Release(ctx, d.customs, number, mrnA, ""); flegt.CodeOf(err) != flegt.OutcomeNothing {
			t.Errorf("released: %v", err)
		}
		if got := d.verbs(there.ID); !strings.HasSuffix(got, "accepted booked_elsewhere") {
			t.Error(got)
		}
		d.agrees()
	})
}

// TestLookUp: by number and by MRN, every look by customs logged; an unknown number is no
// refusal but "no such licence".
func TestLookUp(t *testing.T) {
	d := openCounter(t, storetest.SQLite(t))
	l := d.accepted(number)
	for _, unknown := range []string{"16.99999-00456.001-ID-DK", mrnA, ""} {
		_, err := d.LookUp(ctx, d.customs, unknown)
		if kind(t, err, flegt.NotFound); flegt.CodeOf(err) != "" {
			t.Errorf("%q is refused", unknown)
		}
	}
	if _, err := d.Reserve(ctx, d.customs, l.ID, volume(mrnA, 1)); err != nil {
		t.Fatal(err)
	}
	for _, known := range []string{strings.ToLower(number), mrnA} {
		if found, err := d.LookUp(ctx, d.customs, known); err != nil || found.ID != l.ID || found.Form.Remarks != "" {
			t.Errorf("%s: %v %+v", known, err, found)
		}
	}
	if look, err := d.Look(ctx, d.customs, number); err != nil || look.Quantities().Positions[0].Reserved != 1 || look.Quantities().Standing != "accepted" {
		t.Errorf("%+v %v", look.Quantities(), err)
	}
	if _, err := d.LookUp(ctx, d.officer, number); err != nil {
		t.Error(err)
	}
	if c, err := d.AtCounter(ctx, d.customs, l.ID); err != nil || c.Operator.ContactEmail != "" || c.Licence.Form.Remarks != "" {
		t.Errorf("%v %+v", err, c.Operator)
	}
	if got := d.verbs(l.ID); !strings.HasSuffix(got, "booked looked_up looked_up looked_up looked_up") {
		t.Error(got)
	}
	c, err := d.Licence(ctx, d.mette, l.ID)
	if err != nil || slices.ContainsFunc(c.History, func(e flegt.Event) bool { return e.Verb == "looked_up" }) {
		t.Errorf("the operator sees who looked: %v", err)
	}
	d.agrees()
}

// TestHoldAndCheck: customs asks, the authority answers; strangers do neither.
func TestHoldAndCheck(t *testing.T) {
	d := openCounter(t, storetest.SQLite(t))
	l := d.accepted(number)
	if _, err := d.Reserve(ctx, d.customs, l.ID, volume(mrnA, 1)); err != nil {
		t.Fatal(err)
	}
	_, err := d.Hold(ctx, d.officer, l.ID, "DK003103", "why not")
	kind(t, err, flegt.Forbidden)
	if _, err := d.Hold(ctx, d.customs, l.ID, "DK003103", "the stamp looks odd"); err != nil {
		t.Fatal(err)
	}
	_, err = d.Release(ctx, d.customs, l.ID, mrnA, "")
	no(t, err, "clearance.held")
	for _, a := range []flegt.Actor{d.customs, d.mette} {
		_, err = d.AnswerHold(ctx, a, l.ID, "it is genuine", true)
		kind(t, err, flegt.Forbidden)
	}
	if _, err := d.AnswerHold(ctx, d.officer, l.ID, "it is genuine", true); err != nil {
		t.Fatal(err)
	}
	check := flegt.PhysicalCheck{MRN: mrnA, Office: "DK003103", Outcome: flegt.CheckQuantities, Date: "2016-12-06", Found: []flegt.Item{{Line: 1, Unit: flegt.Piece, Quantity: 479_000_000}}}
	if l, err = d.PhysicalCheck(ctx, d.customs, l.ID, check); err != nil || len(l.PhysicalChecks) != 1 || l.PhysicalChecks[0].By != d.customs.Account {
		t.Fatal(l.PhysicalChecks, err)
	}
	_, err = d.PhysicalCheck(ctx, d.officer, l.ID, check)
	if err == nil {
		t.Error("the authority checked goods")
	}
	if c, err := d.Licence(ctx, d.mette, l.ID); err != nil || len(c.Licence.PhysicalChecks)+len(c.Licence.Holds) != 0 {
		t.Errorf("the operator sees what customs wrote: %v", err)
	}
	if _, err := d.Release(ctx, d.customs, l.ID, mrnA, ""); err != nil {
		t.Fatal(err)
	}
	d.agrees()
}

// TestOffices: an officer whose role names offices acts at those, and lists what is expected
// there.
func TestOffices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		l := d.accepted(number)
		person := d.citizen("port", "Per", "Havn")
		_, err := d.RequestRole(ctx, person, registry.RoleRequest{Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Offices: "DK003103, DE004851"})
		kind(t, err, flegt.Invalid)
		z, err := d.RequestRole(ctx, person, registry.RoleRequest{Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Offices: "dk005600 DK005600"})
		if err != nil || len(z.Offices) != 1 {
			t.Fatal(z, err)
		}
		helper := d.granted(d.citizen("helper", "H", "S"), flegt.RoleSupport, flegt.SupportBody)
		if err := d.ApproveRequest(ctx, helper, z.ID, 0, "called back"); err != nil {
			t.Fatal(err)
		}
		roles, err := d.Roles(ctx, person.Account)
		if err != nil || len(roles) != 1 {
			t.Fatal(roles, err)
		}
		port := roles[0]
		_, err = d.Reserve(ctx, port, l.ID, volume(mrnA, 1))
		kind(t, err, flegt.Invalid)
		if _, err := d.Reserve(ctx, d.customs, l.ID, volume(mrnA, 1)); err != nil {
			t.Fatal(err)
		}
		nobodyElse := func(what string, err error) {
			t.Helper()
			var e *flegt.Error
			if !errors.As(err, &e) || e.Kind != flegt.Refused || e.Key != "clearance."+what+"_elsewhere" || e.Args["Office"] != "DK003103" || e.Boxes[0].Box != "office" {
				t.Errorf("%+v", e)
			}
		}
		before := d.verbs(l.ID)
		for _, office := range []string{"", "DK005600"} {
			_, err = d.Release(ctx, port, l.ID, mrnA, office)
			nobodyElse("stands", err)
			_, err = d.Delete(ctx, port, l.ID, mrnA, office)
			nobodyElse("stands", err)
		}
		_, err = d.Release(ctx, d.customs, l.ID, mrnA, "DK005600") // who acts everywhere names the wrong office
		nobodyElse("stands", err)
		tooMuch := volume(mrnA, 99_000_000)
		tooMuch.Office = "DK005600"
		_, err = d.Reserve(ctx, port, l.ID, tooMuch) // nor does a refused booking drop what stands at another office
		nobodyElse("stands", err)
		_, err = d.PhysicalCheck(ctx, port, l.ID, flegt.PhysicalCheck{MRN: mrnA, Office: "DK005600", Outcome: flegt.CheckConform, Date: "2016-12-06"})
		nobodyElse("stands", err)
		if after := d.verbs(l.ID); after != before {
			t.Errorf("%s became %s", before, after)
		}
		_, err = d.TakeOver(ctx, port, l.ID, mrnA, "DK003103")
		kind(t, err, flegt.Invalid)
		_, err = d.TakeOver(ctx, port, l.ID, mrnA, "")
		kind(t, err, flegt.Invalid)
		if c, err := d.TakeOver(ctx, port, l.ID, mrnA, "dk 005600"); err != nil || c.Movements[0].Office != "DK005600" {
			t.Fatal(c, err)
		}
		if c, err := d.Release(ctx, port, l.ID, mrnA, ""); err != nil || c.Code != flegt.OutcomeExecuted || c.Movements[0].Office != "DK005600" {
			t.Fatal(c, err)
		}
		if _, err := d.Reserve(ctx, d.customs, l.ID, volume(mrnB, 1)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Release(ctx, d.customs, l.ID, mrnB, "DK003103"); err != nil {
			t.Fatal(err)
		}
		for _, office := range []string{"", "DK005600"} {
			_, err = d.CorrectRelease(ctx, port, l.ID, mrnB, office, "the wrong licence")
			nobodyElse("released", err)
		}
		if _, err := d.CorrectRelease(ctx, d.customs, l.ID, mrnB, "DK003103", "the wrong licence"); err != nil {
			t.Fatal(err)
		}
		given := volume(mrnB, 1) // what was given back stands nowhere
		given.Office = "DK005600"
		if _, err := d.Reserve(ctx, port, l.ID, given); err != nil {
			t.Fatal(err)
		}
		for a, want := range map[string]int{"port": 0, "customs": 1} {
			actor := map[string]flegt.Actor{"port": port, "customs": d.customs}[a]
			if list, page, err := d.Expected(ctx, actor, registry.LicenceQuery{}); err != nil || page.Count != want || len(list) != want {
				t.Errorf("%s expects %d, %v", a, page.Count, err)
			}
		}
		f := form("16.00123-00456.002-ID-DK")
		f.Office = "dk 005600"
		d.acceptForm(f)
		if list, page, err := d.Expected(ctx, port, registry.LicenceQuery{}); err != nil || page.Count != 1 || list[0].Number != f.Number || page.Rows[0].ID != list[0].ID {
			t.Errorf("expected at the port: %d %+v %v", page.Count, list, err)
		}
		d.agrees()
	})
}

func (d counter) acceptForm(f flegt.Form) {
	d.t.Helper()
	l, err := d.NewDraft(ctx, d.mette, f, "")
	if err == nil {
		_, err = d.AddScan(ctx, d.mette, l.ID, "s.pdf", strings.NewReader("%PDF-1.4\n"))
	}
	if err == nil {
		_, err = d.SubmitLicence(ctx, d.mette, l.ID, 0)
	}
	if err == nil {
		_, err = d.AcceptLicence(ctx, d.officer, l.ID, 0)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// asked and answered are one operation of a rival, as the model of linearizability sees it.
type asked struct {
	op  registry.Operation
	mrn string
	q   flegt.Quantity
}

// ledgerModel is the ledger as one clerk would keep it: what each declaration holds of one
// line with a limit, and whether it is released.
func ledgerModel(limit flegt.Quantity, mrns []string) porcupine.Model {
	type state struct {
		held     [3]flegt.Quantity
		released [3]bool
	}
	return porcupine.Model{
		Init: func() any { return state{} },
		Step: func(s, in, out any) (bool, any) {
			st, a, got := s.(state), in.(asked), out.(flegt.ClearanceCode)
			i := slices.Index(mrns, a.mrn)
			want := flegt.OutcomeExecuted
			switch {
			case a.op == registry.OpReserve && st.released[i]:
				want = flegt.CodeWrittenOff
			case a.op == registry.OpReserve:
				st.held[i] = 0
				if rest := limit - st.held[0] - st.held[1] - st.held[2]; a.q <= rest {
					st.held[i], want = a.q, ""
				} else {
					want = flegt.CodeInsufficient
				}
			case st.released[i]:
				want = flegt.OutcomeConsumed
			case st.held[i] == 0:
				want = flegt.OutcomeNothing
			case a.op == registry.OpRelease:
				st.released[i] = true
			default:
				st.held[i] = 0
			}
			return got == want, st
		},
	}
}

// TestRivalsAreLinearizable lets officers book, release and delete the same declarations at
// once; what they were told must be what one clerk would have said in some order that agrees
// with the clock.
func TestRivalsAreLinearizable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		l := d.accepted(number)
		mrns := []string{mrnA, mrnB, "16DK16RF3TDPZE7CR2"}
		start := time.Now()
		var mu sync.Mutex
		var history []porcupine.Operation
		var wg sync.WaitGroup
		for client := range 6 {
			wg.Go(func() {
				for i := range 12 {
					a := asked{op: registry.OpReserve, mrn: mrns[(client+i)%3], q: flegt.Quantity(1+(client*7+i*5)%6) * 1_000_000}
					switch n := (client*5 + i*3) % 7; {
					case n == 1 && i > 6:
						a.op = registry.OpRelease
					case n == 3 || n == 5:
						a.op = registry.OpDelete
					}
					call := time.Since(start).Nanoseconds()
					var c registry.Cleared
					var err error
					switch a.op {
					case registry.OpReserve:
						c, err = d.Reserve(ctx, d.customs, l.ID, volume(a.mrn, a.q))
					case registry.OpRelease:
						c, err = d.Release(ctx, d.customs, l.ID, a.mrn, "")
					default:
						c, err = d.Delete(ctx, d.customs, l.ID, a.mrn, "")
					}
					back := time.Since(start).Nanoseconds()
					code := c.Code
					if err != nil {
						code = flegt.CodeOf(err)
						if code == "" {
							t.Errorf("%+v: %v", a, err)
						}
					}
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: client, Input: a, Call: call, Output: code, Return: back})
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if !porcupine.CheckOperations(ledgerModel(9_253_200, mrns), history) {
			t.Errorf("no order of these answers is possible: %+v", history)
		}
		d.agrees()
	})
}

// benchmarkCounter is a counter with accepted licences, and an office on the real clock.
func benchmarkCounter(b *testing.B) (*registry.Office, flegt.Actor, []string) {
	b.Helper()
	d := openCounter(b, storetest.SQLite(b))
	var ids []string
	for i := range 300 {
		ids = append(ids, d.accepted(fmt.Sprintf("16.00123-%05d.001-ID-DK", i)).ID)
	}
	office, err := registry.New(ctx, registry.Options{DB: d.db, Reference: d.Reference()})
	if err != nil {
		b.Fatal(err)
	}
	return office, d.customs, ids
}

// BenchmarkBooking books declarations through the office: rights, rules, event, movements,
// durable. Officers at several counters share commits.
func BenchmarkBooking(b *testing.B) {
	office, customs, ids := benchmarkCounter(b)
	var client atomic.Int64
	b.SetParallelism(64)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		me := int(client.Add(1))
		for i := 0; pb.Next(); i++ {
			mrn := fmt.Sprintf("16DK%04d%09d2", me, i)
			if _, err := office.Reserve(ctx, customs, ids[(me*37+i)%len(ids)], volume(mrn, 1)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bookings/s")
}

// BenchmarkPositions looks licences up through the office, with the durable event of each
// look.
func BenchmarkPositions(b *testing.B) {
	office, customs, ids := benchmarkCounter(b)
	var client atomic.Int64
	b.SetParallelism(64)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := int(client.Add(1)) * 37; pb.Next(); i++ {
			if _, err := office.Look(ctx, customs, ids[i%len(ids)]); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "looks/s")
}
