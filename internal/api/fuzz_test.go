package api

import (
	"bytes"
	"context"
	"database/sql"
	"hash/fnv"
	"image"
	"image/png"
	"mime/multipart"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// goodBodies are bodies that come far, by how the address ends.
var goodBodies = map[string]string{
	"/licences": formJSON("A"), "/licences/check": formJSON("A"), "/licences/issue": formJSON("A"), "/reservation": reserveTen,
	"/takeover": `{"office":"DK005600"}`, "/correction": `{"reason":"x"}`, "/hold": `{"office":"DK003103","reason":"x"}`, "/hold/lift": `{"words":"x"}`,
	"/hold/answer": `{"words":"x","lift":true}`, "/reject": `{"reason_code":"other","reason":"x"}`, "/withdraw-acceptance": `{"reason":"x"}`,
	"/checks": `{"office":"DK003103","outcome":"quantities","date":"2016-12-05","found":[{"line":1,"unit":"MTQ","quantity":"8"}]}`,
	"/return": `{"words":"x","remarks":[{"pointer":"/form/number","words":"x"}]}`, "/notifications/read": `{"up_to":1}`,
	"/notifications/mail": `{"licence":true,"clearance":true,"authorisation":true}`, "/findings/answer": `{"key":"check.x","pointer":"/form/number","words":"x"}`,
	"/mark":              `{"verb":"cancel","from":"2016-12-05","reason":"x","confirmation":{"reference":"x","receipt":"e30.e30"}}`,
	"/extend":            `{"until":"2017-05-01","confirmation":{"reference":"x","name":"x.pdf","file":"JVBERi0xLjQK"}}`,
	"/correct-on-paper":  `{"pointer":"/form/number","words":"x","confirmation":{"reference":"x","name":"x.pdf","file":"JVBERi0xLjQK"}}`,
	"/authorities/CA-DK": `{"name":"x","address":{"email":"a@b.example","from":"2016-12-05","source":"x"},"end_old":true}`,
	"/authorisations":    `{"role":"customs","body":"CUSTOMS-DK","offices":["DK003103"]}`,
	"/operators":         `{"name":"x","country":"DK","town":"x","street":"x","identifiers":[{"kind":"EORI","value":"DK12345678"}],"section":"imported_timber_products"}`,
}

// bodyFor gives a body that comes far at an address; an empty object where none is known.
func bodyFor(target string) string {
	best := ""
	for end := range goodBodies {
		if strings.HasSuffix(target, end) && len(end) > len(best) {
			best = end
		}
	}
	if best == "" {
		return "{}"
	}
	return goodBodies[best]
}

// FuzzCustomsBodies and the others send any body to every operation of their group that takes
// one, as everybody who may call it: whatever comes, nothing fails on our side, a refusal is a
// problem document with a sentence, and it leaves nothing. See CONTRIBUTING.md for the command.
func FuzzCustomsBodies(f *testing.F) { fuzzBodies(f, "customs") }

func FuzzLicenceBodies(f *testing.F) { fuzzBodies(f, "licences") }

func FuzzDeskBodies(f *testing.F) { fuzzBodies(f, "desk") }

func FuzzOtherBodies(f *testing.F) { fuzzBodies(f, "others") }

// bodyGroups says by how an address begins to which group it belongs; the first that fits counts.
var bodyGroups = []struct{ begins, group string }{
	{"/licences/{number}", "customs"}, {"/licences", "licences"}, {"/imports", "licences"},
	{"/desk", "desk"}, {"/dossiers", "desk"}, {"/questions", "desk"}, {"/specimens", "desk"}, {"", "others"},
}

func bodyGroup(path string) string {
	for _, g := range bodyGroups {
		if strings.HasPrefix(path, Prefix+g.begins) {
			return g.group
		}
	}
	return ""
}

func fuzzBodies(f *testing.F, group string) {
	w := openBodies(f)
	f.Cleanup(func() { w.close() })
	for _, name := range sortedNames(w.targets) {
		if !strings.HasPrefix(name, group+" ") {
			continue
		}
		target := w.targets[name]
		for _, body := range bodiesFor(target) {
			f.Add(hashOf(name), body)
		}
	}
	f.Fuzz(func(t *testing.T, which uint32, body string) {
		w.t = t
		if w.spent {
			w.renew()
		}
		w.send(w.near(group, which), body)
	})
}

// hashOf is the place of a target on a ring. Which target a number means changes little when
// others are added.
func hashOf(name string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return h.Sum32()
}

// bodyTarget is an operation on one noun, by somebody who may call it.
type bodyTarget struct {
	who, method, pattern, path string
	op                         operation
}

// bodyTown is a town in which there is one of everything that an address can name. After some
// changes it is spent: what is there is another thing than the targets expect.
type bodyTown struct {
	*town
	targets map[string]bodyTarget // by "licences mette PUT /api/v1/licences/{id} draft"
	first   string                // the folder as it was at first
	dir     string
	commits *sql.Conn // tells whether anything was written
	watch   *sql.DB
	changes int
	spent   bool
}

// mostChanges is after how many changes a town is spent.
const mostChanges = 25

// openBodies makes a town in memory where there is such a place.
func openBodies(t testing.TB) *bodyTown {
	t.Helper()
	place := "/dev/shm"
	if info, err := os.Stat(place); err != nil || !info.IsDir() {
		place = ""
	}
	dir, err := os.MkdirTemp(place, "openflegt-bodies-")
	if err != nil {
		t.Fatal(err)
	}
	first := filepath.Join(dir, "first")
	db, err := store.Open(context.Background(), store.Options{Dir: first})
	if err != nil {
		t.Fatal(err)
	}
	w := &bodyTown{town: townOn(t, db), targets: map[string]bodyTarget{}, first: first, dir: filepath.Join(dir, "now")}
	nouns := w.furnish()
	for pattern, op := range w.operations {
		method, path, _ := strings.Cut(pattern, " ")
		if !writes(method) || op.public {
			continue
		}
		for _, who := range []string{mette, officer, customs, support, licensing} {
			if !slices.Contains(flegt.ScopesOf(w.actors[who].Role), op.scope) {
				continue
			}
			for _, n := range nouns {
				if strings.HasPrefix(path, Prefix+n.begins) && (strings.Contains(path, "{id}") || n.begins == "") {
					name := strings.TrimSpace(strings.Join([]string{bodyGroup(path), who, pattern, n.name}, " "))
					w.targets[name] = bodyTarget{who, method, pattern, strings.NewReplacer("{id}", n.id, "{number}", numberOne, "{mrn}", mrn,
						"{attachment}", n.part, "{group}", "9-16", "{delivery}", n.part).Replace(path), op}
					if n.begins != "" {
						continue
					}
				}
			}
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	w.renew()
	return w
}

// renew makes the town as it was at first. It is quick, since the fuzzer takes what lasts ten
// seconds for hanging.
func (w *bodyTown) renew() {
	w.t.Helper()
	w.leave()
	err := os.CopyFS(w.dir, os.DirFS(w.first))
	if err != nil {
		w.t.Fatal(err)
	}
	if w.db, err = store.Open(context.Background(), store.Options{Dir: w.dir}); err != nil {
		w.t.Fatal(err)
	}
	w.Server = w.serverOn(w.db, w.log)
	w.changes, w.spent = 0, false
	if w.watch, err = sql.Open("sqlite", "file:"+filepath.Join(w.dir, "openflegt.db")+"?mode=ro"); err != nil {
		w.t.Fatal(err)
	}
	if w.commits, err = w.watch.Conn(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	for _, who := range people { // that a token was used is written at its first use
		w.ask(who, "GET", "/api/v1/whoami", "").is(200)
	}
}

// leave gives up the town as it is now.
func (w *bodyTown) leave() {
	if w.watch != nil {
		w.commits.Close()
		w.watch.Close()
		w.db.Close()
		os.RemoveAll(w.dir)
	}
}

// bodyNoun is something that an address can name.
type bodyNoun struct{ begins, name, id, part string }

// furnish makes one of everything; an address without an id fits the last, which names nothing.
func (w *bodyTown) furnish() []bodyNoun {
	w.officialAddress()
	accepted, submitted, draft := w.accepted(mette, numberOne), w.submitted(mette, "16.00123-00457.001-ID-DK"), w.draft(mette, "16.00123-00458.001-ID-DK")
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "furnish").is(200)
	electronic := into[IssuedLicence](w.ask(licensing, "POST", "/api/v1/licences/issue", formJSON("16.00123-00459.001-ID-DK")).is(201)).Licence
	asked := w.asked(submitted, askInvoice)
	hook := w.hook(mette)
	delivery := into[Delivery](w.ask(mette, "POST", "/api/v1/webhooks/"+hook.ID+"/test", "").is(202))
	var stamp bytes.Buffer
	if err := png.Encode(&stamp, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		w.t.Fatal(err)
	}
	specimen := into[Specimen](w.parts(officer, "/api/v1/specimens", "image", map[string]string{"country": "ID", "body": "PT Mutuagung Lestari", "kind": "stamp", "from": "2016-01-01",
		"source": "letter"}, map[string]string{"stamp.png": stamp.String()}).is(201))
	table := into[Import](w.ask(mette, "POST", "/api/v1/imports?name=a.csv", "number\nA\n", "Content-Type", "text/csv").is(201))
	w.soon(func() bool {
		return into[Import](w.ask(mette, "GET", "/api/v1/imports/"+table.ID, "").is(200)).Stage == flegt.BulkChecked
	})
	w.account("newcomer")
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		if err := tx.AddAuthorisation(flegt.Authorisation{ID: "z-new", Account: "newcomer", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK", Status: flegt.Requested, RequestedAt: w.now, Version: 1}); err != nil {
			return err
		}
		return tx.AddLetters(flegt.Letter{ID: "broken", To: "a@b.example", Subject: "Hello", State: flegt.LetterFailed, CreatedAt: w.now})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	scan := func(l Licence) string { return l.Attachments[0].ID }
	return []bodyNoun{{"/licences/", "accepted", accepted.ID, scan(accepted)}, {"/licences/", "submitted", submitted.ID, scan(submitted)}, {"/licences/", "draft", draft.ID, scan(draft)},
		{"/licences/", "electronic", electronic.ID, "x"}, {"/dossiers/", "accepted", accepted.ID, ""}, {"/dossiers/", "submitted", submitted.ID, ""}, {"/questions/", "", asked.ID, ""},
		{"/webhooks/", "", hook.ID, delivery.ID}, {"/specimens/", "", specimen.ID, ""}, {"/operators/", "", w.actors[mette].Body, ""}, {"/authorisations/", "requested", "z-new", ""},
		{"/authorisations/", "held", "z-rival", ""}, {"/imports/", "", table.ID, ""}, {"/support/letters/", "", "broken", ""}, {"/support/authorities/", "", "CA-DK", ""}, {}}
}

func (w *bodyTown) close() {
	w.leave()
	os.RemoveAll(filepath.Dir(w.dir))
}

// near gives the target of a group whose place on the ring comes next.
func (w *bodyTown) near(group string, place uint32) bodyTarget {
	best, found := bodyTarget{}, uint32(0)
	for name, target := range w.targets {
		if away := hashOf(name) - place; strings.HasPrefix(name, group+" ") && (best.op == operation{} || away < found) {
			best, found = target, away
		}
	}
	return best
}

// written changes when anything is committed.
func (w *bodyTown) written() (version int64) {
	if err := w.commits.QueryRowContext(context.Background(), `PRAGMA data_version`).Scan(&version); err != nil {
		w.t.Fatal(err)
	}
	return version
}

// send sends a body to a target and judges the answer.
func (w *bodyTown) send(target bodyTarget, body string) {
	r := httptest.NewRequest(target.method, target.path, strings.NewReader(body))
	r.Header.Set("Content-Type", w.bodyType(target))
	r.Header.Set("Authorization", "Bearer "+w.tokens[target.who])
	r.Header.Set("If-Match", "*")
	r.Header.Set("Idempotency-Key", "fuzz-"+strconv.FormatInt(w.sent.Load(), 10))
	before := w.written()
	answer := w.town.send(r)
	what := target.who + " " + target.method + " " + target.path
	if answer.StatusCode < 300 {
		w.changes++
		w.spent = w.changes >= mostChanges
		return
	}
	p := into[Problem](answer)
	if answer.StatusCode < 400 || answer.StatusCode >= 500 || answer.Header.Get("Content-Type") != problemType {
		w.t.Fatalf("%s: %d %s", what, answer.StatusCode, answer.text)
	}
	if p.Status != answer.StatusCode || !strings.HasPrefix(p.Type, "/api/problems/") || p.Title == "" || p.Detail == "" || strings.Contains(answer.text, "⟦") || internals.MatchString(answer.text) {
		w.t.Errorf("%s: no sentence, or one about our insides: %s", what, answer.text)
	}
	for _, e := range p.Errors {
		if e.Detail == "" || e.Key == "" {
			w.t.Errorf("%s: no sentence for a field: %s", what, answer.text)
		}
	}
	if w.written() != before && p.Code != string(flegt.CodeInsufficient) { // that one drops an earlier hold
		w.t.Errorf("%s was refused and left something: %s", what, answer.text)
	}
	w.spent = w.spent || answer.StatusCode == 401
}

// bodyType is the media type of what a target takes.
func (w *bodyTown) bodyType(target bodyTarget) string {
	if !target.op.upload {
		return "application/json"
	}
	path := w.api.OpenAPI().Paths[strings.TrimPrefix(strings.SplitN(target.pattern, " ", 2)[1], Prefix)]
	for kind := range path.Post.RequestBody.Content {
		if kind == "multipart/form-data" {
			return kind + "; boundary=x"
		}
	}
	return "application/octet-stream"
}

// bodiesFor gives bodies to begin with: one that comes far, and odd ones.
func bodiesFor(target bodyTarget) []string {
	if !target.op.upload {
		return []string{bodyFor(target.path), `{"x":[null]}`}
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.SetBoundary("x")
	_ = form.WriteField("text", "JGL-2016-1107")
	form.Close()
	return []string{"%PDF-1.4 x", "number,expires\n16.00123-00460.001-ID-DK,2017-01-01\n", b.String()}
}
