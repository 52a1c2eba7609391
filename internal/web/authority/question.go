package authority

import (
	"net/http"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// questionAskPage is the form in which an officer asks.
type questionAskPage struct {
	counter.Page
	Licence flegt.Licence
	To      flegt.Addressee
	// Addresses are where the issuing country is written to; Unreachable says that none is
	// known, so that nothing can be asked.
	Addresses   []string
	Unreachable string
	Boxes       []counter.Option
	// Box, Text and Deadline are what was chosen and typed; Today is the earliest deadline.
	Box, Text, Deadline, Today string
	Action                     string
}

func (s pages) askForm(r *counter.Request) (*questionAskPage, error) {
	to := flegt.Addressee(r.PathValue("to"))
	if !r.Viewer.Has(flegt.RoleAuthority) || !slices.Contains(flegt.Addressees, to) {
		return nil, flegt.Missing()
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	l := c.Licence
	if l.State != flegt.Submitted && l.State != flegt.Returned {
		return nil, flegt.Refuse(flegt.Conflict, "question.decided", nil)
	}
	p := &questionAskPage{Page: s.Page(r, "question.ask."+string(to)), Licence: l, To: to, Addresses: c.Issuing, Today: string(s.Office.TodayIn(l.ImportCountry)), Action: r.URL.Path}
	p.Lead = p.T("question.ask.lead."+string(to), "Number", l.Form.Number, "Export", p.CountryName(l.Form.Export))
	p.Crumbs = []counter.Link{{URL: "/desk", Text: p.T("desk.title")}, {URL: p.URL("/desk/%s", l.ID), Text: l.Form.Number}}
	p.Deadline = string(flegt.DateOf(s.Office.TodayIn(l.ImportCountry).Time().AddDate(0, 0, to.AnswerDays())))
	if to == flegt.ToIssuing && len(c.Issuing) == 0 {
		p.Unreachable = p.T("question.no_address", "Country", p.CountryName(l.Form.Export))
	}
	for _, box := range flegt.PaperBoxes {
		p.Boxes = append(p.Boxes, counter.Option{Value: box.Number, Label: p.PaperBox(box.Number)})
	}
	return p, nil
}

func (s pages) showAsk(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.askForm(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "question_ask")
}

func (s pages) ask(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.askForm(r)
	if err != nil {
		return err
	}
	p.Box, p.Text, p.Deadline = r.Posted("box"), counter.Clean(r.Posted("text")), string(flegt.ParseDate(r.Posted("deadline")))
	_, err = s.Office.AskQuestion(r.Context(), r.Viewer.Actor, p.Licence.ID, registry.Asking{To: p.To, Box: p.Box, Text: p.Text, Deadline: flegt.Date(p.Deadline)})
	if err != nil {
		return s.Again(w, p, "question_ask", err)
	}
	return s.Done(w, r, p.URL("/desk/%s", p.Licence.ID)+"#questions", "question.asked."+string(p.To))
}

// closeQuestion ends the waiting without an answer.
func (s pages) closeQuestion(w http.ResponseWriter, r *counter.Request) error {
	q, err := s.Office.CloseQuestion(r.Context(), r.Viewer.Actor, r.PathValue("question"))
	if err != nil {
		return err
	}
	return s.Done(w, r, "/desk/"+q.Licence+"#questions", "question.closed_now")
}
