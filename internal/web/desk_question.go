package web

import (
	"net/http"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// questionAskPage is the form in which an officer asks.
type questionAskPage struct {
	Page
	Licence flegt.Licence
	To      flegt.Addressee
	// Addresses are where the issuing country is written to; Unreachable says that none is
	// known, so that nothing can be asked.
	Addresses   []string
	Unreachable string
	Boxes       []Option
	// Box, Text and Deadline are what was chosen and typed; Today is the earliest deadline.
	Box, Text, Deadline, Today string
	Action                     string
}

func (s *Server) askForm(r *Request) (*questionAskPage, error) {
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
	p := &questionAskPage{Page: s.page(r, "question.ask."+string(to)), Licence: l, To: to, Addresses: c.Issuing, Today: string(s.Office.Today()), Action: r.URL.Path}
	p.Lead = p.T("question.ask.lead."+string(to), "Number", l.Form.Number, "Export", p.CountryName(l.Form.Export))
	p.Crumbs = []Link{{"/desk", p.T("desk.title")}, {p.URL("/desk/%s", l.ID), l.Form.Number}}
	p.Deadline = string(flegt.DateOf(s.Office.Today().Time().AddDate(0, 0, to.AnswerDays())))
	if to == flegt.ToIssuing && len(c.Issuing) == 0 {
		p.Unreachable = p.T("question.no_address", "Country", p.CountryName(l.Form.Export))
	}
	for _, box := range flegt.PaperBoxes {
		p.Boxes = append(p.Boxes, Option{Value: box, Label: p.T("question.box_number", "Box", box)})
	}
	return p, nil
}

func (s *Server) showAsk(w http.ResponseWriter, r *Request) error {
	p, err := s.askForm(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "question_ask")
}

func (s *Server) ask(w http.ResponseWriter, r *Request) error {
	p, err := s.askForm(r)
	if err != nil {
		return err
	}
	p.Box, p.Text, p.Deadline = r.Posted("box"), clean(r.Posted("text")), string(flegt.ParseDate(r.Posted("deadline")))
	_, err = s.Office.AskQuestion(r.Context(), r.Viewer.Actor, p.Licence.ID, registry.Asking{To: p.To, Box: p.Box, Text: p.Text, Deadline: flegt.Date(p.Deadline)})
	if err != nil {
		return s.again(w, p, "question_ask", err)
	}
	return s.done(w, r, p.URL("/desk/%s", p.Licence.ID)+"#questions", "question.asked."+string(p.To))
}

// closeQuestion ends the waiting without an answer.
func (s *Server) closeQuestion(w http.ResponseWriter, r *Request) error {
	q, err := s.Office.CloseQuestion(r.Context(), r.Viewer.Actor, r.PathValue("question"))
	if err != nil {
		return err
	}
	return s.done(w, r, "/desk/"+q.Licence+"#questions", "question.closed_now")
}
