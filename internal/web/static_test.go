package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// unpack undoes an answer's Content-Encoding.
func unpack(t *testing.T, answer *http.Response, body string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	switch answer.Header.Get("Content-Encoding") {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		var err error
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestCompressedFilesAreUpToDate(t *testing.T) {
	for _, name := range []string{"ecl-ec.css", "ecl-ec-print.css", "ecl-ec.js"} {
		plain, err := os.ReadFile(filepath.Join("static/ecl", name))
		if err != nil {
			t.Fatal(err)
		}
		for ending, encoding := range map[string]string{".br": "br", ".gz": "gzip"} {
			packed, err := os.ReadFile(filepath.Join("static/ecl", name+ending))
			if err != nil {
				t.Fatal(err)
			}
			answer := &http.Response{Header: http.Header{"Content-Encoding": {encoding}}}
			if unpack(t, answer, string(packed)) != string(plain) {
				t.Errorf("%s%s is old: go run ./internal/web/staticgen", name, ending)
			}
		}
	}
}

func TestNoStaticFileNamesAnotherHost(t *testing.T) {
	for _, name := range []string{"ecl/ecl-ec.css", "ecl/ecl-ec-print.css", "openflegt.css"} {
		text, err := os.ReadFile(filepath.Join("static", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"url(http", "url(//", "@import", "europa.eu"} {
			if bytes.Contains(text, []byte(address)) {
				t.Errorf("%s holds %s", name, address)
			}
		}
	}
}

func TestStaticFiles(t *testing.T) {
	s := webtest.Server(t, nil)
	for name, kind := range map[string]string{
		"ecl/ecl-ec.css": "text/css", "ecl/ecl-ec.js": "text/javascript", "ecl/InterVariable.woff2": "font/woff2",
		"openflegt.css": "text/css", "openflegt.js": "text/javascript", "favicon.svg": "image/svg+xml",
	} {
		var plain string
		for _, accepts := range []string{"", "gzip", "gzip, deflate, br", "br;q=0, gzip"} {
			r := httptest.NewRequest("GET", s.Static(name), nil)
			r.Header.Set("Accept-Encoding", accepts)
			answer, body := webtest.Visit(t, s, r)
			if answer.StatusCode != 200 || !strings.HasPrefix(answer.Header.Get("Content-Type"), kind) ||
				answer.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
				t.Errorf("%s: %d %v", name, answer.StatusCode, answer.Header)
			}
			if body = unpack(t, answer, body); plain == "" {
				plain = body
			}
			if body != plain || body == "" {
				t.Errorf("%s: another file with %q", name, accepts)
			}
		}
	}
	if answer, _ := webtest.Get(t, s, "/static/0ld/openflegt.css"); answer.Header.Get("Cache-Control") != "no-cache" {
		t.Error("a file under an old hash is kept for ever")
	}
	if answer, _ := webtest.Get(t, s, "/static/x/ecl/ecl-ec.css.br"); answer.StatusCode != 404 {
		t.Error("compressed files have an address of their own")
	}
}
