// Package web is the counter at which people stand: pages and forms. It decides
// nothing. A handler reads a form, calls one method of the office, and shows the answer.
//
// # How to add a page
//
// 1. The template, template/licence_show.html, fills the layout's hole "content":
//
//	{{define "content"}}
//	<h2>{{.T "licence.show.goods"}}</h2>
//	<p>{{.T "licence.show.expires" "Day" .Licence.Expires}}</p>
//	{{template "status" (.Status "ok" "licence.state.accepted")}}
//	{{end}}
//
// Plain HTML looks right inside the page. The layout shows .Title as the page's heading,
// the way back, messages and errors. In a range or a with, the page itself is $:
// {{$.T "…"}}. No style=, no onclick=, no inline script: the Content-Security-Policy
// forbids them and a test finds them. A page with a script of its own, which may only
// help, fills the hole "scripts".
//
// 2. The page, a documented struct that embeds Page, and the handler, in licence.go:
//
//	// licencePage is one licence as its holder sees it.
//	type licencePage struct {
//		Page
//		Licence flegt.Licence
//	}
//
//	func (s *Server) showLicence(w http.ResponseWriter, r *Request) error {
//		licence, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
//		if err != nil {
//			return err // serveError turns it into a page
//		}
//		p := licencePage{Page: s.page(r, "licence.show.title", "Number", licence.Number), Licence: licence}
//		p.Crumbs = []Link{{"/licences", p.T("licence.list.title")}}
//		return s.show(w, &p, "licence_show")
//	}
//
// 3. A form is shown again with what was wrong:
//
//	{{template "text" (.Field "number" "licence.number" .Form.Number "required" true "hint" "licence.number.hint")}}
//	{{template "submit" (.Button "licence.save")}}
//
//	func (s *Server) createLicence(w http.ResponseWriter, r *Request) error {
//		p := licenceFormPage{Page: s.page(r, "licence.new.title"), Form: readLicence(r)}
//		id, err := s.Office.CreateLicence(r.Context(), r.Viewer.Actor, p.Form.licence())
//		if err != nil {
//			return s.again(w, &p, "licence_new", err)
//		}
//		return s.done(w, r, "/licences/"+id, "licence.created") // says it on the next page
//	}
//
// 4. What is asked in a dialog is a drawer, <details data-of-lift>, for those without
// JavaScript, and a dialog for the others: see data-of-lift in static/openflegt.js. One press
// never destroys anything: what cannot be undone is asked for in this way.
//
// 5. A line in routes.go, the words in internal/wording/locale, a line in menu.go when
// the page belongs in a role's menu.
//
// See form.go and part.go for all parts a template can use.
package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a bare machine may not know where Brussels is

	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/wording"
)

// Options is what the counter needs. Catalog is required, and Office for every page
// but the open ones.
type Options struct {
	// Catalog holds every sentence.
	Catalog *wording.Catalog
	// Office is the registry: every change and every guarded read.
	Office *registry.Office
	// Clock tells the time; time.Now when nil.
	Clock func() time.Time
	// Logger takes one line for each request and one for each error; slog.Default when nil.
	Logger *slog.Logger
	// NewID makes the number under which a request and its errors are recorded.
	NewID func() string
	// BaseURL is the address people use, without a slash at the end, such as
	// https://flegt.example.eu. With https, cookies are only sent over https.
	BaseURL string
	// SupportAddress is where the Support Team takes mail; the office's when empty.
	SupportAddress string
	// Location is whose clock the pages show; Brussels when nil.
	Location *time.Location
	// Ready says whether the database answers; nil means there is nothing to ask.
	Ready func(context.Context) error
	// Accounts knows who is who; without it there are no account pages.
	Accounts *identity.Identity
	// Who finds out who is asking; nil asks the session of Accounts, and without Accounts
	// nobody is ever signed in.
	Who func(*http.Request) (Viewer, error)
	// Demo shows that everything here is made up, and offers the mailbox page.
	Demo bool
	// Demonstration has its people and sends its mail; nil outside the demonstration.
	Demonstration Demonstration
	// Interface gives the description of the interface for programs, OpenAPI 3.1 as JSON, from
	// which its page is made; it is asked once, when somebody wants that page. Without it there
	// is no such page.
	Interface func() ([]byte, error)
	// Version is the program's version, shown in the footer.
	Version string
	// SourceURL is where the program's source is to be had (EUPL-1.2 art. 3).
	SourceURL string
}

// Server serves the pages. Its fields do not change once it is made.
type Server struct {
	Options
	pages *templates

	description func() (*openAPI, error) // of the interface for programs; nil when there is none
	static      *staticFiles

	bulkReader func() *report.BulkReader // of tables of licences
	tables     chan struct{}             // holds who reads one
	mux        *http.ServeMux
}

// New makes the handler of all pages.
func New(o Options) (http.Handler, error) {
	s, err := newServer(o)
	if err != nil {
		return nil, err
	}
	return s.handler()
}

func newServer(o Options) (*Server, error) {
	if o.Catalog == nil {
		return nil, fmt.Errorf("web: a catalog is needed")
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.NewID == nil {
		o.NewID = rand.Text
	}
	if o.Location == nil {
		brussels, err := time.LoadLocation("Europe/Brussels")
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		o.Location = brussels
	}
	if o.SupportAddress == "" && o.Office != nil {
		o.SupportAddress = o.Office.SupportAddress()
	}
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	s := &Server{Options: o, mux: http.NewServeMux(), tables: make(chan struct{}, 2)}
	s.bulkReader = sync.OnceValue(func() *report.BulkReader { return report.NewBulkReader(s.Catalog, s.Office.Reference()) })
	if s.Who == nil && s.Accounts != nil {
		s.Who = s.whoVisits
	}
	var err error
	if s.static, err = loadStatic(); err != nil {
		return nil, err
	}
	if s.pages, err = loadTemplates(); err != nil {
		return nil, err
	}
	s.description = sync.OnceValues(func() (*openAPI, error) { return readDescription(o.Interface) })
	for _, route := range slices.Concat(s.ownRoutes(), s.openRoutes(), s.personRoutes(), s.accountRoutes(), s.demoRoutes(), s.operatorRoutes(), s.authorityRoutes(), s.customsRoutes(), s.supportRoutes()) {
		s.mux.Handle(route.pattern, s.serve(route))
	}
	return s, nil
}

// handler puts around the routes what holds for all of them.
func (s *Server) handler() (http.Handler, error) {
	origin := http.NewCrossOriginProtection()
	if strings.HasPrefix(s.BaseURL, "http") {
		if err := origin.AddTrustedOrigin(originOf(s.BaseURL)); err != nil {
			return nil, fmt.Errorf("web: base URL: %w", err)
		}
	}
	origin.SetDenyHandler(s.serve(route{do: s.denyOrigin}))
	return s.secure(origin.Handler(s.sessions(s.mux))), nil
}

// originOf cuts an address down to scheme and host.
func originOf(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}
