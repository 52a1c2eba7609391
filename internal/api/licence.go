package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// LicenceEdit is what an operator enters.
type LicenceEdit struct {
	ImportCountry string      `json:"import_country,omitempty" maxLength:"2" doc:"Where it is lodged: the country of the competent authority and of clearance. Absent: the operator's own country, or what it was." example:"DK"`
	Form          LicenceForm `json:"form"`
}

// Licence is a licence as it stands.
type Licence struct {
	ID            string             `json:"id"`
	Operator      string             `json:"operator" doc:"Id of the operator whose licence it is."`
	ImportCountry string             `json:"import_country"`
	State         flegt.LicenceState `json:"state" doc:"Where somebody's decision has put it."`
	Standing      string             `json:"standing" doc:"The state as a reader sees it today: also used_up and expired. In a list, used_up is not worked out."`
	Version       int                `json:"version" doc:"Rises with each change; it is also the ETag."`
	Form          LicenceForm        `json:"form"`
	Attachments   []Attachment       `json:"attachments" nullable:"false"`
	CreatedAt     time.Time          `json:"created_at"`
	UpdatedAt     time.Time          `json:"updated_at"`
	SubmittedAt   *time.Time         `json:"submitted_at,omitempty"`
	DecidedAt     *time.Time         `json:"decided_at,omitempty"`
	ReasonCode    string             `json:"reason_code,omitempty" doc:"Of a rejection."`
	Reason        string             `json:"reason,omitempty" doc:"Of a rejection or of an acceptance withdrawn, in words."`
	Electronic    bool               `json:"electronic,omitempty" doc:"Put in by the issuing country; its paper boxes are locked."`
	Return        *Return            `json:"return,omitempty" doc:"The last sending back by the authority."`
	Returned      []Return           `json:"returned,omitempty" maxItems:"30" doc:"The earlier sendings back, the oldest first."`
	Marks         []Mark             `json:"marks,omitempty" doc:"What the issuing country reported of it."`
	ExtendedTo    flegt.Date         `json:"extended_to,omitempty" doc:"The new last day, when the issuing authority extended its validity."`
	Positions     []Position         `json:"positions,omitempty" doc:"What is left of each line; not in a list."`
	Waits         []AwaitedAnswer    `json:"waits,omitempty" maxItems:"100" doc:"Whose answer the authority waits for; not in a list. For the authority and the importer."`
	Holds         []Hold             `json:"holds,omitempty" doc:"Customs' stops on the shipment, the newest last; for customs and the authority."`
	Checks        []Check            `json:"checks,omitempty" doc:"Customs' physical checks, the newest last; for customs and the authority."`
}

// AwaitedAnswer says whose answer the authority waits for before it decides.
type AwaitedAnswer struct {
	From     flegt.Addressee `json:"from" enum:"importer,issuing" doc:"issuing: the licensing authority of the country that issued the licence."`
	Until    flegt.Date      `json:"until" doc:"The last day on which it is in time."`
	Overdue  bool            `json:"overdue,omitempty" doc:"That day has passed."`
	Question string          `json:"question,omitempty" doc:"Id of the question; absent where it is not for you."`
}

// Finding is what a check found about a box.
type Finding struct {
	Severity flegt.Severity `json:"severity" enum:"ok,look,wrong" doc:"wrong: the licence cannot be submitted so."`
	Box      string         `json:"box,omitempty" doc:"Number of the box on the paper."`
	Pointer  string         `json:"pointer,omitempty" doc:"JSON pointer to the field in the body of a licence."`
	Text     string         `json:"text"`
	Key      string         `json:"key" doc:"The name of the sentence."`
	Law      string         `json:"law,omitempty" doc:"What it rests on, in the language of Accept-Language."`
	Answer   string         `json:"answer,omitempty" doc:"The importer's remark on it."`
}

// HistoryEntry is one event of a licence with who acted.
type HistoryEntry struct {
	Event
	Who string `json:"who,omitempty" doc:"The name of the person who acted."`
}

func licenceOf(l flegt.Licence, standing string, positions []flegt.Position) Licence {
	out := Licence{ID: l.ID, Operator: l.Operator, ImportCountry: l.ImportCountry, State: l.State, Standing: standing, Version: l.Version,
		Form: formOf(l.Form), Attachments: []Attachment{}, CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt, SubmittedAt: moment(l.SubmittedAt),
		DecidedAt: moment(l.DecidedAt), ReasonCode: l.ReasonCode, Reason: l.Reason, Positions: positionsOf(positions)}
	out.Electronic = l.Electronic
	out.addCycle(l)
	for _, a := range l.Scans {
		out.Attachments = append(out.Attachments, attachmentOf(a))
	}
	return out
}

type licenceOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Licence
}

// changed gives a licence that was just changed, as the actor may read it.
func (s *Server) changed(ctx context.Context, c *call, l flegt.Licence, err error) (*licenceOutput, error) {
	if err != nil {
		return nil, err
	}
	return s.readLicence(ctx, c, &IDInput{l.ID})
}

func (s *Server) licenceOperations() {
	const tag, one = "Licences", "/licences/{id}"
	read, write, decide := flegt.ScopeLicencesRead, flegt.ScopeLicencesWrite, flegt.ScopeLicencesDecide
	register(s, about{id: "list-licences", method: http.MethodGet, path: "/licences", scope: read, tag: tag, summary: "List licences",
		text: "Those that one may see, the newest first: an operator's own, drafts included; for an authority those lodged in its country. Customs has `/customs/expected` instead, and reads a licence by its number."}, s.licences)
	register(s, about{id: "create-licence", method: http.MethodPost, path: "/licences", scope: write, tag: tag, status: http.StatusCreated, summary: "Begin a draft"}, s.createLicence)
	register(s, about{id: "check-licence", method: http.MethodPost, path: "/licences/check", scope: write, tag: tag, summary: "Check boxes without keeping them"}, s.checkLicence)
	register(s, about{id: "read-licence", method: http.MethodGet, path: one, scope: read, tag: tag, summary: "Read a licence"}, s.readLicence)
	register(s, about{id: "edit-licence", method: http.MethodPut, path: one, scope: write, tag: tag, summary: "Change a draft", text: "The whole of the form, as it shall be. Goods lines keep their numbers."}, s.editLicence)
	register(s, about{id: "discard-licence", method: http.MethodDelete, path: one, scope: write, tag: tag, summary: "Throw a draft away"}, s.discardLicence)
	register(s, about{id: "list-licence-findings", method: http.MethodGet, path: one + "/findings", scope: read, tag: tag, summary: "What the checks find today"}, s.findings)
	register(s, about{id: "list-licence-history", method: http.MethodGet, path: one + "/history", scope: read, tag: tag, summary: "What happened to a licence"}, s.history)
	register(s, about{id: "submit-licence", method: http.MethodPost, path: one + "/submit", scope: write, tag: tag, summary: "Hand a draft to the competent authority"}, s.licenceStep(s.Office.SubmitLicence))
	register(s, about{id: "withdraw-licence", method: http.MethodPost, path: one + "/withdraw", scope: write, tag: tag, summary: "Take a submitted licence back"}, s.licenceStep(s.Office.WithdrawLicence))
	register(s, about{id: "accept-licence", method: http.MethodPost, path: one + "/accept", scope: decide, tag: tag, summary: "Accept a licence"}, s.licenceStep(s.Office.AcceptLicence))
	register(s, about{id: "answer-finding", method: http.MethodPost, path: one + "/findings/answer", scope: write, tag: tag, summary: "Answer a finding that asks for a look",
		text: "The officer reads the words beside it; empty words take them back."}, s.answerFinding)
	register(s, about{id: "copy-licence", method: http.MethodPost, path: one + "/copy", scope: write, tag: tag, status: http.StatusCreated, summary: "Begin a draft with what is the same next time"}, s.copyLicence)
	s.cycleOperations()
	register(s, about{id: "reject-licence", method: http.MethodPost, path: one + "/reject", scope: decide, tag: tag, summary: "Reject a licence"}, s.rejectLicence)
}

type licencesInput struct {
	Paged
	Q      string   `query:"q" maxLength:"200" doc:"Words, or how they begin: number, licensee, importer, invoice, bill of lading."`
	State  []string `query:"state" maxItems:"20" doc:"Several with commas between."`
	Export string   `query:"export" maxLength:"2" doc:"The country of export."`
	Oldest bool     `query:"oldest" doc:"The oldest first."`
}

func (s *Server) licences(ctx context.Context, c *call, in *licencesInput) (*page[Licence], error) {
	order := "newest"
	if in.Oldest {
		order = "oldest"
	}
	question := strings.Join(append([]string{"licences", in.Q, in.Export, order}, in.State...), "|")
	after, err := in.after(question)
	if err != nil {
		return nil, err
	}
	list, err := s.Office.Licences(ctx, c.actor(), registry.LicenceQuery{Text: in.Q, States: in.State, Export: in.Export,
		Sort: "id", Asc: in.Oldest, After: after, Limit: in.Limit + 1, Uncounted: true, Whole: true})
	if err != nil {
		return nil, err
	}
	found := list.Rows
	out := &page[Licence]{}
	out.Body.Items = []Licence{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = cursorTo(question, found[in.Limit-1].ID)
		out.Link = c.linkNext(out.Body.Next)
	}
	for _, l := range found {
		out.Body.Items = append(out.Body.Items, licenceOf(l, s.Office.StandingOf(l), nil))
	}
	return out, nil
}

type createLicenceInput struct{ Body LicenceEdit }

func (s *Server) createLicence(ctx context.Context, c *call, in *createLicenceInput) (*licenceOutput, error) {
	if err := s.importCountry(in.Body.ImportCountry); err != nil {
		return nil, err
	}
	l, err := s.Office.NewDraft(ctx, c.actor(), in.Body.Form.form(), in.Body.ImportCountry)
	out, err := s.changed(ctx, c, l, err)
	if err == nil {
		out.Location = Prefix + "/licences/" + l.ID
	}
	return out, err
}

// importCountry refuses what is no country; empty is for the office to fill in.
func (s *Server) importCountry(code string) error {
	if code == "" {
		return nil
	}
	if _, known := s.Office.Reference().Country(code); !known {
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "import_country", Key: "error.choose_country"}})
	}
	return nil
}

func (s *Server) checkLicence(ctx context.Context, c *call, in *createLicenceInput) (*list[Finding], error) {
	a := c.actor()
	l := flegt.Licence{Operator: a.Body, ImportCountry: in.Body.ImportCountry, State: flegt.Draft, Form: in.Body.Form.form()}
	if l.ImportCountry == "" {
		l.ImportCountry = a.Country
	}
	numberNewLines(l.Form.Goods)
	found, err := s.Office.CheckLicence(ctx, a, l)
	if err != nil {
		return nil, err
	}
	return c.findings(found), nil
}

// numberNewLines gives lines without a number the next ones, as saving the licence would, so that
// what is said about them names them.
func numberNewLines(goods []flegt.GoodsLine) {
	next := 1
	for _, g := range goods {
		next = max(next, g.Line+1)
	}
	for i := range goods {
		if goods[i].Line <= 0 {
			goods[i].Line = next
			next++
		}
	}
}

func (c *call) findings(found []flegt.Finding) *list[Finding] {
	var out []Finding
	for _, f := range found {
		one := Finding{Severity: f.Severity, Box: f.Box, Text: c.say(f.Key, f.Args), Key: f.Key, Law: c.server.Catalog.Law(c.lang, f.Law), Answer: f.Answer}
		if f.Field != "" {
			one.Pointer = formPointer(f.Field)
		}
		out = append(out, one)
	}
	return listOf(out)
}

func (s *Server) readLicence(ctx context.Context, c *call, in *IDInput) (*licenceOutput, error) {
	found, err := s.Office.Licence(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	out := licenceOf(found.Licence, found.Standing, found.Positions)
	for _, w := range found.Waits {
		out.Waits = append(out.Waits, AwaitedAnswer{w.To, w.Until, w.Overdue(s.Office.TodayIn(found.Licence.ImportCountry)), w.Question})
	}
	return &licenceOutput{ETag: etag(found.Licence.Version), Body: out}, nil
}

func (s *Server) findings(ctx context.Context, c *call, in *IDInput) (*list[Finding], error) {
	found, err := s.Office.Licence(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	return c.findings(found.Findings), nil
}

// history gives what happened; the events of a draft are its operator's alone.
func (s *Server) history(ctx context.Context, c *call, in *IDInput) (*list[HistoryEntry], error) {
	events, names, err := s.Office.History(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	var out []HistoryEntry
	for _, e := range events {
		if e.State == string(flegt.Draft) && !c.actor().Is(flegt.RoleOperator) {
			continue
		}
		out = append(out, HistoryEntry{EventOf(e), names[e.Account]})
	}
	return listOf(out), nil
}

type editLicenceInput struct {
	IDInput
	Match
	Body LicenceEdit
}

func (s *Server) editLicence(ctx context.Context, c *call, in *editLicenceInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.importCountry(in.Body.ImportCountry); err != nil {
		return nil, err
	}
	l, err := s.Office.SaveDraft(ctx, c.actor(), in.ID, version, in.Body.Form.form(), in.Body.ImportCountry)
	return s.changed(ctx, c, l, err)
}

func (s *Server) discardLicence(ctx context.Context, c *call, in *stepInput) (*struct{}, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return nil, s.Office.DiscardDraftAt(ctx, c.actor(), in.ID, version)
}

// licenceStep makes an operation of a step that needs nothing but the version.
func (s *Server) licenceStep(step func(context.Context, flegt.Actor, string, int) (flegt.Licence, error)) func(context.Context, *call, *stepInput) (*licenceOutput, error) {
	return func(ctx context.Context, c *call, in *stepInput) (*licenceOutput, error) {
		version, err := in.version()
		if err != nil {
			return nil, err
		}
		l, err := step(ctx, c.actor(), in.ID, version)
		return s.changed(ctx, c, l, err)
	}
}

type rejectInput struct {
	IDInput
	Match
	Body struct {
		ReasonCode string `json:"reason_code" maxLength:"40" doc:"From /reference/rejection-reasons." example:"data_differ"`
		Reason     string `json:"reason" maxLength:"2000" doc:"In words; the operator reads it."`
	}
}

func (s *Server) rejectLicence(ctx context.Context, c *call, in *rejectInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	l, err := s.Office.RejectLicence(ctx, c.actor(), in.ID, version, in.Body.ReasonCode, in.Body.Reason)
	return s.changed(ctx, c, l, err)
}

type answerInput struct {
	IDInput
	Match
	Body struct {
		Key     string `json:"key" maxLength:"100" doc:"Of the finding."`
		Pointer string `json:"pointer,omitempty" maxLength:"60" doc:"Of the finding."`
		Words   string `json:"words" maxLength:"2000"`
	}
}

func (s *Server) answerFinding(ctx context.Context, c *call, in *answerInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	l, err := s.Office.AnswerFinding(ctx, c.actor(), in.ID, version, in.Body.Key, boxOf(in.Body.Pointer), in.Body.Words)
	return s.changed(ctx, c, l, err)
}

func (s *Server) copyLicence(ctx context.Context, c *call, in *IDInput) (*licenceOutput, error) {
	l, err := s.Office.CopyLicence(ctx, c.actor(), in.ID, s.Office.DraftID())
	out, err := s.changed(ctx, c, l, err)
	if err == nil {
		out.Location = Prefix + "/licences/" + l.ID
	}
	return out, err
}
