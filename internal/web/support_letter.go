package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/wording"
)

// letterListPage lists the mails that the system sent, with what became of them.
type letterListPage struct {
	Page
	// State and To are the filters chosen.
	State, To string
	States    []Option
	Table     Table
	Pages     Pages
	Empty     *Empty
	// NoAddress are the competent authorities that no letter can be sent to.
	NoAddress []Link
}

// sentPerPage is how many letters Support's list shows at a time.
const sentPerPage = 50

func (s *Server) listLetters(w http.ResponseWriter, r *Request) error {
	p := letterListPage{Page: s.page(r, "letter.list.title"), State: r.Query("state"), To: clean(r.Query("to"))}
	p.Wide, p.Lead = true, p.T("letter.list.lead")
	for _, st := range flegt.LetterStates {
		p.States = append(p.States, Option{Value: string(st), Label: p.T("letter.state." + string(st))})
	}
	now := pageNumber(r)
	all, count, err := s.Office.Letters(r.Context(), r.Viewer.Actor, false, registry.LetterQuery{State: flegt.LetterState(p.State), To: p.To, Limit: sentPerPage, Offset: (now - 1) * sentPerPage})
	if err != nil {
		return err
	}
	if p.NoAddress, err = s.withoutAddress(r, &p.Page); err != nil {
		return err
	}
	p.Table = Table{Caption: p.Title, Columns: []string{p.T("letter.written"), p.T("mail.to"), p.T("mail.subject"), p.T("roles.status"), p.T("letter.tries")}}
	for _, l := range all {
		status := p.letterState(l)
		p.Table.Rows = append(p.Table.Rows, []Cell{{Text: p.DateTime(l.CreatedAt)}, {Text: l.To}, {Text: l.Subject, URL: p.URL("/support/letters/%s", l.ID)},
			{Status: &status, Sub: l.LastError}, {Text: strconv.Itoa(l.Attempts), Number: true}})
	}
	p.Pages = s.pagesOf(r, &p.Page, now, sentPerPage, count)
	if len(all) == 0 {
		p.Empty = &Empty{Title: p.T("letter.none"), Text: p.T("letter.none.text"), Link: Link{"/support/letters", p.T("letter.all")}}
	}
	return s.show(w, &p, "letter_list")
}

// withoutAddress lists the competent authorities with no official address known today: what
// concerns them is told to their officers in the application alone.
func (s *Server) withoutAddress(r *Request, p *Page) ([]Link, error) {
	all, err := s.Office.Authorities(r.Context(), flegt.RoleAuthority)
	if err != nil {
		return nil, err
	}
	wording.SortBy(p.Lang, all, func(a flegt.Authority) string { return p.Country(a.Country) })
	var out []Link
	for _, a := range all {
		if len(a.AddressesOn(s.Office.Today())) > 0 {
			continue
		}
		l := Link{Text: p.Country(a.Country)}
		if r.Viewer.Has(flegt.RoleSupport) { // the page is Support's alone
			l.URL = p.URL("/support/authorities/%s", a.ID)
		}
		out = append(out, l)
	}
	return out, nil
}

// letterState is the coloured label of where a letter stands.
func (p *Page) letterState(l flegt.Letter) Status {
	tone := map[flegt.LetterState]string{flegt.LetterSent: "ok", flegt.LetterQueued: "wait", flegt.LetterBounced: "stop", flegt.LetterFailed: "stop"}[l.State]
	if tone == "" {
		tone = "plain"
	}
	return p.Status(tone, "letter.state."+string(l.State))
}

// sentLetterPage is one letter, with its way and its text.
type sentLetterPage struct {
	Page
	Letter flegt.Letter
	Terms  []Term
	Status Status
	// MayRetry offers to try again now.
	MayRetry bool
}

func (s *Server) sentLetter(r *Request) (*sentLetterPage, error) {
	l, err := s.Office.LetterByID(r.Context(), r.Viewer.Actor, false, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &sentLetterPage{Page: s.page(r, "letter.show.title"), Letter: l}
	p.Title = l.Subject
	p.Crumbs = []Link{{"/support/letters", p.T("letter.list.title")}}
	p.Status = p.letterState(l)
	p.MayRetry = r.Viewer.Has(flegt.RoleSupport) && l.State != flegt.LetterSent
	p.Terms = []Term{TermOf(p.T("mail.to"), l.To), TermOf(p.T("letter.written"), p.DateTime(l.CreatedAt)), TermOf(p.T("letter.tries"), strconv.Itoa(l.Attempts))}
	if !l.SentAt.IsZero() {
		p.Terms = append(p.Terms, TermOf(p.T("letter.sent"), p.DateTime(l.SentAt)))
	}
	if l.State == flegt.LetterQueued && !l.NextAt.IsZero() {
		p.Terms = append(p.Terms, TermOf(p.T("letter.next"), p.DateTime(l.NextAt)))
	}
	if l.LastError != "" {
		p.Terms = append(p.Terms, TermOf(p.T("letter.reason"), l.LastError))
	}
	p.Terms = append(p.Terms, TermOf("Message-ID", l.MessageID))
	return p, nil
}

func (s *Server) showSentLetter(w http.ResponseWriter, r *Request) error {
	p, err := s.sentLetter(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "letter_show")
}

func (s *Server) retryLetter(w http.ResponseWriter, r *Request) error {
	id := r.PathValue("id")
	err := s.Office.RetryLetter(r.Context(), r.Viewer.Actor, id)
	if err == nil {
		return s.done(w, r, "/support/letters/"+url.PathEscape(id), "letter.retried")
	}
	p, failed := s.sentLetter(r)
	if failed != nil {
		return failed
	}
	return s.again(w, p, "letter_show", err)
}

// unreachable says of an address that letters to it come back; nil while they do not.
func (s *Server) unreachable(r *Request, p *Page, addresses ...string) ([]unreachableView, error) {
	found, err := s.Office.Unreachable(r.Context(), r.Viewer.Actor, addresses...)
	if err != nil {
		return nil, err
	}
	var out []unreachableView
	for _, address := range addresses {
		if l, bad := found[address]; bad {
			out = append(out, unreachableView{Link: Link{p.URL("/support/letters/%s", l.ID), p.T("letter.see")},
				Text: p.T("letter.unreachable", "Address", address, "Day", p.DateTime(l.CreatedAt)), Reason: l.LastError})
		}
	}
	return out, nil
}

// unreachableView is an address that letters do not reach, with the letter that shows it.
type unreachableView struct {
	Link
	Text, Reason string
}
