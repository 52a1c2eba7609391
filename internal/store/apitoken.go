package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddAPIToken writes a new token or client.
func (tx *Tx) AddAPIToken(t flegt.APIToken) error {
	_, err := tx.exec(`INSERT INTO api_token (id, account, authorisation, hash, version, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.ID, t.Account, t.Authorisation, t.Hash, t.Version, jsonOf(t))
	return err
}

// SaveAPIToken writes a changed token and raises its version; Conflict when somebody else
// changed it meanwhile. Access tokens fetched with a revoked client go with it.
func (tx *Tx) SaveAPIToken(t *flegt.APIToken) error {
	old := t.Version
	t.Version++
	if err := changed(tx.exec(`UPDATE api_token SET version = $1, body = $2 WHERE id = $3 AND version = $4`, t.Version, jsonOf(t), t.ID, old)); err != nil {
		return err
	}
	if t.RevokedAt.IsZero() {
		return nil
	}
	_, err := tx.exec(`DELETE FROM api_access WHERE token = $1`, t.ID)
	return err
}

// APIToken reads a token by its id.
func (tx *Tx) APIToken(id string) (flegt.APIToken, error) {
	return body[flegt.APIToken](tx, `SELECT body FROM api_token WHERE id = $1`, id)
}

// APITokenHashed reads a token by the hash of its secret.
func (tx *Tx) APITokenHashed(hash string) (flegt.APIToken, error) {
	return body[flegt.APIToken](tx, `SELECT body FROM api_token WHERE hash = $1`, hash)
}

// UsedAPIToken is a token with the moment at which it was last used, to the minute; zero
// when it never was.
type UsedAPIToken struct {
	flegt.APIToken
	UsedAt time.Time
}

// APITokensOf reads an account's tokens, newest first.
func (tx *Tx) APITokensOf(account string) ([]UsedAPIToken, error) {
	var out []UsedAPIToken
	err := tx.each(`SELECT body, used_at FROM api_token WHERE account = $1 ORDER BY id DESC`, []any{account}, func(r *sql.Rows) error {
		var text string
		var used moment
		if err := r.Scan(&text, &used); err != nil {
			return err
		}
		t, err := parse[flegt.APIToken](text)
		out = append(out, UsedAPIToken{t, used.Time})
		return err
	})
	return out, err
}

// UseAPIToken notes that a token was used. It is no change of the token: no event tells of it.
func (tx *Tx) UseAPIToken(id string, now time.Time) error {
	_, err := tx.exec(`UPDATE api_token SET used_at = $1 WHERE id = $2`, tx.at(now), id)
	return err
}

// AddAccess keeps the hash of an access token that a client fetched.
func (tx *Tx) AddAccess(hash, token, scopes string, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO api_access (hash, token, scopes, expires_at) VALUES ($1, $2, $3, $4)`, hash, token, scopes, tx.at(expires))
	return err
}

// Access finds the client of an unexpired access token, its scopes, and when it ends.
func (tx *Tx) Access(hash string, now time.Time) (token, scopes string, expires time.Time, err error) {
	var ends moment
	err = tx.row(`SELECT token, scopes, expires_at FROM api_access WHERE hash = $1 AND expires_at > $2`, hash, tx.at(now)).Scan(&token, &scopes, &ends)
	return token, scopes, ends.Time, missing(err)
}

// AccessHead gives the number of the newest event that may have changed who may act: of an
// account, an authorisation or a token.
func (tx *Tx) AccessHead() (int64, error) {
	if err := tx.settled(); err != nil {
		return 0, err
	}
	var n sql.NullInt64
	err := tx.row(`SELECT max(seq) FROM event WHERE noun = 'account' OR noun = 'authorisation' OR noun = 'api_token'`).Scan(&n) // word by word as in the index
	return n.Int64, err
}

// Once makes one change happen at most once: the key is kept in the change's own
// transaction. Of two with the same key, one is carried out and the other is a Conflict.
type Once struct {
	Credential string
	Key        string
	Request    string // hash of what was asked
	Now        time.Time
	Expires    time.Time // until then the key is kept
	// Tell writes the answer to keep beside the key, from what the change comes to; nil: it
	// is kept later. It may be asked before the change is made.
	Tell func(result any) []byte

	done   bool
	answer []byte // kept in the change's own transaction
}

// Done says whether the change was made and is durable.
func (o *Once) Done() bool { return o.done }

// Answer is the answer that was kept in the change's own transaction; nil when none was.
func (o *Once) Answer() []byte {
	if !o.done {
		return nil
	}
	return o.answer
}

// Answer writes the answer to a change that is made at most once, from what it comes to; nil
// when it is not to be kept with the change.
func Answer(ctx context.Context, result any) []byte {
	o, _ := ctx.Value(onceKey{}).(*Once)
	if o == nil || o.done || o.Tell == nil {
		return nil
	}
	return o.Tell(result)
}

// Answer keeps the answer beside the key of this change.
func (tx *Tx) Answer(answer []byte) { tx.answer = answer }

const keyColumns = 5

var keyInsert = newInsert(`INSERT INTO idempotency (credential, key, request, expires_at, answer)`, "text text text timestamptz bytea", ` ON CONFLICT DO NOTHING`)

// claim keeps the key. It runs after the change itself, so that a noun's guarded row is
// always written first. Those of a bold group are written at its end: see writeKeys.
func (tx *Tx) claim(o *Once) error {
	var answer any // NULL when it is kept later
	if tx.answer != nil {
		answer = tx.answer
	}
	if tx.sql.member.bold {
		tx.sql.journal.keys = append(tx.sql.journal.keys, o.Credential, o.Key, o.Request, tx.at(o.Expires), answer)
		o.answer = tx.answer
		return nil
	}
	n, err := tx.exec(`INSERT INTO idempotency (credential, key, request, expires_at, answer) VALUES ($1, $2, $3, $4, $6)
		ON CONFLICT (credential, key) DO UPDATE SET request = $3, expires_at = $4, answer = $6 WHERE idempotency.expires_at <= $5`,
		o.Credential, o.Key, o.Request, tx.at(o.Expires), tx.at(o.Now), answer)
	o.answer = tx.answer
	if err == nil && n == 0 {
		return flegt.Refuse(flegt.Conflict, "api.key_in_use", nil)
	}
	return err
}

// writeKeys writes the keys that wait. One that was used before, even if it has expired since,
// ends the bold group: with savepoints it is known whose key it is.
func (t *transaction) writeKeys(ctx context.Context, d dialect) error {
	n, err := t.insert(ctx, d, keyInsert, keyColumns, t.journal.keys)
	if err == nil && n < int64(len(t.journal.keys)/keyColumns) {
		return errCareful
	}
	t.journal.keys = nil
	return err
}

// Kept is what is known of a key: what was asked with it, and the answer; no answer when the
// change was made and the program stopped before it could keep one.
type Kept struct {
	Request string
	Answer  []byte
}

// KeptAnswer reads what is known of a key; false when it was not used.
func (tx *Tx) KeptAnswer(credential, key string, now time.Time) (k Kept, used bool, err error) {
	err = tx.row(`SELECT request, answer FROM idempotency WHERE credential = $1 AND key = $2 AND expires_at > $3`,
		credential, key, tx.at(now)).Scan(&k.Request, &k.Answer)
	if errors.Is(err, sql.ErrNoRows) {
		return k, false, nil
	}
	return k, err == nil, err
}

// KeepAnswer keeps the answer beside the key of a change that was made.
func (tx *Tx) KeepAnswer(credential, key string, answer []byte) error {
	_, err := tx.exec(`UPDATE idempotency SET answer = $1 WHERE credential = $2 AND key = $3`, answer, credential, key)
	return err
}
