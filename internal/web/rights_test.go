package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

var rightsRow = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| (.+) \\|$")

// refusedElsewhere are the sentences by which the pages refuse an officer what is at another office.
var refusedElsewhere = regexp.MustCompile(`only that (office|one)|is not one of yours|must be one of your own country|not your declaration`)

// onlyAtOneDoor are pages whose operation is for more than the page: a role is given up by its holder on
// one page, and ended by the Support Team on another.
var onlyAtOneDoor = map[string]string{"POST /roles/{id}/end": "importer", "POST /support/requests/{id}/end": "Support"}

// TestEverybodysRightsOnThePages sends every form that has an operation as everybody in the table of
// docs/rights.md, empty: whoever may is answered what is missing in it, or that it is done; whoever may
// not is refused, or there is no such page, as at the door for programs.
func TestEverybodysRightsOnThePages(t *testing.T) {
	w := newForms(t)
	names, table := w.rights()
	for _, row := range pageRow.FindAllStringSubmatch(w.text("../../docs/api.md"), -1) {
		page, does := row[1], row[2]
		if strings.HasPrefix(does, "— ") {
			continue
		}
		id, _, _ := strings.Cut(strings.Trim(does, "`"), "`")
		denied := ""
		for i, name := range names {
			may := table[id][i] == "+" || page == "POST /licences/check" && strings.HasSuffix(name, "issuing body") // which types too
			if only, one := onlyAtOneDoor[page]; one {
				may = name == only
			}
			at := denied
			if may || denied == "" { // a form that is taken changes what it is about
				at = w.address(strings.TrimPrefix(page, "POST "))
			}
			if !may {
				denied = at
			}
			answer, body := w.send(w.people[i], at)
			refused := answer.StatusCode == 403 || answer.StatusCode == 404 || refusedElsewhere.MatchString(body)
			if refused == may || answer.StatusCode >= 500 {
				t.Errorf("%s by %s: %d, want %s", page, name, answer.StatusCode, table[id][i])
			}
		}
		if answer, _ := w.send(flegt.Actor{}, w.address(strings.TrimPrefix(page, "POST "))); answer.StatusCode < 300 || answer.StatusCode == 303 && !strings.HasPrefix(answer.Header.Get("Location"), "/sign-in") {
			t.Errorf("%s by nobody: %d to %s", page, answer.StatusCode, answer.Header.Get("Location"))
		}
	}
}

// forms are a town with everybody of docs/rights.md, in the order of its columns, and what the pages'
// forms are about.
type forms struct {
	*webtest.Town
	people []flegt.Actor
	n      int
}

const formMRN = "26DK16RF3TDPZE7AR2"

func newForms(t *testing.T) *forms {
	w := &forms{Town: webtest.NewTown(t)}
	accounts, err := identity.New(identity.Options{DB: w.DB, Clock: w.Clock, Post: func(*store.Tx, identity.Mailing) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	w.WithAccounts(accounts)
	importer := w.Importer("importer")
	w.write(func(tx *store.Tx) error {
		return tx.AddOperator(flegt.Operator{ID: "rival", Name: "Another", Country: "DK", Section: flegt.SectionTimber, Version: 1})
	})
	w.people = []flegt.Actor{importer, w.Holder("agent", flegt.RoleOperator, importer.Body, "DK"), w.Holder("another", flegt.RoleOperator, "rival", "DK"),
		w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("swede", flegt.RoleAuthority, "CA-SE", "SE"),
		w.Holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK"), {Account: "port"}, w.Holder("tull", flegt.RoleCustoms, "CUSTOMS-SE", "SE"),
		w.Holder("support", flegt.RoleSupport, flegt.SupportBody, ""), w.Holder("licensing", flegt.RoleLicensing, "LA-ID", "ID"),
		w.Holder("ghana", flegt.RoleLicensing, "LA-GH", "GH"), w.Holder("observer", flegt.RoleObserver, flegt.ObserverBody, "")}
	w.Person("port", "Mette", "Sørensen")
	w.write(func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-port", Account: "port", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK", Offices: []string{"DK005600"},
			Status: flegt.Approved, RequestedAt: w.Now, Version: 1})
	})
	return w
}

// filled are forms that say enough to be asked about somebody's right.
var filled = map[string]string{"/desk/{id}/tick": "box=scan", "/customs/{id}/book": "office=DK003103&mrn=" + formMRN, "/customs/{id}/hold": "hold_office=DK003103&reason=x",
	"/customs/{id}/declarations/{mrn}/take-over": "office=DK005600"}

// send sends an empty form or what is filled in, and to a page that takes files a file.
func (w *forms) send(a flegt.Actor, at string) (*http.Response, string) {
	if !strings.HasSuffix(at, "/scans") {
		at, form, _ := strings.Cut(at, " ")
		return w.Post(a, at, form)
	}
	r := httptest.NewRequest("POST", at, strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4 a\r\n--x--\r\n"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	return w.Visit(a, r)
}

func (w *forms) write(do func(*store.Tx) error) { w.must(w.DB.Update(w.T.Context(), do)) }

func (w *forms) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

func (w *forms) text(path string) string {
	text, err := os.ReadFile(path)
	w.must(err)
	return string(text)
}

// rights reads docs/rights.md: whom it is about, and of each operation the answer to each of them.
func (w *forms) rights() (names []string, table map[string][]string) {
	text := w.text("../../docs/rights.md")
	_, head, _ := strings.Cut(text, "| operation | ")
	head, _, _ = strings.Cut(head, " |\n")
	names, table = strings.Split(head, " | "), map[string][]string{}
	if len(names) != len(w.people) {
		w.T.Fatal(names)
	}
	for _, row := range rightsRow.FindAllStringSubmatch(text, -1) {
		table[row[1]] = strings.Split(row[2], " | ")
	}
	return names, table
}

// address is that of a page about something new: a draft, a lodged licence, a question, as it needs.
func (w *forms) address(pattern string) string {
	ctx, importer, officer, customs := w.T.Context(), w.people[0], w.people[3], w.people[5]
	w.n++
	lodged := func() string { return w.Lodged(importer, fmt.Sprintf("16.00001-%05d.001-ID-DK", w.n)) }
	fill := func(name, value string) { pattern = strings.Replace(pattern, "{"+name+"}", value, 1) }
	room, _, _ := strings.Cut(strings.TrimPrefix(pattern, "/"), "/")
	form := filled[pattern]
	id := ""
	switch room {
	case "licences", "desk":
		if regexp.MustCompile(`/(edit|autosave|discard|scans|answers|unclaim)$`).MatchString(pattern) {
			l, err := w.Office.NewDraft(ctx, importer, flegt.Form{Number: fmt.Sprint("draft ", w.n)}, "DK")
			w.must(err)
			id = l.ID
		}
		if id == "" {
			id = lodged()
		}
		fill("id", id)
		fill("verb", "cancel")
		fill("to", "importer")
	case "questions":
		q, err := w.Office.AskQuestion(ctx, officer, lodged(), registry.Asking{To: flegt.ToImporter, Text: "Which?", Deadline: "2016-12-20"})
		w.must(err)
		fill("question", q.ID)
	case "customs":
		l, err := w.Office.AcceptLicence(ctx, officer, lodged(), 0)
		w.must(err)
		if strings.Contains(pattern, "{mrn}") {
			_, err = w.Office.Reserve(ctx, customs, l.ID, registry.Booking{MRN: formMRN, Office: "DK003103", Everything: true})
			w.must(err)
		}
		if strings.HasSuffix(pattern, "/lift") {
			_, err = w.Office.Hold(ctx, customs, l.ID, "DK003103", "Is it the same?")
			w.must(err)
		}
		fill("id", l.ID)
		fill("mrn", formMRN)
	case "specimens":
		var picture bytes.Buffer
		w.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))))
		s, err := w.Office.AddSpecimen(ctx, officer, flegt.Specimen{Country: "ID", Body: fmt.Sprint("Body ", w.n), Kind: flegt.SpecimenStamp, From: "2016-01-01", Source: "letter"}, "a.png", &picture)
		w.must(err)
		fill("id", s.ID)
	case "imports":
		var b registry.Bulk
		for err, end := error(flegt.Missing()), time.Now().Add(30*time.Second); err != nil; { // the one before is worked on beside
			if b, err = w.Office.BeginBulk(ctx, importer, "a.csv", []flegt.BulkLicence{{Row: 2, Form: flegt.Form{Number: "1"}}}, nil); time.Now().After(end) {
				w.must(err)
			}
			runtime.Gosched()
		}
		fill("id", b.ID)
	case "roles", "support", "operators", "account":
		w.fillOthers(room, pattern, fill)
	}
	if pattern == "/desk/assign" {
		form = "nobody=yes&pick=" + id + "+"
	}
	return strings.TrimSpace(pattern + " " + form)
}

func (w *forms) fillOthers(room, pattern string, fill func(name, value string)) {
	importer := w.people[0]
	id := fmt.Sprint("new", w.n)
	switch {
	case room == "operators":
		id = importer.Body
	case room == "account":
		kept, err := w.Office.Webhooks(w.T.Context(), importer) // five at most
		w.must(err)
		for _, h := range kept {
			w.must(w.Office.DeleteWebhook(w.T.Context(), importer, h.ID, 0))
		}
		h, _, err := w.Office.NewWebhook(w.T.Context(), importer, registry.WebhookForm{Name: "Ours", URL: "https://hooks.example.eu/flegt"})
		w.must(err)
		d, err := w.Office.TestWebhook(w.T.Context(), importer, h.ID)
		w.must(err)
		fill("delivery", d.ID)
		id = h.ID
	case strings.HasPrefix(pattern, "/support/authorities"):
		id = "CA-DK"
	case strings.HasPrefix(pattern, "/support/letters"):
		w.write(func(tx *store.Tx) error {
			return tx.AddLetters(flegt.Letter{ID: id, Seq: int64(w.n), Kind: id, To: "a@b.example", State: flegt.LetterFailed, CreatedAt: w.Now})
		})
	default:
		z := flegt.Authorisation{ID: id, Account: importer.Account, Role: flegt.RoleOperator, Body: id, Country: "DK", Capacity: flegt.Agent, Status: flegt.Requested, RequestedAt: w.Now, Version: 1}
		switch {
		case strings.HasSuffix(pattern, "/again"):
			z.Status = flegt.Denied
		case strings.HasSuffix(pattern, "/end"):
			z.Status = flegt.Approved
		}
		w.write(func(tx *store.Tx) error {
			if err := tx.AddOperator(flegt.Operator{ID: id, Name: id, Country: "DK", Section: flegt.SectionTimber, Version: 1}); err != nil {
				return err
			}
			return tx.AddAuthorisation(z)
		})
	}
	fill("id", id)
	fill("role", "customs")
	fill("body", "CUSTOMS-DK")
}
