package web

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// TestFeesOnThePages: list, sums, both files, wrong days, and nobody else.
func TestFeesOnThePages(t *testing.T) {
	w := newTown(t)
	mette := w.importer("mette")
	officer := w.holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	answer, body := w.get(officer, "/desk/fees")
	wants(t, answer, body, 200, "No fee was recorded", "2016-01-01")
	fee := flegt.Fee{From: "2016-01-01", Cents: 3150, Currency: "DKK", Source: "BEK 1"}
	if err := w.Office.EditDesk(t.Context(), officer, 0, registry.DeskEdit{Fee: &fee}); err != nil {
		t.Fatal(err)
	}
	id := w.lodged(mette, "16.00001-00001.001-ID-DK")
	for lang, words := range map[string][]string{"en": {"31.50", "Sums by currency", "Download as CSV"}, "da": {"31,50", "Summer pr. valuta"}} {
		answer, body = w.get(officer, "/desk/fees?lang="+lang)
		wants(t, answer, body, 200, append(words, "16.00001-00001.001-ID-DK", "/desk/"+id)...)
		checkHTML(t, body)
	}
	answer, body = w.get(officer, "/desk/fees?from=2016-01-01&until=2016-01-02")
	wants(t, answer, body, 200, "No fee was recorded")
	for _, wrong := range []string{"from=31-31-2016", "from=2016-05-01&until=2016-04-01"} {
		answer, body = w.get(officer, "/desk/fees?"+wrong)
		wants(t, answer, body, 422)
		checkHTML(t, body)
	}
	answer, body = w.get(officer, "/desk/fees/export.csv?lang=da")
	wants(t, answer, body, 200, "Licensnummer,", "16.00001-00001.001-ID-DK,", ",31.50,DKK")
	if !strings.Contains(answer.Header.Get("Content-Disposition"), "gebyrer-2016-01-01-2016-12-05.csv") {
		t.Error(answer.Header)
	}
	answer, body = w.get(officer, "/desk/fees/export.xlsx")
	if answer.StatusCode != 200 || !strings.HasPrefix(body, "PK") {
		t.Error(answer.StatusCode)
	}
	for _, path := range []string{"/desk/fees", "/desk/fees/export.csv", "/desk/fees/export.xlsx"} {
		if answer, _ := w.get(mette, path); answer.StatusCode != 404 {
			t.Error("an importer reads", path, answer.StatusCode)
		}
	}
}

// TestPreviousCasesOnThePage: beside the licence, with the reason of a rejection.
func TestPreviousCasesOnThePage(t *testing.T) {
	w := newTown(t)
	mette := w.importer("mette")
	officer := w.holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	old := w.lodged(mette, "16.00001-00001.001-ID-DK")
	if _, err := w.Office.RejectLicence(t.Context(), officer, old, 0, "tolerance", "Box 15 is 14 % off."); err != nil {
		t.Fatal(err)
	}
	id := w.lodged(mette, "16.00001-00002.001-ID-DK")
	for lang, words := range map[string][]string{"en": {"Previous cases", "Volume or weight differs", "0 licences were lodged in other"}, "da": {"Tidligere sager", "0 licenser er indgivet i andre"}} {
		answer, body := w.get(officer, "/desk/"+id+"?lang="+lang)
		wants(t, answer, body, 200, append(words, "Box 15 is 14 % off.", `href="/desk/`+old+`"`)...)
		checkHTML(t, body)
	}
}
