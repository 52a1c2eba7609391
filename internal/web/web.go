// Package web is the counter at which people stand: pages and forms. It decides
// nothing. A handler reads a form, calls one method of the office, and shows the answer.
//
// Its rooms are cut by who stands at the counter: operator, authority, customs and support,
// and account for what everybody has who signs in. The pages for everybody are here. What all
// share is in counter: see decision 0013.
//
// # How to add a page
//
// 1. The template, template/licence_show.html, gives the content:
//
//	{{define "content"}}
//	<h2>{{.T "licence.show.goods"}}</h2>
//	<p>{{.T "licence.show.expires" "Day" .Licence.Expires}}</p>
//	{{template "status" (.Status "ok" "licence.state.accepted")}}
//	{{end}}
//
// Plain HTML looks right inside the page. Around it stand .Title as the page's heading, the way
// back, messages and errors (counter, markup_layout.go). In a range or a with, the page itself is $:
// {{$.T "…"}}. No style=, no onclick=, no inline script: the Content-Security-Policy
// forbids them and a test finds them. A page with a script of its own, which may only
// help, has a template "scripts".
//
// 2. The page, a documented struct that embeds counter.Page, and the handler, in the file
// licence.go of the room of those who see it:
//
//	// licencePage is one licence as its holder sees it.
//	type licencePage struct {
//		counter.Page
//		Licence flegt.Licence
//	}
//
//	func (s pages) showLicence(w http.ResponseWriter, r *counter.Request) error {
//		licence, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
//		if err != nil {
//			return err // the counter turns it into a page
//		}
//		p := licencePage{Page: s.Page(r, "licence.show.title", "Number", licence.Number), Licence: licence}
//		p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}}
//		return s.Show(w, &p, "licence_show")
//	}
//
// 3. A form is shown again with what was wrong:
//
//	{{template "text" (.Field "number" "licence.number" .Form.Number "required" true "hint" "licence.number.hint")}}
//	{{template "submit" (.Button "licence.save")}}
//
//	func (s pages) createLicence(w http.ResponseWriter, r *counter.Request) error {
//		p := licenceFormPage{Page: s.Page(r, "licence.new.title"), Form: readLicence(r)}
//		id, err := s.Office.CreateLicence(r.Context(), r.Viewer.Actor, p.Form.licence())
//		if err != nil {
//			return s.Again(w, &p, "licence_new", err)
//		}
//		return s.Done(w, r, "/licences/"+id, "licence.created") // says it on the next page
//	}
//
// 4. What is asked in a dialog is a drawer, <details data-of-lift>, for those without
// JavaScript, and a dialog for the others: see data-of-lift in static/openflegt.js. One press
// never destroys anything: what cannot be undone is asked for in this way.
//
// 5. A line in the room's routes.go, the words in internal/wording/locale, a line in
// counter/menu.go when the page belongs in a role's menu.
//
// See counter/form.go and counter/part.go for all parts a template can use.
package web

import (
	"embed"
	"net/http"

	"github.com/openflegt/openflegt/internal/web/counter"
)

// The large files lie compressed in the program and nowhere else: nearly every browser
// takes them so, and for the one that does not they are unpacked on the way out.
//
//go:embed template/*.html static/ecl/*.br static/ecl/*.gz static/ecl/*.woff2 static/pdfjs/*.br static/pdfjs/*.gz static/*.css static/*.js static/*.svg static/guide/*.png
var files embed.FS

// What the program needs to know of the counter.
type (
	// Options is what the counter needs.
	Options = counter.Options
	// Demonstration has the demonstration's people and sends its mail.
	Demonstration = counter.Demonstration
	// DemoMail is a mail that somebody writes in the demonstration.
	DemoMail = counter.DemoMail
	// DemoPerson is somebody whom one can be in the demonstration.
	DemoPerson = counter.DemoPerson
	// DemoClaim is a licence that waits to be claimed in the demonstration.
	DemoClaim = counter.DemoClaim
)

// New makes the handler of all pages. An error says which of the options cannot be used.
func New(o Options) (http.Handler, error) {
	s, err := Counter(o)
	if err != nil {
		return nil, err
	}
	return s.Handler()
}

// Counter makes the counter with all pages before its door is open; more can be added. An
// error says which of the options cannot be used.
func Counter(o Options) (*counter.Server, error) {
	s, err := counter.New(o, files)
	if err != nil {
		return nil, err
	}
	s.Handle(Routes(s)...)
	return s, nil
}
