package authority_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// TestSpecimensOnThePages: entered with what was wrong beside the box, shown at the desk, ended.
func TestSpecimensOnThePages(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	officer, observer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("observer", flegt.RoleObserver, flegt.ObserverBody, "")
	id := w.Lodged(mette, "16.00001-00001.001-ID-DK")
	send := func(a flegt.Actor, fields map[string]string, picture []byte) (int, string, string) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for k, v := range fields {
			m.WriteField(k, v)
		}
		if picture != nil {
			part, _ := m.CreateFormFile("image", "stamp.png")
			part.Write(picture)
		}
		m.Close()
		r := httptest.NewRequest("POST", "/specimens/new", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set(webtest.Account, a.Account)
		answer, body := webtest.Visit(t, w.Server, r)
		return answer.StatusCode, answer.Header.Get("Location"), body
	}
	var picture bytes.Buffer
	png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8)))
	for _, path := range []string{"/specimens", "/specimens/new"} {
		for _, lang := range []string{"en", "da"} {
			answer, body := w.Get(officer, path+"?lang="+lang)
			webtest.Wants(t, answer, body, 200)
			webtest.CheckHTML(t, body)
		}
		if answer, _ := w.Get(mette, path); answer.StatusCode != 404 {
			t.Error("an importer sees", path, answer.StatusCode)
		}
	}
	fields := map[string]string{"country": "ID", "body": "", "kind": "stamp", "from": "2016-01-01", "source": "A letter", "note": "Blue ink"}
	code, _, body := send(officer, fields, nil)
	if code != 422 || !strings.Contains(body, "Blue ink") || !strings.Contains(body, "Fill this in.") || !strings.Contains(body, "Choose the body from the list") {
		t.Error(code, body)
	}
	webtest.CheckHTML(t, body)
	fields["body"] = "PT Mutuagung Lestari"
	if code, _, _ := send(mette, fields, picture.Bytes()); code != 404 {
		t.Error("an importer enters a specimen:", code)
	}
	if code, _, body = send(officer, fields, []byte("%PDF-1.4\nx")); code != 422 || !strings.Contains(body, "must be PNG or JPEG") {
		t.Error(code, body)
	}
	code, at, body := send(officer, fields, picture.Bytes())
	if code != 303 {
		t.Fatal(code, body)
	}
	answer, body := w.Get(officer, at)
	if strings.Contains(body, "has no issuing body of this name") {
		t.Error("a body of our list is unknown")
	}
	answer, body = w.Get(officer, "/specimens?country=ID")
	webtest.Wants(t, answer, body, 200, `class="of-specimens"`, at+"/image", "Indonesia", "In use since 1 January 2016")
	answer, body = w.Get(officer, "/specimens/new")
	webtest.Wants(t, answer, body, 200, `<optgroup label="Indonesia"><option value="ID PT ISE">PT ISE</option>`, `<optgroup label="Ghana"><option value="GH Forestry Commission of Ghana">`)
	if strings.Contains(body, "TRIC") || strings.Contains(body, "PT BRIK") {
		t.Error("a body that is not known to issue licences is offered")
	}
	fields["body"] = "PT Mutuagung"
	_, odd, _ := send(officer, fields, picture.Bytes())
	answer, body = w.Get(officer, odd)
	webtest.Wants(t, answer, body, 200, "has no issuing body of this name")
	// chosen from the list: the country is known from it, and the paper's own name may stand beside
	code, _, body = send(officer, map[string]string{"country": "GH", "known_body": "ID PT Mutuagung Lestari", "kind": "stamp", "from": "2016-01-01", "source": "A letter"}, picture.Bytes())
	if code != 422 || !strings.Contains(body, "no such issuing body in the chosen country") || !strings.Contains(body, `<option value="ID PT Mutuagung Lestari" selected>`) {
		t.Error(code, body)
	}
	webtest.CheckHTML(t, body)
	code, chosen, body := send(officer, map[string]string{"known_body": "ID PT Mutuagung Lestari", "body": "Mutu Semarang", "kind": "form", "from": "2016-01-01", "source": "A letter"}, picture.Bytes())
	if code != 303 {
		t.Fatal(code, body)
	}
	answer, body = w.Get(officer, chosen)
	webtest.Wants(t, answer, body, 200, "Form: Mutu Semarang", "Issuing authority on our list", "PT Mutuagung Lestari")
	if strings.Contains(body, "has no issuing body of this name") {
		t.Error("a body that was chosen from our list is unknown")
	}
	answer, body = w.Get(officer, "/desk/"+id)
	webtest.Wants(t, answer, body, 200, chosen+"/image")
	if answer, body = w.Post(officer, chosen+"/end", "version=1&until=2016-10-01"); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	answer, body = w.Get(officer, "/desk/"+id)
	if strings.Contains(body, odd) {
		t.Error("a specimen of another name is shown beside the licence")
	}
	webtest.Wants(t, answer, body, 200, "Specimens to compare with", "Stamp: PT Mutuagung Lestari", at+"/image")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(observer, at)
	webtest.Wants(t, answer, body, 200, "Blue ink", "In use since 1 January 2016")
	webtest.CheckHTML(t, body)
	if strings.Contains(body, at+"/end") {
		t.Error("an observer is offered to end it")
	}
	answer, body = w.Get(officer, at+"/image")
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "image/png" || body != picture.String() || !strings.Contains(answer.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Error(answer.StatusCode, answer.Header)
	}
	for _, path := range []string{at, at + "/image"} {
		if answer, _ := w.Get(mette, path); answer.StatusCode != 404 {
			t.Error("an importer sees", path, answer.StatusCode)
		}
	}
	answer, body = w.Post(officer, at+"/end", "version=1&until=2015-01-01")
	webtest.Wants(t, answer, body, 422, "before the first")
	webtest.CheckHTML(t, body)
	if answer, body = w.Post(officer, at+"/end", "version=1&until=2016-10-01"); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	answer, body = w.Get(officer, "/desk/"+id)
	webtest.Wants(t, answer, body, 200, "no specimen of this issuing body")
}

// TestManySpecimensAreShownPageByPage: none is left out without a word.
func TestManySpecimensAreShownPageByPage(t *testing.T) {
	w := webtest.NewTown(t)
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
		for n := range 61 {
			if err := tx.AddSpecimen(flegt.Specimen{ID: fmt.Sprintf("many%02d", n), Country: "ID", Body: "PT Mutuagung Lestari", Kind: flegt.SpecimenStamp, From: "2016-01-01", Version: 1}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	answer, body := w.Get(officer, "/specimens?country=ID")
	webtest.Wants(t, answer, body, 200, "Showing 1–60 of 61 entries", `href="/specimens?country=ID&amp;page=2"`, "/specimens/many59\"")
	webtest.CheckHTML(t, body)
	if strings.Contains(body, "/specimens/many60\"") {
		t.Error("the first page has the last specimen")
	}
	answer, body = w.Get(officer, "/specimens?country=ID&page=2")
	webtest.Wants(t, answer, body, 200, "Showing 61–61 of 61 entries", "/specimens/many60\"")
}
