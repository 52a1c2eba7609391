package identity

import (
	"context"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// AskReset mails a link that sets a new password to the account with that address or user
// name. It answers the same when there is none. TooMany when much mail was asked for from
// that network.
func (id *Identity) AskReset(ctx context.Context, who, network string) error {
	who = strings.TrimSpace(who)
	if who == "" {
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "who", Key: "error.required"}})
	}
	if err := id.countMailing(ctx, network); err != nil {
		return err
	}
	return id.db.Update(ctx, func(tx *store.Tx) error {
		acc, err := findIn(tx, who)
		to := acc.Email
		if flegt.KindOf(err) == flegt.NotFound {
			to = who // counted all the same
		} else if err != nil {
			return err
		}
		wanted, failed := id.mayMail(tx, to)
		if failed != nil || !wanted || err != nil || acc.Closed {
			return failed
		}
		if !acc.Confirmed && acc.EcasName == "" {
			return id.mailLink(tx, MailConfirm, acc, acc.Email, toConfirm, "")
		}
		return id.mailLink(tx, MailReset, acc, acc.Email, toReset, "")
	})
}

// Reset sets the password of the account whose link it is and signs it out everywhere. The
// link came by mail, so it confirms the address too. NotFound when the link is over.
func (id *Identity) Reset(ctx context.Context, token, password string) (flegt.Account, error) {
	return id.choosePassword(ctx, token, password, toReset, "password_reset", func(tx *store.Tx, acc *flegt.Account) error {
		if acc.Closed {
			return flegt.Refuse(flegt.NotFound, "account.link_over", nil)
		}
		return id.mailNote(tx, MailPassword, *acc, acc.Email, "/password/forgot")
	})
}

// ChangePassword sets a new password for whoever knows the old one, and signs out everywhere
// else: the session that did it must Begin anew.
func (id *Identity) ChangePassword(ctx context.Context, accountID, current, password, network string) (flegt.Account, error) {
	acc, err := id.Account(ctx, accountID)
	if err != nil {
		return acc, err
	}
	if err := id.checkPassword(password, acc); err != nil {
		return acc, err
	}
	if err := id.again(ctx, accountID, current, network); err != nil {
		return acc, err
	}
	hash, err := id.hash(ctx, password)
	if err != nil {
		return acc, err
	}
	return id.change(ctx, accountID, "password_changed", func(tx *store.Tx, acc *flegt.Account) error {
		acc.PasswordHash = hash
		acc.Epoch++
		if err := tx.DropTokens(acc.ID, string(toReset)); err != nil {
			return err
		}
		return id.mailNote(tx, MailPassword, *acc, acc.Email, "/password/forgot")
	})
}
