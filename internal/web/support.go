package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// requestsPerPage is how many requests Support's queue shows at a time.
const requestsPerPage = 25

// supportQueuePage is the Support Team's queue of requests.
type supportQueuePage struct {
	Page
	// Status, Role, Country and Mail are the filters chosen.
	Status, Role, Country, Mail          string
	Statuses, Roles, Countries, MailKind []Option
	Table                                Table
	Pages                                Pages
	Empty                                *Empty
}

func (s *Server) showSupportQueue(w http.ResponseWriter, r *Request) error {
	if !r.Viewer.Has(flegt.RoleSupport, flegt.RoleObserver) {
		return flegt.Missing()
	}
	p := supportQueuePage{Page: s.page(r, "support.queue.title"), Status: r.Query("status"), Role: r.Query("role"), Country: r.Query("country"), Mail: r.Query("mail")}
	p.Wide = true
	if !r.URL.Query().Has("status") {
		p.Status = string(flegt.Requested)
	}
	p.filters()
	now := pageNumber(r)
	q := registry.AuthorisationQuery{Role: flegt.Role(p.Role), Country: p.Country, Mail: p.Mail, Limit: requestsPerPage, Offset: (now - 1) * requestsPerPage,
		Newest: p.Status != string(flegt.Requested)}
	if slices.Contains(flegt.AuthorisationStatuses, flegt.AuthorisationStatus(p.Status)) {
		q.Status = []string{p.Status}
	}
	found, count, err := s.Office.RequestQueue(r.Context(), r.Viewer.Actor, q)
	if err != nil {
		return err
	}
	p.Table = Table{Caption: p.Title, Columns: []string{p.T("support.person"), p.T("roles.role"), p.T("roles.body"), p.T("operator.country"), p.T("roles.status"), p.T("roles.since")}}
	for _, d := range found {
		z := d.Authorisation
		status := p.roleStatus(z)
		mail := p.T("support.mail.none")
		if z.MailKept {
			mail = p.T("support.mail.kept")
		}
		if z.Role != flegt.RoleOperator {
			mail = ""
		}
		p.Table.Rows = append(p.Table.Rows, []Cell{
			{Text: d.Person.FirstName + " " + d.Person.LastName, URL: p.URL("/support/requests/%s", z.ID), Sub: d.Person.Email},
			{Text: p.roleOf(z)}, {Text: p.bodyOf(d)}, {Text: p.CountryName(z.Country)}, {Status: &status, Sub: mail}, {Text: p.DateTime(since(z))},
		})
	}
	p.Pages = s.pagesOf(r, &p.Page, now, requestsPerPage, count)
	if len(found) == 0 {
		p.Empty = &Empty{Title: p.T("support.none"), Text: p.T("support.none.text"), Link: Link{"/support/requests?status=", p.T("support.all")}}
	}
	return s.show(w, &p, "support_queue")
}

func (p *supportQueuePage) filters() {
	for _, st := range flegt.AuthorisationStatuses {
		p.Statuses = append(p.Statuses, Option{Value: string(st), Label: p.T("authorisation.status." + string(st))})
	}
	for _, role := range flegt.Roles {
		p.Roles = append(p.Roles, Option{Value: string(role), Label: p.T("role." + string(role))})
	}
	p.Countries = p.members()
	p.MailKind = []Option{{Value: "kept", Label: p.T("support.mail.kept")}, {Value: "none", Label: p.T("support.mail.none")}}
}

// supportCasePage is one request at Support's desk: the person, the company with the checks
// of its numbers and possible duplicates, the mails with the five checks side by side.
type supportCasePage struct {
	Page
	Desk     registry.Desk
	Status   Status
	Terms    []Term
	Person   []Term
	Operator []Term
	Similar  *Table
	Mails    []mailView
	// Unreachable is said when letters to the person come back.
	Unreachable []unreachableView
	// MayDecide and MayEnd say what can be done now.
	MayDecide, MayEnd bool
	// Override and Reason are what was typed.
	Override, Reason string
}

func (s *Server) supportCase(r *Request) (*supportCasePage, error) {
	if !r.Viewer.Has(flegt.RoleSupport, flegt.RoleObserver) {
		return nil, flegt.Missing()
	}
	d, err := s.Office.Authorisation(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	z := d.Authorisation
	p := &supportCasePage{Page: s.page(r, "support.case.title", "Person", d.Person.FirstName+" "+d.Person.LastName), Desk: d}
	p.Wide = true
	p.Crumbs = []Link{{"/support/requests", p.T("support.queue.title")}}
	p.Status, p.Terms, p.Mails = p.roleStatus(z), p.roleTerms(d), p.mailViews(d.Mails)
	p.Person = []Term{TermOf(p.T("support.person"), d.Person.FirstName+" "+d.Person.LastName), TermOf(p.T("support.email"), d.Person.Email), TermOf(p.T("support.account_since"), p.Date(time.Unix(d.Person.CreatedAt, 0)))}
	if d.Operator != nil {
		p.Operator = p.operatorTerms(*d.Operator)
		p.Operator = append(p.Operator, TermOf(p.T("operator.contact_name"), d.Operator.ContactName), TermOf(p.T("operator.contact_email"), d.Operator.ContactEmail), TermOf(p.T("operator.contact_phone"), d.Operator.ContactPhone))
	}
	if len(d.Similar) > 0 {
		t := p.operatorTable(d.Similar, false)
		p.Similar = &t
	}
	if p.Unreachable, err = s.unreachable(r, &p.Page, d.Person.Email); err != nil {
		return nil, err
	}
	support := r.Viewer.Has(flegt.RoleSupport)
	p.MayDecide, p.MayEnd = support && z.Status == flegt.Requested, support && z.Status == flegt.Approved
	return p, nil
}

func (s *Server) showSupportCase(w http.ResponseWriter, r *Request) error {
	p, err := s.supportCase(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "support_case")
}

// decideRequest runs one of Support's steps and shows the case again when it is refused.
func (s *Server) decideRequest(key string, step func(*Request, string, int) error) handler {
	return func(w http.ResponseWriter, r *Request) error {
		id := r.PathValue("id")
		version, _ := strconv.Atoi(r.Posted("version"))
		err := step(r, id, version)
		if err == nil {
			return s.done(w, r, "/support/requests/"+url.PathEscape(id), key)
		}
		p, failed := s.supportCase(r)
		if failed != nil {
			return failed
		}
		p.Override, p.Reason = r.Posted("override"), r.Posted("reason")
		return s.again(w, p, "support_case", err)
	}
}

func (s *Server) approveRequest(r *Request, id string, version int) error {
	return s.Office.ApproveRequest(r.Context(), r.Viewer.Actor, id, version, clean(r.Posted("override")))
}

func (s *Server) rejectRequest(r *Request, id string, version int) error {
	return s.Office.RejectRequest(r.Context(), r.Viewer.Actor, id, version, clean(r.Posted("reason")))
}

func (s *Server) endRole(r *Request, id string, version int) error {
	return s.Office.EndAuthorisation(r.Context(), r.Viewer.Actor, id, version, clean(r.Posted("reason")))
}
