package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// The database stops in the middle of bookings, and is there again a moment later. Who heard that his
// booking is made finds it, once; who heard an error finds it once or not at all; and all goes on
// without a start of the program.
func TestTheDatabaseGoesAway(t *testing.T) {
	cluster := storetest.OwnCluster(t)
	db, err := store.Open(context.Background(), store.Options{Dir: t.TempDir(), Database: cluster.Address()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const bookers = 40
	for i := range bookers {
		l := licence(fmt.Sprint("l", i), "op", fmt.Sprint("N", i), flegt.Accepted)
		update(t, db, func(tx *store.Tx) error { return tx.AddLicence(l) })
	}
	var all sync.WaitGroup
	var back atomic.Bool // the database is there again
	begun := make(chan struct{}, 100*bookers)
	made, failed := make([][]string, bookers), make([][]string, bookers)
	deadline := time.Now().Add(time.Minute)
	for i := range bookers {
		all.Go(func() {
			number := fmt.Sprint("N", i)
			for n, after := 0, 0; after < 3 && time.Now().Before(deadline); n++ {
				key := fmt.Sprintf("%s-%d", number, n)
				ctx := store.WithOnce(context.Background(), &store.Once{Credential: "token", Key: key, Request: key, Now: day, Expires: day.AddDate(0, 0, 2)})
				again := back.Load()
				err := bookOnce(ctx, db, number, key)
				if err != nil {
					failed[i] = append(failed[i], key)
					time.Sleep(5 * time.Millisecond)
					continue
				}
				made[i] = append(made[i], key)
				if again {
					after++
				}
				select {
				case begun <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 5 * bookers {
		<-begun
	}
	cluster.Stop()
	time.Sleep(100 * time.Millisecond)
	cluster.Start()
	back.Store(true)
	all.Wait()

	if len(slices.Concat(failed...)) == 0 {
		t.Error("nobody heard an error: the database was not missed, and the test does not test")
	}
	booked, seq := map[string]int{}, int64(0)
	err = db.View(context.Background(), func(tx *store.Tx) error {
		return tx.EachEvent(func(e flegt.Event) error {
			if seq++; e.Seq != seq {
				t.Errorf("event %d stands in place %d", e.Seq, seq)
			}
			booked[e.Data["key"].(string)]++
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range bookers {
		number, n := fmt.Sprint("N", i), 0
		for _, key := range made[i] {
			if booked[key] != 1 {
				t.Errorf("%s was answered as made and is on record %d times", key, booked[key])
			}
			n++
		}
		for _, key := range failed[i] {
			if booked[key] > 1 {
				t.Errorf("%s failed and is on record %d times", key, booked[key])
			}
			n += booked[key]
			err := db.View(context.Background(), func(tx *store.Tx) error {
				_, used, err := tx.KeptAnswer("token", key, day)
				if err == nil && used != (booked[key] == 1) {
					t.Errorf("%s is on record %d times, and its key is used: %t", key, booked[key], used)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		agree(t, db, number)
		if l := named(t, db, number); l.Licence.Version != 1+n || len(l.Movements) != n {
			t.Errorf("%s: %d bookings are on record, and it has version %d and %d movements", number, n, l.Licence.Version, len(l.Movements))
		}
	}
}

// bookOnce books under a number, with a key in the event.
func bookOnce(ctx context.Context, db *store.DB, number, key string) error {
	all, err := db.LicencesNamed(context.Background(), number)
	if err != nil {
		return err
	}
	row, id := all[0].Touch(), all[0].Licence.ID
	return db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SaveTouched(row); err != nil {
			return err
		}
		seq, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, id, "booked").With("key", key), nil)
		if err != nil {
			return err
		}
		tx.AddMovements(seq, []flegt.Movement{{ID: "m-" + key, Licence: id, Line: 1, MRN: key, At: day, Unit: "MTQ"}})
		return nil
	})
}
