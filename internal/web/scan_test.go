package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// part is one part of a form, in the order of sending; a file when it has a name.
type part struct{ box, file, value string }

func formOf(parts ...part) (body []byte, kind string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var to io.Writer
		if p.file != "" {
			to, _ = w.CreateFormFile(p.box, p.file)
		} else {
			to, _ = w.CreateFormField(p.box)
		}
		_, _ = io.WriteString(to, p.value)
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// upload sends a form with files as somebody.
func (w *town) upload(a flegt.Actor, path string, parts ...part) (*http.Response, string) {
	w.t.Helper()
	body, kind := formOf(parts...)
	return w.sendBody(a, path, kind, bytes.NewReader(body))
}

func (w *town) sendBody(a flegt.Actor, path, kind string, body io.Reader) (*http.Response, string) {
	w.t.Helper()
	r := httptest.NewRequest("POST", path, body)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set(account, a.Account)
	return visit(w.t, w.Server, r)
}

func (w *town) licences(a flegt.Actor) []flegt.Licence {
	w.t.Helper()
	found, err := w.Office.Licences(w.t.Context(), a, store.LicenceQuery{Limit: 10})
	if err != nil {
		w.t.Fatal(err)
	}
	return found.Rows
}

// files counts what lies where scans lie.
func (w *town) files() (n int) {
	w.t.Helper()
	err := filepath.WalkDir(filepath.Join(w.db.Dir(), "blobs"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

const pdf = "%PDF-1.4\nscan"

func TestScanArrivesAmongTheFields(t *testing.T) {
	w := newTown(t)
	me := w.importer("m")
	answer, _ := w.upload(me, "/licences/new", part{"number", "", "ID-1"}, part{"scan", "", ""}, part{"scan", `C:\in\a.pdf`, pdf},
		part{"scan", "b.png", "\x89PNG\r\n\x1a\n"}, part{"other", "x.pdf", pdf}, part{"invoice", "", "INV-7"}, part{"do", "", "save"})
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", answer.StatusCode)
	}
	l := w.licences(me)[0]
	if l.Form.Number != "ID-1" || l.Form.Invoice != "INV-7" || len(l.Scans) != 2 || l.Scans[0].Name != "a.pdf" || l.Scans[1].Type != "image/png" {
		t.Errorf("%+v %+v", l.Form, l.Scans)
	}
	if w.files() != 2 {
		t.Errorf("%d files", w.files())
	}
}

func TestRefusedScansLoseNothingTyped(t *testing.T) {
	for name, tt := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"wrong type": {"MZ\x90\x00 a program", 422, "A scan is a PDF"},
		"empty":      {"", 422, "The file is empty"},
		"too large":  {pdf + strings.Repeat(" ", flegt.MaxScan), 413, "larger than 50 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			me := w.importer("m")
			answer, body := w.upload(me, "/licences/new", part{"number", "", "ID-1"}, part{"invoice", "", "INV-7"}, part{"scan", "a.pdf", tt.body}, part{"do", "", "submit"})
			wants(t, answer, body, tt.status, tt.says, `value="ID-1"`, `value="INV-7"`)
			if kept := w.licences(me); len(kept) != 1 || kept[0].Form.Invoice != "INV-7" || len(kept[0].Scans) != 0 {
				t.Errorf("%+v", kept)
			}
			if w.files() != 0 {
				t.Errorf("%d files are left", w.files())
			}
		})
	}
}

// TestFarTooLargeAnUpload is cut off by the limit on the whole form; what stood before the
// scan is kept all the same.
func TestFarTooLargeAnUpload(t *testing.T) {
	w := newTown(t)
	me := w.importer("m")
	head, kind := formOf(part{"number", "", "ID-1"}, part{"invoice", "", "INV-7"}, part{"scan", "a.pdf", pdf})
	head = head[:bytes.Index(head, []byte(pdf))+len(pdf)]
	answer, body := w.sendBody(me, "/licences/new", kind, io.MultiReader(bytes.NewReader(head), io.LimitReader(spaces{}, uploadLimit)))
	wants(t, answer, body, 413, "larger than 50 MB", `value="ID-1"`, `value="INV-7"`)
	if w.files() != 0 {
		t.Errorf("%d files are left", w.files())
	}
}

// spaces never ends.
type spaces struct{}

func (spaces) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func TestUploadsThatBreakOffLeaveNothing(t *testing.T) {
	w := newTown(t)
	me := w.importer("m")
	body, kind := formOf(part{"number", "", "ID-1"}, part{"scan", "a.pdf", pdf + strings.Repeat(" ", 100_000)}, part{"do", "", "save"})
	for _, at := range []int{50, len(body) / 2, len(body) - 10} {
		answer, _ := w.sendBody(me, "/licences/new", kind, io.MultiReader(bytes.NewReader(body[:at]), failing{}))
		if answer.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("cut at %d: status %d", at, answer.StatusCode)
		}
	}
	if len(w.licences(me)) != 0 || w.files() != 0 {
		t.Errorf("%d licences and %d files are left", len(w.licences(me)), w.files())
	}
}

// failing is a line that broke.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestFieldsOfAnUploadAreLimited(t *testing.T) {
	w := newTown(t)
	me := w.importer("m")
	answer, _ := w.upload(me, "/licences/new", part{"remarks", "", strings.Repeat("x", formLimit)}, part{"do", "", "save"})
	if answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", answer.StatusCode)
	}
	many := make([]part, maxFields+1)
	for i := range many {
		many[i] = part{"f" + fmt.Sprint(i), "", ""}
	}
	if answer, _ = w.upload(me, "/licences/new", many...); answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("many: status %d", answer.StatusCode)
	}
	if len(w.licences(me)) != 0 {
		t.Error("it was kept")
	}
}

func TestScanIsServedInertAndInRanges(t *testing.T) {
	w := newTown(t)
	me := w.importer("m")
	active := "%PDF-1.4\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj"
	w.upload(me, "/licences/new", part{"number", "", "ID-1"}, part{"scan", "dangerous \u00e6.pdf", active}, part{"scan", "p.png", "\x89PNG\r\n\x1a\n"}, part{"do", "", "save"})
	l := w.licences(me)[0]
	at := "/licences/" + l.ID + "/scans/" + l.Scans[0].ID
	answer, body := w.get(me, at)
	wants(t, answer, body, 200, active)
	h := answer.Header
	for name, want := range map[string]string{"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes", "X-Frame-Options": "SAMEORIGIN",
		"Content-Disposition": "inline; filename*=utf-8''dangerous%20%C3%A6.pdf"} {
		if h.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, h.Get(name), want)
		}
	}
	if p := h.Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'") || strings.Contains(p, "script-src") {
		t.Errorf("policy %q", p)
	}
	if answer, _ := w.get(me, at+"?download=1"); !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("download: %q", answer.Header.Get("Content-Disposition"))
	}
	if answer, _ := w.get(me, "/licences/"+l.ID+"/scans/"+l.Scans[1].ID); !strings.HasSuffix(answer.Header.Get("Content-Security-Policy"), "; sandbox") {
		t.Errorf("picture: %q", answer.Header.Get("Content-Security-Policy"))
	}
	r := httptest.NewRequest("GET", at, nil)
	r.Header.Set(account, me.Account)
	r.Header.Set("Range", "bytes=5-7")
	answer, body = visit(t, w.Server, r)
	if answer.StatusCode != http.StatusPartialContent || body != "1.4" {
		t.Errorf("range: %d %q", answer.StatusCode, body)
	}
	rival := w.holder("r", flegt.RoleCustoms, "customs:SE", "SE")
	for _, path := range []string{at, at + "?download=1", at + "/pages/1"} {
		if answer, _ := w.get(rival, path); answer.StatusCode != http.StatusNotFound {
			t.Errorf("a rival at %s: %d", path, answer.StatusCode)
		}
	}
	if answer, _ := w.get(me, at+"/pages/x"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("page x: %d", answer.StatusCode)
	}
}

// FuzzUpload: whatever a form says, its fields stay within the limit and nothing breaks.
func FuzzUpload(f *testing.F) {
	body, _ := formOf(part{"number", "", "ID-1"}, part{"scan", "a.pdf", pdf})
	f.Add(body)
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"scan\"; filename*=utf-8''x\r\n\r\n1\r\n--b--"))
	f.Fuzz(func(t *testing.T, body []byte) {
		boundary := "b"
		if line, _, found := bytes.Cut(body, []byte("\r\n")); found && len(line) > 2 {
			boundary = string(line[2:])
		}
		fields, _ := readUpload(multipart.NewReader(bytes.NewReader(body), boundary), func(_ string, part io.Reader) error {
			_, err := io.Copy(io.Discard, part)
			return err
		})
		total := 0
		for _, values := range fields {
			for _, v := range values {
				total += len(v)
			}
		}
		if total > formLimit {
			t.Errorf("%d bytes of fields", total)
		}
	})
}
