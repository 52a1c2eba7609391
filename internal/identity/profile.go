package identity

import (
	"context"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// closedReason stands in the record of a role that ended with its account.
const closedReason = "The account was closed by its owner."

// Rename changes the names and the language of an account. The address is left alone.
func (id *Identity) Rename(ctx context.Context, accountID string, p Person) (flegt.Account, error) {
	if err := flegt.InvalidBoxes(p.checkNames()); err != nil {
		return flegt.Account{}, err
	}
	return id.change(ctx, accountID, "renamed", func(_ *store.Tx, acc *flegt.Account) error {
		acc.FirstName, acc.LastName, acc.Lang = p.FirstName, p.LastName, p.Lang
		return nil
	})
}

// SignOutEverywhere ends every session of an account: those that began before it are no
// longer known.
func (id *Identity) SignOutEverywhere(ctx context.Context, accountID string) (flegt.Account, error) {
	return id.change(ctx, accountID, "signed_out_everywhere", func(_ *store.Tx, acc *flegt.Account) error {
		acc.Epoch++
		return nil
	})
}

// AskMove mails a link to a new address, which must be confirmed before it is the
// account's. It answers the same when that address has an account already.
func (id *Identity) AskMove(ctx context.Context, accountID, email, password, network string) error {
	email = strings.TrimSpace(email)
	if key := wrongAddress(email); key != "" {
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "email", Key: key}})
	}
	if err := id.again(ctx, accountID, password, network); err != nil {
		return err
	}
	return id.db.Update(ctx, func(tx *store.Tx) error {
		acc, err := tx.Account(accountID)
		if err != nil {
			return err
		}
		wanted, err := id.mayMail(tx, email)
		if err != nil || !wanted {
			return err
		}
		other, err := tx.AccountByEmail(email)
		switch {
		case err == nil && other.ID != acc.ID && other.Confirmed && !other.Closed:
			return id.mailNote(tx, MailAddressTaken, other, other.Email, "/sign-in")
		case err != nil && flegt.KindOf(err) != flegt.NotFound:
			return err
		}
		return id.mailLink(tx, MailNewAddress, acc, email, toMove, email)
	})
}

// Move makes the address to which the link was mailed the account's. NotFound when the link
// is over, Conflict when the address was taken meanwhile.
func (id *Identity) Move(ctx context.Context, token string) (acc flegt.Account, err error) {
	err = id.db.Update(ctx, func(tx *store.Tx) error {
		if acc, err = id.holder(tx, token, toMove); err != nil {
			return err
		}
		old := acc.Email
		acc.Email = extraOf(token)
		if err := id.release(tx, acc); err != nil {
			return err
		}
		if err := id.save(tx, &acc, flegt.Actor{Account: acc.ID}, "address_changed"); err != nil {
			return err
		}
		for _, p := range []purpose{toMove, toReset, toConfirm} {
			if err := tx.DropTokens(acc.ID, string(p)); err != nil {
				return err
			}
		}
		return id.mailNote(tx, MailOldAddress, acc, old, "/contact")
	})
	return acc, err
}

// release frees an address whose owner has just shown a mail from it: an account that was
// never confirmed, or that is closed, does not keep it.
func (id *Identity) release(tx *store.Tx, to flegt.Account) error {
	other, err := tx.AccountByEmail(to.Email)
	if flegt.KindOf(err) == flegt.NotFound || err == nil && (other.ID == to.ID || other.Confirmed && !other.Closed) {
		return nil // free, the same, or refused when it is saved
	}
	if err != nil {
		return err
	}
	other.Email, other.Closed = other.ID+"@released.invalid", true // RFC 2606: no such address
	return id.save(tx, &other, flegt.Actor{Account: to.ID}, "address_released")
}

// Close ends an account: it is signed out everywhere, its roles end and its requests are
// withdrawn. What it did stays in the record. Signing up again with the address opens it
// again, without roles.
func (id *Identity) Close(ctx context.Context, accountID, password, network string) error {
	if err := id.again(ctx, accountID, password, network); err != nil {
		return err
	}
	_, err := id.change(ctx, accountID, "closed", func(tx *store.Tx, acc *flegt.Account) error {
		acc.Closed, acc.PasswordHash = true, ""
		acc.Epoch++
		if err := id.endRoles(tx, *acc); err != nil {
			return err
		}
		for _, p := range []purpose{toMove, toReset, toConfirm} {
			if err := tx.DropTokens(acc.ID, string(p)); err != nil {
				return err
			}
		}
		return id.mailNote(tx, MailClosed, *acc, acc.Email, "")
	})
	return err
}

// endRoles ends what the account holds and withdraws what it asked for.
func (id *Identity) endRoles(tx *store.Tx, acc flegt.Account) error {
	all, err := tx.AuthorisationsOf(acc.ID)
	if err != nil {
		return err
	}
	by := flegt.Actor{Account: acc.ID}
	for _, z := range all {
		var e flegt.Event
		switch z.Status {
		case flegt.Approved:
			e, err = z.End(by, id.now(), closedReason)
		case flegt.Requested:
			e, err = z.Withdraw(by, id.now())
		default:
			continue
		}
		if err != nil {
			return err
		}
		if err := tx.SaveAuthorisation(&z); err != nil {
			return err
		}
		e.Version, e.State = z.Version, string(z.Status)
		if _, err := tx.Append(e, z); err != nil {
			return err
		}
	}
	return nil
}
