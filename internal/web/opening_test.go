package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/openflegt/openflegt/internal/wording"
)

// TestWhoComesEarly waits until the registry is open, and is told when that takes long.
func TestWhoComesEarly(t *testing.T) {
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	programs := func(path string) bool { return strings.HasPrefix(path, "/api/") }
	synctest.Test(t, func(t *testing.T) {
		stopping := make(chan struct{})
		o := NewOpening(catalog, programs, stopping)
		begun := time.Now()
		come := func(path, lang string) <-chan *httptest.ResponseRecorder {
			came := make(chan *httptest.ResponseRecorder, 1)
			go func() {
				w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
				r.Header.Set("Accept-Language", lang)
				o.ServeHTTP(w, r)
				came <- w
			}()
			return came
		}
		has := func(w *httptest.ResponseRecorder, status int, kind string, words ...string) {
			t.Helper()
			if w.Code != status || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) {
				t.Errorf("%d, %s", w.Code, w.Header().Get("Content-Type"))
			}
			for _, word := range words {
				if !strings.Contains(w.Body.String(), word) {
					t.Errorf("%q is not in %s", word, w.Body)
				}
			}
		}
		early, watch := come("/desk", ""), come("/readyz", "")
		synctest.Wait()
		if len(early)+len(watch) > 0 {
			t.Error("somebody is sent away before anything is known")
		}
		has(<-come("/healthz", ""), 200, "", "ok\n")

		o.Tell(Progress{What: "search words", Done: 410_000, Total: 1_000_000, Percent: 41, Left: 59 * time.Second})
		has(<-watch, 503, "text/plain", "bringing the registry up to date: search words, 410000 of 1000000 (41 %), 59s left\n")
		if time.Since(begun) > 0 {
			t.Error("who watches waits")
		}
		synctest.Wait()
		if len(early) > 0 {
			t.Error("nobody has patience")
		}
		w := <-early
		has(w, 503, "text/html", `<html lang="en">`, "<h1>The register is being brought up to date</h1>", "41 % is done. It should take less than a minute more.")
		if h := w.Header(); h.Get("Retry-After") != "10" || h.Get("Refresh") != "10" || h.Get("Cache-Control") != "no-store" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("head: %v", h)
		}
		o.Tell(Progress{Done: 1, Total: 4, Percent: 25, Left: 3*time.Minute - time.Second})
		has(<-come("/desk", "da"), 503, "text/html", `<html lang="da">`, "Registret bliver bragt ajour", "25 % er færdigt. Resten bør tage omkring 3 minutter.")
		has(<-come("/api/v1/licences", "da"), 503, "application/problem+json", `"status":503`, `"detail":"25 % is done. It should take about 3 minutes more.`)

		patient := come("/desk", "")
		time.Sleep(time.Second)
		o.HandOn(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }))
		has(<-patient, 204, "")
		has(<-come("/readyz", ""), 204, "")

		o = NewOpening(catalog, programs, stopping)
		early = come("/desk", "")
		synctest.Wait()
		close(stopping)
		has(<-early, 503, "text/html", "A new version has been put in")
	})
}
