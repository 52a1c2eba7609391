package operator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// trader is somebody who enters licences for a company.
func trader(w *webtest.Town, id, company string) flegt.Actor {
	w.T.Helper()
	err := w.DB.Update(w.T.Context(), func(tx *store.Tx) error {
		return tx.AddOperator(flegt.Operator{ID: company, Name: "Nordisk Træ " + company, Country: "DK", Town: "Odense", Street: "Havnegade 1",
			Section: flegt.SectionTimber, Version: 1})
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return w.Holder(id, flegt.RoleOperator, company, "DK")
}

// savedAnswer is what the page's script is told of a draft that was kept.
type savedAnswer struct {
	ID, Title string
	Version   int
	Lines     []int
	Same      bool
}

// refusalAnswer is what it is told when nothing was kept.
type refusalAnswer struct {
	Sentence string
	Conflict bool
}

// autosave sends a form as the page's script does.
func autosave(w *webtest.Town, a flegt.Actor, path string, form url.Values) (int, savedAnswer, refusalAnswer) {
	w.T.Helper()
	answer, body := w.Post(a, path, form.Encode())
	var saved savedAnswer
	var refused refusalAnswer
	into := any(&saved)
	if answer.StatusCode != http.StatusOK {
		into = &refused
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		w.T.Fatalf("%d %s: %v", answer.StatusCode, body, err)
	}
	return answer.StatusCode, saved, refused
}

func TestAutosaveMakesOneDraft(t *testing.T) {
	w := webtest.NewTown(t)
	me, rival := trader(w, "u1", "o1"), trader(w, "u2", "o2")
	key := w.Office.DraftID()
	form := url.Values{"key": {key}, "invoice": {"INV-1"}, "goods.0.description": {""}, "goods.1.description": {"Teak chair"}}
	code, first, _ := autosave(w, me, "/licences/new/autosave", form)
	if code != 200 || first.ID != key || first.Version != 1 || first.Same || first.Title != "Licence (no number yet)" || len(first.Lines) != 2 || first.Lines[0] != 0 || first.Lines[1] != 1 {
		t.Fatalf("%d %+v", code, first)
	}
	// The answer was lost: the same again changes nothing, more of it goes into the same draft.
	if code, again, _ := autosave(w, me, "/licences/new/autosave", form); code != 200 || again.ID != key || again.Version != 1 || !again.Same {
		t.Errorf("sent again: %d %+v", code, again)
	}
	form.Set("invoice", "INV-2")
	if code, more, _ := autosave(w, me, "/licences/new/autosave", form); code != 200 || more.ID != key || more.Version != 2 {
		t.Errorf("more of it: %d %+v", code, more)
	}
	form.Set("invoice", "INV-3")
	if code, _, refused := autosave(w, me, "/licences/new/autosave", form); code != 409 || !refused.Conflict {
		t.Errorf("an old form over a newer draft: %d %+v", code, refused)
	}
	// The id of somebody else's draft is of no use, and no id of one's own making is taken.
	if code, _, _ := autosave(w, rival, "/licences/new/autosave", form); code != 404 {
		t.Errorf("a competitor's: %d", code)
	}
	form.Set("key", "../x")
	if code, _, _ := autosave(w, me, "/licences/new/autosave", form); code != 422 {
		t.Errorf("an id that is none: %d", code)
	}
	if found, err := w.Office.Licences(t.Context(), me, store.LicenceQuery{Limit: 10}); err != nil || len(found.Rows) != 1 || found.Rows[0].Form.Invoice != "INV-2" {
		t.Error(found, err)
	}
}

func TestAutosaveTellsOfAColleague(t *testing.T) {
	w := webtest.NewTown(t)
	me := trader(w, "u1", "o1")
	l, err := w.Office.NewDraft(t.Context(), me, flegt.Form{Invoice: "INV-1"}, "")
	if err != nil {
		t.Fatal(err)
	}
	path := "/licences/" + l.ID + "/autosave"
	form := url.Values{"version": {"1"}, "invoice": {"INV-2"}}
	if code, saved, _ := autosave(w, me, path, form); code != 200 || saved.Version != 2 {
		t.Fatalf("%d %+v", code, saved)
	}
	for _, version := range []string{"1", "-1", "", "x"} {
		code, _, refused := autosave(w, me, path, url.Values{"version": {version}, "invoice": {"INV-3"}})
		if code != 409 || !refused.Conflict || refused.Sentence == "" {
			t.Errorf("version %q: %d %+v", version, code, refused)
		}
		if code, saved, _ := autosave(w, me, path, url.Values{"version": {version}, "invoice": {"INV-2"}}); code != 200 || !saved.Same || saved.Version != 2 {
			t.Errorf("the same with version %q: %d %+v", version, code, saved)
		}
	}
}

// TestANumberThatIsLodgedElsewhere: who gives a licence that was sent back the number of another that
// is lodged is told at the box, and not that a colleague had changed it.
func TestANumberThatIsLodgedElsewhere(t *testing.T) {
	w := webtest.NewTown(t)
	me, rival := trader(w, "u1", "o1"), trader(w, "u2", "o2")
	id := w.Lodged(me, "16.00001-00001.001-ID-DK")
	w.Lodged(rival, "16.00002-00002.002-ID-DK")
	l, err := w.Office.ReturnLicence(t.Context(), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), id, 0, "Look at the number.", nil)
	if err != nil {
		t.Fatal(err)
	}
	form := partForm(l, 0, 1)
	form.Set("number", "16.00002-00002.002-id-dk")
	const says = "stands in the registry already"
	if code, _, told := autosave(w, me, "/licences/"+id+"/autosave", form); code != 409 || told.Conflict || !strings.Contains(told.Sentence, says) {
		t.Errorf("while typing: %d %+v", code, told)
	}
	answer, body := w.Post(me, "/licences/check", form.Encode())
	webtest.Wants(t, answer, body, 200, `data-of-field="number" data-of-severity="wrong"`, says)
	answer, body = w.Post(me, "/licences/"+id+"/edit", form.Encode()+"&do=save")
	webtest.Wants(t, answer, body, 409, `id="f-number-error"`, says, "data-of-problem")
	if strings.Contains(body, `data-of-problem="conflict"`) {
		t.Error("the page takes it for a colleague's change")
	}
	webtest.CheckHTML(t, body)
	form.Set("version", "1")
	if code, _, told := autosave(w, me, "/licences/"+id+"/autosave", form); code != 409 || !told.Conflict {
		t.Errorf("an old version: %d %+v", code, told)
	}
}

// TestTheSummaryNamesTheGoodsLine: a box that every line has is told with its line.
func TestTheSummaryNamesTheGoodsLine(t *testing.T) {
	w := webtest.NewTown(t)
	me := trader(w, "u1", "o1")
	l := longDraft(w, me, 3)
	form := partForm(l, 0, 3)
	form.Set("goods.1.hs", "4407.29")
	form.Set("goods.2.volume", "-1")
	answer, body := w.Post(me, "/licences/"+l.ID+"/edit", form.Encode()+"&do=submit")
	webtest.Wants(t, answer, body, 422, "Line 1: HS code (box\u00a010): Box 10 of the licence must be filled in.", "Line 3: HS code", "Line 3: Volume in m³ (box\u00a014): An amount cannot be less than zero.")
	if strings.Contains(body, "Line 2: HS code") || strings.Contains(body, "Line 1: Line 1") {
		t.Error("a line is named that has no fault, or twice")
	}
	answer, body = w.Get(me, "/licences/"+l.ID+"/edit?wrong=1&lang=da")
	webtest.Wants(t, answer, body, 200, "Linje 1: HS-kode (felt\u00a010)")
}

func TestScriptsWithoutASession(t *testing.T) {
	w := webtest.NewTown(t)
	for _, path := range []string{"/licences/new/autosave", "/licences/x/autosave", "/licences/check"} {
		if answer, _ := w.Post(flegt.Actor{}, path, "invoice=1"); answer.StatusCode != 401 || answer.Header.Get("Location") != "" {
			t.Errorf("%s answers %d", path, answer.StatusCode)
		}
	}
	for _, path := range []string{"/licences/species?q=teak", "/licences/issuing-bodies?country=ID"} {
		if answer, _ := w.Get(flegt.Actor{}, path); answer.StatusCode != 401 {
			t.Errorf("%s answers %d", path, answer.StatusCode)
		}
		if answer, _ := w.Get(w.Person("nobody"+path[10:13], "Nina", "Nielsen"), path); answer.StatusCode != 404 {
			t.Errorf("%s answers %d without a role", path, answer.StatusCode)
		}
	}
}

func TestSuggestions(t *testing.T) {
	w := webtest.NewTown(t)
	me := trader(w, "u1", "o1")
	answer, body := w.Get(me, "/licences/species?q=TECTONA")
	webtest.Wants(t, answer, body, 200, `"scientific":"Tectona grandis"`)
	for q, most := range map[string]int{"a": 0, strings.Repeat("a", 101): 0, "an": 20} {
		_, body := w.Get(me, "/licences/species?q="+q)
		var found []struct{ Scientific string }
		if err := json.Unmarshal([]byte(body), &found); err != nil || len(found) != most {
			t.Errorf("%d 20 for %d letters: %v", len(found), len(q), err)
		}
	}
	_, body = w.Get(me, "/licences/issuing-bodies?country=ID")
	var bodies []string
	if err := json.Unmarshal([]byte(body), &bodies); err != nil || len(bodies) == 0 {
		t.Error(body, err)
	}
	if _, body = w.Get(me, "/licences/issuing-bodies?country=XX"); strings.TrimSpace(body) != "[]" {
		t.Error(body)
	}
}

func TestChecksWhileTyping(t *testing.T) {
	w := webtest.NewTown(t)
	me := trader(w, "u1", "o1")
	form := url.Values{"goods.0.description": {"Teak chair"}, "goods.0.volume": {"1.5"}, "goods.1.description": {""}, "goods.2.description": {"Teak table"}, "goods.2.volume": {"2"}}
	answer, body := w.Post(me, "/licences/check", form.Encode())
	webtest.Wants(t, answer, body, 200, `data-of-field="number"`, `data-of-field="goods.0.hs"`, `data-of-field="goods.2.hs"`, "3.5\u00a0m³")
	if strings.Contains(body, "goods.1.") {
		t.Error("an empty line is found fault with")
	}
	answer, body = w.Post(me, "/licences/check", "goods.0.description=")
	webtest.Wants(t, answer, body, 200, `data-of-field="goods"`)
}

func TestFormOfANewLicence(t *testing.T) {
	w := webtest.NewTown(t)
	me := trader(w, "u1", "o1")
	answer, body := w.Get(me, "/licences/new")
	webtest.Wants(t, answer, body, 200, `name="key"`, "licence.js", `name="goods.{i}.species.{j}.common"`)
	webtest.CheckHTML(t, body)
	// The button pressed twice makes one draft.
	form := url.Values{"key": {w.Office.DraftID()}, "invoice": {"INV-1"}, "do": {"save"}}
	for i := range 2 {
		if answer, _ := w.Post(me, "/licences/new", form.Encode()); answer.StatusCode != 303 || !strings.Contains(answer.Header.Get("Location"), form.Get("key")) {
			t.Errorf("press %s: %d %s", strconv.Itoa(i+1), answer.StatusCode, answer.Header.Get("Location"))
		}
	}
}
