package api

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
	"github.com/openflegt/openflegt/internal/wording"
)

// town is the interface with a real office behind it, a clock, and programs of people of
// every role, each with a token that has all scopes of its role.
type town struct {
	*Server
	t      testing.TB
	db     *store.DB
	now    time.Time
	log    *bytes.Buffer
	sent   *atomic.Int64 // requests so far: their names say nothing by chance
	actors map[string]flegt.Actor
	tokens map[string]string
}

// The people: two operators that compete, officers of two countries, Support and others.
const (
	mette     = "mette" // operator, Denmark
	rival     = "rival" // another operator, Denmark
	officer   = "officer"
	swede     = "swede" // officer of Sweden's authority
	customs   = "customs"
	tull      = "tull" // customs of Sweden
	support   = "support"
	licensing = "licensing"
	observer  = "observer"
)

var people = []string{mette, rival, officer, swede, customs, tull, support, licensing, observer}

func newTown(t testing.TB) *town { return townOn(t, storetest.SQLite(t)) }

func townOn(t testing.TB, db *store.DB) *town {
	t.Helper()
	w := &town{t: t, db: db, now: time.Date(2016, 12, 6, 9, 0, 0, 0, time.UTC), log: &bytes.Buffer{}, sent: &atomic.Int64{}, actors: map[string]flegt.Actor{}, tokens: map[string]string{}}
	w.Server = w.serverOn(db, w.log)
	w.settle()
	return w
}

// What every town reads and none changes is read once.
var (
	builtIn   = sync.OnceValues(reference.BuiltIn)
	sentences = sync.OnceValues(func() (*wording.Catalog, error) { return wording.New(wording.Options{}) })
)

// serverOn is an interface with an office of its own, as another node of the registry has it.
func (w *town) serverOn(db *store.DB, log io.Writer) *Server {
	t := w.t
	t.Helper()
	ref, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := sentences()
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return w.now }
	office, err := registry.New(t.Context(), registry.Options{DB: db, Reference: ref, Clock: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := identity.New(identity.Options{DB: db, Clock: clock, Post: func(*store.Tx, identity.Mailing) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Catalog: catalog, Office: office, Accounts: accounts, Clock: clock, BaseURL: "http://flegt.test", Rate: -1,
		Logger: slog.New(slog.NewTextHandler(log, nil)), NewID: func() string { return "request " + strconv.FormatInt(w.sent.Add(1), 10) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// settle lets the people move in.
func (w *town) settle() {
	w.t.Helper()
	w.account("founder")
	found := flegt.Actor{Account: "founder"}
	bodies := map[string]flegt.Operator{}
	for who, cvr := range map[string]string{mette: "25313763", rival: "27347282"} {
		op, err := w.Office.CreateOperator(w.t.Context(), found, flegt.Operator{Name: "Firma " + who, LegalForm: "A/S", Country: "DK", Postcode: "8000",
			Town: "Aarhus C", Street: "Havnegade 1", ContactName: "Mette Sørensen", ContactEmail: who + "@nordisktrae.example", Section: flegt.SectionTimber,
			Identifiers: []flegt.Identifier{{Kind: "NATIONAL", Country: "DK", Value: cvr}}}, true)
		if err != nil {
			w.t.Fatal(err)
		}
		bodies[who] = op
	}
	w.holder(mette, flegt.RoleOperator, bodies[mette].ID, "DK")
	w.holder(rival, flegt.RoleOperator, bodies[rival].ID, "DK")
	w.holder(officer, flegt.RoleAuthority, "CA-DK", "DK")
	w.holder(swede, flegt.RoleAuthority, "CA-SE", "SE")
	w.holder(customs, flegt.RoleCustoms, "CUSTOMS-DK", "DK")
	w.holder(tull, flegt.RoleCustoms, "CUSTOMS-SE", "SE")
	w.holder(support, flegt.RoleSupport, flegt.SupportBody, "")
	w.holder(licensing, flegt.RoleLicensing, "LA-ID", "ID")
	w.holder(observer, flegt.RoleObserver, flegt.ObserverBody, "")
}

func (w *town) account(id string) {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		return tx.AddAccount(flegt.Account{ID: id, Email: id + "@nordisktrae.example", FirstName: "First" + id, LastName: "Last" + id, Confirmed: true, Version: 1})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// holder adds an account that holds a role, and a token with all its scopes.
func (w *town) holder(id string, role flegt.Role, body, country string) {
	w.t.Helper()
	w.account(id)
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-" + id, Account: id, Role: role, Body: body, Country: country,
			Capacity: flegt.Importer, Status: flegt.Approved, RequestedAt: w.now, Version: 1})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	roles, err := w.Office.Roles(w.t.Context(), id)
	if err != nil || len(roles) != 1 {
		w.t.Fatal(roles, err)
	}
	w.actors[id] = roles[0]
	w.tokens[id] = w.token(id, flegt.TokenPlain, flegt.ScopesOf(role)...)
}

// token makes a token, or a client whose secret is given.
func (w *town) token(id string, kind flegt.APITokenKind, scopes ...flegt.APIScope) string {
	w.t.Helper()
	_, secret, err := w.Accounts.NewAPIToken(w.t.Context(), w.actors[id], flegt.APIToken{Kind: kind, Name: "Test", Scopes: scopes, ExpiresAt: w.now.AddDate(0, 6, 0)})
	if err != nil {
		w.t.Fatal(err)
	}
	return secret
}

// reply is an answer read whole.
type reply struct {
	*http.Response
	text string
	t    testing.TB
}

// ask sends a request as somebody; who is empty for nobody. Headers come in pairs.
func (w *town) ask(who, method, path, body string, headers ...string) reply {
	w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+w.tokens[who])
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.send(r)
}

func (w *town) send(r *http.Request) reply {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	answer := rec.Result()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.pointsInto(r, answer, text)
	return reply{answer, string(text), w.t}
}

// pointsInto wants of a write that what is said to be wrong is a field of the operation's body, or one of its
// parameters: a program can do nothing with another. A body that is a file has none.
func (w *town) pointsInto(r *http.Request, answer *http.Response, text []byte) {
	w.t.Helper()
	var p Problem
	if !writes(r.Method) || answer.Header.Get("Content-Type") != problemType || json.Unmarshal(text, &p) != nil {
		return
	}
	_, route := w.mux.Handler(r)
	if len(w.fields[route]) == 0 { // the body is a file
		return
	}
	for _, e := range p.Errors {
		first, _, _ := strings.Cut(strings.TrimPrefix(e.Pointer, "/"), "/")
		if e.Pointer != "" && e.Key != "api.field.unexpected" && !w.fields[route][first] {
			w.t.Errorf("%s points at %s, which its body does not have: %s", route, e.Pointer, text)
		}
		if e.Parameter != "" && e.Key != "api.field.unknown_parameter" && !w.parameters[route][e.Parameter] {
			w.t.Errorf("%s speaks of the parameter %s, which it does not have: %s", route, e.Parameter, text)
		}
	}
}

// is wants a status.
func (r reply) is(status int) reply {
	r.t.Helper()
	if r.StatusCode != status {
		r.t.Fatalf("status %d, want %d: %s", r.StatusCode, status, r.text)
	}
	return r
}

// says wants texts in the answer.
func (r reply) says(texts ...string) reply {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.text, text) {
			r.t.Fatalf("%q is not in %s", text, r.text)
		}
	}
	return r
}

// problem wants a problem document of a kind.
func (r reply) problem(status int, slug string) Problem {
	r.t.Helper()
	r.is(status)
	p := into[Problem](r)
	if p.Type != "/api/problems/"+slug || p.Status != status || r.Header.Get("Content-Type") != problemType {
		r.t.Fatalf("%s: %+v", r.Header.Get("Content-Type"), p)
	}
	if p.Detail == "" || p.Title == "" || p.Request == "" || strings.Contains(r.text, "⟦") {
		r.t.Fatalf("no sentence: %s", r.text)
	}
	return p
}

func into[T any](r reply) T {
	r.t.Helper()
	var v T
	if err := json.Unmarshal([]byte(r.text), &v); err != nil {
		r.t.Fatalf("%v: %s", err, r.text)
	}
	return v
}

// formJSON is a licence that the checks let through.
func formJSON(number string) string {
	return `{"import_country":"DK","form":{"issuing_body":{"name":"PT Mutuagung Lestari"},"importer":{"name":"Nordisk Træ A/S"},"number":"` + number + `",
"issued":"2016-11-18","expires":"2017-03-17","export":"ID","transport":"By sea","licensee":{"name":"CV Jepara Garden Living"},"issue_place":"Depok","invoice":"JGL-2016-1107",
"goods":[{"description":"Teak garden chair","hs":"4407.29","species":[{"common":"Jati","scientific":"Tectona grandis"}],"harvest":["ID"],"volume":"8.412","weight":"5120","units":"480"}]}}`
}

const numberOne = "16.00123-00456.001-ID-DK"

// draft enters a licence with its scan.
func (w *town) draft(who, number string) Licence {
	w.t.Helper()
	l := into[Licence](w.ask(who, "POST", "/api/v1/licences", formJSON(number)).is(201))
	return into[Licence](w.ask(who, "POST", "/api/v1/licences/"+l.ID+"/attachments?name=licence.pdf", "%PDF-1.4 "+number, "Content-Type", "application/pdf", "If-Match", etag(l.Version)).is(201))
}

// submitted enters and submits a licence.
func (w *town) submitted(who, number string) Licence {
	w.t.Helper()
	l := w.draft(who, number)
	return into[Licence](w.ask(who, "POST", "/api/v1/licences/"+l.ID+"/submit", "", "If-Match", etag(l.Version)).is(200))
}

// accepted enters a licence, submits it and lets the authority accept it.
func (w *town) accepted(who, number string) Licence {
	w.t.Helper()
	l := w.submitted(who, number)
	return into[Licence](w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/accept", "", "If-Match", etag(l.Version)).is(200))
}
