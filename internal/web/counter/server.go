// Package counter is what all counters have in common: the Server that hears a request, finds
// out who asks, and shows a page in the reader's language; what every Page has; the forms,
// tables and other parts that a template can use; and what several rooms show in the same
// words, such as a licence with its history, a role, a company, a mail.
//
// The rooms beside it, one for each who stands at a counter, give their pages as a list of
// Routes. They do not know one another, and this room knows none of them. How to add a page
// is told in package web.
package counter

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"
	_ "time/tzdata" // a bare machine may not know where Brussels is

	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/registry"
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

// Server is the counter itself: it shows pages, takes forms, and finds out who asks. Its
// fields do not change once its door is open.
type Server struct {
	Options
	pages  *templates
	static *staticFiles
	mux    *http.ServeMux
}

// New makes a counter that has no pages yet: see Handle. The files hold the folders template
// and static. An error says what is missing or cannot be read.
func New(o Options, files fs.FS) (*Server, error) {
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
	s := &Server{Options: o, mux: http.NewServeMux()}
	if s.Who == nil && s.Accounts != nil {
		s.Who = s.whoVisits
	}
	var err error
	if s.static, err = loadStatic(files); err != nil {
		return nil, err
	}
	if s.pages, err = loadTemplates(files); err != nil {
		return nil, err
	}
	s.Handle(s.ownRoutes()...)
	return s, nil
}

// Handle adds pages. Two with one pattern are a mistake in the program: it panics, as
// net/http does.
func (s *Server) Handle(routes ...Route) {
	for _, route := range routes {
		s.mux.Handle(route.Pattern, s.serve(route))
	}
}

// Handler opens the door: it puts around all pages what holds for each of them. An error says
// that the base URL is none.
func (s *Server) Handler() (http.Handler, error) {
	origin := http.NewCrossOriginProtection()
	if strings.HasPrefix(s.BaseURL, "http") {
		if err := origin.AddTrustedOrigin(originOf(s.BaseURL)); err != nil {
			return nil, fmt.Errorf("web: base URL: %w", err)
		}
	}
	origin.SetDenyHandler(s.serve(Route{Do: s.denyOrigin}))
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
