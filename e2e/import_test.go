package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// licenceTable is a table as a spreadsheet saves it: one licence that is right, one with an HS
// code that is not.
func licenceTable(year, exporter string) string {
	issued, expires := time.Now().AddDate(0, 0, -10), time.Now().AddDate(0, 2, 0)
	head := "number;invoice;issued;expires;export;issuing_body.name;importer.name;licensee.name;transport;issue_place;description;hs;common;scientific;harvest;volume;weight;units\r\n"
	rest := ";JGL-9;" + issued.Format("02.01.2006") + ";" + expires.Format("02.01.2006") + ";Indonesia;PT Mutuagung Lestari;Van der Berg;CV Jepara Garden Living;By sea;Depok;Teak garden chair;"
	end := ";Jati;Tectona grandis;ID;8,412;5120;480\r\n"
	return head + year + "." + exporter + "-00001.001-ID-NL" + rest + "4407.29" + end + year + "." + exporter + "-00002.001-ID-NL" + rest + "94" + end
}

// TestImportFromAFile: a table is chosen, checked, imported, and the draft opened; wide and
// narrow, with the page's script and without any.
func TestImportFromAFile(t *testing.T) {
	p := startProgram(t, "demo")
	importer := p.demo().person(t, "operator", "NL")
	year := time.Now().AddDate(0, 0, -10).Format("06")
	for lang, exporter := range map[string]string{"en": "00777", "da": "00778"} {
		t.Run(lang, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "licences.csv")
			if err := os.WriteFile(file, []byte(licenceTable(year, exporter)), 0o600); err != nil {
				t.Fatal(err)
			}
			v := newVisitor(t, p.Base, lang)
			if lang == "da" {
				v.withoutScripts()
			}
			v.arrives(importer)
			v.open("/licences/import?lang=" + lang)
			look := func(name string) {
				for _, width := range []int64{320, 1280} {
					v.wide(width)
					if lang == "en" { // axe is a script itself
						for _, found := range check(v) {
							t.Errorf("%s at %d: %s", name, width, found)
						}
					}
					v.photograph(name + "-" + lang + map[bool]string{true: "-narrow"}[width < 1000])
				}
			}
			look("import-new")
			v.fill(v.T("bulk.file"), file)
			v.press(v.T("bulk.check"))
			v.seesSoon(v.T("bulk.stage.checked"))
			v.sees("hs – " + v.T("licence.form.hs"))
			look("import-checked")
			v.press(map[string]string{"en": "Import 1 licence as a draft", "da": "Importér 1 licens som kladde"}[lang])
			v.seesSoon(v.T("bulk.stage.done"))
			v.sees(v.T("bulk.outcome.created"))
			v.sees(v.T("bulk.outcome.skipped"))
			look("import-done")
			v.press(year + "." + exporter + "-00001.001-ID-NL")
			v.sees(v.T("licence.form.lead"))
		})
	}
}
