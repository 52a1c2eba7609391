package store

import (
	"database/sql"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddMail keeps a mail, raw, before it is read or acknowledged.
func (tx *Tx) AddMail(m flegt.IncomingMail, raw []byte) error {
	_, err := tx.exec(`INSERT INTO incoming_mail (id, received_at, sha256, message_id, handled, authorisation, raw, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		m.ID, tx.at(m.ReceivedAt), m.SHA256, mailKey(m), tx.flag(m.Handled), m.Authorisation, raw, jsonOf(m))
	return err
}

// SaveMail writes what was found in a mail.
func (tx *Tx) SaveMail(m flegt.IncomingMail) error {
	return changed(tx.exec(`UPDATE incoming_mail SET message_id = $1, handled = $2, authorisation = $3, body = $4 WHERE id = $5`,
		mailKey(m), tx.flag(m.Handled), m.Authorisation, jsonOf(m), m.ID))
}

// mailKey is what tells a mail from others: its Message-ID, and its fingerprint where it
// has none.
func mailKey(m flegt.IncomingMail) string {
	if m.MessageID != "" {
		return m.MessageID
	}
	return m.Fingerprint
}

// flag writes a truth value as the database keeps it.
func (tx *Tx) flag(b bool) any {
	if tx.db.dialect == postgres {
		return b
	}
	if b {
		return 1
	}
	return 0
}

// Mail reads a mail that came in.
func (tx *Tx) Mail(id string) (flegt.IncomingMail, error) {
	return body[flegt.IncomingMail](tx, `SELECT body FROM incoming_mail WHERE id = $1`, id)
}

// RawMail reads a mail as it came.
func (tx *Tx) RawMail(id string) ([]byte, error) {
	var raw []byte
	err := tx.row(`SELECT raw FROM incoming_mail WHERE id = $1`, id).Scan(&raw)
	return raw, missing(err)
}

// MailsOf reads the mails attached to a request, oldest first.
func (tx *Tx) MailsOf(authorisation string) ([]flegt.IncomingMail, error) {
	return bodies[flegt.IncomingMail](tx, `SELECT body FROM incoming_mail WHERE authorisation = $1 AND authorisation <> '' ORDER BY received_at`, authorisation)
}

// MailsUnder reads the mails of several authorisations in one query, each's oldest first.
func (tx *Tx) MailsUnder(authorisations []string) (map[string][]flegt.IncomingMail, error) {
	out := map[string][]flegt.IncomingMail{}
	if len(authorisations) == 0 {
		return out, nil
	}
	cond, arg := tx.among("authorisation", "$1", authorisations)
	all, err := bodies[flegt.IncomingMail](tx, `SELECT body FROM incoming_mail WHERE `+cond+` AND authorisation <> '' ORDER BY received_at`, arg)
	for _, m := range all {
		out[m.Authorisation] = append(out[m.Authorisation], m)
	}
	return out, err
}

// Mails reads the mails that came in, newest first.
func (tx *Tx) Mails(limit, offset int) ([]flegt.IncomingMail, error) {
	return bodies[flegt.IncomingMail](tx, `SELECT body FROM incoming_mail ORDER BY received_at DESC, id DESC LIMIT $1 OFFSET $2`, limit, offset)
}

// MailsAfter reads mails in the order of Mails, going on after one of them; from the beginning
// when none is named.
func (tx *Tx) MailsAfter(after string, limit int) ([]flegt.IncomingMail, error) {
	w := &where{}
	if after != "" {
		w.and("(received_at, id) < (SELECT x.received_at, x.id FROM incoming_mail x WHERE x.id = " + w.arg(after) + ")")
	}
	return bodies[flegt.IncomingMail](tx, `SELECT body FROM incoming_mail`+w.clause()+` ORDER BY received_at DESC, id DESC LIMIT `+w.arg(limit), w.args...)
}

// OpenMails reads the ids of mails that were stored but not yet handled: what a stop in
// the middle left behind.
func (tx *Tx) OpenMails(limit int) ([]string, error) {
	q := `SELECT id FROM incoming_mail WHERE handled = 0 ORDER BY received_at LIMIT $1`
	if tx.db.dialect == postgres {
		q = `SELECT id FROM incoming_mail WHERE NOT handled ORDER BY received_at LIMIT $1`
	}
	var out []string
	err := tx.each(q, []any{limit}, func(r *sql.Rows) error {
		var id string
		out = append(out, id)
		return r.Scan(&out[len(out)-1])
	})
	return out, err
}

// SameMail finds an earlier handled mail with the same content, or the same Message-ID from
// the same sender; NotFound when there is none.
func (tx *Tx) SameMail(m flegt.IncomingMail) (flegt.IncomingMail, error) {
	found, err := bodies[flegt.IncomingMail](tx, `SELECT body FROM incoming_mail
		WHERE id <> $1 AND (sha256 = $2 OR (message_id = $3 AND message_id <> '')) ORDER BY received_at LIMIT 20`, m.ID, m.SHA256, mailKey(m))
	if err != nil {
		return flegt.IncomingMail{}, err
	}
	for _, f := range found {
		if f.Handled && f.Outcome != "duplicate" && (f.SHA256 == m.SHA256 || f.From == m.From) {
			return f, nil
		}
	}
	return flegt.IncomingMail{}, flegt.Missing()
}

const notificationColumns = 5

var notificationInsert = newInsert(`INSERT INTO notification (account, seq, at, read, body)`, "text bigint timestamptz boolean text", ` ON CONFLICT DO NOTHING`)

// AddNotifications is Post for notifications.
func (tx *Tx) AddNotifications(all ...flegt.Notification) error { return tx.Post(tx.Outbox(nil, all)) }

// Notifications reads what an account was told, newest first, with the read marks.
func (tx *Tx) Notifications(account string, limit, offset int) ([]flegt.Notification, error) {
	return tx.notifications(`SELECT body, read FROM notification WHERE account = $1 ORDER BY seq DESC LIMIT $2 OFFSET $3`, account, limit, offset)
}

// NotificationsBefore reads what an account was told before an event, newest first.
func (tx *Tx) NotificationsBefore(account string, seq int64, limit int) ([]flegt.Notification, error) {
	return tx.notifications(`SELECT body, read FROM notification WHERE account = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`, account, seq, limit)
}

func (tx *Tx) notifications(query string, args ...any) ([]flegt.Notification, error) {
	var out []flegt.Notification
	err := tx.each(query, args,
		func(r *sql.Rows) error {
			var text string
			var read bool
			if err := r.Scan(&text, &read); err != nil {
				return err
			}
			n, err := parse[flegt.Notification](text)
			n.Read = read
			out = append(out, n)
			return err
		})
	return out, err
}

// Unread counts an account's unread notifications, at most 100.
func (tx *Tx) Unread(account string) (int, error) {
	q := `SELECT count(*) FROM (SELECT 1 AS one FROM notification WHERE account = $1 AND read = 0 LIMIT 100) t`
	if tx.db.dialect == postgres {
		q = `SELECT count(*) FROM (SELECT 1 AS one FROM notification WHERE account = $1 AND NOT read LIMIT 100) t`
	}
	var n int
	err := tx.row(q, account).Scan(&n)
	return n, err
}

// MarkRead marks an account's notifications up to an event as read.
func (tx *Tx) MarkRead(account string, seq int64) error {
	_, err := tx.exec(`UPDATE notification SET read = $1 WHERE account = $2 AND seq <= $3`, tx.flag(true), account, seq)
	return err
}

// MailWanted says for each topic whether the account wants mail; a topic that was never
// chosen is not in the map, and counts as wanted.
func (tx *Tx) MailWanted(account string) (map[string]bool, error) {
	out := map[string]bool{}
	err := tx.all(`SELECT topic, mail FROM preference WHERE account = $1`, []any{account}, func(r *sql.Rows) error {
		var topic string
		var wanted bool
		err := r.Scan(&topic, &wanted)
		out[topic] = wanted
		return err
	})
	return out, err
}

// WantMail keeps an account's choice for a topic.
func (tx *Tx) WantMail(account, topic string, wanted bool) error {
	_, err := tx.exec(`INSERT INTO preference (account, topic, mail) VALUES ($1, $2, $3) ON CONFLICT (account, topic) DO UPDATE SET mail = $3`,
		account, topic, tx.flag(wanted))
	return err
}
