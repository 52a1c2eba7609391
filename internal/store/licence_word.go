package store

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// anyWord are words under one of which a licence must stand: as they are, or one of whose
// beginning is the only one of them.
type anyWord struct {
	words  []string
	begins bool
}

// under is the condition that a column of licence_word is one of the words.
func (w *where) under(column string, a anyWord) string {
	if a.begins {
		return w.begins(column, a.words[0])
	}
	return column + " IN (" + w.list(a.words) + ")"
}

// passOver adds that a licence, named by a column, has one of each of the common words but
// those of one place.
func (l *listing) passOver(id string, but int) (cond string) {
	for i, a := range l.common {
		if i != but {
			cond += " AND " + l.stands(id, a)
		}
	}
	return cond
}

// stands is the condition that a licence, named by a column, stands under one of the words. Whole
// words are asked for one by one: those of licences that follow each other lie together in the
// index by word, and far from each other in that by licence, which SQLite takes for several.
func (w *where) stands(id string, a anyWord) string {
	const one = "EXISTS (SELECT 1 FROM licence_word w WHERE w.licence = "
	if a.begins {
		return one + id + " AND " + w.begins("w.word", a.words[0]) + ")"
	}
	all := make([]string, len(a.words))
	for i, word := range a.words {
		all[i] = one + id + " AND w.word = " + w.arg(word) + ")"
	}
	return "(" + strings.Join(all, " OR ") + ")"
}

// wholeWords is how many words with the same beginning are asked for one by one at most.
const wholeWords = 4

// whole gives the words that begin as was typed, when they are not too many: each is found
// behind the one before, whatever stands under it.
func (tx *Tx) whole(a anyWord) (anyWord, error) {
	if !a.begins {
		return a, nil
	}
	w := &where{}
	w.arg(a.words[0])
	w.arg(a.words[0] + "\U0010FFFF")
	found := anyWord{}
	rows, err := tx.rows(`WITH RECURSIVE d (word) AS (SELECT min(word) FROM licence_word WHERE word >= $1 AND word < $2
		UNION ALL SELECT (SELECT min(word) FROM licence_word WHERE word > d.word AND word < $2) FROM d WHERE d.word IS NOT NULL)
		SELECT word FROM d WHERE word IS NOT NULL LIMIT `+w.arg(wholeWords+1), w.args...)
	if err != nil {
		return a, err
	}
	defer rows.Close()
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			return a, err
		}
		found.words = append(found.words, word)
	}
	if n := len(found.words); n == 0 || n > wholeWords {
		return a, rows.Err()
	}
	return found, rows.Err()
}

// tallies knows of words that so many licences stand under them at least. Licences are seldom taken
// off a word, and how a list is read is all that is decided by it: whichever way it is, the list is
// the same.
type tallies struct {
	mu      sync.Mutex
	atLeast map[string]int
}

// maxTallies is how many words are known at most; then all are forgotten.
const maxTallies = 10_000

func (t *tallies) reach(key string, n int) bool { return t.known(key) >= n }

// known is how many it knows of; 0 where it knows none.
func (t *tallies) known(key string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.atLeast[key]
}

// lately is a part of a key that changes every ten minutes: of what may become less, what was found is
// not known for longer.
func lately() string { return " " + strconv.FormatInt(time.Now().Unix()/600, 10) }

func (t *tallies) keep(key string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.atLeast == nil || len(t.atLeast) >= maxTallies {
		t.atLeast = map[string]int{}
	}
	t.atLeast[key] = max(t.atLeast[key], n)
}

// standUnder counts the licences under any of the words, at most up to a number from 1 on.
func (tx *Tx) standUnder(a anyWord, atMost int) (int, error) {
	key := strings.Join(a.words, " ")
	if a.begins {
		key += "*"
	}
	if tx.db.tallies.reach(key, atMost) {
		return atMost, nil
	}
	w := &where{}
	w.and(w.under("word", a))
	n, err := tx.howMany(`SELECT count(*) FROM (SELECT 1 AS one FROM licence_word`+w.clause()+` LIMIT `+w.arg(atMost)+`) t`, w.args...)
	if n >= atMost && err == nil {
		tx.db.tallies.keep(key, n)
	}
	return n, err
}

// isFew counts what a query finds that counts up to few, which decides how a list is read. That there are
// as many is known for ten minutes.
func (tx *Tx) isFew(query string, args ...any) (n int, err error) {
	key := fmt.Sprintf("%s %#v", query, args) + lately()
	if tx.db.tallies.reach(key, few) {
		return few, nil
	}
	if n, err = tx.howMany(query, args...); n >= few && err == nil {
		tx.db.tallies.keep(key, n)
	}
	return n, err
}
