package registry_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestFeesAreListedAndAddedUp: by currency and period, for the officer's own authority.
func TestFeesAreListedAndAddedUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		d.lodge(first)
		charge := func(cents int64, currency string, from flegt.Date) {
			fee := flegt.Fee{From: from, Cents: cents, Currency: currency, Source: "BEK 1"}
			if err := d.EditDesk(ctx, d.anders, 0, registry.DeskEdit{Fee: &fee}); err != nil {
				t.Fatal(err)
			}
		}
		charge(3150, "DKK", "2016-01-01")
		second := d.lodge(second)
		d.lodge("16.00001-00003.001-ID-DK")
		charge(500, "EUR", "2016-01-01")
		d.lodge("16.00001-00004.001-ID-DK")
		rows, sums, err := d.Fees(ctx, d.anders, registry.FeeQuery{})
		if err != nil || len(rows) != 3 || len(sums) != 2 || sums[0] != (registry.FeeSum{Currency: "DKK", Count: 2, Cents: 6300}) || sums[1] != (registry.FeeSum{Currency: "EUR", Count: 1, Cents: 500}) {
			t.Fatal(err, len(rows), sums)
		}
		if rows[0].Licence != second.ID || rows[0].Fee.Cents != 3150 {
			t.Errorf("the first fee is %+v", rows[0])
		}
		now := rows[0].LodgedAt
		for _, c := range []struct {
			q    registry.FeeQuery
			want int
		}{{registry.FeeQuery{Limit: 2, Offset: 2}, 1}, {registry.FeeQuery{From: now.Add(time.Hour)}, 0}, {registry.FeeQuery{Until: now}, 0}, {registry.FeeQuery{From: now.Add(-time.Hour), Until: now.Add(time.Hour)}, 3},
			{registry.FeeQuery{Importer: "NORDISK"}, 3}, {registry.FeeQuery{Importer: "nobody"}, 0}} {
			if rows, _, err := d.Fees(ctx, d.anders, c.q); err != nil || len(rows) != c.want {
				t.Errorf("%+v: %d, %v", c.q, len(rows), err)
			}
		}
		swede := d.holder("swede", flegt.RoleAuthority, "CA-SE", "SE")
		if rows, sums, err := d.Fees(ctx, swede, registry.FeeQuery{Country: "DK"}); err != nil || len(rows)+len(sums) != 0 {
			t.Error("another authority's fees:", rows, sums, err)
		}
		if _, _, err := d.Fees(ctx, d.importer, registry.FeeQuery{}); flegt.KindOf(err) != flegt.NotFound {
			t.Error("an importer lists fees:", err)
		}
		if all, err := d.AllFees(ctx, d.anders, registry.FeeQuery{}); err != nil || len(all) != 3 {
			t.Error(len(all), err)
		}
		if _, err := d.AcceptLicence(ctx, d.anders, second.ID, 0); err != nil { // the fee stays when the dossier changes
			t.Fatal(err)
		}
		if _, sums, err := d.Fees(ctx, d.anders, registry.FeeQuery{}); err != nil || sums[0].Count != 2 {
			t.Error(sums, err)
		}
		d.agrees()
	})
}

// TestPreviousCases: of the same importer and exporter, newest first, abroad as a number.
func TestPreviousCases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		a, b := d.lodge(first), d.lodge(second)
		if _, err := d.RejectLicence(ctx, d.anders, a.ID, 0, "tolerance", "14 % off"); err != nil {
			t.Fatal(err)
		}
		abroad, err := d.NewDraft(ctx, d.importer, form("16.00001-00009.001-ID-SE"), "SE")
		if err == nil {
			_, err = d.AddScan(ctx, d.importer, abroad.ID, "scan.pdf", strings.NewReader("%PDF-1.4\nabroad"))
		}
		if err == nil {
			_, err = d.SubmitLicence(ctx, d.importer, abroad.ID, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		operator, exporter, err := d.PreviousCases(ctx, d.anders, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		for name, p := range map[string]registry.Previous{"operator": operator, "exporter": exporter} {
			if len(p.Licences) != 1 || p.Licences[0].ID != a.ID || p.Licences[0].State != flegt.Rejected || p.Licences[0].ReasonCode != "tolerance" || p.Elsewhere != 1 {
				t.Errorf("%s: %+v", name, p)
			}
		}
		for n := range 12 {
			d.lodge(fmt.Sprintf("16.00002-%05d.001-ID-DK", n+1))
		}
		operator, _, err = d.PreviousCases(ctx, d.anders, b.ID)
		if err != nil || len(operator.Licences) != 10 || operator.Licences[9].ID == a.ID {
			t.Errorf("%d cases, %v", len(operator.Licences), err)
		}
		for _, who := range []flegt.Actor{d.importer, d.holder("swede", flegt.RoleAuthority, "CA-SE", "SE"), d.holder("toldi", flegt.RoleCustoms, "CUSTOMS-DK", "DK")} {
			if _, _, err := d.PreviousCases(ctx, who, b.ID); flegt.KindOf(err) != flegt.NotFound {
				t.Errorf("%s: %v", who.Role, err)
			}
		}
	})
}

// TestVerifyReadsDossiers changes what the columns of a dossier say, behind the program's back.
func TestVerifyReadsDossiers(t *testing.T) {
	for change, says := range map[string]string{
		`UPDATE dossier SET fee_cents = 1`:        "fee_cents not as its body says",
		`UPDATE dossier SET fee_cents = NULL`:     "fee_cents not as its body says",
		`UPDATE dossier SET fee_currency = 'EUR'`: "fee_currency not as its body says",
		`UPDATE dossier SET operator = 'rival'`:   "operator not as its body says",
	} {
		d := openDesk(t, storetest.SQLite(t))
		fee := flegt.Fee{From: "2016-01-01", Cents: 3150, Currency: "DKK", Source: "BEK 1"}
		if err := d.EditDesk(ctx, d.anders, 0, registry.DeskEdit{Fee: &fee}); err != nil {
			t.Fatal(err)
		}
		d.lodge(first)
		d.agrees()
		tamper(t, d.db, change)
		if found := verify(t, d.db); !strings.Contains(found, says) {
			t.Errorf("%s: found %q, want %q", change, found, says)
		}
	}
}
