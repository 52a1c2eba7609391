package store

import (
	"database/sql"
	"encoding/json"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Append writes an event with the next number. The numbers have no gaps, because the head
// is counted up in the same transaction. Call it after the noun's guarded row was written:
// in PostgreSQL the other order lets rival writers deadlock. noun is the row that the event
// is about, as it was saved; nil when there is none.
func (tx *Tx) Append(e flegt.Event, noun any) (int64, error) {
	if noun != nil {
		e.RowHash = RowHash(noun)
	}
	if err := tx.row(`UPDATE head SET seq = seq + 1 WHERE id = 1 RETURNING seq`).Scan(&e.Seq); err != nil {
		return 0, err
	}
	_, err := tx.exec(`INSERT INTO event (seq, at, account, noun, noun_id, verb, country, operator, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.Seq, tx.at(e.At), e.Account, string(e.Noun), e.NounID, e.Verb, e.Country, e.Operator, jsonOf(e))
	return e.Seq, err
}

// EventsSince reads events after a number, in order, at most limit.
func (tx *Tx) EventsSince(seq int64, limit int) ([]flegt.Event, error) {
	return bodies[flegt.Event](tx, `SELECT body FROM event WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}

// EventsOf reads the history of one noun, oldest first, without the verbs left out.
func (tx *Tx) EventsOf(nounID string, leftOut ...string) ([]flegt.Event, error) {
	w := &where{}
	w.equal("noun_id", nounID)
	if len(leftOut) > 0 {
		w.and("verb NOT IN (" + w.list(leftOut) + ")")
	}
	return bodies[flegt.Event](tx, `SELECT body FROM event`+w.clause()+` ORDER BY seq`, w.args...)
}

// Head gives the number of the newest event.
func (tx *Tx) Head() (int64, error) {
	var n int64
	err := tx.row(`SELECT seq FROM head WHERE id = 1`).Scan(&n)
	return n, err
}

// EachEvent hands every event to fn, in order, without holding them all.
func (tx *Tx) EachEvent(fn func(flegt.Event) error) error {
	return tx.each(`SELECT body FROM event ORDER BY seq`, nil, func(r *sql.Rows) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		var e flegt.Event
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return err
		}
		return fn(e)
	})
}
