package operator

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// answersPage is where the importer remarks on what a person is to look at: the officer
// reads it beside the finding.
type answersPage struct {
	counter.Page
	Licence flegt.Licence
	Version int
	Looks   []lookLine
	// Shown are those on this page of them, LinePages the way to the others: buttons, as what was
	// typed is kept on the way.
	Shown     []lookLine
	LinePages counter.Pages
}

// looksShown is how many findings one page asks about: each has a box of its own.
const looksShown = 40

// show chooses a page of the findings; it counts from 1.
func (p *answersPage) show(s pages, r *counter.Request, now int) {
	now = min(max(1, now), max(1, (len(p.Looks)+looksShown-1)/looksShown))
	p.LinePages = s.PagesOf(r, &p.Page, now, looksShown, len(p.Looks))
	if len(p.Looks) <= looksShown {
		p.LinePages = counter.Pages{}
	}
	p.Shown = p.Looks[(now-1)*looksShown : min(now*looksShown, len(p.Looks))]
}

// lookLine is one finding with its answer.
type lookLine struct {
	counter.FindingLine
	Key, Field string
	Box        string // of the form: one for each finding
	Words      string
}

func (s pages) answersForm(r *counter.Request) (*answersPage, error) {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	l := c.Licence
	if _, may := flegt.Next(l.State, r.Viewer.Actor.Role, flegt.VerbEdit); !may {
		return nil, flegt.Refuse(flegt.Conflict, "licence.no_such_step", nil)
	}
	p := &answersPage{Page: s.Page(r, "check.answer.title"), Licence: l, Version: l.Version}
	p.Lead = p.T("licence.step.of", "Number", s.NumberOf(r, l))
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}, {URL: p.URL("/licences/%s/edit", l.ID), Text: s.NumberOf(r, l)}}
	for _, f := range c.Findings {
		if f.Severity != flegt.Look {
			continue
		}
		line := lookLine{Key: f.Key, Field: f.Field, Words: f.Answer, Box: fmt.Sprintf("words.%d", len(p.Looks))}
		f.Answer = ""
		line.FindingLine = p.FindingLines([]flegt.Finding{f})[0]
		p.Looks = append(p.Looks, line)
	}
	p.show(s, r, counter.PageAsked(r))
	return p, nil
}

func (s pages) showAnswers(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.answersForm(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "licence_answers")
}

// answerFinding keeps each answer that is another than before, one after the other.
func (s pages) answerFinding(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.answersForm(r)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(r.Posted("version"))
	for i := range p.Looks {
		look := &p.Looks[i]
		words := counter.Clean(r.Posted(look.Box))
		if r.Posted(look.Box+".key") != look.Key || r.Posted(look.Box+".field") != look.Field || words == look.Words {
			continue // the findings changed meanwhile: what was not asked is not answered
		}
		l, err := s.Office.AnswerFinding(r.Context(), r.Viewer.Actor, p.Licence.ID, version, look.Key, look.Field, words)
		look.Words = words
		if refusal, ok := counter.AsRefusal(err); ok {
			for j := range refusal.Boxes {
				refusal.Boxes[j].Box = look.Box
			}
			p.show(s, r, i/looksShown+1)
			return s.Again(w, p, "licence_answers", refusal)
		} else if err != nil {
			return err
		}
		version, p.Version = l.Version, l.Version
	}
	if page, ok := strings.CutPrefix(r.Posted("do"), "lines:"); ok {
		return s.Done(w, r, "/licences/"+url.PathEscape(p.Licence.ID)+"/answers?page="+url.QueryEscape(page), "check.answer.saved")
	}
	return s.Done(w, r, editPath(p.Licence.ID), "check.answer.saved")
}
