package api

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// parts sends a body in parts: fields and files of one name.
func (w *town) parts(who, path, file string, fields, files map[string]string, headers ...string) reply {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.SetBoundary("the-same-each-time")
	for _, name := range sortedNames(fields) {
		_ = form.WriteField(name, fields[name])
	}
	for _, name := range sortedNames(files) {
		part, err := form.CreateFormFile(file, name)
		if err != nil {
			w.t.Fatal(err)
		}
		_, _ = part.Write([]byte(files[name]))
	}
	form.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+w.tokens[who])
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.send(r)
}

// officialAddress enters where Indonesia's licensing authority is written to.
func (w *town) officialAddress() {
	w.t.Helper()
	err := w.Office.EditAuthority(w.t.Context(), w.actors[support], flegt.LicensingID("ID"), 0,
		registry.AuthorityEdit{Address: flegt.OfficialAddress{Email: "liu@silk.example", From: "2016-01-01", Source: "letter"}})
	if err != nil {
		w.t.Fatal(err)
	}
}

const askInvoice = `{"to":"importer","box":"17","text":"Which invoice is it?","deadline":"2016-12-13"}`

func (w *town) asked(l Licence, body string) Question {
	w.t.Helper()
	return into[Question](w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/questions", body, "If-Match", "*").is(201))
}

// TestQuestionsAreAskedAndAnswered: by the importer with a file, by the licensing authority in
// JSON, closed by the officer.
func TestQuestionsAreAskedAndAnswered(t *testing.T) {
	w := newTown(t)
	w.officialAddress()
	l := w.submitted(mette, numberOne)
	path := "/api/v1/licences/" + l.ID + "/questions"
	w.ask(officer, "POST", path, askInvoice).problem(428, "if-match-needed")
	w.ask(officer, "POST", path, askInvoice, "If-Match", `"99"`).problem(412, "stale")
	p := w.ask(officer, "POST", path, `{"to":"importer","box":"99","text":" ","deadline":"2016-12-01"}`, "If-Match", "*").problem(422, "invalid")
	if len(p.Errors) != 3 || p.Errors[0].Pointer != "/box" || p.Errors[1].Pointer != "/text" || p.Errors[2].Pointer != "/deadline" {
		t.Errorf("%+v", p.Errors)
	}
	asked := w.ask(officer, "POST", path, askInvoice, "If-Match", etag(l.Version), "Idempotency-Key", "ask").is(201)
	w.ask(officer, "POST", path, askInvoice, "If-Match", etag(l.Version), "Idempotency-Key", "ask").is(201)
	q := into[Question](asked)
	one := "/api/v1/questions/" + q.ID
	if asked.Header.Get("Location") != one || q.Authority != "CA-DK" || q.State != flegt.QuestionOpen {
		t.Errorf("%s %+v", asked.Header, q)
	}
	if d := w.dossier(officer, l.ID); d.Standing != flegt.DossierWaiting || len(d.Waits) != 1 || d.Waits[0].Question != q.ID {
		t.Errorf("%+v", d.Waits)
	}
	if found := walk[Question](w, mette, "/api/v1/questions?limit=1"); len(found) != 1 || found[0].Number != numberOne {
		t.Errorf("%+v", found)
	}
	w.ask(mette, "POST", one+"/close", "", "If-Match", etag(q.Version)).problem(403, "forbidden")
	w.parts(mette, one+"/answers", "scan", map[string]string{"text": "x"}, nil).problem(428, "if-match-needed")
	w.parts(mette, one+"/answers", "scan", map[string]string{"colour": "x"}, nil, "If-Match", "*").problem(422, "invalid")
	if p := w.parts(mette, one+"/answers", "scan", map[string]string{"text": " "}, nil, "If-Match", "*").problem(422, "invalid"); p.Errors[0].Pointer != "/text" {
		t.Errorf("%+v", p.Errors)
	}
	if p := w.parts(mette, one+"/answers", "scan", nil, map[string]string{"x.exe": "MZ a program"}, "If-Match", "*").problem(422, "invalid"); p.Errors[0].Pointer != "/scan" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(mette, "POST", one+"/answers", `[]`, "If-Match", "*").problem(400, "unreadable")
	w.ask(mette, "POST", one+"/answers", `{"text":1}`, "If-Match", "*").problem(422, "invalid")
	w.ask(mette, "POST", one+"/answers", `x`, "If-Match", "*", "Content-Type", "text/plain").problem(415, "media-type")
	w.ask(officer, "POST", one+"/answers", `{"text":"x"}`, "If-Match", "*").problem(403, "forbidden")
	files := map[string]string{"a.pdf": "%PDF-1.4 invoice", "b.pdf": "%PDF-1.4 bill"}
	for range 2 { // the second is answered again, not sent again
		w.parts(mette, one+"/answers", "scan", map[string]string{"text": "It is JGL-2016-1107."}, files, "If-Match", etag(q.Version), "Idempotency-Key", "answer").is(201)
	}
	q = into[Question](w.ask(officer, "GET", one, "").is(200))
	if len(q.Answers) != 1 || q.State != flegt.QuestionAnswered || len(q.Answers[0].Files) != 2 || !q.Answers[0].Known || q.Answers[0].Mail != nil {
		t.Fatalf("%+v", q)
	}
	file := one + "/files/" + q.Answers[0].Files[0].ID
	if answer := w.ask(officer, "GET", file, "", "Range", "bytes=5-7").is(206); answer.text != "1.4" || answer.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%q %s", answer.text, answer.Header)
	}
	w.ask(officer, "GET", file, "", "Range", "bytes=500-").problem(416, "range")
	w.ask(rival, "GET", file, "").problem(404, "not-found")
	w.ask(officer, "GET", one+"/answers/"+q.Answers[0].ID+"/mail", "").problem(404, "not-found")

	issuing := w.asked(l, `{"to":"issuing","text":"Is it genuine?","deadline":"2016-12-27"}`)
	w.ask(mette, "GET", "/api/v1/questions/"+issuing.ID, "").problem(404, "not-found")
	awaits := `"waits":[{"from":"issuing","until":"2016-12-27"}]`
	if text := w.ask(mette, "GET", "/api/v1/licences/"+l.ID, "").is(200).says(awaits).text; strings.Contains(text, issuing.ID) {
		t.Errorf("the importer reads the question's id: %s", text)
	}
	w.ask(officer, "GET", "/api/v1/licences/"+l.ID, "").is(200).says(`"question":"` + issuing.ID)
	for _, who := range []string{customs, licensing} {
		if text := w.ask(who, "GET", "/api/v1/licences/"+l.ID, "").text; strings.Contains(text, `"waits"`) {
			t.Errorf("%s reads who is waited for: %s", who, text)
		}
	}
	if found := walk[Question](w, licensing, "/api/v1/questions"); len(found) != 1 || found[0].ID != issuing.ID {
		t.Errorf("%+v", found)
	}
	w.ask(licensing, "POST", "/api/v1/questions/"+issuing.ID+"/answers", `{"text":"It is."}`, "If-Match", etag(issuing.Version)).is(201).says(`"state":"answered"`)
	if text := w.ask(mette, "GET", "/api/v1/licences/"+l.ID, "").is(200).text; strings.Contains(text, `"waits"`) {
		t.Errorf("nobody is waited for: %s", text)
	}
	last := w.asked(l, askInvoice)
	w.ask(officer, "POST", "/api/v1/questions/"+last.ID+"/close", "", "If-Match", `"9"`).problem(412, "stale")
	w.ask(officer, "POST", "/api/v1/questions/"+last.ID+"/close", "", "If-Match", etag(last.Version)).is(200).says(`"state":"closed"`)
	w.ask(officer, "POST", "/api/v1/questions/"+last.ID+"/close", "", "If-Match", "*").problem(409, "conflict")
	w.ask(mette, "POST", "/api/v1/questions/"+last.ID+"/answers", `{"text":"late"}`, "If-Match", "*").problem(409, "conflict")
	for who, want := range map[string]int{officer: 3, mette: 2, licensing: 1, customs: 0} {
		answer := w.ask(who, "GET", path, "")
		if who == customs {
			answer.problem(403, "scope")
			continue
		}
		if n := strings.Count(answer.is(200).text, `"asked_at"`); n != want {
			t.Errorf("%s reads %d questions of %d", who, n, want)
		}
	}
	w.ask(officer, "GET", "/api/v1/questions?state=open", "").is(200).says(`"items":[]`)
}

// TestQuestionsAreNobodyElses calls every operation of a question as those whom it is not for.
func TestQuestionsAreNobodyElses(t *testing.T) {
	w := newTown(t)
	l := w.submitted(mette, numberOne)
	q := w.asked(l, askInvoice)
	called := 0
	for pattern := range w.operations {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.Contains(path, "/questions") || !strings.Contains(path, "{id}") {
			continue
		}
		called++
		id := q.ID
		if strings.Contains(path, "/licences/") {
			id = l.ID
		}
		body := ""
		if strings.HasSuffix(path, "/answers") {
			body = `{"text":"x"}`
		} else if method == "POST" && strings.HasSuffix(path, "/questions") {
			body = askInvoice
		}
		address := strings.NewReplacer("{id}", id, "{file}", "x", "{answer}", "x").Replace(path)
		for _, who := range []string{customs, tull, support, observer} {
			w.ask(who, method, address, body, "If-Match", "*").problem(403, "scope")
		}
		for _, who := range []string{rival, swede} {
			w.ask(who, method, address, body, "If-Match", "*").problem(404, "not-found")
		}
	}
	if called < 6 {
		t.Errorf("%d operations", called)
	}
	w.ask(licensing, "GET", "/api/v1/questions/"+q.ID, "").problem(404, "not-found")
	for _, who := range []string{rival, swede, licensing} {
		if found := walk[Question](w, who, "/api/v1/questions"); len(found) != 0 {
			t.Errorf("%s reads %+v", who, found)
		}
	}
}
