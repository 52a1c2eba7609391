package identity

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

const good = "tolv grønne brædder"

// house is the room on a real store, with a clock that moves when told and a box for mail.
type house struct {
	*Identity
	t    *testing.T
	db   *store.DB
	now  time.Time
	post []Mailing
}

func open(t *testing.T, db *store.DB, change func(*Options)) *house {
	t.Helper()
	h := &house{t: t, db: db, now: time.Date(2016, 12, 5, 9, 0, 0, 0, time.UTC)}
	o := Options{
		DB: db, Logger: slog.New(slog.DiscardHandler), BaseURL: "http://flegt.test", Clock: func() time.Time { return h.now },
		Post: func(_ *store.Tx, m Mailing) error { h.post = append(h.post, m); return nil },
	}
	if change != nil {
		change(&o)
	}
	var err error
	if h.Identity, err = New(o); err != nil {
		t.Fatal(err)
	}
	return h
}

// each runs a test on every database at hand.
func each(t *testing.T, test func(h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(open(t, db, nil)) })
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refuses checks an error's kind and the key of its sentence, or of its first box.
func (h *house) refuses(err error, kind flegt.Kind, key string) {
	h.t.Helper()
	var e *flegt.Error
	if err != nil {
		e, _ = err.(*flegt.Error)
	}
	if e == nil || e.Kind != kind || e.Key != key && (len(e.Boxes) == 0 || e.Boxes[0].Key != key) {
		h.t.Fatalf("got %v, want kind %d with %s", err, kind, key)
	}
}

// mail takes the newest mail, which must be of that kind and go there.
func (h *house) mail(kind MailKind, to string) Mailing {
	h.t.Helper()
	if len(h.post) == 0 {
		h.t.Fatalf("no mail, want %s", kind)
	}
	m := h.post[len(h.post)-1]
	h.post = h.post[:len(h.post)-1]
	if m.Kind != kind || m.To != to {
		h.t.Fatalf("mail %s to %s, want %s to %s", m.Kind, m.To, kind, to)
	}
	return m
}

func (h *house) noMail() {
	h.t.Helper()
	if len(h.post) != 0 {
		h.t.Fatalf("unexpected mail: %+v", h.post)
	}
}

func tokenOf(t *testing.T, m Mailing) string {
	t.Helper()
	u, err := url.Parse(m.Link)
	if err != nil || u.Query().Get("token") == "" {
		t.Fatalf("no token in %q", m.Link)
	}
	return u.Query().Get("token")
}

var mette = Person{FirstName: "Mette", LastName: "Sørensen", Email: "Mette@nordisktrae.example", Lang: "da"}

// member makes an open account with the good password.
func (h *house) member(p Person) flegt.Account {
	h.t.Helper()
	h.must(h.SignUp(ctx, p, "192.0.2.1"))
	acc, err := h.Confirm(ctx, tokenOf(h.t, h.mail(MailConfirm, p.Email)), good)
	h.must(err)
	return acc
}

func (h *house) signIn(who, password, network string) (flegt.Account, error) {
	return h.SignIn(ctx, ByPassword, url.Values{"who": {who}, "password": {password}}, network)
}

func (h *house) verbs(accountID string) string {
	h.t.Helper()
	var verbs []string
	h.must(h.db.View(ctx, func(tx *store.Tx) error {
		events, err := tx.EventsOf(accountID)
		for i, e := range events {
			verbs = append(verbs, e.Verb)
			if i == len(events)-1 {
				acc, err := tx.Account(accountID)
				if err != nil {
					return err
				}
				if e.RowHash != store.RowHash(acc) || e.Version != acc.Version {
					h.t.Errorf("the last event, %s, does not agree with the row", e.Verb)
				}
			}
		}
		return err
	}))
	return strings.Join(verbs, " ")
}

// browser keeps the session's cookie between visits.
type browser struct {
	h      *house
	cookie *http.Cookie
}

func (b *browser) visit(do func(ctx context.Context)) *http.Response {
	b.h.t.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.h.Sessions(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		do(r.Context())
		w.WriteHeader(http.StatusOK)
	}), func(_ http.ResponseWriter, _ *http.Request, err error) { b.h.t.Error(err) }).ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookie = c
		if c.MaxAge < 0 {
			b.cookie = nil
		}
	}
	return w.Result()
}

// who says which account the session belongs to; empty when none.
func (b *browser) who() (who string) {
	b.h.t.Helper()
	b.visit(func(ctx context.Context) {
		v, ok, err := b.h.Visit(ctx)
		b.h.must(err)
		if ok {
			who = v.Account.ID
		}
	})
	return who
}

func (b *browser) begin(acc flegt.Account) {
	b.h.t.Helper()
	b.visit(func(ctx context.Context) { b.h.must(b.h.Begin(ctx, acc)) })
}

var ctx = context.Background()
