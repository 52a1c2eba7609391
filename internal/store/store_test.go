package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

var day = time.Date(2016, 12, 5, 9, 0, 0, 0, time.UTC)

func update(t testing.TB, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func event(n int) flegt.Event {
	return flegt.NewEvent(flegt.TheSystem(), day, flegt.NounReference, fmt.Sprintf("noun-%d", n), "tested")
}

func licence(id, operator, number string, state flegt.LicenceState) flegt.Licence {
	return flegt.Licence{ID: id, Operator: operator, ImportCountry: "DK", State: state, Version: 1, CreatedAt: day, UpdatedAt: day, SubmittedAt: day,
		Form: flegt.Form{Number: number, Export: "ID", Expires: "2017-03-17", Licensee: flegt.Party{Name: "CV Jepara Garden Living"}}}
}

func TestEventsHaveNoGapsUnderRivals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var wg sync.WaitGroup
		boom := errors.New("boom")
		for i := range 100 {
			wg.Go(func() {
				err := db.Update(context.Background(), func(tx *store.Tx) error {
					if _, err := tx.Append(event(i), nil); err != nil {
						return err
					}
					if i%3 == 0 {
						return boom // refused changes leave no trace
					}
					return nil
				})
				if i%3 == 0 != errors.Is(err, boom) {
					t.Errorf("call %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		err := db.View(context.Background(), func(tx *store.Tx) error {
			events, err := tx.EventsSince(0, 1000)
			if len(events) != 66 {
				t.Errorf("%d events, want 66", len(events))
			}
			for i, e := range events {
				if e.Seq != int64(i+1) {
					t.Errorf("event %d has number %d", i, e.Seq)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestPanicOfOneCallHurtsNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			db.Update(context.Background(), func(tx *store.Tx) error {
				tx.Append(event(1), nil)
				panic("mistake")
			})
		}()
		update(t, db, func(tx *store.Tx) error {
			seq, err := tx.Append(event(2), nil)
			if seq != 1 {
				t.Errorf("number %d, want 1", seq)
			}
			return err
		})
	})
}

func TestEventLogIsAppendOnlyInTheDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error { _, err := tx.Append(event(1), nil); return err })
		for _, q := range []string{`UPDATE event SET verb = 'forged'`, `DELETE FROM event`} {
			if _, err := db.Writer().Exec(q); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

func TestSecondWriterIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error { return tx.AddLicence(licence("a", "op", "N1", flegt.Submitted)) })
		var first, second flegt.Licence
		update(t, db, func(tx *store.Tx) (err error) {
			first, err = tx.Licence("a")
			second = first
			return err
		})
		update(t, db, func(tx *store.Tx) error { l := first; l.State = flegt.Accepted; return tx.SaveLicence(first, &l) })
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			l := second
			l.State = flegt.Rejected
			return tx.SaveLicence(second, &l)
		})
		if flegt.KindOf(err) != flegt.Conflict {
			t.Errorf("second writer: %v", err)
		}
	})
}

func TestNumberIsLodgedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error { return tx.AddLicence(licence("a", "op", "16.1-ID-DK", flegt.Submitted)) })
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			return tx.AddLicence(licence("b", "other", "16.1-id-dk ", flegt.Accepted))
		})
		if flegt.KindOf(err) != flegt.Conflict {
			t.Errorf("lodged twice: %v", err)
		}
		update(t, db, func(tx *store.Tx) error { return tx.AddLicence(licence("c", "other", "16.1-ID-DK", flegt.Rejected)) })
	})
}

func TestLicenceSearchAndScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error {
			for i := range 30 {
				l := licence(fmt.Sprintf("l%02d", i), "op", fmt.Sprintf("16.00123-%05d.001-ID-DK", i), flegt.Submitted)
				l.UpdatedAt = day.Add(time.Duration(i) * time.Hour)
				if err := tx.AddLicence(l); err != nil {
					return err
				}
			}
			d := licence("draft", "op", "", flegt.Draft)
			return tx.AddLicence(d)
		})
		count := func(q store.LicenceQuery) (n int) {
			err := db.View(context.Background(), func(tx *store.Tx) (err error) {
				found, err := tx.Licences(q)
				n = len(found)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for name, c := range map[string]struct {
			q    store.LicenceQuery
			want int
		}{
			"no scope lists nothing":      {store.LicenceQuery{}, 0},
			"operator's own with drafts":  {store.LicenceQuery{Scope: flegt.Scope{Operator: "op"}, Limit: 100}, 31},
			"another operator's":          {store.LicenceQuery{Scope: flegt.Scope{Operator: "other"}}, 0},
			"authority without drafts":    {store.LicenceQuery{Scope: flegt.Scope{Country: "DK"}, Limit: 100}, 30},
			"authority asking for drafts": {store.LicenceQuery{Scope: flegt.Scope{Country: "DK"}, States: []string{"draft"}}, 0},
			"page":                        {store.LicenceQuery{Scope: flegt.Scope{Operator: "op"}, Offset: 25}, 6},
			"part of the number":          {store.LicenceQuery{Scope: flegt.Scope{Operator: "op"}, Text: "16.00123-00007"}, 1},
			"exporter":                    {store.LicenceQuery{Scope: flegt.Scope{Operator: "op"}, Text: "jepara gard", Limit: 100}, 31},
			"nothing":                     {store.LicenceQuery{Scope: flegt.Scope{Operator: "op"}, Text: "100% '--"}, 0},
		} {
			if got := count(c.q); got != c.want {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
		}
	})
}

func TestOperatorSearchForgives(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error {
			for i, n := range []string{"Nordisk Træ", "Møbelhuset Åkjær", "Hansa Holzimport", "Straßenbau Gruß"} {
				o := flegt.Operator{ID: fmt.Sprint(i), Name: n, Country: "DK", Town: "Aarhus", Section: flegt.SectionTimber, Version: 1,
					Identifiers: []flegt.Identifier{{Kind: "NATIONAL", Country: "DK", Value: fmt.Sprintf("3760603%d", i)}}}
				if err := tx.AddOperator(o); err != nil {
					return err
				}
			}
			return nil
		})
		for text, want := range map[string]string{
			"nordisk trae": "Nordisk Træ", "NORDISK TRÆ A/S": "Nordisk Træ", "nordsik træ": "Nordisk Træ", "moebelhuset aakjaer": "Møbelhuset Åkjær",
			"mobelhuset akjær": "Møbelhuset Åkjær", "holzimprot hansa": "Hansa Holzimport", "strassenbau gruss": "Straßenbau Gruß", "37606033": "Straßenbau Gruß",
		} {
			err := db.View(context.Background(), func(tx *store.Tx) error {
				found, err := tx.FindOperators(store.OperatorQuery{Text: text})
				if len(found) == 0 || found[0].Name != want {
					t.Errorf("%q found %v, want %s first", text, found, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestNothingAcknowledgedIsLostWhenOpenedAgain(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	update(t, db, func(tx *store.Tx) error { _, err := tx.Append(event(1), nil); return err })
	// Another connection sees it at once, without a closing of the first: it is on disk.
	other, err := sql.Open("sqlite", filepath.Join(dir, "openflegt.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var n int
	if err := other.QueryRow(`SELECT count(*) FROM event`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d events, %v", n, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Update(context.Background(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("update after close: %v", err)
	}
}

func BenchmarkSubmissions(b *testing.B) {
	db := storetest.SQLite(b)
	b.SetParallelism(64)
	var mu sync.Mutex
	n := 0
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mu.Lock()
			n++
			id := fmt.Sprintf("l%09d", n)
			mu.Unlock()
			l := licence(id, "op", id, flegt.Submitted)
			err := db.Update(context.Background(), func(tx *store.Tx) error {
				if err := tx.AddLicence(l); err != nil {
					return err
				}
				e := flegt.NewEvent(flegt.TheSystem(), day, flegt.NounLicence, id, "submitted")
				_, err := tx.Append(e, l)
				return err
			})
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
}

// TestSearchWordsAreMadeAnew: a registry of an older program is found by the words of this
// one, and verify agrees with them.
func TestSearchWordsAreMadeAnew(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		for _, id := range []string{"a", "b"} {
			l := flegt.Licence{ID: id, State: flegt.Submitted, Version: 1, CreatedAt: time.Unix(1, 0), UpdatedAt: time.Unix(1, 0), Form: flegt.Form{Number: "17–" + id, BillOfLading: "BILL-1", Containers: "CSQU3054383"}}
			if err := tx.AddLicence(l); err != nil {
				return err
			}
		}
		for _, earlier := range []string{`DELETE FROM licence_word WHERE licence = 'a'`, `UPDATE licence_word SET word = ':bill:BILL-1' WHERE word = ':bill:BILL1'`,
			`UPDATE licence SET number_key = '17–' || upper(id)`} {
			if _, err := tx.SQL().Exec(earlier); err != nil {
				return err
			}
		}
		return tx.SaveSetting("licence_words", "1")
	})
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(t.Context(), store.Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(t.Context(), func(tx *store.Tx) error {
		if taken, err := tx.NumberLodged("17-b", "a"); !taken || err != nil {
			t.Errorf("the number is not found: %v", err)
		}
		same, err := tx.SameShipment("bill1", []string{"CSQU3054383"}, "a")
		if err != nil || len(same) != 1 || same[0].ID != "b" {
			t.Errorf("the same shipment: %v, %v", same, err)
		}
		return nothingAstray(t, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// nothingAstray wants every column and index to say what its row says.
func nothingAstray(t *testing.T, tx *store.Tx) error {
	t.Helper()
	return eachFiled(tx, func(f store.Filed) error {
		if len(f.Astray) > 0 {
			t.Errorf("%s: %v", f.ID, f.Astray)
		}
		return nil
	})
}

// eachFiled hands every row of every noun to fn, as verifying does.
func eachFiled(tx *store.Tx, fn func(store.Filed) error) error {
	v, err := tx.Verifying()
	if err != nil {
		return err
	}
	return v.EachFiled(store.Span{}, fn)
}
