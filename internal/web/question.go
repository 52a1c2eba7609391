package web

import (
	"io"
	"net/http"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// questionsView is what was asked and answered about a licence, as far as the viewer may see
// it, and what the viewer may ask.
type questionsView struct {
	Questions []questionView
	// Ask leads to the forms for asking; empty when nothing can be asked.
	Ask []Link
}

// questionView is one question with its answers.
type questionView struct {
	ID, To, Asked, Box, Text, Deadline string
	Over                               bool
	Status                             Status
	Answers                            []answerView
	// AnswerURL leads to the form for whoever was asked; CloseURL closes it, by an officer.
	AnswerURL, CloseURL string
}

// answerView is one answer.
type answerView struct {
	By, Text string
	Marks    []Status // late, from an unknown sender, forged
	Checks   string   // SPF, DKIM and DMARC of a mail
	Files    []File
	Refused  []string // attachments that were not taken, with the reason
	RawURL   string   // the mail as it came, for the authority
}

// questions puts what was asked into words.
func (p *Page) questions(c registry.Case) questionsView {
	var v questionsView
	for _, q := range c.Questions {
		v.Questions = append(v.Questions, p.questionOf(q, c.Names))
	}
	l := c.Licence
	if p.Viewer.Has(flegt.RoleAuthority) && (l.State == flegt.Submitted || l.State == flegt.Returned) {
		for _, to := range flegt.Addressees {
			v.Ask = append(v.Ask, Link{p.URL("/desk/%s/ask/%s", l.ID, string(to)), p.T("question.ask." + string(to))})
		}
	}
	return v
}

func (p *Page) questionOf(q flegt.Question, names map[string]string) questionView {
	v := questionView{ID: "question-" + q.ID, To: p.T("question.to."+string(q.To), "Export", p.country(q.Export)), Box: q.Box, Text: q.Text,
		Deadline: p.day(q.Deadline), Over: q.Overdue(p.server.Office.Today())}
	by := names[q.AskedBy]
	if by == "" {
		by = p.bodyName(flegt.AuthorityID(q.Country))
	}
	v.Asked = p.T("question.asked_by", "Name", by, "When", p.DateTime(q.AskedAt))
	tone := map[flegt.QuestionState]string{flegt.QuestionOpen: "wait", flegt.QuestionAnswered: "ok", flegt.QuestionClosed: "plain"}[q.State]
	v.Status = p.Status(tone, "question.state."+string(q.State))
	for _, a := range q.Answers {
		v.Answers = append(v.Answers, p.answerOf(q, a, names))
	}
	switch {
	case p.Viewer.Has(flegt.RoleAuthority):
		if q.State == flegt.QuestionOpen {
			v.CloseURL = p.URL("/questions/%s/close", q.ID)
		}
	case q.State != flegt.QuestionClosed:
		v.AnswerURL = p.URL("/questions/%s", q.ID)
	}
	return v
}

func (p *Page) answerOf(q flegt.Question, a flegt.Reply, names map[string]string) answerView {
	by := names[a.By]
	switch {
	case a.Mail != "":
		by = a.From
	case by == "":
		by = p.T("question.to."+string(q.To), "Export", p.country(q.Export))
	}
	v := answerView{By: p.T("question.answered_by", "Name", by, "When", p.DateTime(a.At)), Text: a.Text}
	mark := func(yes bool, tone, key string) {
		if yes {
			v.Marks = append(v.Marks, p.Status(tone, key))
		}
	}
	mark(a.Mail != "", "plain", "question.by_mail")
	mark(a.Late, "wait", "question.late")
	mark(!a.Known, "stop", "question.sender_unknown")
	mark(a.Forged, "stop", "question.sender_forged")
	for _, f := range a.Files {
		v.Files = append(v.Files, File{URL: p.URL("/questions/%s/files/%s", q.ID, f.ID), Name: f.Name, Meta: p.fileMeta(f)})
	}
	for _, f := range a.Refused {
		v.Refused = append(v.Refused, p.T("question.file_refused", "Name", f.Name, "Why", p.server.Catalog.Say(p.Lang, f.Key, f.Args)))
	}
	if a.Mail != "" && p.Viewer.Has(flegt.RoleAuthority) {
		v.Checks = p.T("question.checks", "SPF", a.Checks["spf"], "DKIM", a.Checks["dkim"], "DMARC", a.Checks["dmarc"])
		v.RawURL = p.URL("/questions/%s/mails/%s", q.ID, a.ID)
	}
	return v
}

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
	p.Lead = p.T("question.ask.lead."+string(to), "Number", l.Form.Number, "Export", p.country(l.Form.Export))
	p.Crumbs = []Link{{"/desk", p.T("desk.title")}, {p.URL("/desk/%s", l.ID), l.Form.Number}}
	p.Deadline = string(flegt.DateOf(s.Office.Today().Time().AddDate(0, 0, to.AnswerDays())))
	if to == flegt.ToIssuing && len(c.Issuing) == 0 {
		p.Unreachable = p.T("question.no_address", "Country", p.country(l.Form.Export))
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

// questionPage is one question, on which whoever was asked answers.
type questionPage struct {
	Page
	Question questionView
	Number   string
	Licence  Link
	MayClose bool
	Text     string // as typed
	Action   string
}

func (s *Server) questionPage(r *Request) (*questionPage, flegt.Question, error) {
	q, err := s.Office.Question(r.Context(), r.Viewer.Actor, r.PathValue("question"))
	if err != nil {
		return nil, q, err
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, q.Licence)
	if err != nil {
		return nil, q, err
	}
	p := &questionPage{Page: s.page(r, "question.title", "Number", c.Licence.Form.Number), Number: c.Licence.Form.Number}
	p.Licence = Link{p.URL("/licences/%s", q.Licence), p.T("notice.licence.link")}
	p.Crumbs = []Link{{"/licences", p.T("licence.list.title")}, {p.Licence.URL, p.Number}}
	p.Question = p.questionOf(q, c.Names)
	if q.State != flegt.QuestionClosed {
		p.Action = p.URL("/questions/%s", q.ID)
	}
	return p, q, nil
}

// showQuestion shows a question to whoever was asked; an officer finds it at the case.
func (s *Server) showQuestion(w http.ResponseWriter, r *Request) error {
	p, q, err := s.questionPage(r)
	if err != nil {
		return err
	}
	if r.Viewer.Has(flegt.RoleAuthority) {
		http.Redirect(w, r.Request, p.URL("/desk/%s", q.Licence)+"#question-"+q.ID, http.StatusSeeOther)
		return nil
	}
	return s.show(w, p, "question_show")
}

// answerQuestion takes an answer with its files, as they arrive. When a file is refused
// nothing is sent, and what was typed stands there still.
func (s *Server) answerQuestion(w http.ResponseWriter, r *Request) error {
	id := r.PathValue("question")
	u, err := s.takeFiles(w, r, func(name string, part io.Reader) (*registry.ReceivedScan, error) {
		return s.Office.ReceiveAnswerFile(r.Context(), r.Viewer.Actor, id, name, part)
	})
	if err != nil {
		return err
	}
	defer u.close()
	text := clean(r.Posted("text"))
	if err = u.wrong; err == nil {
		_, err = s.Office.AnswerQuestion(r.Context(), r.Viewer.Actor, id, text, u.scans)
	}
	if err != nil {
		p, _, failed := s.questionPage(r)
		if failed != nil {
			return failed
		}
		p.Text = text
		return s.again(w, p, "question_show", err)
	}
	return s.done(w, r, "/questions/"+id, "question.answer_sent")
}

// showAnswerFile sends a file of an answer to whoever may see its question.
func (s *Server) showAnswerFile(w http.ResponseWriter, r *Request) error {
	scan, f, err := s.Office.AnswerFile(r.Context(), r.Viewer.Actor, r.PathValue("question"), r.PathValue("file"))
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", scan.Type)
	w.Header().Set("ETag", `"`+scan.SHA256+`"`)
	how := "inline"
	if scan.Type == "image/tiff" { // no browser shows it
		how = "attachment"
	}
	sendScan(w, r, f, how, scan.Name, scan.Type == "application/pdf")
	return nil
}

// showAnswerMail sends the mail by which an answer came, to be kept, never shown as a page.
func (s *Server) showAnswerMail(w http.ResponseWriter, r *Request) error {
	raw, err := s.Office.AnswerMail(r.Context(), r.Viewer.Actor, r.PathValue("question"), r.PathValue("answer"))
	if err != nil {
		return err
	}
	return sendMail(w, raw)
}
