package store_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// manyExporters are 4,000 licences whose exporters' words are each common: "wood" in all,
// "alder" in the older half, "birch" in every second of the newer ones, and of the older
// ones in 30 alone.
func manyExporters(tx *store.Tx) (all []flegt.Licence, err error) {
	for i := range 4000 {
		exporter := "PT Wood"
		if i < 2000 {
			exporter += " Alder"
		}
		if i >= 2000 && i%2 == 0 || i < 1980 && i%66 == 0 {
			exporter += " Birch"
		}
		l := licence(fmt.Sprintf("l%05d", i), "op", fmt.Sprintf("26.%05d", (i*7)%4000), flegt.Submitted)
		l.ImportCountry, l.Form.Export, l.Form.Licensee.Name = "DK", "ID", exporter
		l.UpdatedAt, l.SubmittedAt = day.Add(time.Duration(i)*time.Minute), day.Add(time.Duration(i/3)*time.Hour)
		l.Form.Expires = flegt.DateOf(day.AddDate(0, 0, i%90))
		all = append(all, l)
	}
	return all, tx.AddLicences(all)
}

// listOrders are orders of a list by name.
var listOrders = map[string]func(a, b flegt.Licence) int{
	"updated":   func(a, b flegt.Licence) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
	"submitted": func(a, b flegt.Licence) int { return a.SubmittedAt.Compare(b.SubmittedAt) },
	"number":    func(a, b flegt.Licence) int { return cmp.Compare(a.Form.Number, b.Form.Number) },
	"expires":   func(a, b flegt.Licence) int { return cmp.Compare(a.Form.Expires, b.Form.Expires) },
}

// TestCommonWordsAreFoundThroughout: whatever way a list is read, it gives the page that
// going through all of it gives, and never claims more than there are.
func TestCommonWordsAreFoundThroughout(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var all []flegt.Licence
		update(t, db, func(tx *store.Tx) (err error) {
			all, err = manyExporters(tx)
			return err
		})
		err := db.View(t.Context(), func(tx *store.Tx) error {
			for _, text := range []string{"wood", "alder", "birch", "alder birch", "wood alder bir", "birch wood", "alder 26.00007", "oak", "wood oak"} {
				for sort, by := range listOrders {
					for _, q := range []store.LicenceQuery{{}, {Asc: true}, {Offset: 25}, {Offset: 50, Limit: 10}} {
						q.Scope, q.Text, q.Sort = flegt.Scope{Operator: "op"}, text, sort
						p, err := tx.LicencePage(q, 1000)
						if err != nil {
							return err
						}
						checkPage(t, q, p, goneThrough(all, q, by))
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// goneThrough is what a list should hold, all of it in its order.
func goneThrough(all []flegt.Licence, q store.LicenceQuery, by func(a, b flegt.Licence) int) (ids []string) {
	fits := slices.DeleteFunc(slices.Clone(all), func(l flegt.Licence) bool {
		words := strings.Fields(strings.ToLower(l.Form.Licensee.Name + " " + strings.ReplaceAll(l.Form.Number, ".", " ")))
		for _, typed := range strings.Fields(strings.ReplaceAll(q.Text, ".", " ")) {
			if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, typed) }) {
				return true
			}
		}
		return false
	})
	slices.SortFunc(fits, func(a, b flegt.Licence) int {
		n := cmp.Or(by(a, b), cmp.Compare(a.ID, b.ID))
		if !q.Asc {
			n = -n
		}
		return n
	})
	for _, l := range fits {
		ids = append(ids, l.ID)
	}
	return ids
}

func checkPage(t *testing.T, q store.LicenceQuery, p store.LicencePage, want []string) {
	t.Helper()
	name := fmt.Sprint(q.Text, " by ", q.Sort, q.Asc, q.Offset)
	var got []string
	for _, l := range p.Rows {
		got = append(got, l.ID)
	}
	from := min(q.Offset, len(want))
	if page := want[from:min(from+cmp.Or(q.Limit, 25), len(want))]; !slices.Equal(got, page) {
		t.Errorf("%s: %v, not %v", name, got, page)
	}
	if more := len(want) > q.Offset+len(got); p.Count > len(want) || !p.More && p.Count != len(want) || more && p.Count <= q.Offset+len(got) {
		t.Errorf("%s: %d of %d are counted, more: %v", name, p.Count, len(want), p.More)
	}
}

// TestCommonWordsThatStandTogetherSeldom: the page says that it searched the first licences
// alone, and the whole finds what is further on.
func TestCommonWordsThatStandTogetherSeldom(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error {
			var all []flegt.Licence
			for i := range 4600 {
				exporter := []string{"Cedar", "Dogwood"}[i%2]
				if i == 7 {
					exporter = "Cedar Dogwood"
				}
				l := licence(fmt.Sprintf("l%05d", i), "op", fmt.Sprintf("26.%05d", i), flegt.Submitted)
				l.ImportCountry, l.Form.Export, l.Form.Licensee.Name = "DK", "ID", exporter
				l.UpdatedAt = day.Add(time.Duration(i) * time.Minute)
				all = append(all, l)
			}
			return tx.AddLicences(all)
		})
		err := db.View(t.Context(), func(tx *store.Tx) error {
			for _, c := range []struct {
				q        store.LicenceQuery
				searched int
				rows     []string
			}{
				{store.LicenceQuery{}, 2000, nil},
				{store.LicenceQuery{Asc: true}, 2000, []string{"l00007"}},
				{store.LicenceQuery{Whole: true}, 0, []string{"l00007"}},
				{store.LicenceQuery{Asc: true, Whole: true}, 0, []string{"l00007"}},
			} {
				c.q.Scope, c.q.Text = flegt.Scope{Operator: "op"}, "cedar dogwood"
				p, err := tx.LicencePage(c.q, 1000)
				if err != nil {
					return err
				}
				var got []string
				for _, l := range p.Rows {
					got = append(got, l.ID)
				}
				if p.Searched != c.searched || p.Count != len(c.rows) || p.More || !slices.Equal(got, c.rows) {
					t.Errorf("%+v: %v of %d, %d searched, more: %v", c.q, got, p.Count, p.Searched, p.More)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestManyLicencesOfOneDay: where all expire on the same day, common words are looked for among the
// first licences as elsewhere, and no further.
func TestManyLicencesOfOneDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error {
			var all []flegt.Licence
			for i := range 1500 {
				l := licence(fmt.Sprintf("l%05d", i), "op", fmt.Sprintf("26.%05d", i), flegt.Submitted)
				l.Form.Licensee.Name, l.Form.Expires = "PT Wood", "2026-12-01"
				all = append(all, l)
			}
			return tx.AddLicences(all)
		})
		err := db.View(t.Context(), func(tx *store.Tx) error {
			p, err := tx.LicencePage(store.LicenceQuery{Scope: flegt.Scope{Operator: "op"}, Text: "wood", Sort: "expires", Asc: true, Offset: 25}, 1000)
			if err != nil {
				return err
			}
			if len(p.Rows) != 25 || p.Rows[0].ID != "l00025" || p.Rows[24].ID != "l00049" {
				t.Errorf("the second page has %d licences, from %s on", len(p.Rows), p.Rows[0].ID)
			}
			if p.Count < 100 || p.Count > 200 || !p.More {
				t.Errorf("%d are counted, more: %v", p.Count, p.More)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestAPageWithoutGoods: where goods lines are not asked for, everything else of a licence is read, however
// the list is.
func TestAPageWithoutGoods(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error {
			var all []flegt.Licence
			for i := range 1200 {
				l := licence(fmt.Sprintf("l%05d", i), "op", fmt.Sprintf("26.%05d", i*7919%1200), flegt.Submitted)
				l.Form.Licensee.Name, l.Form.Invoice, l.NextLine = "PT Wood", fmt.Sprint("INV-", i), 3
				l.Form.Goods = []flegt.GoodsLine{{Line: 1, Description: "Chair", HS: "9401.69", Harvest: []string{"ID"}, Weight: "1"}, {Line: 2, Species: []flegt.Species{{Common: "Jati"}}}}
				l.UpdatedAt = day.Add(time.Duration(i) * time.Minute)
				all = append(all, l)
			}
			return tx.AddLicences(all)
		})
		for _, q := range []store.LicenceQuery{{}, {Text: "wood"}, {Text: "wood", Sort: "number"}, {Text: "wood 26.00007"}, {States: []string{"submitted"}, Sort: "expires", Asc: true}} {
			err := db.View(t.Context(), func(tx *store.Tx) error {
				q.Scope = flegt.Scope{Operator: "op"}
				whole, err := tx.LicencePage(q, 1000)
				if err != nil {
					return err
				}
				q.NoGoods = true
				p, err := tx.LicencePage(q, 1000)
				if err != nil {
					return err
				}
				if len(p.Rows) == 0 || len(p.Rows) != len(whole.Rows) || p.Count != whole.Count {
					t.Errorf("%+v: %d of %d", q, len(p.Rows), len(whole.Rows))
				}
				for i, l := range whole.Rows {
					if len(l.Form.Goods) != 2 {
						t.Errorf("%+v: %s has %d goods lines", q, l.ID, len(l.Form.Goods))
					}
					if l.Form.Goods = nil; !reflect.DeepEqual(l, p.Rows[i]) {
						t.Errorf("%+v: %+v, not %+v", q, p.Rows[i], l)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
