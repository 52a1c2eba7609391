package counter

import (
	"cmp"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// questionsView is what was asked and answered about a licence, as far as the viewer may see
// it, and what the viewer may ask.
type questionsView struct {
	Questions []QuestionView
	// QuestionPages lead to the questions and answers before and after those.
	QuestionPages Pages
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
	// Continued says that the question and its first answers are on a page before.
	Continued bool
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

// How many questions and answers are shown at a time beside a licence, and how many bytes they may
// have.
// Of answers that are waited for the first few are told of at the head of the page.
const (
	waitsShown      = 5
	questionsShown  = 30
	roomOfQuestions = 16_000
)

// spoken is a question, or an answer to it.
type spoken struct{ question, answer int } // answer is -1 for the question itself

// spokenOf are questions with their answers, one after the other, and about how many bytes each has.
func spokenOf(questions []flegt.Question) (all []spoken, bytes []int) {
	for i, q := range questions {
		all, bytes = append(all, spoken{i, -1}), append(bytes, 900+BytesOf(q.Text))
		for j, a := range q.Answers {
			n := 500 + BytesOf(a.Text) + 2*BytesOf(a.From)
			for _, f := range a.Files {
				n += 400 + BytesOf(f.Name)
			}
			for _, f := range a.Refused {
				n += 250 + BytesOf(f.Name)
			}
			all, bytes = append(all, spoken{i, j}), append(bytes, n)
		}
	}
	return all, bytes
}

// BytesOfQuestions is about how many bytes a licence's page has for questions.
func BytesOfQuestions(questions []flegt.Question) int {
	_, bytes := spokenOf(questions)
	return MostOf(bytes, roomOfQuestions)
}

// PageOfQuestion is on which page beside a licence a question stands, counted from 1; 0 when there is
// one page.
func PageOfQuestion(questions []flegt.Question, id string) int {
	all, bytes := spokenOf(questions)
	ends := endsOf(bytes, questionsShown, roomOfQuestions)
	if len(ends) == 1 {
		return 0
	}
	for n, end := range ends {
		if slices.ContainsFunc(all[:end], func(s spoken) bool { return s.answer < 0 && questions[s.question].ID == id }) {
			return n + 1
		}
	}
	return len(ends)
}

// QuestionsOf puts the questions and answers into words that stand on the page asked for, or else on the last
// one, of those at an address; the names are those of accounts.
func (p *Page) QuestionsOf(r *Request, name, address string, room int, questions []flegt.Question, names map[string]string) (out []QuestionView, way Pages) {
	all, bytes := spokenOf(questions)
	first, end, way := p.LastOf(r, name, address, bytes, questionsShown, room)
	way.Label = p.T("question.list")
	before := -1
	for _, s := range all[first:end] {
		q := questions[s.question]
		if s.question != before {
			v := p.QuestionOf(q, names)
			v.Answers, v.Continued = nil, s.answer >= 0
			out, before = append(out, v), s.question
		}
		if s.answer >= 0 {
			v := &out[len(out)-1]
			v.Answers = append(v.Answers, p.answerOf(q, q.Answers[s.answer], names))
		}
	}
	return out, way
}

// questions puts what was asked into words.
func (p *Page) questions(r *Request, c registry.Case, address string) questionsView {
	var v questionsView
	v.Questions, v.QuestionPages = p.QuestionsOf(r, "questions", address, roomOfQuestions, c.Questions, c.Names)
	if p.Viewer.Has(flegt.RoleOperator) {
		waits := slices.SortedStableFunc(slices.Values(c.Waits), func(a, b flegt.Wait) int { return cmp.Compare(a.Until, b.Until) })
		for _, w := range waits[:min(len(waits), waitsShown)] {
			v.Awaited = append(v.Awaited, p.awaited(c.Licence, w))
		}
		if more := len(waits) - waitsShown; more > 0 {
			v.Awaited = append(v.Awaited, map[string]any{"tone": "info", "title": p.TN("licence.waits.more", more), "text": p.T("licence.waits.more.text"), "link": Link{"#questions", p.T("licence.waits.more.link")}})
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

// QuestionOf puts a question into words, without its answers; the names are those of accounts.
func (p *Page) QuestionOf(q flegt.Question, names map[string]string) QuestionView {
	v := QuestionView{ID: "question-" + q.ID, To: p.T("question.to."+string(q.To), "Export", p.CountryName(q.Export)), Box: p.PaperBox(q.Box), Text: q.Text,
		Deadline: p.Day(q.Deadline), Over: q.Overdue(p.server.Office.TodayIn(q.Country))}
	by := names[q.AskedBy]
	if by == "" {
		by = p.T("question.by_authority", "Country", p.CountryName(q.Country))
	}
	v.Asked = p.T("question.asked_by", "Name", by, "When", p.DateTime(q.AskedAt))
	tone := map[flegt.QuestionState]string{flegt.QuestionOpen: "wait", flegt.QuestionAnswered: "ok", flegt.QuestionClosed: "plain"}[q.State]
	v.Status = p.Status(tone, "question.state."+string(q.State))
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

// PaperBox names a box of the paper by its number: "Box 14 – Volume, m³"; empty for none.
func (p *Page) PaperBox(number string) string {
	box, known := flegt.PaperBoxNumbered(number)
	if !known {
		return ""
	}
	return p.T("question.box_named", "Box", box.Number, "Name", p.T(box.Key))
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
