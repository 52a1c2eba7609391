package identity

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// SignUp makes an account that is not open yet and mails a link to confirm the address. It
// answers the same whether or not the address has an account: the mail tells. network is
// where the visitor comes from. Invalid when a box is wrong, TooMany when much mail was
// asked for from there.
func (id *Identity) SignUp(ctx context.Context, p Person, network string) error {
	if err := p.check(); err != nil {
		return err
	}
	if err := id.countMailing(ctx, network); err != nil {
		return err
	}
	return id.db.Update(ctx, func(tx *store.Tx) error {
		wanted, err := id.mayMail(tx, p.Email)
		if err != nil || !wanted {
			return err
		}
		acc, err := tx.AccountByEmail(p.Email)
		switch {
		case flegt.KindOf(err) == flegt.NotFound:
			return id.signUpNew(tx, p)
		case err != nil:
			return err
		case acc.Confirmed && !acc.Closed:
			return id.mailNote(tx, MailExists, acc, acc.Email, "/sign-in")
		}
		return id.signUpAgain(tx, acc, p)
	})
}

func (id *Identity) signUpNew(tx *store.Tx, p Person) error {
	acc := id.account(p)
	if err := id.add(tx, acc, flegt.Actor{Account: acc.ID}, "signed_up"); err != nil {
		return err
	}
	return id.mailLink(tx, MailConfirm, acc, acc.Email, toConfirm, "")
}

// signUpAgain takes the newer names for an account that nobody has confirmed, because the
// first visitor may have been anybody. A closed account keeps its names, which stand in the
// history; confirming opens it again.
func (id *Identity) signUpAgain(tx *store.Tx, acc flegt.Account, p Person) error {
	if !acc.Closed {
		acc.FirstName, acc.LastName, acc.Lang = p.FirstName, p.LastName, p.Lang
		if err := id.save(tx, &acc, flegt.Actor{Account: acc.ID}, "signed_up"); err != nil {
			return err
		}
	}
	return id.mailLink(tx, MailConfirm, acc, acc.Email, toConfirm, "")
}

func (id *Identity) account(p Person) flegt.Account {
	return flegt.Account{
		ID: id.newID(), Email: p.Email, FirstName: p.FirstName, LastName: p.LastName, Lang: p.Lang,
		CreatedAt: id.now().Unix(), Version: 1,
	}
}

// Confirm opens the account whose link it is, with the password chosen. NotFound when the
// link is over, Invalid when the password will not do.
func (id *Identity) Confirm(ctx context.Context, token, password string) (flegt.Account, error) {
	return id.choosePassword(ctx, token, password, toConfirm, "confirmed", func(_ *store.Tx, acc *flegt.Account) error {
		acc.Closed = false
		return nil
	})
}

// choosePassword takes a one-time link and a password: it opens the account and signs it
// out wherever it was signed in.
func (id *Identity) choosePassword(ctx context.Context, token, password string, p purpose, verb string, fn func(*store.Tx, *flegt.Account) error) (acc flegt.Account, err error) {
	if acc, err = id.lookAt(ctx, token, p); err != nil {
		return acc, err
	}
	if err := id.checkPassword(password, acc); err != nil {
		return acc, err
	}
	hash, err := id.hash(ctx, password)
	if err != nil {
		return acc, err
	}
	err = id.db.Update(ctx, func(tx *store.Tx) error {
		if acc, err = id.holder(tx, token, p); err != nil {
			return err
		}
		acc.PasswordHash, acc.Confirmed = hash, true
		acc.Epoch++
		if err := fn(tx, &acc); err != nil {
			return err
		}
		if err := id.save(tx, &acc, flegt.Actor{Account: acc.ID}, verb); err != nil {
			return err
		}
		return id.freshStart(tx, acc)
	})
	return acc, err
}

// freshStart forgets links and counted tries of an account whose password was set.
func (id *Identity) freshStart(tx *store.Tx, acc flegt.Account) error {
	for _, p := range []purpose{toConfirm, toReset} {
		if err := tx.DropTokens(acc.ID, string(p)); err != nil {
			return err
		}
	}
	return tx.Unthrottle(triesOf(acc.ID))
}

// Enrol makes an open account without a mail, for those whom the host or an import vouches
// for. Without a password its owner sets one by mail. Conflict when the address is taken.
func (id *Identity) Enrol(ctx context.Context, by flegt.Actor, p Person, password string) (acc flegt.Account, err error) {
	if err := p.check(); err != nil {
		return acc, err
	}
	acc = id.account(p)
	acc.Confirmed = true
	if password != "" {
		if err := id.checkPassword(password, acc); err != nil {
			return acc, err
		}
		if acc.PasswordHash, err = id.hash(ctx, password); err != nil {
			return acc, err
		}
	}
	return acc, id.db.Update(ctx, func(tx *store.Tx) error { return id.add(tx, acc, by, "enrolled") })
}
