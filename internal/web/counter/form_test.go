package counter_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// formPage is a page with every part.
type formPage struct {
	counter.Page
	Countries []counter.Option
	Table     counter.Table
	Terms     []counter.Term
	History   []counter.Moment
	File      counter.File
	Empty     counter.Empty
	Pages     counter.Pages
}

// everyPart shows each part once.
const everyPart = `{{define "content"}}<form method="post">
{{template "text" (.Field "name" "form.search" "Træ & <b>" "required" true "hint" "contact.lead" "autocomplete" "organization" "maxLength" 80)}}
{{template "textarea" (.Field "note" "form.search" "a\nb" "rows" 6)}}
{{template "select" (.Field "country" "form.search" "DK" "options" .Countries "empty" "form.optional")}}
{{template "radio" (.Field "kind" "form.search" "SE" "options" .Countries "required" true)}}
{{template "checkbox" (.Field "agreed" "form.search" nil "checked" true)}}
{{template "checkboxes" (.Field "several" "form.search" nil "options" .Countries)}}
{{template "date" (.Field "goods.2.expires" "form.search" "2016-12-05" "min" "2016-11-15")}}
{{template "file" (.Field "scan" "form.search" nil "accept" ".pdf")}}
{{template "password" (.Field "password" "form.search" nil "autocomplete" "new-password")}}
{{template "search" (.Field "q" "form.search" "teak")}}
{{template "hidden" (.Field "version" "" 7)}}
{{template "submit" (.Button "form.search" "name" "do" "value" "save")}}
</form>
{{template "table" .Table}}{{template "terms" .Terms}}{{template "timeline" .History}}{{template "file_link" .File}}
{{template "empty" .Empty}}{{template "pages" .Pages}}{{template "status" (.Status "ok" "role.operator")}}
{{template "notification" (dict "tone" "info" "title" "Note" "text" "Text")}}{{end}}`

func showEveryPart(t *testing.T, problem error) (*http.Response, string) {
	t.Helper()
	files := fstest.MapFS{"template/every_part.html": {Data: []byte(everyPart)}, "static/openflegt.css": {}}
	shared, err := filepath.Glob("../template/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range shared {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files["template/"+filepath.Base(path)] = &fstest.MapFile{Data: text}
	}
	s, err := counter.New(webtest.Options(t, nil), files)
	if err != nil {
		t.Fatal(err)
	}
	webtest.With(s, "/parts", func(w http.ResponseWriter, r *counter.Request) error {
		p := formPage{Page: s.Page(r, "landing.title")}
		p.Countries = []counter.Option{{Value: "DK", Label: "Danmark", Hint: "DK"}, {Value: "SE", Label: "Sverige", Group: "EU"}, {Value: "FI", Label: "Finland", Group: "EU"}}
		p.Table = counter.Table{Caption: "Licences", Columns: []string{"Number", "State"}, Rows: [][]counter.Cell{
			{{Text: "16.1", URL: "/licences/1"}, {Status: &counter.Status{Tone: "ok", Text: "accepted"}, Sub: "today"}}}}
		p.Terms = []counter.Term{counter.TermOf("Number", "16.1")}
		p.History = []counter.Moment{{When: "today", Title: "Accepted", Text: "by MST"}}
		p.File = counter.File{URL: "/scan", Name: "scan.pdf", Meta: "PDF"}
		p.Empty = counter.Empty{Title: "No licences", Link: counter.Link{URL: "/new", Text: "Enter one"}}
		p.Pages = s.PagesOf(r, &p.Page, 5, 10, 95)
		if problem != nil {
			return s.Again(w, &p, "every_part", problem)
		}
		return s.Show(w, &p, "every_part")
	})
	return webtest.Get(t, s, "/parts?page=5&state=open")
}

func TestEveryPart(t *testing.T) {
	answer, body := showEveryPart(t, nil)
	webtest.Wants(t, answer, body, 200,
		`value="Træ &amp; &lt;b&gt;"`, `aria-describedby="f-name-hint"`, `aria-required="true"`, `autocomplete="organization"`,
		`<option value="DK" selected>`, `<optgroup label="EU"><option value="SE"`, `value="SE" checked`,
		`id="f-goods.2.expires"`, `data-ecl-table-header="State"`, `name="version" value="7"`,
		`href="/parts?page=4&amp;state=open" rel="prev"`, `aria-label="Go to page 10"`, "Showing 41–50 of 95 entries",
	)
	webtest.CheckHTML(t, body)
}

func TestFormComesBackWithItsErrors(t *testing.T) {
	problem := flegt.InvalidBoxes([]flegt.BoxError{
		{Box: "name", Key: "error.unreadable"}, {Box: "kind", Key: "error.method"}, {Box: "goods.2.expires", Key: "error.origin"},
		{Box: "elsewhere", Key: "error.required"},
	})
	answer, body := showEveryPart(t, problem)
	webtest.Wants(t, answer, body, 422,
		"There are problems with 4 boxes", ">Search: What your browser sent", "<li>Fill this in.</li>", `href="#f-goods.2.expires"`, `href="#f-kind"`, `aria-invalid="true"`,
		`aria-describedby="f-name-hint f-name-error"`, `id="f-name-error"`, "<title>Error: ",
	)
	webtest.CheckHTML(t, body)
}

func TestAgainPassesOnWhatAFormCannotCure(t *testing.T) {
	answer, _ := showEveryPart(t, flegt.Missing())
	if answer.StatusCode != 404 {
		t.Errorf("status %d", answer.StatusCode)
	}
	if answer, _ := showEveryPart(t, flegt.Refuse(flegt.Refused, "error.method", nil)); answer.StatusCode != 409 {
		t.Errorf("status %d", answer.StatusCode)
	}
}

func TestFieldRefusesWhatItDoesNotKnow(t *testing.T) {
	s := webtest.Server(t, nil)
	p := s.Page(&counter.Request{Request: mustRequest(t), Lang: "en"}, "landing.title")
	for _, pairs := range [][]any{{"colour", "red"}, {"required", "yes"}, {"rows"}} {
		if _, err := p.Field("x", "form.search", "", pairs...); err == nil {
			t.Errorf("%v is taken", pairs)
		}
	}
}

func mustRequest(t *testing.T) *http.Request {
	t.Helper()
	r, err := http.NewRequest("GET", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPagesOf(t *testing.T) {
	s := webtest.Server(t, nil)
	r := &counter.Request{Request: mustRequest(t), Lang: "en"}
	p := s.Page(r, "landing.title")
	for _, x := range []struct {
		now, size, total int
		want             string
	}{
		{1, 10, 0, ""}, {1, 10, 10, "1*"}, {1, 10, 11, "1* 2"}, {9, 10, 11, "1 2*"},
		{10, 10, 200, "1 … 8 9 10* 11 12 … 20"}, {-3, 10, 25, "1* 2 3"},
	} {
		var got []string
		for _, n := range s.PagesOf(r, &p, x.now, x.size, x.total).Numbers {
			text := n.Text
			if n.Current {
				text += "*"
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%+v: %q", x, got)
		}
	}
}

func TestALabelsBoxNumberIsNotBroken(t *testing.T) {
	p := webtest.Server(t, nil).Page(&counter.Request{Request: mustRequest(t), Lang: "en"}, "landing.title")
	for label, want := range map[string]string{
		"Volume in m³ (box 14)": "Volume in m³ (box\u00a014)", "Volumen i m³ (felt 14)": "Volumen i m³ (felt\u00a014)",
		"HS code (box 12, 13)":                   "HS code (box\u00a012,\u00a013)",
		"Countries of harvest (boxes 12 and 13)": "Countries of harvest (boxes 12 and 13)", "Customs office": "Customs office",
	} {
		if f, err := p.Field("x", "", "", "labelText", label); err != nil || f.Label != want {
			t.Errorf("%q becomes %q, %v", label, f.Label, err)
		}
	}
}
