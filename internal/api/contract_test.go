package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"github.com/openflegt/openflegt/internal/flegt"
)

// described is what the generator reads of the description.
type described struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []parameter
		RequestBody struct {
			Content map[string]struct{ Schema schema }
		}
		Responses map[string]struct {
			Content map[string]json.RawMessage
		}
	}
	Components struct{ Schemas map[string]schema }
}

type parameter struct {
	Name, In string
	Schema   schema
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Properties map[string]schema
	Items      *schema
	Enum       []any
}

// generator makes odd requests of the description. The seed is fixed: what fails once fails
// again.
type generator struct {
	*rand.Rand
	d     described
	known []string // values that mean something here
	calm  bool     // makes what is of the right type, to come further than the first check
}

// oddTexts are what people and programs send by mistake or on purpose.
var oddTexts = []string{"", " ", "x", "0", "-1", "1e400", "null", "true", "æøå ß İ ﷽", "\u202e", "💥", "'; DROP TABLE licence; --", "../../etc/passwd",
	"<script>alert(1)</script>", "{{.}}", "%s%n", "2016-13-45", "9999999999999999999999", "0.0000001", "1,5", "DK", "ID", "MTQ", "DK003103", mrn, numberOne,
	strings.Repeat("A", 300), strings.Repeat("é", 5000), "a\tb\nc", "/form/goods/0/hs", "z-mette", "*"}

func (g *generator) text() string {
	if g.calm {
		return []string{"x", "DK", "ID", "12.5", "2016-12-01", "Ærø", "importer", mrn}[g.IntN(8)]
	}
	if g.IntN(3) == 0 {
		return g.known[g.IntN(len(g.known))]
	}
	return oddTexts[g.IntN(len(oddTexts))]
}

// value makes something for a schema: mostly of its type, sometimes of another.
func (g *generator) value(s schema, depth int) any {
	if !g.calm && g.IntN(12) == 0 || depth > 6 {
		return []any{nil, true, -1, 1.5, 1e300, "x", []any{}, map[string]any{}, []any{nil, []any{}}}[g.IntN(9)]
	}
	if s.Ref != "" {
		return g.value(g.d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")], depth)
	}
	kind := fmt.Sprint(s.Type)
	switch {
	case len(s.Enum) > 0 && (g.calm || g.IntN(4) > 0):
		return s.Enum[g.IntN(len(s.Enum))]
	case len(s.Properties) > 0:
		return g.object(s, depth)
	case s.Items != nil:
		out := []any{}
		for range g.IntN(4) {
			out = append(out, g.value(*s.Items, depth+1))
		}
		return out
	case strings.Contains(kind, "integer"):
		return []int{0, 1, 2, -5, 1 << 30}[g.IntN(5)]
	case strings.Contains(kind, "boolean"):
		return g.IntN(2) == 0
	}
	return g.text()
}

func (g *generator) object(s schema, depth int) any {
	out := map[string]any{}
	for _, name := range sortedNames(s.Properties) {
		if g.calm && g.IntN(2) == 0 || !g.calm && g.IntN(6) > 0 {
			out[name] = g.value(s.Properties[name], depth+1)
		}
	}
	if !g.calm && g.IntN(10) == 0 {
		out[g.text()] = g.text()
	}
	return out
}

func sortedNames[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// body writes a body for a schema: mostly JSON, sometimes broken.
func (g *generator) body(s schema) string {
	g.calm = g.IntN(2) == 0
	text, err := json.Marshal(g.value(s, 0))
	calm := g.calm
	g.calm = false
	if err != nil || calm {
		return string(text)
	}
	switch g.IntN(15) {
	case 0:
		return string(text[:g.IntN(len(text)+1)])
	case 1:
		return strings.Repeat("[", 20000)
	case 2:
		return `{"form":{"number":"\u0000"}}`
	case 3:
		return "\xff\xfe" + string(text)
	}
	return string(text)
}

// internals is what an answer must never hold.
var internals = regexp.MustCompile(`(?i)goroutine|panic|\.go:\d|sqlite|SQLSTATE|SELECT |internal/|⟦|password`)

// TestOddRequests sends thousands of odd requests as everybody and holds each answer against
// the description: its status, its type and its schema; never a failure of ours, and never
// anything of our insides.
func TestOddRequests(t *testing.T) {
	w := newTown(t)
	l := w.accepted(mette, numberOne)
	draft := w.draft(mette, "16.00123-00457.001-ID-DK")
	g := &generator{Rand: rand.New(rand.NewPCG(1, 2)), known: []string{l.ID, draft.ID, l.Attachments[0].ID, w.actors[mette].Body, "z-mette", "z-rival", numberOne, mrn, `"1"`, "k"}}
	if err := json.Unmarshal(w.Description(), &g.d); err != nil {
		t.Fatal(err)
	}
	doc, err := libopenapi.NewDocument(w.Description())
	if err != nil {
		t.Fatal(err)
	}
	valid, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	w.Stopping = stopped // nobody waits for events here
	answered := map[int]int{}
	for _, path := range sortedNames(g.d.Paths) {
		for _, method := range sortedNames(g.d.Paths[path]) {
			for range 60 {
				answered[w.odd(g, valid, path, method)]++
			}
		}
	}
	for _, status := range []int{200, 201, 400, 401, 403, 404, 409, 412, 415, 422, 428} {
		if answered[status] == 0 {
			t.Errorf("no request was answered by %d: %v", status, answered)
		}
	}
}

// odd sends one odd request and checks the answer.
func (w *town) odd(g *generator, valid validator.Validator, path, method string) int {
	op := g.d.Paths[path][method]
	target, query := path, url.Values{}
	headers := []string{}
	for _, p := range op.Parameters {
		switch value := fmt.Sprint(g.value(p.Schema, 0)); {
		case p.In == "path":
			if value == "" || g.IntN(3) > 0 {
				value = g.known[g.IntN(len(g.known))]
			}
			target = strings.ReplaceAll(target, "{"+p.Name+"}", url.PathEscape(value))
		case p.In == "query" && g.IntN(2) == 0:
			query.Set(p.Name, value)
		case p.In == "header" && g.IntN(4) > 0:
			headers = append(headers, p.Name, []string{"*", `"1"`, `"3"`, "k" + strconv.Itoa(g.IntN(1000)), strings.Repeat("h", 300)}[g.IntN(5)])
		}
	}
	if g.IntN(20) == 0 {
		query.Set(g.text(), "x")
	}
	body, kind := "", "application/json"
	for media, content := range op.RequestBody.Content {
		body = g.body(content.Schema)
		if media != "application/json" {
			body, kind = "%PDF-1.4 "+g.text(), media
		}
	}
	if g.IntN(15) == 0 {
		kind = []string{"text/plain", "application/xml", "application/json; charset=utf-8", "x", "multipart/form-data"}[g.IntN(5)]
	}
	r := httptest.NewRequest(strings.ToUpper(method), Prefix+target, strings.NewReader(body))
	r.URL.RawQuery = query.Encode()
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept-Language", []string{"en", "da", "x", "*;q=9"}[g.IntN(4)])
	if who := w.anybody(g, strings.ToUpper(method)+" "+Prefix+path); g.IntN(15) > 0 {
		r.Header.Set("Authorization", "Bearer "+w.tokens[who])
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer := w.send(r)
	what := fmt.Sprintf("%s %s %s %q", r.Method, r.URL, r.Header, body[:min(len(body), 300)])
	if answer.StatusCode >= 500 || answer.StatusCode < 400 && strings.Contains(answer.text, "⟦") {
		w.t.Fatalf("%d %s\n%s", answer.StatusCode, answer.text, what)
	}
	if answer.StatusCode >= 400 {
		if hit := internals.FindString(answer.text); hit != "" {
			w.t.Errorf("%q in %s\n%s", hit, answer.text, what)
		}
		p := into[Problem](answer)
		if answer.Header.Get("Content-Type") != problemType || p.Status != answer.StatusCode || p.Detail == "" {
			w.t.Errorf("no problem document: %s\n%s", answer.text, what)
		}
	}
	said, known := op.Responses[strconv.Itoa(answer.StatusCode)]
	if !known {
		w.t.Errorf("the description does not name %d: %s\n%s", answer.StatusCode, answer.text, what)
	} else if media, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";"); len(said.Content) > 0 && said.Content[media] == nil {
		w.t.Errorf("%d is answered as %q\n%s", answer.StatusCode, media, what)
	}
	if answer.Header.Get("Set-Cookie") != "" {
		w.t.Error("a cookie")
	}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "application/") && strings.Contains(answer.Header.Get("Content-Type"), "json") {
		again := answer.Response
		again.Body = readCloser{strings.NewReader(answer.text)}
		if ok, wrong := valid.ValidateHttpResponse(r, again); !ok {
			for _, e := range wrong {
				if !strings.Contains(e.Message, "Path") && !strings.Contains(e.Message, "path") { // an odd address is none of the description's
					w.t.Errorf("%s: %s\n%s\n%s", e.Message, e.Reason, answer.text, what)
				}
			}
		}
	}
	return answer.StatusCode
}

// anybody chooses who asks: mostly somebody whose role has the operation's scope.
func (w *town) anybody(g *generator, pattern string) string {
	for range 10 {
		who := people[g.IntN(len(people))]
		if scope := w.operations[pattern].scope; g.IntN(5) == 0 || scope == "" || slices.Contains(flegt.ScopesOf(w.actors[who].Role), scope) {
			return who
		}
	}
	return mette
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// TestWrongMethodsAndAddresses answers what no operation has.
func TestWrongMethodsAndAddresses(t *testing.T) {
	w := newTown(t)
	if answer := w.ask(mette, "PATCH", "/api/v1/licences", "{}"); answer.problem(405, "method").Detail == "" || answer.Header.Get("Allow") != "GET, HEAD, POST" {
		t.Error(answer.Header)
	}
	if answer := w.ask("", "OPTIONS", "/api/v1/licences/x", "", "Origin", "https://other.example").is(204); answer.Header.Get("Allow") != "GET, HEAD, PUT, DELETE, OPTIONS" || answer.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error(answer.Header)
	}
	w.ask(mette, "HEAD", "/api/v1/licences", "").is(200)
	for _, path := range []string{"/api/v1//", "/api", "/api/v1/nothing", "/api/v1//licences", "/api/v1/licences/../whoami", "/api/v1/licences/"} {
		w.ask(mette, "GET", path, "").problem(404, "not-found")
	}
	w.ask(mette, "GET", "/api/v1/licences/%00", "").problem(400, "unreadable")
	w.ask(mette, "GET", "/api/v1/licences?q=%ff", "").problem(400, "unreadable")
	w.ask(mette, "POST", "/api/v1/licences", `{"form":{"number":"`+strings.Repeat("x", 1<<20)+`"}}`).problem(413, "too-large")
	w.ask(mette, "POST", "/api/v1/licences", "", "Content-Type", "application/json").problem(400, "unreadable")
	if p := w.ask(mette, "POST", "/api/v1/licences", `{"form":{"goods":[{"hs":1}],"invioce":"x"}}`, "Accept-Language", "da").problem(422, "invalid"); len(p.Errors) != 2 {
		t.Errorf("%+v", p.Errors)
	} else {
		for _, e := range p.Errors {
			if e.Pointer != "/form/goods/0/hs" && e.Pointer != "/form/invioce" {
				t.Errorf("%+v", e)
			}
		}
	}
	r := httptest.NewRequest("GET", "/api/v1/licences", nil)
	r.Header.Set("Cookie", "session="+w.tokens[mette])
	w.send(r).problem(401, "token-needed")
}
