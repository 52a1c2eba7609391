package store

import (
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

const letterColumns = 9

var letterInsert = newInsert(`INSERT INTO letter (id, seq, account, recipient, message_id, state, created_at, next_at, body)`, "text bigint text text text text timestamptz timestamptz text", ` ON CONFLICT DO NOTHING`)

// Outbox is letters and notifications as they will stand in their rows, written out before
// the change that puts them there.
type Outbox struct{ letters, notes []any }

// Outbox writes letters and notifications out.
func (tx *Tx) Outbox(letters []flegt.Letter, notes []flegt.Notification) (o Outbox) {
	o.letters = make([]any, 0, len(letters)*letterColumns)
	for _, l := range letters {
		o.letters = append(o.letters, l.ID, l.Seq, l.Account, strings.ToLower(l.To), l.MessageID, string(l.State), tx.at(l.CreatedAt), tx.at(l.NextAt), jsonOf(l))
	}
	o.notes = make([]any, 0, len(notes)*notificationColumns)
	for _, n := range notes {
		o.notes = append(o.notes, n.Account, n.Seq, tx.at(n.At), tx.flag(false), jsonOf(n))
	}
	return o
}

// Post puts letters into the outbox and tells accounts of events in the application. The same
// event tells the same recipient once: a second letter or notification is dropped.
func (tx *Tx) Post(o Outbox) error {
	if err := tx.insert(notificationInsert, notificationColumns, o.notes); err != nil {
		return err
	}
	return tx.insert(letterInsert, letterColumns, o.letters)
}

// AddLetters is Post for letters.
func (tx *Tx) AddLetters(all ...flegt.Letter) error { return tx.Post(tx.Outbox(all, nil)) }

// SaveLetter writes a letter's delivery state.
func (tx *Tx) SaveLetter(l flegt.Letter) error {
	return changed(tx.exec(`UPDATE letter SET state = $1, next_at = $2, body = $3 WHERE id = $4`,
		string(l.State), tx.at(l.NextAt), jsonOf(l), l.ID))
}

// Letter reads a letter by id.
func (tx *Tx) Letter(id string) (flegt.Letter, error) {
	return body[flegt.Letter](tx, `SELECT body FROM letter WHERE id = $1`, id)
}

// LetterByMessageID finds the letter that a bounce speaks of.
func (tx *Tx) LetterByMessageID(id string) (flegt.Letter, error) {
	return body[flegt.Letter](tx, `SELECT body FROM letter WHERE message_id = $1 AND message_id <> '' LIMIT 1`, id)
}

// LetterQuery asks for letters; an empty field leaves nothing out.
type LetterQuery struct {
	State         flegt.LetterState
	To            string // the whole address, in any case
	Limit, Offset int
	After         string // go on after this one, in the same order
}

func (q LetterQuery) where() *where {
	w := &where{}
	w.equal("state", string(q.State))
	w.equal("recipient", strings.ToLower(strings.TrimSpace(q.To)))
	return w
}

// Letters reads outgoing mails, newest first.
func (tx *Tx) Letters(q LetterQuery) ([]flegt.Letter, error) {
	w := q.where()
	if q.After != "" {
		w.and("(created_at, id) < (SELECT x.created_at, x.id FROM letter x WHERE x.id = " + w.arg(q.After) + ")")
	}
	return bodies[flegt.Letter](tx, `SELECT body FROM letter`+w.clause()+` ORDER BY created_at DESC, id DESC LIMIT `+w.arg(q.Limit)+` OFFSET `+w.arg(q.Offset), w.args...)
}

// CountLetters counts letters, at most most of them.
func (tx *Tx) CountLetters(q LetterQuery, most int) (n int, err error) {
	w := q.where()
	clause := w.clause()
	err = tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM letter`+clause+` LIMIT `+w.arg(most)+`) t`, w.args...).Scan(&n)
	return n, err
}

// DueLetters reads the letters to be tried now, the longest waiting first. SQLite has no
// statistics by which to see that the index by when they are due tells more than the one by
// state: it would read all letters that wait.
func (tx *Tx) DueLetters(now time.Time, limit int) ([]flegt.Letter, error) {
	from := `letter`
	if tx.db.dialect == sqlite {
		from += ` INDEXED BY letter_due`
	}
	return bodies[flegt.Letter](tx, `SELECT body FROM `+from+` WHERE state = 'queued' AND next_at <= $1 ORDER BY next_at LIMIT $2`, tx.at(now), limit)
}

// Unreachable gives the last letter to an address that is settled, when it came back or
// could not be delivered; NotFound while letters reach the address, as far as is known.
func (tx *Tx) Unreachable(address string) (flegt.Letter, error) {
	l, err := body[flegt.Letter](tx, `SELECT body FROM letter WHERE recipient = $1 AND state IN ('sent', 'bounced', 'failed')
		ORDER BY created_at DESC, id DESC LIMIT 1`, strings.ToLower(address))
	if err == nil && l.State == flegt.LetterSent {
		return flegt.Letter{}, flegt.Missing()
	}
	return l, err
}
