package web

import (
	"net/http"
	"strconv"
)

// mailsPerPage is how many mails Support's list shows.
const mailsPerPage = 50

// mailListPage lists the mails that came in.
type mailListPage struct {
	Page
	Table Table
	Empty *Empty
	Older string
}

func (s *Server) listMails(w http.ResponseWriter, r *Request) error {
	p := mailListPage{Page: s.page(r, "mail.list.title")}
	p.Wide = true
	now := pageNumber(r)
	all, err := s.Office.Mails(r.Context(), r.Viewer.Actor, mailsPerPage+1, (now-1)*mailsPerPage)
	if err != nil {
		return err
	}
	if len(all) > mailsPerPage {
		all, p.Older = all[:mailsPerPage], "/support/mails?page="+strconv.Itoa(now+1)
	}
	p.Table = Table{Caption: p.Title, Columns: []string{p.T("mail.received"), p.T("mail.from"), p.T("mail.subject"), p.T("mail.outcome")}}
	for _, m := range all {
		status := p.mailOutcome(m)
		subject := m.Subject
		if subject == "" {
			subject = p.T("mail.no_subject")
		}
		p.Table.Rows = append(p.Table.Rows, []Cell{{Text: p.DateTime(m.ReceivedAt)}, {Text: m.From}, {Text: subject, URL: p.URL("/support/mails/%s", m.ID)}, {Status: &status}})
	}
	if len(all) == 0 {
		p.Empty = &Empty{Title: p.T("mail.none"), Text: p.T("mail.none.text", "Address", s.SupportAddress)}
	}
	return s.show(w, &p, "mail_list")
}

// mailPage is one mail as it came, with what became of it.
type mailPage struct {
	Page
	Mail    mailView
	Request string
	Terms   []Term
}

func (s *Server) showMail(w http.ResponseWriter, r *Request) error {
	m, _, err := s.Office.Mail(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := mailPage{Page: s.page(r, "mail.show.title"), Request: m.Authorisation}
	p.Crumbs = []Link{{"/support/mails", p.T("mail.list.title")}}
	p.Mail = p.mailView(m)
	p.Terms = []Term{TermOf(p.T("mail.sender"), m.EnvelopeFrom), TermOf(p.T("mail.client"), m.RemoteIP+" "+m.Helo), TermOf("Message-ID", m.MessageID), TermOf("SHA-256", m.SHA256)}
	return s.show(w, &p, "mail_show")
}

// showRawMail gives a mail as it came. It is never shown as a page: a mail may hold
// anything.
func (s *Server) showRawMail(w http.ResponseWriter, r *Request) error {
	_, raw, err := s.Office.Mail(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendMail(w, raw)
}
