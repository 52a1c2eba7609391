package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
)

// answersPage is where the importer remarks on what a person is to look at: the officer
// reads it beside the finding.
type answersPage struct {
	Page
	Licence flegt.Licence
	Version int
	Looks   []lookLine
}

// lookLine is one finding with its answer.
type lookLine struct {
	FindingLine
	Key, Field string
	Box        string // of the form: one for each finding
	Words      string
}

func (s *Server) answersForm(r *Request) (*answersPage, error) {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	l := c.Licence
	if _, may := flegt.Next(l.State, r.Viewer.Actor.Role, flegt.VerbEdit); !may {
		return nil, flegt.Refuse(flegt.Conflict, "licence.no_such_step", nil)
	}
	p := &answersPage{Page: s.page(r, "check.answer.title"), Licence: l, Version: l.Version}
	p.Lead = p.T("licence.step.of", "Number", s.numberOr(r, l))
	p.Crumbs = []Link{{"/licences", p.T("licence.list.title")}, {p.URL("/licences/%s/edit", l.ID), s.numberOr(r, l)}}
	for _, f := range c.Findings {
		if f.Severity != flegt.Look {
			continue
		}
		line := lookLine{Key: f.Key, Field: f.Field, Words: f.Answer, Box: fmt.Sprintf("words.%d", len(p.Looks))}
		f.Answer = ""
		line.FindingLine = p.findings([]flegt.Finding{f})[0]
		p.Looks = append(p.Looks, line)
	}
	return p, nil
}

func (s *Server) showAnswers(w http.ResponseWriter, r *Request) error {
	p, err := s.answersForm(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "licence_answers")
}

// answerFinding keeps each answer that is another than before, one after the other.
func (s *Server) answerFinding(w http.ResponseWriter, r *Request) error {
	p, err := s.answersForm(r)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(r.Posted("version"))
	for i := range p.Looks {
		look := &p.Looks[i]
		words := clean(r.Posted(look.Box))
		if r.Posted(look.Box+".key") != look.Key || r.Posted(look.Box+".field") != look.Field || words == look.Words {
			continue // the findings changed meanwhile: what was not asked is not answered
		}
		l, err := s.Office.AnswerFinding(r.Context(), r.Viewer.Actor, p.Licence.ID, version, look.Key, look.Field, words)
		look.Words = words
		if refusal, ok := asRefusal(err); ok {
			for j := range refusal.Boxes {
				refusal.Boxes[j].Box = look.Box
			}
			return s.again(w, p, "licence_answers", refusal)
		} else if err != nil {
			return err
		}
		version, p.Version = l.Version, l.Version
	}
	return s.done(w, r, "/licences/"+url.PathEscape(p.Licence.ID)+"/edit", "check.answer.saved")
}
