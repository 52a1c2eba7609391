package counter

import (
	"fmt"
	"net/url"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// Viewer is who looks at a page. Made by ViewerOf.
type Viewer struct {
	// SignedIn is false for a passer-by; everything else is then empty.
	SignedIn bool
	// Actor is who acts, in the role chosen: what every method of the office wants. Its
	// role is empty when the person has none.
	Actor flegt.Actor
	// Name is first and last name, Email the account's address.
	Name, Email string
	// Lang is the account's language; empty when none was chosen.
	Lang wording.Lang
	// Roles are all roles held now, Acting the one chosen; nil when there is none.
	Roles  []RoleChoice
	Acting *RoleChoice
	// Unread counts notices not yet seen.
	Unread int
}

// RoleChoice is one role the viewer may act in.
type RoleChoice struct {
	// ID is the authorisation's id.
	ID string
	// Role is the role, Body the name of the company, authority or office it is held for;
	// empty when our data does not know it.
	Role flegt.Role
	Body string
	// Country is the body's.
	Country string
}

// ViewerOf makes the Viewer of a person who has signed in. Roles are the roles held; the
// person acts in the one whose authorisation is chosen, or else in the first.
func ViewerOf(person flegt.Actor, roles []flegt.Actor, chosen string, unread int) Viewer {
	v := Viewer{
		SignedIn: true, Actor: person, Name: person.Name(), Email: person.Email,
		Lang: wording.Lang(person.Lang), Unread: unread,
	}
	acting := 0
	for i, r := range roles {
		v.Roles = append(v.Roles, RoleChoice{r.Authorisation, r.Role, r.BodyName, r.Country})
		if r.Authorisation == chosen {
			acting = i
		}
	}
	if len(roles) > 0 {
		v.Actor, v.Acting = roles[acting], &v.Roles[acting]
	}
	return v
}

// Has says whether the viewer is acting in one of these roles.
func (v Viewer) Has(roles ...flegt.Role) bool {
	for _, role := range roles {
		if v.Acting != nil && v.Acting.Role == role {
			return true
		}
	}
	return false
}

// Link is an address and what it is called, in the reader's language.
type Link struct {
	URL, Text string
}

// Page is what every page has; a page's own struct embeds it. It stands around the page's content.
type Page struct {
	// Lang is the page's language.
	Lang wording.Lang
	// Title is the heading and, before the system's name, the window's title.
	Title string
	// Lead is one sentence under the heading; may be empty.
	Lead string
	// Path is the address without query.
	Path string
	// RequestID is the number under which this request stands in the log.
	RequestID string
	// Viewer is who looks.
	Viewer Viewer
	// Menu is the main navigation of the viewer's role.
	Menu []MenuItem
	// Langs is the language switch.
	Langs []LangChoice
	// Crumbs are the pages above this one, without the start page and this one.
	Crumbs []Link
	// Flash says what was just done; empty mostly.
	Flash string
	// Problem is what was wrong with a form; nil mostly.
	Problem *flegt.Error
	// NoHeader leaves the page's heading to its own template.
	NoHeader bool
	// Wide gives the content the whole width instead of a column for reading.
	Wide bool
	// FocusOn is the box in which to go on typing when the page comes; empty mostly.
	FocusOn string
	// Code is the HTTP status the page is sent with; 0 means 200.
	Code int

	server *Server
	labels map[string]string // of the boxes in the page's form, for the summary of errors
}

// Page makes the Page of a request. The title is a sentence's key and its variables in
// pairs.
func (s *Server) Page(r *Request, title string, pairs ...any) Page {
	p := Page{
		Lang: r.Lang, Path: r.URL.Path, RequestID: r.ID, Viewer: r.Viewer,
		Langs: s.langChoices(r), server: s, labels: map[string]string{},
	}
	p.Title = p.T(title, pairs...)
	p.Menu = s.menu(&p)
	p.Flash = s.flashOf(r)
	return p
}

// AnyPage is a page's own struct: it embeds Page and is passed by its address. It may say in its own way
// where what is wrong can be put right.
type AnyPage interface {
	page() *Page
	ProblemLinks() []ProblemLink
}

func (p *Page) page() *Page { return p }

// Server is the counter at which the page is shown.
func (p *Page) Server() *Server { return p.server }

// T says a sentence; its variables follow in pairs: .T "licence.of" "Number" .Number.
func (p *Page) T(key string, pairs ...any) string {
	if len(pairs) == 0 {
		return p.server.Catalog.Say(p.Lang, key, nil)
	}
	return p.server.Catalog.Say(p.Lang, key, args(pairs))
}

// TN says a sentence that depends on a number: .TN "licence.count" .Count.
func (p *Page) TN(key string, count any, pairs ...any) string {
	a := args(pairs)
	a["Count"] = count
	return p.server.Catalog.Say(p.Lang, key, a)
}

// args makes variables of pairs.
func args(pairs []any) flegt.Args {
	a := flegt.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		a[name] = pairs[i+1]
	}
	return a
}

// Words writes any value in the page's language: see wording.Catalog.Write.
func (p *Page) Words(value any) string { return p.server.Catalog.Write(p.Lang, value) }

// Date writes a day. A time.Time is shown in the office's own zone.
func (p *Page) Date(value any) string {
	if t, ok := value.(time.Time); ok {
		return p.server.Catalog.Date(p.Lang, p.Local(t))
	}
	return p.Words(value)
}

// DateTime writes a moment in the office's own zone.
func (p *Page) DateTime(t time.Time) string { return p.server.Catalog.DateTime(p.Lang, p.Local(t)) }

// Local is a moment by the office's own clock.
func (p *Page) Local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(p.server.Location)
}

// Number writes a whole number with its separators.
func (p *Page) Number(n any) string { return p.Words(n) }

// Qty writes an amount with its unit.
func (p *Page) Qty(amount flegt.Quantity, unit flegt.Unit) string {
	return p.server.Catalog.Quantity(p.Lang, amount, unit)
}

// Err gives the sentence about a box, or "".
func (p *Page) Err(box string) string {
	if p.Problem == nil {
		return ""
	}
	for _, b := range p.Problem.Boxes {
		if b.Box == box {
			return p.sayBox(b)
		}
	}
	return ""
}

// URL gives an address on this site; further values are put in one after the other,
// each made safe: .URL "/licences/%s/scan" .ID.
func (p *Page) URL(path string, values ...any) string {
	for i, v := range values {
		values[i] = url.PathEscape(fmt.Sprint(v))
	}
	return fmt.Sprintf(path, values...)
}

// Static gives the address of a file under static/.
func (p *Page) Static(name string) string { return p.server.Static(name) }

// Support is the Support Team's address.
func (p *Page) Support() string { return p.server.SupportAddress }

// Demo says that people and goods here are made up.
func (p *Page) Demo() bool { return p.server.Demo }

// ProgramVersion is the program's version.
func (p *Page) ProgramVersion() string { return p.server.Version }

// Programs says that there is an interface for programs, and the public check.
func (p *Page) Programs() bool { return p.server.Accounts != nil }

// ProgramSource is where the program's source is to be had.
func (p *Page) ProgramSource() string { return p.server.SourceURL }

// WindowTitle is the browser's title: what is wrong first, then where one is.
func (p *Page) WindowTitle() string {
	title := p.Title + " – " + p.T("site.name")
	if p.Problem != nil {
		title = p.T("site.title_error") + ": " + title
	}
	return title
}

// Acts says whether this is the role the viewer acts in.
func (p *Page) Acts(r RoleChoice) bool { return p.Viewer.Acting != nil && p.Viewer.Acting.ID == r.ID }
