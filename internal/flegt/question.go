package flegt

import (
	"slices"
	"strings"
	"time"
)

// Question is what a competent authority wants to know about a lodged licence, of its
// importer or of the country that issued it, with a deadline and the answers that came.
// Reg. (EC) 1024/2008 art. 10(1) (to be verified). An answer informs, it never decides.
type Question struct {
	ID         string // UUID; stands in the address that answers by mail go to
	Licence    string
	Country    string    // of the competent authority
	To         Addressee // whom it is put to
	Operator   string    // the importer's, for a question to the importer; empty for others
	Export     string    // country that issued the licence
	Box        string    // number on the paper form; empty when about the whole
	Text       string
	AskedBy    string // account
	AskedAt    time.Time
	Deadline   Date // last day on which an answer is in time
	State      QuestionState
	Answers    []Reply   // oldest first
	RemindedAt time.Time // zero until a reminder went out
	ClosedBy   string    // account
	ClosedAt   time.Time
	Version    int
}

// Addressee is whom a question is put to.
type Addressee string

// The addressees. ToIssuing is the Licence Information Unit of the country that issued the
// licence, or whoever answers for its licensing authority.
const (
	ToImporter Addressee = "importer"
	ToIssuing  Addressee = "issuing"
)

// Addressees lists them in the order in which they are offered.
var Addressees = []Addressee{ToImporter, ToIssuing}

// QuestionState is where a question stands.
type QuestionState string

// The states of a question.
const (
	QuestionOpen     QuestionState = "open"
	QuestionAnswered QuestionState = "answered"
	QuestionClosed   QuestionState = "closed" // by an officer, or because the licence was decided
)

// QuestionStates lists them.
var QuestionStates = []QuestionState{QuestionOpen, QuestionAnswered, QuestionClosed}

// Reply is one answer to a question: from its page, or by mail.
type Reply struct {
	ID    string
	At    time.Time
	By    string // account; empty for a mail from an address that we do not know
	Mail  string `json:",omitempty"` // id of the mail it came by; empty for the page
	From  string `json:",omitempty"` // address the mail says it comes from
	Text  string
	Files []Attachment `json:",omitempty"`
	// Refused are the attachments that were not taken, with the reason.
	Refused []RefusedFile `json:",omitempty"`
	Late    bool
	// Known says that the sender is one of those who were asked: an account that acts for
	// them, or their official address.
	Known bool
	// Forged says that the sender's domain disowns the mail (DMARC, RFC 7489 section 6.6.2).
	Forged bool `json:",omitempty"`
	// Checks are the results of SPF, DKIM and DMARC by name; empty for the page.
	Checks map[string]string `json:",omitempty"`
}

// RefusedFile is an attachment of a mail that was not taken. Key names the sentence.
type RefusedFile struct {
	Name string
	Key  string
	Args Args `json:",omitempty"`
}

// Counts says whether an answer answers: it comes from whom was asked. Any other is shown to
// the officer, and the question stays open.
func (a Reply) Counts() bool { return a.Known && !a.Forged }

// Bounds of questions.
const (
	MaxQuestions    = 100  // of one licence
	MaxReplies      = 50   // to one question
	MaxQuestionText = 4000 // characters of a question or an answer on its page
	MaxMailAnswer   = 20000
	maxQuestionDays = 366 // how far a deadline may lie ahead
)

// IssuingAnswerDays is how long the issuing country's licensing authority has for its answer,
// in calendar days. Reg. (EC) 1024/2008 art. 10 (to be verified): recalled, not yet held
// against the Official Journal; an officer may set another deadline.
const IssuingAnswerDays = 21

// ImporterAnswerDays is what is proposed for an importer's answer, in calendar days. No
// article sets it.
const ImporterAnswerDays = 7

// AnswerDays is how many calendar days are proposed for an answer.
func (to Addressee) AnswerDays() int {
	if to == ToIssuing {
		return IssuingAnswerDays
	}
	return ImporterAnswerDays
}

// PaperBox is a box of the form in the Annex to Reg. (EC) 1024/2008.
type PaperBox struct {
	Number string // as it stands on the paper
	Key    string // of its name
}

// PaperBoxes are the boxes of the form, in the order of the paper.
var PaperBoxes = []PaperBox{{"1", "licence.issuing_body"}, {"2", "licence.importer"}, {"3", "licence.number"}, {"4", "licence.expires"},
	{"5", "licence.export"}, {"6", "licence.export.code"}, {"7", "licence.transport"}, {"8", "licence.licensee"},
	{"9", "licence.description"}, {"10", "licence.hs"}, {"11", "licence.species"}, {"12", "licence.harvest"}, {"13", "licence.harvest.code"},
	{"14", "licence.volume"}, {"15", "licence.weight"}, {"16", "licence.units"}, {"17", "licence.marks.all"}, {"18", "licence.signature"}}

// PaperBoxNumbered gives the box of the form with a number; false when it has none.
func PaperBoxNumbered(number string) (PaperBox, bool) {
	i := slices.IndexFunc(PaperBoxes, func(b PaperBox) bool { return b.Number == number })
	if i < 0 {
		return PaperBox{}, false
	}
	return PaperBoxes[i], true
}

// Ask begins a question, checked on its day. The error is Invalid, with a sentence for each
// box: to, box, text, deadline.
func (q *Question) Ask(by Actor, now time.Time, today Date) (Event, error) {
	var boxes []BoxError
	wrong := func(box, key string, args Args) { boxes = append(boxes, BoxError{Box: box, Key: key, Args: args}) }
	q.Text = strings.TrimSpace(q.Text)
	if !slices.Contains(Addressees, q.To) {
		wrong("to", "error.choose", nil)
	}
	if _, known := PaperBoxNumbered(q.Box); q.Box != "" && !known {
		wrong("box", "error.choose", nil)
	}
	switch {
	case q.Text == "":
		wrong("text", "error.required", nil)
	case tooLong(q.Text, MaxQuestionText):
		wrong("text", "error.too_long", Args{"Max": MaxQuestionText})
	}
	switch {
	case q.Deadline == "":
		wrong("deadline", "error.required", nil)
	case !q.Deadline.Valid():
		wrong("deadline", "check.date_form", Args{"Found": string(q.Deadline)})
	case q.Deadline < today:
		wrong("deadline", "question.deadline_past", nil)
	case q.Deadline > DateOf(today.Time().AddDate(0, 0, maxQuestionDays)):
		wrong("deadline", "question.deadline_far", nil)
	}
	if err := InvalidBoxes(boxes); err != nil {
		return Event{}, err
	}
	q.AskedBy, q.AskedAt, q.State = by.Account, now.UTC(), QuestionOpen
	return q.event(by, now, "asked").With("deadline", string(q.Deadline)), nil
}

// event begins an event about the question. It names the operator for what the operator may
// see, and carries ids only.
func (q *Question) event(by Actor, now time.Time, verb string) Event {
	e := NewEvent(by, now, NounQuestion, q.ID, verb)
	e.Country, e.State, e.Operator = q.Country, string(q.State), q.Operator
	return e.With("licence", q.Licence).With("to", string(q.To))
}

// Answer attaches an answer. One that comes after the deadline is marked late; one that
// counts ends the waiting. On the page a closed question takes none; by mail it does, for the
// record.
func (q *Question) Answer(by Actor, now time.Time, today Date, a Reply) (Event, error) {
	a.Text = strings.TrimSpace(a.Text)
	most := MaxQuestionText
	if a.Mail != "" {
		most = MaxMailAnswer
	}
	switch {
	case q.State == QuestionClosed && a.Mail == "":
		return Event{}, Refuse(Conflict, "question.closed", nil)
	case a.Text == "" && len(a.Files) == 0 && len(a.Refused) == 0:
		return Event{}, InvalidBoxes([]BoxError{{Box: "text", Key: "question.answer_empty"}})
	case tooLong(a.Text, most):
		return Event{}, InvalidBoxes([]BoxError{{Box: "text", Key: "error.too_long", Args: Args{"Max": most}}})
	case len(q.Answers) >= MaxReplies:
		return Event{}, Refuse(TooLarge, "question.too_many_answers", Args{"Max": MaxReplies})
	case len(a.Files) > MaxScans:
		return Event{}, Refuse(TooLarge, "scan.too_many", Args{"Max": MaxScans})
	}
	a.At, a.Late = now.UTC(), today > q.Deadline
	if a.Mail == "" {
		a.By, a.Known = by.Account, true
	}
	q.Answers = append(q.Answers[:len(q.Answers):len(q.Answers)], a)
	if q.State == QuestionOpen && a.Counts() {
		q.State = QuestionAnswered
	}
	e := q.event(by, now, "answered").With("answer", a.ID).With("late", a.Late).With("known", a.Known)
	if a.Mail != "" {
		e = e.With("mail", a.Mail).With("forged", a.Forged).With("sender", a.By)
		for name, result := range a.Checks {
			e = e.With(name, result)
		}
	}
	return e, nil
}

// Close ends the waiting without an answer: by an officer, or because the licence was
// decided or withdrawn.
func (q *Question) Close(by Actor, now time.Time) (Event, error) {
	if q.State != QuestionOpen {
		return Event{}, Refuse(Conflict, "question.not_open", nil)
	}
	q.State, q.ClosedBy, q.ClosedAt = QuestionClosed, by.Account, now.UTC()
	return q.event(by, now, "closed"), nil
}

// Remind notes that a reminder goes out; false when none is due: one went out, the question is
// not open, its deadline has passed, or it was asked on or after the day of reminding. asked is
// the day of AskedAt where the authority is, as today is its day.
func (q *Question) Remind(now time.Time, today, asked, from Date) (Event, bool) {
	if q.State != QuestionOpen || !q.RemindedAt.IsZero() || today < from || today > q.Deadline || asked >= from {
		return Event{}, false
	}
	q.RemindedAt = now.UTC()
	return q.event(TheSystem(), now, "reminded"), true
}

// Overdue says whether the question is open and its deadline has passed.
func (q Question) Overdue(today Date) bool { return q.State == QuestionOpen && today > q.Deadline }

// File finds a file of an answer by its id; false when there is none.
func (q Question) File(id string) (Attachment, bool) {
	for _, f := range q.Files() {
		if f.ID == id {
			return f, true
		}
	}
	return Attachment{}, false
}

// Files lists the files of all answers.
func (q Question) Files() (out []Attachment) {
	for _, a := range q.Answers {
		out = append(out, a.Files...)
	}
	return out
}
