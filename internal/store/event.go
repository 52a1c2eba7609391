package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/openflegt/openflegt/internal/flegt"
)

// journal holds what the changes that share a commit add to the tables that are only added to
// and that is not written yet: it goes there with few statements.
type journal struct {
	held  bool  // the head is ours until the commit
	seq   int64 // newest number given, while it is
	rows  []any // eventColumns of each event
	moves []any // movementColumns of each movement
	keys  []any // keyColumns of each key, see Tx.claim
	// booked are versions that bookings have raised, see Tx.bookLater.
	booked bookedRows
}

// as says whether nothing was added since it was before.
func (j journal) as(before journal) bool {
	return len(j.rows) == len(before.rows) && len(j.moves) == len(before.moves) && len(j.keys) == len(before.keys) && len(j.booked) == len(before.booked)
}

// Append gives an event the next number and writes it. The numbers have no gaps, because the
// head is counted up in the same transaction; nobody else gets at it until the commit. noun is
// the row that the event is about, as it was saved; nil when there is none.
func (tx *Tx) Append(e flegt.Event, noun any) (int64, error) {
	if noun != nil {
		e.RowHash = tx.rowHash(noun)
	}
	if err := tx.holdHead(); err != nil {
		return 0, err
	}
	j := &tx.sql.journal
	j.seq++
	e.Seq = j.seq
	if j.rows == nil {
		j.rows = make([]any, 0, eventColumns*min(minGroup, max(1, tx.db.Waiting())))
	}
	tx.sql.room = appendEvent(tx.sql.room[:0], e)
	j.rows = append(j.rows, e.Seq, tx.at(e.At), j.like(2, e.Account), j.like(3, string(e.Noun)), e.NounID, j.like(5, e.Verb), j.like(6, e.Country), j.like(7, e.Operator), string(tx.sql.room))
	return e.Seq, nil
}

// like gives a text as a value of a column, the one of the event before it where that is the same: many
// are about one noun, or by one account.
func (j *journal) like(column int, text string) any {
	if n := len(j.rows); n > 0 {
		before := j.rows[n-eventColumns+column]
		if same, ok := before.(string); ok && same == text {
			return before
		}
	}
	return text
}

// holdHead reads the log's head, which nobody else gets at until the commit. In PostgreSQL changes
// of several processes wait for one another here: what looks whether a role is held and what writes a
// licence begins with it, so that nobody who holds a row waits for who waits for that row.
func (tx *Tx) holdHead() error {
	j := &tx.sql.journal
	if j.held {
		return nil
	}
	query := `SELECT seq FROM head WHERE id = 1`
	if tx.db.dialect == postgres {
		query += ` FOR UPDATE`
	}
	if err := tx.row(query).Scan(&j.seq); err != nil {
		return err
	}
	j.held = true
	return tx.overtaken(j.seq)
}

const eventColumns = 9

var eventInsert = newInsert(`INSERT INTO event (seq, at, account, noun, noun_id, verb, country, operator, body)`, "bigint timestamptz text text text text text text text", "")

// writeJournal puts the events and movements that wait into the tables.
func (t *transaction) writeJournal(ctx context.Context, d dialect) error {
	if d == postgres {
		return t.writeTogether(ctx, false)
	}
	j := &t.journal
	if len(j.moves) > 0 {
		if _, err := t.insert(ctx, d, movementInsert, movementColumns, j.moves); err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
		j.moves = nil
	}
	if len(j.rows) == 0 {
		return nil
	}
	if _, err := t.run(ctx, `UPDATE head SET seq = $1 WHERE id = 1`, j.seq); err != nil {
		return fmt.Errorf("event log: %w", err)
	}
	if _, err := t.insert(ctx, d, eventInsert, eventColumns, j.rows); err != nil {
		return fmt.Errorf("event log: %w", err)
	}
	j.rows = nil
	return nil
}

// settled makes sure that the tables hold every event and movement of the transaction, for
// whoever reads them in it.
func (tx *Tx) settled() error {
	t := tx.sql
	if len(t.journal.rows) == 0 && len(t.journal.moves) == 0 && len(t.journal.booked) == 0 {
		return nil
	}
	if m := &t.member; m.bold && !m.wrote && t.journal.as(m.before) { // only of changes before this one
		err := t.writeJournal(tx.ctx, tx.db.dialect)
		m.before = t.journal
		return err
	}
	if err := t.keepPoint(tx.ctx); err != nil {
		return err
	}
	return t.writeJournal(tx.ctx, tx.db.dialect)
}

// EventsSince reads events after a number, in order, at most limit.
func (tx *Tx) EventsSince(seq int64, limit int) ([]flegt.Event, error) {
	if err := tx.settled(); err != nil {
		return nil, err
	}
	return bodies[flegt.Event](tx, `SELECT body FROM event WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}

// lookSpan is how many events EventsToTell goes through at most.
const lookSpan = 20_000

// EventsToTell is EventsSince without the looks by customs, of which nobody is told and which
// are more than all others. through is the event up to which it has gone through the log.
func (tx *Tx) EventsToTell(seq int64, limit int) (events []flegt.Event, through int64, err error) {
	if through, err = tx.Head(); err != nil {
		return nil, 0, err
	}
	through = min(through, seq+lookSpan)
	events, err = bodies[flegt.Event](tx, `SELECT body FROM event WHERE seq > $1 AND seq <= $2 AND verb <> '`+lookedUp+`' ORDER BY seq LIMIT $3`, seq, through, limit)
	if len(events) == limit {
		through = events[limit-1].Seq
	}
	return events, through, err
}

// lookedUp is the verb of a look by customs. There are more looks than all else, and they are
// read seldom: what keeps them findable is told at looksAt.
const lookedUp = "looked_up"

// EventsOf reads the history of one noun, oldest first, without the verbs left out.
func (tx *Tx) EventsOf(nounID string, leftOut ...string) ([]flegt.Event, error) {
	if err := tx.settled(); err != nil {
		return nil, err
	}
	w := &where{}
	w.equal("noun_id", nounID)
	w.and("verb <> '" + lookedUp + "'") // word by word as in the index
	if len(leftOut) > 0 {
		w.and("verb NOT IN (" + w.list(leftOut) + ")")
	}
	events, err := bodies[flegt.Event](tx, `SELECT body FROM event`+w.clause()+` ORDER BY seq`, w.args...)
	if err != nil || len(events) == 0 || events[0].Noun != flegt.NounLicence || slices.Contains(leftOut, lookedUp) {
		return events, err
	}
	looks, err := tx.looksAt(nounID, events[0].Seq)
	if len(looks) > 0 {
		events = append(events, looks...)
		slices.SortFunc(events, func(a, b flegt.Event) int { return cmp.Compare(a.Seq, b.Seq) })
	}
	return events, err
}

// looksAt reads the looks at a licence since an event. An index by licence would have each
// look write a page of its own, anywhere in it. The looks are kept by thousands instead, in
// each thousand by licence: a look writes where the one before it wrote, and whoever reads
// them asks each thousand.
func (tx *Tx) looksAt(licence string, since int64) ([]flegt.Event, error) {
	return bodies[flegt.Event](tx, `WITH RECURSIVE thousand (n) AS (
		SELECT CAST($1 AS BIGINT) >> 10 UNION ALL SELECT n + 1 FROM thousand WHERE n < (SELECT seq >> 10 FROM head WHERE id = 1))
		SELECT e.body FROM thousand CROSS JOIN event e WHERE (e.seq >> 10) = thousand.n AND e.noun_id = $2 AND e.verb = 'looked_up'`, since, licence)
}

// Head gives the number of the newest event.
func (tx *Tx) Head() (int64, error) {
	if err := tx.settled(); err != nil {
		return 0, err
	}
	var n int64
	err := tx.row(`SELECT seq FROM head WHERE id = 1`).Scan(&n)
	return n, err
}

// EachEvent hands every event to fn, in order, without holding them all.
func (tx *Tx) EachEvent(fn func(flegt.Event) error) error {
	if err := tx.settled(); err != nil {
		return err
	}
	return tx.each(`SELECT body FROM event ORDER BY seq`, nil, func(r *sql.Rows) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		var e flegt.Event
		if err := jsonv1.Unmarshal([]byte(text), &e); err != nil {
			return err
		}
		return fn(e)
	})
}
