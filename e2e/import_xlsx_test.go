package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// importFromAWorkbook: an importer takes the template for Excel, fills in a hundred licences as a
// spreadsheet keeps them (days and amounts as numbers), is told what is wrong by row and column,
// mends it, and sees the import through to its end. In Danish.
func importFromAWorkbook(t *testing.T, p *program, d demoFile) {
	v := newVisitor(t, p.Base, "da")
	v.arrives(d.person(t, "operator", "NL"))
	v.open("/licences/import?lang=da")
	v.find("button", v.T("bulk.template.xlsx"))
	raw, err := base64.StdEncoding.DecodeString(ask[string](v, `async () => {
		const bytes = new Uint8Array(await (await fetch(document.querySelector("[data-e2e=found]").href)).arrayBuffer());
		return btoa(String.fromCharCode(...bytes));
	}`))
	if err != nil {
		t.Fatal(err)
	}
	const licences = 100
	save := func(mended bool) string {
		t.Helper()
		book, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		sheet := book.GetSheetName(0)
		rows, err := book.GetRows(sheet)
		if err != nil || len(rows) == 0 {
			t.Fatal(err)
		}
		put := func(row int, column string, value any) {
			t.Helper()
			at, err := excelize.CoordinatesToCellName(slices.Index(rows[0], column)+1, row)
			if err == nil {
				err = book.SetCellValue(sheet, at, value)
			}
			if err != nil {
				t.Fatalf("%s: %v", column, err)
			}
		}
		day := func(days int) time.Time { return time.Now().AddDate(0, 0, days).UTC().Truncate(24 * time.Hour) }
		for i := range licences {
			row := i + 3 // below the headings and what they mean
			for column, value := range map[string]any{"number": fmt.Sprintf("%s.00201-%05d.001-ID-NL", day(-10).Format("06"), 60000+i), "invoice": fmt.Sprint("JGL-", i), "issued": day(-10), "expires": day(60),
				"export": "Indonesien", "issuing_body.name": "PT Mutuagung Lestari", "importer.name": "Deurencentrum BV", "licensee.name": "CV Jepara Garden Living", "transport": "By sea", "issue_place": "Depok",
				"description": "Teak garden chair", "hs": "4407.29", "common": "Jati", "scientific": "Tectona grandis", "harvest": "ID", "volume": 8.412, "weight": 5120, "units": 480} {
				put(row, column, value)
			}
		}
		if !mended {
			put(5, "hs", "94")
			put(7, "expires", "31.02.2027")
			put(9, "weight", "five tonnes")
		}
		file := filepath.Join(t.TempDir(), map[bool]string{true: "mended.xlsx", false: "licences.xlsx"}[mended])
		if err := book.SaveAs(file); err != nil {
			t.Fatal(err)
		}
		return file
	}
	v.fill(v.T("bulk.file"), save(false))
	v.press(v.T("bulk.check"))
	v.seesSoon(v.T("bulk.stage.checked"))
	for _, cells := range [][2]string{{"5", "hs"}, {"7", "expires"}, {"9", "weight"}} {
		if !ask[bool](v, `(row, column) => [...document.querySelectorAll("tbody tr")].some(r => [...r.cells].some(c => c.innerText.trim() === row) && [...r.cells].some(c => c.innerText.trim().startsWith(column + " ")))`, cells[0], cells[1]) {
			v.fail("does not say what is wrong in row %s, column %s", cells[0], cells[1])
		}
	}
	for _, width := range []int64{1280, 320} {
		v.wide(width)
		for _, found := range check(v) {
			t.Errorf("at %d: %s", width, found)
		}
		v.photograph(fmt.Sprint("workbook-checked-", width))
	}
	v.wide(1280)
	v.press(v.T("bulk.another"))
	v.fill(v.T("bulk.file"), save(true))
	v.press(v.T("bulk.check"))
	v.seesSoon(v.T("bulk.stage.checked"))
	v.photograph("workbook-mended")
	v.press(v.T("bulk.import", "Count", licences))
	v.photograph("workbook-importing")
	v.says(v.T("bulk.stage.done")) // the page follows by itself
	v.photograph("workbook-done")
	v.open("/licences?state=draft&q=60099")
	v.sees("60099.001-ID-NL")
}
