package account

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// questionsPage lists questions by their state: for an authority those that it asked, for an
// importer and a licensing authority those that wait for their answer.
type questionsPage struct {
	counter.Page
	Tabs  []counter.Tab
	Table counter.Table
	Pages counter.Pages
	Empty *counter.Empty
}

// shownOfQuestion is how much of a question's text stands in the list, in characters.
const shownOfQuestion = 120

func (s pages) listQuestions(w http.ResponseWriter, r *counter.Request) error {
	state := flegt.QuestionState(r.Query("state"))
	if !slices.Contains(flegt.QuestionStates, state) {
		state = flegt.QuestionOpen
	}
	now := counter.PageAsked(r)
	found, counts, err := s.Office.Questions(r.Context(), r.Viewer.Actor, registry.QuestionQuery{State: state, Limit: counter.LicencesPerPage, Offset: (now - 1) * counter.LicencesPerPage})
	if err != nil {
		return err
	}
	p := &questionsPage{Page: s.Page(r, "question.list.title")}
	p.Wide = true
	p.Lead = p.T("question.list.lead")
	asks := r.Viewer.Has(flegt.RoleAuthority)
	if asks {
		p.Lead = p.T("question.list.lead.authority")
	}
	for _, x := range flegt.QuestionStates {
		p.Tabs = append(p.Tabs, counter.Tab{Link: counter.Link{URL: "/questions?" + url.Values{"state": {string(x)}}.Encode(), Text: p.T("question.state." + string(x))}, Count: p.counted(counts[x]), Current: x == state})
	}
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("question.deadline"), p.T("licence.number"), p.T("question.text"), p.T("question.list.between")}}
	for _, q := range found {
		p.Table.Rows = append(p.Table.Rows, p.questionRow(q, asks))
	}
	p.Pages = s.PagesOf(r, &p.Page, now, counter.LicencesPerPage, counts[state])
	if counts[state] > counter.CountedUpTo {
		p.Pages.Summary = p.T("question.list.more", "Count", counter.CountedUpTo)
	}
	if len(found) == 0 {
		p.Empty = &counter.Empty{Title: p.T("question.list.none"), Text: p.T("question.list.none.text"), Link: counter.Link{URL: "/licences", Text: p.T("menu.licences")}}
	}
	return s.Show(w, p, "question_list")
}

// counted writes how many there are; lists stop counting somewhere.
func (p *questionsPage) counted(n int) string {
	if n > counter.CountedUpTo {
		return p.Number(counter.CountedUpTo) + "+"
	}
	return p.Number(n)
}

// questionRow is a question in the list; its page leads an authority on to its case.
func (p *questionsPage) questionRow(q registry.NumberedQuestion, asks bool) []counter.Cell {
	to := p.URL("/questions/%s", q.ID)
	between := p.T("question.list.from", "Name", p.T("question.by_authority", "Country", p.CountryName(q.Country)))
	if asks {
		between = p.T("question.to."+string(q.To), "Export", p.CountryName(q.Export))
	}
	until := p.DayCell(q.Deadline)
	if q.Overdue(p.Server().Office.TodayIn(q.Country)) {
		late := p.Status("stop", "question.list.overdue")
		until.Status = &late
	}
	text := []rune(q.Text)
	if len(text) > shownOfQuestion {
		text = append(text[:shownOfQuestion:shownOfQuestion], '…')
	}
	return []counter.Cell{until, {Text: q.Number, URL: to}, {Text: string(text)}, {Text: between, Sub: p.T("question.list.asked", "When", p.DateTime(q.AskedAt))}}
}

// questionCard adds a card with how many questions wait; none when there are none.
func (s pages) questionCard(r *counter.Request, p *homePage) error {
	_, counts, err := s.Office.Questions(r.Context(), r.Viewer.Actor, registry.QuestionQuery{State: flegt.QuestionOpen, Limit: 1})
	if n := counts[flegt.QuestionOpen]; n > 0 {
		p.Cards = append(p.Cards, homeCard{Link: counter.Link{URL: "/questions", Text: p.T("question.list.title")}, Count: p.TN("home.questions", n), Text: p.T("home.questions.text")})
	}
	return err
}
