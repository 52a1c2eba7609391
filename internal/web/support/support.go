package support

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// requestsPerPage is how many requests Support's queue shows at a time.
const requestsPerPage = 25

// supportQueuePage is the Support Team's queue of requests.
type supportQueuePage struct {
	counter.Page
	// Status, Role, Country and Mail are the filters chosen.
	Status, Role, Country, Mail          string
	Statuses, Roles, Countries, MailKind []counter.Option
	Table                                counter.Table
	Pages                                counter.Pages
	Empty                                *counter.Empty
}

func (s pages) showSupportQueue(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleSupport, flegt.RoleObserver) {
		return flegt.Missing()
	}
	p := supportQueuePage{Page: s.Page(r, "support.queue.title"), Status: r.Query("status"), Role: r.Query("role"), Country: r.Query("country"), Mail: r.Query("mail")}
	p.Wide = true
	if !r.URL.Query().Has("status") {
		p.Status = string(flegt.Requested)
	}
	p.filters()
	now := counter.PageAsked(r)
	q := registry.AuthorisationQuery{Role: flegt.Role(p.Role), Country: p.Country, Mail: p.Mail, Limit: requestsPerPage, Offset: (now - 1) * requestsPerPage,
		Newest: p.Status != string(flegt.Requested)}
	if slices.Contains(flegt.AuthorisationStatuses, flegt.AuthorisationStatus(p.Status)) {
		q.Status = []string{p.Status}
	}
	found, count, err := s.Office.RequestQueue(r.Context(), r.Viewer.Actor, q)
	if err != nil {
		return err
	}
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("support.person"), p.T("roles.role"), p.T("roles.body"), p.T("operator.country"), p.T("roles.status"), p.T("roles.since")}}
	for _, d := range found {
		z := d.Authorisation
		status := p.RoleStatus(z)
		mail := p.T("support.mail.none")
		switch {
		case z.MailKept:
			mail = p.T("support.mail.kept")
		case z.Status == flegt.Requested:
			mail = p.TN("support.mail.awaited", daysSince(counter.LastStep(z), s.Clock()))
		}
		if z.Role != flegt.RoleOperator {
			mail = ""
		}
		p.Table.Rows = append(p.Table.Rows, []counter.Cell{
			{Text: d.Person.FirstName + " " + d.Person.LastName, URL: p.URL("/support/requests/%s", z.ID) + chosen(r), Sub: d.Person.Email},
			{Text: p.RoleOf(z)}, {Text: p.BodyOf(d)}, {Text: p.CountryName(z.Country)}, {Status: &status, Sub: mail}, p.MomentCell(counter.LastStep(z)),
		})
	}
	p.Pages = s.PagesOf(r, &p.Page, now, requestsPerPage, count)
	if len(found) == 0 {
		p.Empty = &counter.Empty{Title: p.T("support.none"), Text: p.T("support.none.text"), Link: counter.Link{URL: "/support/requests?status=", Text: p.T("support.all")}}
	}
	return s.Show(w, &p, "support_queue")
}

// chosen is the queue's filter as a request's page carries it on, "?country=DK"; empty when every
// request was asked for. The status is left out: the next request is one that waits.
func chosen(r *counter.Request) string {
	kept := url.Values{}
	for _, name := range []string{"country", "mail", "role"} {
		if value := r.Query(name); value != "" {
			kept.Set(name, value)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return "?" + kept.Encode()
}

// nextRequest goes to the request that has waited longest among those that the queue's filter lets
// through; "after" is the one just decided.
func (s pages) nextRequest(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleSupport, flegt.RoleObserver) {
		return flegt.Missing()
	}
	q := registry.AuthorisationQuery{Status: []string{string(flegt.Requested)}, Role: flegt.Role(r.Query("role")), Country: r.Query("country"), Mail: r.Query("mail"), Limit: 2}
	found, _, err := s.Office.RequestQueue(r.Context(), r.Viewer.Actor, q)
	if err != nil {
		return err
	}
	for _, d := range found {
		if id := d.Authorisation.ID; id != r.Query("after") {
			http.Redirect(w, r.Request, "/support/requests/"+url.PathEscape(id)+chosen(r), http.StatusSeeOther)
			return nil
		}
	}
	return s.Done(w, r, "/support/requests"+chosen(r), "support.none_next")
}

func (p *supportQueuePage) filters() {
	for _, st := range flegt.AuthorisationStatuses {
		p.Statuses = append(p.Statuses, counter.Option{Value: string(st), Label: p.T("authorisation.status." + string(st))})
	}
	for _, role := range flegt.Roles {
		p.Roles = append(p.Roles, counter.Option{Value: string(role), Label: p.T("role." + string(role))})
	}
	p.Countries = p.Members()
	p.MailKind = []counter.Option{{Value: "kept", Label: p.T("support.mail.kept")}, {Value: "none", Label: p.T("support.mail.none")}}
}

// supportCasePage is one request at Support's desk: the person, the company with the checks
// of its numbers and possible duplicates, the mails with the five checks side by side.
type supportCasePage struct {
	counter.Page
	Desk     registry.Desk
	Status   counter.Status
	Terms    []counter.Term
	Person   []counter.Term
	Operator []counter.Term
	Similar  *counter.Table
	Mails    []counter.MailView
	// MailPages lead to the mails before and after those.
	MailPages counter.Pages
	// Unreachable is said when letters to the person come back.
	Unreachable []unreachableView
	// Awaited says since when the applicant's mail is waited for; empty when it is not.
	Awaited string
	// Chosen is the queue's filter, which the page's links and buttons carry on; Next leads to the next
	// request, empty until this one is decided.
	Chosen, Next string
	// MayDecide and MayEnd say what can be done now.
	MayDecide, MayEnd bool
	// Override and Reason are what was typed.
	Override, Reason string
}

func (s pages) supportCase(r *counter.Request) (*supportCasePage, error) {
	if !r.Viewer.Has(flegt.RoleSupport, flegt.RoleObserver) {
		return nil, flegt.Missing()
	}
	d, err := s.Office.Authorisation(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	z := d.Authorisation
	p := &supportCasePage{Page: s.Page(r, "support.case.title", "Person", d.Person.FirstName+" "+d.Person.LastName), Desk: d}
	p.Wide = true
	p.Chosen = chosen(r)
	p.Crumbs = []counter.Link{{URL: "/support/requests" + p.Chosen, Text: p.T("support.queue.title")}}
	if z.Status != flegt.Requested {
		p.Next = p.URL("/support/requests/next?after=%s", z.ID) + strings.Replace(p.Chosen, "?", "&", 1)
	}
	p.Status, p.Terms = p.RoleStatus(z), p.RoleTerms(d)
	p.Mails, p.MailPages = p.MailViews(r, p.URL("/support/requests/%s", z.ID)+p.Chosen, d.Mails)
	p.Person = []counter.Term{counter.TermOf(p.T("support.person"), d.Person.FirstName+" "+d.Person.LastName), counter.TermOf(p.T("support.email"), d.Person.Email), counter.TermOf(p.T("support.account_since"), p.Date(time.Unix(d.Person.CreatedAt, 0)))}
	if d.Operator != nil {
		p.Operator = p.OperatorTerms(*d.Operator)
		p.Operator = append(p.Operator, counter.TermOf(p.T("operator.contact_name"), d.Operator.ContactName), counter.TermOf(p.T("operator.contact_email"), d.Operator.ContactEmail), counter.TermOf(p.T("operator.contact_phone"), d.Operator.ContactPhone))
	}
	if len(d.Similar) > 0 {
		t := p.OperatorTable(d.Similar, false)
		p.Similar = &t
	}
	if p.Unreachable, err = s.unreachable(r, &p.Page, d.Person.Email); err != nil {
		return nil, err
	}
	if z.Role == flegt.RoleOperator && z.Status == flegt.Requested && len(d.Mails) == 0 {
		p.Awaited = p.TN("support.mail.awaited.case", daysSince(counter.LastStep(z), s.Clock()), "Email", d.Person.Email)
	}
	support := r.Viewer.Has(flegt.RoleSupport)
	p.MayDecide, p.MayEnd = support && z.Status == flegt.Requested, support && z.Status == flegt.Approved
	return p, nil
}

// daysSince is how many whole days have gone by.
func daysSince(then, now time.Time) int { return max(0, int(now.Sub(then)/(24*time.Hour))) }

func (s pages) showSupportCase(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.supportCase(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "support_case")
}

// decideRequest runs one of Support's steps and shows the case again when it is refused.
func (s pages) decideRequest(key string, step func(*counter.Request, string, int) error) counter.Handler {
	return func(w http.ResponseWriter, r *counter.Request) error {
		id := r.PathValue("id")
		version, _ := strconv.Atoi(r.Posted("version"))
		err := step(r, id, version)
		if err == nil {
			return s.Done(w, r, "/support/requests/"+url.PathEscape(id)+chosen(r), key)
		}
		p, failed := s.supportCase(r)
		if failed != nil {
			return failed
		}
		p.Override, p.Reason = r.Posted("override"), r.Posted("reason")
		return s.Again(w, p, "support_case", err)
	}
}

func (s pages) approveRequest(r *counter.Request, id string, version int) error {
	return s.Office.ApproveRequest(r.Context(), r.Viewer.Actor, id, version, counter.Clean(r.Posted("override")))
}

func (s pages) rejectRequest(r *counter.Request, id string, version int) error {
	return s.Office.RejectRequest(r.Context(), r.Viewer.Actor, id, version, counter.Clean(r.Posted("reason")))
}

func (s pages) endRole(r *counter.Request, id string, version int) error {
	return s.Office.EndAuthorisation(r.Context(), r.Viewer.Actor, id, version, counter.Clean(r.Posted("reason")))
}
