package account

import (
	"io"
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// questionPage is one question, on which whoever was asked answers.
type questionPage struct {
	counter.Page
	Questions []counter.QuestionView // one
	// QuestionPages lead to the answers before and after.
	QuestionPages counter.Pages
	Number        string
	Licence       counter.Link
	MayClose      bool
	Text          string // as typed
	Action        string

	asked []flegt.Question // about the licence
}

// roomOfAnswers is how many bytes the page has for a question and its answers.
const roomOfAnswers = 60_000

func (s pages) questionPage(r *counter.Request) (*questionPage, flegt.Question, error) {
	q, err := s.Office.Question(r.Context(), r.Viewer.Actor, r.PathValue("question"))
	if err != nil {
		return nil, q, err
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, q.Licence)
	if err != nil {
		return nil, q, err
	}
	p := &questionPage{Page: s.Page(r, "question.title", "Number", c.Licence.Form.Number), Number: c.Licence.Form.Number}
	p.Licence = counter.Link{URL: p.URL("/licences/%s", q.Licence), Text: p.T("notice.licence.link")}
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}, {URL: p.Licence.URL, Text: p.Number}}
	p.Questions, p.QuestionPages = p.QuestionsOf(r, "answers", p.URL("/questions/%s", q.ID), roomOfAnswers, []flegt.Question{q}, c.Names)
	p.asked = c.Questions
	if q.State != flegt.QuestionClosed {
		p.Action = p.URL("/questions/%s", q.ID)
	}
	return p, q, nil
}

// showQuestion shows a question to whoever was asked; an officer finds it at the case.
func (s pages) showQuestion(w http.ResponseWriter, r *counter.Request) error {
	p, q, err := s.questionPage(r)
	if err != nil {
		return err
	}
	if r.Viewer.Has(flegt.RoleAuthority) {
		at := p.URL("/desk/%s", q.Licence)
		if n := counter.PageOfQuestion(p.asked, q.ID); n > 0 {
			at += "?questions=" + strconv.Itoa(n)
		}
		http.Redirect(w, r.Request, at+"#question-"+q.ID, http.StatusSeeOther)
		return nil
	}
	return s.Show(w, p, "question_show")
}

// answerQuestion takes an answer with its files, as they arrive. When a file is refused
// nothing is sent, and what was typed stands there still.
func (s pages) answerQuestion(w http.ResponseWriter, r *counter.Request) error {
	id := r.PathValue("question")
	u, err := s.TakeFiles(w, r, func(name string, part io.Reader) (*registry.ReceivedScan, error) {
		return s.Office.ReceiveAnswerFile(r.Context(), r.Viewer.Actor, id, name, part)
	})
	if err != nil {
		return err
	}
	defer u.Close()
	text := counter.Clean(r.Posted("text"))
	if err = u.Wrong; err == nil {
		_, err = s.Office.AnswerQuestion(r.Context(), r.Viewer.Actor, id, text, u.Scans)
	}
	if err != nil {
		p, _, failed := s.questionPage(r)
		if failed != nil {
			return failed
		}
		p.Text = text
		return s.Again(w, p, "question_show", err)
	}
	return s.Done(w, r, "/questions/"+id, "question.answer_sent")
}

// showAnswerFile sends a file of an answer to whoever may see its question.
func (s pages) showAnswerFile(w http.ResponseWriter, r *counter.Request) error {
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
	counter.SendScan(w, r, f, how, scan.Name, scan.Type == "application/pdf")
	return nil
}

// showAnswerMail sends the mail by which an answer came, to be kept, never shown as a page.
func (s pages) showAnswerMail(w http.ResponseWriter, r *counter.Request) error {
	raw, err := s.Office.AnswerMail(r.Context(), r.Viewer.Actor, r.PathValue("question"), r.PathValue("answer"))
	if err != nil {
		return err
	}
	return counter.SendMail(w, raw)
}
