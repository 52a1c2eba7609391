package support

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/wording"
)

// letterListPage lists the mails that the system sent, with what became of them.
type letterListPage struct {
	counter.Page
	// State and To are the filters chosen.
	State, To string
	States    []counter.Option
	Table     counter.Table
	Pages     counter.Pages
	Empty     *counter.Empty
	// NoAddress are the competent authorities that no letter can be sent to.
	NoAddress []counter.Link
}

// sentPerPage is how many letters Support's list shows at a time.
const sentPerPage = 50

func (s pages) listLetters(w http.ResponseWriter, r *counter.Request) error {
	p := letterListPage{Page: s.Page(r, "letter.list.title"), State: r.Query("state"), To: counter.Clean(r.Query("to"))}
	p.Wide, p.Lead = true, p.T("letter.list.lead")
	for _, st := range flegt.LetterStates {
		p.States = append(p.States, counter.Option{Value: string(st), Label: p.T("letter.state." + string(st))})
	}
	now := counter.PageAsked(r)
	all, count, err := s.Office.Letters(r.Context(), r.Viewer.Actor, false, registry.LetterQuery{State: flegt.LetterState(p.State), To: p.To, Limit: sentPerPage, Offset: (now - 1) * sentPerPage})
	if err != nil {
		return err
	}
	if p.NoAddress, err = s.withoutAddress(r, &p.Page); err != nil {
		return err
	}
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("letter.written"), p.T("mail.to"), p.T("mail.subject"), p.T("roles.status"), p.T("letter.tries")}}
	for _, l := range all {
		status := letterState(&p.Page, l)
		p.Table.Rows = append(p.Table.Rows, []counter.Cell{p.MomentCell(l.CreatedAt), {Text: l.To}, {Text: l.Subject, URL: p.URL("/support/letters/%s", l.ID)},
			{Status: &status, Sub: l.LastError}, {Text: strconv.Itoa(l.Attempts), Number: true}})
	}
	p.Pages = s.PagesOf(r, &p.Page, now, sentPerPage, count)
	if len(all) == 0 {
		p.Empty = &counter.Empty{Title: p.T("letter.none"), Text: p.T("letter.none.yet")}
		if p.State+p.To != "" {
			p.Empty.Text, p.Empty.Link = p.T("letter.none.text"), counter.Link{URL: "/support/letters", Text: p.T("letter.all")}
		}
	}
	return s.Show(w, &p, "letter_list")
}

// withoutAddress lists the competent authorities with no official address known today: what
// concerns them is told to their officers in the application alone.
func (s pages) withoutAddress(r *counter.Request, p *counter.Page) ([]counter.Link, error) {
	all, err := s.Office.Authorities(r.Context(), flegt.RoleAuthority)
	if err != nil {
		return nil, err
	}
	wording.SortBy(p.Lang, all, func(a flegt.Authority) string { return p.CountryName(a.Country) })
	var out []counter.Link
	for _, a := range all {
		if len(a.AddressesOn(s.Office.Today())) > 0 {
			continue
		}
		l := counter.Link{Text: p.CountryName(a.Country)}
		if r.Viewer.Has(flegt.RoleSupport) { // the page is Support's alone
			l.URL = p.URL("/support/authorities/%s", a.ID)
		}
		out = append(out, l)
	}
	return out, nil
}

// letterState is the coloured label of where a letter stands.
func letterState(p *counter.Page, l flegt.Letter) counter.Status {
	tone := map[flegt.LetterState]string{flegt.LetterSent: "ok", flegt.LetterQueued: "wait", flegt.LetterBounced: "stop", flegt.LetterFailed: "stop"}[l.State]
	if tone == "" {
		tone = "plain"
	}
	return p.Status(tone, "letter.state."+string(l.State))
}

// sentLetterPage is one letter, with its way and its text.
type sentLetterPage struct {
	counter.Page
	Letter flegt.Letter
	Terms  []counter.Term
	Status counter.Status
	// MayRetry offers to try again now.
	MayRetry bool
}

func (s pages) sentLetter(r *counter.Request) (*sentLetterPage, error) {
	l, err := s.Office.LetterByID(r.Context(), r.Viewer.Actor, false, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &sentLetterPage{Page: s.Page(r, "letter.show.title"), Letter: l}
	p.Title = l.Subject
	p.Crumbs = []counter.Link{{URL: "/support/letters", Text: p.T("letter.list.title")}}
	p.Status = letterState(&p.Page, l)
	p.MayRetry = r.Viewer.Has(flegt.RoleSupport) && l.State != flegt.LetterSent
	p.Terms = []counter.Term{counter.TermOf(p.T("mail.to"), l.To), counter.TermOf(p.T("letter.written"), p.DateTime(l.CreatedAt)), counter.TermOf(p.T("letter.tries"), strconv.Itoa(l.Attempts))}
	if !l.SentAt.IsZero() {
		p.Terms = append(p.Terms, counter.TermOf(p.T("letter.sent"), p.DateTime(l.SentAt)))
	}
	if l.State == flegt.LetterQueued && !l.NextAt.IsZero() {
		p.Terms = append(p.Terms, counter.TermOf(p.T("letter.next"), p.DateTime(l.NextAt)))
	}
	if l.LastError != "" {
		p.Terms = append(p.Terms, counter.TermOf(p.T("letter.reason"), l.LastError))
	}
	p.Terms = append(p.Terms, counter.TermOf("Message-ID", l.MessageID))
	return p, nil
}

func (s pages) showSentLetter(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.sentLetter(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "letter_show")
}

func (s pages) retryLetter(w http.ResponseWriter, r *counter.Request) error {
	id := r.PathValue("id")
	err := s.Office.RetryLetter(r.Context(), r.Viewer.Actor, id)
	if err == nil {
		return s.Done(w, r, "/support/letters/"+url.PathEscape(id), "letter.retried")
	}
	p, failed := s.sentLetter(r)
	if failed != nil {
		return failed
	}
	return s.Again(w, p, "letter_show", err)
}

// unreachable says of an address that letters to it come back; nil while they do not.
func (s pages) unreachable(r *counter.Request, p *counter.Page, addresses ...string) ([]unreachableView, error) {
	found, err := s.Office.Unreachable(r.Context(), r.Viewer.Actor, addresses...)
	if err != nil {
		return nil, err
	}
	var out []unreachableView
	for _, address := range addresses {
		if l, bad := found[address]; bad {
			out = append(out, unreachableView{Link: counter.Link{URL: p.URL("/support/letters/%s", l.ID), Text: p.T("letter.see")},
				Text: p.T("letter.unreachable", "Address", address, "Day", p.DateTime(l.CreatedAt)), Reason: l.LastError})
		}
	}
	return out, nil
}

// unreachableView is an address that letters do not reach, with the letter that shows it.
type unreachableView struct {
	counter.Link
	Text, Reason string
}
