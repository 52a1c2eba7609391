package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json" // reads what encoding/json writes, in less than half the time
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/openflegt/openflegt/internal/flegt"
)

// Tx is one change or one consistent look. Its methods are the queries, a file per noun.
type Tx struct {
	ctx   context.Context
	db    *DB
	sql   *transaction
	saved savedRow
	// found is what was asked before, where nothing changes between: see again.
	found map[string]any
	// answer is kept beside the key of the change, see Answer.
	answer []byte
}

// savedRow is the licence that was saved last.
type savedRow struct {
	id, hash string // of its row
	version  int
}

// SQL gives the transaction itself, for libraries that write beside our rows in the same
// commit (background jobs).
func (tx *Tx) SQL() *sql.Tx {
	tx.sql.forgetRoles()
	if err := tx.settled(); err == nil {
		_ = tx.sql.keepPoint(tx.ctx) // what fails is told when the change ends
	}
	return tx.sql.Tx
}

func (tx *Tx) exec(query string, args ...any) (int64, error) {
	if err := tx.asks(query, args); err != nil {
		return 0, err
	}
	if err := tx.sql.keepPoint(tx.ctx); err != nil {
		return 0, err
	}
	r, err := tx.sql.run(tx.ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", firstWords(query), err)
	}
	return r.RowsAffected()
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	if err := tx.asks(query, args); err != nil {
		return nil, err
	}
	r, err := tx.sql.QueryContext(tx.ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", firstWords(query), err)
	}
	return r, nil
}

func (tx *Tx) row(query string, args ...any) *sql.Row {
	_ = tx.asks(query, args) // what fails is told when the change ends
	if !strings.HasPrefix(query, "SELECT") {
		_ = tx.sql.keepPoint(tx.ctx) // what fails is told when the change ends
	}
	if s := tx.sql.bind(tx.ctx, query); s != nil {
		return s.QueryRowContext(tx.ctx, args...)
	}
	return tx.sql.QueryRowContext(tx.ctx, query, args...)
}

// Try makes a part of a change: when fn fails, nothing of the part remains, and the change may
// go on.
func (tx *Tx) Try(fn func() error) error {
	if _, err := tx.exec("SAVEPOINT part"); err != nil {
		return err
	}
	before := tx.sql.journal
	failed := fn()
	if failed != nil {
		tx.sql.journal, tx.saved = before, savedRow{}
		tx.sql.forgetRoles()
		tx.sql.touched.drop()
		if _, err := tx.exec("ROLLBACK TO SAVEPOINT part"); err != nil {
			return errors.Join(failed, err)
		}
	}
	_, err := tx.exec("RELEASE SAVEPOINT part")
	return errors.Join(failed, err)
}

// asks comes before each query. A listening test is told of it.
func (tx *Tx) asks(query string, args []any) error {
	if tx.db.heard != nil {
		tx.db.heard(tx, query, args)
	}
	return tx.writeBooked()
}

func firstWords(q string) string {
	f := strings.Fields(q)
	return strings.Join(f[:min(4, len(f))], " ")
}

// each runs scan for every row.
func (tx *Tx) each(query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := tx.query(query, args...)
	return scanned(rows, err, scan)
}

// all is each for a query that is asked often, and for a scan that asks nothing meanwhile.
func (tx *Tx) all(query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := tx.rows(query, args...)
	return scanned(rows, err, scan)
}

func scanned(rows *sql.Rows, err error, scan func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// bodies reads a column of JSON bodies into nouns.
func bodies[T any](tx *Tx, query string, args ...any) ([]T, error) {
	return nouns(tx, query, args, func(r *sql.Rows) (v T, err error) {
		var text sql.RawBytes
		if err = r.Scan(&text); err == nil {
			err = read(text, &v)
		}
		return v, err
	})
}

// nouns reads a noun from every row.
func nouns[T any](tx *Tx, query string, args []any, scan func(*sql.Rows) (T, error)) ([]T, error) {
	var out []T
	rows, err := tx.rows(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// rows asks for rows that are read to their end before anything else is asked.
func (tx *Tx) rows(query string, args ...any) (*sql.Rows, error) {
	s := tx.sql.bind(tx.ctx, query)
	if s == nil {
		return tx.query(query, args...)
	}
	if err := tx.asks(query, args); err != nil {
		return nil, err
	}
	r, err := s.QueryContext(tx.ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", firstWords(query), err)
	}
	return r, nil
}

// body reads one noun; NotFound when there is none.
func body[T any](tx *Tx, query string, args ...any) (T, error) {
	var v T
	var text string
	err := tx.row(query, args...).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return v, flegt.Missing()
	}
	if err != nil {
		return v, fmt.Errorf("%s: %w", firstWords(query), err)
	}
	return v, read([]byte(text), &v)
}

// among is the condition that a column holds one of the values, in one argument: the text of
// the query is the same for any number of them. The argument is given beside it.
func (tx *Tx) among(column, mark string, values []string) (cond string, arg any) {
	values = slices.Clone(values)
	slices.Sort(values)
	arg = jsonOf(slices.Compact(values))
	if tx.db.dialect == postgres {
		return column + " = ANY(ARRAY(SELECT jsonb_array_elements_text(" + mark + "::jsonb)))", arg
	}
	return column + " IN (SELECT value FROM json_each(" + mark + "))", arg
}

// asWritten reads as encoding/json does, but does not go through a text before it is read: what is
// wrong in it is found on the way.
var asWritten = jsonv2.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false))

// read reads a noun that jsonOf wrote.
func read(text []byte, noun any) error { return jsonv2.Unmarshal(text, noun, asWritten) }

// jsonOf writes a noun as it stands in its row; a noun is plain data, so it cannot fail.
func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// rowHash is RowHash; a licence that was just saved need not be written out again.
func (tx *Tx) rowHash(noun any) string {
	if l, ok := noun.(flegt.Licence); ok && tx.saved.hash != "" && tx.saved.id == l.ID && tx.saved.version == l.Version {
		return tx.saved.hash
	}
	return RowHash(noun)
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// RowHash is the SHA-256 of a noun as it stands in its row, in hex. The event that wrote
// the row carries it; verify compares the two.
func RowHash(noun any) string {
	return hashOf(jsonOf(noun))
}

// at writes a moment as the database keeps it: fixed-width text in SQLite, which sorts like
// time, and timestamptz in PostgreSQL. The zero time is NULL.
func (tx *Tx) at(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	if tx.db.dialect == sqlite {
		return momentText(t)
	}
	return t.UTC()
}

const timeLayout = "2006-01-02T15:04:05.000000Z"

// momentText is timeLayout of a moment, by a layout that the library writes at once.
func momentText(t time.Time) string {
	t = t.UTC()
	var room [len(timeLayout) + 5]byte
	text := t.AppendFormat(room[:0], time.RFC3339)
	text = text[:len(text)-1]
	text = append(text, '.')
	for n, unit := t.Nanosecond()/1000, 100_000; unit > 0; unit /= 10 {
		text = append(text, byte('0'+n/unit%10))
	}
	return string(append(text, 'Z'))
}

// moment reads a moment from either database.
type moment struct{ time.Time }

// Scan implements sql.Scanner.
func (m *moment) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		m.Time = time.Time{}
	case time.Time:
		m.Time = v.UTC()
	case string:
		t, err := time.Parse(timeLayout, v)
		m.Time = t
		return err
	default:
		return fmt.Errorf("no moment: %T", v)
	}
	return nil
}

// changed turns "no row" of a guarded update into a Conflict.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return conflict()
	}
	return err
}

// unique says whether an error is a broken unique index.
func unique(err error) bool {
	if err == nil {
		return false
	}
	s := err.Error()
	return strings.Contains(s, "UNIQUE constraint failed") || strings.Contains(s, "SQLSTATE 23505")
}
