package operator_test

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
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/web/webtest"
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
func upload(w *webtest.Town, a flegt.Actor, path string, parts ...part) (*http.Response, string) {
	w.T.Helper()
	body, kind := formOf(parts...)
	return sendBody(w, a, path, kind, bytes.NewReader(body))
}

func sendBody(w *webtest.Town, a flegt.Actor, path, kind string, body io.Reader) (*http.Response, string) {
	w.T.Helper()
	r := httptest.NewRequest("POST", path, body)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set(webtest.Account, a.Account)
	return webtest.Visit(w.T, w.Server, r)
}

func licences(w *webtest.Town, a flegt.Actor) []flegt.Licence {
	w.T.Helper()
	found, err := w.Office.Licences(w.T.Context(), a, store.LicenceQuery{Limit: 10})
	if err != nil {
		w.T.Fatal(err)
	}
	return found.Rows
}

// files counts what lies where scans lie.
func files(w *webtest.Town) (n int) {
	w.T.Helper()
	err := filepath.WalkDir(filepath.Join(w.DB.Dir(), "blobs"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

const pdf = "%PDF-1.4\nscan"

func TestScanArrivesAmongTheFields(t *testing.T) {
	w := webtest.NewTown(t)
	me := w.Importer("m")
	answer, _ := upload(w, me, "/licences/new", part{"number", "", "ID-1"}, part{"scan", "", ""}, part{"scan", `C:\in\a.pdf`, pdf},
		part{"scan", "b.png", "\x89PNG\r\n\x1a\n"}, part{"other", "x.pdf", pdf}, part{"invoice", "", "INV-7"}, part{"do", "", "save"})
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", answer.StatusCode)
	}
	l := licences(w, me)[0]
	if l.Form.Number != "ID-1" || l.Form.Invoice != "INV-7" || len(l.Scans) != 2 || l.Scans[0].Name != "a.pdf" || l.Scans[1].Type != "image/png" {
		t.Errorf("%+v %+v", l.Form, l.Scans)
	}
	if files(w) != 2 {
		t.Errorf("%d files", files(w))
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
			w := webtest.NewTown(t)
			me := w.Importer("m")
			answer, body := upload(w, me, "/licences/new", part{"number", "", "ID-1"}, part{"invoice", "", "INV-7"}, part{"scan", "a.pdf", tt.body}, part{"do", "", "submit"})
			webtest.Wants(t, answer, body, tt.status, tt.says, `value="ID-1"`, `value="INV-7"`)
			if kept := licences(w, me); len(kept) != 1 || kept[0].Form.Invoice != "INV-7" || len(kept[0].Scans) != 0 {
				t.Errorf("%+v", kept)
			}
			if files(w) != 0 {
				t.Errorf("%d files are left", files(w))
			}
		})
	}
}

// TestFarTooLargeAnUpload is cut off by the limit on the whole form; what stood before the
// scan is kept all the same.
func TestFarTooLargeAnUpload(t *testing.T) {
	w := webtest.NewTown(t)
	me := w.Importer("m")
	head, kind := formOf(part{"number", "", "ID-1"}, part{"invoice", "", "INV-7"}, part{"scan", "a.pdf", pdf})
	head = head[:bytes.Index(head, []byte(pdf))+len(pdf)]
	answer, body := sendBody(w, me, "/licences/new", kind, io.MultiReader(bytes.NewReader(head), io.LimitReader(spaces{}, counter.UploadLimit)))
	webtest.Wants(t, answer, body, 413, "larger than 50 MB", `value="ID-1"`, `value="INV-7"`)
	if files(w) != 0 {
		t.Errorf("%d files are left", files(w))
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
	w := webtest.NewTown(t)
	me := w.Importer("m")
	body, kind := formOf(part{"number", "", "ID-1"}, part{"scan", "a.pdf", pdf + strings.Repeat(" ", 100_000)}, part{"do", "", "save"})
	for _, at := range []int{50, len(body) / 2, len(body) - 10} {
		answer, _ := sendBody(w, me, "/licences/new", kind, io.MultiReader(bytes.NewReader(body[:at]), failing{}))
		if answer.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("cut at %d: status %d", at, answer.StatusCode)
		}
	}
	if len(licences(w, me)) != 0 || files(w) != 0 {
		t.Errorf("%d licences and %d files are left", len(licences(w, me)), files(w))
	}
}

// failing is a line that broke.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestFieldsOfAnUploadAreLimited(t *testing.T) {
	w := webtest.NewTown(t)
	me := w.Importer("m")
	answer, _ := upload(w, me, "/licences/new", part{"remarks", "", strings.Repeat("x", counter.FormLimit)}, part{"do", "", "save"})
	if answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", answer.StatusCode)
	}
	many := make([]part, counter.MaxFields+1)
	for i := range many {
		many[i] = part{"f" + fmt.Sprint(i), "", ""}
	}
	if answer, _ = upload(w, me, "/licences/new", many...); answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("many: status %d", answer.StatusCode)
	}
	if len(licences(w, me)) != 0 {
		t.Error("it was kept")
	}
}

func TestScanIsServedInertAndInRanges(t *testing.T) {
	w := webtest.NewTown(t)
	me := w.Importer("m")
	active := "%PDF-1.4\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj"
	upload(w, me, "/licences/new", part{"number", "", "ID-1"}, part{"scan", "dangerous \u00e6.pdf", active}, part{"scan", "p.png", "\x89PNG\r\n\x1a\n"}, part{"do", "", "save"})
	l := licences(w, me)[0]
	at := "/licences/" + l.ID + "/scans/" + l.Scans[0].ID
	answer, body := w.Get(me, at)
	webtest.Wants(t, answer, body, 200, active)
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
	if answer, _ := w.Get(me, at+"?download=1"); !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("download: %q", answer.Header.Get("Content-Disposition"))
	}
	if answer, _ := w.Get(me, "/licences/"+l.ID+"/scans/"+l.Scans[1].ID); !strings.HasSuffix(answer.Header.Get("Content-Security-Policy"), "; sandbox") {
		t.Errorf("picture: %q", answer.Header.Get("Content-Security-Policy"))
	}
	r := httptest.NewRequest("GET", at, nil)
	r.Header.Set(webtest.Account, me.Account)
	r.Header.Set("Range", "bytes=5-7")
	answer, body = webtest.Visit(t, w.Server, r)
	if answer.StatusCode != http.StatusPartialContent || body != "1.4" {
		t.Errorf("range: %d %q", answer.StatusCode, body)
	}
	rival := w.Holder("r", flegt.RoleCustoms, "customs:SE", "SE")
	for _, path := range []string{at, at + "?download=1", at + "/pages/1"} {
		if answer, _ := w.Get(rival, path); answer.StatusCode != http.StatusNotFound {
			t.Errorf("a rival at %s: %d", path, answer.StatusCode)
		}
	}
	if answer, _ := w.Get(me, at+"/pages/x"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("page x: %d", answer.StatusCode)
	}
}
