package api

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// whileRead does something before the first byte of a body is read.
type whileRead struct {
	*strings.Reader
	before func()
}

// Read implements io.Reader.
func (r *whileRead) Read(b []byte) (int, error) {
	if r.before != nil {
		r.before()
		r.before = nil
	}
	return r.Reader.Read(b)
}

// TestDraftChangedWhileAScanArrives: the version is compared where the scan is kept, not only
// before the file is read.
func TestDraftChangedWhileAScanArrives(t *testing.T) {
	w := newTown(t)
	l := w.draft(mette, numberOne)
	one := "/api/v1/licences/" + l.ID
	read := false
	body := &whileRead{strings.NewReader("%PDF-1.4 second"), func() {
		read = true
		w.ask(mette, "PUT", one, formJSON(numberOne), "If-Match", etag(l.Version)).is(200)
	}}
	r := httptest.NewRequest("POST", one+"/attachments?name=b.pdf", body)
	r.Header.Set("Authorization", "Bearer "+w.tokens[mette])
	r.Header.Set("Content-Type", "application/pdf")
	r.Header.Set("If-Match", etag(l.Version))
	w.send(r).problem(412, "stale")
	if !read {
		t.Fatal("the file was not read")
	}
	w.ask(mette, "DELETE", one+"/attachments/"+l.Attachments[0].ID, "", "If-Match", etag(l.Version)).problem(412, "stale")
	again := into[Licence](w.ask(mette, "GET", one, "").is(200))
	if len(again.Attachments) != 1 || again.Version != l.Version+1 {
		t.Errorf("%+v", again)
	}
	w.ask(mette, "POST", one+"/attachments?name=b.pdf", "%PDF-1.4 second", "Content-Type", "application/pdf", "If-Match", etag(again.Version)).is(201)
	w.ask(mette, "DELETE", one+"/attachments/"+l.Attachments[0].ID, "", "If-Match", etag(again.Version+1)).is(200)
}
