package authority_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// sendFile sends a form with a file as somebody.
func sendFile(w *webtest.Town, a flegt.Actor, path string, fields map[string]string, file string) (*http.Response, string) {
	w.T.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		m.WriteField(k, v)
	}
	if file != "" {
		part, err := m.CreateFormFile("file", "letter.pdf")
		if err != nil {
			w.T.Fatal(err)
		}
		part.Write([]byte(file))
	}
	m.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set(webtest.Account, a.Account)
	return webtest.Visit(w.T, w.Server, r)
}

// TestSendingBackOnThePages: remarks beside the boxes, put right, submitted again.
func TestSendingBackOnThePages(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	id := w.Lodged(mette, "16.00001-00001.001-ID-DK")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	for _, lang := range []string{"", "?lang=da"} {
		answer, body := w.Get(officer, "/desk/"+id+"/return"+lang)
		webtest.Wants(t, answer, body, 200, "PT Mutuagung Lestari", "8")
		webtest.CheckHTML(t, body)
	}
	answer, body := w.Post(officer, "/desk/"+id+"/return", "version=0&remarks.0.field=number&remarks.0.words=")
	webtest.Wants(t, answer, body, 422, "Say what is to be put right")
	webtest.CheckHTML(t, body)
	fields := url.Values{"version": {"0"}, "reason": {"Two things."}, "remarks.0.field": {"number"}, "remarks.0.words": {""}, "remarks.1.field": {"goods.0.volume"}, "remarks.1.words": {"It says 8.5 on the scan"}}
	if answer, body = w.Post(officer, "/desk/"+id+"/return", fields.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	answer, body = w.Get(officer, "/desk/"+id)
	webtest.Wants(t, answer, body, 200, "It says 8.5 on the scan", "Sent back")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(mette, "/licences/"+id)
	webtest.Wants(t, answer, body, 200, "Two things.", "It says 8.5 on the scan", "/licences/"+id+"/edit?line=1#f-goods.0.volume")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(mette, "/licences/"+id+"/edit")
	webtest.Wants(t, answer, body, 200, "The authority says: It says 8.5 on the scan", `id="f-goods.0.volume-remark"`)
	webtest.CheckHTML(t, body)
	if strings.Contains(body, "/discard") {
		t.Error("a returned licence can be thrown away")
	}
	answer, body = w.Post(officer, "/desk/"+id+"/return", fields.Encode())
	webtest.Wants(t, answer, body, 409, "no longer in a state")
	if _, err := w.Office.SubmitLicence(t.Context(), mette, id, 0); err != nil {
		t.Fatal(err)
	}
	answer, body = w.Get(officer, "/desk/"+id)
	webtest.Wants(t, answer, body, 200, "It says 8.5 on the scan", "Accept")
	if strings.Contains(body, "Sent back earlier") {
		t.Error("it was sent back once")
	}
	again := url.Values{"version": {"0"}, "reason": {"One more thing."}}
	if answer, body = w.Post(officer, "/desk/"+id+"/return", again.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	for _, see := range []struct {
		who     flegt.Actor
		address string
	}{{officer, "/desk/" + id}, {mette, "/licences/" + id}} {
		answer, body = w.Get(see.who, see.address)
		webtest.Wants(t, answer, body, 200, "One more thing.", "Sent back earlier (1)", "Two things.", "It says 8.5 on the scan")
		webtest.CheckHTML(t, body)
		answer, body = w.Get(see.who, see.address+"?lang=da")
		webtest.Wants(t, answer, body, 200, "Sendt tilbage tidligere (1)")
	}
	answer, body = w.Get(mette, "/licences/"+id+"/edit")
	webtest.Wants(t, answer, body, 200, "One more thing.")
	if strings.Contains(body, "The authority says: It says 8.5") {
		t.Error("a box still has the remark of an earlier sending back")
	}
}

// TestReportsOfTheIssuingCountry: the authority needs the confirmation, the family is shown.
func TestReportsOfTheIssuingCountry(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	id := w.Lodged(mette, "16.00001-00001.001-ID-DK")
	officer, budi := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("budi", flegt.RoleLicensing, "LA-ID", "ID")
	if _, err := w.Office.AcceptLicence(t.Context(), officer, id, 0); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"extend", "correct_on_paper", "replace", "cancel", "report_lost"} {
		for _, who := range []flegt.Actor{officer, budi} {
			answer, body := w.Get(who, "/licences/"+id+"/report/"+verb+"?lang=da")
			webtest.Wants(t, answer, body, 200, "16.00001-00001.001-ID-DK")
			webtest.CheckHTML(t, body)
		}
		answer, body := sendFile(w, officer, "/licences/"+id+"/report/"+verb, map[string]string{"version": "0"}, "")
		webtest.Wants(t, answer, body, 422, "Enter the reference of the issuing authority")
		webtest.CheckHTML(t, body)
		answer, body = w.Get(mette, "/licences/"+id+"/report/"+verb)
		webtest.Wants(t, answer, body, 403)
	}
	answer, body := w.Get(officer, "/licences/"+id+"/report/accept")
	webtest.Wants(t, answer, body, 404)
	answer, body = sendFile(w, officer, "/licences/"+id+"/report/extend", map[string]string{"until": "2017-04-01", "reference": "LIU 17"}, "%PDF-1.4\nyes")
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	answer, body = sendFile(w, officer, "/licences/"+id+"/report/correct_on_paper", map[string]string{"field": "goods.0.hs", "reason": "one digit", "reference": "LIU 18"}, "%PDF-1.4\nyes")
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	answer, body = sendFile(w, budi, "/licences/"+id+"/report/replace", map[string]string{"reason": "split", "successors": "16.00001-00002.001-ID-DK\n16.00001-00003.001-ID-DK"}, "")
	if answer.StatusCode != 303 || answer.Header.Get("Location") != "/licences/"+id {
		t.Fatal(answer.StatusCode, answer.Header, body)
	}
	answer, body = w.Get(officer, "/desk/"+id)
	webtest.Wants(t, answer, body, 200, "The issuing country has replaced licence", "Decided on ")
	if strings.Index(body, "The issuing country has replaced licence") > strings.Index(body, "Compare with the scan") {
		t.Error("that it was replaced does not stand at the head of the case")
	}
	if strings.Contains(body, "Waiting for") || strings.Contains(body, "Nobody handles it yet") {
		t.Error("a case that is decided still waits")
	}
	next := w.Lodged(mette, "16.00001-00002.001-ID-DK")
	for _, who := range []flegt.Actor{mette, officer, budi} {
		answer, body = w.Get(who, "/licences/"+next)
		webtest.Wants(t, answer, body, 200, "Family of this licence", "16.00001-00001.001-ID-DK", "16.00001-00003.001-ID-DK", "Replaced", `href="/licences/`+id+`"`)
		webtest.CheckHTML(t, body)
		if answer, body = w.Get(who, "/licences/"+id+"/proof"); answer.StatusCode != 404 {
			t.Errorf("a replaced licence under which nothing was released proves something: %d", answer.StatusCode)
		}
		answer, body = w.Get(who, "/licences/"+id)
		webtest.Wants(t, answer, body, 200, "The issuing country has replaced licence", "1 April 2017", "one digit", "LIU 17")
		webtest.CheckHTML(t, body)
	}
}

// TestElectronicLicenceOnThePages: put in, claimed, facts added, given back.
func TestElectronicLicenceOnThePages(t *testing.T) {
	w := webtest.NewTown(t)
	mette, budi := w.Importer("mette"), w.Holder("budi", flegt.RoleLicensing, "LA-ID", "ID")
	answer, body := w.Get(mette, "/licences/issue")
	webtest.Wants(t, answer, body, 404)
	answer, body = w.Get(budi, "/licences/claim")
	webtest.Wants(t, answer, body, 403)
	for _, path := range []string{"/licences/issue", "/licences/issue?lang=da", "/licences"} {
		answer, body = w.Get(budi, path)
		webtest.Wants(t, answer, body, 200)
		webtest.CheckHTML(t, body)
	}
	form := url.Values{"do": {"add_line"}, "number": {"16.00001-00009.001-ID-DK"}, "goods.0.description": {"Teak chair"}, "goods.0.hs": {"4407.29"}}
	answer, body = w.Post(budi, "/licences/issue", form.Encode())
	webtest.Wants(t, answer, body, 200, "Teak chair", "goods.1.hs")
	webtest.CheckHTML(t, body)
	form.Set("do", "issue")
	answer, body = w.Post(budi, "/licences/issue", form.Encode())
	webtest.Wants(t, answer, body, 422, "Teak chair", "f-issuing_body.name-error")
	webtest.CheckHTML(t, body)
	for k, v := range map[string]string{"issuing_body.name": "PT Mutuagung Lestari", "importer.name": "Nordisk Træ A/S", "expires": "2017-03-17", "issued": "2016-11-18", "transport": "By sea",
		"licensee.name": "CV Jepara", "issue_place": "Depok", "goods.0.species.0.common": "Jati", "goods.0.species.0.scientific": "Tectona grandis", "goods.0.harvest": "ID", "goods.0.volume": "8.4"} {
		form.Set(k, v)
	}
	answer, body = w.Post(budi, "/licences/issue", form.Encode())
	webtest.Wants(t, answer, body, 200, "is put in", "shown only now")
	webtest.CheckHTML(t, body)
	number := regexp.MustCompile(`<strong>([0-9A-Z]{12})</strong>`).FindStringSubmatch(body)
	if number == nil {
		t.Fatal("no verification number is shown")
	}
	id := regexp.MustCompile(`href="/licences/([0-9a-f-]{36})"`).FindStringSubmatch(body)[1]
	answer, body = w.Get(budi, "/licences/"+id)
	webtest.Wants(t, answer, body, 200, "Issued, not yet claimed", "Report as cancelled")
	if strings.Contains(body, number[1]) {
		t.Error("the verification number is shown again")
	}
	answer, body = w.Get(mette, "/licences/claim?lang=da")
	webtest.Wants(t, answer, body, 200, "Kontrolnummer")
	webtest.CheckHTML(t, body)
	answer, body = w.Post(mette, "/licences/claim", "number=16.00001-00009.001-ID-DK&verification=WRONGWRONG")
	webtest.Wants(t, answer, body, 409, "No licence that you can claim", "16.00001-00009.001-ID-DK")
	answer, _ = w.Post(mette, "/licences/claim", "number=16.00001-00009.001-ID-DK&verification="+number[1])
	if answer.Header.Get("Location") != "/licences/"+id+"/edit" {
		t.Fatal(answer.StatusCode, answer.Header)
	}
	answer, body = w.Get(mette, "/licences/"+id+"/edit")
	webtest.Wants(t, answer, body, 200, "Its boxes are locked", "Tectona grandis")
	webtest.CheckHTML(t, body)
	answer, body = sendFile(w, mette, "/licences/"+id+"/edit", map[string]string{"version": "0", "id": id, "import_country": "DK", "arrival": "2016-12-24", "own_invoice": "MINE-7", "remarks": "between us", "do": "save"}, "")
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	answer, body = sendFile(w, mette, "/licences/"+id+"/edit", map[string]string{"version": "0", "id": id, "number": "16.00001-00010.001-ID-DK", "do": "save"}, "")
	webtest.Wants(t, answer, body, 422, "cannot be changed here")
	answer, body = w.Get(mette, "/licences/"+id)
	webtest.Wants(t, answer, body, 200, "MINE-7", "between us", "8.4")
	answer, body = w.Get(budi, "/licences/"+id)
	webtest.Wants(t, answer, body, 200, "Claimed by the operator")
	for _, private := range []string{"MINE-7", "between us"} {
		if strings.Contains(body, private) {
			t.Errorf("the issuing country reads %q", private)
		}
	}
	answer, _ = w.Post(mette, "/licences/"+id+"/unclaim", "version=0")
	if answer.Header.Get("Location") != "/licences" {
		t.Error(answer.StatusCode)
	}
	answer, body = w.Get(mette, "/licences/"+id)
	webtest.Wants(t, answer, body, 404)

	// What the authority finds wrong in a locked box only the issuing country can put right.
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	l, err := w.Office.ClaimLicence(t.Context(), mette, "16.00001-00009.001-ID-DK", number[1])
	if err == nil {
		_, err = w.Office.SubmitLicence(t.Context(), mette, id, l.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	for lang, sentence := range map[string]string{"en": "its boxes are locked", "da": "dens felter er låst"} {
		answer, body = w.Get(officer, "/desk/"+id+"/return?lang="+lang)
		webtest.Wants(t, answer, body, 200, sentence, `href="/desk/`+id+`/ask/issuing"`)
		webtest.CheckHTML(t, body)
	}
	remarks := []flegt.BoxRemark{{Field: "goods.0.volume", Words: "Please change box 14"}, {Field: "arrival", Words: "Which day?"}}
	if _, err := w.Office.ReturnLicence(t.Context(), officer, id, 0, "", remarks); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"", "/edit"} {
		answer, body = w.Get(mette, "/licences/"+id+page+"?lang=en")
		webtest.Wants(t, answer, body, 200, "Please change box 14", "Which day?")
		if n := strings.Count(body, "only the issuing country can put it right: write to your exporter"); n != 1 {
			t.Errorf("%q says it %d times: %s", page, n, body)
		}
		webtest.CheckHTML(t, body)
	}
}

// TestAnsweringOnThePages: the importer remarks on what is to be looked at, the officer
// reads it beside the finding.
func TestAnsweringOnThePages(t *testing.T) {
	w := webtest.NewTown(t)
	mette, officer := w.Importer("mette"), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	id := w.Lodged(mette, "16.00001-00001.001-ID-DE") // lodged in Denmark: a look
	if _, err := w.Office.ReturnLicence(t.Context(), officer, id, 0, "why Denmark?", nil); err != nil {
		t.Fatal(err)
	}
	answer, body := w.Get(mette, "/licences/"+id+"/edit")
	webtest.Wants(t, answer, body, 200, "/licences/"+id+"/answers", "is under FLEGT")
	for _, lang := range []string{"", "?lang=da"} {
		answer, body = w.Get(mette, "/licences/"+id+"/answers"+lang)
		webtest.Wants(t, answer, body, 200, "words.0")
		webtest.CheckHTML(t, body)
	}
	form := url.Values{"version": {"0"}, "words.0": {"Sold on the way"}, "words.0.key": {"check.number_destination"}, "words.0.field": {"number"}}
	if answer, body = w.Post(mette, "/licences/"+id+"/answers", form.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	for _, who := range []flegt.Actor{mette, officer} {
		answer, body = w.Get(who, "/licences/"+id)
		webtest.Wants(t, answer, body, 200, "The importer says: Sold on the way")
		webtest.CheckHTML(t, body)
	}
	form.Set("words.0", strings.Repeat("x", 501))
	answer, body = w.Post(mette, "/licences/"+id+"/answers", form.Encode())
	webtest.Wants(t, answer, body, 422, "xxx")
	answer, body = w.Get(officer, "/licences/"+id+"/answers")
	webtest.Wants(t, answer, body, 409)
}
