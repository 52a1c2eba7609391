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

// table makes a table of licences, one row each after the headings.
func table(forms ...flegt.Form) []flegt.BulkLicence {
	var out []flegt.BulkLicence
	row := 2
	for _, f := range forms {
		l := flegt.BulkLicence{Form: f, Row: row}
		for range f.Goods {
			l.LineRows = append(l.LineRows, row)
			row++
		}
		out = append(out, l)
	}
	return out
}

// settled waits until nothing goes on with the account's table.
func settled(t testing.TB, o *registry.Office, a flegt.Actor, id string) registry.Bulk {
	t.Helper()
	for range 60_000 {
		b, err := o.Bulk(ctx, a, id)
		if err != nil {
			t.Fatal(err)
		}
		if b.Working() {
			time.Sleep(time.Millisecond)
			continue
		}
		if b.Outcomes != nil {
			if b.Items, err = o.BulkResults(ctx, a, b.ID, 0, b.Total); err != nil {
				t.Fatal(err)
			}
		}
		return b
	}
	t.Fatal("it does not come to an end")
	return registry.Bulk{}
}

func (d counter) dryRun(a flegt.Actor, forms ...flegt.Form) registry.Bulk {
	d.t.Helper()
	b, err := d.BeginBulk(ctx, a, "licences.csv", table(forms...), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return settled(d.t, d.Office, a, b.ID)
}

func (d counter) imported(a flegt.Actor, update bool, forms ...flegt.Form) registry.Bulk {
	d.t.Helper()
	b := d.dryRun(a, forms...)
	if err := d.ImportBulk(ctx, a, b.ID, update); err != nil {
		d.t.Fatal(err)
	}
	return settled(d.t, d.Office, a, b.ID)
}

func outcomes(b registry.Bulk) (out []string) {
	for _, i := range b.Items {
		out = append(out, i.Outcome)
	}
	return out
}

// TestBulkEntry: a dry run that stores nothing, drafts of what has no errors, no second draft
// by the same file, and changes when they are wanted.
func TestBulkEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		lodged, err := d.NewDraft(ctx, d.rival, form("16.00123-00456.009-ID-DK"), "")
		if err == nil {
			_, err = d.AddScan(ctx, d.rival, lodged.ID, "s.pdf", strings.NewReader("%PDF-1.4\n"))
		}
		if err == nil {
			_, err = d.SubmitLicence(ctx, d.rival, lodged.ID, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		good, bad, taken := form(licenceOne), form(licenceTwo), form("16.00123-00456.009-ID-DK")
		bad.Goods[1].HS = "94"
		b := d.dryRun(d.mette, good, bad, taken)
		ok, look, wrong := b.Count()
		if b.Stage != flegt.BulkChecked || ok+look != 1 || wrong != 2 {
			t.Fatalf("%+v", b)
		}
		if c := worst(b.Items[1]); c.Row != 5 || c.Column != "hs" || c.Key != "check.hs_unknown" || c.Law == "" {
			t.Errorf("%+v", b.Items[1].Cells)
		}
		if c := worst(b.Items[2]); c.Row != 6 || c.Column != "number" || c.Key != "check.number_taken" {
			t.Errorf("%+v", b.Items[2].Cells)
		}
		if n := d.count(d.mette); n != 0 {
			t.Fatalf("the dry run stored %d licences", n)
		}
		for _, other := range []flegt.Actor{d.rival, d.officer} {
			_, err := d.Bulk(ctx, other, b.ID)
			kind(t, err, flegt.NotFound)
			if err := d.ImportBulk(ctx, other, b.ID, false); flegt.KindOf(err) != flegt.NotFound && flegt.KindOf(err) != flegt.Forbidden {
				t.Error(err)
			}
		}
		if err := d.ImportBulk(ctx, d.mette, b.ID, false); err != nil {
			t.Fatal(err)
		}
		no(t, d.ImportBulk(ctx, d.mette, b.ID, false), "bulk.begun")
		b = settled(t, d.Office, d.mette, b.ID)
		if got := fmt.Sprint(outcomes(b)); b.Stage != flegt.BulkDone || got != "[created skipped skipped]" || d.count(d.mette) != 1 {
			t.Fatal(b.Stage, got, d.count(d.mette))
		}
		id := b.Items[0].Licence
		// the same file again
		if b = d.imported(d.mette, false, good, bad, taken); fmt.Sprint(outcomes(b)) != "[left skipped skipped]" || b.Items[0].Licence != id || d.count(d.mette) != 1 {
			t.Error(outcomes(b))
		}
		changed := good
		changed.Invoice, changed.IssuePlace = "NEW", ""
		if b = d.imported(d.mette, true, changed); fmt.Sprint(outcomes(b)) != "[skipped]" {
			t.Error("a licence without its place of issue was imported:", outcomes(b))
		}
		changed.IssuePlace, changed.Transport = "Depok", "By air"
		if b = d.imported(d.mette, true, changed); fmt.Sprint(outcomes(b)) != "[updated]" {
			t.Error(outcomes(b), b.Items[0].Refused)
		}
		c, err := d.Licence(ctx, d.mette, id)
		if err != nil || c.Licence.Form.Invoice != "NEW" || c.Licence.Form.Transport != "By air" || len(c.Licence.Form.Goods) != 2 || c.Licence.Form.Goods[1].Line != 2 || c.History[1].Data["bulk"] != b.ID {
			t.Errorf("%v %+v", err, c.Licence.Form)
		}
		// changed by a colleague after the dry run
		b = d.dryRun(d.mette, good)
		if _, err := d.SaveDraft(ctx, d.mette, id, 0, changed, ""); err != nil {
			t.Fatal(err)
		}
		if err := d.ImportBulk(ctx, d.mette, b.ID, true); err != nil {
			t.Fatal(err)
		}
		if b = settled(t, d.Office, d.mette, b.ID); fmt.Sprint(outcomes(b)) != "[refused]" || b.Items[0].Refused.Key != "error.changed_meanwhile" {
			t.Error(outcomes(b), b.Items[0].Refused)
		}
		d.agrees()
	})
}

// count counts the licences that somebody may list.
func (d counter) count(a flegt.Actor) int {
	d.t.Helper()
	found, err := d.Licences(ctx, a, store.LicenceQuery{})
	if err != nil {
		d.t.Fatal(err)
	}
	return found.Count
}

func worst(i flegt.BulkItem) flegt.BulkCell {
	for _, c := range i.Cells {
		if c.Severity == flegt.Wrong {
			return c
		}
	}
	return flegt.BulkCell{}
}

// TestBulkEntryIsForgotten: when it is cancelled, when another file is chosen, after an hour;
// and nobody but operators begins one.
func TestBulkEntryIsForgotten(t *testing.T) {
	d := openCounter(t, storetest.SQLite(t))
	_, err := d.BeginBulk(ctx, d.officer, "x", table(form(licenceOne)), nil)
	kind(t, err, flegt.Forbidden)
	one := d.dryRun(d.mette, form(licenceOne))
	two := d.dryRun(d.mette, form(licenceTwo))
	_, err = d.Bulk(ctx, d.mette, one.ID)
	kind(t, err, flegt.NotFound)
	if err := d.CancelBulk(ctx, d.mette, two.ID); err != nil {
		t.Fatal(err)
	}
	_, err = d.Bulk(ctx, d.mette, "")
	kind(t, err, flegt.NotFound)
	three := d.dryRun(d.mette, form(licenceOne))
	d.now = d.now.Add(registry.KeepBulk + time.Minute)
	_, err = d.Bulk(ctx, d.mette, three.ID)
	kind(t, err, flegt.NotFound)
	kind(t, d.ImportBulk(ctx, d.mette, three.ID, false), flegt.NotFound)
}
