package web

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
)

func TestOpenPages(t *testing.T) {
	s := testServer(t, nil)
	for path, texts := range map[string][2]string{
		"/":              {"Three steps in", "Kom i gang i tre trin"},
		"/contact":       {"Write in English.", "Skriv på engelsk."},
		"/accessibility": {"WCAG 2.2", "WCAG 2.2"},
		"/privacy":       {"Data protection", "Databeskyttelse"},
	} {
		for i, lang := range []string{"en", "da"} {
			answer, body := get(t, s, path+"?lang="+lang)
			wants(t, answer, body, 200, texts[i], `<html lang="`+lang+`"`, `href="/contact"`)
			checkHTML(t, body)
			if got := answer.Header.Get("Content-Language"); got != lang {
				t.Errorf("%s: Content-Language %q", path, got)
			}
		}
	}
}

func TestContactNamesTheSupportTeamsAddress(t *testing.T) {
	answer, body := get(t, testServer(t, nil), "/contact")
	wants(t, answer, body, 200, `href="mailto:support@flegt.test"`)
}

func TestEveryAnswerIsCareful(t *testing.T) {
	s := testServer(t, func(o *Options) { o.BaseURL = "https://flegt.test" })
	for _, path := range []string{"/", "/nothing", "/healthz", s.static.url("openflegt.css")} {
		answer, _ := get(t, s, path)
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
	danish := Viewer{SignedIn: true, Name: "Mette Sørensen", Lang: "da"}
	for name, x := range map[string]struct {
		viewer              Viewer
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
		s := testServer(t, func(o *Options) {
			o.Who = func(*http.Request) (Viewer, error) { return x.viewer, nil }
		})
		r := httptest.NewRequest("GET", "/contact"+x.query, nil)
		r.AddCookie(&http.Cookie{Name: "lang", Value: x.cookie})
		r.Header.Set("Accept-Language", x.asks)
		answer, _ := visit(t, s, r)
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
	s := testServer(t, nil)
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
		with(s, "GET "+path, func(http.ResponseWriter, *Request) error { return x.err })
		answer, body := get(t, s, path)
		wants(t, answer, body, x.status, x.text)
		checkHTML(t, body)
		if strings.Contains(body, "secret") {
			t.Errorf("%v: the cause is shown", x.err)
		}
		answer, body = get(t, s, path+"?lang=da")
		wants(t, answer, body, x.status, `<html lang="da"`)
	}
}

func TestPanicBecomesAPage(t *testing.T) {
	var log bytes.Buffer
	s := testServer(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	with(s, "GET /panics", func(http.ResponseWriter, *Request) error { panic("out of paper") })
	answer, body := get(t, s, "/panics")
	wants(t, answer, body, 500, "Something went wrong")
	if !strings.Contains(log.String(), "out of paper") || !strings.Contains(log.String(), "REQUEST1") {
		t.Errorf("log: %s", log.String())
	}
}

func TestUnknownAddresses(t *testing.T) {
	s := testServer(t, nil)
	answer, body := get(t, s, "/nothing/here")
	wants(t, answer, body, 404, "Page not found")
	answer, body = post(t, s, "/contact", "")
	wants(t, answer, body, 405, "Not possible here")
	if answer.Header.Get("Allow") != "GET" {
		t.Errorf("Allow %q", answer.Header.Get("Allow"))
	}
}

func TestFormsFromElsewhereAreNotTaken(t *testing.T) {
	taken := 0
	s := with(testServer(t, nil), "POST /change", func(http.ResponseWriter, *Request) error { taken++; return nil })
	r := httptest.NewRequest("POST", "/change", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, body := visit(t, s, r)
	wants(t, answer, body, 403, "another website")
	if taken != 0 {
		t.Error("the change was made")
	}
	post(t, s, "/change", "")
	if taken != 1 {
		t.Error("the own page's form was not taken")
	}
}

func TestTooLargeAForm(t *testing.T) {
	s := with(testServer(t, nil), "POST /change", func(http.ResponseWriter, *Request) error { return nil })
	answer, body := post(t, s, "/change", "a="+strings.Repeat("x", formLimit))
	wants(t, answer, body, 413, "Too large")
}

func TestLogKeepsSecretsOut(t *testing.T) {
	var log bytes.Buffer
	s := testServer(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	with(s, "GET /confirm/{token}", func(w http.ResponseWriter, _ *Request) error { return sayPlain(w, 200, "") })
	get(t, s, "/confirm/s3cret?key=hidden")
	if text := log.String(); strings.Contains(text, "s3cret") || strings.Contains(text, "hidden") || !strings.Contains(text, "/confirm/{token}") {
		t.Error(text)
	}
}

func TestDoneIsSaidOnce(t *testing.T) {
	s := testServer(t, nil)
	with(s, "POST /change", func(w http.ResponseWriter, r *Request) error {
		return s.done(w, r, "/contact", "pages.summary", "Count", 1200, "From", 1, "To", "<b>20")
	})
	answer, _ := post(t, s, "/change", "")
	if answer.StatusCode != 303 || answer.Header.Get("Location") != "/contact" {
		t.Fatalf("%d to %q", answer.StatusCode, answer.Header.Get("Location"))
	}
	r := httptest.NewRequest("GET", "/contact", nil)
	r.AddCookie(answer.Cookies()[0])
	answer, body := visit(t, s, r)
	wants(t, answer, body, 200, "Showing 1–&lt;b&gt;20 of 1,200 entries", "ecl-notification--success")
	if c := answer.Cookies(); len(c) != 1 || c[0].Name != "flash" || c[0].MaxAge != -1 {
		t.Errorf("the sentence stays: %v", c)
	}
	for _, rubbish := range []string{"%%%", "e30", "eyJrIjoieCJ9"} {
		r := httptest.NewRequest("GET", "/contact", nil)
		r.AddCookie(&http.Cookie{Name: "flash", Value: rubbish})
		if answer, body := visit(t, s, r); answer.StatusCode != 200 || strings.Contains(body, "ecl-notification--success") {
			t.Errorf("%q is said", rubbish)
		}
	}
}

func TestSignedInSendsStrangersToSignIn(t *testing.T) {
	s := testServer(t, nil)
	with(s, "GET /for-members", s.signedIn(func(http.ResponseWriter, *Request) error { t.Error("let through"); return nil }))
	answer, _ := get(t, s, "/for-members?page=2")
	if got := answer.Header.Get("Location"); answer.StatusCode != 303 || got != "/sign-in?next=%2Ffor-members%3Fpage%3D2" {
		t.Errorf("%d %s", answer.StatusCode, got)
	}
}

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/licences?page=2": "/licences?page=2", "": "/home", "//evil.test": "/home", "https://evil.test/": "/home",
		"/\\evil.test": "/home", "javascript:alert(1)": "/home", "/a\r\nb": "/home", "licences": "/home",
	} {
		if got := localPath(next, "/home"); got != want {
			t.Errorf("%q: %q, want %q", next, got, want)
		}
	}
}

func TestHealthAndReadiness(t *testing.T) {
	down := false
	s := testServer(t, func(o *Options) {
		o.Ready = func(context.Context) error {
			if down {
				return errors.New("no database")
			}
			return nil
		}
		o.Who = func(*http.Request) (Viewer, error) { return Viewer{}, errors.New("no database") }
	})
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/": 500} {
		if answer, _ := get(t, s, path); answer.StatusCode != want {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	down = true
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, s.static.url("openflegt.css"): 200} {
		if answer, _ := get(t, s, path); answer.StatusCode != want {
			t.Errorf("%s: %d when the database is down", path, answer.StatusCode)
		}
	}
}

func TestHeaderOfSomebodySignedIn(t *testing.T) {
	roles := []RoleChoice{{ID: "a1", Role: "operator", Body: "Nordisk Træ A/S"}, {ID: "a2", Role: "customs", Body: "Toldstyrelsen"}}
	s := testServer(t, func(o *Options) {
		o.Demo = true
		o.Who = func(*http.Request) (Viewer, error) {
			return Viewer{SignedIn: true, Name: "Mette Sørensen", Email: "mette@nordisk.test", Roles: roles, Acting: &roles[1], Unread: 3}, nil
		}
	})
	answer, body := get(t, s, "/contact?lang=da")
	wants(t, answer, body, 200, "Mette Sørensen", "Told, Toldstyrelsen", `value="a2" aria-current="true"`, "ulæste", "Demonstration")
	checkHTML(t, body)
	if got := answer.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
}

func TestStaticFiles(t *testing.T) {
	s := testServer(t, nil)
	for name, kind := range map[string]string{
		"ecl/ecl-ec.css": "text/css", "ecl/ecl-ec.js": "text/javascript", "ecl/InterVariable.woff2": "font/woff2",
		"openflegt.css": "text/css", "openflegt.js": "text/javascript", "favicon.svg": "image/svg+xml",
	} {
		var plain string
		for _, accepts := range []string{"", "gzip", "gzip, deflate, br", "br;q=0, gzip"} {
			r := httptest.NewRequest("GET", s.static.url(name), nil)
			r.Header.Set("Accept-Encoding", accepts)
			answer, body := visit(t, s, r)
			if answer.StatusCode != 200 || !strings.HasPrefix(answer.Header.Get("Content-Type"), kind) ||
				answer.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
				t.Errorf("%s: %d %v", name, answer.StatusCode, answer.Header)
			}
			if body = unpack(t, answer, body); plain == "" {
				plain = body
			}
			if body != plain || body == "" {
				t.Errorf("%s: another file with %q", name, accepts)
			}
		}
	}
	if answer, _ := get(t, s, "/static/0ld/openflegt.css"); answer.Header.Get("Cache-Control") != "no-cache" {
		t.Error("a file under an old hash is kept for ever")
	}
	if answer, _ := get(t, s, "/static/x/ecl/ecl-ec.css.br"); answer.StatusCode != 404 {
		t.Error("compressed files have an address of their own")
	}
}

func TestOnlyOneServerSpeaksOfTheCommission(t *testing.T) {
	_, body := get(t, testServer(t, nil), "/")
	if !strings.Contains(body, "is not a service of the European Commission") {
		t.Error("the footer does not say whose service this is not")
	}
}

func BenchmarkLanding(b *testing.B) {
	s := testServer(b, nil)
	h, err := s.handler()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if _, err := io.Copy(io.Discard, w.Body); err != nil {
			b.Fatal(err)
		}
	}
}

func TestViewerActsInTheRoleChosen(t *testing.T) {
	person := flegt.Actor{Account: "u1", FirstName: "Mette", LastName: "Sørensen", Lang: "da"}
	operator, authority := person, person
	operator.Authorisation, operator.Role, operator.BodyName = "a1", flegt.RoleOperator, "Nordisk Træ A/S"
	authority.Authorisation, authority.Role = "a2", flegt.RoleAuthority
	for chosen, want := range map[string]flegt.Role{"a2": flegt.RoleAuthority, "": flegt.RoleOperator, "ended": flegt.RoleOperator} {
		v := viewerOf(person, []flegt.Actor{operator, authority}, chosen, 0)
		if !v.Has(want) || v.Actor.Role != want || len(v.Roles) != 2 {
			t.Errorf("%q: acts as %s", chosen, v.Actor.Role)
		}
	}
	if v := viewerOf(person, nil, "a1", 2); v.Acting != nil || v.Actor.Account != "u1" || v.Name != "Mette Sørensen" || v.Has(flegt.RoleOperator) {
		t.Errorf("without a role: %+v", v)
	}
}
