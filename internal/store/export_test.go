package store

import (
	"database/sql"
	"fmt"
	"strings"
)

// Plans runs questions and gives, for every query that they ask, its text and the database's
// plan for it, a line for each step. PostgreSQL is told to read by index where it can, because
// on a small table it reads everything.
func (db *DB) Plans(tx *Tx, ask func() error) (plans map[string][]string, err error) {
	plans = map[string][]string{}
	explain := "EXPLAIN QUERY PLAN "
	if db.Postgres() {
		explain = "EXPLAIN "
		if _, err := tx.sql.Exec("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"); err != nil {
			return nil, err
		}
	}
	type question struct {
		query string
		args  []any
	}
	var asked []question
	db.heard = func(_ *Tx, query string, args []any) { asked = append(asked, question{query, args}) }
	err = ask()
	db.heard = nil
	if err != nil {
		return nil, err
	}
	for _, q := range asked {
		rows, err := tx.sql.Query(explain+q.query, q.args...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.query, err)
		}
		if plans[q.query], err = steps(rows); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// steps reads the last column of a plan's rows.
func steps(rows *sql.Rows) (out []string, err error) {
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return nil, err
		}
		out = append(out, strings.TrimSpace(fmt.Sprint(*values[len(values)-1].(*any))))
	}
	return out, rows.Err()
}

// LogLimit is the size that SQLite's log has at most when no reader holds it, in bytes.
const LogLimit = logLimit

// LooksAt lets a test see how looks are found.
func (tx *Tx) LooksAt(licence string, since int64) error {
	_, err := tx.looksAt(licence, since)
	return err
}

// Fulfil lets a test see how licences are read for many.
func (tx *Tx) Fulfil(refs ...string) error {
	var group []*wish
	for _, ref := range refs {
		group = append(group, &wish{ref: ref, key: ref})
	}
	return tx.fulfil(group)
}

// MaxKnown is how many bytes of rows are known at most.
const MaxKnown = maxKnown

// MaxFollowed is how many events of other processes are gone through at most.
const MaxFollowed = maxFollowed

// KnownSize is how many bytes of rows are known.
func (db *DB) KnownSize() (size int) {
	db.known.mu.Lock()
	defer db.known.mu.Unlock()
	for _, e := range db.known.entries {
		size += e.size
	}
	if size != db.known.size {
		return -1
	}
	return size
}
