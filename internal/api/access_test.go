package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// allowed says for one request who may make it and with what answer; whoever is not named
// gets the answer under "": for things of somebody else that is 404 by every path, for what
// a role never does 403.
type allowed struct {
	name, method, path, body string
	who                      map[string]int
}

// accessTable is who may call what on a submitted licence of mette's, lodged in Denmark. The
// writes are made with a version that is long gone, so that nobody changes anything: 412 is
// "you may".
func accessTable(l Licence) []allowed {
	one := "/api/v1/licences/" + l.ID
	const reject = `{"reason_code":"other","reason":"no"}`
	readers := map[string]int{mette: 200, officer: 200, customs: 200, support: 200, licensing: 200, observer: 200, "": 404}
	decides := map[string]int{officer: 412, "": 403, swede: 404}
	edits := map[string]int{mette: 412, rival: 404, "": 403}
	book := "/api/v1/licences/" + numberOne + "/declarations/" + mrn + "/reservation"
	clears := map[string]int{customs: 412, tull: 422, "": 403} // tull names an office of Denmark
	ends := map[string]int{customs: 412, tull: 409, "": 403}   // the single window's code 08
	return []allowed{
		{"read", "GET", one, "", readers},
		{"findings", "GET", one + "/findings", "", readers},
		{"history", "GET", one + "/history", "", readers},
		{"scan", "GET", one + "/attachments/" + l.Attachments[0].ID, "", readers},
		{"edit", "PUT", one, `{"form":{}}`, edits},
		{"discard", "DELETE", one, "", edits},
		{"submit", "POST", one + "/submit", "", edits},
		{"withdraw", "POST", one + "/withdraw", "", edits},
		{"accept", "POST", one + "/accept", "", decides},
		{"reject", "POST", one + "/reject", reject, decides},
		{"quantities", "GET", quantities, "", map[string]int{customs: 200, tull: 404, "": 403}},
		{"reserve", "PUT", book, reserveTen, clears},
		{"release", "POST", book + "/release", "", ends},
		{"free", "DELETE", book, "", ends},
		{"create", "POST", "/api/v1/licences", `{"form":{}}`, map[string]int{mette: 201, rival: 201, "": 403}},
		{"queue", "GET", "/api/v1/authorisations/queue", "", map[string]int{support: 200, observer: 200, officer: 200, swede: 200, "": 404}},
		{"approve", "POST", "/api/v1/authorisations/z-rival/approve", `{}`, map[string]int{support: 412, "": 403}},
		{"own role of another", "GET", "/api/v1/authorisations/z-rival", "", map[string]int{rival: 200, support: 200, observer: 200, officer: 200, "": 404}},
		{"events", "GET", "/api/v1/events", "", map[string]int{"": 200}},
		{"whoami", "GET", "/api/v1/whoami", "", map[string]int{"": 200}},
		{"countries", "GET", "/api/v1/reference/countries", "", map[string]int{"": 200}},
	}
}

func TestWhoMayCallWhat(t *testing.T) {
	w := newTown(t)
	l := w.submitted(mette, numberOne)
	for _, row := range accessTable(l) {
		for _, who := range people {
			want, named := row.who[who]
			if !named {
				want = row.who[""]
			}
			answer := w.ask(who, row.method, row.path, row.body, "If-Match", `"99999"`, "Idempotency-Key", row.name+who)
			if answer.StatusCode != want {
				t.Errorf("%s by %s: %d, want %d: %s", row.name, who, answer.StatusCode, want, answer.text)
			}
		}
		w.ask("", row.method, row.path, row.body).problem(http.StatusUnauthorized, "token-needed")
	}
}

// TestWhatIsAnothersIsNotFound: a competitor's draft and licence are answered exactly like
// one that does not exist, by every path of the description that has an id in it.
func TestWhatIsAnothersIsNotFound(t *testing.T) {
	w := newTown(t)
	l := w.accepted(mette, numberOne)
	draft := w.draft(mette, "16.00123-00457.001-ID-DK")
	for pattern := range w.operations {
		method, path, _ := strings.Cut(pattern, " ")
		mayAsk := slices.Contains(flegt.ScopesOf(flegt.RoleOperator), w.operations[pattern].scope)
		if !strings.Contains(path, "/licences/{id}") || !mayAsk {
			continue
		}
		body := ""
		if method == "PUT" {
			body = `{"form":{}}`
		}
		if strings.HasSuffix(path, "/findings/answer") {
			body = `{"key":"x","words":"x"}`
		}
		headers := []string{"If-Match", "*"}
		if strings.HasSuffix(path, "/questions") && method == "POST" {
			body = askInvoice
		}
		if strings.HasSuffix(path, "/attachments") {
			body, headers = "%PDF-1.4", append(headers, "Content-Type", "application/pdf")
		}
		var texts []string
		for _, one := range []Licence{l, draft, {ID: "0199aaaa-0000-7000-8000-000000000000", Attachments: l.Attachments}} {
			address := strings.NewReplacer("{id}", one.ID, "{attachment}", one.Attachments[0].ID, "{page}", "1").Replace(path)
			p := w.ask(rival, method, address, body, headers...).problem(404, "not-found")
			texts = append(texts, p.Detail)
		}
		if texts[0] != texts[2] || texts[1] != texts[2] {
			t.Errorf("%s tells that it exists: %q", pattern, texts)
		}
	}
	w.ask(rival, "GET", "/api/v1/licences", "").is(200).says(`"items":[]`)
	if text := w.ask(rival, "GET", "/api/v1/events?limit=500", "").is(200).text; strings.Contains(text, l.ID) {
		t.Error("the events tell of a competitor's licence")
	}
	if text := w.ask(officer, "GET", "/api/v1/events?limit=500", "").is(200).text; strings.Contains(text, draft.ID) || !strings.Contains(text, l.ID) {
		t.Error("the events tell an authority of a draft, or not of a licence")
	}
}

// TestOperationsByScopes calls every operation with a token of each scope alone: the one that it
// needs opens it, every other one is refused by name, and no token of no use opens anything.
func TestOperationsByScopes(t *testing.T) {
	w := newTown(t)
	holders := map[flegt.APIScope]string{}
	for _, who := range people {
		for _, scope := range flegt.ScopesOf(w.actors[who].Role) {
			holders[scope] = who
		}
	}
	needed := map[flegt.APIScope]bool{}
	for _, op := range w.operations {
		needed[op.scope] = true
	}
	for _, scope := range flegt.APIScopes {
		who := holders[scope]
		if who == "" || !needed[scope] {
			t.Errorf("%s is of no use: nobody may have it, or no operation needs it", scope)
			continue
		}
		w.tokens["narrow"] = w.token(who, flegt.TokenPlain, scope)
		for pattern, op := range w.operations {
			method, path, _ := strings.Cut(pattern, " ")
			if op.public {
				continue
			}
			path = strings.NewReplacer("{id}", "x", "{number}", "x", "{mrn}", mrn).Replace(path)
			answer := w.ask("narrow", method, path, "", "If-Match", `"99999"`, "Idempotency-Key", "k"+string(scope))
			switch refused := strings.Contains(answer.text, "/api/problems/scope\""); {
			case op.scope != "" && op.scope != scope:
				if p := answer.problem(403, "scope"); !strings.Contains(p.Detail, string(op.scope)) || !strings.Contains(answer.Header.Get("WWW-Authenticate"), string(op.scope)) {
					t.Errorf("%s with %s: %+v, %v", pattern, scope, p, answer.Header)
				}
			case refused || answer.StatusCode == 401:
				t.Errorf("%s with %s: %s", pattern, scope, answer.text)
			}
		}
		if err := w.Accounts.RevokeAPIToken(t.Context(), w.actors[who], w.tokenID(who)); err != nil {
			t.Fatal(err)
		}
		for pattern, op := range w.operations {
			if method, path, _ := strings.Cut(pattern, " "); op.scope == scope {
				w.ask("narrow", method, path, "").problem(401, "token-of-no-use")
			}
		}
	}
}

// TestEveryWriteHasItsKeyAndVersion holds the description against two rules: every write takes an
// Idempotency-Key, and what changes a noun that has a version takes If-Match. What begins something
// new, or goes by no version, is named here.
func TestEveryWriteHasItsKeyAndVersion(t *testing.T) {
	var d described
	if err := json.Unmarshal(newTown(t).Description(), &d); err != nil {
		t.Fatal(err)
	}
	free := []string{
		"create-licence", "claim-licence", "issue-licence", "copy-licence", "check-licence", "create-operator", "request-authorisation", "ask-again", "add-specimen", "create-webhook", "begin-import", // begins something
		"hand-in-confirmation", "start-import", "stop-import", "assign-dossiers", // each dossier has its version in the body
		"save-view", "drop-view", "choose-mail", "mark-notifications-read", // one's own, by name
		"retry-letter", "test-webhook", "resend-delivery",
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			has := func(name string) bool {
				return slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.Name == name && p.In == "header" })
			}
			writes := slices.Contains([]string{"post", "put", "patch", "delete"}, method)
			if has("Idempotency-Key") != writes {
				t.Errorf("%s %s: takes a key: %v", method, path, !writes)
			}
			if has("If-Match") != (writes && !slices.Contains(free, op.OperationID)) {
				t.Errorf("%s %s, %s: If-Match %v", method, path, op.OperationID, has("If-Match"))
			}
		}
	}
}

func (w *town) tokenID(who string) string {
	w.t.Helper()
	all, err := w.Accounts.APITokens(w.t.Context(), who)
	if err != nil {
		w.t.Fatal(err)
	}
	return all[0].ID
}
