package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// TestAnUpgradeThatIsBrokenOffBeginsAgain: going through all licences tells how far it is; what is
// broken off in the middle is not taken as done, and the next start does all that is left.
func TestAnUpgradeThatIsBrokenOffBeginsAgain(t *testing.T) {
	const many = 1201 // three batches
	o := store.Options{Dir: t.TempDir()}
	var told []store.Progress
	o.Tell = func(p store.Progress) { told = append(told, p) }
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(told) > 0 {
		t.Errorf("a new registry tells %v", told)
	}
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		var all []flegt.Licence
		for i := range many {
			all = append(all, flegt.Licence{ID: fmt.Sprintf("%04d", i), State: flegt.Submitted, Version: 1, CreatedAt: time.Unix(1, 0), UpdatedAt: time.Unix(1, 0),
				Form: flegt.Form{Number: fmt.Sprintf("17-%d", i), Invoice: "INVOICE"}})
		}
		if err := tx.AddLicences(all); err != nil {
			return err
		}
		_, err := tx.SQL().Exec(`DELETE FROM licence_word WHERE word = 'invoice'`)
		return errors.Join(err, tx.SaveSetting("licence_words", "1"))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	made := func(db *store.DB) (words int, version string) {
		t.Helper()
		err := db.View(t.Context(), func(tx *store.Tx) (err error) {
			if version, err = tx.Setting("licence_words"); err != nil {
				return err
			}
			return tx.SQL().QueryRow(`SELECT count(*) FROM licence_word WHERE word = 'invoice'`).Scan(&words)
		})
		if err != nil {
			t.Fatal(err)
		}
		return words, version
	}

	ctx, breakOff := context.WithCancel(t.Context())
	o.Tell = func(p store.Progress) {
		if p.Done == 500 {
			breakOff()
		}
	}
	if db, err = store.Open(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("broken off: %v, %v", db, err)
	}
	o.Tell = func(p store.Progress) { told = append(told, p) }
	if db, err = store.Open(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var counts []int
	for _, p := range told {
		counts = append(counts, p.Done)
		if p.Total != many || p.What != "search words" {
			t.Errorf("%+v", p)
		}
	}
	if fmt.Sprint(counts) != fmt.Sprint([]int{0, 500, 1000, many, many}) {
		t.Errorf("told %v", counts)
	}
	if words, version := made(db); words != many || version == "1" {
		t.Errorf("%d words, version %s", words, version)
	}
	if err := db.View(t.Context(), func(tx *store.Tx) error { return nothingAstray(t, tx) }); err != nil {
		t.Fatal(err)
	}
}

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		p       store.Progress
		percent int
		left    time.Duration
	}{
		{store.Progress{Total: 10}, 0, 0},
		{store.Progress{Done: 0, Total: 0}, 100, 0},
		{store.Progress{Done: 410_000, Total: 1_000_000, Took: 41 * time.Second}, 41, 59 * time.Second},
		{store.Progress{Done: 999_999, Total: 1_000_000, Took: time.Minute}, 99, 60 * time.Microsecond},
		{store.Progress{Done: 10, Total: 10, Took: time.Minute}, 100, 0},
	} {
		if percent, left := c.p.Percent(), c.p.Left().Round(time.Microsecond); percent != c.percent || left != c.left {
			t.Errorf("%+v: %d %%, %s left", c.p, percent, left)
		}
	}
}
