package registry

import (
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Asking is a question as an officer types it.
type Asking struct {
	To       flegt.Addressee
	Box      string // number on the paper form; empty for the whole
	Text     string
	Deadline flegt.Date
	Version  int // of the licence that was looked at; 0: any
}

// AskQuestion puts a question about an undecided licence to its importer, or to the country
// that issued it; its dossier then waits. The issuing country is asked at its official
// address: where none is known the question is Refused.
func (o *Office) AskQuestion(ctx context.Context, a flegt.Actor, licence string, ask Asking) (q flegt.Question, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		l, err := tx.Licence(licence)
		if err != nil {
			return err
		}
		if err := access.MayAsk(a, l); err != nil {
			return err
		}
		if ask.Version != 0 && ask.Version != l.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		if err := o.mayBeAsked(tx, l, ask); err != nil {
			return err
		}
		q = flegt.Question{ID: o.newID(), Licence: l.ID, Country: l.ImportCountry, To: ask.To, Export: l.Form.Export, Box: ask.Box,
			Text: ask.Text, Deadline: ask.Deadline, Version: 1}
		if q.To == flegt.ToImporter {
			q.Operator = l.Operator
		}
		e, err := q.Ask(a, o.now(), o.TodayIn(q.Country))
		if err != nil {
			return err
		}
		return o.askedNow(tx, a, l, q, e)
	})
	return q, o.refused("ask", a, err)
}

// mayBeAsked: the licence is not decided, few questions stand there already, and who is asked
// can be reached.
func (o *Office) mayBeAsked(tx *store.Tx, l flegt.Licence, ask Asking) error {
	if l.State != flegt.Submitted && l.State != flegt.Returned {
		return flegt.Refuse(flegt.Conflict, "question.decided", nil)
	}
	n, err := tx.CountQuestions(l.ID)
	if err != nil {
		return err
	}
	if n >= flegt.MaxQuestions {
		return flegt.Refuse(flegt.TooLarge, "question.too_many", flegt.Args{"Max": flegt.MaxQuestions})
	}
	if ask.To != flegt.ToIssuing {
		return nil
	}
	known, err := o.issuingAddresses(tx, l.Form.Export)
	if err == nil && len(known) == 0 {
		args := flegt.Args{"Country": l.Form.Export}
		err = &flegt.Error{Kind: flegt.Refused, Key: "question.no_address", Args: args, Boxes: []flegt.BoxError{{Box: "to", Key: "question.no_address", Args: args}}}
	}
	return err
}

// issuingAddresses are the official addresses, valid today, of a partner country's licensing
// authority.
func (o *Office) issuingAddresses(tx *store.Tx, country string) ([]string, error) {
	la, err := tx.Authority(flegt.LicensingID(country))
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return nil, nil
	}
	return la.AddressesOn(o.Today()), err
}

// askedNow writes a new question, and lets its dossier wait.
func (o *Office) askedNow(tx *store.Tx, a flegt.Actor, l flegt.Licence, q flegt.Question, e flegt.Event) error {
	d, err := tx.Dossier(l.ID)
	if err != nil {
		return err
	}
	waits := d.Wait(a, o.now(), l.State, flegt.Wait{Question: q.ID, To: q.To, Until: q.Deadline})
	if err := saveDossier(tx, &d, waits); err != nil {
		return err
	}
	if err := tx.AddQuestion(q); err != nil {
		return err
	}
	e.Version = q.Version
	_, err = tx.Append(e, q)
	return err
}

// saveQuestion writes a changed question with its event. When it is open no longer, its
// dossier waits for it no longer.
func (o *Office) saveQuestion(tx *store.Tx, a flegt.Actor, before flegt.QuestionState, q *flegt.Question, e flegt.Event) error {
	if before == flegt.QuestionOpen && q.State != flegt.QuestionOpen {
		if err := o.resume(tx, a, *q); err != nil {
			return err
		}
	}
	if err := tx.SaveQuestion(q); err != nil {
		return err
	}
	e.Version, e.State = q.Version, string(q.State)
	_, err := tx.Append(e, *q)
	return err
}

func (o *Office) resume(tx *store.Tx, a flegt.Actor, q flegt.Question) error {
	d, err := tx.Dossier(q.Licence)
	if err != nil {
		return err
	}
	l, err := tx.Licence(q.Licence)
	if err != nil {
		return err
	}
	if e, waited := d.Resume(a, o.now(), l.State, q.ID); waited {
		return saveDossier(tx, &d, e)
	}
	return nil
}

// closeQuestions closes what is still open when a licence is decided or withdrawn.
func (o *Office) closeQuestions(tx *store.Tx, a flegt.Actor, licence string) error {
	all, err := tx.QuestionsOf(licence)
	if err != nil {
		return err
	}
	for _, q := range all {
		if q.State != flegt.QuestionOpen {
			continue
		}
		e, err := q.Close(a, o.now())
		if err != nil {
			return err
		}
		if err := o.saveQuestion(tx, a, q.State, &q, e.With("decided", true)); err != nil {
			return err
		}
	}
	return nil
}

// CloseQuestion ends the waiting without an answer.
func (o *Office) CloseQuestion(ctx context.Context, a flegt.Actor, id string) (flegt.Question, error) {
	return o.CloseQuestionAt(ctx, a, id, 0)
}

// CloseQuestionAt is CloseQuestion for the version that was looked at; 0 is any.
func (o *Office) CloseQuestionAt(ctx context.Context, a flegt.Actor, id string, version int) (q flegt.Question, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if q, err = tx.Question(id); err != nil {
			return err
		}
		if err := access.MayCloseQuestion(a, q); err != nil {
			return err
		}
		if version != 0 && version != q.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		before := q.State
		e, err := q.Close(a, o.now())
		if err != nil {
			return err
		}
		return o.saveQuestion(tx, a, before, &q, e)
	})
	return q, o.refused("close question", a, err)
}

// mayAnswer reads a question that the actor may answer now.
func (o *Office) mayAnswer(tx *store.Tx, a flegt.Actor, id string) (q flegt.Question, err error) {
	if err := holds(tx, a); err != nil {
		return q, err
	}
	if q, err = tx.Question(id); err != nil {
		return q, err
	}
	if err := access.MayAnswer(a, q); err != nil {
		return q, err
	}
	if q.State == flegt.QuestionClosed {
		return q, flegt.Refuse(flegt.Conflict, "question.closed", nil)
	}
	return q, nil
}

// ReceiveAnswerFile takes a file of an answer in while it arrives, as ReceiveScan does a scan.
// Rights are looked at before the first byte is read.
func (o *Office) ReceiveAnswerFile(ctx context.Context, a flegt.Actor, question, name string, r io.Reader) (*ReceivedScan, error) {
	err := o.db.View(ctx, func(tx *store.Tx) error {
		_, err := o.mayAnswer(tx, a, question)
		return err
	})
	if err != nil {
		return nil, o.refused("answer", a, err)
	}
	got, err := o.receive(ctx, a, r)
	if err != nil {
		return nil, o.refused("answer", a, err)
	}
	got.scan.ID, got.scan.Name, got.scan.By, got.scan.At = o.newID(), cleanName(name), a.Account, o.now()
	return got, nil
}

// AnswerQuestion attaches an answer from the page, with the files that were received for it.
func (o *Office) AnswerQuestion(ctx context.Context, a flegt.Actor, id, text string, files []*ReceivedScan) (flegt.Question, error) {
	return o.AnswerQuestionAt(ctx, a, id, 0, text, files)
}

// AnswerQuestionAt is AnswerQuestion for the version that was looked at; 0 is any.
func (o *Office) AnswerQuestionAt(ctx context.Context, a flegt.Actor, id string, version int, text string, files []*ReceivedScan) (q flegt.Question, err error) {
	answer := flegt.Reply{ID: o.newID(), Text: text}
	if len(files) > flegt.MaxScans {
		return q, o.refused("answer", a, scanError(flegt.TooLarge, "scan.too_many", flegt.Args{"Max": flegt.MaxScans}))
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		_, err := o.mayAnswer(tx, a, id)
		return err
	})
	if err != nil {
		return q, o.refused("answer", a, err)
	}
	for _, f := range files {
		if err := f.bytes.Keep(ctx); err != nil {
			return q, err
		}
		answer.Files = append(answer.Files, f.scan)
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if q, err = o.mayAnswer(tx, a, id); err != nil {
			return err
		}
		if version != 0 && version != q.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		before := q.State
		e, err := q.Answer(a, o.now(), o.TodayIn(q.Country), answer)
		if err != nil {
			return err
		}
		return o.saveQuestion(tx, a, before, &q, e)
	})
	return q, o.refused("answer", a, err)
}

// questions puts into a case what was asked and answered, as far as the actor may see it.
func (o *Office) questions(tx *store.Tx, a flegt.Actor, l flegt.Licence, c *Case) error {
	all, err := tx.QuestionsOf(l.ID)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	knowsWaits := access.MaySeeWaits(a, l) == nil
	for _, q := range all {
		wait := flegt.Wait{To: q.To, Until: q.Deadline}
		if access.MaySeeQuestion(a, q) == nil {
			seen[q.ID] = true
			c.Questions = append(c.Questions, q)
			wait.Question = q.ID
		}
		if knowsWaits && q.State == flegt.QuestionOpen {
			c.Waits = append(c.Waits, wait)
		}
	}
	if access.MayAsk(a, l) == nil {
		if c.Issuing, err = o.issuingAddresses(tx, l.Form.Export); err != nil {
			return err
		}
	}
	if len(seen) == 0 {
		return nil
	}
	events, err := tx.EventsOfQuestions(l.ID)
	for _, e := range events {
		if seen[e.NounID] {
			c.History = append(c.History, e)
		}
	}
	slices.SortStableFunc(c.History, func(x, y flegt.Event) int { return cmp.Compare(x.Seq, y.Seq) })
	return err
}

// QuestionQuery narrows a list of questions; whose they are follows from who asks.
type QuestionQuery = store.QuestionQuery

// NumberedQuestion is a question with the number of its licence.
type NumberedQuestion = store.NumberedQuestion

// QuestionCounts counts questions by their state, at most 1,001 of each.
type QuestionCounts map[flegt.QuestionState]int

// Questions lists a page of the questions that the actor asked, or that wait for him, and
// counts those of every state.
func (o *Office) Questions(ctx context.Context, a flegt.Actor, q QuestionQuery) (out []NumberedQuestion, counts QuestionCounts, err error) {
	if err := access.MayListQuestions(a); err != nil {
		return nil, nil, err
	}
	q.Scope, counts = access.QuestionScope(a), QuestionCounts{}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if out, err = tx.Questions(q); err != nil {
			return err
		}
		for _, state := range flegt.QuestionStates {
			q.State = state
			if counts[state], err = tx.CountQuestionsIn(q, mostCounted+1); err != nil {
				return err
			}
		}
		return nil
	})
	return out, counts, err
}

// Question reads a question.
func (o *Office) Question(ctx context.Context, a flegt.Actor, id string) (q flegt.Question, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if q, err = tx.Question(id); err != nil {
			return err
		}
		return access.MaySeeQuestion(a, q)
	})
	return q, err
}

// AnswerFile opens a file of an answer for whoever may see its question. The caller closes it.
func (o *Office) AnswerFile(ctx context.Context, a flegt.Actor, id, file string) (scan flegt.Attachment, f io.ReadSeekCloser, err error) {
	q, err := o.Question(ctx, a, id)
	if err != nil {
		return scan, nil, err
	}
	scan, found := q.File(file)
	if !found {
		return scan, nil, flegt.Missing()
	}
	f, err = o.db.Blob(ctx, scan.SHA256)
	return scan, f, err
}

// AnswerMail reads the mail by which an answer came, as it came, for the authority that asked.
func (o *Office) AnswerMail(ctx context.Context, a flegt.Actor, id, answer string) ([]byte, error) {
	q, err := o.Question(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if err := access.MayCloseQuestion(a, q); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(q.Answers, func(x flegt.Reply) bool { return x.ID == answer && x.Mail != "" })
	if i < 0 {
		return nil, flegt.Missing()
	}
	_, raw, err := o.StoredMail(ctx, q.Answers[i].Mail)
	return raw, err
}

// Bounds of one round of reminders: how many questions, and how many days ahead it looks, more
// than any working days a reminder is early by.
const (
	maxReminders   = 200
	reminderWindow = 30
)

// RemindQuestions has a reminder sent, once, of each open question whose day of reminding has
// come; from gives that day for a deadline in a country's calendar. It says how many.
func (o *Office) RemindQuestions(ctx context.Context, from func(country string, deadline flegt.Date) flegt.Date) (n int, err error) {
	today := o.Today()
	last := flegt.DateOf(today.Time().AddDate(0, 0, reminderWindow))
	var due []flegt.Question
	err = o.db.View(ctx, func(tx *store.Tx) error {
		due, err = tx.UnremindedQuestions(today, last, maxReminders)
		return err
	})
	for _, q := range due {
		if err != nil {
			return n, err
		}
		if _, yes := q.Remind(o.now(), today, o.dayIn(q.Country, q.AskedAt), from(q.Country, q.Deadline)); yes {
			n++
			err = o.remind(ctx, q.ID, today, from)
		}
	}
	return n, err
}

func (o *Office) remind(ctx context.Context, id string, today flegt.Date, from func(string, flegt.Date) flegt.Date) error {
	return o.db.Update(ctx, func(tx *store.Tx) error {
		q, err := tx.Question(id)
		if err != nil {
			return err
		}
		e, yes := q.Remind(o.now(), today, o.dayIn(q.Country, q.AskedAt), from(q.Country, q.Deadline))
		if !yes { // another server was quicker, or an answer came
			return nil
		}
		return o.saveQuestion(tx, flegt.TheSystem(), q.State, &q, e)
	})
}
