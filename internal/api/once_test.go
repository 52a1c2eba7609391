package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
	"pgregory.net/rapid"
)

// TestKeyIsCarriedOutOnce sends the same request again and again, another one under the same
// key, and one under a key of somebody else.
func TestKeyIsCarriedOutOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		first := w.ask(mette, "POST", "/api/v1/licences", formJSON("A"), "Idempotency-Key", "k").is(201)
		again := w.ask(mette, "POST", "/api/v1/licences", formJSON("A"), "Idempotency-Key", "k").is(201)
		if first.text != again.text || again.Header.Get("Idempotency-Replayed") != "true" || again.Header.Get("Location") != first.Header.Get("Location") || again.Header.Get("ETag") != `"1"` {
			t.Errorf("%s\n%s\n%v", first.text, again.text, again.Header)
		}
		w.ask(mette, "POST", "/api/v1/licences", formJSON("B"), "Idempotency-Key", "k").problem(422, "key-reused")
		w.ask(rival, "POST", "/api/v1/licences", formJSON("A"), "Idempotency-Key", "k").is(201)
		if n := strings.Count(w.ask(mette, "GET", "/api/v1/licences", "").is(200).text, `"id"`); n != 1 {
			t.Errorf("%d licences", n)
		}
		w.now = w.now.Add(49 * time.Hour)
		w.ask(mette, "POST", "/api/v1/licences", formJSON("B"), "Idempotency-Key", "k").is(201)
		if err := w.Accounts.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// TestRefusedRequestsAreJudgedAnew: a refusal keeps no key.
func TestRefusedRequestsAreJudgedAnew(t *testing.T) {
	w := newTown(t)
	l := w.submitted(mette, numberOne)
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "k").problem(409, "refused")
	w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/accept", "", "If-Match", "*").is(200)
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "k").is(200)
	w.ask(customs, "PUT", booking, reserveTen).problem(400, "key-needed")
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "a b").problem(400, "key-form")
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", strings.Repeat("k", 300)).problem(400, "key-form")
}

// TestKeyOfAnUpload covers the bytes of a file.
func TestKeyOfAnUpload(t *testing.T) {
	w := newTown(t)
	l := into[Licence](w.ask(mette, "POST", "/api/v1/licences", formJSON("A")).is(201))
	path := "/api/v1/licences/" + l.ID + "/attachments?name=a.pdf"
	for range 2 {
		w.ask(mette, "POST", path, "%PDF-1.4 one", "Content-Type", "application/pdf", "If-Match", `"1"`, "Idempotency-Key", "u").is(201)
	}
	w.ask(mette, "POST", path, "%PDF-1.4 two", "Content-Type", "application/pdf", "If-Match", `"1"`, "Idempotency-Key", "u").problem(422, "key-reused")
	w.ask(mette, "POST", path, "%PDF-1.4 one", "Content-Type", "application/pdf", "If-Match", "*", "Idempotency-Key", "u").problem(422, "key-reused") // made for another version
	w.ask(mette, "POST", strings.Replace(path, "a.pdf", "b.pdf", 1), "%PDF-1.4 one", "Content-Type", "application/pdf", "If-Match", `"1"`, "Idempotency-Key", "u").problem(422, "key-reused")
	if got := into[Licence](w.ask(mette, "GET", "/api/v1/licences/"+l.ID, "").is(200)); len(got.Attachments) != 1 {
		t.Errorf("%d scans", len(got.Attachments))
	}
}

// TestRivalsUnderOneKey sends one request many times at once: one change is made, and each
// is told its answer or to wait.
func TestRivalsUnderOneKey(t *testing.T) {
	w := newTown(t)
	var done sync.WaitGroup
	var mu sync.Mutex
	seen := map[int]int{}
	for range 20 {
		done.Go(func() {
			r := httptest.NewRequest("POST", "/api/v1/licences", strings.NewReader(formJSON("A")))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+w.tokens[mette])
			r.Header.Set("Idempotency-Key", "k")
			rec := httptest.NewRecorder()
			w.ServeHTTP(rec, r)
			mu.Lock()
			seen[rec.Code]++
			mu.Unlock()
		})
	}
	done.Wait()
	if seen[201] < 1 || seen[201]+seen[409] != 20 {
		t.Errorf("%v", seen)
	}
	if n := strings.Count(w.ask(mette, "GET", "/api/v1/licences", "").is(200).text, `"id"`); n != 1 {
		t.Errorf("%d licences", n)
	}
}

// TestAnswerThatWasLost: the change stands, and the same request is told so.
func TestAnswerThatWasLost(t *testing.T) {
	w := newTown(t)
	w.ask(mette, "POST", "/api/v1/licences", formJSON("A"), "Idempotency-Key", "k").is(201)
	if err := w.Office.KeepAnswer(t.Context(), w.tokenID(mette), "k", nil); err != nil {
		t.Fatal(err)
	}
	w.ask(mette, "POST", "/api/v1/licences", formJSON("A"), "Idempotency-Key", "k").problem(409, "key-answer-lost")
}

// TestVersions: a write says which version it was made for.
func TestVersions(t *testing.T) {
	w := newTown(t)
	l := into[Licence](w.ask(mette, "POST", "/api/v1/licences", formJSON("A")).is(201))
	path := "/api/v1/licences/" + l.ID
	w.ask(mette, "PUT", path, formJSON("B")).problem(428, "if-match-needed")
	w.ask(mette, "PUT", path, formJSON("B"), "If-Match", "7").problem(400, "if-match-form")
	if answer := w.ask(mette, "PUT", path, formJSON("B"), "If-Match", `"1"`).is(200); answer.Header.Get("ETag") != `"2"` {
		t.Error(answer.Header)
	}
	w.ask(mette, "PUT", path, formJSON("C"), "If-Match", `"1"`).problem(412, "stale")
	w.ask(mette, "POST", path+"/attachments", "%PDF-1.4", "Content-Type", "application/pdf", "If-Match", `"1"`).problem(412, "stale")
	w.ask(mette, "DELETE", path, "", "If-Match", `"1"`).problem(412, "stale")
	w.ask(mette, "DELETE", path, "", "If-Match", `"2"`).is(204)
	w.ask(mette, "GET", path, "").problem(404, "not-found")
	op := w.actors[mette].Body
	got := w.ask(mette, "GET", "/api/v1/operators/"+op, "").is(200)
	edit := strings.Replace(got.text, "Havnegade 1", "Havnegade 2", 1)
	edit = edit[:1] + edit[strings.Index(edit, `"name"`):strings.LastIndex(edit, `,"version"`)] + "}"
	w.ask(mette, "PUT", "/api/v1/operators/"+op, edit, "If-Match", got.Header.Get("ETag")).is(200).says("Havnegade 2")
	w.ask(mette, "PUT", "/api/v1/operators/"+op, edit, "If-Match", got.Header.Get("ETag")).problem(412, "stale")
	w.ask(rival, "PUT", "/api/v1/operators/"+op, edit, "If-Match", "*").problem(403, "forbidden")
}

// TestTokenDiesWithItsAuthorisation ends a role and closes the way in.
func TestTokenDiesWithItsAuthorisation(t *testing.T) {
	w := newTown(t)
	w.ask(mette, "GET", "/api/v1/whoami", "").is(200)
	if err := w.Office.EndAuthorisation(t.Context(), w.actors[mette], "z-mette", 0, "moved on"); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Second)
	w.ask(mette, "GET", "/api/v1/whoami", "").problem(401, "token-of-no-use")
	w.ask(rival, "GET", "/api/v1/whoami", "").is(200)
	w.now = w.now.AddDate(0, 7, 0)
	w.ask(rival, "GET", "/api/v1/whoami", "").problem(401, "token-of-no-use")
}

// TestClientCredentials fetches access tokens, RFC 6749 section 4.4.
func TestClientCredentials(t *testing.T) {
	w := newTown(t)
	secret := w.token(customs, flegt.TokenClient, flegt.ScopeCustomsRead, flegt.ScopeEventsRead)
	id := w.tokenID(customs)
	grant := func(id, secret, body string) reply {
		r := httptest.NewRequest("POST", "/oauth/token", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(id, secret)
		return w.send(r)
	}
	granted := into[accessGranted](grant(id, secret, "grant_type=client_credentials&scope=customs:read").is(200))
	w.tokens["client"] = granted.AccessToken
	w.ask("client", "GET", "/api/v1/whoami", "").is(200).says(`"scopes":["customs:read"]`)
	w.ask("client", "GET", "/api/v1/events", "").problem(403, "scope")
	grant(id, secret, "grant_type=client_credentials&scope=customs:write").is(400).says(`"error":"invalid_scope"`)
	grant(id, secret, "grant_type=password").is(400).says(`"error":"unsupported_grant_type"`)
	if answer := grant(id, secret+"x", "grant_type=client_credentials").is(401).says(`"error":"invalid_client"`); answer.Header.Get("WWW-Authenticate") == "" {
		t.Error("no challenge")
	}
	grant(w.tokenID(mette), secret, "grant_type=client_credentials").is(401)
	w.now = w.now.Add(31 * time.Minute)
	w.ask("client", "GET", "/api/v1/whoami", "").problem(401, "token-of-no-use")
	w.tokens["client"] = into[accessGranted](grant(id, secret, "grant_type=client_credentials").is(200)).AccessToken
	w.ask("client", "GET", "/api/v1/whoami", "").is(200)
	w.tokens["secret"] = secret // a client's secret opens nothing by itself
	w.ask("secret", "GET", "/api/v1/whoami", "").problem(401, "token-of-no-use")
	_, short, err := w.Accounts.NewAPIToken(t.Context(), w.actors[customs], flegt.APIToken{Kind: flegt.TokenClient, Name: "Ends soon", Scopes: []flegt.APIScope{flegt.ScopeCustomsRead}, ExpiresAt: w.now.Add(10 * time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.Accounts.APITokens(t.Context(), customs)
	if err != nil {
		t.Fatal(err)
	}
	ends := all[slices.IndexFunc(all, func(one identity.APIToken) bool { return one.Name == "Ends soon" })].ID
	last := into[accessGranted](grant(ends, short, "grant_type=client_credentials").is(200))
	w.tokens["ends"] = last.AccessToken
	if w.ask("ends", "GET", "/api/v1/whoami", "").is(200); last.ExpiresIn != 600 {
		t.Errorf("an access token of a client that ends in ten minutes lasts %d seconds", last.ExpiresIn)
	}
	w.now = w.now.Add(10 * time.Minute)
	w.ask("ends", "GET", "/api/v1/whoami", "").problem(401, "token-of-no-use")
	grant(ends, short, "grant_type=client_credentials").is(401).says(`"error":"invalid_client"`)
	w.ask("client", "GET", "/api/v1/whoami", "").is(200)
	if err := w.Accounts.RevokeAPIToken(t.Context(), w.actors[customs], id); err != nil {
		t.Fatal(err)
	}
	w.ask("client", "GET", "/api/v1/whoami", "").problem(401, "token-of-no-use")
	grant(id, secret, "grant_type=client_credentials").is(401).says(`"error":"invalid_client"`)
	w.ask("", "GET", "/.well-known/oauth-authorization-server", "").is(200).says(`"issuer":"http://flegt.test"`, `"client_credentials"`)
	for _, one := range []string{secret, granted.AccessToken, w.tokens[customs]} {
		if strings.Contains(w.log.String(), one) {
			t.Error("a secret stands in the log")
		}
	}
}

// TestLedgerIsBookedOnce: an operation on the ledger is carried out once under its key, whose
// answer is kept with it, although the key is not looked up before; also by two at once that
// know nothing of each other.
func TestLedgerIsBookedOnce(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, first, second *store.DB) {
		w := townOn(t, first)
		w.accepted(mette, numberOne)
		booked := w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "book").is(200)
		released := w.ask(customs, "POST", booking+"/release", "", "Idempotency-Key", "release").is(200)
		for _, again := range []struct {
			method, path, body, key string
			want                    reply
		}{{"PUT", booking, reserveTen, "book", booked}, {"POST", booking + "/release", "", "release", released}} {
			got := w.ask(customs, again.method, again.path, again.body, "Idempotency-Key", again.key).is(200)
			if got.text != again.want.text || got.Header.Get("Idempotency-Replayed") != "true" || got.Header.Get("Content-Type") != again.want.Header.Get("Content-Type") {
				t.Errorf("%s\n%s\n%v", got.text, again.want.text, got.Header)
			}
		}
		w.ask(customs, "PUT", booking, strings.Replace(reserveTen, "10", "9", 1), "Idempotency-Key", "book").problem(422, "key-reused")
		w.ask(customs, "POST", booking+"/release?dry_run=true", "", "Idempotency-Key", "release").problem(422, "key-reused")
		w.ask(customs, "POST", booking+"/release", "", "Idempotency-Key", "other").problem(409, "refused")

		w.ask(customs, "POST", booking+"/correction", `{"reason":"Wrong consignment."}`, "Idempotency-Key", "correct").is(200)
		other := *w
		other.Server = w.serverOn(second, io.Discard)
		var all sync.WaitGroup
		var answers [6]reply
		for i := range answers {
			all.Go(func() {
				answers[i] = []*town{w, &other}[i%2].ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "rivals")
			})
		}
		all.Wait()
		made := 0
		for _, a := range answers {
			switch {
			case a.StatusCode == 200 && a.Header.Get("Idempotency-Replayed") == "":
				made++
			case a.StatusCode != 200 && a.StatusCode != 409:
				t.Errorf("%d: %s", a.StatusCode, a.text)
			}
		}
		if made != 1 {
			t.Errorf("carried out %d times", made)
		}
		w.agrees()
	})
}

// TestKeptAnswerIsTheAnswer keeps answers with all sorts of bodies and headers, and gives them
// again: nothing about them changes, and what is kept is one piece of JSON.
func TestKeptAnswerIsTheAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		told := recorded{status: rapid.IntRange(200, 299).Draw(t, "status"), header: http.Header{"Etag": {rapid.String().Draw(t, "tag")}, "Content-Type": {"application/json"}}}
		body := rapid.MapOf(rapid.String(), rapid.SliceOf(rapid.String())).Draw(t, "body")
		if err := json.NewEncoder(&told.body).Encode(body); err != nil {
			t.Fatal(err)
		}
		kept := keptText(told)
		if !json.Valid(kept) {
			t.Fatalf("kept: %s", kept)
		}
		again := httptest.NewRecorder()
		if err := give(again, kept); err != nil {
			t.Fatal(err)
		}
		if again.Code != told.status || again.Body.String() != told.body.String() || again.Header().Get("ETag") != strings.ToValidUTF8(told.header.Get("Etag"), "\ufffd") {
			t.Errorf("%d %q %q", again.Code, again.Header(), again.Body)
		}
	})
}

func BenchmarkKeptText(b *testing.B) {
	told := recorded{status: 200, header: http.Header{"Etag": {`"8"`}, "Content-Type": {"application/json"}}}
	position := map[string]any{"line": 1, "unit": "MTQ", "granted": "26.412", "limit": "29.0532", "available": "28.750562", "reserved": "0", "consumed": "0", "elsewhere": "0.302638"}
	if err := json.NewEncoder(&told.body).Encode(map[string]any{"positions": slices.Repeat([]any{position}, 9)}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if keptText(told) == nil {
			b.Fatal("nothing is kept")
		}
	}
}
