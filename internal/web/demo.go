package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// lettersPerPage is how many mails the mailbox shows.
const lettersPerPage = 40

// demoRoutes are the pages of the demonstration.
func (s pages) demoRoutes() []counter.Route {
	if !s.Demo || s.Demonstration == nil || s.Office == nil {
		return nil
	}
	return []counter.Route{
		{Pattern: "GET /demo", Do: s.showDemo},
		{Pattern: "GET /demo/mailbox", Do: s.showMailbox},
		{Pattern: "GET /demo/mailbox/write", Do: s.writeDemoMail},
		{Pattern: "POST /demo/mailbox/write", Do: s.sendDemoMail},
		{Pattern: "GET /demo/mailbox/{id}", Do: s.showLetter},
	}
}

// demoPage says who is who, and what can be tried.
type demoPage struct {
	counter.Page
	Table  counter.Table
	Steps  []counter.Step
	Claims counter.Table
}

func (s pages) showDemo(w http.ResponseWriter, r *counter.Request) error {
	p := demoPage{Page: s.Page(r, "demo.title")}
	p.Lead, p.Wide = p.T("demo.lead"), true
	people, err := s.Demonstration.People(r.Context())
	if err != nil {
		return err
	}
	p.Table = counter.Table{Caption: p.T("demo.people"), Columns: []string{p.T("demo.sign_in_as"), p.T("roles.role"), p.T("roles.body"), p.T("operator.country")}}
	for _, x := range people {
		role := p.T("demo.no_role")
		if x.Role != "" {
			role = p.T("role." + string(x.Role))
		}
		p.Table.Rows = append(p.Table.Rows, []counter.Cell{{Text: x.Name, URL: x.Link}, {Text: role}, {Text: x.Body}, {Text: p.CountryName(x.Country)}})
	}
	if err := p.claims(r.Context()); err != nil {
		return err
	}
	links := []counter.Link{{URL: "/sign-up", Text: p.T("site.sign_up")}, {URL: "/demo/mailbox", Text: p.T("demo.mailbox")}, {URL: "/roles/request", Text: p.T("roles.request")}, {URL: "/demo/mailbox", Text: p.T("demo.mailbox")},
		{URL: "/support/requests", Text: p.T("support.queue.title")}, {URL: "/licences/new", Text: p.T("licence.new.title")}, {URL: "/desk", Text: p.T("desk.title")}, {URL: "/customs", Text: p.T("menu.customs")}}
	for i, link := range links {
		p.Steps = append(p.Steps, counter.Step{Title: p.T("demo.step." + strconv.Itoa(i+1)), Link: link})
	}
	return s.Show(w, &p, "demo")
}

// claims lists the licences that wait to be claimed, for whoever tries that out.
func (p *demoPage) claims(ctx context.Context) error {
	waiting, err := p.Server().Demonstration.Claims(ctx)
	p.Claims = counter.Table{Caption: p.T("demo.claims"), Columns: []string{p.T("licence.number"), p.T("demo.verification"), p.T("licence.import_country")}}
	for _, c := range waiting {
		p.Claims.Rows = append(p.Claims.Rows, []counter.Cell{{Text: c.Number}, {Text: c.Verification}, {Text: p.CountryName(c.Country)}})
	}
	return err
}

// mailboxPage lists every mail that the system sent.
type mailboxPage struct {
	counter.Page
	Table counter.Table
	Empty *counter.Empty
	Older string
}

func (s pages) showMailbox(w http.ResponseWriter, r *counter.Request) error {
	p := mailboxPage{Page: s.Page(r, "demo.mailbox")}
	p.Lead, p.Wide = p.T("demo.mailbox.lead", "Server", s.Demonstration.MailServer(), "Address", s.SupportAddress), true
	p.Crumbs = []counter.Link{{URL: "/demo", Text: p.T("demo.title")}}
	now := counter.PageAsked(r)
	all, _, err := s.Office.Letters(r.Context(), r.Viewer.Actor, true, registry.LetterQuery{Limit: lettersPerPage + 1, Offset: (now - 1) * lettersPerPage})
	if err != nil {
		return err
	}
	if len(all) > lettersPerPage {
		all, p.Older = all[:lettersPerPage], "/demo/mailbox?page="+strconv.Itoa(now+1)
	}
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("demo.sent"), p.T("mail.to"), p.T("mail.subject")}}
	for _, l := range all {
		p.Table.Rows = append(p.Table.Rows, []counter.Cell{p.MomentCell(l.CreatedAt), {Text: l.To}, {Text: l.Subject, URL: p.URL("/demo/mailbox/%s", l.ID)}})
	}
	if len(all) == 0 {
		p.Empty = &counter.Empty{Title: p.T("demo.mailbox.none"), Text: p.T("demo.mailbox.none.text")}
	}
	return s.Show(w, &p, "demo_mailbox")
}

// letterPage is one mail that the system sent.
type letterPage struct {
	counter.Page
	Terms []counter.Term
	Text  string
	Links []string
	Reply string
}

func (s pages) showLetter(w http.ResponseWriter, r *counter.Request) error {
	l, err := s.Office.LetterByID(r.Context(), r.Viewer.Actor, true, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := letterPage{Page: s.Page(r, "demo.letter"), Text: l.Text}
	p.Title = l.Subject
	p.Crumbs = []counter.Link{{URL: "/demo", Text: p.T("demo.title")}, {URL: "/demo/mailbox", Text: p.T("demo.mailbox")}}
	p.Terms = []counter.Term{counter.TermOf(p.T("mail.to"), l.To), counter.TermOf(p.T("demo.sent"), p.DateTime(l.CreatedAt)), counter.TermOf(p.T("roles.status"), p.T("letter.state."+string(l.State))), counter.TermOf("Message-ID", l.MessageID)}
	seen := map[string]bool{}
	for _, word := range strings.Fields(l.Text) {
		if strings.HasPrefix(word, s.BaseURL+"/") && !seen[word] {
			seen[word] = true
			p.Links = append(p.Links, word)
		}
	}
	to := s.SupportAddress
	if address, ok := flegt.AnswerAddress(to, l.Question); ok && l.Question != "" {
		to = address // a reply goes where the letter asks for it
	}
	p.Reply = "/demo/mailbox/write?" + url.Values{"from": {l.To}, "to": {to}, "subject": {"Re: " + l.Subject}}.Encode()
	return s.Show(w, &p, "demo_letter")
}

// demoWritePage writes a mail.
type demoWritePage struct {
	counter.Page
	From, To, Cc, Subject, Body string
	Server                      string
}

func (s pages) demoWritePage(r *counter.Request) *demoWritePage {
	p := &demoWritePage{Page: s.Page(r, "demo.write"), Server: s.Demonstration.MailServer()}
	p.Crumbs = []counter.Link{{URL: "/demo", Text: p.T("demo.title")}, {URL: "/demo/mailbox", Text: p.T("demo.mailbox")}}
	return p
}

func (s pages) writeDemoMail(w http.ResponseWriter, r *counter.Request) error {
	p := s.demoWritePage(r)
	q := r.URL.Query()
	p.From, p.To, p.Cc, p.Subject, p.Body = q.Get("from"), q.Get("to"), q.Get("cc"), q.Get("subject"), q.Get("body")
	if p.From == "" {
		p.From = r.Viewer.Email
	}
	if p.To == "" {
		p.To = s.SupportAddress
	}
	return s.Show(w, p, "demo_write")
}

func (s pages) sendDemoMail(w http.ResponseWriter, r *counter.Request) error {
	p := s.demoWritePage(r)
	p.From, p.To, p.Cc, p.Subject, p.Body = r.Posted("from"), r.Posted("to"), r.Posted("cc"), counter.Clean(r.Posted("subject")), counter.Clean(r.PostFormValue("body"))
	m := counter.DemoMail{From: p.From, To: addressList(p.To), Cc: addressList(p.Cc), Subject: p.Subject, Body: p.Body}
	var boxes []flegt.BoxError
	if !flegt.GoodAddress(m.From) {
		boxes = append(boxes, flegt.BoxError{Box: "from", Key: "error.email"})
	}
	for box, list := range map[string][]string{"to": m.To, "cc": m.Cc} {
		for _, a := range list {
			if !flegt.GoodAddress(a) {
				boxes = append(boxes, flegt.BoxError{Box: box, Key: "error.email"})
				break
			}
		}
	}
	if len(m.To)+len(m.Cc) == 0 {
		boxes = append(boxes, flegt.BoxError{Box: "to", Key: "error.required"})
	}
	if err := flegt.InvalidBoxes(boxes); err != nil {
		return s.Again(w, p, "demo_write", err)
	}
	if err := s.Demonstration.Send(r.Context(), m); err != nil {
		return s.Again(w, p, "demo_write", flegt.Refuse(flegt.Refused, "demo.refused", flegt.Args{"Answer": err.Error()}))
	}
	return s.Done(w, r, "/demo/mailbox", "demo.taken")
}

// addressList takes addresses apart at commas and semicolons.
func addressList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
}
