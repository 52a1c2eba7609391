package identity

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

func TestSessionEndsWhenIdle(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		b := &browser{h: h}
		if b.who() != "" || b.cookie != nil {
			h.t.Error("a passer-by has a session")
		}
		b.begin(acc)
		for range 5 {
			h.now = h.now.Add(SessionIdle - time.Second)
			if b.who() != acc.ID {
				h.t.Fatal("the session ended while it was used")
			}
		}
		h.now = h.now.Add(SessionIdle + time.Second)
		if b.who() != "" {
			h.t.Error("the session did not end")
		}
	})
}

func TestSessionEndsInAnyCase(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		b := &browser{h: h}
		b.begin(acc)
		for range 12 {
			h.now = h.now.Add(time.Hour)
			if b.who() != acc.ID {
				h.t.Fatal("the session ended too early")
			}
		}
		h.now = h.now.Add(time.Minute)
		if b.who() != "" {
			h.t.Error("the session did not end")
		}
	})
}

func TestSignOut(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		here, there := &browser{h: h}, &browser{h: h}
		here.begin(acc)
		there.begin(acc)
		stolen := *here
		here.visit(func(ctx context.Context) { h.must(h.End(ctx)) })
		if here.cookie != nil || stolen.who() != "" {
			h.t.Error("the session is still known")
		}
		if there.who() != acc.ID {
			h.t.Error("the other session ended too")
		}
		_, err := h.SignOutEverywhere(ctx, acc.ID)
		h.must(err)
		if there.who() != "" {
			h.t.Error("not signed out everywhere")
		}
	})
}

func TestTokenChangesAtSignIn(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		b := &browser{h: h}
		b.visit(func(ctx context.Context) {
			h.must(h.KeepForm(ctx, Kept{"/licences", url.Values{"number": {"1"}}, true}, "n"))
		})
		planted := *b
		b.begin(acc)
		if planted.cookie.Value == b.cookie.Value || planted.who() != "" {
			h.t.Error("a planted session was signed in")
		}
		b.visit(func(ctx context.Context) {
			if k, ok := h.KeptForm(ctx); !ok || k.Path != "/licences" || k.Form.Get("number") != "1" || !k.Files {
				h.t.Errorf("kept %+v %v", k, ok)
			}
			h.DropForm(ctx)
		})
		b.visit(func(ctx context.Context) {
			if _, ok := h.KeptForm(ctx); ok {
				h.t.Error("still kept")
			}
		})
	})
}

func TestKeptFormHoldsNoPassword(t *testing.T) {
	each(t, func(h *house) {
		b := &browser{h: h}
		b.visit(func(ctx context.Context) {
			h.must(h.KeepForm(ctx, Kept{Path: "/x", Form: url.Values{"password": {"s"}, "new_password": {"s"}, "current": {"s"}, "name": {"n"}}}, "n"))
		})
		b.visit(func(ctx context.Context) {
			if k, _ := h.KeptForm(ctx); k.Form.Encode() != "name=n" {
				h.t.Errorf("kept %v", k.Form)
			}
			h.must(h.KeepForm(ctx, Kept{Path: "/y", Form: url.Values{"name": {strings.Repeat("n", maxForm)}}}, "n"))
			for i := range formsOfNetwork {
				h.must(h.KeepForm(ctx, Kept{Path: fmt.Sprint("/z", i)}, "n"))
			}
			if k, _ := h.KeptForm(ctx); k.Path != fmt.Sprint("/z", formsOfNetwork-2) {
				h.t.Errorf("kept %q", k.Path)
			}
		})
	})
}

func TestActingRoleStaysWithTheAccount(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		other := h.member(Person{FirstName: "Jens", LastName: "Holm", Email: "jens@nordisktrae.example"})
		b := &browser{h: h}
		acting := func() (id string) {
			b.visit(func(ctx context.Context) {
				v, _, err := h.Visit(ctx)
				h.must(err)
				id = v.Acting
			})
			return id
		}
		b.begin(acc)
		b.visit(func(ctx context.Context) { h.Act(ctx, "z1") })
		b.begin(acc)
		if acting() != "z1" {
			h.t.Errorf("acting in %q", acting())
		}
		b.begin(other)
		if acting() != "" {
			h.t.Errorf("another account acts in %q", acting())
		}
	})
}

func TestCookieIsCareful(t *testing.T) {
	db := storetest.SQLite(t)
	for base, want := range map[string]string{"http://flegt.test": "session", "https://flegt.test/": "__Host-session"} {
		h := open(t, db, func(o *Options) { o.BaseURL = base })
		b := &browser{h: h}
		b.visit(func(ctx context.Context) { h.must(h.KeepForm(ctx, Kept{Path: "/x"}, "n")) })
		c := b.cookie
		if c == nil || c.Name != want || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 ||
			c.Secure != strings.HasPrefix(base, "https") {
			t.Errorf("%s: %+v", base, c)
		}
	}
}

func TestDatabaseHoldsNoTokens(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		b := &browser{h: h}
		b.begin(acc)
		h.must(h.AskReset(ctx, mette.Email, "n"))
		token := tokenOf(h.t, h.mail(MailReset, mette.Email))
		for _, q := range []string{`SELECT token FROM session`, `SELECT hash FROM token`} {
			rows, err := h.db.Writer().Query(q)
			h.must(err)
			n := 0
			for rows.Next() {
				var s string
				h.must(rows.Scan(&s))
				if s == b.cookie.Value || s == token {
					h.t.Errorf("%s: in the clear", q)
				}
				n++
			}
			h.must(rows.Close())
			if n == 0 {
				h.t.Errorf("%s: nothing", q)
			}
		}
	})
}

func TestReadingCostsNoWrite(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		b := &browser{h: h}
		b.begin(acc)
		ends := func() (at time.Time) {
			h.must(h.db.View(ctx, func(tx *store.Tx) error {
				_, ends, _, err := tx.Session(hashOfSession(b), h.now)
				at = ends
				return err
			}))
			return at
		}
		began := ends()
		h.now = h.now.Add(sessionStep - time.Second)
		b.who()
		if !ends().Equal(began) {
			h.t.Error("written too early")
		}
		h.now = h.now.Add(time.Second)
		b.who()
		if ends().Equal(began) {
			h.t.Error("not prolonged")
		}
		h.now = h.now.Add(SessionIdle + time.Hour)
		h.must(h.Sweep(ctx))
	})
}

func TestDemoLinks(t *testing.T) {
	db := storetest.SQLite(t)
	h := open(t, db, func(o *Options) { o.Demo = true })
	acc := h.member(mette)
	u, err := url.Parse(h.DemoLink(acc.ID))
	h.must(err)
	if u.Path != "/sign-in/demo" || !strings.HasPrefix(u.String(), "http://flegt.test/") {
		t.Errorf("link %s", u)
	}
	got, err := h.SignIn(ctx, ByDemoLink, u.Query(), "n")
	h.must(err)
	if got.ID != acc.ID {
		t.Errorf("signed in as %+v", got)
	}
	forged := u.Query()
	forged.Set("who", "somebody-else")
	_, err = h.SignIn(ctx, ByDemoLink, forged, "n")
	h.refuses(err, flegt.NotFound, "error.not_found")

	plain := open(t, db, nil)
	_, err = plain.SignIn(ctx, ByDemoLink, u.Query(), "n")
	plain.refuses(err, flegt.NotFound, "error.not_found")
	if plain.DemoLink(acc.ID) != "" || plain.DemoPath(acc.ID) != "" {
		t.Error("a link outside the demonstration")
	}
	if _, err := New(Options{}); err == nil {
		t.Error("opened without a database")
	}
}
