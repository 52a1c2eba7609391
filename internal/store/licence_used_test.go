package store_test

import (
	"fmt"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestStandings lists accepted licences by how they stand on a day, read page by page.
func TestStandings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		goods := []flegt.GoodsLine{{Line: 1, Volume: "10"}}
		moved := map[string]flegt.Quantity{"begun": 4 * flegt.Million, "begun, late": 4 * flegt.Million, "used up": 10 * flegt.Million, "used up, late": 10 * flegt.Million}
		update(t, db, func(tx *store.Tx) error {
			for i, name := range []string{"open", "late", "begun", "begun, late", "used up", "used up, late", "submitted"} {
				state := flegt.Accepted
				if name == "submitted" {
					state = flegt.Submitted
				}
				l := licence(name, "op", fmt.Sprintf("26.%05d", i), state)
				l.ImportCountry, l.Form.Goods, l.Form.Expires = "DK", goods, "2026-12-01"
				if name == "late" || name == "begun, late" || name == "used up, late" {
					l.Form.Expires = "2026-11-30"
				}
				if err := tx.AddLicence(l); err != nil {
					return err
				}
				g := flegt.Ledger{Licence: l}
				if q := moved[name]; q > 0 {
					for _, kind := range []flegt.MovementKind{flegt.MoveReserve, flegt.MoveConsume} {
						g.Movements = append(g.Movements, flegt.Movement{ID: name + string(kind), Licence: l.ID, Line: 1, MRN: "m", Unit: flegt.CubicMetre, Quantity: q, Kind: kind})
					}
				}
				if err := tx.SaveUse(g); err != nil {
					return err
				}
			}
			return nil
		})
		for standing, want := range map[flegt.LicenceStanding]string{flegt.LicenceOpen: "[begun, late begun open]", flegt.LicenceExpired: "[late]", flegt.LicenceUsedUp: "[used up, late used up]"} {
			q := store.LicenceQuery{Scope: flegt.Scope{Country: "DK"}, Sort: "expires", Asc: true, Standing: standing, Today: "2026-12-01", Limit: 1}
			err := db.View(t.Context(), func(tx *store.Tx) error {
				var got []string
				for {
					page, err := tx.Licences(q)
					if err != nil || len(page) == 0 {
						if n, failed := tx.CountLicences(store.LicenceQuery{Scope: q.Scope, Standing: standing, Today: q.Today}, 100); n != len(got) || failed != nil {
							t.Errorf("%s: %d are counted, %v", standing, n, failed)
						}
						if fmt.Sprint(got) != want {
							t.Errorf("%s: %v, want %s", standing, got, want)
						}
						return err
					}
					got = append(got, page[0].ID)
					q.AfterExpiry, q.After = page[0].ValidUntil(), page[0].ID
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
