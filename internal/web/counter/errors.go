package counter

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
)

// errPanic stands for a panic that was caught; the log has the rest.
var errPanic = errors.New("panic")

// errorPage is the answer when there is no page to show.
type errorPage struct {
	Page
	// Sentence says what happened, Remedy what to do about it.
	Sentence, Remedy string
	// Internal shows the number under which it was recorded.
	Internal bool
	// NeedsRole tells somebody who has no role yet how to get one.
	NeedsRole bool
	// OtherRoles are those in which the page may be there after all: a letter leads to what one
	// sees in the role that it is about. Next is the address to go to in it.
	OtherRoles []RoleChoice
	Next       string
}

// statusOf gives the HTTP status of a refusal.
func statusOf(kind flegt.Kind) int {
	switch kind {
	case flegt.Invalid:
		return http.StatusUnprocessableEntity
	case flegt.NotFound:
		return http.StatusNotFound
	case flegt.Forbidden:
		return http.StatusForbidden
	case flegt.Conflict, flegt.Refused:
		return http.StatusConflict
	case flegt.TooMany:
		return http.StatusTooManyRequests
	case flegt.TooLarge:
		return http.StatusRequestEntityTooLarge
	default:
		return http.StatusInternalServerError
	}
}

// BadBody makes a refusal of what reading a form returns.
func BadBody(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &flegt.Error{Kind: flegt.TooLarge, Key: "error.too_large", Cause: err}
	}
	return &flegt.Error{Kind: flegt.Invalid, Key: "error.unreadable", Cause: err}
}

// RefusalOf finds the refusal in an error; what is none becomes internal, and a reader
// who went away needs no answer.
func RefusalOf(err error) *flegt.Error {
	var refusal *flegt.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &flegt.Error{Kind: flegt.TooLarge, Key: "error.too_large", Cause: err}
	}
	return &flegt.Error{Kind: flegt.Internal, Key: "error.internal", Cause: err}
}

// serveError is the one place where errors become pages.
func (s *Server) serveError(w *watched, r *Request, err error) {
	refusal := RefusalOf(err)
	status := statusOf(refusal.Kind)
	if refusal.Kind == flegt.Internal && !errors.Is(err, context.Canceled) {
		s.Logger.Error("request failed", "request", r.ID, "method", r.Method, "route", r.Pattern, "error", err)
	}
	if w.status != 0 {
		return // the answer has begun; nothing better can be said
	}
	if refusal.Kind == flegt.TooMany && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", "60")
	}
	number := strconv.Itoa(status)
	p := errorPage{
		Page:     s.Page(r, "error.page."+number+".title"),
		Internal: refusal.Kind == flegt.Internal,
	}
	p.Sentence = p.sayError(refusal)
	hidden := r.Viewer.SignedIn && r.Pattern != "/" && (refusal.Kind == flegt.NotFound || refusal.Kind == flegt.Forbidden)
	p.NeedsRole = hidden && r.Viewer.Acting == nil
	if hidden && !p.NeedsRole && r.Method == http.MethodGet {
		p.Next = r.URL.RequestURI()
		for _, role := range r.Viewer.Roles {
			if !p.Acts(role) {
				p.OtherRoles = append(p.OtherRoles, role)
			}
		}
	}
	p.Code = status
	p.Remedy = p.T("error.page." + number + ".remedy")
	if err := s.Show(w, &p, "error"); err != nil {
		s.Logger.Error("the error page failed", "request", r.ID, "error", err)
		http.Error(w, p.Sentence, status)
	}
}

// Again shows a form again with what was wrong in it: the sentence, and one at each
// box. An error that a change of the form cannot cure goes to serveError.
func (s *Server) Again(w http.ResponseWriter, data AnyPage, name string, err error) error {
	var refusal *flegt.Error
	if !errors.As(err, &refusal) {
		return err
	}
	switch refusal.Kind {
	case flegt.Invalid, flegt.Conflict, flegt.Refused, flegt.TooMany, flegt.TooLarge:
		p := data.page()
		p.Problem, p.Code = refusal, statusOf(refusal.Kind)
		return s.Show(w, data, name)
	}
	return err
}

// Summary gives the sentence above the form.
func (p *Page) Summary() string {
	if p.Problem == nil {
		return ""
	}
	return p.sayError(p.Problem)
}

// sayError writes a refusal's sentence, countries and bodies by name.
func (p *Page) sayError(e *flegt.Error) string {
	named := *e
	named.Args = p.Named(e.Args)
	return p.server.Catalog.SayError(p.Lang, &named)
}

// sayBox writes the sentence about a box, countries and bodies by name.
func (p *Page) sayBox(b flegt.BoxError) string {
	b.Args = p.Named(b.Args)
	return p.server.Catalog.SayBox(p.Lang, b)
}

// ProblemLink leads to a box that is wrong.
type ProblemLink struct {
	Link
	// Do is what a button of the form with the id Form posts, for boxes that are not on the page;
	// empty for a link.
	Form, Do string
}

// ProblemLinks gives one link for each box that is wrong, to jump to it. The box's label
// stands before the sentence, since several boxes may have to be filled in.
func (p *Page) ProblemLinks() []ProblemLink {
	if p.Problem == nil {
		return nil
	}
	var links []ProblemLink
	for _, b := range p.Problem.Boxes {
		text := p.sayBox(b)
		label, shown := p.labels[b.Box]
		if label != "" {
			text = p.T("error.box", "Label", label, "Sentence", text)
		}
		text = p.ofLine(b.Args, text)
		link := ProblemLink{Link: Link{Text: text}}
		if shown {
			link.URL = "#" + boxID(b.Box)
		}
		links = append(links, link)
	}
	return links
}

// ofLine puts the number of the goods line before a sentence about it that says none, see the checks of
// package flegt.
func (p *Page) ofLine(args flegt.Args, text string) string {
	if line, ok := args["OfLine"]; ok {
		return p.T("error.of_line", "Line", line, "Sentence", text)
	}
	return text
}

// nowhere answers for addresses that no route has. An address that exists for another
// method is told so.
func (s *Server) nowhere(w http.ResponseWriter, r *Request) error {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Request.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/" && method != r.Method {
			w.Header().Set("Allow", method)
			p := errorPage{Page: s.Page(r, "error.page.405.title"), Sentence: s.Catalog.Say(r.Lang, "error.method", nil)}
			p.Code = http.StatusMethodNotAllowed
			p.Remedy = p.T("error.page.405.remedy")
			return s.Show(w, &p, "error")
		}
	}
	return flegt.Missing()
}

// denyOrigin answers a form that another site sent in the reader's name.
func (s *Server) denyOrigin(http.ResponseWriter, *Request) error {
	return flegt.Refuse(flegt.Forbidden, "error.origin", nil)
}

// AsRefusal finds the refusal in an error.
func AsRefusal(err error) (*flegt.Error, bool) {
	var e *flegt.Error
	ok := errors.As(err, &e)
	return e, ok
}

// AtBox moves what is wrong to the box under which the page posts it.
func AtBox(err error, from, to string) error {
	e, ok := AsRefusal(err)
	if !ok {
		return err
	}
	moved := *e
	moved.Boxes = append([]flegt.BoxError(nil), e.Boxes...)
	for i := range moved.Boxes {
		if moved.Boxes[i].Box == from {
			moved.Boxes[i].Box = to
		}
	}
	return &moved
}
