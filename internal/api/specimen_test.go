package api

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestSpecimens: added, listed, held against a licence, ended; never for operators and customs.
func TestSpecimens(t *testing.T) {
	w := newTown(t)
	var stamp bytes.Buffer
	if err := png.Encode(&stamp, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{"country": "ID", "body": "PT Mutuagung Lestari", "kind": "stamp", "from": "2016-01-01", "source": "letter of 2016-01-04"}
	files := map[string]string{"stamp.png": stamp.String()}
	if p := w.parts(officer, "/api/v1/specimens", "image", map[string]string{"country": "ID", "kind": "stamp"}, nil).problem(422, "invalid"); len(p.Errors) < 3 || p.Errors[0].Pointer == "" {
		t.Errorf("%+v", p.Errors)
	}
	w.parts(officer, "/api/v1/specimens", "image", fields, map[string]string{"x.png": "%PDF-1.4 no picture"}).problem(422, "invalid")
	w.parts(observer, "/api/v1/specimens", "image", fields, files).problem(403, "scope")
	added := w.parts(officer, "/api/v1/specimens", "image", fields, files, "Idempotency-Key", "one").is(201)
	again := w.parts(officer, "/api/v1/specimens", "image", fields, files, "Idempotency-Key", "one").is(201)
	x := into[Specimen](added)
	one := "/api/v1/specimens/" + x.ID
	if added.text != again.text || added.Header.Get("Location") != one || x.Kind != flegt.SpecimenStamp || x.EnteredBy != "CA-DK" || x.KnownBody != "" {
		t.Errorf("%s\n%s", added.text, again.text)
	}
	w.ask(officer, "GET", "/api/v1/reference/issuing-bodies?country=GH", "").is(200).says(`"name":"Forestry Commission of Ghana"`, `"aliases":["Forestry Commission",`)
	if all := w.ask(officer, "GET", "/api/v1/reference/issuing-bodies", "").is(200).says(`"PT SGS Indonesia"`, `"GH"`); strings.Contains(all.text, "TRIC") {
		t.Error("a body that is not known to issue licences is listed:", all.text)
	}
	fields["known_body"] = "Forestry Commission of Ghana"
	if p := w.parts(officer, "/api/v1/specimens", "image", fields, files).problem(422, "invalid"); p.Errors[0].Pointer != "/known_body" {
		t.Errorf("%+v", p.Errors)
	}
	fields["body"], fields["known_body"] = "SGS at Semarang", "PT SGS Indonesia"
	w.parts(officer, "/api/v1/specimens", "image", fields, files).is(201).says(`"known_body":"PT SGS Indonesia"`, `"body":"SGS at Semarang"`)
	l := w.submitted(mette, numberOne)
	w.ask(officer, "GET", "/api/v1/licences/"+l.ID+"/specimens", "").is(200).says(x.ID)
	w.ask(swede, "GET", "/api/v1/licences/"+l.ID+"/specimens", "").problem(404, "not-found")
	w.ask(swede, "GET", "/api/v1/specimens?country=ID", "").is(200).says(x.ID)
	w.ask(swede, "GET", "/api/v1/specimens?country=GH", "").is(200).says(`"items":[]`)
	if answer := w.ask(observer, "GET", one+"/image", "").is(200); answer.text != stamp.String() || answer.Header.Get("Content-Type") != "image/png" {
		t.Error(answer.Header)
	}
	w.ask(officer, "POST", one+"/end", `{"until":"2016-12-01"}`).problem(428, "if-match-needed")
	w.ask(officer, "POST", one+"/end", `{"until":"2016-12-01"}`, "If-Match", `"9"`).problem(412, "stale")
	w.ask(swede, "POST", one+"/end", `{"until":"2016-12-01"}`, "If-Match", "*").problem(403, "forbidden")
	if p := w.ask(officer, "POST", one+"/end", `{"until":"2015-12-01"}`, "If-Match", "*").problem(422, "invalid"); p.Errors[0].Pointer != "/until" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(officer, "POST", one+"/end", `{"until":"2016-12-01"}`, "If-Match", etag(x.Version)).is(200).says(`"until":"2016-12-01"`)
	w.ask(officer, "GET", "/api/v1/specimens/0199aaaa-0000-7000-8000-000000000000", "").problem(404, "not-found")
	for pattern := range w.operations {
		method, path, _ := strings.Cut(pattern, " ")
		if strings.Contains(path, "/specimens") {
			for _, who := range []string{mette, customs, licensing} {
				w.ask(who, method, strings.ReplaceAll(path, "{id}", x.ID), "").problem(403, "scope")
			}
		}
	}
}
