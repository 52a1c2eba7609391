package counter

import (
	"html/template"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/wording"
)

// oddPages makes pages and parts of them of odd texts, some of them empty.
type oddPages struct {
	dice   *rand.Rand
	server *Server
}

func (o oddPages) text() string {
	s := odd[o.dice.IntN(len(odd))]
	if o.dice.IntN(4) == 0 {
		s += odd[o.dice.IntN(len(odd))]
	}
	return s
}

func (o oddPages) yes() bool { return o.dice.IntN(2) == 0 }

func (o oddPages) number() int { return o.dice.IntN(3) * 1700 }

func (o oddPages) link() Link { return Link{o.text(), o.text()} }

func (o oddPages) field() Field {
	f := Field{ID: o.text(), Box: o.text(), Label: o.text(), Hint: o.text(), Error: o.text(), Remark: o.text(), Value: o.text(), Type: o.text(), Autocomplete: o.text(),
		InputMode: o.text(), Accept: o.text(), Width: o.text(), Required: o.yes(), Checked: o.yes(), Multiple: o.yes(), ReadOnly: o.yes(), Focus: o.yes(), Rows: o.number(),
		MaxLength: o.number(), Min: o.text(), Max: o.text(), List: o.text(), Empty: o.text(), RequiredWord: o.text(), OptionalWord: o.text(), ErrorWord: o.text(), SearchWord: o.text()}
	for range o.dice.IntN(4) {
		f.Options = append(f.Options, Option{Value: o.text(), Label: o.text(), Hint: o.text(), Group: o.text(), Selected: o.yes()})
	}
	return f
}

func (o oddPages) pages() Pages {
	w := Pages{Label: o.text(), Summary: o.text(), Further: o.link(), Previous: o.link(), Next: o.link()}
	for range o.dice.IntN(4) {
		w.Numbers = append(w.Numbers, PageNumber{Link: o.link(), Label: o.text(), Page: o.dice.IntN(90), Current: o.yes()})
	}
	return w
}

func (o oddPages) scans(p *Page) (out []ScanView) {
	for range 1 + o.dice.IntN(3) {
		v := ScanView{File: File{URL: o.text(), Name: o.text(), Meta: o.text()}, Image: o.yes(), PDF: o.yes(), Download: o.text(), page: p}
		if v.TIFF = o.yes(); v.TIFF {
			v.Pages = []ScanPage{{o.text(), o.text()}, {o.text(), o.text()}}
		}
		out = append(out, v)
	}
	return out
}

func (o oddPages) page() *Page {
	p := &Page{Lang: "da", Title: o.text(), Lead: o.text(), Path: o.text(), NoHeader: o.yes(), Wide: o.yes(), Flash: o.text(), server: o.server, labels: map[string]string{"known": o.text()}}
	for range o.dice.IntN(3) {
		p.Menu, p.Crumbs = append(p.Menu, MenuItem{o.link(), o.yes()}), append(p.Crumbs, o.link())
		p.Langs = append(p.Langs, LangChoice{wording.Lang(o.text()), o.text(), o.text(), o.yes()})
		p.Viewer.Roles = append(p.Viewer.Roles, RoleChoice{o.text(), flegt.RoleOperator, o.text(), ""})
	}
	p.Viewer.SignedIn, p.Viewer.Name, p.Viewer.Email, p.Viewer.Unread = o.yes(), o.text(), o.text(), o.number()
	if len(p.Viewer.Roles) > 0 {
		p.Viewer.Acting = &p.Viewer.Roles[0]
	}
	if o.yes() {
		p.Problem = &flegt.Error{Kind: flegt.Invalid, Key: "error.unreadable"}
		for _, box := range []string{"known", o.text()}[:o.dice.IntN(3)] {
			p.Problem.Boxes = append(p.Problem.Boxes, flegt.BoxError{Box: box, Key: "error.required"})
		}
	}
	return p
}

// TestPartsAreAsTemplatesWriteThem: a page's head and foot and the parts of pages that code writes are
// byte by byte what html/template makes of testdata/parts.html.
func TestPartsAreAsTemplatesWriteThem(t *testing.T) {
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	old := template.Must(template.New("").Funcs(template.FuncMap{"dict": dict}).Parse(asTemplates))
	template.Must(old.ParseFiles("testdata/parts.html"))
	template.Must(old.Parse(`{{define "content"}}<p>{{.Title}}</p>{{end}}`))
	same := asBefore(t, old)
	o := oddPages{dice: rand.New(rand.NewPCG(3, 4))}
	for range 1500 {
		o.server = &Server{Options: Options{Catalog: catalog, Accounts: [2]*identity.Identity{nil, {}}[o.dice.IntN(2)], Demo: o.yes(), Version: o.text(), SourceURL: o.text(), Location: time.UTC}, static: &staticFiles{hash: "00ff"}}
		for name, write := range formParts() {
			if write, ok := write.(func(Field) template.HTML); ok {
				f := o.field()
				same(strings.TrimPrefix(name, "write_"), f, write(f))
			}
		}
		b := Button{o.text(), o.text(), o.text(), o.text()}
		same("submit", b, new(Markup).Button(b).HTML())
		w := o.pages()
		same("pages", w, new(Markup).Pages(w).HTML())
		same("line_buttons", w, new(Markup).LineButtons(w).HTML())
		e := Empty{o.text(), o.text(), o.link()}
		same("empty", e, new(Markup).Empty(e).HTML())
		form := o.text()
		same("by_enter", form, new(Markup).byEnter(form).HTML())
		file := File{URL: o.text(), Name: o.text(), Meta: o.text()}
		same("file_link", file, new(Markup).File(file).HTML())
		found := []FindingLine{{Status: Status{o.text(), o.text()}, Text: o.text(), Rule: o.text(), Where: o.text(), Answer: o.text()}, {}}
		same("findings_plain", found, new(Markup).Findings(found).HTML())
		window := LineWindow{Elsewhere: []Link{o.link(), o.link()}[:o.dice.IntN(3)]}
		same("elsewhere", window, new(Markup).Elsewhere(window.Elsewhere).HTML())
		notice := map[string]any{"tone": []string{"success", "error", "warning", "info"}[o.dice.IntN(4)], "text": o.text()}
		if o.yes() {
			notice["title"], notice["link"] = o.text(), Link{"/" + o.text(), o.text()}
		}
		same("notification", notice, writeNotification(notice))
		p := o.page()
		scans := o.scans(p)
		same("scans", scans, new(Markup).Scans(scans).HTML())
		var m Markup
		m.head(p).above(p, p.ProblemLinks()).Raw(`<p>`).Text(p.Title).Raw(`</p>`).foot(p)
		same("layout", p, m.HTML())
	}
}
