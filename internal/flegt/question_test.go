package flegt

import (
	"strings"
	"testing"
	"time"
)

var morning = time.Date(2016, 12, 6, 9, 0, 0, 0, time.UTC)

func asked(state QuestionState) Question {
	return Question{ID: "q", Licence: "l", Country: "DK", To: ToImporter, Operator: "op", Text: "x", State: state, AskedAt: morning, Deadline: "2016-12-13"}
}

// TestQuestionStates is every state with everything that can happen to a question.
func TestQuestionStates(t *testing.T) {
	someone := Actor{Account: "mette", Role: RoleOperator, Body: "op"}
	for _, c := range []struct {
		state QuestionState
		does  string
		then  QuestionState // empty: refused
	}{
		{QuestionOpen, "answer", QuestionAnswered}, {QuestionOpen, "mail", QuestionAnswered}, {QuestionOpen, "stranger", QuestionOpen}, {QuestionOpen, "forged", QuestionOpen}, {QuestionOpen, "close", QuestionClosed},
		{QuestionAnswered, "answer", QuestionAnswered}, {QuestionAnswered, "mail", QuestionAnswered}, {QuestionAnswered, "stranger", QuestionAnswered}, {QuestionAnswered, "forged", QuestionAnswered}, {QuestionAnswered, "close", ""},
		{QuestionClosed, "answer", ""}, {QuestionClosed, "mail", QuestionClosed}, {QuestionClosed, "stranger", QuestionClosed}, {QuestionClosed, "forged", QuestionClosed}, {QuestionClosed, "close", ""},
	} {
		q := asked(c.state)
		var err error
		a := Reply{ID: "a", Text: "because", Mail: "m", Known: c.does != "stranger", Forged: c.does == "forged"}
		switch c.does {
		case "close":
			_, err = q.Close(someone, morning)
		case "answer":
			_, err = q.Answer(someone, morning, "2016-12-07", Reply{ID: "a", Text: "because"})
		default:
			_, err = q.Answer(TheSystem(), morning, "2016-12-07", a)
		}
		if then := q.State; (err == nil) != (c.then != "") || err == nil && then != c.then || err != nil && then != c.state {
			t.Errorf("%s, %s: %s, %v", c.state, c.does, then, err)
		}
	}
}

func TestAnswersAreLateOrNot(t *testing.T) {
	for day, late := range map[Date]bool{"2016-12-06": false, "2016-12-13": false, "2016-12-14": true} {
		q := asked(QuestionOpen)
		e, err := q.Answer(TheSystem(), morning, day, Reply{ID: "a", Text: "x", Known: true})
		if err != nil || q.Answers[0].Late != late || e.Data["late"] != late {
			t.Errorf("%s: %v, %v", day, q.Answers, err)
		}
		if q := asked(QuestionOpen); q.Overdue(day) != late {
			t.Errorf("%s: overdue %v", day, q.Overdue(day))
		}
	}
}

func TestAnAnswerHasBounds(t *testing.T) {
	many := make([]Attachment, MaxScans+1)
	for name, a := range map[string]Reply{"nothing": {Text: " \n"}, "too long": {Text: strings.Repeat("x", MaxQuestionText+1)}, "too long by mail": {Mail: "m", Text: strings.Repeat("x", MaxMailAnswer+1)}, "too many files": {Files: many}} {
		q := asked(QuestionOpen)
		if _, err := q.Answer(TheSystem(), morning, "2016-12-07", a); err == nil || len(q.Answers) != 0 || q.State != QuestionOpen {
			t.Errorf("%s: %v", name, err)
		}
	}
	q := asked(QuestionOpen)
	q.Answers = make([]Reply, MaxReplies)
	if _, err := q.Answer(TheSystem(), morning, "2016-12-07", Reply{Text: "x"}); KindOf(err) != TooLarge {
		t.Error(err)
	}
}

// TestAnEventNamesTheOperatorForTheImporterAlone: the events of a question to the issuing
// country do not reach the importer, and no event carries a word or an address.
func TestAnEventNamesTheOperatorForTheImporterAlone(t *testing.T) {
	for to, operator := range map[Addressee]string{ToImporter: "op", ToIssuing: ""} {
		q := Question{ID: "q", Licence: "l", To: to, Operator: operator, Text: "secret words", Deadline: "2016-12-13"}
		e, err := q.Ask(Actor{Account: "anders", Role: RoleAuthority}, morning, "2016-12-06")
		if err != nil || e.Operator != operator || e.Account != "anders" {
			t.Errorf("%s: %+v, %v", to, e, err)
		}
		answered, err := q.Answer(TheSystem(), morning, "2016-12-06", Reply{ID: "a", Mail: "m", From: "mette@nordisktrae.example", Text: "secret answer", Known: true, Checks: map[string]string{"spf": "pass"}})
		if err != nil || answered.Data["spf"] != "pass" || answered.Data["known"] != true {
			t.Errorf("%s: %+v, %v", to, answered, err)
		}
		for _, e := range []Event{e, answered} {
			for name, v := range e.Data {
				if s, ok := v.(string); ok && (strings.Contains(s, "secret") || strings.Contains(s, "@")) {
					t.Errorf("%s: the event carries %s: %s", to, name, s)
				}
			}
		}
	}
}

func TestReminders(t *testing.T) {
	for _, c := range []struct {
		name        string
		today, from Date
		change      func(*Question)
		due         bool
	}{
		{"before its day", "2016-12-08", "2016-12-09", nil, false},
		{"on its day", "2016-12-09", "2016-12-09", nil, true},
		{"on the last day", "2016-12-13", "2016-12-09", nil, true},
		{"after the deadline", "2016-12-14", "2016-12-09", nil, false},
		{"asked on that very day", "2016-12-06", "2016-12-06", nil, false},
		{"once", "2016-12-09", "2016-12-09", func(q *Question) { q.RemindedAt = morning }, false},
		{"answered", "2016-12-09", "2016-12-09", func(q *Question) { q.State = QuestionAnswered }, false},
		{"closed", "2016-12-09", "2016-12-09", func(q *Question) { q.State = QuestionClosed }, false},
	} {
		q := asked(QuestionOpen)
		if c.change != nil {
			c.change(&q)
		}
		if _, due := q.Remind(morning, c.today, "2016-12-06", c.from); due != c.due {
			t.Errorf("%s: %v", c.name, due)
		}
	}
}

// TestADossierWaits is every state of a licence, with and without an answer that is waited for.
func TestADossierWaits(t *testing.T) {
	for _, state := range LicenceStates {
		without, with := DossierDecided, DossierDecided
		switch state {
		case Submitted:
			without, with = DossierOpen, DossierWaiting
		case Returned:
			without, with = DossierWaiting, DossierWaiting
		}
		d := Dossier{Standing: without}
		if d.Follow(TheSystem(), morning, state); d.Standing != without {
			t.Errorf("%s: %s", state, d.Standing)
		}
		d.Proposal = &Proposal{}
		if d.Wait(TheSystem(), morning, state, Wait{Question: "q"}); d.Standing != with || d.Proposal != nil {
			t.Errorf("%s, asked: %s", state, d.Standing)
		}
		if _, waited := d.Resume(TheSystem(), morning, state, "another"); waited {
			t.Errorf("%s waits for what was not asked", state)
		}
		if _, waited := d.Resume(TheSystem(), morning, state, "q"); !waited || d.Standing != without {
			t.Errorf("%s, answered: %s", state, d.Standing)
		}
	}
}

func TestAnswerAddress(t *testing.T) {
	const id = "01a20e28-0169-7193-8718-2cb20d52e11e"
	address, ok := AnswerAddress("flegt@flegt.example", id)
	if !ok || address != "flegt+q-"+id+"@flegt.example" {
		t.Fatal(address, ok)
	}
	for to, want := range map[string]bool{address: true, strings.ToUpper(address): true, "flegt@flegt.example": false, "flegt+b-" + id + "@flegt.example": false,
		"flegt+q-" + id + "@else.example": false, "other+q-" + id + "@flegt.example": false, "flegt+q-x y@flegt.example": false, "flegt+q-@flegt.example": false} {
		if found, ok := QuestionOf("flegt@flegt.example", to); ok != want || ok && found != id {
			t.Errorf("%s: %s %v", to, found, ok)
		}
	}
	if _, ok := AnswerAddress(strings.Repeat("x", 40)+"@flegt.example", id); ok {
		t.Error("there is no room for it")
	}
}
