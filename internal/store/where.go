package store

import (
	"fmt"
	"strings"
	"time"
)

// where builds the conditions of a search with numbered arguments.
type where struct {
	from  string // what narrows the table before the conditions do; empty mostly
	conds []string
	args  []any
}

func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return fmt.Sprintf("$%d", len(w.args))
}

func (w *where) and(cond string) { w.conds = append(w.conds, cond) }

func (w *where) equal(column, value string) {
	if value != "" {
		w.and(column + " = " + w.arg(value))
	}
}

func (w *where) prefix(column, value string) {
	if value != "" {
		w.and(column + " LIKE " + w.arg(escapeLike(value)+"%") + ` ESCAPE '\'`)
	}
}

// contains looks for a part of a column; it reads every row that the other conditions leave.
func (w *where) contains(column, part string) {
	if part != "" {
		w.and(column + " LIKE " + w.arg("%"+escapeLike(part)+"%") + ` ESCAPE '\'`)
	}
}

// between takes moments from the first on and before the second; the zero time is no bound.
func (w *where) between(tx *Tx, column string, from, until time.Time) {
	if !from.IsZero() {
		w.and(column + " >= " + w.arg(tx.at(from)))
	}
	if !until.IsZero() {
		w.and(column + " < " + w.arg(tx.at(until)))
	}
}

func (w *where) in(column string, values []string) {
	if len(values) > 0 {
		w.and(column + " IN (" + w.list(values) + ")")
	}
}

func (w *where) list(values []string) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = w.arg(v)
	}
	return strings.Join(marks, ", ")
}

// after goes on after an id in a list that is sorted by it.
func (w *where) after(id string, asc bool) {
	switch {
	case id == "":
	case asc:
		w.and("id > " + w.arg(id))
	default:
		w.and("id < " + w.arg(id))
	}
}

func (w *where) clause() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conds, " AND ")
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
