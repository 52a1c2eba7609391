package api

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

type eventsRead struct {
	Items []Event
	Next  int64
	More  bool
}

// end is the number of the newest event.
func (w *town) end() (head int64) {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) (err error) {
		head, err = tx.Head()
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return head
}

// waitFor asks for events as somebody and waits; the answer comes through the channel.
func (w *town) waitFor(who string, since int64) <-chan reply {
	out := make(chan reply, 1)
	go func() { out <- w.ask(who, "GET", "/api/v1/events?wait=60&since="+strconv.FormatInt(since, 10), "") }()
	return out
}

// TestWaitingForEvents: the answer comes when something happens that may be seen, and what may
// not be seen does not end the waiting.
func TestWaitingForEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		since := w.end()
		waiting := w.waitFor(mette, since)
		w.draft(rival, "16.00123-00457.001-ID-DK") // is not for her
		l := w.draft(mette, numberOne)
		got := into[eventsRead]((<-waiting).is(200))
		if len(got.Items) == 0 || got.Items[0].NounID != l.ID || got.Items[0].Seq <= since || got.Next < got.Items[0].Seq {
			t.Errorf("%+v", got)
		}
		if again := into[eventsRead]((<-w.waitFor(mette, since)).is(200)); len(again.Items) == 0 {
			t.Error("what is there already is waited for")
		}
	})
}

// TestANumberBeyondTheLog: whoever asks with one that this log never gave out is told, and does not
// wait for it.
func TestANumberBeyondTheLog(t *testing.T) {
	w := newTown(t)
	w.draft(mette, numberOne)
	last := w.end()
	w.ask(mette, "GET", "/api/v1/events?since="+strconv.FormatInt(last, 10), "").is(200)
	for _, wait := range []string{"", "&wait=60"} {
		p := w.ask(mette, "GET", "/api/v1/events?since="+strconv.FormatInt(last+1, 10)+wait, "").problem(422, "invalid")
		if p.Errors[0].Parameter != "since" || !strings.Contains(p.Errors[0].Detail, "ends at "+strconv.FormatInt(last, 10)) {
			t.Errorf("%+v", p)
		}
	}
}

// TestWaitingEnds: when the program stops, and for a token that was revoked meanwhile.
func TestWaitingEnds(t *testing.T) {
	w := newTown(t)
	stopping, stop := context.WithCancel(t.Context())
	w.Stopping = stopping
	since := w.end()
	waiting := w.waitFor(mette, since)
	w.waits(mette, 1)
	stop()
	if got := into[eventsRead]((<-waiting).is(200)); len(got.Items) != 0 || got.Next != since {
		t.Errorf("%+v", got)
	}
	w.Stopping = nil
	waiting = w.waitFor(rival, w.end())
	w.waits(rival, 1)
	if err := w.Accounts.RevokeAPIToken(t.Context(), w.actors[rival], w.tokenID(rival)); err != nil {
		t.Fatal(err)
	}
	(<-waiting).problem(401, "token-of-no-use")
}

// waits returns when so many requests of somebody wait.
func (w *town) waits(who string, n int) {
	w.t.Helper()
	pass, err := w.Accounts.Bearer(w.t.Context(), w.tokens[who])
	if err != nil {
		w.t.Fatal(err)
	}
	for {
		w.waiting.mu.Lock()
		found := w.waiting.being[pass.Token]
		w.waiting.mu.Unlock()
		if found == n {
			return
		}
		runtime.Gosched()
	}
}

// TestHowManyMayWait: each credential has few places, and all together have a bound.
func TestHowManyMayWait(t *testing.T) {
	w := newTown(t)
	var leave []func()
	for range maxWaitingOne {
		out, err := w.waiting.enter("t")
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, out)
	}
	if _, err := w.waiting.enter("t"); err == nil {
		t.Error("one more may wait")
	}
	for len(leave) < maxWaiting {
		out, err := w.waiting.enter("other " + strconv.Itoa(len(leave)))
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, out)
	}
	answer := w.ask(mette, "GET", "/api/v1/events?wait=60&since="+strconv.FormatInt(w.end(), 10), "")
	answer.problem(429, "too-many")
	if answer.Header.Get("Retry-After") != "5" {
		t.Error(answer.Header)
	}
	for _, out := range leave {
		out()
	}
	if w.waiting.all != 0 || len(w.waiting.being) != 0 {
		t.Errorf("%+v", w.waiting.being)
	}
	w.ask(mette, "GET", "/api/v1/events?wait=61", "").problem(422, "invalid")
}

// TestReferenceDataIsNotSentTwice: who has it is told so, in each language for itself.
func TestReferenceDataIsNotSentTwice(t *testing.T) {
	w := newTown(t)
	for _, path := range []string{"countries", "units", "rejection-reasons", "authorities", "species?q=teak", "headings?q=44"} {
		path = "/api/v1/reference/" + path
		first := w.ask(mette, "GET", path, "").is(200)
		tag := first.Header.Get("ETag")
		if tag == "" || first.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %v", path, first.Header)
		}
		for _, known := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			if again := w.ask(mette, "GET", path, "", "If-None-Match", known).is(304); again.text != "" || again.Header.Get("ETag") != tag || again.Header.Get("Content-Type") != "" {
				t.Errorf("%s: %q %v", path, again.text, again.Header)
			}
		}
		w.ask(mette, "GET", path, "", "If-None-Match", `"x"`).is(200)
		w.ask("", "GET", path, "", "If-None-Match", tag).problem(401, "token-needed")
	}
	english := w.ask(mette, "GET", "/api/v1/reference/countries", "").Header.Get("ETag")
	w.ask(mette, "GET", "/api/v1/reference/countries", "", "Accept-Language", "da", "If-None-Match", english).is(200).says("Danmark")
	before := w.ask(mette, "GET", "/api/v1/reference/authorities", "").Header.Get("ETag")
	err := w.Office.EditAuthority(t.Context(), w.actors[support], "CA-DK", 0, registry.AuthorityEdit{Name: "Miljøstyrelsen",
		Address: flegt.OfficialAddress{Email: "new@authority.example", From: "2016-12-01", Source: "a letter"}})
	if err != nil {
		t.Fatal(err)
	}
	w.ask(mette, "GET", "/api/v1/reference/authorities", "", "If-None-Match", before).is(200).says("new@authority.example")
	w.ask(mette, "GET", "/api/v1/licences", "", "If-None-Match", "*").is(200)
}
