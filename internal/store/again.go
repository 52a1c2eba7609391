package store

import "fmt"

// again asks what decides how a list is read once for its page and for counting it: how many rows
// stand under a word, which names hold a part. Within View nothing changes between.
func again[T any](tx *Tx, query string, args []any, ask func() (T, error)) (T, error) {
	if tx.found == nil { // a change
		return ask()
	}
	key := fmt.Sprintf("%s %#v", query, args)
	if known, ok := tx.found[key].(T); ok {
		return known, nil
	}
	answer, err := ask()
	if err == nil {
		tx.found[key] = answer
	}
	return answer, err
}

// howMany asks a query that gives one number.
func (tx *Tx) howMany(query string, args ...any) (int, error) {
	return again(tx, query, args, func() (n int, err error) {
		err = tx.row(query, args...).Scan(&n)
		return n, err
	})
}
