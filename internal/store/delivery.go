package store

import (
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddDelivery queues the telling of an event, or of a test. The same event is queued for the
// same webhook once.
func (tx *Tx) AddDelivery(d flegt.Delivery) error {
	_, err := tx.exec(`INSERT INTO webhook_delivery (id, webhook, seq, state, apart, next_at, created_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		d.ID, d.Webhook, d.Seq, string(d.State), apart(d), tx.at(d.NextAt), tx.at(d.CreatedAt), jsonOf(d))
	return err
}

// SaveDelivery writes what became of a delivery; Conflict when it was deleted with its webhook.
func (tx *Tx) SaveDelivery(d flegt.Delivery) error {
	return changed(tx.exec(`UPDATE webhook_delivery SET state = $1, apart = $2, next_at = $3, body = $4 WHERE id = $5`,
		string(d.State), apart(d), tx.at(d.NextAt), jsonOf(d), d.ID))
}

func apart(d flegt.Delivery) int {
	if d.Apart {
		return 1
	}
	return 0
}

// Delivery reads a delivery by id.
func (tx *Tx) Delivery(id string) (flegt.Delivery, error) {
	return body[flegt.Delivery](tx, `SELECT body FROM webhook_delivery WHERE id = $1`, id)
}

// Deliveries reads the log of a webhook, newest first, after an id of it; from the beginning
// when that is empty.
func (tx *Tx) Deliveries(webhook, after string, limit int) ([]flegt.Delivery, error) {
	w := &where{}
	w.equal("webhook", webhook)
	w.after(after, false)
	return bodies[flegt.Delivery](tx, `SELECT body FROM webhook_delivery`+w.clause()+` ORDER BY id DESC LIMIT `+w.arg(limit), w.args...)
}

// NextDelivery reads what a webhook is told next: what was sent by hand, the longest waiting
// first, then the first event in the order of the log, whether it is due or not. NotFound when
// nothing waits.
func (tx *Tx) NextDelivery(webhook string, now time.Time) (flegt.Delivery, error) {
	d, err := body[flegt.Delivery](tx, `SELECT body FROM webhook_delivery WHERE webhook = $1 AND state = 'waiting' AND apart = 1 ORDER BY next_at, id LIMIT 1`, webhook)
	byHand := err == nil
	if byHand && !d.NextAt.After(now) || err != nil && flegt.KindOf(err) != flegt.NotFound {
		return d, err
	}
	first, err := body[flegt.Delivery](tx, `SELECT body FROM webhook_delivery WHERE webhook = $1 AND state = 'waiting' AND apart = 0 ORDER BY seq LIMIT 1`, webhook)
	if byHand && (err != nil && flegt.KindOf(err) == flegt.NotFound || err == nil && first.NextAt.After(d.NextAt)) {
		return d, nil
	}
	return first, err
}

// CountWaiting counts what waits for a webhook, at most most.
func (tx *Tx) CountWaiting(webhook string, most int) (n int, err error) {
	err = tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM webhook_delivery WHERE webhook = $1 AND state = 'waiting' LIMIT $2) t`, webhook, most).Scan(&n)
	return n, err
}

// EventNumbered reads one event of the log.
func (tx *Tx) EventNumbered(seq int64) (flegt.Event, error) {
	if err := tx.settled(); err != nil {
		return flegt.Event{}, err
	}
	return body[flegt.Event](tx, `SELECT body FROM event WHERE seq = $1`, seq)
}
