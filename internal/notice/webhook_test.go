package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/openflegt/openflegt/internal/flegt"
)

// desk is the office's side with one event after the other for each webhook.
type desk struct {
	sync.Mutex
	waiting  map[string][]flegt.WebhookSending
	claimed  map[string]bool
	settled  map[string][]flegt.WebhookAnswer
	released []string
	noted    chan string // the webhook whose try was settled or released
}

func newDesk() *desk {
	return &desk{waiting: map[string][]flegt.WebhookSending{}, claimed: map[string]bool{}, settled: map[string][]flegt.WebhookAnswer{}, noted: make(chan string, 1000)}
}

// add queues an event for the webhook at an address, which is its id too.
func (d *desk) add(url string, secrets ...[]byte) {
	n := len(d.waiting[url]) + 1
	e := flegt.Event{Seq: int64(n), At: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Noun: flegt.NounLicence, NounID: "l1", Verb: "accepted"}
	d.waiting[url] = append(d.waiting[url], flegt.WebhookSending{Webhook: flegt.Webhook{ID: url, URL: url}, Event: e, Secrets: secrets,
		Delivery: flegt.Delivery{ID: fmt.Sprint("msg_", n), Seq: e.Seq, Type: e.EventType()}})
}

func (d *desk) QueueWebhooks(context.Context) (int, error) { return 0, nil }

func (d *desk) ClaimWebhooks(_ context.Context, limit int) (out []flegt.WebhookSending, err error) {
	d.Lock()
	defer d.Unlock()
	for id, all := range d.waiting {
		if len(all) > 0 && !d.claimed[id] && len(out) < limit {
			d.claimed[id] = true
			out = append(out, all[0])
		}
	}
	return out, nil
}

func (d *desk) SettleWebhook(_ context.Context, s flegt.WebhookSending, a flegt.WebhookAnswer, more bool) (next flegt.WebhookSending, some bool, err error) {
	d.Lock()
	defer d.Unlock()
	id := s.Webhook.ID
	d.settled[id] = append(d.settled[id], a)
	d.waiting[id] = d.waiting[id][1:]
	d.noted <- id
	if d.claimed[id] = more && len(d.waiting[id]) > 0; d.claimed[id] {
		return d.waiting[id][0], true, nil
	}
	return next, false, nil
}

func (d *desk) ReleaseWebhook(_ context.Context, s flegt.WebhookSending) error {
	d.Lock()
	defer d.Unlock()
	d.released = append(d.released, s.Webhook.ID)
	d.noted <- s.Webhook.ID
	return nil
}

// sending runs the sender until the test ends; stop ends it sooner and waits.
func (d *desk) sending(t *testing.T, private bool) (stop func()) {
	t.Helper()
	w := NewWebhooks(WebhookOptions{Office: d, Private: private, BaseURL: "https://flegt.example.eu", Logger: slog.New(slog.DiscardHandler),
		Write: func(e flegt.Event) any { return map[string]any{"noun_id": e.NounID} }})
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { w.Run(ctx) })
	stop = func() { cancel(); run.Wait() }
	t.Cleanup(stop)
	return stop
}

// one waits for n tries of any webhook.
func (d *desk) tries(t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-d.noted:
		case <-time.After(30 * time.Second):
			t.Fatal("nothing was sent")
		}
	}
}

var oneSecret, twoSecret = []byte("0123456789abcdef0123456789abcdef"), []byte("fedcba9876543210fedcba9876543210")

// A receiver that follows the specification verifies what it gets, with either secret.
func TestWebhookIsSigned(t *testing.T) {
	d := newDesk()
	var got []string
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		for _, secret := range [][]byte{oneSecret, twoSecret} {
			by, err := standardwebhooks.NewWebhookRaw(secret)
			if err != nil || by.Verify(body, r.Header) != nil {
				t.Errorf("not signed: %v", r.Header)
			}
			if by.Verify(append(body, ' '), r.Header) == nil {
				t.Error("another body has the same signature")
			}
		}
		var p struct {
			Type      string
			Timestamp time.Time
			Data      map[string]string
		}
		if err := json.Unmarshal(body, &p); err != nil || p.Type != "licence.accepted" || p.Data["noun_id"] != "l1" || p.Timestamp.Hour() != 9 {
			t.Errorf("%s: %v", body, err)
		}
		if r.Method != "POST" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("User-Agent") != "OpenFLEGT (+https://flegt.example.eu)" {
			t.Errorf("%s %v", r.Method, r.Header)
		}
		got = append(got, r.Header.Get("webhook-id"))
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()
	for range inARow + 2 { // more than one has in a row
		d.add(receiver.URL, oneSecret, twoSecret)
	}
	d.sending(t, true)
	d.tries(t, inARow+2)
	for i, id := range got {
		if id != fmt.Sprint("msg_", i+1) {
			t.Fatalf("in the order %v", got)
		}
	}
}

func TestWebhookAnswers(t *testing.T) {
	var hits sync.Map
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Store(r.URL.Path, true)
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/busy":
			w.Header().Set("Retry-After", "120")
			http.Error(w, "Busy", http.StatusServiceUnavailable)
		case "/broken":
			panic(http.ErrAbortHandler)
		case "/long":
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		}
	}))
	defer receiver.Close()
	secure := httptest.NewTLSServer(receiver.Config.Handler)
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	defer secure.Close()
	shut := httptest.NewServer(nil)
	shut.Close()
	want := map[string]flegt.WebhookAnswer{
		receiver.URL + "/fine":          {Status: 200},
		receiver.URL + "/redirect":      {Status: 307, Problem: flegt.ProblemRedirect},
		receiver.URL + "/gone":          {Status: 410, Problem: flegt.ProblemGone},
		receiver.URL + "/busy":          {Status: 503, Problem: flegt.ProblemStatus, RetryAfter: 2 * time.Minute},
		receiver.URL + "/broken":        {Problem: flegt.ProblemConnect},
		receiver.URL + "/long":          {Status: 200},
		secure.URL:                      {Problem: flegt.ProblemTLS},
		shut.URL:                        {Problem: flegt.ProblemConnect},
		receiver.URL + "/withoutsecret": {Problem: flegt.ProblemSecret},
	}
	d := newDesk()
	for url := range want {
		if strings.HasSuffix(url, "/withoutsecret") {
			d.add(url)
			continue
		}
		d.add(url, oneSecret)
	}
	stop := d.sending(t, true)
	d.tries(t, len(want))
	stop()
	for url, want := range want {
		if got := d.settled[url][0]; got.Status != want.Status || got.Problem != want.Problem || got.RetryAfter != want.RetryAfter || len(got.Text) > answerRead {
			t.Errorf("%s: %+v, want %+v", url, got, want)
		}
	}
	if _, followed := hits.Load("/elsewhere"); followed {
		t.Error("a redirect was followed")
	}
	if _, sent := hits.Load("/withoutsecret"); sent {
		t.Error("sent without a signature")
	}
}

// An address that is not public is not even dialled, whatever name leads to it.
func TestWebhookStaysOutOfPrivateNetworks(t *testing.T) {
	calls := 0
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls++ }))
	defer inner.Close()
	d := newDesk()
	urls := []string{inner.URL, strings.Replace(inner.URL, "127.0.0.1", "localhost", 1), "http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/"}
	for _, url := range urls {
		d.add(url, oneSecret)
	}
	stop := d.sending(t, false)
	d.tries(t, len(urls))
	stop()
	for _, url := range urls {
		if got := d.settled[url][0]; got.Problem != flegt.ProblemPrivate || got.Status != 0 {
			t.Errorf("%s: %+v", url, got)
		}
	}
	if calls != 0 {
		t.Errorf("%d calls reached a private address", calls)
	}
	if !errors.Is(guardAddress("tcp", "nonsense", nil), errWebhookAddress) {
		t.Error("an address that cannot be read was let through")
	}
}

// A receiver that hangs holds up nobody else; what is under way when the program stops is
// given back.
func TestSlowReceiverHoldsUpNobody(t *testing.T) {
	release, hanging := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { close(hanging); <-release }))
	defer slow.Close()
	defer close(release)
	quick := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer quick.Close()
	d := newDesk()
	d.add(slow.URL, oneSecret)
	stop := d.sending(t, true)
	<-hanging
	d.Lock()
	for range 5 {
		d.add(quick.URL, oneSecret)
	}
	d.Unlock()
	d.tries(t, 5)
	stop()
	if len(d.settled[quick.URL]) != 5 || len(d.settled[slow.URL]) != 0 || len(d.released) != 1 || d.released[0] != slow.URL {
		t.Errorf("settled %v, released %v", d.settled, d.released)
	}
}

func TestWebhookProblems(t *testing.T) {
	for want, err := range map[string]error{
		flegt.ProblemName:    &net.OpError{Op: "dial", Err: &net.DNSError{Name: "nowhere.invalid", IsNotFound: true}},
		flegt.ProblemTimeout: fmt.Errorf("post: %w", context.DeadlineExceeded),
		flegt.ProblemPrivate: &net.OpError{Op: "dial", Err: errWebhookAddress},
		flegt.ProblemConnect: io.ErrUnexpectedEOF,
	} {
		if got := problemIn(err); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{"": 0, "30": 30 * time.Second, "-1": 0, "x": 0, "99999999999999": 0,
		"Tue, 24 Nov 2026 09:10:00 GMT": 10 * time.Minute, "Tue, 24 Nov 2026 08:00:00 GMT": 0} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
