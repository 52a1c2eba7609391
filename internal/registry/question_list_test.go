package registry_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestWhoFindsWhichQuestions: the authority those it asked, the importer and the issuing
// country those put to them, by state, the nearest deadline first, page by page.
func TestWhoFindsWhichQuestions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		d.address()
		siti := d.holder("siti", flegt.RoleLicensing, flegt.LicensingID("ID"), "ID")
		kofi := d.holder("kofi", flegt.RoleLicensing, flegt.LicensingID("GH"), "GH")
		swede := d.holder("swede", flegt.RoleAuthority, "CA-SE", "SE")
		l := d.lodge(first)
		late, soon, issuing := d.asks(l, flegt.ToImporter, "2016-12-20"), d.asks(l, flegt.ToImporter, "2016-12-13"), d.asks(l, flegt.ToIssuing, "2016-12-15")
		gone := d.asks(l, flegt.ToImporter, "2016-12-10")
		if _, err := d.CloseQuestion(ctx, d.anders, gone.ID); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			a    flegt.Actor
			q    registry.QuestionQuery
			want []string
		}{
			"the authority":           {d.anders, registry.QuestionQuery{State: flegt.QuestionOpen}, []string{soon.ID, issuing.ID, late.ID}},
			"the authority, to one":   {d.birgitte, registry.QuestionQuery{State: flegt.QuestionOpen, To: flegt.ToIssuing}, []string{issuing.ID}},
			"the authority, closed":   {d.anders, registry.QuestionQuery{State: flegt.QuestionClosed}, []string{gone.ID}},
			"the importer":            {d.importer, registry.QuestionQuery{State: flegt.QuestionOpen}, []string{soon.ID, late.ID}},
			"the importer, page two":  {d.importer, registry.QuestionQuery{State: flegt.QuestionOpen, Limit: 1, Offset: 1}, []string{late.ID}},
			"the importer, going on":  {d.importer, registry.QuestionQuery{State: flegt.QuestionOpen, After: soon.ID}, []string{late.ID}},
			"the importer, issuing":   {d.importer, registry.QuestionQuery{State: flegt.QuestionOpen, To: flegt.ToIssuing}, nil},
			"the importer, another's": {d.importer, registry.QuestionQuery{State: flegt.QuestionOpen, Scope: flegt.Scope{Country: "DK"}}, []string{soon.ID, late.ID}},
			"Indonesia":               {siti, registry.QuestionQuery{State: flegt.QuestionOpen}, []string{issuing.ID}},
			"Ghana":                   {kofi, registry.QuestionQuery{State: flegt.QuestionOpen}, nil},
			"Sweden":                  {swede, registry.QuestionQuery{State: flegt.QuestionOpen}, nil},
			"nothing without a state": {d.anders, registry.QuestionQuery{}, nil},
			"closed, after the last":  {d.anders, registry.QuestionQuery{State: flegt.QuestionClosed, After: gone.ID}, nil},
			"the importer's answers":  {d.importer, registry.QuestionQuery{State: flegt.QuestionAnswered}, nil},
		} {
			found, counts, err := d.Questions(ctx, c.a, c.q)
			var got []string
			for _, q := range found {
				got = append(got, q.ID)
				if q.Number != first {
					t.Errorf("%s: number %q", name, q.Number)
				}
			}
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
			}
			if c.a.Account == d.importer.Account && c.q.To == "" && (counts[flegt.QuestionOpen] != 2 || counts[flegt.QuestionClosed] != 1) {
				t.Errorf("%s counts %v", name, counts)
			}
		}
		for _, a := range []flegt.Actor{d.holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK"), {}, flegt.TheSystem()} {
			_, _, err := d.Questions(ctx, a, registry.QuestionQuery{State: flegt.QuestionOpen})
			kind(t, err, flegt.NotFound)
		}
		d.agrees()
	})
}

// TestRivalsAtOneQuestion: two officers close a question and two of the importer's people
// answer it at the same moment, at two programs on one registry. One of them ends the waiting,
// nothing is lost, and the log agrees with the rows.
func TestRivalsAtOneQuestion(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, one, two *store.DB) {
		d := openDesk(t, one)
		ref, err := reference.BuiltIn()
		if err != nil {
			t.Fatal(err)
		}
		at := d.now
		second, err := registry.New(ctx, registry.Options{DB: two, Reference: ref, Clock: func() time.Time { return at }})
		if err != nil {
			t.Fatal(err)
		}
		l := d.lodge(first)
		for range 6 {
			q := d.asks(l, flegt.ToImporter, "2016-12-13")
			did := make([]error, 4)
			var all sync.WaitGroup
			for i, do := range []func() error{
				func() error { _, err := d.CloseQuestion(ctx, d.anders, q.ID); return err },
				func() error { _, err := second.CloseQuestion(ctx, d.birgitte, q.ID); return err },
				func() error { _, err := d.AnswerQuestion(ctx, d.importer, q.ID, "one", nil); return err },
				func() error { _, err := second.AnswerQuestion(ctx, d.importer, q.ID, "two", nil); return err },
			} {
				all.Go(func() { did[i] = do() })
			}
			all.Wait()
			closed, answers := 0, 0
			for i, err := range did {
				switch {
				case err != nil && flegt.KindOf(err) != flegt.Conflict:
					t.Fatalf("rival %d: %v", i, err)
				case err == nil && i < 2:
					closed++
				case err == nil:
					answers++
				}
			}
			q, err := d.Question(ctx, d.anders, q.ID)
			if err != nil {
				t.Fatal(err)
			}
			if q.State == flegt.QuestionOpen || closed > 1 || (q.State == flegt.QuestionClosed) != (closed == 1) || len(q.Answers) != answers || closed == 1 && answers > 0 {
				t.Errorf("%s after %d closings and %d answers: %+v", q.State, closed, answers, q.Answers)
			}
			if x := d.dossier(l); x.Standing != flegt.DossierOpen || len(x.Waits) != 0 {
				t.Errorf("the dossier stands at %s and waits for %v", x.Standing, x.Waits)
			}
		}
		d.agrees()
	})
}
