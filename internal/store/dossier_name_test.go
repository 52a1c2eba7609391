package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// manyDossiers are 2,600 dossiers of which most have the same exporter, and some another.
func manyDossiers(tx *store.Tx) (all []flegt.Dossier, err error) {
	for i := range 2600 {
		l := licence(fmt.Sprintf("l%05d", i), "op", fmt.Sprintf("26.%05d", i), flegt.Submitted)
		l.ImportCountry = "DK"
		if err := tx.AddLicence(l); err != nil {
			return nil, err
		}
		d := flegt.Dossier{Licence: l.ID, Country: "DK", Standing: flegt.DossierOpen, LodgedAt: day.Add(time.Duration(i*7%2600) * time.Minute), Version: 1, Warnings: i % 4}
		d.Facts = flegt.Facets{Importer: "Nordisk Træ A/S", Exporter: "PT Jepara Wood", Issuing: "PT Mutuagung", Headings: []string{"9403"},
			Arrival: flegt.DateOf(day.AddDate(0, 0, i%60))}
		if i%9 == 0 {
			d.Facts.Exporter, d.Facts.Headings = fmt.Sprint("CV Semarang ", i%36), []string{"4407", "9401"}
		}
		if i%13 == 0 {
			d.Facts.Importer = "Fyns Trælast 100 %"
		}
		if i%5 == 0 {
			d.Standing, d.Closed = flegt.DossierDecided, day
		}
		if i%11 == 0 {
			d.Officer = "anders"
		}
		if i%17 == 0 && i%5 != 0 {
			d.Standing = flegt.DossierWaiting
		}
		if err := tx.AddDossier(d); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// TestPartsOfNamesAreFound: whatever way a work list is read, it gives the page that going
// through all dossiers gives.
func TestPartsOfNamesAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var all []flegt.Dossier
		update(t, db, func(tx *store.Tx) (err error) {
			all, err = manyDossiers(tx)
			return err
		})
		update(t, db, func(tx *store.Tx) error { // a corrected name is found, and the old one is not
			all[7].Facts.Exporter = "PT Corrected"
			return tx.SaveDossier(&all[7])
		})
		err := db.View(t.Context(), func(tx *store.Tx) error {
			for _, q := range []store.DossierQuery{{Exporter: "jepara"}, {Exporter: "semarang"}, {Exporter: "semarang 9"}, {Exporter: "arang"}, {Exporter: "corrected"}, {Exporter: "nobody"},
				{Importer: "fyns"}, {Importer: "%"}, {Importer: "nordisk", Exporter: "semarang"}, {Issuing: "mutu"}, {Heading: "9401"}, {Heading: "940"},
				{Heading: "4407", Importer: "fyns", Warnings: true}, {Exporter: "wood", Number: "26.0000"}} {
				for _, standing := range []flegt.Standing{"", flegt.DossierOpen, flegt.DossierWaiting, flegt.DossierDecided} {
					for _, sort := range []string{"lodged", "arrival", "importer", "warnings"} {
						q.Country, q.Standing, q.Sort, q.Desc = "DK", standing, sort, len(sort)%2 == 0
						if err := checkDossiers(t, tx, q, all); err != nil {
							return err
						}
						q.Nobody, q.Offset = true, 20
						if err := checkDossiers(t, tx, q, all); err != nil {
							return err
						}
						q.Nobody, q.Offset, q.Officer = false, 0, "anders"
						if err := checkDossiers(t, tx, q, all); err != nil {
							return err
						}
						q.Officer = ""
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func checkDossiers(t *testing.T, tx *store.Tx, q store.DossierQuery, all []flegt.Dossier) error {
	t.Helper()
	var want []string
	for _, d := range dossiersThrough(all, q) {
		want = append(want, d.Licence)
	}
	rows, err := tx.Dossiers(q)
	if err != nil {
		return err
	}
	var got []string
	for _, d := range rows {
		got = append(got, d.Licence)
	}
	from := min(q.Offset, len(want))
	if page := want[from:min(from+25, len(want))]; !slices.Equal(got, page) {
		t.Errorf("%+v: %v, not %v", q, got, page)
	}
	n, err := tx.CountDossiers(q, 1001)
	if n != min(len(want), 1001) {
		t.Errorf("%+v: %d are counted, not %d", q, n, len(want))
	}
	return err
}

// dossiersThrough is what a work list should hold, all of it in its order.
func dossiersThrough(all []flegt.Dossier, q store.DossierQuery) []flegt.Dossier {
	holds := func(text, part string) bool { return strings.Contains(flegt.Fold(text), flegt.Fold(part)) }
	out := slices.DeleteFunc(slices.Clone(all), func(d flegt.Dossier) bool {
		f := d.Facts
		fits := holds(f.Importer, q.Importer) && holds(f.Exporter, q.Exporter) && holds(f.Issuing, q.Issuing) && (q.Heading == "" || slices.Contains(f.Headings, q.Heading)) &&
			(q.Standing == d.Standing || q.Standing == "" && d.Standing != flegt.DossierDecided) && (!q.Nobody || d.Officer == "") && (q.Officer == "" || q.Officer == d.Officer) &&
			(!q.Warnings || d.Warnings > 0) && (q.Number == "" || d.Licence < "l00010")
		return !fits
	})
	slices.SortFunc(out, func(a, b flegt.Dossier) int {
		n := 0
		switch q.Sort {
		case "lodged":
			n = a.LodgedAt.Compare(b.LodgedAt)
		case "arrival":
			n = cmp.Compare(a.Facts.Arrival, b.Facts.Arrival)
		case "importer":
			n = cmp.Compare(flegt.Fold(a.Facts.Importer), flegt.Fold(b.Facts.Importer))
		case "warnings":
			n = cmp.Compare(a.Warnings, b.Warnings)
		}
		if n = cmp.Or(n, cmp.Compare(a.Licence, b.Licence)); q.Desc {
			n = -n
		}
		return n
	})
	return out
}
