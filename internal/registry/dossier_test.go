package registry_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// desk is a town with an importer and two officers of CA-DK.
type desk struct {
	*town
	importer, anders, birgitte flegt.Actor
}

func openDesk(t *testing.T, db *store.DB) *desk {
	w := open(t, db)
	owner := w.person("owner", "Mette", "Sørensen")
	op := w.company(owner, "Nordisk Træ", "37606030")
	return &desk{w, w.holder("importer", flegt.RoleOperator, op.ID, "DK"), w.holder("anders", flegt.RoleAuthority, "CA-DK", "DK"), w.holder("birgitte", flegt.RoleAuthority, "CA-DK", "DK")}
}

// lodge enters and submits a licence.
func (d *desk) lodge(number string) flegt.Licence {
	d.t.Helper()
	return d.lodgeForm(form(number))
}

func (d *desk) lodgeForm(f flegt.Form) flegt.Licence {
	d.t.Helper()
	number := f.Number
	l, err := d.NewDraft(ctx, d.importer, f, "DK")
	if err != nil {
		d.t.Fatal(err)
	}
	if l, err = d.AddScan(ctx, d.importer, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\n"+number)); err != nil {
		d.t.Fatal(err)
	}
	if l, err = d.SubmitLicence(ctx, d.importer, l.ID, l.Version); err != nil {
		d.t.Fatal(err)
	}
	return l
}

func (d *desk) list(a flegt.Actor, q registry.DossierQuery) []string {
	d.t.Helper()
	page, err := d.WorkList(ctx, a, q)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, row := range page.Rows {
		out = append(out, row.Facts.Number)
	}
	return out
}

func (d *desk) agrees() {
	d.t.Helper()
	v, err := registry.Verify(ctx, d.db, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, x := range v.Disagreements {
		if !strings.HasPrefix(x.What, "account ") && !strings.HasPrefix(x.What, "authorisation ") { // the test put its people there by hand
			d.t.Errorf("the log and the rows disagree: %s", x)
		}
	}
}

const (
	first  = "16.00001-00001.001-ID-DK"
	second = "16.00001-00002.001-ID-DK"
)

func TestADossierFollowsItsLicence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		a, b := d.lodge(first), d.lodge(second)
		if got := d.list(d.anders, registry.DossierQuery{}); len(got) != 2 || got[0] != first {
			t.Fatalf("the work list has %v", got)
		}
		if _, err := d.AcceptLicence(ctx, d.anders, a.ID, a.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := d.WithdrawLicence(ctx, d.importer, b.ID, b.Version); err != nil {
			t.Fatal(err)
		}
		if got := d.list(d.anders, registry.DossierQuery{}); len(got) != 0 {
			t.Errorf("decided ones are still open: %v", got)
		}
		if got := d.list(d.anders, registry.DossierQuery{Standing: flegt.DossierDecided}); len(got) != 2 {
			t.Errorf("decided are %v", got)
		}
		d.agrees()
	})
}

// TestHeldShipmentsAreAPartOfTheWorkList: what customs holds stands there, decided or not, until the
// hold ends, and in the list of no other country.
func TestHeldShipmentsAreAPartOfTheWorkList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		a, b := d.lodge(first), d.lodge(second)
		if _, err := d.AcceptLicence(ctx, d.anders, a.ID, a.Version); err != nil {
			t.Fatal(err)
		}
		held := registry.DossierQuery{Held: true, Any: true}
		customs, swede := d.holder("t", flegt.RoleCustoms, "CUSTOMS-DK", "DK"), d.holder("s", flegt.RoleAuthority, "CA-SE", "SE")
		for i, l := range []flegt.Licence{a, b} {
			if got := d.list(d.anders, held); len(got) != i {
				t.Errorf("before hold %d: %v", i, got)
			}
			if _, err := d.Hold(ctx, customs, l.ID, "DK003103", "Is the stamp theirs?"); err != nil {
				t.Fatal(err)
			}
		}
		page, err := d.WorkList(ctx, d.anders, held)
		if err != nil || page.Count != 2 || page.Tally.Held != 2 || !page.Held[a.ID] || !page.Held[b.ID] {
			t.Errorf("%+v, %v", page, err)
		}
		if page, err = d.WorkList(ctx, d.anders, registry.DossierQuery{}); err != nil || len(page.Rows) != 1 || !page.Held[b.ID] {
			t.Errorf("among the open ones: %+v, %v", page, err)
		}
		if c, err := d.Dossier(ctx, d.anders, a.ID); err != nil || !c.Held {
			t.Errorf("the dossier of a licence that is held: %+v, %v", c, err)
		}
		if got := d.list(swede, held); len(got) != 0 {
			t.Errorf("Sweden reads %v", got)
		}
		if _, err := d.AnswerHold(ctx, d.anders, a.ID, "We have asked.", false); err != nil {
			t.Fatal(err)
		}
		if got := d.list(d.anders, held); len(got) != 2 {
			t.Errorf("an answer that does not lift: %v", got)
		}
		if _, err := d.AnswerHold(ctx, d.anders, a.ID, "It is theirs.", true); err != nil {
			t.Fatal(err)
		}
		if _, err := d.LiftHold(ctx, customs, b.ID, "A mistake."); err != nil {
			t.Fatal(err)
		}
		if page, err = d.WorkList(ctx, d.anders, held); err != nil || len(page.Rows) != 0 || page.Tally.Held != 0 {
			t.Errorf("lifted: %+v, %v", page, err)
		}
		d.agrees()
	})
}

func TestTheWorkListIsNarrowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		l := d.lodge(first)
		d.lodge(second)
		if err := d.AssignDossiers(ctx, d.anders, d.birgitte.Account, []registry.Handover{{Licence: l.ID}}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			who  flegt.Actor
			q    registry.DossierQuery
			want int
		}{
			"nobody's":            {d.anders, registry.DossierQuery{Nobody: true}, 1},
			"mine":                {d.birgitte, registry.DossierQuery{Officer: d.birgitte.Account}, 1},
			"importer, folded":    {d.anders, registry.DossierQuery{Importer: "nordisk trae"}, 2},
			"importer, another":   {d.anders, registry.DossierQuery{Importer: "Fyns"}, 0},
			"a per cent sign":     {d.anders, registry.DossierQuery{Importer: "%"}, 2},
			"exporter":            {d.anders, registry.DossierQuery{Exporter: "JEPARA"}, 2},
			"issuing body":        {d.anders, registry.DossierQuery{Issuing: "mutuagung"}, 2},
			"heading":             {d.anders, registry.DossierQuery{Heading: "4407"}, 2},
			"heading, another":    {d.anders, registry.DossierQuery{Heading: "0772"}, 0},
			"number":              {d.anders, registry.DossierQuery{Number: second}, 1},
			"arrival":             {d.anders, registry.DossierQuery{Arrival: struct{ From, Until flegt.Date }{"2016-01-01", "2099-01-01"}}, 0},
			"sorted by arrival":   {d.anders, registry.DossierQuery{Sort: "arrival"}, 2},
			"waiting for someone": {d.anders, registry.DossierQuery{Standing: flegt.DossierWaiting}, 0},
		} {
			if got := d.list(c.who, c.q); len(got) != c.want {
				t.Errorf("%s: %v", name, got)
			}
		}
		page, err := d.WorkList(ctx, d.birgitte, registry.DossierQuery{})
		if want := (registry.Tally{Nobody: 1, Mine: 1, All: 2}); err != nil || page.Tally != want {
			t.Errorf("the tally is %+v, %v", page.Tally, err)
		}
		d.agrees()
	})
}

func TestADossierIsTheAuthoritysAlone(t *testing.T) {
	d := openDesk(t, storetest.SQLite(t))
	l := d.lodge(first)
	for _, a := range []flegt.Actor{d.importer, d.holder("c", flegt.RoleCustoms, "CUSTOMS-DK", "DK"), d.holder("s", flegt.RoleSupport, flegt.SupportBody, ""),
		d.holder("de", flegt.RoleAuthority, "CA-DE", "DE"), d.holder("o", flegt.RoleObserver, flegt.ObserverBody, ""), d.holder("la", flegt.RoleLicensing, "LA-ID", "ID")} {
		_, err := d.Dossier(ctx, a, l.ID)
		kind(t, err, flegt.NotFound)
		_, err = d.NoteDossier(ctx, a, l.ID, 0, "hello", nil)
		kind(t, err, flegt.NotFound)
		_, err = d.TickBox(ctx, a, l.ID, 0, "3-4", true)
		kind(t, err, flegt.NotFound)
		if err := d.AssignDossiers(ctx, a, "", []registry.Handover{{Licence: l.ID}}); err == nil {
			t.Errorf("%s may hand over", a.Role)
		}
	}
	c, err := d.Licence(ctx, d.importer, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.History {
		if e.Noun != flegt.NounLicence {
			t.Errorf("the operator's history shows %s %s", e.Noun, e.Verb)
		}
	}
}

func TestHandingOver(t *testing.T) {
	d := openDesk(t, storetest.SQLite(t))
	l, other := d.lodge(first), d.lodge(second)
	take := func(a flegt.Actor, before string) error {
		return d.AssignDossiers(ctx, a, a.Account, []registry.Handover{{Licence: l.ID, Before: before}})
	}
	if err := take(d.anders, ""); err != nil {
		t.Fatal(err)
	}
	kind(t, take(d.birgitte, ""), flegt.Conflict) // she still saw nobody there
	if err := take(d.birgitte, d.anders.Account); err != nil {
		t.Error(err)
	}
	// All or none: the second one is somebody's already.
	err := d.AssignDossiers(ctx, d.anders, d.anders.Account, []registry.Handover{{Licence: other.ID}, {Licence: l.ID}})
	kind(t, err, flegt.Conflict)
	if got := d.list(d.anders, registry.DossierQuery{Officer: d.anders.Account}); len(got) != 0 {
		t.Errorf("half of a refused hand-over was made: %v", got)
	}
	kind(t, d.AssignDossiers(ctx, d.anders, d.importer.Account, []registry.Handover{{Licence: other.ID}}), flegt.Invalid)
}

func TestASecondPairOfEyes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		if err := d.EditDesk(ctx, d.anders, 0, registry.DeskEdit{TargetDays: 2, SecondEyes: true}); err != nil {
			t.Fatal(err)
		}
		l := d.lodge(first)
		after, err := d.AcceptLicence(ctx, d.anders, l.ID, l.Version)
		if err != nil || after.State != flegt.Submitted {
			t.Fatalf("one officer alone: %s, %v", after.State, err)
		}
		_, err = d.AcceptLicence(ctx, d.anders, l.ID, l.Version)
		kind(t, err, flegt.Refused) // the same officer is no second pair of eyes
		_, err = d.RejectLicence(ctx, d.birgitte, l.ID, l.Version, "", "")
		kind(t, err, flegt.Invalid)
		after, err = d.AcceptLicence(ctx, d.birgitte, l.ID, l.Version)
		if err != nil || after.State != flegt.Accepted || after.DecidedBy != d.birgitte.Account {
			t.Fatalf("the second officer: %s by %s, %v", after.State, after.DecidedBy, err)
		}

		l = d.lodge(second)
		if after, err = d.RejectLicence(ctx, d.anders, l.ID, l.Version, "expired", "out of date"); err != nil || after.State != flegt.Submitted {
			t.Fatalf("a first no: %s, %v", after.State, err)
		}
		if after, err = d.AcceptLicence(ctx, d.birgitte, l.ID, l.Version); err != nil || after.State != flegt.Submitted {
			t.Fatalf("a yes after a no is a proposal anew: %s, %v", after.State, err)
		}
		if after, err = d.AcceptLicence(ctx, d.anders, l.ID, l.Version); err != nil || after.State != flegt.Accepted {
			t.Fatalf("two for yes: %s, %v", after.State, err)
		}
		d.agrees()
	})
}

func TestNotesTicksAndFees(t *testing.T) {
	d := openDesk(t, storetest.SQLite(t))
	fee := flegt.Fee{From: "2016-12-01", Cents: 31_00, Currency: "dkk", Source: "BEK 1"}
	if err := d.EditDesk(ctx, d.anders, 0, registry.DeskEdit{Fee: &fee}); err != nil {
		t.Fatal(err)
	}
	bad := flegt.Fee{From: "soon", Cents: -1, Currency: "kr"}
	var refused *flegt.Error
	if err := d.EditDesk(ctx, d.anders, 0, registry.DeskEdit{Fee: &bad}); !errors.As(err, &refused) || len(refused.Boxes) != 4 {
		t.Errorf("a bad fee: %v", err)
	}
	l := d.lodge(first)
	if _, err := d.NoteDossier(ctx, d.anders, l.ID, 0, " compare the stamp ", []string{d.birgitte.Account}); err != nil {
		t.Fatal(err)
	}
	told, err := d.NoteDossier(ctx, d.anders, l.ID, 0, "@firstbirgitte lastbirgitte and I, @Firstanders Lastanders, have seen it", nil)
	if err != nil || !slices.Equal(told.Notes[1].Mentions, []string{d.birgitte.Account}) {
		t.Errorf("told are %+v: %v", told.Notes, err)
	}
	_, err = d.NoteDossier(ctx, d.anders, l.ID, 0, "  ", nil)
	kind(t, err, flegt.Invalid)
	for _, on := range []bool{true, true, false, true} {
		if _, err := d.TickBox(ctx, d.anders, l.ID, 0, "9-16", on); err != nil {
			t.Fatal(err)
		}
	}
	c, err := d.Dossier(ctx, d.birgitte, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	if n := c.Dossier.Notes; len(n) != 2 || n[0].Text != "compare the stamp" || c.Names[n[0].Account] == "" {
		t.Errorf("notes are %+v", n)
	}
	if len(c.Dossier.Ticks) != 1 || !c.Dossier.Ticked("9-16") {
		t.Errorf("ticks are %+v", c.Dossier.Ticks)
	}
	if f := c.Dossier.Fee; f == nil || f.Cents != 31_00 || f.Currency != "DKK" {
		t.Errorf("the fee is %+v", f)
	}
	d.agrees()
}

func TestSavedViews(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		for _, v := range []registry.SavedView{{Name: "teak", Query: "hs=4407"}, {Name: " teak ", Query: "hs=4403"}, {Name: "mine", Query: "who=me"}} {
			if err := d.SaveView(ctx, d.anders, v); err != nil {
				t.Fatal(err)
			}
		}
		kind(t, d.SaveView(ctx, d.anders, registry.SavedView{Name: " "}), flegt.Invalid)
		kind(t, d.SaveView(ctx, d.importer, registry.SavedView{Name: "x"}), flegt.NotFound)
		if err := d.DropView(ctx, d.anders, "mine"); err != nil {
			t.Fatal(err)
		}
		views, err := d.SavedViews(ctx, d.anders)
		if err != nil || len(views) != 1 || views[0].Query != "hs=4403" {
			t.Errorf("views are %+v, %v", views, err)
		}
		if others, _ := d.SavedViews(ctx, d.birgitte); len(others) != 0 {
			t.Errorf("a colleague sees %v", others)
		}
		for i := range 29 {
			if err := d.SaveView(ctx, d.anders, registry.SavedView{Name: fmt.Sprint(i), Query: "x"}); err != nil {
				t.Fatal(i, err)
			}
		}
		no(t, d.SaveView(ctx, d.anders, registry.SavedView{Name: "one more", Query: "x"}), "desk.view.too_many")
		if err := d.SaveView(ctx, d.anders, registry.SavedView{Name: "teak", Query: "hs=4408"}); err != nil {
			t.Errorf("one of them is replaced: %v", err)
		}
	})
}

// TestArrivalsAreCounted counts day by day what is decided and what is not, for the authority
// alone.
func TestArrivalsAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		day := flegt.Date("2016-12-20")
		f := form("16.00001-00001.001-ID-DK")
		f.Arrival = day
		first := d.lodgeForm(f)
		f.Number = "16.00001-00002.001-ID-DK"
		d.lodgeForm(f)
		d.lodge("16.00001-00003.001-ID-DK") // says no day
		counted := func(from, until flegt.Date) []registry.Arrivals {
			got, err := d.Arrivals(ctx, d.anders, from, until)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := counted(day, day); !slices.Equal(got, []registry.Arrivals{{Day: day, Open: 2}}) {
			t.Errorf("%+v", got)
		}
		if _, err := d.AcceptLicence(ctx, d.anders, first.ID, first.Version); err != nil {
			t.Fatal(err)
		}
		if got := counted("2000-01-01", "2099-12-31"); !slices.Equal(got, []registry.Arrivals{{Day: day, Open: 1, Accepted: 1}}) {
			t.Errorf("%+v", got)
		}
		f.Number = "16.00001-00004.001-ID-DK"
		refused := d.lodgeForm(f)
		if _, err := d.RejectLicence(ctx, d.anders, refused.ID, refused.Version, "other", "Unreadable."); err != nil {
			t.Fatal(err)
		}
		if got := counted(day, day); !slices.Equal(got, []registry.Arrivals{{Day: day, Open: 1, Accepted: 1, Unaccepted: 1}}) {
			t.Errorf("%+v", got)
		}
		if _, err := d.WithdrawAcceptance(ctx, d.anders, first.ID, 0, "A second look."); err != nil {
			t.Fatal(err)
		}
		if got := counted(day, day); !slices.Equal(got, []registry.Arrivals{{Day: day, Open: 1, Unaccepted: 2}}) {
			t.Errorf("%+v", got)
		}
		for outcome, want := range map[registry.Outcome][]string{"": {first.ID, refused.ID}, registry.OutcomeUnaccepted: {first.ID, refused.ID}, registry.OutcomeAccepted: nil} {
			list, err := d.WorkList(ctx, d.anders, registry.DossierQuery{Standing: flegt.DossierDecided, Outcome: outcome})
			if err != nil || len(list.Rows) != len(want) || list.Count != len(want) {
				t.Fatalf("%s: %+v, %v", outcome, list, err)
			}
			for i, id := range want {
				if list.Rows[i].Licence != id {
					t.Errorf("%s: %+v", outcome, list.Rows[i])
				}
			}
		}
		if got := counted("2000-01-01", "2000-12-31"); len(got) != 0 {
			t.Errorf("%+v", got)
		}
		if _, err := d.Arrivals(ctx, flegt.Actor{}, day, day); err == nil {
			t.Error("anybody may count")
		}
	})
}

// TestTheWorkListGoesOn reads the list one by one in every order: each dossier once.
func TestTheWorkListGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		for i := range 4 {
			d.lodge("16.00001-0000" + string(rune('1'+i)) + ".001-ID-DK")
		}
		for _, order := range []string{"", "lodged", "arrival", "importer", "warnings"} {
			for _, desc := range []bool{false, true} {
				q := registry.DossierQuery{Sort: order, Desc: desc, Any: true, Limit: 1}
				seen := map[string]bool{}
				for range 5 {
					list, err := d.WorkList(ctx, d.anders, q)
					if err != nil {
						t.Fatal(err)
					}
					for _, row := range list.Rows {
						seen[row.Licence], q.After = true, row.Licence
					}
				}
				if len(seen) != 4 {
					t.Errorf("by %q, descending %v: %d of 4", order, desc, len(seen))
				}
			}
		}
		fee := flegt.Fee{From: "2016-01-01", Cents: 1, Currency: "DKK", Source: "BEK 1"}
		if err := d.EditDesk(ctx, d.anders, 0, registry.DeskEdit{Fee: &fee}); err != nil {
			t.Fatal(err)
		}
		a, b := d.lodge("16.00001-00005.001-ID-DK"), d.lodge("16.00001-00006.001-ID-DK")
		rows, _, err := d.Fees(ctx, d.anders, registry.FeeQuery{After: a.ID})
		if err != nil || len(rows) != 1 || rows[0].Licence != b.ID {
			t.Errorf("after the first fee: %v, %v", rows, err)
		}
	})
}

// TestWhoeverSawAnotherVersionHandsNothingOver: the version counts where it is given.
func TestWhoeverSawAnotherVersionHandsNothingOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		l := d.lodge(first)
		give := func(version int) error {
			return d.AssignDossiers(ctx, d.anders, d.birgitte.Account, []registry.Handover{{Licence: l.ID, Version: version}})
		}
		kind(t, give(7), flegt.Conflict)
		if err := give(1); err != nil {
			t.Fatal(err)
		}
		kind(t, give(1), flegt.Conflict)
		if x := d.dossier(l); x.Officer != d.birgitte.Account {
			t.Errorf("it is with %q", x.Officer)
		}
		swede := d.holder("swede", flegt.RoleAuthority, "CA-SE", "SE")
		if _, err := d.AuthorityDesk(ctx, d.importer); flegt.KindOf(err) != flegt.NotFound {
			t.Error(err)
		}
		if desk, err := d.AuthorityDesk(ctx, swede); err != nil || desk.Authority.ID != "CA-SE" || desk.Tally.All != 0 || len(desk.Officers) != 1 {
			t.Errorf("%+v, %v", desk, err)
		}
	})
}
