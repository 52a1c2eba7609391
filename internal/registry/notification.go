package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Topics are what a login may choose to get mail about. Letters about one's own account and
// requests are always sent.
var Topics = []string{"licence", "clearance", "authorisation"}

// Notifications lists what the person was told, newest first.
func (o *Office) Notifications(ctx context.Context, a flegt.Actor, limit, offset int) (out []flegt.Notification, err error) {
	if err := signedIn(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.Notifications(a.Account, limit, offset)
		return err
	})
	return out, err
}

// NotificationsBefore lists what the person was told before an event, newest first.
func (o *Office) NotificationsBefore(ctx context.Context, a flegt.Actor, seq int64, limit int) (out []flegt.Notification, err error) {
	if err := signedIn(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.NotificationsBefore(a.Account, seq, limit)
		return err
	})
	return out, err
}

// MarkRead marks the person's notifications up to one as read.
func (o *Office) MarkRead(ctx context.Context, a flegt.Actor, seq int64) error {
	if err := signedIn(a); err != nil {
		return err
	}
	return o.db.Update(ctx, func(tx *store.Tx) error { return tx.MarkRead(a.Account, seq) })
}

// MailWanted says for each topic whether the person wants mail.
func (o *Office) MailWanted(ctx context.Context, a flegt.Actor) (wanted map[string]bool, err error) {
	if err := signedIn(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		chosen, err := tx.MailWanted(a.Account)
		if err != nil {
			return err
		}
		wanted = map[string]bool{}
		for _, t := range Topics {
			v, known := chosen[t]
			wanted[t] = v || !known
		}
		return nil
	})
	return wanted, err
}

// ChooseMail keeps for each topic whether the person wants mail.
func (o *Office) ChooseMail(ctx context.Context, a flegt.Actor, wanted map[string]bool) error {
	if err := signedIn(a); err != nil {
		return err
	}
	return o.db.Update(ctx, func(tx *store.Tx) error {
		for _, t := range Topics {
			if err := tx.WantMail(a.Account, t, wanted[t]); err != nil {
				return err
			}
		}
		return nil
	})
}
