package operator_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

const bulkHead = "number;invoice;issued;expires;export;issuing_body.name;importer.name;licensee.name;transport;issue_place;description;hs;common;scientific;harvest;volume;weight;units\r\n"

func bulkRow(number, hs string) string {
	return number + ";JGL-1;18.11.2016;17.03.2017;Indonesien;PT Mutuagung Lestari;Nordisk Træ A/S;CV Jepara;By sea;Depok;Teak chair;" + hs + ";Jati;Tectona grandis;ID;8,412;5120;480\r\n"
}

// sendTable sends the form with a table.
func sendTable(w *webtest.Town, a flegt.Actor, text string) (*http.Response, string) {
	w.T.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", "Licenser.csv")
	if err != nil {
		w.T.Fatal(err)
	}
	part.Write([]byte(text))
	m.Close()
	r := httptest.NewRequest("POST", "/licences/import", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set(webtest.Account, a.Account)
	return webtest.Visit(w.T, w.Server, r)
}

// waitForTable waits until nothing goes on with it.
func waitForTable(w *webtest.Town, a flegt.Actor) registry.Bulk {
	w.T.Helper()
	for range 20_000 {
		b, err := w.Office.Bulk(w.T.Context(), a, "")
		if err != nil {
			w.T.Fatal(err)
		}
		if !b.Working() {
			return b
		}
		time.Sleep(time.Millisecond)
	}
	w.T.Fatal("it does not come to an end")
	return registry.Bulk{}
}

// TestBulkEntryOnThePages: template, dry run, report, import, result, in both languages.
func TestBulkEntryOnThePages(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	for lang, title := range map[string]string{"en": "Import licences from a file", "da": "Importér licenser fra en fil"} {
		answer, body := w.Get(mette, "/licences/import?lang="+lang)
		webtest.Wants(t, answer, body, 200, title, "issuing_body.name", `enctype="multipart/form-data"`)
		webtest.CheckHTML(t, body)
	}
	answer, body := w.Get(mette, "/licences")
	webtest.Wants(t, answer, body, 200, `href="/licences/import"`)
	answer, body = w.Get(mette, "/imports/of-nobody")
	webtest.Wants(t, answer, body, 404, `href="/licences" aria-current="page"`)
	answer, body = w.Get(mette, "/imports/template/licences.csv?lang=da")
	webtest.Wants(t, answer, body, 200, "\ufeffnumber,issued,", "# Licensnummer")
	if answer, body = w.Get(mette, "/imports/template/licences.xlsx"); answer.StatusCode != 200 || !strings.HasPrefix(body, "PK") {
		t.Error(answer.StatusCode)
	}
	if answer, _ = w.Get(mette, "/imports/template/licences.exe"); answer.StatusCode != 404 {
		t.Error(answer.StatusCode)
	}
	answer, body = sendTable(w, mette, "%PDF-1.4")
	webtest.Wants(t, answer, body, 422, "This is no table that can be read", `id="f-file-error"`)
	webtest.CheckHTML(t, body)
	answer, body = sendTable(w, mette, "")
	webtest.Wants(t, answer, body, 422, "Choose a file")
	answer, body = sendTable(w, mette, strings.Replace(bulkHead, "units", "colour", 1)+bulkRow("16.00001-00001.001-ID-DK", "4407.29")+bulkRow("16.00001-00002.001-ID-DK", "94")+bulkRow("=CMD()", "4407.29"))
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	place := answer.Header.Get("Location")
	waitForTable(w, mette)
	for lang, law := range map[string]string{"en": "Reg. (EC) 1024/2008", "da": "Forordning (EF) nr. 1024/2008"} {
		answer, body = w.Get(mette, place+"?lang="+lang)
		webtest.Wants(t, answer, body, 200, "Licenser.csv", "colour", "hs – ", law)
		webtest.CheckHTML(t, body)
	}
	answer, body = w.Get(mette, place)
	webtest.Wants(t, answer, body, 200, "Import 1 licence as a draft", "2 licences have errors")
	answer, body = w.Get(mette, place+"/report/findings.csv")
	webtest.Wants(t, answer, body, 200, "Legal basis", "16.00001-00002.001-ID-DK")
	if strings.Contains(body, ",=") || !strings.Contains(body, ",'=CMD()") {
		t.Error("a formula in the report")
	}
	if answer, body = w.Get(mette, place+"/report/findings.xlsx"); answer.StatusCode != 200 || !strings.HasPrefix(body, "PK") {
		t.Error(answer.StatusCode)
	}
	for range 2 {
		if answer, body = w.Post(mette, place+"/start", ""); answer.StatusCode != 303 {
			t.Fatal(answer.StatusCode, body)
		}
	}
	b := waitForTable(w, mette)
	items, err := w.Office.BulkResults(t.Context(), mette, b.ID, 0, 1)
	if err != nil || len(items) != 1 {
		t.Fatal(items, err)
	}
	for _, lang := range []string{"en", "da"} {
		answer, body = w.Get(mette, place+"?lang="+lang)
		webtest.Wants(t, answer, body, 200, "/licences/"+items[0].Licence+"/edit", "16.00001-00002.001-ID-DK")
		webtest.CheckHTML(t, body)
	}
	if found, err := w.Office.Licences(t.Context(), mette, registry.LicenceQuery{}); err != nil || found.Count != 1 {
		t.Errorf("%d licences, %v", found.Count, err)
	}
	answer, body = sendTable(w, mette, bulkHead+bulkRow("16.00001-00001.001-ID-DK", "4407.29"))
	waitForTable(w, mette)
	answer, body = w.Get(mette, answer.Header.Get("Location"))
	webtest.Wants(t, answer, body, 200, "draft of your company already", `name="update"`)
	webtest.CheckHTML(t, body)
	answer, body = w.Get(mette, "/licences/import")
	webtest.Wants(t, answer, body, 200, "is still here")
	b = waitForTable(w, mette)
	if answer, body = w.Post(mette, place+"/cancel", ""); answer.StatusCode != 303 {
		t.Error("stopping what is done:", answer.StatusCode, body)
	}
	if answer, body = w.Post(mette, "/imports/"+b.ID+"/cancel", ""); answer.StatusCode != 303 || answer.Header.Get("Location") != "/licences/import" {
		t.Error(answer.StatusCode, answer.Header, body)
	}
	for lang, says := range map[string]string{"en": "Your last import was", "da": "Din seneste import var"} {
		answer, body = w.Get(mette, "/licences/import?lang="+lang)
		webtest.Wants(t, answer, body, 200, says)
	}
	answer, body = w.Get(mette, "/imports/"+b.ID)
	webtest.Wants(t, answer, body, 404, "That file is not here any more", `id="f-file-error"`)
	webtest.CheckHTML(t, body)
}

// TestAStoppedImportIsOfferedAgain: an import that broke off says why and how many licences it
// reached, and goes on by a button.
func TestAStoppedImportIsOfferedAgain(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	b := flegt.BulkImport{ID: "stopped", Name: "Licenser.csv", Actor: mette, Stage: flegt.BulkFailed, Total: 1, Outcomes: map[string]int{}, MovedAt: w.Now,
		Refused: flegt.Refuse(flegt.Forbidden, "error.role_ended", nil)}
	packed, err := store.PackBulkPart(flegt.BulkPart{Licences: []flegt.BulkLicence{{Form: flegt.Form{Number: "16.00001-00001.001-ID-DK"}, Row: 2}},
		Items: []flegt.BulkItem{{Row: 2, Number: "16.00001-00001.001-ID-DK", Severity: flegt.OK}}})
	if err == nil {
		err = w.DB.Update(t.Context(), func(tx *store.Tx) error { return tx.AddBulkImport(b, [][]byte{packed}) })
	}
	if err != nil {
		t.Fatal(err)
	}
	for lang, says := range map[string][]string{"en": {"The work broke off", "Go on with the import", "Not imported: stopped before (1)"}, "da": {"Arbejdet gik i stå", "Fortsæt importen"}} {
		answer, body := w.Get(mette, "/imports/stopped?lang="+lang)
		webtest.Wants(t, answer, body, 200, says...)
		webtest.CheckHTML(t, body)
		answer, body = w.Get(mette, "/licences/import?lang="+lang)
		webtest.Wants(t, answer, body, 200, "Licenser.csv")
		webtest.CheckHTML(t, body)
	}
	if answer, body := w.Post(mette, "/imports/stopped/start", ""); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	if b := waitForTable(w, mette); b.Stage != flegt.BulkDone || b.Outcomes["created"] != 1 {
		t.Errorf("%+v", b)
	}
}

// TestBulkEntryIsForOperators: nobody else sees any of it.
func TestBulkEntryIsForOperators(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	answer, _ := sendTable(w, mette, bulkHead+bulkRow("16.00001-00001.001-ID-DK", "4407.29"))
	place := answer.Header.Get("Location")
	waitForTable(w, mette)
	for path, status := range map[string]int{"/licences/import": 403, "/imports/template/licences.csv": 404, place: 404, place + "/report/findings.csv": 404} {
		if answer, _ := w.Get(officer, path); answer.StatusCode != status {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	for _, path := range []string{"/start", "/cancel"} {
		if answer, _ := w.Post(officer, place+path, ""); answer.StatusCode != 404 && answer.StatusCode != 403 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	if answer, _ := sendTable(w, officer, bulkHead); answer.StatusCode != 403 {
		t.Errorf("%d", answer.StatusCode)
	}
}
