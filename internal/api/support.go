package api

import (
	"context"
	"net/http"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// mailType is a mail as it came, RFC 5322.
const mailType = "message/rfc822"

// Mail is a mail that came in, with what became of it.
type Mail struct {
	ID            string    `json:"id"`
	ReceivedAt    time.Time `json:"received_at"`
	From          string    `json:"from"`
	To            []string  `json:"to" nullable:"false"`
	Cc            []string  `json:"cc" nullable:"false"`
	Subject       string    `json:"subject"`
	Text          string    `json:"text,omitempty" doc:"Not in a list."`
	Outcome       string    `json:"outcome" example:"kept"`
	Authorisation string    `json:"authorisation,omitempty" doc:"The request that it was about."`
	Question      string    `json:"question,omitempty" doc:"The question that it answers."`
	Rules         []Rule    `json:"rules,omitempty" doc:"The five rules for the e-mail about a role."`
	MessageID     string    `json:"message_id,omitempty"`
	EnvelopeFrom  string    `json:"envelope_from,omitempty"`
	RemoteIP      string    `json:"remote_ip,omitempty"`
	SHA256        string    `json:"sha256" doc:"Of the mail as it came, hex."`
	// Checks are what SPF, DKIM and DMARC gave.
	Checks map[string]string `json:"checks,omitempty" doc:"What SPF, DKIM and DMARC say."`
}

// Rule is the outcome of one of the five rules.
type Rule struct {
	Rule   int    `json:"rule" minimum:"1" maximum:"5"`
	Kept   bool   `json:"kept"`
	Text   string `json:"text"`
	Remedy string `json:"remedy,omitempty" doc:"What to write instead."`
}

func (c *call) mail(m flegt.IncomingMail) Mail {
	out := Mail{ID: m.ID, ReceivedAt: m.ReceivedAt, From: m.From, To: append([]string{}, m.To...), Cc: append([]string{}, m.Cc...), Subject: m.Subject, Text: m.Text,
		Outcome: m.Outcome, Authorisation: m.Authorisation, Question: m.Question, MessageID: m.MessageID, EnvelopeFrom: m.EnvelopeFrom, RemoteIP: m.RemoteIP, SHA256: m.SHA256, Checks: m.Auth}
	for _, v := range m.Verdicts {
		one := Rule{Rule: v.Rule, Kept: v.Kept, Text: c.say(v.Key, v.Args())}
		if v.RemedyKey != "" {
			one.Remedy = c.say(v.RemedyKey, v.Args())
		}
		out.Rules = append(out.Rules, one)
	}
	return out
}

// Letter is a mail that we sent, or are to send.
type Letter struct {
	ID        string            `json:"id"`
	To        string            `json:"to"`
	Subject   string            `json:"subject"`
	Text      string            `json:"text,omitempty" doc:"Not in a list, nor of a letter with a one-time link."`
	State     flegt.LetterState `json:"state"`
	Attempts  int               `json:"attempts" doc:"How often it was tried."`
	Error     string            `json:"error,omitempty" doc:"Why it did not arrive, as the other mail server said it."`
	CreatedAt time.Time         `json:"created_at"`
	NextAt    *time.Time        `json:"next_at,omitempty" doc:"When it is tried next."`
	SentAt    *time.Time        `json:"sent_at,omitempty"`
}

func letterOf(l flegt.Letter) Letter {
	return Letter{l.ID, l.To, l.Subject, l.Text, l.State, l.Attempts, l.LastError, l.CreatedAt, moment(l.NextAt), moment(l.SentAt)}
}

func (s *Server) supportOperations() {
	const tag = "The Support Team's desk"
	read, write := flegt.ScopeSupportRead, flegt.ScopeSupportWrite
	register(s, about{id: "list-mails", method: http.MethodGet, path: "/support/mails", scope: read, tag: tag, summary: "Mails that came in", text: "Newest first."}, s.mails)
	register(s, about{id: "read-mail", method: http.MethodGet, path: "/support/mails/{id}", scope: read, tag: tag, summary: "Read a mail"}, s.readMail)
	register(s, about{id: "read-raw-mail", method: http.MethodGet, path: "/support/mails/{id}/raw", scope: read, tag: tag, summary: "A mail as it came", answers: fileAnswer("The mail.", mailType)}, s.rawMail)
	register(s, about{id: "list-letters", method: http.MethodGet, path: "/support/letters", scope: read, tag: tag, summary: "Letters that we sent", text: "Newest first."}, s.letters)
	register(s, about{id: "read-letter", method: http.MethodGet, path: "/support/letters/{id}", scope: read, tag: tag, summary: "Read a letter"}, s.readLetter)
	register(s, about{id: "retry-letter", method: http.MethodPost, path: "/support/letters/{id}/retry", scope: write, tag: tag, summary: "Have a letter tried again"}, s.retryLetter)
	register(s, about{id: "read-authority", method: http.MethodGet, path: "/support/authorities/{id}", scope: read, tag: tag, summary: "Read an authority"}, s.readAuthority)
	register(s, about{id: "edit-authority", method: http.MethodPut, path: "/support/authorities/{id}", scope: write, tag: tag, summary: "Change an authority's name, add an official address",
		text: "Addresses are never taken away: they end."}, s.editAuthority)
}

func (s *Server) mails(ctx context.Context, c *call, in *Paged) (*page[Mail], error) {
	const question = "mails in"
	after, err := in.after(question)
	if err != nil {
		return nil, err
	}
	found, err := s.Office.MailsAfter(ctx, c.actor(), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(c, *in, question, found, func(m flegt.IncomingMail) string { return m.ID }, func(m flegt.IncomingMail) Mail {
		m.Text = ""
		return c.mail(m)
	}), nil
}

type mailOutput struct{ Body Mail }

func (s *Server) readMail(ctx context.Context, c *call, in *IDInput) (*mailOutput, error) {
	m, _, err := s.Office.Mail(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	return &mailOutput{c.mail(m)}, nil
}

func (s *Server) rawMail(ctx context.Context, c *call, in *IDInput) (*fileOutput, error) {
	_, raw, err := s.Office.Mail(ctx, c.actor(), in.ID)
	if err == nil && len(raw) == 0 {
		err = flegt.Missing()
	}
	if err != nil {
		return nil, err
	}
	return made(raw, "mail.eml", mailType), nil
}

type lettersInput struct {
	Paged
	State flegt.LetterState `query:"state" enum:"queued,sent,bounced,failed,kept"`
	To    string            `query:"to" maxLength:"254" doc:"The whole address."`
}

func (s *Server) letters(ctx context.Context, c *call, in *lettersInput) (*page[Letter], error) {
	question := "letters out|" + string(in.State) + "|" + in.To
	after, err := in.after(question)
	if err != nil {
		return nil, err
	}
	found, _, err := s.Office.Letters(ctx, c.actor(), false, registry.LetterQuery{State: in.State, To: in.To, Limit: in.Limit + 1, After: after})
	if err != nil {
		return nil, err
	}
	return pageOf(c, in.Paged, question, found, func(l flegt.Letter) string { return l.ID }, letterOf), nil
}

type letterOutput struct{ Body Letter }

func (s *Server) readLetter(ctx context.Context, c *call, in *IDInput) (*letterOutput, error) {
	l, err := s.Office.LetterByID(ctx, c.actor(), false, in.ID)
	if err != nil {
		return nil, err
	}
	return &letterOutput{letterOf(l)}, nil
}

func (s *Server) retryLetter(ctx context.Context, c *call, in *IDInput) (*letterOutput, error) {
	if err := s.Office.RetryLetter(ctx, c.actor(), in.ID); err != nil {
		return nil, err
	}
	return s.readLetter(ctx, c, in)
}

type authorityOutput struct {
	ETag string `header:"ETag"`
	Body Authority
}

func (s *Server) readAuthority(ctx context.Context, c *call, in *IDInput) (*authorityOutput, error) {
	one, err := s.Office.Authority(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &authorityOutput{etag(one.Version), s.authorityOf(c, one)}, nil
}

type editAuthorityInput struct {
	IDInput
	Match
	Body struct {
		Name    string      `json:"name" maxLength:"200" doc:"Empty: the general name of its kind."`
		Address *NewAddress `json:"address,omitempty" doc:"A further official address."`
		EndOld  bool        `json:"end_old,omitempty" doc:"The addresses in force end on the day before the new one begins."`
	}
}

// NewAddress is an official address that is added to an authority.
type NewAddress struct {
	Email  string `json:"email" maxLength:"254"`
	From   string `json:"from" maxLength:"40" doc:"The first day on which it counts." example:"2026-11-01"`
	Until  string `json:"until,omitempty" maxLength:"40" doc:"The last day; absent: still."`
	Source string `json:"source" maxLength:"500" doc:"Where it was learnt."`
}

func (s *Server) editAuthority(ctx context.Context, c *call, in *editAuthorityInput) (*authorityOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	edit := registry.AuthorityEdit{Name: in.Body.Name, EndOld: in.Body.EndOld}
	if a := in.Body.Address; a != nil {
		edit.Address = flegt.OfficialAddress{Email: a.Email, From: flegt.ParseDate(a.From), Until: flegt.ParseDate(a.Until), Source: a.Source}
		if a.Email == "" {
			return nil, flegt.InvalidBoxes([]flegt.BoxError{{Box: "email", Key: "error.email"}})
		}
	}
	if err := s.Office.EditAuthority(ctx, c.actor(), in.ID, version, edit); err != nil {
		return nil, err
	}
	return s.readAuthority(ctx, c, &in.IDInput)
}
