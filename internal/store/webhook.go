package store

import (
	"database/sql"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// HoldAuthorisation keeps others from adding to an authorisation until the change is made.
func (tx *Tx) HoldAuthorisation(id string) error {
	_, err := tx.exec(`UPDATE authorisation SET version = version WHERE id = $1`, id)
	return err
}

// AddWebhook writes a new webhook.
func (tx *Tx) AddWebhook(h flegt.Webhook) error {
	_, err := tx.exec(`INSERT INTO webhook (id, account, authorisation, state, version, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		h.ID, h.Account, h.Authorisation, string(h.State), h.Version, jsonOf(h))
	return err
}

// SaveWebhook writes a changed webhook and raises its version; Conflict when somebody else
// changed it meanwhile.
func (tx *Tx) SaveWebhook(h *flegt.Webhook) error {
	old := h.Version
	h.Version++
	return changed(tx.exec(`UPDATE webhook SET state = $1, version = $2, body = $3 WHERE id = $4 AND version = $5`,
		string(h.State), h.Version, jsonOf(h), h.ID, old))
}

// BeginWebhook says from which event on a webhook is told, has it looked at now, and forgets
// that it failed.
func (tx *Tx) BeginWebhook(id string, seq int64, now time.Time) error {
	_, err := tx.exec(`UPDATE webhook SET since = $1, next_at = $2, failing_since = NULL WHERE id = $3`, seq, tx.at(now), id)
	return err
}

// DropWebhook deletes a webhook with its secrets and its log; Conflict when somebody else
// changed it meanwhile.
func (tx *Tx) DropWebhook(h flegt.Webhook) error {
	// the noun's own row is taken first, and goes last
	if err := changed(tx.exec(`UPDATE webhook SET version = version WHERE id = $1 AND version = $2`, h.ID, h.Version)); err != nil {
		return err
	}
	for _, query := range []string{`DELETE FROM webhook_delivery WHERE webhook = $1`, `DELETE FROM webhook_secret WHERE webhook = $1`,
		`DELETE FROM webhook WHERE id = $1`} {
		if _, err := tx.exec(query, h.ID); err != nil {
			return err
		}
	}
	return nil
}

// Webhook reads a webhook by id.
func (tx *Tx) Webhook(id string) (flegt.Webhook, error) {
	return body[flegt.Webhook](tx, `SELECT body FROM webhook WHERE id = $1`, id)
}

// WebhooksOf reads the webhooks of an authorisation, the oldest first.
func (tx *Tx) WebhooksOf(authorisation string) ([]flegt.Webhook, error) {
	return bodies[flegt.Webhook](tx, `SELECT body FROM webhook WHERE authorisation = $1 ORDER BY id`, authorisation)
}

// WebhooksOfEndedRoles reads webhooks whose authorisation is held no more.
func (tx *Tx) WebhooksOfEndedRoles(limit int) ([]flegt.Webhook, error) {
	return bodies[flegt.Webhook](tx, `SELECT w.body FROM webhook w JOIN authorisation z ON z.id = w.authorisation
		WHERE z.status <> 'approved' ORDER BY w.id LIMIT $1`, limit)
}

// Follower is an active webhook with the event after which it is told.
type Follower struct {
	flegt.Webhook
	Since int64
}

// FollowingWebhooks reads all active webhooks.
func (tx *Tx) FollowingWebhooks() ([]Follower, error) {
	var out []Follower
	err := tx.each(`SELECT body, since FROM webhook WHERE state = 'active' ORDER BY id`, nil, func(r *sql.Rows) error {
		var text string
		var f Follower
		err := r.Scan(&text, &f.Since)
		if err == nil {
			f.Webhook, err = parse[flegt.Webhook](text)
		}
		out = append(out, f)
		return err
	})
	return out, err
}

// FirstFollowed gives the lowest event after which an active webhook is told; false when no
// webhook is active.
func (tx *Tx) FirstFollowed() (int64, bool, error) {
	var n sql.NullInt64
	err := tx.row(`SELECT min(since) FROM webhook WHERE state = 'active'`).Scan(&n)
	return n.Int64, n.Valid, err
}

// DueWebhooks reads the ids of active webhooks that are to be looked at and that nobody has
// claimed, the longest waiting first.
func (tx *Tx) DueWebhooks(now time.Time, limit int) ([]string, error) {
	var out []string
	err := tx.each(`SELECT id FROM webhook WHERE state = 'active' AND next_at IS NOT NULL AND next_at <= $1
		AND (claimed_until IS NULL OR claimed_until <= $1) ORDER BY next_at LIMIT $2`, []any{tx.at(now), limit}, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// ClaimWebhook takes a webhook out of the others' reach until a moment; false when somebody
// else was quicker.
func (tx *Tx) ClaimWebhook(id string, now, until time.Time) (bool, error) {
	n, err := tx.exec(`UPDATE webhook SET claimed_until = $1 WHERE id = $2 AND state = 'active' AND (claimed_until IS NULL OR claimed_until <= $3)`,
		tx.at(until), id, tx.at(now))
	return n == 1, err
}

// ReleaseWebhook gives a webhook back; next is when it is to be looked at again, never when it
// is zero.
func (tx *Tx) ReleaseWebhook(id string, next time.Time) error {
	_, err := tx.exec(`UPDATE webhook SET claimed_until = NULL, next_at = $1 WHERE id = $2`, tx.at(next), id)
	return err
}

// HoldWebhook keeps a claim until a moment, and keeps others from queueing for the webhook until
// the change is made: what is read of its queue afterwards is all that there is. NotFound when
// the webhook was deleted.
func (tx *Tx) HoldWebhook(id string, until time.Time) error {
	n, err := tx.exec(`UPDATE webhook SET claimed_until = $1 WHERE id = $2`, tx.at(until), id)
	if err == nil && n == 0 {
		err = flegt.Missing()
	}
	return err
}

// WakeIdleWebhook has a webhook for which nothing waited looked at at a moment. One that waits
// for its next try goes on waiting: what is new comes after that. The row is always written, so
// that it waits for whoever finds the queue empty at the same moment.
func (tx *Tx) WakeIdleWebhook(id string, at time.Time) error {
	_, err := tx.exec(`UPDATE webhook SET next_at = coalesce(next_at, $1) WHERE id = $2`, tx.at(at), id)
	return err
}

// WakeWebhook has a webhook looked at at a moment, unless it is sooner anyway.
func (tx *Tx) WakeWebhook(id string, at time.Time) error {
	_, err := tx.exec(`UPDATE webhook SET next_at = CASE WHEN next_at < $1 THEN next_at ELSE $1 END WHERE id = $2`, tx.at(at), id)
	return err
}

// WebhookFails notes that a try failed, and since when nothing was delivered.
func (tx *Tx) WebhookFails(id string, now time.Time) (since time.Time, err error) {
	var m moment
	err = tx.row(`UPDATE webhook SET failing_since = coalesce(failing_since, $1) WHERE id = $2 RETURNING failing_since`, tx.at(now), id).Scan(&m)
	return m.Time, missing(err)
}

// WebhookFailingSince reads since when nothing was delivered to a webhook that was tried; zero when the
// last try worked.
func (tx *Tx) WebhookFailingSince(id string) (time.Time, error) {
	var m moment
	err := tx.row(`SELECT failing_since FROM webhook WHERE id = $1`, id).Scan(&m)
	return m.Time, missing(err)
}

// WebhookWorks notes that something was delivered.
func (tx *Tx) WebhookWorks(id string) error {
	_, err := tx.exec(`UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL`, id)
	return err
}

// AddWebhookSecret keeps a new secret, sealed, which came with a version of the webhook, beside
// the one that signs now, which signs until a moment from here on; the one before that is
// dropped.
func (tx *Tx) AddWebhookSecret(id string, version int, sealed string, oldUntil time.Time) error {
	if _, err := tx.exec(`DELETE FROM webhook_secret WHERE webhook = $1 AND until IS NOT NULL`, id); err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE webhook_secret SET until = $1 WHERE webhook = $2`, tx.at(oldUntil), id); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO webhook_secret (webhook, version, sealed) VALUES ($1, $2, $3)`, id, version, sealed)
	return err
}

// WebhookSecrets reads the sealed secrets that sign now, the newest first.
func (tx *Tx) WebhookSecrets(id string, now time.Time) ([]string, error) {
	var out []string
	err := tx.each(`SELECT sealed FROM webhook_secret WHERE webhook = $1 AND (until IS NULL OR until > $2) ORDER BY version DESC`,
		[]any{id, tx.at(now)}, func(r *sql.Rows) error {
			var sealed string
			err := r.Scan(&sealed)
			out = append(out, sealed)
			return err
		})
	return out, err
}

// SweepWebhooks drops secrets that sign no more, and deliveries from before a moment.
func (tx *Tx) SweepWebhooks(now, before time.Time) error {
	if _, err := tx.exec(`DELETE FROM webhook_secret WHERE until <= $1`, tx.at(now)); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM webhook_delivery WHERE created_at < $1`, tx.at(before))
	return err
}
