// Package webtest stands at the counter for tests: it makes the counter with all its pages,
// with or without an office behind it, asks for pages, sends forms, and looks at what comes
// back. Tests of a room stand outside of it, as package operator_test, and come in by the door.
package webtest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/web"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/wording"
)

// Noon is when the tests' clock stands still.
var Noon = time.Date(2016, 12, 5, 12, 0, 0, 0, time.UTC)

// Server makes the counter with all pages and a clock that stands still; change sets what a
// test wants otherwise.
func Server(t testing.TB, change func(*counter.Options)) *counter.Server {
	t.Helper()
	s, err := web.Counter(Options(t, change))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Options are those of Server.
func Options(t testing.TB, change func(*counter.Options)) counter.Options {
	t.Helper()
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := counter.Options{
		Catalog: catalog, Clock: func() time.Time { return Noon },
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		NewID:  func() string { return "REQUEST1" }, BaseURL: "http://flegt.test",
		SupportAddress: "support@flegt.test", Version: "1.0",
	}
	if change != nil {
		change(&o)
	}
	return o
}

// Visit asks a server for one thing and gives the answer with its body.
func Visit(t testing.TB, s *counter.Server, r *http.Request) (*http.Response, string) {
	t.Helper()
	h, err := s.Handler()
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

// Get asks for a page.
func Get(t testing.TB, s *counter.Server, path string) (*http.Response, string) {
	t.Helper()
	return Visit(t, s, httptest.NewRequest("GET", path, nil))
}

// Post sends a form as the site's own pages do.
func Post(t testing.TB, s *counter.Server, path, form string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return Visit(t, s, r)
}

// With adds a route to a server, to try what no real page does.
func With(s *counter.Server, pattern string, do counter.Handler) *counter.Server {
	s.Handle(counter.Route{Pattern: pattern, Do: do})
	return s
}

// Wants checks that an answer has a status and that its body holds each text.
func Wants(t testing.TB, answer *http.Response, body string, status int, texts ...string) {
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
