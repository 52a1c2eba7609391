package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
	"pgregory.net/rapid"
)

// shuffled are 2,700 licences whose ids rise with the moment of their last change, but for every
// fortieth; their exporters' words are all common. Cedar and dogwood stand together seldom, "elm" is the
// beginning of more words than are asked for one by one, "oak" of two.
func shuffled(tx *store.Tx) (all []flegt.Licence, err error) {
	of := rand.New(rand.NewPCG(3, 9))
	for i := range 2700 {
		exporter := []string{"Cedar", "Dogwood", "Cedar Dogwood"}[min(of.IntN(41)/20, 2)] + fmt.Sprintf(" Elm%c", 'a'+of.IntN(6))
		for _, word := range []string{"Alder", "Birch", "Fir"} {
			if of.IntN(10) < 6 {
				exporter += " " + word
			}
		}
		exporter += []string{" Oak", " Oaken", ""}[of.IntN(3)]
		state := []flegt.LicenceState{flegt.Submitted, flegt.Accepted}[of.IntN(2)]
		l := licence(fmt.Sprintf("l%05d", i), "op", fmt.Sprintf("26.%05d", of.IntN(1_000_000)*10_000+i), state)
		l.ImportCountry, l.Form.Export, l.Form.Licensee.Name = "DK", "ID", exporter
		changed := i + of.IntN(30)
		if i%40 == 0 {
			changed = of.IntN(2700)
		}
		l.UpdatedAt, l.SubmittedAt = day.Add(time.Duration(changed)*time.Minute), day.Add(time.Duration(i/3)*time.Hour)
		l.Form.Expires = flegt.DateOf(day.AddDate(0, 0, of.IntN(90)))
		all = append(all, l)
	}
	return all, tx.AddLicences(all)
}

// TestQuickSearchFindsWhatAFullScanFinds: for any common words, order, state and page, a list gives
// what going through all licences gives, wherever it does not say that it searched the first alone.
func TestQuickSearchFindsWhatAFullScanFinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var all []flegt.Licence
		update(t, db, func(tx *store.Tx) (err error) {
			all, err = shuffled(tx)
			return err
		})
		scopes := []flegt.Scope{{Operator: "op"}, {Country: "DK"}, {Export: "ID"}, {All: true}}
		rapid.Check(t, func(rt *rapid.T) {
			q := store.LicenceQuery{
				Scope:  rapid.SampledFrom(scopes).Draw(rt, "scope"),
				Text:   strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"alder", "birch", "fir", "cedar", "dogwood", "elm", "oak", "al"}), 1, 4, rapid.ID).Draw(rt, "words"), " "),
				Sort:   rapid.SampledFrom([]string{"updated", "submitted", "number", "expires"}).Draw(rt, "sort"),
				Asc:    rapid.Bool().Draw(rt, "asc"),
				Offset: rapid.SampledFrom([]int{0, 25, 50, 475, 500, 1000}).Draw(rt, "offset"),
				Limit:  rapid.SampledFrom([]int{0, 10, 100}).Draw(rt, "limit"),
				States: rapid.SampledFrom([][]string{nil, {"submitted"}, {"accepted", "rejected"}}).Draw(rt, "states"),
				Whole:  rapid.Bool().Draw(rt, "whole"),
			}
			within := all
			if q.States != nil {
				within = slices.DeleteFunc(slices.Clone(all), func(l flegt.Licence) bool { return !slices.Contains(q.States, string(l.State)) })
			}
			err := db.View(t.Context(), func(tx *store.Tx) error {
				p, err := tx.LicencePage(q, 1000)
				if err != nil || p.Searched > 0 {
					return err
				}
				checkPage(t, q, p, goneThrough(within, q, listOrders[q.Sort]))
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
			if t.Failed() {
				rt.Fatal("the page differs")
			}
		})
	})
}

// TestFewAreLeftOfManyWords: when under the first of many common words few of a list are left, those
// that stand under the others as well are found among them.
func TestFewAreLeftOfManyWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const all = 5120
		var want []string
		update(t, db, func(tx *store.Tx) error {
			var lodged []flegt.Licence
			for i := range all {
				l := licence(fmt.Sprintf("l%05d", i), "op", fmt.Sprintf("26.%05d", i), flegt.Submitted)
				for bit, word := range []string{" Alder", " Birch", " Cedar", " Dogwood", " Elder"} {
					if i>>bit&1 == 1 {
						l.Form.Licensee.Name += word
					}
				}
				l.UpdatedAt = day.Add(time.Duration(i) * time.Minute)
				if lodged = append(lodged, l); i%32 == 31 {
					want = append(want, l.ID)
				}
			}
			return tx.AddLicences(lodged)
		})
		slices.Reverse(want)
		for _, offset := range []int{0, 25, 50} {
			err := db.View(t.Context(), func(tx *store.Tx) error {
				p, err := tx.LicencePage(store.LicenceQuery{Scope: flegt.Scope{Operator: "op"}, Text: "alder birch cedar dogwood elder", Offset: offset}, 1000)
				if err != nil {
					return err
				}
				var got []string
				for _, l := range p.Rows {
					got = append(got, l.ID)
				}
				if page := want[offset:][:len(got)]; !slices.Equal(got, page) || p.Count < offset+len(got) || p.Count > len(want) {
					t.Errorf("from %d on: %v of %d, not %v", offset, got, p.Count, page)
				}
				if offset < 50 && (len(got) != 25 || p.Searched != 0) {
					t.Errorf("from %d on: %d are found among the first %d", offset, len(got), p.Searched)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
