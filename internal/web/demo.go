package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// lettersPerPage is how many mails the mailbox shows.
const lettersPerPage = 40

// demoRoutes are the pages of the demonstration.
func (s *Server) demoRoutes() []route {
	if !s.Demo || s.Demonstration == nil || s.Office == nil {
		return nil
	}
	return []route{
		{pattern: "GET /demo", do: s.showDemo},
		{pattern: "GET /demo/mailbox", do: s.showMailbox},
		{pattern: "GET /demo/mailbox/write", do: s.writeDemoMail},
		{pattern: "POST /demo/mailbox/write", do: s.sendDemoMail},
		{pattern: "GET /demo/mailbox/{id}", do: s.showLetter},
	}
}

// demoPage says who is who, and what can be tried.
type demoPage struct {
	Page
	Table  Table
	Steps  []Step
	Claims Table
}

func (s *Server) showDemo(w http.ResponseWriter, r *Request) error {
	p := demoPage{Page: s.page(r, "demo.title")}
	p.Lead, p.Wide = p.T("demo.lead"), true
	people, err := s.Demonstration.People(r.Context())
	if err != nil {
		return err
	}
	p.Table = Table{Caption: p.T("demo.people"), Columns: []string{p.T("demo.sign_in_as"), p.T("roles.role"), p.T("roles.body"), p.T("operator.country")}}
	for _, x := range people {
		role := p.T("demo.no_role")
		if x.Role != "" {
			role = p.T("role." + string(x.Role))
		}
		p.Table.Rows = append(p.Table.Rows, []Cell{{Text: x.Name, URL: x.Link}, {Text: role}, {Text: x.Body}, {Text: p.CountryName(x.Country)}})
	}
	if err := p.claims(r.Context()); err != nil {
		return err
	}
	links := []Link{{"/sign-up", p.T("site.sign_up")}, {"/demo/mailbox", p.T("demo.mailbox")}, {"/roles/request", p.T("roles.request")}, {"/demo/mailbox", p.T("demo.mailbox")},
		{"/support/requests", p.T("support.queue.title")}, {"/licences/new", p.T("licence.new.title")}, {"/desk", p.T("desk.title")}, {"/customs", p.T("menu.customs")}}
	for i, link := range links {
		p.Steps = append(p.Steps, Step{Title: p.T("demo.step." + strconv.Itoa(i+1)), Link: link})
	}
	return s.show(w, &p, "demo")
}

// claims lists the licences that wait to be claimed, for whoever tries that out.
func (p *demoPage) claims(ctx context.Context) error {
	waiting, err := p.server.Demonstration.Claims(ctx)
	p.Claims = Table{Caption: p.T("demo.claims"), Columns: []string{p.T("licence.number"), p.T("demo.verification"), p.T("licence.import_country")}}
	for _, c := range waiting {
		p.Claims.Rows = append(p.Claims.Rows, []Cell{{Text: c.Number}, {Text: c.Verification}, {Text: p.CountryName(c.Country)}})
	}
	return err
}

// mailboxPage lists every mail that the system sent.
type mailboxPage struct {
	Page
	Table Table
	Empty *Empty
	Older string
}

func (s *Server) showMailbox(w http.ResponseWriter, r *Request) error {
	p := mailboxPage{Page: s.page(r, "demo.mailbox")}
	p.Lead, p.Wide = p.T("demo.mailbox.lead", "Server", s.Demonstration.MailServer(), "Address", s.SupportAddress), true
	p.Crumbs = []Link{{"/demo", p.T("demo.title")}}
	now := pageNumber(r)
	all, _, err := s.Office.Letters(r.Context(), r.Viewer.Actor, true, registry.LetterQuery{Limit: lettersPerPage + 1, Offset: (now - 1) * lettersPerPage})
	if err != nil {
		return err
	}
	if len(all) > lettersPerPage {
		all, p.Older = all[:lettersPerPage], "/demo/mailbox?page="+strconv.Itoa(now+1)
	}
	p.Table = Table{Caption: p.Title, Columns: []string{p.T("demo.sent"), p.T("mail.to"), p.T("mail.subject")}}
	for _, l := range all {
		p.Table.Rows = append(p.Table.Rows, []Cell{{Text: p.DateTime(l.CreatedAt)}, {Text: l.To}, {Text: l.Subject, URL: p.URL("/demo/mailbox/%s", l.ID)}})
	}
	if len(all) == 0 {
		p.Empty = &Empty{Title: p.T("demo.mailbox.none"), Text: p.T("demo.mailbox.none.text")}
	}
	return s.show(w, &p, "demo_mailbox")
}

// letterPage is one mail that the system sent.
type letterPage struct {
	Page
	Terms []Term
	Text  string
	Links []string
	Reply string
}

func (s *Server) showLetter(w http.ResponseWriter, r *Request) error {
	l, err := s.Office.LetterByID(r.Context(), r.Viewer.Actor, true, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := letterPage{Page: s.page(r, "demo.letter"), Text: l.Text}
	p.Title = l.Subject
	p.Crumbs = []Link{{"/demo", p.T("demo.title")}, {"/demo/mailbox", p.T("demo.mailbox")}}
	p.Terms = []Term{TermOf(p.T("mail.to"), l.To), TermOf(p.T("demo.sent"), p.DateTime(l.CreatedAt)), TermOf(p.T("roles.status"), p.T("letter.state."+string(l.State))), TermOf("Message-ID", l.MessageID)}
	seen := map[string]bool{}
	for _, word := range strings.Fields(l.Text) {
		if strings.HasPrefix(word, s.BaseURL+"/") && !seen[word] {
			seen[word] = true
			p.Links = append(p.Links, word)
		}
	}
	p.Reply = "/demo/mailbox/write?" + url.Values{"from": {l.To}, "to": {s.SupportAddress}, "subject": {"Re: " + l.Subject}}.Encode()
	return s.show(w, &p, "demo_letter")
}

// demoWritePage writes a mail.
type demoWritePage struct {
	Page
	From, To, Cc, Subject, Body string
	Server                      string
}

func (s *Server) demoWritePage(r *Request) *demoWritePage {
	p := &demoWritePage{Page: s.page(r, "demo.write"), Server: s.Demonstration.MailServer()}
	p.Crumbs = []Link{{"/demo", p.T("demo.title")}, {"/demo/mailbox", p.T("demo.mailbox")}}
	return p
}

func (s *Server) writeDemoMail(w http.ResponseWriter, r *Request) error {
	p := s.demoWritePage(r)
	q := r.URL.Query()
	p.From, p.To, p.Cc, p.Subject, p.Body = q.Get("from"), q.Get("to"), q.Get("cc"), q.Get("subject"), q.Get("body")
	if p.From == "" {
		p.From = r.Viewer.Email
	}
	if p.To == "" {
		p.To = s.SupportAddress
	}
	return s.show(w, p, "demo_write")
}

func (s *Server) sendDemoMail(w http.ResponseWriter, r *Request) error {
	p := s.demoWritePage(r)
	p.From, p.To, p.Cc, p.Subject, p.Body = r.Posted("from"), r.Posted("to"), r.Posted("cc"), clean(r.Posted("subject")), clean(r.PostFormValue("body"))
	m := DemoMail{From: p.From, To: addressList(p.To), Cc: addressList(p.Cc), Subject: p.Subject, Body: p.Body}
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
		return s.again(w, p, "demo_write", err)
	}
	if err := s.Demonstration.Send(r.Context(), m); err != nil {
		return s.again(w, p, "demo_write", flegt.Refuse(flegt.Refused, "demo.refused", flegt.Args{"Answer": err.Error()}))
	}
	return s.done(w, r, "/demo/mailbox", "demo.taken")
}

// addressList takes addresses apart at commas and semicolons.
func addressList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
}
