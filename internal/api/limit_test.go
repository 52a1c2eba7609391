package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestRateHeaders: the headers of draft-ietf-httpapi-ratelimit-headers while one asks on. As
// long as something is left, t is when all is there again; when nothing is, it is when the next
// request may be made, and Retry-After names the same moment, and waiting so long is enough.
func TestRateHeaders(t *testing.T) {
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	l := newLimiter(6, func() time.Time { return now }) // one in ten seconds
	count := func(want, retry string) {
		t.Helper()
		rec := httptest.NewRecorder()
		err := l.count(rec, "credential", "one")
		h := rec.Header()
		if h.Get("RateLimit-Policy") != `"credential";q=6;w=60` || h.Get("RateLimit") != want || h.Get("Retry-After") != retry || (err != nil) != (retry != "") {
			t.Fatalf("%v, %v, want %s and %q", h, err, want, retry)
		}
	}
	for left := 5; left > 0; left-- {
		count(fmt.Sprintf(`"credential";r=%d;t=%d`, left, (6-left)*10), "")
	}
	count(`"credential";r=0;t=10`, "")
	count(`"credential";r=0;t=10`, "10")
	now = now.Add(3 * time.Second)
	count(`"credential";r=0;t=7`, "7")
	now = now.Add(7 * time.Second)
	count(`"credential";r=0;t=10`, "")
	now = now.Add(25 * time.Second)
	count(`"credential";r=1;t=45`, "")
	now = now.Add(time.Hour)
	count(`"credential";r=5;t=10`, "")
}

// TestEverMoreAddresses: who is counted takes bounded memory, however many ask within a minute.
func TestEverMoreAddresses(t *testing.T) {
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	l := newLimiter(6, func() time.Time { return now })
	for i := range 3 * maxCounted {
		if err := l.count(httptest.NewRecorder(), "address", fmt.Sprint(i)); err != nil {
			t.Fatal(i, err)
		}
		if len(l.counted) > maxCounted {
			t.Fatalf("%d are counted after %d", len(l.counted), i+1)
		}
	}
	now = now.Add(2 * time.Minute)
	for i := range maxCounted {
		_ = l.count(httptest.NewRecorder(), "address", fmt.Sprint("later ", i))
	}
	if len(l.counted) > maxCounted {
		t.Errorf("%d are counted", len(l.counted))
	}
}

// TestTooMany: the same through the door.
func TestTooMany(t *testing.T) {
	w := newTown(t)
	w.callers.perMinute = 60
	for range 60 {
		w.ask(mette, "GET", "/api/v1/whoami", "").is(http.StatusOK)
	}
	answer := w.ask(mette, "GET", "/api/v1/whoami", "")
	answer.problem(http.StatusTooManyRequests, "too-many")
	if h := answer.Header; h.Get("Retry-After") != "1" || h.Get("RateLimit") != `"credential";r=0;t=1` {
		t.Errorf("%v", h)
	}
	w.now = w.now.Add(time.Second)
	w.ask(mette, "GET", "/api/v1/whoami", "").is(http.StatusOK)
}
