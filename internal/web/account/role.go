package account

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// rolesPage lists what a person asked for and holds.
type rolesPage struct {
	counter.Page
	// Table has a line for each request, newest first; Empty says what to do when there is
	// none.
	Table counter.Table
	Empty *counter.Empty
}

func (s pages) listRoles(w http.ResponseWriter, r *counter.Request) error {
	p := rolesPage{Page: s.Page(r, "roles.title")}
	all, err := s.Office.MyAuthorisations(r.Context(), r.Viewer.Actor)
	if err != nil {
		return err
	}
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("roles.body"), p.T("roles.role"), p.T("roles.status"), p.T("roles.since")}}
	for _, d := range all {
		status := p.RoleStatus(d.Authorisation)
		p.Table.Rows = append(p.Table.Rows, []counter.Cell{
			{Text: p.BodyOf(d), URL: p.URL("/roles/%s", d.Authorisation.ID), Sub: p.CountryName(d.Authorisation.Country)},
			{Text: p.RoleOf(d.Authorisation)}, {Status: &status}, p.MomentCell(counter.LastStep(d.Authorisation)),
		})
	}
	if len(all) == 0 {
		p.Empty = &counter.Empty{Title: p.T("roles.none"), Text: p.T("roles.none.text"), Link: counter.Link{URL: "/roles/request", Text: p.T("roles.request")}}
	}
	return s.Show(w, &p, "role_list")
}

// rolePage is one request as its applicant sees it: where it stands, since when, what is
// missing and who decides; the exact mail to send; and what became of those that came.
type rolePage struct {
	counter.Page
	Desk   registry.Desk
	Status counter.Status
	Terms  []counter.Term
	// Mail is the mail to send; nil when none is wanted.
	Mail *roleMail
	// Mails are those that came about this request, oldest first.
	Mails []counter.MailView
	// MailPages lead to the mails before and after those.
	MailPages counter.Pages
	// Missing says what is wanted next.
	Missing string
	// MayAskAgain offers a new request with everything filled in.
	MayAskAgain bool
	// Reason is what was typed for giving the role up.
	Reason string
}

// roleMail is the mail that keeps the five rules, ready to copy.
type roleMail struct {
	To, Cc, Subject, Body string
	// Mailto opens it in the reader's mail program.
	Mailto string
	// Mailbox opens it in the demonstration's own; empty elsewhere.
	Mailbox string
	// From is the address it must come from.
	From string
	// Rules are the five, in words.
	Rules []string
}

func (s pages) rolePage(r *counter.Request) (*rolePage, error) {
	d, err := s.Office.Authorisation(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if d.Authorisation.Account != r.Viewer.Actor.Account {
		return nil, flegt.Missing() // Support and authorities have desks of their own
	}
	z := d.Authorisation
	p := &rolePage{Page: s.Page(r, "roles.show.title", "Body", ""), Desk: d}
	p.Title = p.T("roles.show.title", "Body", p.BodyOf(d))
	p.Crumbs = []counter.Link{{URL: "/roles", Text: p.T("roles.title")}}
	p.Status, p.Terms = p.RoleStatus(z), p.RoleTerms(d)
	p.Mails, p.MailPages = p.MailViews(r, p.URL("/roles/%s", z.ID), d.Mails)
	p.Missing = p.missing(z)
	p.MayAskAgain = z.Status == flegt.Denied || z.Status == flegt.Recalled || z.Status == flegt.Ended
	if z.Status == flegt.Requested && z.Role == flegt.RoleOperator && !z.MailKept {
		if p.Mail, err = s.roleMail(r, &p.Page, z.ID); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// missing says what a pending request waits for; empty when it waits for nothing.
func (p *rolePage) missing(z flegt.Authorisation) string {
	switch {
	case z.Status != flegt.Requested:
		return ""
	case z.Role != flegt.RoleOperator:
		return p.T("roles.waits.staff")
	case z.MailKept:
		return p.T("roles.waits.support")
	}
	return p.T("roles.waits.mail")
}

// roleMail writes the mail for a request.
func (s pages) roleMail(r *counter.Request, p *counter.Page, id string) (*roleMail, error) {
	expect, err := s.Office.RoleMailFor(r.Context(), r.Viewer.Actor, id)
	if err != nil {
		return nil, err
	}
	draft := flegt.WriteRoleMail(expect)
	m := &roleMail{To: strings.Join(draft.To, ", "), Cc: strings.Join(draft.Cc, ", "), Subject: draft.Subject, Body: draft.Body,
		Mailto: draft.Mailto(), From: expect.AccountEmail}
	if s.Demo {
		m.Mailbox = "/demo/mailbox/write?" + url.Values{"from": {m.From}, "to": {m.To}, "cc": {m.Cc}, "subject": {m.Subject}, "body": {m.Body}}.Encode()
	}
	cc := p.T("roles.rule.3", "Address", m.Cc)
	if m.Cc == "" {
		cc = p.T("roles.rule.3_unknown", "Country", p.CountryName(expect.Country))
	}
	m.Rules = []string{p.T("roles.rule.1", "Address", m.From), p.T("roles.rule.2", "Address", m.To), cc,
		p.T("roles.rule.4", "Subject", m.Subject), p.T("roles.rule.5", "Person", expect.FirstName+" "+expect.LastName, "Operator", expect.OperatorName)}
	return m, nil
}

func (s pages) showRole(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.rolePage(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "role_show")
}

func (s pages) withdrawRequest(w http.ResponseWriter, r *counter.Request) error {
	id := r.PathValue("id")
	if err := s.Office.WithdrawRequest(r.Context(), r.Viewer.Actor, id); err != nil {
		return err
	}
	return s.Done(w, r, "/roles/"+url.PathEscape(id), "roles.withdrawn")
}

func (s pages) askAgain(w http.ResponseWriter, r *counter.Request) error {
	z, err := s.Office.AskAgain(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.Done(w, r, "/roles/"+url.PathEscape(z.ID), "roles.asked")
}

func (s pages) giveUpRole(w http.ResponseWriter, r *counter.Request) error {
	id := r.PathValue("id")
	err := s.Office.EndAuthorisation(r.Context(), r.Viewer.Actor, id, 0, counter.Clean(r.Posted("reason")))
	if err == nil {
		return s.Done(w, r, "/roles/"+url.PathEscape(id), "roles.given_up")
	}
	p, failed := s.rolePage(r)
	if failed != nil {
		return failed
	}
	p.Reason = r.Posted("reason")
	return s.Again(w, p, "role_show", err)
}
