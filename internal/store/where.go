package store

import (
	"fmt"
	"strings"
)

// where builds the conditions of a search with numbered arguments.
type where struct {
	from  string
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

func (w *where) clause() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conds, " AND ")
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
