package api

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// Question is what a competent authority wants to know about a licence.
type Question struct {
	ID         string              `json:"id"`
	Licence    string              `json:"licence" doc:"Id of the licence."`
	Number     string              `json:"number,omitempty" doc:"Of the licence; in lists alone."`
	Authority  string              `json:"authority" doc:"The authority that asks." example:"CA-DK"`
	To         flegt.Addressee     `json:"to" enum:"importer,issuing" doc:"Whom it is put to: the importer, or the country that issued the licence."`
	Export     string              `json:"export,omitempty" doc:"Country that issued the licence."`
	Box        string              `json:"box,omitempty" doc:"Number of the box on the paper; absent: about the whole."`
	Text       string              `json:"text"`
	AskedAt    time.Time           `json:"asked_at"`
	Deadline   flegt.Date          `json:"deadline" doc:"The last day on which an answer is in time."`
	Overdue    bool                `json:"overdue,omitempty"`
	State      flegt.QuestionState `json:"state" enum:"open,answered,closed"`
	Answers    []Answer            `json:"answers" nullable:"false" doc:"The oldest first."`
	RemindedAt *time.Time          `json:"reminded_at,omitempty"`
	ClosedAt   *time.Time          `json:"closed_at,omitempty"`
	Version    int                 `json:"version" doc:"Rises with each change; it is also the ETag."`
}

// Answer is one answer to a question.
type Answer struct {
	ID      string        `json:"id"`
	At      time.Time     `json:"at"`
	Text    string        `json:"text,omitempty"`
	Files   []Attachment  `json:"files,omitempty"`
	Refused []RefusedFile `json:"refused,omitempty" doc:"Attachments of a mail that were not taken."`
	Late    bool          `json:"late,omitempty" doc:"It came after the deadline."`
	Known   bool          `json:"known" doc:"It comes from one of those who were asked; another one informs and ends no waiting."`
	Mail    *AnswerMail   `json:"mail,omitempty" doc:"The mail by which it came."`
}

// AnswerMail is the mail by which an answer came.
type AnswerMail struct {
	From   string            `json:"from" doc:"The address that the mail says it comes from."`
	Forged bool              `json:"forged,omitempty" doc:"The sender's domain disowns it (RFC 7489)."`
	Checks map[string]string `json:"checks,omitempty" doc:"What SPF, DKIM and DMARC say; for the authority alone."`
}

// RefusedFile is an attachment that was not taken.
type RefusedFile struct {
	Name string `json:"name"`
	Why  string `json:"why"`
	Key  string `json:"key"`
}

func (s *Server) questionOperations() {
	const tag, one = "Questions", "/questions/{id}"
	read, write := flegt.ScopeQuestionsRead, flegt.ScopeQuestionsWrite
	register(s, about{id: "list-questions", method: http.MethodGet, path: "/questions", scope: read, tag: tag, summary: "List questions",
		text: "An authority reads those that it asked, an importer and a licensing authority those that were put to them: open ones by the nearest deadline, others by the latest."}, s.questions)
	register(s, about{id: "list-licence-questions", method: http.MethodGet, path: "/licences/{id}/questions", scope: read, tag: tag, summary: "Questions about a licence"}, s.licenceQuestions)
	register(s, about{id: "ask-question", method: http.MethodPost, path: "/licences/{id}/questions", scope: write, tag: tag, status: http.StatusCreated, summary: "Ask about a licence",
		text: "By the authority with which it is lodged; its dossier waits. A mail goes out to whoever is asked. If-Match names the licence's version."}, s.askQuestion)
	register(s, about{id: "read-question", method: http.MethodGet, path: one, scope: read, tag: tag, summary: "Read a question"}, s.readQuestion)
	register(s, about{id: "close-question", method: http.MethodPost, path: one + "/close", scope: write, tag: tag, summary: "End the waiting without an answer"}, s.closeQuestion)
	register(s, about{id: "answer-question", method: http.MethodPost, path: one + "/answers", scope: write, tag: tag, status: http.StatusCreated, upload: true, limit: filesLimit, summary: "Answer a question",
		text: "By whoever was asked. In parts with files, or as JSON without. Sent again under its Idempotency-Key, it must be the same byte by byte, the boundary of the parts included.",
		body: formBody("The answer.", "scan", true, map[string]*huma.Schema{"text": field("The answer in words; may be empty when a file is sent.", flegt.MaxQuestionText)})}, s.answerQuestion)
	register(s, about{id: "read-answer-file", method: http.MethodGet, path: one + "/files/{file}", scope: read, tag: tag, summary: "Fetch a file of an answer",
		answers: rangeAnswer(fileContent(append(scanTypes, "application/octet-stream")...))}, s.answerFile)
	register(s, about{id: "read-answer-mail", method: http.MethodGet, path: one + "/answers/{answer}/mail", scope: read, tag: tag, summary: "Fetch the mail by which an answer came",
		text: "As it came (RFC 5322), for the authority that asked. It was written by strangers.", answers: fileAnswer("The mail.", "message/rfc822")}, s.answerMail)
}

func (c *call) questionOf(q flegt.Question, number string) Question {
	out := Question{ID: q.ID, Licence: q.Licence, Number: number, Authority: flegt.AuthorityID(q.Country), To: q.To, Export: q.Export, Box: q.Box, Text: q.Text,
		AskedAt: q.AskedAt, Deadline: q.Deadline, Overdue: q.Overdue(c.server.Office.TodayIn(q.Country)), State: q.State, Answers: []Answer{},
		RemindedAt: moment(q.RemindedAt), ClosedAt: moment(q.ClosedAt), Version: q.Version}
	for _, a := range q.Answers {
		out.Answers = append(out.Answers, c.answerOf(a))
	}
	return out
}

func (c *call) answerOf(a flegt.Reply) Answer {
	out := Answer{ID: a.ID, At: a.At, Text: a.Text, Late: a.Late, Known: a.Known}
	for _, f := range a.Files {
		out.Files = append(out.Files, attachmentOf(f))
	}
	for _, f := range a.Refused {
		out.Refused = append(out.Refused, RefusedFile{f.Name, c.say(f.Key, f.Args), f.Key})
	}
	if a.Mail != "" {
		out.Mail = &AnswerMail{From: a.From, Forged: a.Forged}
		if c.actor().Is(flegt.RoleAuthority) {
			out.Mail.Checks = a.Checks
		}
	}
	return out
}

type questionOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Question
}

func (c *call) askedQuestion(q flegt.Question, err error) (*questionOutput, error) {
	if err != nil {
		return nil, err
	}
	return &questionOutput{ETag: etag(q.Version), Body: c.questionOf(q, "")}, nil
}

type questionsInput struct {
	Paged
	State flegt.QuestionState `query:"state" enum:"open,answered,closed" default:"open"`
	To    flegt.Addressee     `query:"to" enum:"importer,issuing" doc:"Put to them alone."`
}

func (s *Server) questions(ctx context.Context, c *call, in *questionsInput) (*page[Question], error) {
	question := strings.Join([]string{"questions", string(in.State), string(in.To)}, "|")
	after, err := in.after(question)
	if err != nil {
		return nil, err
	}
	found, _, err := s.Office.Questions(ctx, c.actor(), registry.QuestionQuery{State: in.State, To: in.To, After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	return pageOf(c, in.Paged, question, found, func(q registry.NumberedQuestion) string { return q.ID },
		func(q registry.NumberedQuestion) Question { return c.questionOf(q.Question, q.Number) }), nil
}

func (s *Server) licenceQuestions(ctx context.Context, c *call, in *IDInput) (*list[Question], error) {
	found, err := s.Office.Licence(ctx, c.actor(), in.ID)
	var out []Question
	for _, q := range found.Questions {
		out = append(out, c.questionOf(q, found.Licence.Form.Number))
	}
	return listOf(out), err
}

type askInput struct {
	IDInput
	Match
	Body struct {
		To       flegt.Addressee `json:"to" enum:"importer,issuing"`
		Box      string          `json:"box,omitempty" maxLength:"4" doc:"Number of the box on the paper; absent: about the whole." example:"17"`
		Text     string          `json:"text" maxLength:"4000" doc:"Whoever is asked reads it as it stands; write in English to the issuing country."`
		Deadline string          `json:"deadline" maxLength:"40" doc:"The last day on which an answer is in time." example:"2017-02-17"`
	}
}

func (s *Server) askQuestion(ctx context.Context, c *call, in *askInput) (*questionOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	q, err := s.Office.AskQuestion(ctx, c.actor(), in.ID, registry.Asking{Version: version, To: in.Body.To, Box: in.Body.Box, Text: in.Body.Text, Deadline: flegt.ParseDate(in.Body.Deadline)})
	out, err := c.askedQuestion(q, err)
	if err == nil {
		out.Location = Prefix + "/questions/" + q.ID
	}
	return out, err
}

func (s *Server) readQuestion(ctx context.Context, c *call, in *IDInput) (*questionOutput, error) {
	return c.askedQuestion(s.Office.Question(ctx, c.actor(), in.ID))
}

func (s *Server) closeQuestion(ctx context.Context, c *call, in *stepInput) (*questionOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return c.askedQuestion(s.Office.CloseQuestionAt(ctx, c.actor(), in.ID, version))
}

func (s *Server) answerQuestion(ctx context.Context, c *call, in *stepInput) (*questionOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	var files []*registry.ReceivedScan
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	fields, err := c.form([]string{"text"}, func(name string, r io.Reader) error {
		f, err := s.Office.ReceiveAnswerFile(ctx, c.actor(), in.ID, name, r)
		if err == nil {
			files = append(files, f)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.askedQuestion(s.Office.AnswerQuestionAt(ctx, c.actor(), in.ID, version, fields["text"], files))
}

type answerFileInput struct {
	IDInput
	File string `path:"file" maxLength:"60"`
}

func (s *Server) answerFile(ctx context.Context, c *call, in *answerFileInput) (*fileOutput, error) {
	scan, f, err := s.Office.AnswerFile(ctx, c.actor(), in.ID, in.File)
	if err != nil {
		return nil, err
	}
	return c.sent(f, scan.Name, scan.Type, scan.SHA256), nil
}

type answerMailInput struct {
	IDInput
	Answer string `path:"answer" maxLength:"60"`
}

func (s *Server) answerMail(ctx context.Context, c *call, in *answerMailInput) (*fileOutput, error) {
	raw, err := s.Office.AnswerMail(ctx, c.actor(), in.ID, in.Answer)
	if err != nil {
		return nil, err
	}
	return made(raw, in.Answer+".eml", "message/rfc822"), nil
}
