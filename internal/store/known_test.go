package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// inRows reads what the rows hold under a number.
func inRows(t require, db *store.DB, number string) (licences []flegt.Licence, moved [][]flegt.Movement) {
	err := db.View(context.Background(), func(tx *store.Tx) (err error) {
		if licences, err = tx.LicencesNumbered(number); err != nil {
			return err
		}
		for _, l := range licences {
			m, err := tx.Movements(l.ID)
			if err != nil {
				return err
			}
			moved = append(moved, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return licences, moved
}

// require is what rapid's tests and others have in common.
type require interface {
	Fatal(...any)
	Fatalf(string, ...any)
}

// agree wants what is known under a number and under the ids to be what the rows hold.
func agree(t require, db *store.DB, number string) {
	licences, moved := inRows(t, db, number)
	for i := range 3 { // the second time it is known, and the third it is asked for in small letters
		if i == 2 {
			number = strings.ToLower(number)
		}
		named, err := db.LicencesNamed(context.Background(), number)
		if err != nil || len(named) != len(licences) {
			t.Fatalf("%s names %d licences, %v; in the rows are %d", number, len(named), err, len(licences))
		}
		for i := range named {
			if !reflect.DeepEqual(named[i].Licence, licences[i]) || !reflect.DeepEqual(named[i].Movements, moved[i]) {
				t.Fatalf("%s is known as\n%+v\nand stands as\n%+v %+v", number, named[i], licences[i], moved[i])
			}
			one, err := db.LicencesNamed(context.Background(), licences[i].ID)
			if err != nil || len(one) != 1 || !reflect.DeepEqual(one[0].Licence, licences[i]) || !reflect.DeepEqual(one[0].Movements, moved[i]) {
				t.Fatalf("%s is known as\n%+v %v\nand stands as\n%+v %+v", licences[i].ID, one, err, licences[i], moved[i])
			}
		}
	}
}

var errRefused = errors.New("refused")

// bookAtOnce books so many times at the same moment, in each process in turn. Whoever comes second may be told
// that the licence has changed, and nothing else.
func bookAtOnce(t require, number string, times int, in ...*store.DB) {
	var all sync.WaitGroup
	errs := make([]error, times)
	for i := range errs {
		all.Go(func() { errs[i] = bookUnder(in[i%len(in)], number, 1, nothingMore) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil && flegt.KindOf(err) != flegt.Conflict {
			t.Fatal(err)
		}
	}
}

// bookUnder books under a licence as it was known before the change's turn.
func bookUnder(db *store.DB, number string, moves int, after func(tx *store.Tx) error) error {
	named, err := db.LicencesNamed(context.Background(), number)
	if err != nil || len(named) == 0 {
		return err
	}
	l := named[0].Licence
	row := named[0].Touch()
	if moves%2 == 0 { // as one who read the licence in another way
		row = store.Touch(l)
	}
	return db.Update(context.Background(), func(tx *store.Tx) error {
		if err := tx.SaveTouched(row); err != nil {
			return err
		}
		seq, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, l.ID, "booked"), nil)
		if err != nil {
			return err
		}
		var all []flegt.Movement
		for i := range moves {
			all = append(all, flegt.Movement{ID: fmt.Sprint(l.ID, "-", l.Version, "-", i), Licence: l.ID, Line: i + 1, MRN: "26DK16RF3TDPZE7AR2", At: day.Local(), Unit: "MTQ"})
		}
		tx.AddMovements(seq, all)
		return after(tx)
	})
}

func nothingMore(*store.Tx) error { return nil }

// Whatever is changed, refused, tried in part or changed by several at once, what is known of
// licences is what the rows hold.
func TestWhatIsKnownIsOnRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			numbers := []string{fmt.Sprintf("N%d-A", n), fmt.Sprintf("N%d-B", n), fmt.Sprintf("N%d-C", n)}
			for i, number := range numbers[:2] {
				l := licence(fmt.Sprintf("l%d-%d", n, i), "op", number, flegt.Accepted)
				if err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.AddLicence(l) }); err != nil {
					t.Fatal(err)
				}
			}
			for range rapid.IntRange(1, 12).Draw(t, "steps") {
				number := rapid.SampledFrom(numbers).Draw(t, "number")
				switch rapid.SampledFrom([]string{"look", "book", "book", "refused", "in part", "rivals", "another number", "rejected twin"}).Draw(t, "do") {
				case "look":
				case "book":
					must(t, bookUnder(db, number, rapid.IntRange(0, 3).Draw(t, "moves"), nothingMore))
				case "refused":
					if err := bookUnder(db, number, 1, func(*store.Tx) error { return errRefused }); err != nil && !errors.Is(err, errRefused) {
						t.Fatal(err)
					}
				case "in part":
					must(t, bookUnder(db, number, 1, func(tx *store.Tx) error {
						all, err := tx.LicencesNumbered(number)
						if err != nil {
							return err
						}
						if err := tx.Try(func() error { return errors.Join(tx.TouchLicence(&all[0]), errRefused) }); !errors.Is(err, errRefused) {
							return err
						}
						return nil
					}))
				case "rivals":
					bookAtOnce(t, number, 4, db)
				case "another number":
					to := rapid.SampledFrom(numbers).Draw(t, "to")
					licences, _ := inRows(t, db, number)
					if len(licences) == 0 {
						break
					}
					err := db.Update(context.Background(), func(tx *store.Tx) error {
						l := licences[0]
						l.Form.Number = to
						return tx.SaveLicence(licences[0], &l)
					})
					if err != nil && flegt.KindOf(err) != flegt.Conflict {
						t.Fatal(err)
					}
				case "rejected twin":
					n++
					twin := licence(fmt.Sprintf("l%d-twin", n), "op", number, flegt.Rejected)
					twin.SubmittedAt = day.Add(time.Duration(n) * time.Minute) // lists have an order
					must(t, db.Update(context.Background(), func(tx *store.Tx) error { return tx.AddLicence(twin) }))
				}
				for _, number := range numbers {
					agree(t, db, number)
				}
			}
		})
	})
}

func must(t require, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// What another process writes is noticed by the next change, before it is relied on; what it has not
// changed stays known.
func TestASecondProcessIsNoticed(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, db, other *store.DB) {
		for i, number := range []string{"N1", "N2"} {
			l := licence(fmt.Sprint("l", i), "op", number, flegt.Accepted)
			update(t, db, func(tx *store.Tx) error {
				if err := tx.AddLicence(l); err != nil {
					return err
				}
				_, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, l.ID, "created"), l)
				return err
			})
		}
		must(t, bookUnder(db, "N1", 1, nothingMore))
		agree(t, db, "N1")
		before, elsewhere := named(t, db, "N1"), named(t, db, "N2")
		update(t, db, func(tx *store.Tx) error { _, err := tx.Append(event(1), nil); return err })
		if !still(t, db, before) {
			t.Error("our own event made everything unknown")
		}
		must(t, bookUnder(other, "N1", 1, nothingMore))
		if still(t, db, before) {
			t.Error("what another process wrote was not noticed")
		}
		if !still(t, db, elsewhere) || named(t, db, "N2") != elsewhere {
			t.Error("what it did not change is not known any more")
		}
		if after := named(t, db, "N1"); after.Licence.Version != before.Licence.Version+1 || len(after.Movements) != 2 || !still(t, db, after) {
			t.Errorf("it stands as %+v", after)
		}
		update(t, other, func(tx *store.Tx) error {
			for i := range store.MaxFollowed + 1 {
				if _, err := tx.Append(event(i), nil); err != nil {
					return err
				}
			}
			return nil
		})
		if still(t, db, elsewhere) {
			t.Error("too much was written to be gone through, and it is still relied on")
		}
		agree(t, db, "N2")
	})
}

// still says whether a change may rely on what was read before it.
func still(t require, db *store.DB, l *store.WithLedger) (still bool) {
	must(t, db.Update(context.Background(), func(tx *store.Tx) (err error) { still, err = tx.StillKnown(l); return err }))
	return still
}

// Two processes change the same licences in turn: what one of them relies on in a change is on record.
func TestTwoProcessesKnowWhatIsOnRecord(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, first, second *store.DB) {
		n := 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			numbers := []string{fmt.Sprintf("N%d-A", n), fmt.Sprintf("N%d-B", n), fmt.Sprintf("N%d-C", n)}
			add := func(db *store.DB, id, number string, state flegt.LicenceState) {
				l := licence(id, "op", number, state)
				n++
				l.SubmittedAt = day.Add(time.Duration(n) * time.Minute) // lists have an order
				must(t, db.Update(context.Background(), func(tx *store.Tx) error {
					if err := tx.AddLicence(l); err != nil {
						return err
					}
					_, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, l.ID, "created"), l)
					return err
				}))
			}
			add(first, fmt.Sprintf("l%d-a", n), numbers[0], flegt.Accepted)
			add(second, fmt.Sprintf("l%d-b", n), numbers[1], flegt.Accepted)
			for range rapid.IntRange(1, 10).Draw(t, "steps") {
				db, other, rivals := first, second, false
				if rapid.Bool().Draw(t, "the second process") {
					db, other = second, first
				}
				number := rapid.SampledFrom(numbers).Draw(t, "number")
				var read []*store.WithLedger // by the process that looks on
				for _, number := range numbers {
					all, err := other.LicencesNamed(context.Background(), number)
					must(t, err)
					read = append(read, all...)
				}
				switch rapid.SampledFrom([]string{"book", "book", "refused", "rivals", "another number", "rejected twin"}).Draw(t, "do") {
				case "book":
					if err := bookUnder(db, number, 1, nothingMore); err != nil && flegt.KindOf(err) != flegt.Conflict {
						t.Fatal(err)
					}
				case "refused":
					if err := bookUnder(db, number, 1, func(*store.Tx) error { return errRefused }); err != nil && !errors.Is(err, errRefused) && flegt.KindOf(err) != flegt.Conflict {
						t.Fatal(err)
					}
				case "rivals":
					rivals = true
					bookAtOnce(t, number, 6, first, second)
				case "another number":
					to := rapid.SampledFrom(numbers).Draw(t, "to")
					licences, _ := inRows(t, db, number)
					if len(licences) == 0 {
						break
					}
					err := db.Update(context.Background(), func(tx *store.Tx) error {
						l := licences[0]
						l.Form.Number = to
						if err := tx.SaveLicence(licences[0], &l); err != nil {
							return err
						}
						_, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, l.ID, "edited"), l)
						return err
					})
					if err != nil && flegt.KindOf(err) != flegt.Conflict {
						t.Fatal(err)
					}
				case "rejected twin":
					add(db, fmt.Sprintf("l%d-twin", n), number, flegt.Rejected)
				}
				for _, l := range read {
					stands, moved := inRows(t, other, l.Licence.Form.Number)
					i := slices.IndexFunc(stands, func(o flegt.Licence) bool { return o.ID == l.Licence.ID })
					if !still(t, other, l) || rivals { // who was among the rivals knows of his own
						continue
					}
					if i < 0 || !reflect.DeepEqual(l.Licence, stands[i]) || !reflect.DeepEqual(l.Movements, moved[i]) {
						t.Fatalf("relied on is\n%+v\nand there stand\n%+v %+v", l, stands, moved)
					}
				}
				still(t, db, &store.WithLedger{})
				still(t, other, &store.WithLedger{})
				for _, number := range numbers {
					agree(t, first, number)
					agree(t, second, number)
				}
			}
		})
	})
}

// What is known stays within its bounds, and what a day's text was written of goes with the day.
func TestKnownIsBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		long := make([]byte, 1<<20)
		for i := range long {
			long[i] = 'x'
		}
		for i := range store.MaxKnown>>20 + 16 {
			l := licence(fmt.Sprint("l", i), "op", fmt.Sprint("N", i), flegt.Accepted)
			l.Form.Remarks = string(long)
			update(t, db, func(tx *store.Tx) error { return tx.AddLicence(l) })
			agree(t, db, l.Form.Number)
		}
		if size := db.KnownSize(); size == 0 || size > store.MaxKnown {
			t.Errorf("%d bytes are known, %d are allowed", size, store.MaxKnown)
		}
	})
	var aside store.Aside
	aside.Put("2026-11-26", []byte("text"))
	if string(aside.Get("2026-11-26")) != "text" || aside.Get("2026-11-27") != nil {
		t.Error("the text of one day was given on another")
	}
}
