package support

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/web/counter"
)

// mailsPerPage is how many mails Support's list shows.
const mailsPerPage = 50

// mailListPage lists the mails that came in.
type mailListPage struct {
	counter.Page
	Table counter.Table
	Empty *counter.Empty
	Older string
}

func (s pages) listMails(w http.ResponseWriter, r *counter.Request) error {
	p := mailListPage{Page: s.Page(r, "mail.list.title")}
	p.Wide = true
	now := counter.PageAsked(r)
	all, err := s.Office.Mails(r.Context(), r.Viewer.Actor, mailsPerPage+1, (now-1)*mailsPerPage)
	if err != nil {
		return err
	}
	if len(all) > mailsPerPage {
		all, p.Older = all[:mailsPerPage], "/support/mails?page="+strconv.Itoa(now+1)
	}
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("mail.received"), p.T("mail.from"), p.T("mail.subject"), p.T("mail.outcome")}}
	for _, m := range all {
		status := p.MailOutcome(m)
		subject := m.Subject
		if subject == "" {
			subject = p.T("mail.no_subject")
		}
		p.Table.Rows = append(p.Table.Rows, []counter.Cell{p.MomentCell(m.ReceivedAt), {Text: m.From}, {Text: subject, URL: p.URL("/support/mails/%s", m.ID)}, {Status: &status}})
	}
	if len(all) == 0 {
		p.Empty = &counter.Empty{Title: p.T("mail.none"), Text: p.T("mail.none.text", "Address", s.SupportAddress)}
	}
	return s.Show(w, &p, "mail_list")
}

// mailPage is one mail as it came, with what became of it.
type mailPage struct {
	counter.Page
	Mail    counter.MailView
	Request string
	Terms   []counter.Term
}

func (s pages) showMail(w http.ResponseWriter, r *counter.Request) error {
	m, _, err := s.Office.Mail(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := mailPage{Page: s.Page(r, "mail.show.title"), Request: m.Authorisation}
	p.Crumbs = []counter.Link{{URL: "/support/mails", Text: p.T("mail.list.title")}}
	p.Mail = p.MailView(m)
	p.Terms = []counter.Term{counter.TermOf(p.T("mail.sender"), m.EnvelopeFrom), counter.TermOf(p.T("mail.client"), m.RemoteIP+" "+m.Helo), counter.TermOf("Message-ID", m.MessageID), counter.TermOf("SHA-256", m.SHA256)}
	return s.Show(w, &p, "mail_show")
}

// showRawMail gives a mail as it came. It is never shown as a page: a mail may hold
// anything.
func (s pages) showRawMail(w http.ResponseWriter, r *counter.Request) error {
	_, raw, err := s.Office.Mail(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return counter.SendMail(w, raw)
}
