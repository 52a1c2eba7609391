package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestArrivalsOfEachDay changes dossiers at random and compares what is expected day by day with a
// count of the dossiers themselves; what is decided is accepted or not as its licence is. A part of a change that is taken back counts nothing.
func TestArrivalsOfEachDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		random := rand.New(rand.NewPCG(3, 15))
		var all []flegt.Dossier
		states := map[string]flegt.LicenceState{}
		choose := func(d *flegt.Dossier) {
			d.Country = []string{"DK", "SE"}[random.IntN(2)]
			d.Standing = []flegt.Standing{flegt.DossierOpen, flegt.DossierWaiting, flegt.DossierDecided}[random.IntN(3)]
			d.Facts.Arrival = []flegt.Date{"", "2016-12-20", "2016-12-21", "2017-01-02"}[random.IntN(4)]
		}
		for round := range 40 {
			if round < 20 {
				d := flegt.Dossier{Licence: fmt.Sprintf("l%05d", round), LodgedAt: day, Version: 1}
				choose(&d)
				states[d.Licence] = decisions[random.IntN(len(decisions))]
				update(t, db, func(tx *store.Tx) error {
					if err := tx.AddLicence(licence(d.Licence, "op", fmt.Sprintf("26.%05d", round), states[d.Licence])); err != nil {
						return err
					}
					return tx.AddDossier(d)
				})
				all = append(all, d)
			}
			at, taken := random.IntN(len(all)), all[random.IntN(len(all))]
			choose(&all[at])
			choose(&taken)
			saved := all[at]
			if taken.Licence == saved.Licence {
				taken.Version++
			}
			update(t, db, func(tx *store.Tx) error {
				saved = all[at]
				if err := tx.SaveDossier(&saved); err != nil {
					return err
				}
				err := tx.Try(func() error {
					again := taken
					if err := tx.SaveDossier(&again); err != nil {
						return err
					}
					return flegt.Missing()
				})
				return but(err, flegt.NotFound)
			})
			all[at] = saved
			l := licence(saved.Licence, "op", "26."+saved.Licence[1:], states[saved.Licence])
			if l.State == flegt.Accepted && random.IntN(3) == 0 { // after it was decided
				update(t, db, func(tx *store.Tx) error {
					before := l
					l.State = flegt.AcceptanceWithdrawn
					if err := tx.SaveLicence(before, &l); err != nil {
						return err
					}
					return tx.SettleDossier(l.ID)
				})
				states[l.ID] = l.State
			}
			for _, country := range []string{"DK", "SE", "NO"} {
				err := db.View(t.Context(), func(tx *store.Tx) error {
					got, err := tx.Arrivals(country, "2016-12-21", "2017-01-02")
					if want := arrivalsAmong(all, states, country, "2016-12-21", "2017-01-02"); !slices.Equal(got, want) {
						t.Fatalf("round %d, %s: %+v, not %+v", round, country, got, want)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

var decisions = []flegt.LicenceState{flegt.Submitted, flegt.Accepted, flegt.Rejected, flegt.Withdrawn}

// arrivalsAmong counts dossiers one by one.
func arrivalsAmong(all []flegt.Dossier, states map[string]flegt.LicenceState, country string, days ...flegt.Date) (out []store.Arrivals) {
	for _, on := range days {
		a := store.Arrivals{Day: on}
		for _, d := range all {
			switch {
			case d.Country != country || d.Facts.Arrival != on:
			case d.Standing == flegt.DossierDecided && states[d.Licence] == flegt.Accepted:
				a.Accepted++
			case d.Standing == flegt.DossierDecided:
				a.Unaccepted++
			default:
				a.Open++
			}
		}
		if a.All() > 0 {
			out = append(out, a)
		}
	}
	return out
}
