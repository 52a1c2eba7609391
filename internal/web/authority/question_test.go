package authority_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// send sends a form with a text and files in the box "scan".
func send(w *webtest.Town, a flegt.Actor, path, text string, files map[string]string) (*http.Response, string) {
	w.T.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("text", text)
	for name, content := range files {
		part, err := form.CreateFormFile("scan", name)
		if err != nil {
			w.T.Fatal(err)
		}
		_, _ = part.Write([]byte(content))
	}
	form.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set(webtest.Account, a.Account)
	return webtest.Visit(w.T, w.Server, r)
}

var (
	questionAddress = regexp.MustCompile(`/questions/[0-9a-f-]+"`)
	fileAddress     = regexp.MustCompile(`/questions/[0-9a-f-]+/files/[0-9a-f-]+`)
)

func TestAQuestionToTheImporter(t *testing.T) {
	w := webtest.NewTown(t)
	importer := w.Importer("importer")
	id := w.Lodged(importer, "16.00001-00001.001-ID-DK")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	page := "/desk/" + id + "/ask/importer"
	answer, body := w.Get(officer, page+"?lang=da")
	webtest.Wants(t, answer, body, 200, "Felt 14 – Rumfang, m³", "Felt 17 – Kendetegn<")
	answer, body = w.Get(officer, page+"?lang=en")
	webtest.Wants(t, answer, body, 200, "Ask the importer", `value="2016-12-12"`, "Box 14 – Volume, m³", "Box 17 – Distinguishing marks<")
	for i := range 18 {
		if named := fmt.Sprintf("Box %d – ", i+1); strings.Count(body, named) != 1 || strings.Contains(body, named+"licence.") {
			t.Errorf("%q stands %d times in %s", named, strings.Count(body, named), body)
		}
	}
	webtest.CheckHTML(t, body)
	answer, body = w.Post(officer, page, "text=Which+invoice%3F&deadline=2016-12-01")
	webtest.Wants(t, answer, body, 422, "The deadline has passed already", "Which invoice?</textarea>")
	webtest.CheckHTML(t, body)
	answer, body = w.Post(officer, page+"?lang=da", "text=&deadline=")
	webtest.Wants(t, answer, body, 422)
	if answer, _ = w.Post(officer, page, "box=17&text=Which+invoice%3F&deadline=2016-12-12"); answer.StatusCode != 303 || answer.Header.Get("Location") != "/desk/"+id+"#questions" {
		t.Fatalf("asking answers %d and leads to %s", answer.StatusCode, answer.Header.Get("Location"))
	}
	answer, body = w.Get(officer, "/desk?part=waiting")
	webtest.Wants(t, answer, body, 200, "For the importer, until 12 December 2016")
	webtest.CheckHTML(t, body)

	answer, body = w.Get(importer, "/licences/"+id)
	webtest.Wants(t, answer, body, 200, "Which invoice?", "Box 17", "Waits for an answer", "Question put to the importer", "Answer by 12 December 2016",
		"Waiting for your answer")
	webtest.CheckHTML(t, body)
	to := strings.TrimSuffix(questionAddress.FindString(body), `"`)
	answer, body = w.Get(importer, to+"?lang=da")
	webtest.Wants(t, answer, body, 200, "Spørgsmål om licens", "Dit svar", `type="file"`)
	webtest.CheckHTML(t, body)
	if answer, _ = w.Get(officer, to); answer.StatusCode != 303 || !strings.HasPrefix(answer.Header.Get("Location"), "/desk/"+id+"#question-") {
		t.Errorf("the officer gets %d, %s", answer.StatusCode, answer.Header.Get("Location"))
	}
	answer, body = send(w, importer, to, "  ", nil)
	webtest.Wants(t, answer, body, 422, "Write an answer, or attach a document")
	webtest.CheckHTML(t, body)
	answer, body = send(w, importer, to, "It is <JGL-1>", map[string]string{"invoice.pdf": "MZ a program"})
	webtest.Wants(t, answer, body, 422, "A scan is a PDF, JPEG, PNG or TIFF file", "It is &lt;JGL-1&gt;</textarea>")
	if answer, _ = send(w, importer, to, "It is <JGL-1>", map[string]string{"invoice.pdf": "%PDF-1.4\ninvoice"}); answer.StatusCode != 303 {
		t.Fatalf("answering answers %d", answer.StatusCode)
	}
	answer, body = w.Get(officer, "/desk/"+id)
	webtest.Wants(t, answer, body, 200, "It is &lt;JGL-1&gt;", "invoice.pdf", "Answered")
	webtest.CheckHTML(t, body)
	file := fileAddress.FindString(body)
	answer, body = w.Get(officer, file)
	webtest.Wants(t, answer, body, 200, "%PDF-1.4")
	if answer.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the file is %s", answer.Header.Get("Content-Type"))
	}
	for _, a := range []flegt.Actor{w.Holder("de", flegt.RoleAuthority, "CA-DE", "DE"), w.Holder("la", flegt.RoleLicensing, flegt.LicensingID("ID"), "ID"), w.Holder("c", flegt.RoleCustoms, "CUSTOMS-DK", "DK")} {
		for _, path := range []string{to, file, to + "/mails/x", page} {
			if answer, _ := w.Get(a, path); answer.StatusCode != 404 {
				t.Errorf("%s of %s gets %d at %s", a.Role, a.Country, answer.StatusCode, path)
			}
		}
		if answer, _ := send(w, a, to, "x", nil); answer.StatusCode != 404 {
			t.Errorf("%s of %s answers: %d", a.Role, a.Country, answer.StatusCode)
		}
		if answer, _ := w.Post(a, to+"/close", ""); answer.StatusCode != 404 {
			t.Errorf("%s of %s closes: %d", a.Role, a.Country, answer.StatusCode)
		}
	}
}

func TestAQuestionToTheIssuingCountry(t *testing.T) {
	w := webtest.NewTown(t)
	importer := w.Importer("importer")
	id := w.Lodged(importer, "16.00001-00001.001-ID-DK")
	officer, support := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	siti := w.Holder("siti", flegt.RoleLicensing, flegt.LicensingID("ID"), "ID")
	page := "/desk/" + id + "/ask/issuing"
	answer, body := w.Get(officer, page)
	webtest.Wants(t, answer, body, 200, "No official address of the licensing authority of Indonesia is known here")
	webtest.CheckHTML(t, body)
	if strings.Contains(body, "<textarea") {
		t.Error("there is a form all the same")
	}
	answer, body = w.Post(officer, page, "text=Genuine%3F&deadline=2016-12-26")
	webtest.Wants(t, answer, body, 409, "No official address")

	answer, body = w.Get(support, "/support/authorities")
	webtest.Wants(t, answer, body, 200, "Licensing authorities of partner countries", "Indonesia", "/support/authorities/LA-ID")
	webtest.CheckHTML(t, body)
	if answer, _ = w.Post(support, "/support/authorities/LA-ID", "email=liu%40silk.example&from=2016-01-01&source=letter"); answer.StatusCode != 303 {
		t.Fatalf("an address answers %d", answer.StatusCode)
	}
	answer, body = w.Get(officer, page)
	webtest.Wants(t, answer, body, 200, "liu@silk.example", `value="2016-12-26"`) // 21 days
	webtest.CheckHTML(t, body)
	if answer, _ = w.Post(officer, page, "text=Is+it+genuine%3F&deadline=2016-12-26"); answer.StatusCode != 303 {
		t.Fatalf("asking answers %d", answer.StatusCode)
	}
	const waits = "The competent authority of Denmark asked Indonesia about this licence and waits for the answer until 26 December 2016."
	answer, body = w.Get(importer, "/licences/"+id)
	webtest.Wants(t, answer, body, 200, "Waiting for the issuing country", waits)
	webtest.CheckHTML(t, body)
	if strings.Contains(body, "genuine") || strings.Contains(body, "Question put to the issuing country") || questionAddress.MatchString(body) {
		t.Error("the importer reads what the issuing country is asked")
	}
	answer, body = w.Get(siti, "/licences/"+id)
	webtest.Wants(t, answer, body, 200, "Is it genuine?", "Question put to the issuing country")
	webtest.CheckHTML(t, body)
	to := strings.TrimSuffix(questionAddress.FindString(body), `"`)
	if answer, _ = w.Get(importer, to); answer.StatusCode != 404 {
		t.Errorf("the importer gets %d", answer.StatusCode)
	}
	if answer, _ = send(w, siti, to, "It is.", nil); answer.StatusCode != 303 {
		t.Fatalf("answering answers %d", answer.StatusCode)
	}
	if _, body = w.Get(importer, "/licences/"+id); strings.Contains(body, waits) || strings.Contains(body, "It is.") {
		t.Error("the importer still reads that the answer is waited for, or the answer")
	}
	answer, body = w.Get(officer, "/desk/"+id+"?lang=da")
	webtest.Wants(t, answer, body, 200, "It is.", "Til udstedelseslandet, Indonesien", "Besvaret")
}

func TestAnOverdueQuestionIsMarkedAndClosed(t *testing.T) {
	w := webtest.NewTown(t)
	id := w.Lodged(w.Importer("importer"), "16.00001-00001.001-ID-DK")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	q, err := w.Office.AskQuestion(t.Context(), officer, id, registry.Asking{To: flegt.ToImporter, Text: "Which?", Deadline: "2016-12-06"})
	if err != nil {
		t.Fatal(err)
	}
	w.Now = w.Now.AddDate(0, 0, 3)
	answer, body := w.Get(officer, "/desk/"+id)
	webtest.Wants(t, answer, body, 200, "The deadline has passed.", "Close without an answer")
	answer, body = w.Get(officer, "/desk?part=waiting")
	webtest.Wants(t, answer, body, 200, `of-late">For the importer, until 6 December 2016`)
	if answer, _ = w.Post(officer, "/questions/"+q.ID+"/close", ""); answer.StatusCode != 303 {
		t.Fatalf("closing answers %d", answer.StatusCode)
	}
	if _, body = w.Get(officer, "/desk?part=waiting"); !strings.Contains(body, "Nothing here") {
		t.Error("it still waits")
	}
}

// TestTheListOfQuestions: whoever was asked finds what waits for him, the authority what it
// asked, and nobody else a list.
func TestTheListOfQuestions(t *testing.T) {
	w := webtest.NewTown(t)
	importer := w.Importer("importer")
	id := w.Lodged(importer, "16.00001-00001.001-ID-DK")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	siti := w.Holder("siti", flegt.RoleLicensing, flegt.LicensingID("ID"), "ID")
	support := w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	err := w.Office.EditAuthority(t.Context(), support, flegt.LicensingID("ID"), 0, registry.AuthorityEdit{Address: flegt.OfficialAddress{Email: "liu@silk.example", From: "2016-01-01", Source: "letter"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []flegt.Actor{importer, siti, officer} {
		answer, body := w.Get(a, "/questions")
		webtest.Wants(t, answer, body, 200, "No questions here")
		webtest.CheckHTML(t, body)
	}
	ask := func(to, text string) {
		if answer, _ := w.Post(officer, "/desk/"+id+"/ask/"+to, "text="+text+"&deadline=2016-12-12"); answer.StatusCode != 303 {
			t.Fatal(answer.StatusCode)
		}
	}
	ask("importer", "Which+invoice")
	ask("issuing", "Is+it+genuine")
	for _, c := range []struct {
		a           flegt.Actor
		has, hasNot string
	}{{importer, "Which invoice", "Is it genuine"}, {siti, "Is it genuine", "Which invoice"}} {
		answer, body := w.Get(c.a, "/questions")
		webtest.Wants(t, answer, body, 200, c.has, `<span class="of-nowrap">12 December 2016</span>`, "Waits for an answer")
		webtest.CheckHTML(t, body)
		if strings.Contains(body, c.hasNot) {
			t.Errorf("%s reads %q", c.a.Account, c.hasNot)
		}
		to := strings.TrimSuffix(questionAddress.FindString(body), `"`)
		answer, body = w.Get(c.a, to+"?lang=da")
		webtest.Wants(t, answer, body, 200, "Dit svar")
	}
	answer, body := w.Get(officer, "/questions?lang=da")
	webtest.Wants(t, answer, body, 200, "Which invoice", "Is it genuine", `href="/questions/`, "Til udstedelseslandet, Indonesien")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(officer, "/questions?state=closed")
	webtest.Wants(t, answer, body, 200, "No questions here")
	if answer, _ := w.Get(support, "/questions"); answer.StatusCode != 404 {
		t.Errorf("Support gets %d", answer.StatusCode)
	}
}
