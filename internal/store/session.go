package store

import (
	"database/sql"
	"errors"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func missing(err error) error {
	if noRows(err) {
		return flegt.Missing()
	}
	return err
}

// Session reads a session's data by the hash of its token, and when it ends; false when
// there is none.
func (tx *Tx) Session(token string, now time.Time) ([]byte, time.Time, bool, error) {
	var data []byte
	var expires moment
	err := tx.row(`SELECT data, expires_at FROM session WHERE token = $1 AND expires_at > $2`, token, tx.at(now)).Scan(&data, &expires)
	if noRows(err) {
		return nil, time.Time{}, false, nil
	}
	return data, expires.Time, err == nil, err
}

// TouchSession lets a session that is still there last longer; one that was dropped
// meanwhile stays dropped.
func (tx *Tx) TouchSession(token string, expires time.Time) error {
	_, err := tx.exec(`UPDATE session SET expires_at = $1 WHERE token = $2`, tx.at(expires), token)
	return err
}

// SaveSession writes a session's data.
func (tx *Tx) SaveSession(token string, data []byte, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO session (token, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = $2, expires_at = $3`, token, data, tx.at(expires))
	return err
}

// DropSession forgets a session.
func (tx *Tx) DropSession(token string) error {
	_, err := tx.exec(`DELETE FROM session WHERE token = $1`, token)
	return err
}

// Setting reads a setting; empty when it was never set.
func (tx *Tx) Setting(key string) (string, error) {
	var v string
	err := tx.row(`SELECT value FROM setting WHERE key = $1`, key).Scan(&v)
	if noRows(err) {
		return "", nil
	}
	return v, err
}

// SaveSetting writes a setting.
func (tx *Tx) SaveSetting(key, value string) error {
	_, err := tx.exec(`INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2`, key, value)
	return err
}

// Followed gives how far a follower of the event log has read.
func (tx *Tx) Followed(name string) (int64, error) {
	var n int64
	err := tx.row(`SELECT seq FROM follower WHERE name = $1`, name).Scan(&n)
	if noRows(err) {
		return 0, nil
	}
	return n, err
}

// Follow notes how far a follower has read.
func (tx *Tx) Follow(name string, seq int64) error {
	_, err := tx.exec(`INSERT INTO follower (name, seq) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seq = $2`, name, seq)
	return err
}
