package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/wording"
)

// noon is when the tests' clock stands still.
var noon = time.Date(2016, 12, 5, 12, 0, 0, 0, time.UTC)

// testServer makes the counter with a clock that stands still; change sets what a test
// wants otherwise.
func testServer(t testing.TB, change func(*Options)) *Server {
	t.Helper()
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Catalog: catalog, Clock: func() time.Time { return noon },
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		NewID:  func() string { return "REQUEST1" }, BaseURL: "http://flegt.test",
		SupportAddress: "support@flegt.test", Version: "1.0",
	}
	if change != nil {
		change(&o)
	}
	s, err := newServer(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// visit asks a server for one thing and gives the answer with its body.
func visit(t *testing.T, s *Server, r *http.Request) (*http.Response, string) {
	t.Helper()
	h, err := s.handler()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	answer := w.Result()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// get asks for a page.
func get(t *testing.T, s *Server, path string) (*http.Response, string) {
	t.Helper()
	return visit(t, s, httptest.NewRequest("GET", path, nil))
}

// post sends a form as the site's own pages do.
func post(t *testing.T, s *Server, path, form string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return visit(t, s, r)
}

// with adds a route to a server, to try what no real page does.
func with(s *Server, pattern string, do handler) *Server {
	s.mux.Handle(pattern, s.serve(route{pattern: pattern, do: do}))
	return s
}

// wants checks that an answer has a status and that its body holds each text.
func wants(t *testing.T, answer *http.Response, body string, status int, texts ...string) {
	t.Helper()
	if answer.StatusCode != status {
		t.Errorf("status %d, want %d", answer.StatusCode, status)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("missing %q in:\n%s", text, body)
		}
	}
	if strings.Contains(body, "⟦") {
		i := strings.Index(body, "⟦")
		t.Errorf("a sentence is missing: %s", body[i:min(len(body), i+80)])
	}
}
