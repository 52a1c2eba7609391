package store

import (
	"context"
	"fmt"
	"strings"
)

// insert is how rows of a table are written many at once. A statement of its own for each
// row costs more than the row.
type insert []insertOf

// insertOf is the statement that writes so many rows.
type insertOf struct {
	rows    int
	queries [2]string // by dialect
}

// insertSizes are how many rows a statement writes, the most first.
var insertSizes = []int{32, 8, 1}

// newInsert writes the statements for rows of so many columns; end follows the values.
// SQLite's driver looks the name of each variable up from the first one on; variables without
// names cost it nothing.
func newInsert(begin string, columns int, end string) (out insert) {
	for _, rows := range insertSizes {
		var named, unnamed strings.Builder
		for i := range rows * columns {
			between := ", "
			switch {
			case i == 0:
				between = "("
			case i%columns == 0:
				between = "), ("
			}
			fmt.Fprintf(&named, "%s$%d", between, i+1)
			unnamed.WriteString(between + "?")
		}
		one := insertOf{rows: rows}
		one.queries[sqlite], one.queries[postgres] = begin+unnamed.String()+")"+end, begin+named.String()+")"+end
		out = append(out, one)
	}
	return out
}

// each hands the statements for the values of all columns of rows, one row after the other, to
// run.
func (in insert) each(d dialect, columns int, values []any, run func(query string, args []any) error) error {
	for _, one := range in {
		for n := one.rows * columns; len(values) >= n; values = values[n:] {
			if err := run(one.queries[d], values[:n]); err != nil {
				return err
			}
		}
	}
	return nil
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
