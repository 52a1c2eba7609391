package registry_test

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestEventsOfTheDesk: the authority reads what happened to its dossiers, whoever was asked
// what happened to the question, and nobody else either.
func TestEventsOfTheDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		d.address()
		people := map[string]flegt.Actor{"importer": d.importer, "authority": d.anders, "swede": d.holder("swede", flegt.RoleAuthority, "CA-SE", "SE"),
			"siti": d.holder("siti", flegt.RoleLicensing, flegt.LicensingID("ID"), "ID"), "ghana": d.holder("kofi", flegt.RoleLicensing, flegt.LicensingID("GH"), "GH"),
			"customs": d.holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")}
		l := d.lodge(first)
		one, two := d.asks(l, flegt.ToImporter, "2016-12-13"), d.asks(l, flegt.ToIssuing, "2016-12-27")
		sees := map[string][3]bool{ // the dossier, the question to the importer, the question to Indonesia
			"importer": {false, true, false}, "authority": {true, true, true}, "swede": {}, "siti": {false, false, true}, "ghana": {}, "customs": {},
		}
		for name, a := range people {
			found, _, more, err := d.Events(ctx, a, 0, 500)
			if err != nil || more {
				t.Fatal(name, more, err)
			}
			var got [3]bool
			for _, e := range found {
				for i, id := range []string{flegt.DossierID(l.ID), one.ID, two.ID} {
					got[i] = got[i] || e.NounID == id
				}
			}
			if got != sees[name] {
				t.Errorf("%s sees %v, want %v", name, got, sees[name])
			}
		}
	})
}
