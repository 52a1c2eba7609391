package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestStandings lists accepted licences by how they stand on a day, read page by page.
func TestStandings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		goods := []flegt.GoodsLine{{Line: 1, Volume: "10"}}
		moved := map[string]flegt.Quantity{"begun": 4 * flegt.Million, "begun, late": 4 * flegt.Million, "begun, no day": 4 * flegt.Million, "used up": 10 * flegt.Million, "used up, late": 10 * flegt.Million}
		update(t, db, func(tx *store.Tx) error {
			for i, name := range []string{"open", "late", "begun", "begun, late", "used up", "used up, late", "submitted", "no day", "begun, no day"} {
				state := flegt.Accepted
				if name == "submitted" {
					state = flegt.Submitted
				}
				l := licence(name, "op", fmt.Sprintf("26.%05d", i), state)
				l.ImportCountry, l.Form.Goods, l.Form.Expires = "DK", goods, "2026-12-01"
				if name == "late" || name == "begun, late" || name == "used up, late" {
					l.Form.Expires = "2026-11-30"
				}
				if name == "no day" || name == "begun, no day" {
					l.Form.Expires = ""
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
		for standing, want := range map[flegt.LicenceStanding]string{flegt.LicenceOpen: "[begun, no day no day begun, late begun open]", flegt.LicenceExpired: "[late]", flegt.LicenceUsedUp: "[used up, late used up]"} {
			q := store.LicenceQuery{Scope: flegt.Scope{Country: "DK"}, Sort: "expires", Asc: true, Standing: standing, Today: "2026-12-01", Limit: 1}
			err := db.View(t.Context(), func(tx *store.Tx) error {
				for skip := range 7 {
					rest := q
					rest.Limit, rest.Offset = 10, skip
					all, err := tx.Licences(rest)
					if err != nil {
						return err
					}
					ids := make([]string, len(all))
					for i, l := range all {
						ids[i] = l.ID
					}
					if text := fmt.Sprint(ids); !strings.HasSuffix(want, strings.TrimPrefix(text, "[")) || skip == 0 && text != want {
						t.Errorf("%s without the first %d: %s, want %s", standing, skip, text, want)
					}
					if rest.Limit = 1; len(all) > 0 {
						if one, err := tx.Licences(rest); err != nil || len(one) != 1 || one[0].ID != all[0].ID {
							t.Errorf("%s: one after %d: %v, %v", standing, skip, one, err)
						}
					}
				}
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
