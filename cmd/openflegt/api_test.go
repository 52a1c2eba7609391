package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"
)

// startDemo runs the demonstration in this process.
func startDemo(t *testing.T) *Main {
	t.Helper()
	return start(t, func(m *Main) { m.Demo = true })
}

// signedIn is a browser of the demonstration's first person of a role in Denmark.
func signedIn(t *testing.T, m *Main, role string) *visitor {
	t.Helper()
	sheet, err := m.demoSheet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range sheet.People {
		if p.Role == role && (p.Country == "DK" || p.Country == "") {
			return visit(t, m).open(p.SignInURL).open("/home?lang=en")
		}
	}
	t.Fatalf("nobody is %s", role)
	return nil
}

// program makes a token on the page "Access for programs" and gives its secret.
func program(t *testing.T, m *Main, role, kind string, scopes ...string) (v *visitor, id, secret string) {
	t.Helper()
	v = signedIn(t, m, role).open("/account/tokens")
	v.tick("scopes", scopes...)
	v.send("/account/tokens", "", map[string]string{"name": "Test of " + role, "kind": kind})
	v.sees("It was made.")
	if kind == "client" {
		id = v.byID("client-id")
	}
	return v, strings.TrimSpace(id), strings.TrimSpace(v.byID("secret"))
}

// apiAsk sends a request with a token and gives status and body.
func apiAsk(t *testing.T, m *Main, token, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, m.Address()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

// TestAccessForPrograms makes a token and a client on the page, uses both, and revokes them.
func TestAccessForPrograms(t *testing.T) {
	m := startDemo(t)
	v, _, token := program(t, m, "operator", "token", "licences:read")
	answer, text := apiAsk(t, m, token, "GET", "/api/v1/whoami", "")
	if answer.StatusCode != 200 || !strings.Contains(text, `"role":"operator"`) || len(answer.Cookies()) != 0 {
		t.Fatal(answer.Status, text, answer.Cookies())
	}
	if answer, text := apiAsk(t, m, token, "GET", "/api/v1/events", ""); answer.StatusCode != 403 || !strings.Contains(text, "events:read") {
		t.Error("a scope was not needed:", answer.Status, text)
	}
	v.open("/account/tokens").sees("Test of operator", "Read licences, their checks", "Works")
	if strings.Contains(v.text, token) {
		t.Error("the token is shown again")
	}
	v.send("/revoke", "", nil).sees("It was revoked", "Revoked")
	if answer, _ := apiAsk(t, m, token, "GET", "/api/v1/whoami", ""); answer.StatusCode != 401 {
		t.Error("a revoked token works:", answer.Status)
	}

	_, id, secret := program(t, m, "customs", "client", "customs:read", "customs:write")
	granted, err := http.PostForm(m.Address()+"/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}, "scope": {"customs:read"}})
	if err != nil {
		t.Fatal(err)
	}
	defer granted.Body.Close()
	var access struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		Scope       string `json:"scope"`
	}
	if err := json.NewDecoder(granted.Body).Decode(&access); err != nil || access.ExpiresIn != 1800 || access.Scope != "customs:read" {
		t.Fatal(granted.Status, access, err)
	}
	if answer, text := apiAsk(t, m, access.AccessToken, "GET", "/api/v1/whoami", ""); answer.StatusCode != 200 || !strings.Contains(text, `"role":"customs"`) {
		t.Error(answer.Status, text)
	}
	if answer, _ := apiAsk(t, m, secret, "GET", "/api/v1/whoami", ""); answer.StatusCode != 401 {
		t.Error("a client's secret is taken for a token")
	}
}

// TestTokenFormKeepsWhatWasTyped is refused with a sentence at each box.
func TestTokenFormKeepsWhatWasTyped(t *testing.T) {
	v := signedIn(t, startDemo(t), "operator").open("/account/tokens")
	v.send("/account/tokens", "", map[string]string{"name": "Importer's program", "kind": "token", "expires": "2030-01-01"})
	v.sees("Tick at least one thing", "at most 366 days ahead")
	if form := find(v.page, func(n *htmlNode) bool { return attr(n, "name") == "name" }); attr(form, "value") != "Importer's program" {
		t.Error("the name was lost")
	}
}

// checkGroup counts the operations on a group's page. What its links lead to is on the page, and
// the page is short. shared are the schemas on the page of those that several groups use.
func checkGroup(v *visitor, path string) (operations int, shared []string) {
	v.t.Helper()
	for n := range v.page.Descendants() {
		page, name, ok := strings.Cut(attr(n, "href"), "#")
		if ok && page != "" && strings.HasPrefix(name, "schema-") {
			shared = append(shared, name)
		} else if ok && strings.HasPrefix(name, "schema-") && find(v.page, func(n *htmlNode) bool { return attr(n, "id") == name }) == nil {
			v.t.Errorf("%s: nothing is called %s", path, name)
		}
		if strings.HasPrefix(attr(n, "id"), "op-") {
			operations++
		}
	}
	if operations == 0 && path != "/api/v1/docs/schemas" {
		v.t.Errorf("%s has no operations", path)
	}
	var html bytes.Buffer
	if err := nethtml.Render(&html, v.page); err != nil || html.Len() > 100_000 {
		v.t.Errorf("%s has %d bytes: %v", path, html.Len(), err)
	}
	return operations, shared
}

// TestPagesOfTheInterface shows the description in both languages, explains every problem,
// and checks a licence on paper.
func TestPagesOfTheInterface(t *testing.T) {
	m := startDemo(t)
	v := visit(t, m).open("/api/v1/docs").sees("Interface for programs", "PUT /api/v1/licences/{number}/declarations/{mrn}/reservation", "Idempotency-Key")
	operations, shared := 0, []string{}
	for n := range v.page.Descendants() {
		href := attr(n, "href")
		if strings.HasPrefix(href, "/api/problems/") {
			visit(t, m).open(href)
		} else if strings.HasPrefix(href, "/api/v1/docs/") && !strings.Contains(href, "#") {
			n, links := checkGroup(visit(t, m).open(href), href)
			operations, shared = operations+n, append(shared, links...)
		}
	}
	if operations < 100 {
		t.Errorf("%d operations are told of", operations)
	}
	for _, name := range shared {
		visit(t, m).open("/api/v1/docs/schemas").byID(name)
	}
	if answer, err := http.Get(m.Address() + "/api/v1/docs/nothing"); err != nil || answer.Body.Close() != nil || answer.StatusCode != http.StatusNotFound {
		t.Errorf("a group that there is not: %v, %v", answer, err)
	}
	v.open("/api/v1/docs?lang=da").sees("Grænseflade for programmer")
	v.open("/check?lang=en&number=16.00123-00456.001-ID-DK").sees("one more fact")
	v.open("/check?number=16.99999-99999.999-ID-DK&expires=2017-01-01").sees("No licence has this number together")
	sheet, err := m.demoSheet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range sheet.Licences {
		if l.State == "accepted" || l.State == "submitted" {
			v.open("/check?number=" + url.QueryEscape(l.Number) + "&licensee=nobody").sees("No licence has this number together")
		}
	}
	if plain := regexp.MustCompile(`(?i)<script>`).FindString(v.text); plain != "" {
		t.Error(plain)
	}
}
