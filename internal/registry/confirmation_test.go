package registry_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestAReceiptIsBound: a confirmation that was handed in before stands for the file in one
// licence's step, by whoever handed it in, within the hour, as it was given.
func TestAReceiptIsBound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		colleague := d.granted(d.citizen("colleague", "Kaj", "Kollega"), flegt.RoleAuthority, "CA-DK")
		l, other := d.lodged(licenceOne), d.lodged(licenceTwo)
		handIn := func() string {
			t.Helper()
			r, err := d.ReceiveConfirmation(ctx, d.officer, l.ID, "letter.pdf", strings.NewReader("%PDF-1.4\nLIU 17"))
			if err != nil {
				t.Fatal(err)
			}
			return r.Text
		}
		extend := func(a flegt.Actor, id, receipt string) error {
			_, err := d.ExtendLicence(ctx, a, id, 0, "2017-05-01", registry.Evidence{Reference: "LIU 17", Receipt: receipt})
			return err
		}
		_, err := d.ReceiveConfirmation(ctx, d.mette, l.ID, "letter.pdf", strings.NewReader("%PDF-1.4"))
		kind(t, err, flegt.Forbidden)
		_, err = d.ReceiveConfirmation(ctx, d.rival, l.ID, "letter.pdf", strings.NewReader("%PDF-1.4"))
		kind(t, err, flegt.NotFound)
		_, err = d.ReceiveConfirmation(ctx, d.officer, l.ID, "letter.txt", strings.NewReader("just words"))
		no(t, err, "scan.type")
		text := handIn()
		body, sum, _ := strings.Cut(text, ".")
		changed := "A"
		if strings.HasPrefix(sum, changed) {
			changed = "B"
		}
		for what, err := range map[string]error{
			"by a colleague":      extend(colleague, l.ID, text),
			"for another licence": extend(d.officer, other.ID, text),
			"without a signature": extend(d.officer, l.ID, body),
			"signed otherwise":    extend(d.officer, l.ID, body+"."+changed+sum[1:]),
			"made up":             extend(d.officer, l.ID, "e30.e30"),
		} {
			if e, refused := err.(*flegt.Error); !refused || len(e.Boxes) == 0 || e.Boxes[0].Key != "licence.receipt" {
				t.Errorf("%s: %v", what, err)
			}
		}
		late := handIn()
		before := d.now
		d.now = d.now.Add(time.Hour + time.Second)
		no(t, extend(d.officer, l.ID, late), "licence.receipt")
		d.now = before
		if err := extend(d.officer, l.ID, text); err != nil {
			t.Fatal(err)
		}
		c, err := d.Licence(ctx, d.officer, l.ID)
		if err != nil || len(c.Licence.Confirmations) != 1 || c.Licence.ValidUntil() != "2017-05-01" {
			t.Fatalf("%v %+v", err, c.Licence.Confirmations)
		}
		if _, f, err := d.Scan(ctx, d.mette, l.ID, c.Licence.Confirmations[0].Confirmation.File.ID); err != nil {
			t.Error(err)
		} else {
			f.Close()
		}
		no(t, extend(d.officer, l.ID, text), "licence.extend.once")
		d.agrees()
	})
}
