package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// Bookings that share a commit write their movements and keys together. A change that reads
// the ledger finds what was moved before it, whatever is refused beside it; a key that was used
// before, and only that, is a conflict.
func TestBookingsShareACommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const calls = 120
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.AddLicence(licence("a", "op", "N1", flegt.Accepted)), tx.AddLicence(licence("b", "op", "N2", flegt.Accepted)))
		})
		book := func(i int, key string, end error) error {
			once := &store.Once{Credential: "token", Key: key, Request: key, Now: day, Expires: day.AddDate(0, 0, 2)}
			return db.Update(store.WithOnce(context.Background(), once), func(tx *store.Tx) error {
				l := "ab"[i%2 : i%2+1]
				seq, err := tx.Append(event(i), nil)
				if err != nil {
					return err
				}
				if i%5 == 0 {
					if _, err := tx.Movements(l); err != nil { // writes what waits of others and of this one
						return err
					}
				}
				tx.AddMovements(seq, []flegt.Movement{{ID: fmt.Sprintf("m-%s", key), Licence: l, MRN: key, Line: 1, At: day}})
				if i%7 == 0 {
					moved, err := tx.MovementsOf(key)
					if err != nil || len(moved) != 1 || moved[0].Seq != seq {
						t.Errorf("%s moved %v, %v", key, moved, err)
					}
				}
				tx.Answer([]byte(key))
				return end
			})
		}
		if err := book(0, "used", nil); err != nil {
			t.Fatal(err)
		}
		boom := flegt.Refuse(flegt.Refused, "clearance.no_items", nil)
		var all sync.WaitGroup
		for i := range calls {
			all.Go(func() {
				switch key := fmt.Sprint("k", i); {
				case i == 60:
					if err := book(1, "used", nil); flegt.KindOf(err) != flegt.Conflict {
						t.Errorf("a used key: %v", err)
					}
				case i%4 == 3:
					if err := book(i, key, boom); flegt.KindOf(err) != flegt.Refused {
						t.Errorf("%s: %v", key, err)
					}
				default:
					if err := book(i, key, nil); err != nil {
						t.Errorf("%s: %v", key, err)
					}
				}
			})
		}
		all.Wait()
		err := db.View(context.Background(), func(tx *store.Tx) error {
			head, err := tx.Head()
			if err != nil || head != 1+calls*3/4-1 {
				t.Errorf("%d events, %v", head, err)
			}
			found := 0
			for i := range calls {
				key := fmt.Sprint("k", i)
				moved, err := tx.MovementsOf(key)
				kept, used, keptErr := tx.KeptAnswer("token", key, day)
				if err != nil || keptErr != nil {
					return errors.Join(err, keptErr)
				}
				want := 1
				if i == 60 || i%4 == 3 {
					want = 0
				}
				if len(moved) != want || used != (want == 1) || used && string(kept.Answer) != key {
					t.Errorf("%s: %d movements, its key used: %v, %q", key, len(moved), used, kept.Answer)
				}
				found += len(moved)
			}
			ledger, err := tx.MovementsUnder([]string{"a", "b"})
			if n := len(ledger["a"]) + len(ledger["b"]); n != found+1 {
				t.Errorf("%d movements under the licences, %d of the keys", n, found+1)
			}
			heads, headsErr := tx.LicenceHeads([]string{"a", "gone"})
			if l := heads["a"]; headsErr != nil || len(heads) != 1 || l.ID != "a" || l.Operator != "op" || l.ImportCountry != "DK" || l.State != flegt.Accepted || l.Form.Number != "N1" || l.Form.Export != "ID" || l.Electronic {
				t.Errorf("%+v, %v", heads, headsErr)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Events and movements are written with comparisons alone: an index whose condition has a list of three
// or more values makes SQLite build a table of them for each row.
func TestRowsNeedNoTableBeside(t *testing.T) {
	db := storetest.SQLite(t)
	for _, insert := range []string{
		`INSERT INTO event (seq, at, account, noun, noun_id, verb, country, operator, body) VALUES (1, '', '', '', '', '', '', '', '')`,
		`INSERT INTO movement (id, licence, mrn, at, seq, ordinal, body) VALUES ('', '', '', '', 1, 1, '')`,
	} {
		rows, err := db.Writer().Query("EXPLAIN " + insert)
		if err != nil {
			t.Fatal(err)
		}
		steps := 0
		for ; rows.Next(); steps++ {
			var at, p1, p2, p3 int
			var operation string
			var p4, p5, comment any
			if err := rows.Scan(&at, &operation, &p1, &p2, &p3, &p4, &p5, &comment); err != nil {
				t.Fatal(err)
			}
			if operation == "OpenEphemeral" {
				t.Errorf("%s builds a table at step %d", insert, at)
			}
		}
		if err := rows.Err(); err != nil || steps < 10 {
			t.Errorf("%s: %d steps, %v", insert, steps, err)
		}
		rows.Close()
	}
}
