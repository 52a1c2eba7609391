package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// Two programs change the same few licences in groups. In PostgreSQL each can hold what the
// other waits for; nobody may hear of that.
func TestTwoProgramsChangeTheSameRows(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, first, second *store.DB) {
		const rows, rivals, times = 4, 8, 12
		update(t, first, func(tx *store.Tx) error {
			for i := range rows {
				if err := tx.AddLicence(licence(fmt.Sprint("l", i), "op", fmt.Sprint("n", i), flegt.Submitted)); err != nil {
					return err
				}
			}
			return nil
		})
		var all sync.WaitGroup
		for k := range 2 * rivals {
			db := []*store.DB{first, second}[k%2]
			all.Go(func() {
				for i := range times {
					id := fmt.Sprint("l", (k+i*k)%rows)
					if err := db.Update(context.Background(), func(tx *store.Tx) error { return bump(tx, id) }); err != nil && flegt.KindOf(err) != flegt.Conflict {
						t.Errorf("%s: %v", id, err)
					}
				}
			})
		}
		all.Wait()
		checkLog(t, first)
	})
}

// bump saves a licence anew with its event, the row first.
func bump(tx *store.Tx, id string) error {
	l, err := tx.Licence(id)
	if err != nil {
		return err
	}
	if err := tx.SaveLicence(l, &l); err != nil {
		return err
	}
	e := flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, id, "edited")
	e.Version = l.Version
	_, err = tx.Append(e, l)
	return err
}

// checkLog wants the log without gaps, and every row as its last event left it.
func checkLog(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.View(context.Background(), func(tx *store.Tx) error {
		seq, last := int64(0), map[string]flegt.Event{}
		err := tx.EachEvent(func(e flegt.Event) error {
			if seq++; e.Seq != seq {
				t.Errorf("event %d stands in place %d", e.Seq, seq)
			}
			last[e.NounID] = e
			return nil
		})
		for id, e := range last {
			l, err := tx.Licence(id)
			if err != nil || l.Version != e.Version || store.RowHash(l) != e.RowHash {
				t.Errorf("%s is in version %d, its last event says %d: %v", id, l.Version, e.Version, err)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A reader that stays for long, such as a backup, makes SQLite's log grow; when it has gone
// the log becomes small again.
func TestTheLogOfTheDatabaseBecomesSmallAgain(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	write := func(times int) int64 {
		for i := range times {
			data := bytes.Repeat([]byte{byte(i)}, 400<<10)
			update(t, db, func(tx *store.Tx) error { return tx.SaveSession(fmt.Sprint(i%7), data, day) })
		}
		info, err := os.Stat(filepath.Join(dir, "openflegt.db-wal"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	err = db.View(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Head(); err != nil {
			return err
		}
		if size := write(60); size < 20<<20 {
			t.Errorf("beside a reader the log has %d MB; the test does not test", size>>20)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if size := write(20); size > store.LogLimit {
		t.Errorf("the log still has %d MB", size>>20)
	}
}
