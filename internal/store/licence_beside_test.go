package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// besideRow is how many licences have their version beside their row.
func besideRow(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.Writer().QueryRow(`SELECT count(*) FROM licence_booked`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func named(t *testing.T, db *store.DB, ref string) *store.WithLedger {
	t.Helper()
	all, err := db.LicencesNamed(context.Background(), ref)
	if err != nil || len(all) != 1 {
		t.Fatalf("%s names %d licences, %v", ref, len(all), err)
	}
	return all[0]
}

// However a licence is read, it has the version to which bookings raised it, and who read it before
// changes nothing any more.
func TestABookedVersionIsReadEverywhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error { return tx.AddLicence(licence("a", "op", "N1", flegt.Accepted)) })
		first := named(t, db, "N1")
		for range 3 {
			row := named(t, db, "N1").Touch()
			update(t, db, func(tx *store.Tx) error { return tx.SaveTouched(row) })
		}
		if n := besideRow(t, db); n != 1 {
			t.Errorf("%d licences have their version beside their row", n)
		}
		want := first.Licence
		want.Version += 3
		update(t, db, func(tx *store.Tx) error {
			one, err := tx.Licence("a")
			if err != nil || one.Version != want.Version {
				t.Errorf("by id: version %d, %v", one.Version, err)
			}
			numbered, err := tx.LicencesNumbered("N1")
			if err != nil || len(numbered) != 1 || numbered[0].Version != want.Version {
				t.Errorf("by number: %+v, %v", numbered, err)
			}
			for _, text := range []string{"", "N1"} {
				page, err := tx.LicencePage(store.LicenceQuery{Scope: flegt.Scope{Operator: "op"}, Text: text}, 10)
				if err != nil || len(page.Rows) != 1 || page.Rows[0].Version != want.Version {
					t.Errorf("in the list by %q: %+v, %v", text, page.Rows, err)
				}
			}
			err = tx.EachLicence(func(l flegt.Licence) error {
				if l.Version != want.Version {
					t.Errorf("one by one: version %d", l.Version)
				}
				return nil
			})
			if err != nil {
				return err
			}
			return eachFiled(tx, func(f store.Filed) error {
				if len(f.Astray) > 0 || f.Version != want.Version || f.Hash != store.RowHash(want) {
					t.Errorf("as filed: version %d, astray: %v", f.Version, f.Astray)
				}
				return nil
			})
		})

		refused := func(name string, change func(tx *store.Tx) error) {
			t.Helper()
			if err := db.Update(context.Background(), change); flegt.KindOf(err) != flegt.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
		refused("booked by who read it before the first booking", func(tx *store.Tx) error { return tx.SaveTouched(first.Touch()) })
		refused("saved by him", func(tx *store.Tx) error { l := first.Licence; return tx.SaveLicence(first.Licence, &l) })
		refused("touched by him", func(tx *store.Tx) error { l := first.Licence; return tx.TouchLicence(&l) })

		if db.Postgres() {
			done, err := db.Writer().Exec(`UPDATE licence SET version = 2 WHERE id = 'a' AND version = 1`)
			if n, _ := done.RowsAffected(); err != nil || n != 0 {
				t.Errorf("a program that reads the row alone changed %d rows, %v", n, err)
			}
		}
		booked := named(t, db, "N1")
		update(t, db, func(tx *store.Tx) error { l := want; return tx.SaveLicence(want, &l) })
		want.Version++
		if n := besideRow(t, db); n != 0 {
			t.Errorf("%d licences have their version beside a row that was just written", n)
		}
		refused("booked by who read it before it was saved", func(tx *store.Tx) error { return tx.SaveTouched(booked.Touch()) })
		if l := named(t, db, "N1").Licence; l.Version != want.Version {
			t.Errorf("it has version %d, not %d", l.Version, want.Version)
		}

		rivals := named(t, db, "N1").Touch()
		update(t, db, func(tx *store.Tx) error { return tx.SaveTouched(rivals) })
		refused("booked a second time from the same version", func(tx *store.Tx) error { return tx.SaveTouched(rivals) })
	})
}

// A role that has ended holds in no later change, whoever ended it and however the change went that did.
func TestARoleIsNotHeldLonger(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, db, other *store.DB) {
		z := flegt.Authorisation{ID: "z", Account: "a", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK", Status: flegt.Approved, RequestedAt: day}
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.AddAccount(flegt.Account{ID: "a", Email: "a@customs.example"}), tx.AddAuthorisation(z))
		})
		held := func(db *store.DB) (status flegt.AuthorisationStatus) {
			update(t, db, func(tx *store.Tx) error {
				z, err := tx.RoleHeld("z")
				if err == nil {
					status = z.Status
				}
				return err
			})
			return status
		}
		set := func(status flegt.AuthorisationStatus, end error) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				held, err := tx.RoleHeld("z")
				if err != nil {
					return err
				}
				z := *held
				z.Status = status
				if err := tx.SaveAuthorisation(&z); err != nil {
					return err
				}
				if now, err := tx.RoleHeld("z"); err != nil || now.Status != status {
					t.Errorf("in the change itself it is %+v, %v", now, err)
				}
				if _, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), day, flegt.NounAuthorisation, "z", "ended"), z); err != nil {
					return err
				}
				return end
			}
		}
		if got := held(db); got != flegt.Approved {
			t.Fatal(got)
		}
		if err := db.Update(context.Background(), set(flegt.Ended, errRefused)); err != errRefused {
			t.Fatal(err)
		}
		if got := held(db); got != flegt.Approved {
			t.Errorf("a change that failed ended it: %s", got)
		}
		update(t, db, set(flegt.Ended, nil))
		if got := held(db); got != flegt.Ended {
			t.Errorf("it was ended and is %s", got)
		}
		update(t, db, set(flegt.Approved, nil))
		if got := held(db); got != flegt.Approved {
			t.Errorf("it was approved again and is %s", got)
		}
		update(t, other, set(flegt.Ended, nil))
		if got := held(db); got != flegt.Ended {
			t.Errorf("a second process ended it and it is %s", got)
		}
	})
}
