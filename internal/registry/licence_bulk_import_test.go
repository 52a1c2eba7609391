package registry_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// manyForms are licences with numbers of their own.
func manyForms(n int) []flegt.Form {
	out := make([]flegt.Form, n)
	for i := range out {
		out[i] = form(fmt.Sprintf("16.%05d-%05d.001-ID-DK", 20_000+i/100_000, i%100_000))
	}
	return out
}

// parts is how many parts an import of so many has, fewer where everything takes long.
func parts(n int) int {
	if raceOn {
		return n / 3
	}
	return n
}

// heldUp holds the one who writes; what comes after waits until the test lets go.
func heldUp(t *testing.T, db *store.DB) (letGo func()) {
	t.Helper()
	holding, go_, ended := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		ended <- db.Update(context.Background(), func(*store.Tx) error {
			close(holding)
			<-go_
			return nil
		})
	}()
	<-holding
	return func() {
		close(go_)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// underWay waits until an import has written its first part.
func underWay(t *testing.T, o *registry.Office, a flegt.Actor, id string) registry.Bulk {
	t.Helper()
	for range 60_000 {
		b, err := o.Bulk(ctx, a, id)
		if err != nil {
			t.Fatal(err)
		}
		if b.Done > 0 {
			return b
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("it does not begin")
	return registry.Bulk{}
}

// once checks that an import came to its end and made a draft of each licence, and no two.
func (d counter) once(b registry.Bulk, total int) {
	d.t.Helper()
	if b.Stage != flegt.BulkDone || b.Outcomes["created"] != total || len(b.Items) != total {
		d.t.Fatalf("%s %v, %d licences", b.Stage, b.Outcomes, len(b.Items))
	}
	seen := map[string]bool{}
	for _, i := range b.Items {
		if i.Outcome != "created" || i.Licence == "" || seen[i.Licence] {
			d.t.Fatalf("%+v", i)
		}
		seen[i.Licence] = true
	}
	drafts := 0
	err := d.db.View(ctx, func(tx *store.Tx) error {
		return tx.EachLicence(func(l flegt.Licence) error {
			drafts++
			if !seen[l.ID] {
				d.t.Errorf("%s was made by nobody", l.Form.Number)
			}
			return nil
		})
	})
	if err != nil || drafts != total {
		d.t.Errorf("%d drafts, %v", drafts, err)
	}
	d.agrees()
}

// TestAnImportIsStoppedAndGoesOn: what was imported before stays, the rest is told apart, and
// going on makes it once.
func TestAnImportIsStoppedAndGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		total := parts(25) * flegt.BulkPartSize
		b := d.dryRun(d.mette, manyForms(total)...)
		if err := d.ImportBulk(ctx, d.mette, b.ID, false); err != nil {
			t.Fatal(err)
		}
		underWay(t, d.Office, d.mette, b.ID)
		letGo := heldUp(t, db)
		stopped := make(chan error)
		go func() { stopped <- d.CancelBulk(ctx, d.mette, b.ID) }()
		_, err := d.BeginBulk(ctx, d.mette, "other.csv", table(form(licenceOne)), nil)
		no(t, err, "bulk.importing")
		letGo()
		if err := <-stopped; err != nil {
			t.Fatal(err)
		}
		b = settled(t, d.Office, d.mette, b.ID)
		if b.Stage != flegt.BulkCancelled || b.Done == 0 || b.Done >= total || !b.Resumable() {
			t.Fatal(b.Stage, b.Done)
		}
		if n := b.Outcomes["created"]; n != b.Done || b.Items[0].Outcome != "created" || b.Items[total-1].Outcome != "" {
			t.Errorf("%v %+v %+v", b.Outcomes, b.Items[0], b.Items[total-1])
		}
		for _, other := range []flegt.Actor{d.rival, d.officer} {
			if err := d.ImportBulk(ctx, other, b.ID, false); flegt.KindOf(err) != flegt.NotFound && flegt.KindOf(err) != flegt.Forbidden {
				t.Error(err)
			}
			_, err := d.BulkResults(ctx, other, b.ID, 0, 10)
			kind(t, err, flegt.NotFound)
		}
		if err := d.ImportBulk(ctx, d.mette, b.ID, false); err != nil {
			t.Fatal(err)
		}
		no(t, d.ImportBulk(ctx, d.mette, b.ID, false), "bulk.begun")
		d.once(settled(t, d.Office, d.mette, b.ID), total)
	})
}

// TestTwoProcessesImportOnce: another program on the same registry takes an import up that
// goes on; nothing is made twice, and it is done only when all of it is.
func TestTwoProcessesImportOnce(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, first, second *store.DB) {
		d := openCounter(t, first)
		other, err := registry.New(ctx, registry.Options{DB: second, Reference: d.Reference()})
		if err != nil {
			t.Fatal(err)
		}
		total := parts(12)*flegt.BulkPartSize + 7
		b := d.dryRun(d.mette, manyForms(total)...)
		if err := d.ImportBulk(ctx, d.mette, b.ID, false); err != nil {
			t.Fatal(err)
		}
		if _, err := other.ResumeBulkImports(ctx, true); err != nil {
			t.Fatal(err)
		}
		settled(t, d.Office, d.mette, b.ID)
		d.once(settled(t, other, d.mette, b.ID), total)
	})
}

// TestAnImportEndsWithTheRole: who lost the role meanwhile imports nothing more, and is told
// why; nothing is left half done.
func TestAnImportEndsWithTheRole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		ended := d.mette
		ended.Authorisation = "gone"
		b := flegt.BulkImport{ID: "import", Name: "x.csv", Actor: ended, Stage: flegt.BulkImporting, Total: 1, Outcomes: map[string]int{}, MovedAt: d.now.UTC()}
		packed, err := store.PackBulkPart(flegt.BulkPart{Licences: table(form(licenceOne)), Items: []flegt.BulkItem{{Row: 2, Severity: flegt.OK}}})
		if err == nil {
			err = db.Update(ctx, func(tx *store.Tx) error { return tx.AddBulkImport(b, [][]byte{packed}) })
		}
		if err != nil {
			t.Fatal(err)
		}
		if n, err := d.ResumeBulkImports(ctx, false); n != 0 || err != nil {
			t.Errorf("an import that moved just now was taken up: %d, %v", n, err)
		}
		if n, err := d.ResumeBulkImports(ctx, true); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		seen := settled(t, d.Office, d.mette, b.ID)
		if seen.Stage != flegt.BulkFailed || seen.Refused == nil || seen.Refused.Key != "error.role_ended" || d.count(d.mette) != 0 || !seen.Resumable() {
			t.Errorf("%+v", seen)
		}
		if err := d.ImportBulk(ctx, d.mette, b.ID, false); err != nil { // in the role that he has now
			t.Fatal(err)
		}
		d.once(settled(t, d.Office, d.mette, b.ID), 1)
		if err := db.Update(ctx, func(tx *store.Tx) error { return tx.Sweep(d.now.Add(registry.KeepBulkImport + time.Hour)) }); err != nil {
			t.Fatal(err)
		}
		_, err = d.Bulk(ctx, d.mette, b.ID)
		kind(t, err, flegt.NotFound)
	})
}

// TestARefusedLicenceHindersNoOther: in one part, a draft that was changed meanwhile is
// refused, and all others are made and changed.
func TestARefusedLicenceHindersNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		forms := manyForms(4)
		first := d.imported(d.mette, false, forms[0], forms[2])
		for i := range forms {
			forms[i].Invoice = "NEW"
		}
		b := d.dryRun(d.mette, forms...)
		if _, err := d.SaveDraft(ctx, d.mette, first.Items[0].Licence, 0, form(forms[0].Number), ""); err != nil {
			t.Fatal(err)
		}
		if err := d.ImportBulk(ctx, d.mette, b.ID, true); err != nil {
			t.Fatal(err)
		}
		b = settled(t, d.Office, d.mette, b.ID)
		if got := fmt.Sprint(outcomes(b)); got != "[refused created updated created]" || d.count(d.mette) != 4 {
			t.Errorf("%s, %d drafts", got, d.count(d.mette))
		}
		if c, err := d.Licence(ctx, d.mette, b.Items[2].Licence); err != nil || c.Licence.Form.Invoice != "NEW" {
			t.Errorf("%v %+v", err, c.Licence.Form)
		}
		d.agrees()
	})
}

// BenchmarkImport measures the dry run and the import of licences of two goods lines each,
// with all checks, on SQLite as it is run in service; in the end all that is on record is
// counted and verified.
func BenchmarkImport(b *testing.B) {
	db := storetest.SQLite(b)
	w := openCounter(b, db)
	const each = 5000
	var checking, importing time.Duration
	for n := 0; b.Loop(); n++ {
		forms := make([]flegt.Form, each)
		for i := range forms {
			forms[i] = form(fmt.Sprintf("16.%05d-%05d.001-ID-DK", n, i))
		}
		began := time.Now()
		begun, err := w.BeginBulk(ctx, w.mette, "licences.csv", table(forms...), nil)
		if err != nil {
			b.Fatal(err)
		}
		settled(b, w.Office, w.mette, begun.ID)
		checked := time.Now()
		if err := w.ImportBulk(ctx, w.mette, begun.ID, false); err != nil {
			b.Fatal(err)
		}
		if done := settled(b, w.Office, w.mette, begun.ID); done.Outcomes["created"] != each {
			b.Fatal(done.Stage, done.Outcomes)
		}
		checking, importing = checking+checked.Sub(began), importing+time.Since(checked)
	}
	made := float64(each * b.N)
	b.ReportMetric(made/checking.Seconds(), "checked/s")
	b.ReportMetric(made/importing.Seconds(), "imported/s")
	b.ReportMetric(made/(checking+importing).Seconds(), "licences/s")
	found, err := registry.Verify(ctx, db, nil)
	if err != nil || len(found.Disagreements) > 0 {
		b.Fatal(err, found.Disagreements)
	}
	drafts := 0
	err = db.View(ctx, func(tx *store.Tx) error {
		return tx.EachLicence(func(flegt.Licence) error { drafts++; return nil })
	})
	if err != nil || drafts != int(made) {
		b.Fatal(drafts, made, err)
	}
}
