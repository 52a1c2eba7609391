package counter

import (
	"html/template"
	"math/rand/v2"
	"strings"
	"testing"
)

// asTemplates are the parts that code writes, as templates.
const asTemplates = `{{define "table"}}<div class="ecl-table-responsive" tabindex="0"{{with .Caption}} role="group" aria-label="{{.}}"{{end}}><table class="ecl-table ecl-table--zebra of-table">{{with .Caption}}<caption class="of-hidden">{{.}}</caption>{{end}}
<thead class="ecl-table__head"><tr class="ecl-table__row">{{range $i, $c := .Columns}}<th scope="col" class="ecl-table__header{{if $.NumberColumn $i}} of-number{{end}}">{{$c}}</th>{{end}}</tr></thead>
<tbody class="ecl-table__body">{{range .Rows}}<tr class="ecl-table__row">{{range $i, $c := .}}<td class="ecl-table__cell{{if .Number}} of-number{{end}}" data-ecl-table-header="{{index $.Columns $i}}">{{template "cell" .}}</td>{{end}}</tr>
{{end}}</tbody></table></div>{{end}}
{{define "table_terms"}}{{$columns := .Columns}}{{range .Rows}}<dl class="ecl-description-list ecl-description-list--horizontal of-terms of-terms--row">{{range $i, $c := .}}<dt class="ecl-description-list__term">{{index $columns $i}}</dt><dd class="ecl-description-list__definition">{{template "cell" $c}}</dd>
{{end}}</dl>{{end}}{{end}}
{{define "cell"}}{{if .Folded}}<div class="of-cell">{{template "cell_text" .}}<details class="of-folded"><summary>{{.FoldedWord}}</summary>{{range .Folded}}{{template "meter" .}}{{end}}{{with .FoldedMore}}<span class="of-sub">{{.}}</span>{{end}}</details></div>{{else}}<span class="of-cell">{{template "cell_text" .}}</span>{{end}}{{end}}
{{define "cell_text"}}{{with .Day}}<span class="of-nowrap">{{.}}</span>{{end}}{{if .URL}}<a class="ecl-link" href="{{.URL}}">{{.Text}}{{with .Hidden}} <span class="of-hidden">{{.}}</span>{{end}}</a>{{else}}{{.Text}}{{end}}{{with .Status}} {{template "status" .}}{{end}}{{with .Sub}}<span class="of-sub">{{.}}</span>{{end}}{{range .Meters}}{{template "meter" .}}{{end}}{{end}}
{{define "meter"}}<span class="of-measure"><label for="{{.ID}}">{{.Label}}</label> <span class="of-sub">{{.Text}}</span><meter class="of-meter" id="{{.ID}}" min="0" max="1000" value="{{.Used}}"></meter></span>{{end}}
{{define "status"}}<span class="ecl-label of-status of-status--{{.Tone}}">{{.Text}}</span>{{end}}
{{define "terms"}}<dl class="ecl-description-list ecl-description-list--horizontal of-terms">{{range .}}<dt class="ecl-description-list__term">{{.Name}}</dt><dd class="ecl-description-list__definition">{{range .Lines}}<div>{{template "cell" .}}</div>{{end}}</dd>
{{end}}</dl>{{end}}
{{define "timeline"}}<ol class="ecl-timeline of-timeline">{{range .}}<li class="ecl-timeline__item"><div class="ecl-timeline__tooltip"><div class="ecl-timeline__tooltip-arrow"></div><div class="ecl-timeline__label">{{.When}}</div><div class="ecl-timeline__title">{{.Title}}</div>{{with .Text}}<div class="ecl-timeline__content">{{.}}</div>{{end}}</div></li>
{{end}}</ol>{{end}}
{{define "options"}}{{range $i, $o := .Options}}{{if $.Group $i}}<optgroup label="{{.Group}}">{{end}}<option value="{{.Value}}"{{if .Selected}} selected{{end}}>{{.Label}}</option>{{if $.GroupEnd $i}}</optgroup>{{end}}
{{end}}{{end}}
`

// odd are texts that HTML, an attribute or an address must not take as they are.
var odd = []string{"", "CV Jepara Garden Living", "\x00", "<script>alert(1)</script>", `" onclick="x`, "it's", "a+b & c", "&amp;", "Fyns Trælast", "木材", "\xff\xfe", "\uFFFD",
	"\uFDD0", "/licences/26.00001?page=2&sort=a", "/desk/%2F%zz%", "javascript:alert(1)", "JavaScript:x", "https://flegt.test/ø?q=a b", "mailto:a+b@flegt.test", "data:text/html,x",
	"/a:b", "x/y:z", "('\"<>')[]", " a\nb\t"}

// TestMarkupIsAsTemplatesWriteIt: what code writes is byte by byte what html/template makes of it.
func TestMarkupIsAsTemplatesWriteIt(t *testing.T) {
	old := template.Must(template.New("").Parse(asTemplates))
	dice := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		s := odd[dice.IntN(len(odd))]
		if dice.IntN(4) == 0 {
			s += odd[dice.IntN(len(odd))]
		}
		return s
	}
	meters := func(n int) (out []QuantityMeter) {
		for range dice.IntN(n) {
			out = append(out, QuantityMeter{ID: text(), Label: text(), Text: text(), Used: dice.Int64N(3000) - 1000})
		}
		return out
	}
	cell := func() Cell {
		c := Cell{Text: text(), Day: text(), URL: text(), Hidden: text(), Sub: text(), Number: dice.IntN(2) == 0, Meters: meters(3), Folded: meters(3), FoldedWord: text(), FoldedMore: text()}
		if dice.IntN(2) == 0 {
			c.Status = &Status{text(), text()}
		}
		return c
	}
	same := asBefore(t, old)
	for range 2000 {
		table := Table{Caption: text(), Columns: []string{text(), text()}}
		for range dice.IntN(4) {
			table.Rows = append(table.Rows, []Cell{cell(), cell()})
		}
		same("table", table, new(Markup).Table(table).HTML())
		same("table_terms", table, new(Markup).TableTerms(table).HTML())
		terms := []Term{{Name: text(), Lines: []Cell{cell(), cell()}}, {Name: text()}}
		same("terms", terms, new(Markup).Terms(terms).HTML())
		moments := []Moment{{text(), text(), text()}, {text(), text(), text()}}
		same("timeline", moments, new(Markup).Timeline(moments).HTML())
		field := Field{Options: []Option{{Value: text(), Label: text(), Group: text()}, {Value: text(), Label: text(), Selected: true, Group: text()}}}
		same("options", field, new(Markup).options(field).HTML())
	}
}

// asBefore compares what code wrote of something with what the template that it was makes of it.
func asBefore(t *testing.T, old *template.Template) func(name string, data any, got template.HTML) {
	return func(name string, data any, got template.HTML) {
		t.Helper()
		var want strings.Builder
		if err := old.ExecuteTemplate(&want, name, data); err != nil {
			t.Fatal(err)
		}
		if string(got) != want.String() {
			t.Fatalf("%s of %#v:\n%s\nwant\n%s", name, data, got, want.String())
		}
	}
}
