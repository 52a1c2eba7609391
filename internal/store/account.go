package store

import (
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddAccount writes a new account. Conflict when the address or the ECAS name is taken.
func (tx *Tx) AddAccount(a flegt.Account) error {
	_, err := tx.exec(`INSERT INTO account (id, email, ecas, version, body) VALUES ($1, $2, $3, $4, $5)`,
		a.ID, strings.ToLower(a.Email), strings.ToLower(a.EcasName), a.Version, jsonOf(a))
	if unique(err) {
		return flegt.Refuse(flegt.Conflict, "account.taken", nil)
	}
	return err
}

// SaveAccount writes a changed account and raises its version; Conflict when somebody else
// changed it meanwhile.
func (tx *Tx) SaveAccount(a *flegt.Account) error {
	old := a.Version
	a.Version++
	n, err := tx.exec(`UPDATE account SET email = $1, ecas = $2, version = $3, body = $4 WHERE id = $5 AND version = $6`,
		strings.ToLower(a.Email), strings.ToLower(a.EcasName), a.Version, jsonOf(a), a.ID, old)
	if unique(err) {
		return flegt.Refuse(flegt.Conflict, "account.taken", nil)
	}
	return changed(n, err)
}

// Account reads an account by id.
func (tx *Tx) Account(id string) (flegt.Account, error) {
	return body[flegt.Account](tx, `SELECT body FROM account WHERE id = $1`, id)
}

// AccountsWithIDs reads accounts by their ids in one query; what does not exist is not in the
// map.
func (tx *Tx) AccountsWithIDs(ids []string) (map[string]flegt.Account, error) {
	out := map[string]flegt.Account{}
	if len(ids) == 0 {
		return out, nil
	}
	cond, arg := tx.among("id", "$1", ids)
	all, err := bodies[flegt.Account](tx, `SELECT body FROM account WHERE `+cond, arg)
	for _, a := range all {
		out[a.ID] = a
	}
	return out, err
}

// AccountByEmail reads an account by its address, without regard to case.
func (tx *Tx) AccountByEmail(email string) (flegt.Account, error) {
	return body[flegt.Account](tx, `SELECT body FROM account WHERE email = $1`, strings.ToLower(email))
}

// AccountByEcas reads an account by the user name of its earlier ECAS account.
func (tx *Tx) AccountByEcas(name string) (flegt.Account, error) {
	return body[flegt.Account](tx, `SELECT body FROM account WHERE ecas = $1 AND ecas <> ''`, strings.ToLower(name))
}

// Accounts reads every account, in the order of their ids.
func (tx *Tx) Accounts() ([]flegt.Account, error) {
	return bodies[flegt.Account](tx, `SELECT body FROM account ORDER BY id`)
}

// AddToken keeps the hash of a one-time token for an account until it expires.
func (tx *Tx) AddToken(hash, purpose, account string, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO token (hash, purpose, account, expires_at) VALUES ($1, $2, $3, $4)`,
		hash, purpose, account, tx.at(expires))
	return err
}

// TokenAccount says whose unexpired token of that purpose it is, without using it.
func (tx *Tx) TokenAccount(hash, purpose string, now time.Time) (string, error) {
	var account string
	err := tx.row(`SELECT account FROM token WHERE hash = $1 AND purpose = $2 AND expires_at > $3`, hash, purpose, tx.at(now)).Scan(&account)
	return account, missing(err)
}

// DropTokens forgets an account's tokens of one purpose: each works once.
func (tx *Tx) DropTokens(account, purpose string) error {
	_, err := tx.exec(`DELETE FROM token WHERE account = $1 AND purpose = $2`, account, purpose)
	return err
}

// Throttle counts a failed try under a key and gives the count within the window. The count
// starts anew when the last try lies further back than the window.
func (tx *Tx) Throttle(key string, now time.Time, window time.Duration) (int, error) {
	var n int
	err := tx.row(`INSERT INTO throttle (key, count, until) VALUES ($1, 1, $2)
		ON CONFLICT (key) DO UPDATE SET count = CASE WHEN throttle.until < $3 THEN 1 ELSE throttle.count + 1 END, until = $2
		RETURNING count`, key, tx.at(now.Add(window)), tx.at(now)).Scan(&n)
	return n, err
}

// CountUntil counts so many more under a key until a fixed time, and gives the sum. A key
// whose time is over is swept; one that may begin anew sooner has its day in its name.
func (tx *Tx) CountUntil(key string, more int, until time.Time) (int, error) {
	var n int
	err := tx.row(`INSERT INTO throttle (key, count, until) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET count = throttle.count + $2, until = $3 RETURNING count`, key, more, tx.at(until)).Scan(&n)
	return n, err
}

// Throttled gives the count under a key and until when it counts.
func (tx *Tx) Throttled(key string, now time.Time) (int, time.Time, error) {
	var n int
	var until moment
	err := tx.row(`SELECT count, until FROM throttle WHERE key = $1 AND until >= $2`, key, tx.at(now)).Scan(&n, &until)
	if noRows(err) {
		return 0, time.Time{}, nil
	}
	return n, until.Time, err
}

// Forgive takes one try under a key back: it was a good one.
func (tx *Tx) Forgive(key string) error {
	_, err := tx.exec(`UPDATE throttle SET count = count - 1 WHERE key = $1 AND count > 0`, key)
	return err
}

// Unthrottle forgets the tries under a key.
func (tx *Tx) Unthrottle(key string) error {
	_, err := tx.exec(`DELETE FROM throttle WHERE key = $1`, key)
	return err
}

// Sweep drops sessions, tokens, throttles, kept answers and imports that are over.
func (tx *Tx) Sweep(now time.Time) error {
	for _, q := range []string{
		`DELETE FROM session WHERE expires_at < $1`,
		`DELETE FROM token WHERE expires_at < $1`,
		`DELETE FROM throttle WHERE until < $1`,
		`DELETE FROM api_access WHERE expires_at < $1`,
		`DELETE FROM idempotency WHERE expires_at < $1`,
		`DELETE FROM bulk_import WHERE kept_until < $1`,
	} {
		if _, err := tx.exec(q, tx.at(now)); err != nil {
			return err
		}
	}
	return nil
}
