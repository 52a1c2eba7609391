package api

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"strings"
	"testing"

	"golang.org/x/image/tiff"
)

// TestDocuments fetches what the pages print of a licence: the extract at any time, the letter
// once something is decided.
func TestDocuments(t *testing.T) {
	w := newTown(t)
	l := w.submitted(mette, numberOne)
	one := "/api/v1/licences/" + l.ID
	w.ask(mette, "GET", one+"/decision.pdf", "").problem(404, "not-found")
	w.ask(officer, "POST", one+"/accept", "", "If-Match", etag(l.Version)).is(200)
	for _, path := range []string{"/decision.pdf", "/decision.pdf?in=en", "/extract.pdf"} {
		for _, who := range []string{mette, officer} {
			a := w.ask(who, "GET", one+path, "", "Accept-Language", "en").is(200)
			if a.Header.Get("Content-Type") != pdfType || !strings.HasPrefix(a.text, "%PDF-") {
				t.Errorf("%s by %s: %q", path, who, a.Header)
			}
			if name := a.Header.Get("Content-Disposition"); !strings.Contains(name, numberOne+".pdf") {
				t.Errorf("%s is called %q", path, name)
			}
		}
		w.ask(rival, "GET", one+path, "").problem(404, "not-found")
	}
	danish, english := w.ask(mette, "GET", one+"/decision.pdf?in=da", "").is(200), w.ask(mette, "GET", one+"/decision.pdf?in=en", "").is(200)
	if danish.text == english.text {
		t.Error("the letter is the same in both languages")
	}
}

// TestOnePageOfAScan fetches the picture of a page of a TIFF, and no page of another scan.
func TestOnePageOfAScan(t *testing.T) {
	w := newTown(t)
	l := w.draft(mette, numberOne)
	var b bytes.Buffer
	if err := tiff.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 60)), nil); err != nil {
		t.Fatal(err)
	}
	l = into[Licence](w.ask(mette, "POST", "/api/v1/licences/"+l.ID+"/attachments?name=paper.tif", b.String(), "Content-Type", "image/tiff", "If-Match", etag(l.Version)).is(201))
	pdf, paper := "/api/v1/licences/"+l.ID+"/attachments/"+l.Attachments[0].ID, "/api/v1/licences/"+l.ID+"/attachments/"+l.Attachments[1].ID
	a := w.ask(mette, "GET", paper+"/pages/1", "").is(200)
	if p, kind, err := image.Decode(strings.NewReader(a.text)); err != nil || a.Header.Get("Content-Type") != "image/"+kind || p.Bounds().Dx() != 40 || p.Bounds().Dy() != 60 {
		t.Errorf("%v %s %v", err, kind, a.Header)
	}
	w.ask(mette, "GET", paper+"/pages/1", "", "If-None-Match", a.Header.Get("ETag")).is(304)
	w.ask(mette, "GET", paper+"/pages/2", "").problem(404, "not-found")
	w.ask(mette, "GET", paper+"/pages/0", "").problem(422, "invalid")
	w.ask(mette, "GET", pdf+"/pages/1", "").problem(404, "not-found")
	w.ask(rival, "GET", paper+"/pages/1", "").problem(404, "not-found")
}
