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

// Unread counts the person's unread notifications, at most 100.
func (o *Office) Unread(ctx context.Context, a flegt.Actor) (n int, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		n, err = tx.Unread(a.Account)
		return err
	})
	return n, err
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

// Letters lists outgoing mails for the mailbox page of the demonstration, newest first.
// Support alone sees them otherwise, without their secrets.
func (o *Office) Letters(ctx context.Context, a flegt.Actor, demo bool, limit, offset int) (out []flegt.Letter, err error) {
	if !demo && !a.Is(flegt.RoleSupport) {
		return nil, flegt.Missing()
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.Letters(limit, offset)
		return err
	})
	if !demo {
		for i := range out {
			if out[i].Secret {
				out[i].Text, out[i].HTML = "", ""
			}
		}
	}
	return out, err
}

// LetterByID reads one outgoing mail, under the rule of Letters.
func (o *Office) LetterByID(ctx context.Context, a flegt.Actor, demo bool, id string) (l flegt.Letter, err error) {
	if !demo && !a.Is(flegt.RoleSupport) {
		return l, flegt.Missing()
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		l, err = tx.Letter(id)
		return err
	})
	if l.Secret && !demo {
		l.Text, l.HTML = "", ""
	}
	return l, err
}
