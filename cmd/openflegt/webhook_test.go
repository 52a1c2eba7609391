package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/openflegt/openflegt/internal/store/storetest"
)

// heard is one message as it came to a receiver.
type heard struct {
	id, kind, noun string
	header         http.Header
	body           []byte
}

// receiver is somebody's system. It answers with the statuses it was given, one after the
// other, then with 204.
type receiver struct {
	*httptest.Server
	t       *testing.T
	came    chan heard
	answers chan int
}

func newReceiver(t *testing.T, answers ...int) *receiver {
	t.Helper()
	r := &receiver{t: t, came: make(chan heard, 100), answers: make(chan int, 100)}
	for _, a := range answers {
		r.answers <- a
	}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		var p struct {
			Type string
			Data struct{ Noun string }
		}
		if err != nil || json.Unmarshal(body, &p) != nil {
			t.Errorf("cannot be read: %q %v", body, err)
		}
		status := http.StatusNoContent
		select {
		case status = <-r.answers:
		default:
		}
		w.WriteHeader(status)
		r.came <- heard{q.Header.Get("webhook-id"), p.Type, p.Data.Noun, q.Header, body}
	}))
	t.Cleanup(r.Close)
	return r
}

// next waits for the next message.
func (r *receiver) next() heard {
	r.t.Helper()
	select {
	case h := <-r.came:
		return h
	case <-time.After(30 * time.Second):
		r.t.Fatal("nothing came")
	}
	return heard{}
}

// signedBy verifies a message as the specification's own library does.
func (h heard) signedBy(t *testing.T, secret string) bool {
	t.Helper()
	by, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	return by.Verify(h.body, h.header) == nil
}

// movedClock is a clock that a test moves on.
type movedClock struct {
	sync.Mutex
	at time.Time
}

func (c *movedClock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.at
}

func (c *movedClock) move(by time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.at = c.at.Add(by)
}

// asJSON reads an answer of the interface, which must have a status.
func asJSON[T any](t *testing.T, want int, answer *http.Response, text string) (v T) {
	t.Helper()
	if answer.StatusCode != want {
		t.Fatalf("%s, want %d: %s", answer.Status, want, text)
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

type aHook struct {
	ID, State, Reason, Secret string
	Version                   int
}

// TestWebhooks makes a webhook, lets something happen, and is told: signed, in order, again
// after a failure, with either secret after a rotation, and also after the program stopped.
func TestWebhooks(t *testing.T) {
	clock, dir, database := &movedClock{at: time.Now()}, t.TempDir(), storetest.MainAddress(t)
	run := func() *Main {
		return start(t, func(m *Main) {
			m.Demo, m.Clock, m.WebhooksAllowPrivate, m.Data, m.Database = true, clock.now, true, dir, database
		})
	}
	m := run()
	r := newReceiver(t, 500, 503)
	_, _, token := program(t, m, "operator", "token", "licences:write", "webhooks:read", "webhooks:write")
	ask := func(method, path, body string, headers ...string) (*http.Response, string) {
		t.Helper()
		return apiAsk(t, m, token, method, "/api/v1"+path, body, headers...)
	}
	answer, text := ask("POST", "/webhooks", `{"name":"Ours","url":"`+r.URL+`/flegt","types":["licence.created","licence.edited"]}`)
	h := asJSON[aHook](t, 201, answer, text)
	one := "/webhooks/" + h.ID
	draft := func() {
		t.Helper()
		answer, text := ask("POST", "/licences", `{"import_country":"DK","form":{}}`)
		asJSON[struct{}](t, 201, answer, text)
	}
	draft()
	draft()
	first := r.next()
	if !first.signedBy(t, h.Secret) || first.kind != "licence.created" || first.noun != "licence" {
		t.Fatalf("%+v %s", first, first.body)
	}
	// It answered 500: it is tried again under the same id, and what comes after it waits.
	log := func() string { _, text := ask("GET", one+"/deliveries", ""); return text }
	eventually(t, func() bool { return strings.Contains(log(), `"status":500`) })
	clock.move(7 * time.Second)
	if again := r.next(); again.id != first.id || string(again.body) != string(first.body) {
		t.Fatalf("%s after %s", again.id, first.id)
	}
	eventually(t, func() bool { return strings.Contains(log(), `"status":503`) })
	// The program stops and starts again: nothing is lost.
	if err := m.Stop(); err != nil {
		t.Fatal(err)
	}
	clock.move(7 * time.Minute)
	m = run()
	if again := r.next(); again.id != first.id || !again.signedBy(t, h.Secret) {
		t.Fatalf("%s after %s", again.id, first.id)
	}
	if second := r.next(); second.id == first.id || second.kind != "licence.created" {
		t.Fatalf("%+v", second)
	}
	answer, text = ask("POST", one+"/rotate", "", "If-Match", "*")
	turned := asJSON[aHook](t, 200, answer, text)
	answer, text = ask("POST", one+"/test", "")
	asJSON[struct{}](t, 202, answer, text)
	if test := r.next(); test.kind != "webhook.test" || !test.signedBy(t, h.Secret) || !test.signedBy(t, turned.Secret) {
		t.Fatalf("%+v", test)
	}
	clock.move(25 * time.Hour)
	draft()
	if later := r.next(); later.signedBy(t, h.Secret) || !later.signedBy(t, turned.Secret) {
		t.Fatal("a day later the old secret still signs, or the new one does not")
	}
	// It answers 410: it is disabled, and its owner is told.
	r.answers <- http.StatusGone
	draft()
	r.next()
	eventually(t, func() bool {
		answer, text := ask("GET", one, "")
		h := asJSON[aHook](t, 200, answer, text)
		return h.State == "disabled" && h.Reason == "gone"
	})
	v := signedIn(t, m, "operator")
	eventually(t, func() bool {
		return strings.Contains(v.open("/notices").text, "Your webhook “Ours” was switched off")
	})
}

// TestWebhooksOutOfTheHouse keeps webhooks out of the network in which the program runs, unless
// its host wants it.
func TestWebhooksOutOfTheHouse(t *testing.T) {
	m := startDemo(t)
	_, _, token := program(t, m, "customs", "token", "webhooks:read", "webhooks:write")
	for _, url := range []string{"http://hooks.example.eu/", "https://127.0.0.1/", "https://[::1]/", "https://localhost/"} {
		if answer, text := apiAsk(t, m, token, "POST", "/api/v1/webhooks", `{"name":"x","url":"`+url+`"}`); answer.StatusCode != 422 {
			t.Errorf("%s: %s %s", url, answer.Status, text)
		}
	}
}

// TestWebhookPages goes through the pages as somebody without JavaScript: nothing there yet, a
// form that is refused, the secret that is shown once, a test event, the log, and the end.
func TestWebhookPages(t *testing.T) {
	m := start(t, func(m *Main) { m.Demo, m.WebhooksAllowPrivate = true, true })
	r := newReceiver(t)
	v := signedIn(t, m, "operator").open("/account").sees("Webhooks")
	v.open("/account/webhooks").sees("No webhooks yet", "Make a webhook")

	v.open("/account/webhooks/new").sees("Accepted by the competent authority")
	if strings.Contains(v.text, "Looked at by customs") {
		t.Error("an importer is offered what is not for him")
	}
	v.tick("types", "licence.accepted", "webhook.changed").send("/webhooks/new", "", map[string]string{"name": "Our system", "url": "ftp://nowhere.example"})
	v.sees("The address must begin with https://")
	if find(v.page, func(n *htmlNode) bool { return attr(n, "name") == "url" && attr(n, "value") == "ftp://nowhere.example" }) == nil ||
		find(v.page, func(n *htmlNode) bool { return attr(n, "value") == "licence.accepted" && has(n, "checked") }) == nil {
		t.Error("what was typed is lost")
	}
	v.send("/webhooks/new", "", map[string]string{"url": r.URL + "/flegt"})
	v.sees("This is the signing secret", "Our system", "2 kinds of events", "Accepted by the competent authority", "Nothing yet")
	secret := v.byID("secret")

	v.send("/test", "", nil).sees("A test event is on its way", "Test event")
	if test := r.next(); !test.signedBy(t, secret) || test.kind != "webhook.test" {
		t.Fatalf("%+v", test)
	}
	eventually(t, func() bool { return strings.Contains(v.open(v.path).text, "Delivered") })
	v.sees("Status 204")
	if strings.Contains(v.text, secret) {
		t.Error("the secret is shown again")
	}
	page := v.path
	v.send("/pause", "", nil).sees("The webhook was paused", "What happens meanwhile is not sent later")
	v.send("/resume", "", nil).sees("The webhook is active again")
	v.send("/rotate", "", nil).sees("For 24 hours the old secret signs too")
	if turned := v.byID("secret"); turned == secret {
		t.Error("the secret is the old one")
	}
	v.open(page+"/edit").send("/edit", "", map[string]string{"name": ""}).sees("Name: Fill this in.")
	v.send("/edit", "", map[string]string{"name": "Other name"}).sees("The webhook was changed", "Other name")
	told := r.next()
	eventually(t, func() bool { return strings.Contains(v.open(page).text, "webhook.changed, no.") })
	eventually(t, func() bool { return !strings.Contains(v.open(page).text, "Waiting") })
	v.send("/resend", "", nil).sees("It is being sent again")
	if again := r.next(); again.id != told.id || again.kind != "webhook.changed" {
		t.Errorf("%+v after %+v", again, told)
	}
	stale := signedIn(t, m, "operator").open(page)
	v.send("/pause", "", nil)
	stale.send("/rotate", "", nil).sees("Someone else changed this") // somebody else changed it
	signedIn(t, m, "customs").open(page).sees("Page not found", "acting in another role")
	v.open(page).send("/delete", "", map[string]string{}).sees("The webhook was deleted", "No webhooks yet")
}
