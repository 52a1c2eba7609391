package store

import (
	"database/sql"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddQuestion writes a new question.
func (tx *Tx) AddQuestion(q flegt.Question) error {
	_, err := tx.exec(`INSERT INTO question (id, licence, country, state, deadline, asked_at, reminded_at, version, body, addressee, operator, export)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		q.ID, q.Licence, q.Country, string(q.State), string(q.Deadline), tx.at(q.AskedAt), tx.at(q.RemindedAt), q.Version, jsonOf(q), string(q.To), q.Operator, q.Export)
	return err
}

// SaveQuestion writes a changed question, notes the files of its answers as in use, and raises
// its version; Conflict when somebody else changed it meanwhile.
func (tx *Tx) SaveQuestion(q *flegt.Question) error {
	old := q.Version
	q.Version++
	err := changed(tx.exec(`UPDATE question SET state = $1, reminded_at = $2, version = $3, body = $4 WHERE id = $5 AND version = $6`,
		string(q.State), tx.at(q.RemindedAt), q.Version, jsonOf(q), q.ID, old))
	if err != nil {
		return err
	}
	for _, f := range q.Files() {
		if _, err := tx.exec(`INSERT INTO blob_use (sha256, licence) VALUES ($1, $2) ON CONFLICT DO NOTHING`, f.SHA256, q.Licence); err != nil {
			return err
		}
	}
	return nil
}

// Question reads a question.
func (tx *Tx) Question(id string) (flegt.Question, error) {
	return body[flegt.Question](tx, `SELECT body FROM question WHERE id = $1`, id)
}

// QuestionsOf reads the questions about a licence, oldest first.
func (tx *Tx) QuestionsOf(licence string) ([]flegt.Question, error) {
	return bodies[flegt.Question](tx, `SELECT body FROM question WHERE licence = $1 ORDER BY asked_at, id`, licence)
}

// QuestionQuery narrows a list of questions. Scope and State are required: without them nothing
// is listed. Of a scope one country or operator counts: Country, then Operator, then Export.
type QuestionQuery struct {
	Scope  flegt.Scope
	State  flegt.QuestionState
	To     flegt.Addressee // empty: all
	Limit  int             // 0 means 25
	Offset int
	After  string // go on after this one, in the same order
}

// NumberedQuestion is a question with the number of the licence that it is about.
type NumberedQuestion struct {
	flegt.Question
	Number string
}

func (q QuestionQuery) where() (*where, bool) {
	w := &where{}
	switch s := q.Scope; {
	case q.State == "":
		return nil, false
	case s.Country != "":
		w.and("q.country = " + w.arg(s.Country))
	case s.Operator != "":
		w.and("q.addressee = 'importer' AND q.operator = " + w.arg(s.Operator)) // as the index has it
	case s.Export != "":
		w.and("q.addressee = 'issuing' AND q.export = " + w.arg(s.Export))
	default:
		return nil, false
	}
	w.equal("q.state", string(q.State))
	w.equal("q.addressee", string(q.To))
	return w, true
}

// Questions reads a page of questions by their deadline: of open ones the nearest first, of
// others the latest.
func (tx *Tx) Questions(q QuestionQuery) (out []NumberedQuestion, err error) {
	w, ok := q.where()
	if !ok {
		return nil, nil
	}
	if q.Limit == 0 {
		q.Limit = 25
	}
	dir, than := "", ">"
	if q.State != flegt.QuestionOpen {
		dir, than = " DESC", "<"
	}
	if q.After != "" {
		w.and("(q.deadline, q.id) " + than + " (SELECT x.deadline, x.id FROM question x WHERE x.id = " + w.arg(q.After) + ")")
	}
	query := `SELECT q.body, l.number FROM question q JOIN licence l ON l.id = q.licence` + w.clause() + ` ORDER BY q.deadline` + dir + `, q.id` + dir +
		` LIMIT ` + w.arg(q.Limit) + ` OFFSET ` + w.arg(q.Offset)
	err = tx.each(query, w.args, func(r *sql.Rows) error {
		var text string
		var n NumberedQuestion
		if err := r.Scan(&text, &n.Number); err != nil {
			return err
		}
		n.Question, err = parse[flegt.Question](text)
		out = append(out, n)
		return err
	})
	return out, err
}

// CountQuestionsIn counts what a query finds, at most up to cap.
func (tx *Tx) CountQuestionsIn(q QuestionQuery, cap int) (n int, err error) {
	w, ok := q.where()
	if !ok {
		return 0, nil
	}
	err = tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM question q`+w.clause()+` LIMIT `+w.arg(cap)+`) t`, w.args...).Scan(&n)
	return n, err
}

// CountQuestions counts the questions about a licence.
func (tx *Tx) CountQuestions(licence string) (n int, err error) {
	err = tx.row(`SELECT count(*) FROM question WHERE licence = $1`, licence).Scan(&n)
	return n, err
}

// EventsOfQuestions reads the events of all questions about a licence, in order.
func (tx *Tx) EventsOfQuestions(licence string) ([]flegt.Event, error) {
	if err := tx.settled(); err != nil {
		return nil, err
	}
	return bodies[flegt.Event](tx, `SELECT body FROM event WHERE noun_id IN (SELECT id FROM question WHERE licence = $1) AND verb <> 'looked_up' ORDER BY seq`, licence)
}

// UnremindedQuestions reads open questions of which no reminder went out, whose deadline lies
// between two days, both included, the nearest first.
func (tx *Tx) UnremindedQuestions(from, until flegt.Date, limit int) ([]flegt.Question, error) {
	return bodies[flegt.Question](tx, `SELECT body FROM question WHERE state = 'open' AND reminded_at IS NULL AND deadline >= $1 AND deadline <= $2
		ORDER BY deadline, id LIMIT $3`, string(from), string(until), limit)
}
