package registry_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

func stamp(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSpecimens: entered with a picture, shown for the days and the body of a licence, ended
// and never swept.
func TestSpecimens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		support := d.granted(d.citizen("supp", "Su", "Pport"), flegt.RoleSupport, flegt.SupportBody)
		swede := d.granted(d.citizen("swede", "Sven", "Ek"), flegt.RoleAuthority, "CA-SE")
		l := d.lodged(licenceOne)
		good := flegt.Specimen{Country: l.Form.Export, Body: " " + strings.ToUpper(l.Form.IssuingBody.Name), Kind: flegt.SpecimenStamp, From: "2016-01-01", Source: "letter of the ministry"}
		for _, who := range []flegt.Actor{d.mette, d.customs, d.budi} {
			_, err := d.AddSpecimen(ctx, who, good, "s.png", bytes.NewReader(stamp(t)))
			kind(t, err, flegt.NotFound)
			_, _, err = d.Specimens(ctx, who, registry.SpecimenQuery{})
			kind(t, err, flegt.NotFound)
			_, err = d.SpecimensFor(ctx, who, l, "", 100)
			kind(t, err, flegt.NotFound)
		}
		for key, change := range map[string]func(*flegt.Specimen){
			"error.choose_country":        func(s *flegt.Specimen) { s.Country = "DK" },
			"specimen.body.needed":        func(s *flegt.Specimen) { s.Body = " " },
			"error.required":              func(s *flegt.Specimen) { s.Source = " " },
			"specimen.known.other":        func(s *flegt.Specimen) { s.Known = "Forestry Commission of Ghana" },
			"error.choose":                func(s *flegt.Specimen) { s.Kind = "seal" },
			"check.date_form":             func(s *flegt.Specimen) { s.From = "soon" },
			"authority.until_before_from": func(s *flegt.Specimen) { s.Until = "2015-01-01" },
			"error.too_long":              func(s *flegt.Specimen) { s.Source = strings.Repeat("x", 501) },
		} {
			bad := good
			change(&bad)
			_, err := d.AddSpecimen(ctx, d.officer, bad, "s.png", bytes.NewReader(stamp(t)))
			no(t, err, key)
		}
		_, err := d.AddSpecimen(ctx, d.officer, good, "s.png", nil)
		no(t, err, "error.required")
		_, err = d.AddSpecimen(ctx, d.officer, good, "s.pdf", strings.NewReader("%PDF-1.4\nx"))
		no(t, err, "specimen.picture")
		_, err = d.AddSpecimen(ctx, d.officer, good, "s.png", strings.NewReader("text"))
		no(t, err, "scan.type")
		s, err := d.AddSpecimen(ctx, d.officer, good, "s.png", bytes.NewReader(stamp(t)))
		if err != nil {
			t.Fatal(err)
		}
		beside := func(want int) {
			t.Helper()
			if list, err := d.SpecimensFor(ctx, d.officer, l, "", 100); err != nil || len(list) != want {
				t.Errorf("%d specimens, want %d: %v", len(list), want, err)
			}
		}
		beside(1)
		if _, err := db.SweepBlobs(ctx, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		_, f, err := d.SpecimenImage(ctx, swede, s.ID)
		if err != nil {
			t.Fatal("the picture was swept:", err)
		}
		if b, err := io.ReadAll(f); err != nil || !bytes.Equal(b, stamp(t)) {
			t.Error("another picture came back", err)
		}
		f.Close()
		kind(t, d.EndSpecimen(ctx, swede, s.ID, 0, "2016-11-01"), flegt.Forbidden)
		kind(t, d.EndSpecimen(ctx, d.mette, s.ID, 0, "2016-11-01"), flegt.NotFound)
		kind(t, d.EndSpecimen(ctx, support, s.ID, 9, "2016-11-01"), flegt.Conflict)
		no(t, d.EndSpecimen(ctx, support, s.ID, 1, ""), "error.required")
		no(t, d.EndSpecimen(ctx, support, s.ID, 1, "2015-01-01"), "authority.until_before_from")
		if err := d.EndSpecimen(ctx, support, s.ID, 1, "2016-11-01"); err != nil { // before the day of issue
			t.Fatal(err)
		}
		no(t, d.EndSpecimen(ctx, d.officer, s.ID, 0, "2016-11-01"), "specimen.ended_already")
		beside(0)
		if list, count, err := d.Specimens(ctx, support, registry.SpecimenQuery{Country: "ID"}); err != nil || len(list) != 1 || count != 1 || list[0].Until != "2016-11-01" {
			t.Errorf("%v, %v", list, err)
		}
		if list, count, err := d.Specimens(ctx, support, registry.SpecimenQuery{Country: "GH"}); err != nil || len(list) != 0 || count != 0 {
			t.Errorf("%v, %v", list, err)
		}
		d.agrees()
	})
}

// TestSpecimensOfABodyWithSeveralNames: which of its known names stands on the paper, and which
// in the specimen, makes no difference; nor does a name that nobody knows where the body was
// chosen from the list. Another body's specimens are not shown.
func TestSpecimensOfABodyWithSeveralNames(t *testing.T) {
	d := openCounter(t, storetest.SQLite(t))
	l := d.lodged(licenceOne)
	for _, body := range []string{"PT Sucofindo (Persero)", "Sucofindo", "PT SGS Indonesia"} {
		s := flegt.Specimen{Country: "ID", Body: body, Kind: flegt.SpecimenStamp, From: "2016-01-01", Source: "letter of the ministry"}
		if _, err := d.AddSpecimen(ctx, d.officer, s, "s.png", bytes.NewReader(stamp(t))); err != nil {
			t.Fatal(err)
		}
	}
	chosen := flegt.Specimen{Country: "ID", Known: "PT SGS Indonesia", Kind: flegt.SpecimenStamp, From: "2016-01-01", Source: "letter of the ministry"}
	for body, stands := range map[string]string{"": "PT SGS Indonesia", "SGS, kantor cabang Semarang": "SGS, kantor cabang Semarang"} {
		chosen.Body = body
		if s, err := d.AddSpecimen(ctx, d.officer, chosen, "s.png", bytes.NewReader(stamp(t))); err != nil || s.Body != stands || s.Known != chosen.Known {
			t.Errorf("%q: %+v, %v", body, s, err)
		}
	}
	for name, want := range map[string]int{"PT. SUCOFINDO": 2, "PT Sucofindo (Persero)": 2, "SGS Indonesia": 3, "TRIC": 0, "": 0} {
		l.Form.IssuingBody.Name = name
		if list, err := d.SpecimensFor(ctx, d.officer, l, "", 100); err != nil || len(list) != want {
			t.Errorf("%q: %d specimens, want %d: %v", name, len(list), want, err)
		}
	}
}

// TestSpecimensBehindMany: those of a licence's body are found page by page, however many of
// other bodies of the country lie before and between them.
func TestSpecimensBehindMany(t *testing.T) {
	db := storetest.SQLite(t)
	d := openCounter(t, db)
	l := d.lodged(licenceOne)
	err := db.Update(ctx, func(tx *store.Tx) error {
		for n := range 2500 {
			s := flegt.Specimen{ID: fmt.Sprintf("s%04d", n), Country: "ID", Body: "PT SGS Indonesia", Known: "PT SGS Indonesia", Kind: flegt.SpecimenStamp, From: "2016-01-01", Version: 1}
			if n%1000 == 999 || n == 2499 {
				s.Known = l.Form.IssuingBody.Name
			}
			if err := tx.AddSpecimen(s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for after := ""; ; after = seen[len(seen)-1] {
		page, err := d.SpecimensFor(ctx, d.officer, l, after, 2)
		if err != nil || len(page) > 2 {
			t.Fatal(len(page), err)
		}
		for _, s := range page {
			seen = append(seen, s.ID)
		}
		if len(page) < 2 {
			break
		}
	}
	if !slices.Equal(seen, []string{"s0999", "s1999", "s2499"}) {
		t.Errorf("%v", seen)
	}
}
