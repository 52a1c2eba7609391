package authority_test

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// TestFeesOnThePages: list, sums, both files, wrong days, and nobody else.
func TestFeesOnThePages(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	answer, body := w.Get(officer, "/desk/fees")
	webtest.Wants(t, answer, body, 200, "No fee was recorded", "2016-01-01")
	fee := flegt.Fee{From: "2016-01-01", Cents: 3150, Currency: "DKK", Source: "BEK 1"}
	if err := w.Office.EditDesk(t.Context(), officer, 0, registry.DeskEdit{Fee: &fee}); err != nil {
		t.Fatal(err)
	}
	id := w.Lodged(mette, "16.00001-00001.001-ID-DK")
	for lang, words := range map[string][]string{"en": {"31.50", "Sums by currency", "Download as CSV"}, "da": {"31,50", "Summer pr. valuta"}} {
		answer, body = w.Get(officer, "/desk/fees?lang="+lang)
		webtest.Wants(t, answer, body, 200, append(words, "16.00001-00001.001-ID-DK", "/desk/"+id)...)
		webtest.CheckHTML(t, body)
	}
	answer, body = w.Get(officer, "/desk/fees?from=2016-01-01&until=2016-01-02")
	webtest.Wants(t, answer, body, 200, "No fee was recorded")
	for _, wrong := range []string{"from=31-31-2016", "from=2016-05-01&until=2016-04-01"} {
		answer, body = w.Get(officer, "/desk/fees?"+wrong)
		webtest.Wants(t, answer, body, 422)
		webtest.CheckHTML(t, body)
	}
	answer, body = w.Get(officer, "/desk/fees/export.csv?lang=da")
	webtest.Wants(t, answer, body, 200, "Licensnummer,", "16.00001-00001.001-ID-DK,", ",31.50,DKK")
	if !strings.Contains(answer.Header.Get("Content-Disposition"), "gebyrer-2016-01-01-2016-12-05.csv") {
		t.Error(answer.Header)
	}
	answer, body = w.Get(officer, "/desk/fees/export.xlsx")
	if answer.StatusCode != 200 || !strings.HasPrefix(body, "PK") {
		t.Error(answer.StatusCode)
	}
	for _, path := range []string{"/desk/fees", "/desk/fees/export.csv", "/desk/fees/export.xlsx"} {
		if answer, _ := w.Get(mette, path); answer.StatusCode != 404 {
			t.Error("an importer reads", path, answer.StatusCode)
		}
	}
}

// TestPreviousCasesOnThePage: beside the licence, with the reason of a rejection and of a withdrawn
// acceptance.
func TestPreviousCasesOnThePage(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	old := w.Lodged(mette, "16.00001-00001.001-ID-DK")
	if _, err := w.Office.RejectLicence(t.Context(), officer, old, 0, "tolerance", "Box 15 is 14 % off."); err != nil {
		t.Fatal(err)
	}
	undone := w.Lodged(mette, "16.00001-00003.001-ID-DK")
	if _, err := w.Office.AcceptLicence(t.Context(), officer, undone, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Office.WithdrawAcceptance(t.Context(), officer, undone, 0, "The stamp was forged."); err != nil {
		t.Fatal(err)
	}
	id := w.Lodged(mette, "16.00001-00002.001-ID-DK")
	for lang, words := range map[string][]string{"en": {"Previous cases", "Volume or weight differs", "0 licences were lodged in other"}, "da": {"Tidligere sager", "0 licenser er indgivet i andre"}} {
		answer, body := w.Get(officer, "/desk/"+id+"?lang="+lang)
		webtest.Wants(t, answer, body, 200, append(words, "Box 15 is 14 % off.", "The stamp was forged.", `href="/desk/`+old+`"`)...)
		webtest.CheckHTML(t, body)
	}
}
