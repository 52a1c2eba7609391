package web

import (
	"bytes"
	"compress/gzip"
	"html/template"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/openflegt/openflegt/internal/flegt"
)

// unpack undoes an answer's Content-Encoding.
func unpack(t *testing.T, answer *http.Response, body string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	switch answer.Header.Get("Content-Encoding") {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		var err error
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestCompressedFilesAreUpToDate(t *testing.T) {
	for _, name := range []string{"ecl-ec.css", "ecl-ec-print.css", "ecl-ec.js"} {
		plain, err := os.ReadFile(filepath.Join("static/ecl", name))
		if err != nil {
			t.Fatal(err)
		}
		for ending, encoding := range map[string]string{".br": "br", ".gz": "gzip"} {
			packed, err := os.ReadFile(filepath.Join("static/ecl", name+ending))
			if err != nil {
				t.Fatal(err)
			}
			answer := &http.Response{Header: http.Header{"Content-Encoding": {encoding}}}
			if unpack(t, answer, string(packed)) != string(plain) {
				t.Errorf("%s%s is old: go run ./internal/web/staticgen", name, ending)
			}
		}
	}
}

func TestNoStaticFileNamesAnotherHost(t *testing.T) {
	for _, name := range []string{"ecl/ecl-ec.css", "ecl/ecl-ec-print.css", "openflegt.css"} {
		text, err := os.ReadFile(filepath.Join("static", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"url(http", "url(//", "@import", "europa.eu"} {
			if bytes.Contains(text, []byte(address)) {
				t.Errorf("%s holds %s", name, address)
			}
		}
	}
}

// formPage is a page with every part.
type formPage struct {
	Page
	Countries []Option
	Table     Table
	Terms     []Term
	History   []Moment
	File      File
	Empty     Empty
	Pages     Pages
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
	s := testServer(t, nil)
	s.pages.pages["every_part"] = func() (*template.Template, error) {
		clone, err := s.pages.base.Clone()
		if err != nil {
			return nil, err
		}
		return clone.Parse(everyPart)
	}
	with(s, "/parts", func(w http.ResponseWriter, r *Request) error {
		p := formPage{Page: s.page(r, "landing.title")}
		p.Countries = []Option{{Value: "DK", Label: "Danmark", Hint: "DK"}, {Value: "SE", Label: "Sverige", Group: "EU"}, {Value: "FI", Label: "Finland", Group: "EU"}}
		p.Table = Table{Caption: "Licences", Columns: []string{"Number", "State"}, Rows: [][]Cell{
			{{Text: "16.1", URL: "/licences/1"}, {Status: &Status{"ok", "accepted"}, Sub: "today"}}}}
		p.Terms = []Term{TermOf("Number", "16.1")}
		p.History = []Moment{{When: "today", Title: "Accepted", Text: "by MST"}}
		p.File = File{URL: "/scan", Name: "scan.pdf", Meta: "PDF"}
		p.Empty = Empty{Title: "No licences", Link: Link{"/new", "Enter one"}}
		p.Pages = s.pagesOf(r, &p.Page, 5, 10, 95)
		if problem != nil {
			return s.again(w, &p, "every_part", problem)
		}
		return s.show(w, &p, "every_part")
	})
	return get(t, s, "/parts?page=5&state=open")
}

func TestEveryPart(t *testing.T) {
	answer, body := showEveryPart(t, nil)
	wants(t, answer, body, 200,
		`value="Træ &amp; &lt;b&gt;"`, `aria-describedby="f-name-hint"`, `aria-required="true"`, `autocomplete="organization"`,
		`<option value="DK" selected>`, `<optgroup label="EU"><option value="SE"`, `value="SE" checked`,
		`id="f-goods.2.expires"`, `data-ecl-table-header="State"`, `name="version" value="7"`,
		`href="/parts?page=4&amp;state=open" rel="prev"`, `aria-label="Go to page 10"`, "Showing 41–50 of 95 entries",
	)
	checkHTML(t, body)
}

func TestFormComesBackWithItsErrors(t *testing.T) {
	problem := flegt.InvalidBoxes([]flegt.BoxError{
		{Box: "name", Key: "error.unreadable"}, {Box: "kind", Key: "error.method"}, {Box: "goods.2.expires", Key: "error.origin"},
		{Box: "elsewhere", Key: "error.required"},
	})
	answer, body := showEveryPart(t, problem)
	wants(t, answer, body, 422,
		"There are problems with 4 boxes", ">Search: What your browser sent", "<li>Fill this in.</li>", `href="#f-goods.2.expires"`, `href="#f-kind"`, `aria-invalid="true"`,
		`aria-describedby="f-name-hint f-name-error"`, `id="f-name-error"`, "<title>Error: ",
	)
	checkHTML(t, body)
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
	s := testServer(t, nil)
	p := s.page(&Request{Request: mustRequest(t), Lang: "en"}, "landing.title")
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
	s := testServer(t, nil)
	r := &Request{Request: mustRequest(t), Lang: "en"}
	p := s.page(r, "landing.title")
	for _, x := range []struct {
		now, size, total int
		want             string
	}{
		{1, 10, 0, ""}, {1, 10, 10, "1*"}, {1, 10, 11, "1* 2"}, {9, 10, 11, "1 2*"},
		{10, 10, 200, "1 … 8 9 10* 11 12 … 20"}, {-3, 10, 25, "1* 2 3"},
	} {
		var got []string
		for _, n := range s.pagesOf(r, &p, x.now, x.size, x.total).Numbers {
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
