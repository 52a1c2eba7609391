package authority

import (
	"html/template"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/wording"
)

// asTemplate are the rows of the work list, as a template.
const asTemplate = `{{define "status"}}<span class="ecl-label of-status of-status--{{.Tone}}">{{.Text}}</span>{{end}}{{range .Rows}}<tr class="ecl-table__row">
<td class="ecl-table__cell of-pick" data-ecl-table-header="{{$.T "desk.pick"}}"><input type="checkbox" name="pick" value="{{.Licence}} {{.Before}}"{{if .Picked}} checked{{end}} aria-label="{{$.T "desk.pick.one" "Number" .Number}}"></td>
<td class="ecl-table__cell" data-ecl-table-header="{{$.T "licence.number"}}"><span class="of-cell"><a class="ecl-link of-nowrap" href="{{.URL}}">{{.Number}}</a> {{template "status" .State}}{{with .Held}} {{template "status" .}}{{end}}{{with .Warnings}}<span class="of-sub">{{.}}</span>{{end}}{{range .Waits}}<span class="of-sub{{if .Over}} of-late{{end}}">{{.Text}}</span>{{end}}</span></td>
<td class="ecl-table__cell" data-ecl-table-header="{{$.T "desk.age"}}"><span class="of-cell">{{.Clock.Days}}{{if .Clock.Target}}<meter class="of-clock" min="0" max="{{.Clock.Limit}}" high="{{.Clock.Target}}" optimum="0" value="{{.Clock.Used}}" aria-hidden="true"></meter>{{end}}{{if .Clock.Over}}<span class="of-sub of-late">{{$.T "desk.over"}}</span>{{end}}</span></td>
<td class="ecl-table__cell" data-ecl-table-header="{{$.T "licence.importer"}}">{{.Importer}}</td><td class="ecl-table__cell" data-ecl-table-header="{{$.T "licence.licensee"}}">{{.Exporter}}</td>
<td class="ecl-table__cell" data-ecl-table-header="{{$.T "licence.arrival"}}"><span class="of-cell"><span class="of-nowrap">{{.Arrival}}</span>{{with .Late}}<span class="of-sub of-late">{{.}}</span>{{end}}</span></td>
<td class="ecl-table__cell" data-ecl-table-header="{{$.T "desk.officer"}}">{{if .Officer}}{{.Officer}}{{else}}<span class="of-sub">{{if eq $.Which "decided"}}{{$.T "desk.officer.none"}}{{else}}{{$.T "desk.officer.not_yet"}}{{end}}</span>{{end}}</td></tr>
{{end}}`

// TestWorkListRowsAreAsATemplateWritesThem compares them byte by byte.
func TestWorkListRowsAreAsATemplateWritesThem(t *testing.T) {
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := counter.New(counter.Options{Catalog: catalog}, os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	p := &workListPage{Page: s.Page(&counter.Request{Request: httptest.NewRequest("GET", "/desk", nil), Lang: "da"}, "desk.title")}
	state := counter.Status{Tone: "wait", Text: "<b>"}
	p.Rows = []workRow{
		{Licence: "a&b", Number: "26.00001-00001.001-ID-DK", URL: "/desk/a'b", Importer: "Fyns \"Træ\"", Exporter: "CV <Jepara>", State: state, Clock: clock{Days: "3 dage"}},
		{Picked: true, Licence: "c", Before: "x+y", Number: "<i>", URL: "javascript:x", Officer: "Mette", Warnings: "2 & 3", Arrival: "1. maj", Late: "kom", State: state, Held: &counter.Status{Tone: "stop", Text: "c & d"},
			Waits: []waitLine{{"a", true}, {"<b>", false}}, Clock: clock{Days: "9", Used: 9, Target: 3, Over: true}},
	}
	var want strings.Builder
	if err := template.Must(template.New("").Parse(asTemplate)).Execute(&want, p); err != nil {
		t.Fatal(err)
	}
	var m counter.Markup
	p.rows(&m)
	if got := string(m.HTML()); got != want.String() {
		t.Errorf("%s\nwant\n%s", got, want.String())
	}
}
