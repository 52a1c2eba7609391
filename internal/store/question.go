package store

import "github.com/openflegt/openflegt/internal/flegt"

// AddQuestion writes a new question.
func (tx *Tx) AddQuestion(q flegt.Question) error {
	_, err := tx.exec(`INSERT INTO question (id, licence, country, state, deadline, asked_at, reminded_at, version, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		q.ID, q.Licence, q.Country, string(q.State), string(q.Deadline), tx.at(q.AskedAt), tx.at(q.RemindedAt), q.Version, jsonOf(q))
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
