package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"image"
	"image/png"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// versioned is a write that says for which version of a noun it is made: who makes it and how,
// with a noun made for it and the version in which that is.
type versioned struct {
	who, body, kind string
	// noun makes what is written to; at gives the address under /api/v1.
	noun func(w *town, n int) (at string, version int)
	// again says that the same write may be made a second time, of the next version; beside that
	// it makes something beside the noun, whose version stays; gone that the noun is then no
	// longer the writer's.
	again, beside, gone bool
}

// versionedWrites has every write of the description that takes If-Match, by the operation's id.
func versionedWrites() map[string]versioned {
	licence := func(made func(*town, string, string) Licence, who, then string) func(*town, int) (string, int) {
		return func(w *town, n int) (string, int) {
			l := made(w, who, numbered(n))
			return "/licences/" + l.ID + then, l.Version
		}
	}
	draft, submitted, accepted := (*town).draft, (*town).submitted, (*town).accepted
	dossier := func(then string) func(*town, int) (string, int) {
		return func(w *town, n int) (string, int) {
			l := w.submitted(mette, numbered(n))
			return "/dossiers/" + l.ID + then, into[Dossier](w.ask(officer, "GET", "/api/v1/dossiers/"+l.ID, "").is(200)).Version
		}
	}
	ticked := func(w *town, n int) (string, int) {
		at, _ := dossier("/ticks/9-16")(w, n)
		return at, into[Dossier](w.ask(officer, "PUT", Prefix+at, "", "If-Match", "*").is(200)).Version
	}
	asked := func(then string) func(*town, int) (string, int) {
		return func(w *town, n int) (string, int) {
			q := w.asked(w.submitted(mette, numbered(n)), askInvoice)
			return "/questions/" + q.ID + then, q.Version
		}
	}
	hook := func(then string) func(*town, int) (string, int) {
		return func(w *town, _ int) (string, int) {
			for _, old := range into[struct{ Items []Webhook }](w.ask(mette, "GET", "/api/v1/webhooks", "").is(200)).Items {
				w.ask(mette, "DELETE", "/api/v1/webhooks/"+old.ID, "", "If-Match", "*").is(204)
			}
			h := w.hook(mette)
			return "/webhooks/" + h.ID + then, h.Version
		}
	}
	paused := func(w *town, n int) (string, int) {
		at, _ := hook("")(w, n)
		return at + "/resume", into[Webhook](w.ask(mette, "POST", Prefix+at+"/pause", "", "If-Match", "*").is(200)).Version
	}
	role := func(then string, status flegt.AuthorisationStatus, who string) func(*town, int) (string, int) {
		return func(w *town, n int) (string, int) {
			id := "role" + then[1:] + numbered(n)
			w.account(id)
			z := flegt.Authorisation{ID: "z-" + id, Account: id, Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK", Status: status, RequestedAt: w.now, Version: 1}
			if who == mette {
				z.Account, z.Role, z.Body, z.Capacity = mette, flegt.RoleOperator, w.actors[rival].Body, flegt.Agent
			}
			w.write(func(tx *store.Tx) error { return tx.AddAuthorisation(z) })
			return "/authorisations/" + z.ID + then, 1
		}
	}
	read := func(who, at string) func(*town, int) (string, int) {
		return func(w *town, _ int) (string, int) {
			at := strings.ReplaceAll(at, "{operator}", w.actors[mette].Body)
			return at, into[struct{ Version int }](w.ask(who, "GET", Prefix+at, "").is(200)).Version
		}
	}
	fee := func(w *town, n int) (string, int) {
		at, version := read(officer, "/desk")(w, n)
		return at + "/fees", version
	}
	specimen := func(w *town, n int) (string, int) {
		x := w.stamp(numbered(n))
		return "/specimens/" + x.ID + "/end", x.Version
	}
	counter := func(then string) func(*town, int) (string, int) {
		return func(w *town, n int) (string, int) {
			l := w.accepted(mette, numbered(n))
			at := "/licences/" + l.Form.Number
			book := Prefix + at + "/declarations/" + mrn + "/reservation"
			if !strings.HasSuffix(then, "/hold") {
				w.ask(customs, "PUT", book, reserveTen, "Idempotency-Key", "b"+l.ID).is(200)
			}
			if strings.HasSuffix(then, "correction") {
				w.ask(customs, "POST", book+"/release", "", "Idempotency-Key", "r"+l.ID).is(200)
			}
			if strings.Contains(then, "/hold/") {
				w.ask(customs, "POST", Prefix+at+"/hold", `{"office":"DK003103","reason":"x"}`, "Idempotency-Key", "h"+l.ID).is(200)
			}
			return at + then, into[Quantities](w.ask(customs, "GET", Prefix+at+"/quantities", "").is(200)).Version
		}
	}
	const declared = "/declarations/" + mrn
	const reason = `{"reason":"x"}`
	confirmed := `"confirmation":{"reference":"x","name":"x.pdf","file":"JVBERi0xLjQK"}}`
	company := `{"name":"Firma mette","country":"DK","town":"Aarhus C","street":"Havnegade 2","contact_name":"Mette","contact_email":"a@b.example","section":"` + flegt.SectionTimber + `","identifiers":[{"kind":"NATIONAL","country":"DK","value":"25313763"}]}`
	return map[string]versioned{
		"approve-authorisation": {who: support, body: `{"override":"called back"}`, noun: role("/approve", flegt.Requested, "")}, "reject-authorisation": {who: support, body: reason, noun: role("/reject", flegt.Requested, "")},
		"end-authorisation": {who: support, body: reason, noun: role("/end", flegt.Approved, "")}, "withdraw-authorisation": {who: mette, noun: role("/withdraw", flegt.Requested, mette)},
		"edit-desk":      {who: officer, body: `{"target_days":3,"second_eyes":false}`, noun: read(officer, "/desk"), again: true},
		"add-fee":        {who: officer, body: `{"fee":"31.00","currency":"DKK","fee_from":"2016-01-01","fee_source":"order"}`, noun: fee, again: true},
		"assign-dossier": {who: officer, body: `{"officer":"officer"}`, noun: dossier("/assign")}, "take-dossier": {who: officer, noun: dossier("/take")},
		"note-dossier": {who: officer, body: `{"note":"x"}`, noun: dossier("/notes"), again: true}, "tick-group": {who: officer, noun: dossier("/ticks/9-16"), again: true}, "untick-group": {who: officer, noun: ticked, again: true},
		"discard-licence": {who: mette, noun: licence(draft, mette, ""), gone: true}, "edit-licence": {who: mette, body: formJSON(numberOne), noun: licence(draft, mette, ""), again: true},
		"accept-licence": {who: officer, noun: licence(submitted, mette, "/accept")}, "reject-licence": {who: officer, body: `{"reason_code":"other","reason":"x"}`, noun: licence(submitted, mette, "/reject")},
		"return-licence": {who: officer, body: `{"words":"x"}`, noun: licence(submitted, mette, "/return")}, "submit-licence": {who: mette, noun: licence(draft, mette, "/submit")},
		"withdraw-licence": {who: mette, noun: licence(submitted, mette, "/withdraw")}, "withdraw-acceptance": {who: officer, body: reason, noun: licence(accepted, mette, "/withdraw-acceptance")},
		"ask-question":   {who: officer, body: askInvoice, noun: licence(submitted, mette, "/questions"), again: true, beside: true},
		"add-attachment": {who: mette, body: "%PDF-1.4 another", kind: "application/pdf", noun: licence(draft, mette, "/attachments"), again: true},
		"remove-attachment": {who: mette, noun: func(w *town, n int) (string, int) {
			l := w.draft(mette, numbered(n))
			return "/licences/" + l.ID + "/attachments/" + l.Attachments[0].ID, l.Version
		}},
		"answer-finding": {who: mette, body: `{"key":"check.issuing_unknown","pointer":"/form/issuing_body/name","words":"x"}`, again: true, noun: func(w *town, n int) (string, int) {
			l := w.draft(mette, numbered(n))
			form := strings.Replace(formJSON(numbered(n)), "PT Mutuagung Lestari", "Somebody", 1)
			return "/licences/" + l.ID + "/findings/answer", into[Licence](w.ask(mette, "PUT", "/api/v1/licences/"+l.ID, form, "If-Match", "*").is(200)).Version
		}},
		"unclaim-licence": {who: mette, gone: true, noun: func(w *town, n int) (string, int) {
			code := into[IssuedLicence](w.ask(licensing, "POST", "/api/v1/licences/issue", formJSON(numbered(n))).is(201)).Verification
			l := into[Licence](w.ask(mette, "POST", "/api/v1/licences/claim", `{"number":"`+numbered(n)+`","verification":"`+code+`"}`).is(200))
			return "/licences/" + l.ID + "/unclaim", l.Version
		}},
		"mark-licence":             {who: licensing, body: `{"verb":"cancel","from":"2016-12-05","reason":"x",` + confirmed, noun: licence(accepted, mette, "/mark")},
		"extend-licence":           {who: licensing, body: `{"until":"2017-05-01",` + confirmed, noun: licence(accepted, mette, "/extend")},
		"correct-licence-on-paper": {who: licensing, body: `{"pointer":"/form/invoice","words":"x",` + confirmed, noun: licence(accepted, mette, "/correct-on-paper"), again: true},
		"edit-operator":            {who: mette, body: company, noun: read(mette, "/operators/{operator}"), again: true},
		"answer-question":          {who: mette, body: `{"text":"x"}`, noun: asked("/answers"), again: true}, "close-question": {who: officer, noun: asked("/close")},
		"end-specimen":   {who: officer, body: `{"until":"2016-12-01"}`, noun: specimen},
		"edit-authority": {who: support, body: `{"name":"Miljøstyrelsen"}`, noun: read(support, "/support/authorities/CA-DK"), again: true},
		"delete-webhook": {who: mette, noun: hook(""), gone: true}, "edit-webhook": {who: mette, body: hookBody, noun: hook(""), again: true}, "rotate-webhook": {who: mette, noun: hook("/rotate"), again: true},
		"pause-webhook": {who: mette, noun: hook("/pause")}, "resume-webhook": {who: mette, noun: paused},
		"reserve": {who: customs, body: reserveTen, noun: counter(declared + "/reservation"), again: true}, "release": {who: customs, noun: counter(declared + "/reservation/release")},
		"delete-reservation": {who: customs, noun: counter(declared + "/reservation")}, "correct-release": {who: customs, body: reason, noun: counter(declared + "/reservation/correction")},
		"take-over-reservation": {who: customs, body: `{"office":"DK005600"}`, noun: counter(declared + "/reservation/takeover")},
		"record-check":          {who: customs, body: `{"office":"DK003103","outcome":"conform","date":"2016-12-05"}`, noun: counter(declared + "/checks"), again: true},
		"hold-shipment":         {who: customs, body: `{"office":"DK003103","reason":"x"}`, noun: counter("/hold")}, "lift-hold": {who: customs, body: `{"words":"x"}`, noun: counter("/hold/lift")},
		"answer-hold": {who: officer, body: `{"words":"x","lift":true}`, noun: counter("/hold/answer")},
	}
}

// stamp adds a specimen of an issuing body.
func (w *town) stamp(body string) Specimen {
	w.t.Helper()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		w.t.Fatal(err)
	}
	return into[Specimen](w.parts(officer, "/api/v1/specimens", "image", map[string]string{"country": "ID", "body": body, "kind": "stamp", "from": "2016-01-01",
		"source": "letter"}, map[string]string{"stamp.png": picture.String()}).is(201))
}

// TestRivals lets four programs write to the same version of a noun at once, for every write that
// takes If-Match: one is carried out, and the others are told that it was changed. Those that
// name no version are all judged by how the noun is when their turn comes, and never told that.
func TestRivals(t *testing.T) {
	var d described
	if err := json.Unmarshal(newTown(t).Description(), &d); err != nil {
		t.Fatal(err)
	}
	writes, tested := versionedWrites(), map[string]bool{}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		w.officialAddress()
		n := 0
		for _, path := range sortedNames(d.Paths) {
			for _, method := range sortedNames(d.Paths[path]) {
				op := d.Paths[path][method]
				if !slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.Name == "If-Match" }) {
					continue
				}
				one, known := writes[op.OperationID]
				if !known {
					t.Errorf("%s takes If-Match and is not tested", op.OperationID)
					continue
				}
				tested[op.OperationID] = true
				n += 2
				w.now = w.now.Add(time.Second)
				t.Run(op.OperationID, func(t *testing.T) {
					w := *w
					w.t = t
					w.rivals(one, strings.ToUpper(method), n)
				})
			}
		}
	})
	for id := range writes {
		if !tested[id] {
			t.Errorf("%s takes no If-Match", id)
		}
	}
}

// rivals writes at once, to a version and to any.
func (w *town) rivals(one versioned, method string, n int) {
	w.t.Helper()
	at, version := one.noun(w, n)
	if got := w.atOnce(one, method, at, etag(version)); one.beside {
		if got[2] != 4 {
			w.t.Errorf("beside one version: %v", got)
		}
		version++
	} else if got[2] != 1 || got[412]+got[404] != 3 || !one.gone && got[404] > 0 {
		w.t.Errorf("of one version: %v", got)
	}
	if stale := w.write1(one, method, at, etag(version), "stale"); stale.StatusCode != 412 && stale.StatusCode != 404 {
		w.t.Errorf("of an old version: %d %s", stale.StatusCode, stale.text)
	}
	at, _ = one.noun(w, n+1)
	got := w.atOnce(one, method, at, "*")
	if got[412] != 0 || got[2] < 1 || got[2]+got[409]+got[404]+got[422] != 4 || one.again && got[2] != 4 {
		w.t.Errorf("of any version: %v", got)
	}
}

// atOnce counts answers by status; those of 2xx together.
func (w *town) atOnce(one versioned, method, at, match string) map[int]int {
	answers := map[int]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			answer := w.write1(one, method, at, match, match+strconv.Itoa(i))
			mu.Lock()
			defer mu.Unlock()
			if answers[answer.StatusCode]++; answer.StatusCode < 300 {
				answers[2]++
			} else if answer.StatusCode >= 500 || answer.StatusCode == 400 || answer.StatusCode == 422 && match != "*" {
				w.t.Errorf("%s %s: %d %s", method, at, answer.StatusCode, answer.text)
			}
		})
	}
	all.Wait()
	return answers
}

func (w *town) write1(one versioned, method, at, match, key string) reply {
	r := httptest.NewRequest(method, Prefix+at, strings.NewReader(one.body))
	r.Header.Set("Content-Type", cmp.Or(one.kind, "application/json"))
	r.Header.Set("Authorization", "Bearer "+w.tokens[one.who])
	r.Header.Set("If-Match", match)
	r.Header.Set("Idempotency-Key", at+strings.ReplaceAll(key, `"`, ""))
	return w.send(r)
}
