package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestEntry: whoever knows the interface's address alone is led on, without a token; what lies
// beside it stays shut, and every address that it names is there.
func TestEntry(t *testing.T) {
	w := newTown(t)
	var first string
	for _, path := range []string{"/api/v1", "/api/v1/"} {
		answer := w.ask("", "GET", path, "").is(http.StatusOK).says(`"version": "` + Version + `"`)
		if link := answer.Header.Get("Link"); !strings.Contains(link, `</api/v1/openapi.json>; rel="service-desc"`) || !strings.Contains(link, `</api/v1/docs>; rel="service-doc"`) {
			t.Errorf("%s: Link: %s", path, link)
		}
		if first == "" {
			first = answer.text
		}
		if answer.text != first || answer.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s", path, answer.text)
		}
		w.ask("", "HEAD", path, "").is(http.StatusOK)
		w.ask("", "POST", path, "{}").problem(http.StatusMethodNotAllowed, "method")
	}
	var e entry
	if err := json.Unmarshal([]byte(first), &e); err != nil {
		t.Fatal(err)
	}
	w.ask("", "GET", e.Description, "").is(http.StatusOK).says(`"openapi"`)
	w.ask("", "GET", e.ServerMetadata, "").is(http.StatusOK).says(e.TokenEndpoint)
	w.ask(mette, "GET", e.Links["whoami"], "").is(http.StatusOK)
	for path, status := range map[string]int{"/api/v1/whoami": 401, "/api/v1/whoami/": 404, "/api/v1//": 404, "/api/v1/nothing": 404, "/api/v1/.": 404, "/api": 404, "/api/v1/licences": 401} {
		w.ask("", "GET", path, "").is(status)
	}
}
