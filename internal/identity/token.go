package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// purpose is what a one-time token is good for.
type purpose string

const (
	toConfirm purpose = "confirm"
	toReset   purpose = "reset"
	toMove    purpose = "email"
)

// lasts is how long a token works. A new account has time until somebody comes back to the
// office; a reset is wanted now.
func (p purpose) lasts() time.Duration {
	switch p {
	case toConfirm:
		return 7 * 24 * time.Hour
	case toMove:
		return 24 * time.Hour
	}
	return 2 * time.Hour
}

// path is the page that takes the token.
func (p purpose) path() string {
	switch p {
	case toConfirm:
		return "/confirm"
	case toMove:
		return "/account/email/confirm"
	}
	return "/password/reset"
}

// newToken makes a token of 256 random bits, keeps its hash and forgets earlier ones for
// the same purpose. What is extra travels in the token itself, in the clear: the hash is of
// the whole, so nobody can change it.
func (id *Identity) newToken(tx *store.Tx, accountID string, p purpose, extra string) (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(id.rand, b); err != nil {
		return "", fmt.Errorf("random bits: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(b)
	if extra != "" {
		token += "." + base64.RawURLEncoding.EncodeToString([]byte(extra))
	}
	if err := tx.DropTokens(accountID, string(p)); err != nil {
		return "", err
	}
	return token, tx.AddToken(hashOf(token), string(p), accountID, id.now().Add(p.lasts()))
}

// hashOf is what stands in the database for a token or for a name under which tries are
// counted.
func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// extraOf gives what travels in a token beside its bits.
func extraOf(token string) string {
	_, extra, _ := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.DecodeString(extra)
	if err != nil {
		return ""
	}
	return string(b)
}

// holder finds whose token it is. The token is not used up.
func (id *Identity) holder(tx *store.Tx, token string, p purpose) (flegt.Account, error) {
	accountID, err := tx.TokenAccount(hashOf(token), string(p), id.now())
	if err == nil {
		var acc flegt.Account
		if acc, err = tx.Account(accountID); err == nil {
			return acc, nil
		}
	}
	if flegt.KindOf(err) == flegt.NotFound {
		err = flegt.Refuse(flegt.NotFound, "account.link_over", nil)
	}
	return flegt.Account{}, err
}

// Confirming says whose account a link from a mail confirms, without using it up: programs
// that check mail open every link in it.
func (id *Identity) Confirming(ctx context.Context, token string) (flegt.Account, error) {
	return id.lookAt(ctx, token, toConfirm)
}

// Resetting says whose password a link from a mail sets, without using it up.
func (id *Identity) Resetting(ctx context.Context, token string) (flegt.Account, error) {
	return id.lookAt(ctx, token, toReset)
}

// Moving says whose address a link from a mail changes, and to which, without using it up.
func (id *Identity) Moving(ctx context.Context, token string) (flegt.Account, string, error) {
	acc, err := id.lookAt(ctx, token, toMove)
	return acc, extraOf(token), err
}

func (id *Identity) lookAt(ctx context.Context, token string, p purpose) (acc flegt.Account, err error) {
	err = id.db.View(ctx, func(tx *store.Tx) error {
		acc, err = id.holder(tx, token, p)
		return err
	})
	return acc, err
}
