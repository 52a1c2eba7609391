package registry

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// WebhookForm is what somebody types of a webhook.
type WebhookForm struct {
	Name  string
	URL   string
	Types []string // empty means all that the role may see
}

func (f WebhookForm) tidy() WebhookForm {
	f.Name, f.URL = strings.TrimSpace(f.Name), strings.TrimSpace(f.URL)
	f.Types = slices.Clone(f.Types)
	slices.Sort(f.Types)
	f.Types = slices.Compact(f.Types)
	return f
}

// NewWebhook makes a webhook of the authorisation in which the actor acts, told of what happens
// from now on, and gives its signing secret, which is not shown again.
func (o *Office) NewWebhook(ctx context.Context, a flegt.Actor, f WebhookForm) (h flegt.Webhook, secret string, err error) {
	if err := access.MayKeepWebhooks(a); err != nil {
		return h, "", o.refused("new webhook", a, err)
	}
	f = f.tidy()
	now := o.now()
	h = flegt.Webhook{ID: o.newID(), Account: a.Account, Authorisation: a.Authorisation, Name: f.Name, URL: f.URL, Types: f.Types,
		State: flegt.WebhookActive, CreatedAt: now, ChangedAt: now, Version: 1}
	if err := h.Check(a.Role, o.privateHooks); err != nil {
		return h, "", o.refused("new webhook", a, err)
	}
	secret, sealed, err := o.newWebhookSecret(h.ID)
	if err != nil {
		return h, "", err
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if err := roomForWebhook(tx, a.Authorisation); err != nil {
			return err
		}
		if err := tx.AddWebhook(h); err != nil {
			return err
		}
		if err := tx.AddWebhookSecret(h.ID, h.Version, sealed, now); err != nil {
			return err
		}
		seq, err := tx.Append(h.Created(a), h)
		if err != nil {
			return err
		}
		return tx.BeginWebhook(h.ID, seq, time.Time{})
	})
	if err != nil {
		secret = ""
	}
	return h, secret, o.refused("new webhook", a, err)
}

func roomForWebhook(tx *store.Tx, authorisation string) error {
	if err := tx.HoldAuthorisation(authorisation); err != nil {
		return err
	}
	all, err := tx.WebhooksOf(authorisation)
	if err == nil && len(all) >= flegt.MaxWebhooks {
		err = flegt.Refuse(flegt.Refused, "webhook.too_many", flegt.Args{"Max": flegt.MaxWebhooks})
	}
	return err
}

// newWebhookSecret makes a signing secret: as it is shown once, and sealed as it is kept.
func (o *Office) newWebhookSecret(id string) (shown, sealed string, err error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return "", "", err
	}
	sealed, err = o.db.Seal(id, key)
	return flegt.WebhookSecretBegins + base64.StdEncoding.EncodeToString(key), sealed, err
}

// Webhooks lists the webhooks of the authorisation in which the actor acts, the oldest first;
// none without a role.
func (o *Office) Webhooks(ctx context.Context, a flegt.Actor) (out []flegt.Webhook, err error) {
	if access.MayKeepWebhooks(a) != nil {
		return nil, signedIn(a)
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if out, err = tx.WebhooksOf(a.Authorisation); err != nil {
			return err
		}
		for i := range out { // a few
			if out[i].FailingSince, err = tx.WebhookFailingSince(out[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// Webhook reads a webhook of the authorisation in which the actor acts.
func (o *Office) Webhook(ctx context.Context, a flegt.Actor, id string) (h flegt.Webhook, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if h, err = ownWebhook(tx, a, id); err == nil {
			h.FailingSince, err = tx.WebhookFailingSince(id)
		}
		return err
	})
	return h, err
}

func ownWebhook(tx *store.Tx, a flegt.Actor, id string) (flegt.Webhook, error) {
	if err := holds(tx, a); err != nil {
		return flegt.Webhook{}, err
	}
	h, err := tx.Webhook(id)
	if err == nil {
		err = access.MaySeeWebhook(a, h)
	}
	if err != nil {
		return flegt.Webhook{}, err
	}
	return h, nil
}

// changeWebhook reads a webhook, lets fn change it, and saves it with its event. version is the
// one that was looked at; 0 means any. The event's number is given to then, which may be nil.
func (o *Office) changeWebhook(ctx context.Context, a flegt.Actor, what, id string, version int,
	fn func(*store.Tx, *flegt.Webhook) (flegt.Event, error), then func(tx *store.Tx, h flegt.Webhook, seq int64) error) (h flegt.Webhook, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if h, err = ownWebhook(tx, a, id); err != nil {
			return err
		}
		if version != 0 && version != h.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		e, err := fn(tx, &h)
		if err != nil {
			return err
		}
		seq, err := saveWebhook(tx, &h, e)
		if err != nil || then == nil {
			return err
		}
		return then(tx, h, seq)
	})
	return h, o.refused(what, a, err)
}

// saveWebhook writes a changed webhook and its event.
func saveWebhook(tx *store.Tx, h *flegt.Webhook, e flegt.Event) (int64, error) {
	if err := tx.SaveWebhook(h); err != nil {
		return 0, err
	}
	e.Version = h.Version
	return tx.Append(e, *h)
}

// ChangeWebhook takes a new name, address and choice of events.
func (o *Office) ChangeWebhook(ctx context.Context, a flegt.Actor, id string, version int, f WebhookForm) (flegt.Webhook, error) {
	f = f.tidy()
	return o.changeWebhook(ctx, a, "change webhook", id, version, func(_ *store.Tx, h *flegt.Webhook) (flegt.Event, error) {
		e := h.Change(a, o.now(), f.Name, f.URL, f.Types)
		return e, h.Check(a.Role, o.privateHooks)
	}, nil)
}

// RotateWebhook makes a new secret and gives it. The one before it signs too, for a day.
func (o *Office) RotateWebhook(ctx context.Context, a flegt.Actor, id string, version int) (h flegt.Webhook, secret string, err error) {
	secret, sealed, err := o.newWebhookSecret(id)
	if err != nil {
		return h, "", err
	}
	now := o.now()
	h, err = o.changeWebhook(ctx, a, "rotate webhook", id, version, func(_ *store.Tx, h *flegt.Webhook) (flegt.Event, error) {
		return h.Rotate(a, now), nil
	}, func(tx *store.Tx, h flegt.Webhook, _ int64) error {
		return tx.AddWebhookSecret(h.ID, h.Version, sealed, now.Add(flegt.OldSecretLasts))
	})
	if err != nil {
		secret = ""
	}
	return h, secret, err
}

// PauseWebhook stops a webhook: what waits is kept, what happens meanwhile is not sent later.
func (o *Office) PauseWebhook(ctx context.Context, a flegt.Actor, id string, version int) (flegt.Webhook, error) {
	return o.changeWebhook(ctx, a, "pause webhook", id, version, func(_ *store.Tx, h *flegt.Webhook) (flegt.Event, error) {
		return h.Pause(a, o.now())
	}, nil)
}

// ResumeWebhook lets a webhook that was paused or disabled be told of what waits, and of what
// happens from now on.
func (o *Office) ResumeWebhook(ctx context.Context, a flegt.Actor, id string, version int) (flegt.Webhook, error) {
	return o.changeWebhook(ctx, a, "resume webhook", id, version, func(_ *store.Tx, h *flegt.Webhook) (flegt.Event, error) {
		return h.Resume(a, o.now())
	}, func(tx *store.Tx, h flegt.Webhook, seq int64) error {
		now := o.now()
		if err := tx.BeginWebhook(h.ID, seq, now); err != nil {
			return err
		}
		return tryAtOnce(tx, h.ID, now)
	})
}

// tryAtOnce has what a webhook is told next tried now, however long it was to wait.
func tryAtOnce(tx *store.Tx, id string, now time.Time) error {
	d, err := tx.NextDelivery(id, now)
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return nil
	}
	if err != nil || !d.NextAt.After(now) {
		return err
	}
	d.NextAt = now
	return tx.SaveDelivery(d)
}

// DeleteWebhook deletes a webhook with its secrets and its log.
func (o *Office) DeleteWebhook(ctx context.Context, a flegt.Actor, id string, version int) error {
	return o.refused("delete webhook", a, o.db.Update(ctx, func(tx *store.Tx) error {
		h, err := ownWebhook(tx, a, id)
		if err != nil {
			return err
		}
		if version != 0 && version != h.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		return dropWebhook(tx, h, h.Deleted(a, o.now()))
	}))
}

func dropWebhook(tx *store.Tx, h flegt.Webhook, e flegt.Event) error {
	if err := tx.DropWebhook(h); err != nil {
		return err
	}
	_, err := tx.Append(e, nil)
	return err
}

// TestWebhook queues a test event for an active webhook. It is tried once.
func (o *Office) TestWebhook(ctx context.Context, a flegt.Actor, id string) (d flegt.Delivery, err error) {
	now := o.now()
	d = flegt.Delivery{ID: o.newMessageID(), Webhook: id, Type: flegt.TestEventType, State: flegt.DeliveryWaiting, Apart: true, CreatedAt: now, NextAt: now}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		h, err := ownWebhook(tx, a, id)
		if err != nil {
			return err
		}
		if h.State != flegt.WebhookActive {
			return flegt.Refuse(flegt.Conflict, "webhook.not_active", nil)
		}
		if err := tooManyTests(tx, id, now); err != nil {
			return err
		}
		if err := tx.AddDelivery(d); err != nil {
			return err
		}
		return tx.WakeWebhook(id, now)
	})
	return d, o.refused("test webhook", a, err)
}

// tooManyTests keeps a webhook from being used to knock at somebody's door.
func tooManyTests(tx *store.Tx, id string, now time.Time) error {
	latest, err := tx.Deliveries(id, "", 50)
	tests := 0
	for _, d := range latest {
		if d.Seq == 0 && d.CreatedAt.After(now.Add(-flegt.TestsWithin)) {
			tests++
		}
	}
	if err == nil && tests >= flegt.MaxTests {
		err = flegt.Refuse(flegt.TooMany, "webhook.too_many_tests", flegt.Args{"Max": flegt.MaxTests})
	}
	return err
}

// newMessageID makes the id of a delivery, which a receiver sees as webhook-id. Ids of later
// deliveries sort after it.
func (o *Office) newMessageID() string { return "msg_" + strings.ReplaceAll(o.newID(), "-", "") }

// Deliveries reads the log of a webhook, newest first, after an id of it.
func (o *Office) Deliveries(ctx context.Context, a flegt.Actor, id, after string, limit int) (out []flegt.Delivery, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if _, err := ownWebhook(tx, a, id); err != nil {
			return err
		}
		out, err = tx.Deliveries(id, after, limit)
		return err
	})
	return out, err
}

// SendAgain has a delivery of an active webhook tried now.
func (o *Office) SendAgain(ctx context.Context, a flegt.Actor, id, delivery string) (d flegt.Delivery, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		h, err := ownWebhook(tx, a, id)
		if err != nil {
			return err
		}
		if d, err = tx.Delivery(delivery); err != nil {
			return err
		}
		if d.Webhook != h.ID {
			return flegt.Missing()
		}
		if h.State != flegt.WebhookActive {
			return flegt.Refuse(flegt.Conflict, "webhook.not_active", nil)
		}
		now := o.now()
		if err := d.SendAgain(now); err != nil {
			return err
		}
		if err := tx.SaveDelivery(d); err != nil {
			return err
		}
		return tx.WakeWebhook(h.ID, now)
	})
	return d, o.refused("send again", a, err)
}
