package api

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/tiff"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// everybody are the columns of the table of rights, docs/rights.md, in their order.
var everybody = []string{mette, "agent", rival, officer, swede, customs, "port", tull, support, licensing, "ghana", observer}

var rightsRow = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| (.+) \\|$")

// rights reads docs/rights.md: of each operation the answer to each of everybody.
func rights(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/rights.md")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for _, row := range rightsRow.FindAllStringSubmatch(string(text), -1) {
		cells := strings.Split(row[2], " | ")
		if table[row[1]] != nil || len(cells) != len(everybody) {
			t.Fatalf("%s: stands twice, or for %d", row[1], len(cells))
		}
		table[row[1]] = cells
	}
	return table
}

// outcome says what of the table an answer is; "" for what is none of them.
func (r reply) outcome() string {
	var p Problem
	_ = json.Unmarshal([]byte(r.text), &p)
	for _, e := range p.Errors {
		if strings.HasPrefix(e.Key, "clearance.office_") { // access.MayBookAt
			return "−"
		}
	}
	switch {
	case r.StatusCode == http.StatusForbidden, strings.HasSuffix(p.Key, "_elsewhere"), p.Code == "08": // the single window's: not your declaration
		return "−"
	case r.StatusCode == http.StatusNotFound:
		return "·"
	case r.StatusCode == http.StatusUnauthorized, r.StatusCode >= 500:
		return ""
	}
	return "+"
}

type inOrder struct{ id, method string }

// attempt is how an operation is made: at which address, with what.
type attempt struct {
	at, body, kind string
	parts          map[string]string // the fields of a form with a picture
}

// TestEverybodysRights makes every operation of the description as everybody, as docs/rights.md has it.
// What goes by a version is made for one that is long gone, so that nothing changes: 412 is "you may".
func TestEverybodysRights(t *testing.T) {
	w := newTown(t)
	w.port()
	w.officialAddress()
	w.holder("ghana", flegt.RoleLicensing, "LA-GH", "GH")
	w.holder("agent", flegt.RoleOperator, w.actors[mette].Body, "DK")
	var d described
	if err := json.Unmarshal(w.Description(), &d); err != nil {
		t.Fatal(err)
	}
	table, versioned, others := rights(t), versionedWrites(), w.others()
	later := []inOrder{ // there are results once the import begun, and a second table takes the first one's place
		{"list-import-results", http.MethodGet}, {"stop-import", http.MethodDelete}, {"begin-import", http.MethodPost}}
	made := map[string]bool{}
	everyone := func(id, method string, a attempt) {
		w.ask("", method, Prefix+a.at, a.body).problem(http.StatusUnauthorized, "token-needed")
		for i, who := range everybody {
			if got := w.attempt(who, method, id, a); got.outcome() != table[id][i] {
				t.Errorf("%s by %s: want %s: %d %s", id, who, table[id][i], got.StatusCode, got.text)
			}
		}
	}
	for _, path := range sortedNames(d.Paths) {
		for _, method := range sortedNames(d.Paths[path]) {
			id := d.Paths[path][method].OperationID
			if id == "check-licence-on-paper" { // for everybody
				continue
			}
			made[id] = true
			if table[id] == nil {
				t.Errorf("%s does not stand in docs/rights.md", id)
				continue
			}
			a, known := others[id]
			if v, has := versioned[id]; has && !known {
				at, _ := v.noun(w, 2*len(made))
				a, known = attempt{at: at, body: strings.Replace(v.body, `"officer":"officer"`, `"officer":""`, 1), kind: v.kind}, true
			}
			switch {
			case !known:
				t.Errorf("%s is not made", id)
			case !slices.ContainsFunc(later, func(o inOrder) bool { return o.id == id }):
				everyone(id, strings.ToUpper(method), a)
			}
		}
	}
	for _, o := range later {
		everyone(o.id, o.method, others[o.id])
	}
	for id := range table {
		if !made[id] {
			t.Errorf("docs/rights.md lists %s, which is no operation", id)
		}
	}
}

func (w *town) attempt(who, method, id string, a attempt) reply {
	headers := []string{"If-Match", `"99999"`, "Idempotency-Key", id + who}
	if who == "port" { // at which office a declaration is, is looked at with the declaration itself
		headers[1] = "*"
	}
	if a.parts != nil {
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			w.t.Fatal(err)
		}
		return w.parts(who, Prefix+a.at, "image", a.parts, map[string]string{"stamp.png": picture.String()}, headers...)
	}
	if a.kind != "" {
		headers = append(headers, "Content-Type", a.kind)
	}
	return w.ask(who, method, Prefix+a.at, a.body, headers...)
}

// others are the operations that go by no version, on things of mette's and of the Danish offices.
func (w *town) others() map[string]attempt {
	const pdf = "application/pdf"
	l := w.accepted(mette, numbered(900))
	paper, draft := w.scanned()
	licence, number, other := "/licences/"+l.ID, "/licences/"+l.Form.Number, w.accepted(mette, numbered(902))
	w.ask(customs, "PUT", Prefix+number+"/declarations/"+mrn+"/reservation", reserveTen, "Idempotency-Key", "rights").is(200)
	dossier, question := w.submitted(mette, numbered(903)), w.answered()
	imported := into[Import](w.sendTable(mette, table).is(201))
	w.reaches(mette, imported.ID, flegt.BulkChecked)
	hook := w.hook(mette)
	delivery := into[Delivery](w.ask(mette, "POST", Prefix+"/webhooks/"+hook.ID+"/test", "").is(202))
	stamp := w.stamp("Lembaga Sertifikasi")
	w.mailed(1)
	w.wrote(1)
	w.write(func(tx *store.Tx) error {
		for id, status := range map[string]flegt.AuthorisationStatus{"z-asked": flegt.Requested, "z-turned": flegt.Denied} {
			z := flegt.Authorisation{ID: id, Account: mette, Role: flegt.RoleOperator, Body: w.actors[rival].Body, Country: "DK", Capacity: flegt.Agent, Status: status, RequestedAt: w.now, Version: 1}
			if err := tx.AddAuthorisation(z); err != nil {
				return err
			}
		}
		return nil
	})
	get := func(at string) attempt { return attempt{at: at} }
	imports, hooks, questions := "/imports/"+imported.ID, "/webhooks/"+hook.ID, "/questions/"+question.ID
	company := `{"name":"Firma Ny","country":"DK","town":"Aarhus C","street":"Havnegade 2","contact_name":"Mette","contact_email":"a@b.example","section":"` + flegt.SectionTimber + `","identifiers":[{"kind":"NATIONAL","country":"DK","value":"29189595"}]}`
	return map[string]attempt{
		"list-own-authorisations": get("/authorisations"), "list-authorisation-queue": get("/authorisations/queue"), "read-authorisation": get("/authorisations/z-asked"),
		"read-role-mail": get("/authorisations/z-asked/mail"), "ask-again": {at: "/authorisations/z-turned/again"}, "search-operators": get("/operators?text=firma"),
		"request-authorisation":  {at: "/authorisations", body: `{"role":"customs","body":"CUSTOMS-DK","phone":"+45 11111111"}`},
		"withdraw-authorisation": {at: "/authorisations/z-asked/withdraw"}, "end-authorisation": {at: "/authorisations/z-mette/end", body: `{"reason":"x"}`},
		"read-operator": get("/operators/" + w.actors[mette].Body), "create-operator": {at: "/operators", body: company},
		"list-licences": get("/licences"), "read-licence": get(licence), "list-licence-findings": get(licence + "/findings"), "list-licence-history": get(licence + "/history"),
		"read-attachment": get(licence + "/attachments/" + l.Attachments[0].ID), "read-extract": get(licence + "/extract.pdf"), "read-decision-letter": get(licence + "/decision.pdf"),
		"read-attachment-page": get(paper), "create-licence": {at: "/licences", body: `{"form":{}}`}, "check-licence": {at: "/licences/check", body: formJSON(numbered(910))},
		"claim-licence":   {at: "/licences/claim", body: `{"number":"` + w.unclaimed() + `","verification":"AAAA-AAAA-AAAA"}`},
		"begin-import":    {at: "/imports?name=licences.csv", body: table, kind: "text/csv"},
		"import-template": get("/imports/template"), "copy-licence": {at: licence + "/copy"}, "issue-licence": {at: "/licences/issue", body: formJSON(numbered(912))},
		"read-last-import": get("/imports"), "read-import": get(imports), "list-import-findings": get(imports + "/findings"), "export-import-findings": get(imports + "/findings/export"),
		"list-import-results": get(imports + "/results"), "start-import": {at: imports + "/start", body: `{"update":false}`}, "stop-import": {at: imports},
		"hand-in-confirmation": {at: "/licences/" + other.ID + "/confirmations?name=letter.pdf", body: "%PDF-1.4 confirmed", kind: pdf},
		"read-desk":            get("/desk"), "list-fees": get("/desk/fees"), "sum-fees": get("/desk/fees/sums"), "export-fees": get("/desk/fees/export"), "list-officers": get("/desk/officers"),
		"read-tally": get("/desk/tally"), "list-arrivals": get("/desk/arrivals"), "list-dossiers": get("/dossiers"), "list-views": get("/desk/views"),
		"save-view": {at: "/desk/views", body: `{"view":"mine","query":"part=mine"}`}, "drop-view": {at: "/desk/views?view=mine"},
		"read-dossier": get("/dossiers/" + dossier.ID), "list-dossier-history": get("/dossiers/" + dossier.ID + "/history"), "list-previous-cases": get("/dossiers/" + dossier.ID + "/previous"),
		"assign-dossiers": {at: "/dossiers/assign", body: `{"officer":"","dossiers":[{"licence":"` + dossier.ID + `","version":99}]}`},
		"list-questions":  get("/questions"), "list-licence-questions": get(licence + "/questions"), "read-question": get(questions),
		"read-answer-file": get(questions + "/files/" + question.Answers[0].Files[0].ID), "read-answer-mail": get(questions + "/answers/mailed/mail"),
		"list-specimens": get("/specimens"), "read-specimen": get("/specimens/" + stamp.ID), "read-specimen-image": get("/specimens/" + stamp.ID + "/image"),
		"list-licence-specimens": get(licence + "/specimens"),
		"add-specimen":           {at: "/specimens", parts: map[string]string{"country": "ID", "body": "Somebody", "kind": "stamp", "from": "2016-01-01", "source": "letter"}},
		"list-expected-licences": get("/customs/expected"), "find-declaration": get("/declarations/" + mrn), "read-quantities": get(number + "/quantities"),
		"whoami": get("/whoami"), "list-events": get("/events"), "list-notifications": get("/notifications"), "read-mail-choice": get("/notifications/mail"),
		"mark-notifications-read": {at: "/notifications/read", body: `{"up_to":1}`}, "choose-mail": {at: "/notifications/mail", body: `{"licence":true,"clearance":true,"authorisation":true}`},
		"list-webhooks": get("/webhooks"), "create-webhook": {at: "/webhooks", body: hookBody}, "list-event-types": get("/webhooks/types"), "read-webhook": get(hooks),
		"list-deliveries": get(hooks + "/deliveries"), "test-webhook": {at: hooks + "/test"}, "resend-delivery": {at: hooks + "/deliveries/" + delivery.ID + "/resend"},
		"edit-webhook": {at: hooks, body: hookBody}, "delete-webhook": {at: hooks}, "pause-webhook": {at: hooks + "/pause"}, "resume-webhook": {at: hooks + "/resume"}, "rotate-webhook": {at: hooks + "/rotate"},
		"list-authorities": get("/reference/authorities"), "list-countries": get("/reference/countries"), "list-units": get("/reference/units"), "list-issuing-bodies": get("/reference/issuing-bodies?country=ID"),
		"list-rejection-reasons": get("/reference/rejection-reasons"), "search-headings": get("/reference/headings?text=4407"), "search-species": get("/reference/species?text=teak"),
		"read-authority": get("/support/authorities/CA-DK"), "list-letters": get("/support/letters"), "read-letter": get("/support/letters/l7"), "retry-letter": {at: "/support/letters/l7/retry"},
		"list-mails": get("/support/mails"), "read-mail": get("/support/mails/m7"), "read-raw-mail": get("/support/mails/m7/raw"),
		"remove-attachment": {at: "/licences/" + draft.ID + "/attachments/" + draft.Attachments[0].ID},
	}
}

// scanned is the address of a page of a lodged licence's scan, and a draft.
func (w *town) scanned() (page string, draft Licence) {
	w.t.Helper()
	var b bytes.Buffer
	if err := tiff.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 60)), nil); err != nil {
		w.t.Fatal(err)
	}
	l := w.draft(mette, numbered(905))
	l = into[Licence](w.ask(mette, "POST", Prefix+"/licences/"+l.ID+"/attachments?name=paper.tif", b.String(), "Content-Type", "image/tiff", "If-Match", "*").is(201))
	w.ask(mette, "POST", Prefix+"/licences/"+l.ID+"/submit", "", "If-Match", "*").is(200)
	return "/licences/" + l.ID + "/attachments/" + l.Attachments[1].ID + "/pages/1", w.draft(mette, numbered(906))
}

// unclaimed is the number of an electronic licence that nobody has claimed.
func (w *town) unclaimed() string {
	w.t.Helper()
	w.ask(licensing, "POST", Prefix+"/licences/issue", formJSON(numbered(907))).is(201)
	return numbered(907)
}

// answered is a question to the importer with an answer on its page, with a file, and one by mail.
func (w *town) answered() Question {
	w.t.Helper()
	q := w.asked(w.submitted(mette, numbered(908)), askInvoice)
	w.parts(mette, Prefix+"/questions/"+q.ID+"/answers", "file", map[string]string{"text": "This one."}, map[string]string{"invoice.pdf": "%PDF-1.4 invoice"}, "If-Match", "*").is(201)
	w.write(func(tx *store.Tx) error {
		if err := tx.AddMail(flegt.IncomingMail{ID: "answer", ReceivedAt: w.now.Add(-time.Hour), From: "a@b.example", Handled: true, Outcome: "answer", SHA256: "answer"}, []byte("x")); err != nil {
			return err
		}
		found, err := tx.Question(q.ID)
		if err != nil {
			return err
		}
		found.Answers = append(found.Answers, flegt.Reply{ID: "mailed", At: w.now, Mail: "answer", Text: "And this."})
		return tx.SaveQuestion(&found)
	})
	return into[Question](w.ask(mette, "GET", Prefix+"/questions/"+q.ID, "").is(200))
}
