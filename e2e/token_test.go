package e2e

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

// makesToken makes a token with some rights on the visitor's page of tokens, and gives its secret.
func (v *visitor) makesToken(scopes ...string) string {
	v.t.Helper()
	v.open("/account/tokens")
	v.fill(v.T("apitoken.name"), "Program")
	v.tick(v.T("apitoken.kind.token"))
	for _, scope := range scopes {
		v.tick(v.T("apitoken.scope." + scope))
	}
	v.press(v.T("apitoken.make"))
	v.sees(v.T("apitoken.made"))
	return ask[string](v, `() => { const box = document.getElementById("secret"); return box.value || box.textContent; }`)
}

// keys counts the writes of programs: each has a key of its own.
var keys atomic.Int64

// withToken sends what a program sends, as curl does, and gives the status and the answer.
func (p *program) withToken(token, method, path, body string) (int, string) {
	p.t.Helper()
	request, err := http.NewRequest(method, p.Base+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if method != http.MethodGet {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", strconv.FormatInt(keys.Add(1), 10))
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}
