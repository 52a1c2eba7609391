package identity

import (
	"context"
	"net/url"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Method is one way to prove who one is: it finds the account from what a visitor brought
// with a form or a link. network is where the visitor comes from (Network).
type Method interface {
	Prove(ctx context.Context, brought url.Values, network string) (flegt.Account, error)
}

// The methods by name.
const (
	// ByPassword wants "who", a user name or e-mail address, and "password".
	ByPassword = "password"
	// ByDemoLink wants "who", an account's id, and its signature "sig".
	ByDemoLink = "demo"
)

// SignIn proves by a method who the visitor is. Begin then starts the session. NotFound when
// there is no such method here.
func (id *Identity) SignIn(ctx context.Context, method string, brought url.Values, network string) (flegt.Account, error) {
	m, ok := id.methods[method]
	if !ok {
		return flegt.Account{}, flegt.Missing()
	}
	return m.Prove(ctx, brought, network)
}

// wrong is the one answer to whatever was wrong with a name and password.
func wrong() error { return flegt.Refuse(flegt.Invalid, "account.sign_in.wrong", nil) }

type passwordMethod struct{ id *Identity }

// Prove implements Method.
func (m passwordMethod) Prove(ctx context.Context, brought url.Values, network string) (flegt.Account, error) {
	who, password := strings.TrimSpace(brought.Get("who")), brought.Get("password")
	var boxes []flegt.BoxError
	if who == "" {
		boxes = append(boxes, flegt.BoxError{Box: "who", Key: "error.required"})
	}
	if password == "" {
		boxes = append(boxes, flegt.BoxError{Box: "password", Key: "error.required"})
	}
	if boxes != nil {
		return flegt.Account{}, flegt.InvalidBoxes(boxes)
	}
	return m.id.bySecret(ctx, who, password, network)
}

// bySecret checks a password, counts the try and renews the hash where it is outdated.
func (id *Identity) bySecret(ctx context.Context, who, password, network string) (flegt.Account, error) {
	acc, err := id.find(ctx, who)
	tries := triesOf(acc.ID)
	if flegt.KindOf(err) == flegt.NotFound {
		tries = triesOf(strings.ToLower(who))
	} else if err != nil {
		return flegt.Account{}, err
	}
	if err := id.countTry(ctx, tries, triesFrom(network)); err != nil {
		return flegt.Account{}, err
	}
	if len(password) > 4*MaxPassword {
		password = ""
	}
	ok, err := id.matches(ctx, password, acc.PasswordHash)
	if err != nil {
		return flegt.Account{}, err
	}
	if !ok || acc.Closed || !acc.Confirmed {
		id.log.Info("sign-in failed", "account", acc.ID, "network", network)
		return flegt.Account{}, wrong()
	}
	return id.proved(ctx, acc, password, tries, triesFrom(network))
}

// proved takes the counted try back and renews an outdated hash.
func (id *Identity) proved(ctx context.Context, acc flegt.Account, password, tries, network string) (flegt.Account, error) {
	renewed := ""
	if outdated(acc.PasswordHash) {
		var err error
		if renewed, err = id.hash(ctx, password); err != nil {
			return acc, err
		}
	}
	proved := acc.PasswordHash
	err := id.db.Update(ctx, func(tx *store.Tx) (err error) {
		if acc, err = tx.Account(acc.ID); err != nil {
			return err
		}
		if acc.PasswordHash != proved || acc.Closed {
			return wrong() // changed while we looked
		}
		if err := goodTry(tx, tries, network); err != nil || renewed == "" {
			return err
		}
		acc.PasswordHash = renewed
		return id.save(tx, &acc, flegt.Actor{Account: acc.ID}, "password_renewed")
	})
	return acc, err
}

// find looks an account up by address or by the user name of the earlier ECAS account.
func (id *Identity) find(ctx context.Context, who string) (acc flegt.Account, err error) {
	err = id.db.View(ctx, func(tx *store.Tx) error {
		acc, err = findIn(tx, who)
		return err
	})
	return acc, err
}

func findIn(tx *store.Tx, who string) (flegt.Account, error) {
	if strings.Contains(who, "@") {
		if acc, err := tx.AccountByEmail(who); flegt.KindOf(err) != flegt.NotFound || err == nil {
			return acc, err
		}
	}
	return tx.AccountByEcas(who)
}

// again proves that a signed-in person is still the one: before the password, the address
// or the account's end.
func (id *Identity) again(ctx context.Context, accountID, password, network string) error {
	acc, err := id.Account(ctx, accountID)
	if err != nil {
		return err
	}
	if err := id.countTry(ctx, triesOf(acc.ID), triesFrom(network)); err != nil {
		return err
	}
	ok, err := id.matches(ctx, password, acc.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "current", Key: "account.password.not_this"}})
	}
	return id.db.Update(ctx, func(tx *store.Tx) error { return goodTry(tx, triesOf(acc.ID), triesFrom(network)) })
}
