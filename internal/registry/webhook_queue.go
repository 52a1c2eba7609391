package registry

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// What follows is the office's side of the sending of webhooks: which events are queued for
// whom, what is to be sent next, and what became of it. The sending itself is notice's.

// webhookFollower is the name under which the mark in the event log is kept.
const webhookFollower = "webhook"

// webhookBatch is how many events are queued in one transaction.
const webhookBatch = 128

// webhookClaim is how long a webhook is out of other nodes' reach while it is being told: longer
// than one try takes.
const webhookClaim = time.Minute

// QueueWebhooks queues what happened since the last time for every active webhook that wants it
// and whose authorisation may see it, and says how many events it read. The mark in the log
// moves in the same transaction, so that each event is queued once.
func (o *Office) QueueWebhooks(ctx context.Context) (read int, err error) {
	for {
		waiting, err := o.webhooksWait(ctx)
		if err != nil || !waiting {
			return read, err
		}
		done := 0
		err = o.db.Update(ctx, func(tx *store.Tx) error {
			done, err = o.queueBatch(tx)
			return err
		})
		read += done
		if err != nil || done == 0 {
			return read, err
		}
	}
}

// webhooksWait looks, without writing, whether anything happened since the mark. Without an
// active webhook the mark stays, and nothing is read.
func (o *Office) webhooksWait(ctx context.Context) (yes bool, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		mark, any, err := webhookMark(tx)
		if err != nil || !any {
			return err
		}
		head, err := tx.Head()
		yes = head > mark
		return err
	})
	return yes, err
}

// webhookMark is the event after which to go on; false when nobody is to be told.
func webhookMark(tx *store.Tx) (int64, bool, error) {
	first, any, err := tx.FirstFollowed()
	if err != nil || !any {
		return 0, false, err
	}
	mark, err := tx.Followed(webhookFollower)
	return max(mark, first), true, err
}

func (o *Office) queueBatch(tx *store.Tx) (int, error) {
	mark, any, err := webhookMark(tx)
	if err != nil || !any {
		return 0, err
	}
	// The events are read before the webhooks: one that was made before an event is then known.
	events, err := tx.EventsSince(mark, webhookBatch)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	hooks, err := tx.FollowingWebhooks()
	if err != nil {
		return 0, err
	}
	for _, h := range hooks {
		if err := o.queueFor(tx, h, events); err != nil {
			return 0, err
		}
	}
	return len(events), tx.Follow(webhookFollower, events[len(events)-1].Seq)
}

// queueFor queues for one webhook what it is to be told.
func (o *Office) queueFor(tx *store.Tx, h store.Follower, events []flegt.Event) error {
	a, held, err := webhookActor(tx, h.Webhook)
	if err != nil || !held {
		return err
	}
	now, queued := o.now(), false
	for _, e := range events {
		if e.Seq <= h.Since || !h.Wants(a.Role, e.EventType()) {
			continue
		}
		seen, err := maySeeEvent(tx, a, e)
		if err != nil {
			return err
		}
		if !seen {
			continue
		}
		queued = true
		d := flegt.Delivery{ID: o.newMessageID(), Webhook: h.ID, Seq: e.Seq, Type: e.EventType(), State: flegt.DeliveryWaiting, CreatedAt: now, NextAt: now}
		if err := tx.AddDelivery(d); err != nil {
			return err
		}
	}
	if !queued {
		return nil
	}
	return tx.WakeIdleWebhook(h.ID, now)
}

// webhookActor is for whom a webhook is told; false when the role or the login is no more.
func webhookActor(tx *store.Tx, h flegt.Webhook) (flegt.Actor, bool, error) {
	z, err := tx.Authorisation(h.Authorisation)
	if err != nil || !z.Active() || z.Account != h.Account {
		return flegt.Actor{}, false, err
	}
	acc, err := tx.Account(h.Account)
	return actor(acc, z, ""), err == nil && !acc.Closed, err
}

// ClaimWebhooks takes up to limit webhooks that have something to be sent now out of other
// nodes' reach, and gives for each what to send.
func (o *Office) ClaimWebhooks(ctx context.Context, limit int) (out []flegt.WebhookSending, err error) {
	due := false
	err = o.db.View(ctx, func(tx *store.Tx) error {
		ids, err := tx.DueWebhooks(o.now(), 1)
		due = len(ids) > 0
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		out = nil
		now := o.now()
		ids, err := tx.DueWebhooks(now, limit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			mine, err := tx.ClaimWebhook(id, now, now.Add(webhookClaim))
			if err != nil {
				return err
			}
			if !mine {
				continue
			}
			s, some, err := o.nextSending(tx, id)
			if err != nil {
				return err
			}
			if some {
				out = append(out, s)
			}
		}
		return nil
	})
	return out, err
}

// nextSending gives what a claimed webhook is told now. When there is nothing, the webhook is
// given back until there is; when its role has ended, it is deleted.
func (o *Office) nextSending(tx *store.Tx, id string) (s flegt.WebhookSending, some bool, err error) {
	now := o.now()
	if s.Webhook, err = tx.Webhook(id); err != nil {
		return s, false, err
	}
	a, held, err := webhookActor(tx, s.Webhook)
	if err != nil {
		return s, false, err
	}
	if !held {
		return s, false, dropWebhook(tx, s.Webhook, s.Webhook.Deleted(flegt.TheSystem(), now).With("reason_code", "role_ended"))
	}
	for {
		s.Delivery, err = tx.NextDelivery(id, now)
		if flegt.KindOf(err) == flegt.NotFound && err != nil {
			return s, false, tx.ReleaseWebhook(id, time.Time{})
		}
		if err != nil {
			return s, false, err
		}
		if s.Webhook.State != flegt.WebhookActive || s.Delivery.NextAt.After(now) {
			return s, false, tx.ReleaseWebhook(id, s.Delivery.NextAt)
		}
		if s.Event, some, err = toBeSent(tx, a, s); err != nil {
			return s, false, err
		}
		if some {
			break
		}
		s.Delivery.GiveUp(now, flegt.ProblemRights)
		if err := tx.SaveDelivery(s.Delivery); err != nil {
			return s, false, err
		}
	}
	s.Secrets, err = o.webhookSecrets(tx, id, now)
	return s, true, err
}

// toBeSent reads the event of a delivery; false when its receiver may not see it any more.
func toBeSent(tx *store.Tx, a flegt.Actor, s flegt.WebhookSending) (flegt.Event, bool, error) {
	if s.Delivery.Seq == 0 {
		return flegt.NewEvent(a, s.Delivery.CreatedAt, flegt.NounWebhook, s.Webhook.ID, "test"), true, nil
	}
	e, err := tx.EventNumbered(s.Delivery.Seq)
	if err != nil {
		return e, false, err
	}
	seen, err := maySeeEvent(tx, a, e)
	return e, seen, err
}

// webhookSecrets opens the secrets that sign now. One that cannot be read on this machine is
// left out, and the log says so.
func (o *Office) webhookSecrets(tx *store.Tx, id string, now time.Time) (out [][]byte, err error) {
	sealed, err := tx.WebhookSecrets(id, now)
	for _, text := range sealed {
		secret, err := o.db.Unseal(id, text)
		if err != nil {
			o.log.Error("secret of a webhook", "webhook", id, "error", err)
			continue
		}
		out = append(out, secret)
	}
	return out, err
}

// SettleWebhook notes what came of a try. With more it gives what the webhook is told next, if
// there is something now; otherwise the webhook is given back.
func (o *Office) SettleWebhook(ctx context.Context, s flegt.WebhookSending, answer flegt.WebhookAnswer, more bool) (next flegt.WebhookSending, some bool, err error) {
	jitter := rand.Float64()
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		next, some = flegt.WebhookSending{}, false
		now := o.now()
		if err := tx.HoldWebhook(s.Webhook.ID, now.Add(webhookClaim)); err != nil {
			return err
		}
		h, err := tx.Webhook(s.Webhook.ID)
		if err != nil {
			return err
		}
		d, err := tx.Delivery(s.Delivery.ID)
		if err != nil {
			return err
		}
		d.Tried(answer, now, jitter)
		if err := tx.SaveDelivery(d); err != nil {
			return err
		}
		if err := o.judgeWebhook(tx, &h, d, now); err != nil {
			return err
		}
		if h.State != flegt.WebhookActive || !more {
			return o.giveBack(tx, h, now)
		}
		next, some, err = o.nextSending(tx, h.ID)
		return err
	})
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return next, false, nil // deleted meanwhile
	}
	return next, some, err
}

// giveBack ends the claim; the webhook is looked at again when its next delivery is due.
func (o *Office) giveBack(tx *store.Tx, h flegt.Webhook, now time.Time) error {
	d, err := tx.NextDelivery(h.ID, now)
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return tx.ReleaseWebhook(h.ID, time.Time{})
	}
	if err != nil {
		return err
	}
	return tx.ReleaseWebhook(h.ID, d.NextAt)
}

// judgeWebhook disables a webhook that is gone, that fails too long, or that falls too far
// behind.
func (o *Office) judgeWebhook(tx *store.Tx, h *flegt.Webhook, d flegt.Delivery, now time.Time) error {
	if d.Problem == "" {
		return tx.WebhookWorks(h.ID)
	}
	since, err := tx.WebhookFails(h.ID, now)
	if err != nil || h.State == flegt.WebhookDisabled {
		return err
	}
	waiting, err := tx.CountWaiting(h.ID, flegt.MaxWaiting+1)
	reason := ""
	switch {
	case err != nil:
		return err
	case d.Problem == flegt.ProblemGone:
		reason = flegt.WebhookGone
	case !now.Before(since.Add(flegt.WebhookPatience)):
		reason = flegt.WebhookFailing
	case waiting > flegt.MaxWaiting:
		reason = flegt.WebhookBehind
	default:
		return nil
	}
	_, err = saveWebhook(tx, h, h.Disable(now, reason))
	return err
}

// ReleaseWebhook gives back a webhook whose try was broken off: it is made again, at once.
func (o *Office) ReleaseWebhook(ctx context.Context, s flegt.WebhookSending) error {
	return o.db.Update(ctx, func(tx *store.Tx) error { return tx.ReleaseWebhook(s.Webhook.ID, o.now()) })
}

// endedAtOnce is how many webhooks of ended roles are deleted in one transaction.
const endedAtOnce = 100

// SweepWebhooks deletes webhooks whose role has ended, secrets that sign no more, and what is
// old in the logs.
func (o *Office) SweepWebhooks(ctx context.Context) error {
	return o.db.Update(ctx, func(tx *store.Tx) error {
		now := o.now()
		ended, err := tx.WebhooksOfEndedRoles(endedAtOnce)
		if err != nil {
			return err
		}
		for _, h := range ended {
			if err := dropWebhook(tx, h, h.Deleted(flegt.TheSystem(), now).With("reason_code", "role_ended")); err != nil {
				return err
			}
		}
		return tx.SweepWebhooks(now, now.Add(-flegt.KeepDeliveries))
	})
}
