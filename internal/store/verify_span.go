package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"

	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/openflegt/openflegt/internal/flegt"
)

// Span is a part of the registry by the ids of its nouns, in the database's own order: after
// one id, up to another and with it. An empty end is open.
type Span struct{ After, Until string }

func (s Span) where(column string) *where {
	w := &where{}
	if s.After != "" {
		w.and(column + " > " + w.arg(s.After))
	}
	if s.Until != "" {
		w.and(column + " <= " + w.arg(s.Until))
	}
	return w
}

// EventRow is an event as it lies in its table.
type EventRow struct {
	Seq    int64  // its number in the table
	NounID string // as its column has it
	Event  flegt.Event
	Astray []string // columns that do not say what its body says; "body" alone when that cannot be read
}

// fromEvent are the columns of an event that follow from its body.
const fromEvent = "seq, noun_id, at, account, noun, verb, country, operator"

// scanEvent reads an event of which the body comes first and then what is fromEvent. Where the
// body is left out, it reads the number alone.
func scanEvent(r *sql.Rows) (row EventRow, whole bool, err error) {
	var body sql.NullString
	var at, account, noun, verb, country, operator any
	if err = r.Scan(&body, &row.Seq, &row.NounID, &at, &account, &noun, &verb, &country, &operator); err != nil || !body.Valid {
		return row, false, err
	}
	e := &row.Event
	if jsonv1.Unmarshal([]byte(body.String), e) != nil {
		row.Astray = []string{"body"}
		return row, true, nil
	}
	for _, column := range []struct {
		name        string
		found, want any
	}{{"seq", row.Seq, e.Seq}, {"noun_id", row.NounID, e.NounID}, {"at", at, e.At}, {"account", account, e.Account}, {"noun", noun, string(e.Noun)},
		{"verb", verb, e.Verb}, {"country", country, e.Country}, {"operator", operator, e.Operator}} {
		if !agrees(column.found, column.want) {
			row.Astray = append(row.Astray, column.name)
		}
	}
	return row, true, nil
}

// EachEventNumber hands the number of every event to fn, in order, and the whole row of the
// looks by customs, which EventSpan leaves out.
func (tx *Tx) EachEventNumber(fn func(seq int64, look *EventRow) error) error {
	if err := tx.settled(); err != nil {
		return err
	}
	return tx.each(`SELECT CASE WHEN verb = '`+lookedUp+`' THEN body END, `+fromEvent+` FROM event ORDER BY seq`, nil, func(r *sql.Rows) error {
		row, look, err := scanEvent(r)
		if err != nil {
			return err
		}
		if look {
			return fn(row.Seq, &row)
		}
		return fn(row.Seq, nil)
	})
}

// EventSpan hands the events after a noun's id to fn, those of one id together and in order, all
// but looks by customs. It ends with the last event of the id that has the n-th of them, and
// says which span that was.
func (tx *Tx) EventSpan(after string, n int, fn func(EventRow) error) (Span, error) {
	span, count := Span{After: after}, 0
	if err := tx.settled(); err != nil {
		return span, err
	}
	var last EventRow
	read := func(w *where, limit string) error {
		w.and("verb <> '" + lookedUp + "'") // word by word as in the index
		return tx.each(`SELECT body, `+fromEvent+` FROM event`+w.clause()+` ORDER BY noun_id, seq`+limit, w.args, func(r *sql.Rows) (err error) {
			if last, _, err = scanEvent(r); err != nil {
				return err
			}
			count++
			return fn(last)
		})
	}
	w := span.where("noun_id")
	if err := read(w, ` LIMIT `+w.arg(n)); err != nil || count < n {
		return span, err
	}
	span.Until = last.NounID
	w = &where{}
	w.and("noun_id = " + w.arg(span.Until))
	w.and("seq > " + w.arg(last.Seq))
	return span, read(w, "")
}

// MovementRow is a movement as it lies in its table.
type MovementRow struct {
	Movement flegt.Movement
	Astray   []string // columns that do not say what its body says; "body" alone when that cannot be read
}

// EachMovement hands the movements under the licences of a span to fn, those of a licence
// together and in the order of the events that carry them.
func (tx *Tx) EachMovement(span Span, fn func(MovementRow) error) error {
	w := span.where("licence")
	return tx.each(`SELECT body, seq, id, licence, mrn, at FROM movement`+w.clause()+` ORDER BY licence, seq, ordinal`, w.args, func(r *sql.Rows) error {
		var body, id, licence string
		var seq int64
		var mrn, at any
		if err := r.Scan(&body, &seq, &id, &licence, &mrn, &at); err != nil {
			return err
		}
		m, err := parse[flegt.Movement](body)
		if err != nil {
			return fn(MovementRow{flegt.Movement{ID: id, Licence: licence, Seq: seq}, []string{"body"}})
		}
		row := MovementRow{Movement: m}
		for _, column := range []struct {
			name        string
			found, want any
		}{{"seq", seq, m.Seq}, {"id", id, m.ID}, {"licence", licence, m.Licence}, {"mrn", mrn, m.MRN}, {"at", at, m.At}} {
			if !agrees(column.found, column.want) {
				row.Astray = append(row.Astray, column.name)
			}
		}
		return fn(row)
	})
}

// Uses reads how far the licences of a span are used that are used at all.
func (tx *Tx) Uses(span Span) (map[string]flegt.Use, error) {
	out := map[string]flegt.Use{}
	w := span.where("id")
	w.and("used <> ''")
	err := tx.each(`SELECT id, used FROM licence`+w.clause(), w.args, func(r *sql.Rows) error {
		var id, used string
		err := r.Scan(&id, &used)
		out[id] = flegt.Use(used)
		return err
	})
	return out, err
}

// EachRawMail hands every mail that came in to fn, with the SHA-256 of its bytes, hex.
func (tx *Tx) EachRawMail(fn func(m flegt.IncomingMail, sum string) error) error {
	return tx.each(`SELECT id, body, raw FROM incoming_mail ORDER BY id`, nil, func(r *sql.Rows) error {
		var id, text string
		var raw []byte
		if err := r.Scan(&id, &text, &raw); err != nil {
			return err
		}
		m, err := parse[flegt.IncomingMail](text)
		if err != nil {
			m = flegt.IncomingMail{}
		}
		m.ID = id
		sum := sha256.Sum256(raw)
		return fn(m, hex.EncodeToString(sum[:]))
	})
}
