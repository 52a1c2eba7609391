package registry_test

import (
	"slices"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// lodgedLongAgo writes a licence as a program did that knew no dossiers, and takes it to a state.
func (d *desk) lodgedLongAgo(tx *store.Tx, id, number string, state flegt.LicenceState) error {
	at := d.now.Add(-30 * 24 * time.Hour).Add(time.Duration(number[13]) * time.Minute) // one after the other
	l := flegt.Licence{ID: id, Operator: d.importer.Body, ImportCountry: "DK", Version: 1, CreatedBy: d.importer.Account, CreatedAt: at, UpdatedAt: at}
	steps := []func() (flegt.Event, error){
		func() (flegt.Event, error) { return l.Create(d.importer, at, form(number)) },
		func() (flegt.Event, error) { return l.Submit(d.importer, at, flegt.DateOf(at), nil) },
	}
	switch state {
	case flegt.Draft:
		steps = steps[:1]
	case flegt.Returned:
		steps = append(steps, func() (flegt.Event, error) { return l.SendBack(d.anders, at, "Please change box 14", nil) })
	case flegt.Accepted:
		steps = append(steps, func() (flegt.Event, error) { return l.Accept(d.anders, at, flegt.Limits{}) })
	case flegt.Withdrawn:
		steps = append(steps, func() (flegt.Event, error) { return l.Withdraw(d.importer, at) })
	}
	for i, step := range steps {
		before := l
		e, err := step()
		if err != nil {
			return err
		}
		if at = at.Add(time.Hour); i == 0 {
			err = tx.AddLicence(l)
		} else {
			err = tx.SaveLicence(before, &l)
		}
		if err != nil {
			return err
		}
		e.Version = l.Version
		if _, err := tx.Append(e, l); err != nil {
			return err
		}
	}
	return nil
}

func TestLicencesOfEarlierProgramsGetDossiers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		number := func(i int) string {
			return "16.00001-0000" + string(rune('0'+i)) + ".001-ID-DK"
		}
		kept := d.lodge(number(0))
		states := []flegt.LicenceState{flegt.Draft, flegt.Submitted, flegt.Returned, flegt.Accepted, flegt.Withdrawn}
		if err := db.Update(ctx, func(tx *store.Tx) error {
			for i, s := range states {
				if err := d.lodgedLongAgo(tx, "old-"+string(s), number(i+1), s); err != nil {
					return err
				}
			}
			return tx.SaveSetting("dossiers_late", "")
		}); err != nil {
			t.Fatal(err)
		}
		if got := d.list(d.anders, registry.DossierQuery{Any: true}); len(got) != 1 {
			t.Fatalf("before the start the work list has %v", got)
		}
		ref, err := reference.BuiltIn()
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second start finds nothing to do
			if d.Office, err = registry.New(ctx, registry.Options{DB: db, Reference: ref, Clock: func() time.Time { return d.now }}); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := d.list(d.anders, registry.DossierQuery{}), []string{number(2), number(3), kept.Form.Number}; !slices.Equal(got, want) {
			t.Errorf("not decided: %v, want the oldest first: %v", got, want)
		}
		if got, want := d.list(d.anders, registry.DossierQuery{Standing: flegt.DossierWaiting}), []string{number(3)}; !slices.Equal(got, want) {
			t.Errorf("waiting: %v, want %v", got, want)
		}
		if got := d.list(d.anders, registry.DossierQuery{Standing: flegt.DossierDecided}); len(got) != 2 {
			t.Errorf("decided: %v, want the accepted and the withdrawn one", got)
		}
		c, err := d.Dossier(ctx, d.anders, "old-accepted")
		if err != nil || c.Dossier.Closed.IsZero() || !c.Dossier.Closed.Before(d.now) || c.Dossier.LodgedAt.After(c.Dossier.Closed) || len(c.History) != 1 {
			t.Errorf("the dossier of the accepted one: %+v, %v", c.Dossier, err)
		}
		if _, err := d.AcceptLicence(ctx, d.anders, "old-submitted", 2); err != nil {
			t.Errorf("accept one of an earlier program: %v", err)
		}
		if got := d.list(d.anders, registry.DossierQuery{Standing: flegt.DossierDecided}); len(got) != 3 {
			t.Errorf("decided after the acceptance: %v", got)
		}
		d.agrees()
	})
}

func TestTwoProgramsThatStartGiveOneDossierEach(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, first, second *store.DB) {
		d := openDesk(t, first)
		if err := first.Update(ctx, func(tx *store.Tx) error {
			if err := d.lodgedLongAgo(tx, "old", "16.00001-00001.001-ID-DK", flegt.Submitted); err != nil {
				return err
			}
			return tx.SaveSetting("dossiers_late", "")
		}); err != nil {
			t.Fatal(err)
		}
		ref, err := reference.BuiltIn()
		if err != nil {
			t.Fatal(err)
		}
		both := make(chan error, 2)
		for _, db := range []*store.DB{first, second} {
			go func() {
				_, err := registry.New(ctx, registry.Options{DB: db, Reference: ref})
				both <- err
			}()
		}
		for range 2 {
			if err := <-both; err != nil {
				t.Error(err)
			}
		}
		if got := d.list(d.anders, registry.DossierQuery{}); len(got) != 1 {
			t.Errorf("the work list has %v", got)
		}
		d.agrees()
	})
}
