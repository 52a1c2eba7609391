package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// A change that reads the log finds in it what it has just appended, and refused it leaves
// nothing, whoever shares its commit.
func TestEventsAreReadInTheirOwnChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		boom := errors.New("boom")
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				err := db.Update(context.Background(), func(tx *store.Tx) error {
					for range 3 {
						if _, err := tx.Append(event(i), nil); err != nil {
							return err
						}
					}
					if i%2 == 0 { // half of them look before they end
						if found, err := tx.EventsOf(event(i).NounID); err != nil || len(found) != 3 {
							t.Errorf("change %d finds %d of its events, %v", i, len(found), err)
						}
					}
					seq, err := tx.Append(event(i), nil)
					if head, headErr := tx.Head(); head != seq || headErr != nil {
						t.Errorf("the newest is %d, not %d: %v, %v", head, seq, err, headErr)
					}
					if i%3 == 0 {
						return boom
					}
					return err
				})
				if i%3 == 0 != errors.Is(err, boom) {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		all.Wait()
		of := map[string]int{}
		err := db.View(context.Background(), func(tx *store.Tx) error {
			next := int64(1)
			err := tx.EachEventNumber(func(seq int64, look *store.EventRow) error {
				if seq != next || look != nil {
					t.Errorf("event %d stands where %d should; %v", seq, next, look)
				}
				next++
				return nil
			})
			if err != nil {
				return err
			}
			for after, more := "", true; more; {
				span, err := tx.EventSpan(after, 7, func(row store.EventRow) error {
					if len(row.Astray) > 0 {
						t.Errorf("event %d: %v", row.Seq, row.Astray)
					}
					of[row.Event.NounID]++
					return nil
				})
				if err != nil {
					return err
				}
				after, more = span.Until, span.Until != ""
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 60 {
			if n := of[event(i).NounID]; n != 0 && i%3 == 0 || n != 4 && i%3 != 0 {
				t.Errorf("change %d left %d events", i, n)
			}
		}
	})
}

// What one change cannot write is told to it alone. PostgreSQL takes no text with a null
// character; SQLite does.
func TestAnEventThatCannotBeWrittenHurtsNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				err := db.Update(context.Background(), func(tx *store.Tx) error {
					e := event(i)
					if i%8 == 0 {
						e.Account = "null\x00"
					}
					_, err := tx.Append(e, nil)
					return err
				})
				if (err != nil) != (db.Postgres() && i%8 == 0) {
					t.Errorf("event %d: %v", i, err)
				}
			})
		}
		all.Wait()
		want := 40
		if db.Postgres() {
			want = 35
		}
		err := db.View(context.Background(), func(tx *store.Tx) error {
			found, err := tx.EventsSince(0, 100)
			if head, headErr := tx.Head(); len(found) != want || head != int64(want) || headErr != nil {
				t.Errorf("%d events, the newest is %d: %v", len(found), head, headErr)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A change that goes on after its query failed hurts no other: nobody is answered as if his role had
// ended, or hears of an error that is not his.
func TestAQueryThatFailsHurtsNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		z := flegt.Authorisation{ID: "z", Account: "a", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK", Status: flegt.Approved, RequestedAt: day}
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.AddAccount(flegt.Account{ID: "a", Email: "a@customs.example"}), tx.AddAuthorisation(z))
		})
		refused := flegt.Refuse(flegt.Refused, "error.forbidden", nil)
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				bad := i%10 == 3
				err := db.Update(context.Background(), func(tx *store.Tx) error {
					if bad {
						_, _ = tx.Licence("null\x00") // PostgreSQL takes no such text
						return nil
					}
					if now, err := tx.Authorisation("z"); err != nil || !now.Active() {
						return refused
					}
					_, err := tx.Append(event(i), nil)
					return err
				})
				if bad && err != nil != db.Postgres() || !bad && err != nil {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		all.Wait()
		err := db.View(context.Background(), func(tx *store.Tx) error {
			if head, err := tx.Head(); err != nil || head != 54 {
				t.Errorf("%d events, %v", head, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A licence is saved with the columns that changed, and every column still follows from its
// body.
func TestSavedColumnsFollowTheBody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error { return tx.AddLicence(licence("a", "op", "N1", flegt.Draft)) })
		for _, change := range []func(*flegt.Licence){
			func(*flegt.Licence) {},
			func(l *flegt.Licence) { l.State = flegt.Submitted },
			func(l *flegt.Licence) { l.Form.Number, l.ImportCountry = "N2", "SE" },
			func(l *flegt.Licence) {
				l.Form.Licensee.Name, l.Form.Expires, l.Form.Export = "PT Other", "2017-04-01", "GH"
			},
			func(l *flegt.Licence) {
				l.Operator, l.UpdatedAt, l.SubmittedAt = "other", day.AddDate(0, 0, 1), day.AddDate(0, 0, 2)
			},
		} {
			update(t, db, func(tx *store.Tx) error {
				before, err := tx.Licence("a")
				if err != nil {
					return err
				}
				l := before
				change(&l)
				if err := tx.SaveLicence(before, &l); err != nil {
					return err
				}
				if err := tx.TouchLicence(&l); err != nil {
					return err
				}
				if err := tx.TouchLicence(&before); flegt.KindOf(err) != flegt.Conflict {
					t.Errorf("touched in an old version: %v", err)
				}
				return eachFiled(tx, func(f store.Filed) error {
					if len(f.Astray) > 0 || f.Version != l.Version || f.Hash != store.RowHash(l) {
						t.Errorf("version %d of %d, astray: %v", f.Version, l.Version, f.Astray)
					}
					return nil
				})
			})
		}
	})
}

// TestAPartThatFailsLeavesNothing: neither its rows nor its events, and the log has no gap.
func TestAPartThatFailsLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		add := func(tx *store.Tx, id string) error {
			l := licence(id, "op", id, flegt.Draft)
			if err := tx.AddLicence(l); err != nil {
				return err
			}
			_, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, id, "created"), l)
			return err
		}
		no := errors.New("no")
		update(t, db, func(tx *store.Tx) error {
			if err := add(tx, "a"); err != nil {
				return err
			}
			err := tx.Try(func() error { return errors.Join(add(tx, "b"), no) })
			if !errors.Is(err, no) {
				t.Errorf("the part's error is %v", err)
			}
			if err := tx.Try(func() error { return add(tx, "a") }); flegt.KindOf(err) != flegt.Conflict {
				t.Errorf("the same row again: %v", err)
			}
			return tx.Try(func() error { return add(tx, "c") })
		})
		err := db.View(t.Context(), func(tx *store.Tx) error {
			var ids, noted string
			err := errors.Join(tx.EachLicence(func(l flegt.Licence) error { ids += l.ID; return nil }),
				tx.EachEvent(func(e flegt.Event) error { noted += fmt.Sprint(e.Seq, e.NounID, " "); return nil }))
			if ids != "ac" || noted != "1a 2c " {
				t.Errorf("licences %q, events %q", ids, noted)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// The looks at a licence stand in its history where they belong, however many other events
// came between.
func TestLooksStandInTheHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		about := func(verb string) flegt.Event {
			return flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, "a", verb)
		}
		var want []string
		for _, verbs := range [][]string{{"created", "looked_up"}, {"looked_up", "looked_up", "booked"}, {"looked_up"}} {
			update(t, db, func(tx *store.Tx) error {
				for i := range 1500 {
					if _, err := tx.Append(event(i), nil); err != nil {
						return err
					}
				}
				for _, verb := range verbs {
					if _, err := tx.Append(about(verb), nil); err != nil {
						return err
					}
				}
				return nil
			})
			want = append(want, verbs...)
		}
		err := db.View(context.Background(), func(tx *store.Tx) error {
			for _, leftOut := range [][]string{nil, {"looked_up"}, {"booked"}} {
				found, err := tx.EventsOf("a", leftOut...)
				if err != nil {
					return err
				}
				var verbs, expected []string
				for _, e := range found {
					verbs = append(verbs, e.Verb)
				}
				for _, v := range want {
					if !slices.Contains(leftOut, v) {
						expected = append(expected, v)
					}
				}
				if !slices.Equal(verbs, expected) {
					t.Errorf("without %v the history is %v, not %v", leftOut, verbs, expected)
				}
			}
			for looks, expected := range map[int][]string{ // the last ones stand in three thousands
				2:   {"created", "looked_up", "booked", "looked_up"},
				3:   {"created", "looked_up", "looked_up", "booked", "looked_up"},
				100: want,
			} {
				found, cut, err := tx.HistoryOf("a", looks)
				if err != nil {
					return err
				}
				var verbs []string
				for _, e := range found {
					verbs = append(verbs, e.Verb)
				}
				if !slices.Equal(verbs, expected) || cut != (looks < 4) {
					t.Errorf("with %d looks the history is %v, not %v; cut: %v", looks, verbs, expected, cut)
				}
			}
			if found, cut, err := tx.HistoryOf("a", 2, "looked_up"); err != nil || cut || len(found) != 2 {
				t.Errorf("without looks: %v, %v, %v", found, cut, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A change that is refused after it wrote leaves nothing, and those that share its commit
// stay, each made once.
func TestRefusedAfterWritingLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				id := fmt.Sprint("l", i)
				err := db.Update(context.Background(), func(tx *store.Tx) error {
					if err := tx.AddLicence(licence(id, "op", id, flegt.Submitted)); err != nil {
						return err
					}
					if i%5 == 0 {
						return flegt.Refuse(flegt.Refused, "error.forbidden", nil)
					}
					_, err := tx.Append(event(i), nil)
					return err
				})
				if (err != nil) != (i%5 == 0) {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		all.Wait()
		err := db.View(context.Background(), func(tx *store.Tx) error {
			n, head := 0, int64(0)
			err := tx.EachLicence(func(flegt.Licence) error { n++; return nil })
			if err == nil {
				head, err = tx.Head()
			}
			if n != 48 || head != 48 {
				t.Errorf("%d licences and %d events, want 48 of both", n, head)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
