package store

import (
	"context"
	"fmt"
	"strings"
)

// insert is how rows of a table are written many at once. A statement of its own for each
// row costs more than the row.
type insert struct {
	sizes  []insertOf // on SQLite
	column string     // on PostgreSQL, where each column's values are one variable
}

// insertOf is the statement that writes so many rows.
type insertOf struct {
	rows  int
	query string
}

// insertSizes are how many rows a statement writes, the most first.
var insertSizes = []int{32, 8, 1}

// newInsert writes the statements for rows of columns of these types, as PostgreSQL names them; begin
// ends with the table's columns, and end follows the values. SQLite's driver looks the name of
// each variable up from the first one on; variables without names cost it nothing.
func newInsert(begin, types, end string) (out insert) {
	var arrays []string
	for i, name := range strings.Fields(types) {
		arrays = append(arrays, fmt.Sprintf("$%d::%s[]", i+1, name))
	}
	for _, rows := range insertSizes {
		var unnamed strings.Builder
		for i := range rows * len(arrays) {
			between := ", "
			switch {
			case i == 0:
				between = "("
			case i%len(arrays) == 0:
				between = "), ("
			}
			unnamed.WriteString(between + "?")
		}
		out.sizes = append(out.sizes, insertOf{rows, begin + " VALUES " + unnamed.String() + ")" + end})
	}
	out.column = begin + " SELECT * FROM unnest(" + strings.Join(arrays, ", ") + ")" + end
	return out
}

// each hands the statements for the values of all columns of rows, one row after the other, to
// run.
func (in insert) each(d dialect, columns int, values []any, run func(query string, args []any) error) error {
	if d == postgres {
		if len(values) == 0 {
			return nil
		}
		return run(in.column, byColumn(values, columns))
	}
	for _, one := range in.sizes {
		for n := one.rows * columns; len(values) >= n; values = values[n:] {
			if err := run(one.query, values[:n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// byColumn gives the values of rows, one row after the other, as a list for each column.
func byColumn(values []any, columns int) []any {
	out := make([]any, columns)
	for c := range columns {
		texts := make([]string, 0, len(values)/columns)
		mixed := make([]any, 0, len(values)/columns)
		for i := c; i < len(values); i += columns {
			if text, ok := values[i].(string); ok {
				texts = append(texts, text)
			}
			mixed = append(mixed, values[i])
		}
		if out[c] = mixed; len(texts) == len(mixed) {
			out[c] = texts
		}
	}
	return out
}

// insert writes rows, given as the values of all their columns.
func (tx *Tx) insert(in insert, columns int, values []any) error {
	return in.each(tx.db.dialect, columns, values, func(query string, args []any) error {
		_, err := tx.exec(query, args...)
		return err
	})
}

// insert is Tx.insert at the end of a transaction; it says how many rows were written.
func (t *transaction) insert(ctx context.Context, d dialect, in insert, columns int, values []any) (written int64, err error) {
	err = in.each(d, columns, values, func(query string, args []any) error {
		r, err := t.run(ctx, query, args...)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		written += n
		return err
	})
	return written, err
}
