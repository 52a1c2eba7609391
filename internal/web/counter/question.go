package counter

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// questionsView is what was asked and answered about a licence, as far as the viewer may see
// it, and what the viewer may ask.
type questionsView struct {
	Questions []QuestionView
	// Awaited tells the importer whose answer the authority waits for, as the part "notification"
	// shows it; empty when it waits for none.
	Awaited []map[string]any
	// Ask leads to the forms for asking; empty when nothing can be asked.
	Ask []Link
}

// QuestionView is one question with its answers.
type QuestionView struct {
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
		v.Questions = append(v.Questions, p.QuestionOf(q, c.Names))
	}
	if p.Viewer.Has(flegt.RoleOperator) {
		for _, w := range c.Waits {
			v.Awaited = append(v.Awaited, p.awaited(c.Licence, w))
		}
	}
	l := c.Licence
	if p.Viewer.Has(flegt.RoleAuthority) && (l.State == flegt.Submitted || l.State == flegt.Returned) {
		for _, to := range flegt.Addressees {
			v.Ask = append(v.Ask, Link{p.URL("/desk/%s/ask/%s", l.ID, string(to)), p.T("question.ask." + string(to))})
		}
	}
	return v
}

// awaited tells an importer whose answer is waited for, until when, and what he can do.
func (p *Page) awaited(l flegt.Licence, w flegt.Wait) map[string]any {
	key, tone := "licence.waits."+string(w.To), "info"
	note := map[string]any{"title": p.T(key + ".title")}
	if w.To == flegt.ToImporter {
		tone, note["link"] = "warning", Link{p.URL("/questions/%s", w.Question), p.T("question.answer")}
	}
	if w.Overdue(p.server.Office.TodayIn(l.ImportCountry)) {
		key, tone = key+".over", "warning"
	}
	note["tone"], note["text"] = tone, p.T(key, "Country", p.CountryName(l.ImportCountry), "Export", p.CountryName(l.Form.Export), "Day", p.Day(w.Until))
	return note
}

// QuestionOf puts a question into words; the names are those of accounts.
func (p *Page) QuestionOf(q flegt.Question, names map[string]string) QuestionView {
	v := QuestionView{ID: "question-" + q.ID, To: p.T("question.to."+string(q.To), "Export", p.CountryName(q.Export)), Box: q.Box, Text: q.Text,
		Deadline: p.Day(q.Deadline), Over: q.Overdue(p.server.Office.TodayIn(q.Country))}
	by := names[q.AskedBy]
	if by == "" {
		by = p.BodyName(flegt.AuthorityID(q.Country))
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
		by = p.T("question.to."+string(q.To), "Export", p.CountryName(q.Export))
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
