package registry_test

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestCopying: what is the same next time, from a licence in any state, one draft a key, and
// nothing for anybody but the operator.
func TestCopying(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		f := form(licenceOne)
		f.BillOfLading, f.Containers, f.BarCode, f.Lot, f.Marks = "MAEU 570", "CSQU3054383", "123", "L1", "M"
		f.Arrival, f.ArrivalPlace, f.Remarks, f.OwnInvoice = "2016-12-20", "Aarhus", "hello", "MINE"
		source, err := d.NewDraft(ctx, d.mette, f, "DE")
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []flegt.Actor{d.rival, d.officer} {
			_, err := d.CopyLicence(ctx, other, source.ID, d.DraftID())
			kind(t, err, flegt.NotFound)
		}
		key := d.DraftID()
		copied, err := d.CopyLicence(ctx, d.mette, source.ID, key)
		if err != nil || copied.State != flegt.Draft || copied.ImportCountry != "DE" || copied.ID != key {
			t.Fatal(err, copied)
		}
		got := copied.Form
		for name, v := range map[string]string{"number": got.Number, "issued": string(got.Issued), "expires": string(got.Expires), "invoice": got.Invoice,
			"own": got.OwnInvoice, "bill": got.BillOfLading, "containers": got.Containers, "bar code": got.BarCode, "lot": got.Lot, "marks": got.Marks,
			"arrival": string(got.Arrival), "remarks": got.Remarks, "volume": string(got.Goods[0].Volume + got.Goods[0].Weight + got.Goods[0].Units)} {
			if v != "" {
				t.Errorf("%s was copied: %s", name, v)
			}
		}
		if got.Licensee != f.Licensee || got.IssuingBody != f.IssuingBody || got.ArrivalPlace != "Aarhus" || len(got.Goods) != 2 || got.Goods[1].HS != "4407.29" || got.Goods[1].Species[0].Scientific != "Tectona grandis" {
			t.Errorf("%+v", got)
		}
		_, err = d.CopyLicence(ctx, d.mette, source.ID, key)
		no(t, err, "licence.begun")
		c, err := d.Licence(ctx, d.mette, key)
		if err != nil || len(c.History) != 1 || c.History[0].Data["copied_from"] != source.ID {
			t.Errorf("%v %+v", err, c.History)
		}
		d.agrees()
	})
}
