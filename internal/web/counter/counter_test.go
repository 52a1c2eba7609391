package counter_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

func TestEveryAnswerIsCareful(t *testing.T) {
	s := webtest.Server(t, func(o *counter.Options) { o.BaseURL = "https://flegt.test" })
	for _, path := range []string{"/", "/nothing", "/healthz", s.Static("openflegt.css")} {
		answer, _ := webtest.Get(t, s, path)
		policy := answer.Header.Get("Content-Security-Policy")
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestLanguageIsChosen(t *testing.T) {
	danish := counter.Viewer{SignedIn: true, Name: "Mette Sørensen", Lang: "da"}
	for name, x := range map[string]struct {
		viewer              counter.Viewer
		query, cookie, asks string
		want                string
	}{
		"nothing said":             {want: "en"},
		"the browser asks":         {asks: "da-DK,en;q=0.5", want: "da"},
		"the account says":         {viewer: danish, asks: "en", want: "da"},
		"the cookie says":          {viewer: danish, cookie: "en", want: "en"},
		"the link says":            {cookie: "en", query: "?lang=da", want: "da"},
		"a language we don't have": {query: "?lang=xx", cookie: "yy", asks: "fr", want: "en"},
	} {
		s := webtest.Server(t, func(o *counter.Options) {
			o.Who = func(*http.Request) (counter.Viewer, error) { return x.viewer, nil }
		})
		r := httptest.NewRequest("GET", "/contact"+x.query, nil)
		r.AddCookie(&http.Cookie{Name: "lang", Value: x.cookie})
		r.Header.Set("Accept-Language", x.asks)
		answer, _ := webtest.Visit(t, s, r)
		if got := answer.Header.Get("Content-Language"); got != x.want {
			t.Errorf("%s: %s, want %s", name, got, x.want)
		}
		kept := answer.Header.Get("Set-Cookie")
		if (x.query == "?lang=da") != strings.Contains(kept, "lang=da") {
			t.Errorf("%s: cookie %q", name, kept)
		}
	}
}

func TestErrorsBecomePages(t *testing.T) {
	s := webtest.Server(t, nil)
	for i, x := range []struct {
		err    error
		status int
		text   string
	}{
		{flegt.Missing(), 404, "We cannot find"},
		{fmt.Errorf("wrapped: %w", flegt.Missing()), 404, "We cannot find"},
		{flegt.Refuse(flegt.Forbidden, "error.origin", nil), 403, "another website"},
		{flegt.Refuse(flegt.Conflict, "error.method", nil), 409, "This cannot be done now"},
		{flegt.Refuse(flegt.TooMany, "error.unreadable", nil), 429, "Too many attempts"},
		{&http.MaxBytesError{Limit: 1}, 413, "larger than"},
		{errors.New("secret detail"), 500, "REQUEST1"},
	} {
		path := fmt.Sprintf("/fails/%d", i)
		webtest.With(s, "GET "+path, func(http.ResponseWriter, *counter.Request) error { return x.err })
		answer, body := webtest.Get(t, s, path)
		webtest.Wants(t, answer, body, x.status, x.text)
		webtest.CheckHTML(t, body)
		if strings.Contains(body, "secret") {
			t.Errorf("%v: the cause is shown", x.err)
		}
		answer, body = webtest.Get(t, s, path+"?lang=da")
		webtest.Wants(t, answer, body, x.status, `<html lang="da"`)
	}
}

func TestPanicBecomesAPage(t *testing.T) {
	var log bytes.Buffer
	s := webtest.Server(t, func(o *counter.Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	webtest.With(s, "GET /panics", func(http.ResponseWriter, *counter.Request) error { panic("out of paper") })
	answer, body := webtest.Get(t, s, "/panics")
	webtest.Wants(t, answer, body, 500, "Something went wrong")
	if !strings.Contains(log.String(), "out of paper") || !strings.Contains(log.String(), "REQUEST1") {
		t.Errorf("log: %s", log.String())
	}
}

func TestUnknownAddresses(t *testing.T) {
	s := webtest.Server(t, nil)
	answer, body := webtest.Get(t, s, "/nothing/here")
	webtest.Wants(t, answer, body, 404, "Page not found")
	answer, body = webtest.Post(t, s, "/contact", "")
	webtest.Wants(t, answer, body, 405, "Not possible here")
	if answer.Header.Get("Allow") != "GET" {
		t.Errorf("Allow %q", answer.Header.Get("Allow"))
	}
}

func TestFormsFromElsewhereAreNotTaken(t *testing.T) {
	taken := 0
	s := webtest.With(webtest.Server(t, nil), "POST /change", func(http.ResponseWriter, *counter.Request) error { taken++; return nil })
	r := httptest.NewRequest("POST", "/change", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, body := webtest.Visit(t, s, r)
	webtest.Wants(t, answer, body, 403, "another website")
	if taken != 0 {
		t.Error("the change was made")
	}
	webtest.Post(t, s, "/change", "")
	if taken != 1 {
		t.Error("the own page's form was not taken")
	}
}

func TestTooLargeAForm(t *testing.T) {
	s := webtest.With(webtest.Server(t, nil), "POST /change", func(http.ResponseWriter, *counter.Request) error { return nil })
	answer, body := webtest.Post(t, s, "/change", "a="+strings.Repeat("x", counter.FormLimit))
	webtest.Wants(t, answer, body, 413, "Too large")
}

func TestLogKeepsSecretsOut(t *testing.T) {
	var log bytes.Buffer
	s := webtest.Server(t, func(o *counter.Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	webtest.With(s, "GET /confirm/{token}", func(w http.ResponseWriter, _ *counter.Request) error { _, err := io.WriteString(w, "ok"); return err })
	webtest.Get(t, s, "/confirm/s3cret?key=hidden")
	if text := log.String(); strings.Contains(text, "s3cret") || strings.Contains(text, "hidden") || !strings.Contains(text, "/confirm/{token}") {
		t.Error(text)
	}
}

func TestDoneIsSaidOnce(t *testing.T) {
	s := webtest.Server(t, nil)
	webtest.With(s, "POST /change", func(w http.ResponseWriter, r *counter.Request) error {
		return s.Done(w, r, "/contact", "pages.summary", "Count", 1200, "From", 1, "To", "<b>20")
	})
	answer, _ := webtest.Post(t, s, "/change", "")
	if answer.StatusCode != 303 || answer.Header.Get("Location") != "/contact" {
		t.Fatalf("%d to %q", answer.StatusCode, answer.Header.Get("Location"))
	}
	r := httptest.NewRequest("GET", "/contact", nil)
	r.AddCookie(answer.Cookies()[0])
	answer, body := webtest.Visit(t, s, r)
	webtest.Wants(t, answer, body, 200, "Showing 1–&lt;b&gt;20 of 1,200 entries", "ecl-notification--success")
	if c := answer.Cookies(); len(c) != 1 || c[0].Name != "flash" || c[0].MaxAge != -1 {
		t.Errorf("the sentence stays: %v", c)
	}
	for _, rubbish := range []string{"%%%", "e30", "eyJrIjoieCJ9"} {
		r := httptest.NewRequest("GET", "/contact", nil)
		r.AddCookie(&http.Cookie{Name: "flash", Value: rubbish})
		if answer, body := webtest.Visit(t, s, r); answer.StatusCode != 200 || strings.Contains(body, "ecl-notification--success") {
			t.Errorf("%q is said", rubbish)
		}
	}
}

func TestSignedInSendsStrangersToSignIn(t *testing.T) {
	s := webtest.Server(t, nil)
	webtest.With(s, "GET /for-members", s.SignedIn(func(http.ResponseWriter, *counter.Request) error { t.Error("let through"); return nil }))
	answer, _ := webtest.Get(t, s, "/for-members?page=2")
	if got := answer.Header.Get("Location"); answer.StatusCode != 303 || got != "/sign-in?next=%2Ffor-members%3Fpage%3D2" {
		t.Errorf("%d %s", answer.StatusCode, got)
	}
}

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/licences?page=2": "/licences?page=2", "": "/home", "//evil.test": "/home", "https://evil.test/": "/home",
		"/\\evil.test": "/home", "javascript:alert(1)": "/home", "/a\r\nb": "/home", "licences": "/home",
	} {
		if got := counter.LocalPath(next, "/home"); got != want {
			t.Errorf("%q: %q, want %q", next, got, want)
		}
	}
}

func TestHealthAndReadiness(t *testing.T) {
	down := false
	s := webtest.Server(t, func(o *counter.Options) {
		o.Ready = func(context.Context) error {
			if down {
				return errors.New("no database")
			}
			return nil
		}
		o.Who = func(*http.Request) (counter.Viewer, error) { return counter.Viewer{}, errors.New("no database") }
	})
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/": 500} {
		if answer, _ := webtest.Get(t, s, path); answer.StatusCode != want {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	down = true
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, s.Static("openflegt.css"): 200} {
		if answer, _ := webtest.Get(t, s, path); answer.StatusCode != want {
			t.Errorf("%s: %d when the database is down", path, answer.StatusCode)
		}
	}
}

func TestHeaderOfSomebodySignedIn(t *testing.T) {
	roles := []counter.RoleChoice{{ID: "a1", Role: "operator", Body: "Nordisk Træ A/S"}, {ID: "a2", Role: "customs", Body: "Toldstyrelsen"}}
	s := webtest.Server(t, func(o *counter.Options) {
		o.Demo = true
		o.Who = func(*http.Request) (counter.Viewer, error) {
			return counter.Viewer{SignedIn: true, Name: "Mette Sørensen", Email: "mette@nordisk.test", Roles: roles, Acting: &roles[1], Unread: 3}, nil
		}
	})
	answer, body := webtest.Get(t, s, "/contact?lang=da")
	webtest.Wants(t, answer, body, 200, "Mette Sørensen", "Told, Toldstyrelsen", `value="a2" aria-current="true"`, "ulæste", "Demonstration")
	webtest.CheckHTML(t, body)
	if got := answer.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
}

func TestViewerActsInTheRoleChosen(t *testing.T) {
	person := flegt.Actor{Account: "u1", FirstName: "Mette", LastName: "Sørensen", Lang: "da"}
	operator, authority := person, person
	operator.Authorisation, operator.Role, operator.BodyName = "a1", flegt.RoleOperator, "Nordisk Træ A/S"
	authority.Authorisation, authority.Role = "a2", flegt.RoleAuthority
	for chosen, want := range map[string]flegt.Role{"a2": flegt.RoleAuthority, "": flegt.RoleOperator, "ended": flegt.RoleOperator} {
		v := counter.ViewerOf(person, []flegt.Actor{operator, authority}, chosen, 0)
		if !v.Has(want) || v.Actor.Role != want || len(v.Roles) != 2 {
			t.Errorf("%q: acts as %s", chosen, v.Actor.Role)
		}
	}
	if v := counter.ViewerOf(person, nil, "a1", 2); v.Acting != nil || v.Actor.Account != "u1" || v.Name != "Mette Sørensen" || v.Has(flegt.RoleOperator) {
		t.Errorf("without a role: %+v", v)
	}
}
