package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"github.com/openflegt/openflegt/internal/flegt"
)

// demoLinks signs people in by a link, in the demonstration alone. The key is new at each
// start, and so are the links.
type demoLinks struct {
	id  *Identity
	key []byte
}

// Prove implements Method.
func (d *demoLinks) Prove(ctx context.Context, brought url.Values, _ string) (flegt.Account, error) {
	who := brought.Get("who")
	if !hmac.Equal([]byte(brought.Get("sig")), []byte(d.sign(who))) {
		return flegt.Account{}, flegt.Missing()
	}
	acc, err := d.id.Account(ctx, who)
	if err == nil && (acc.Closed || !acc.Confirmed) {
		err = flegt.Missing()
	}
	return acc, err
}

func (d *demoLinks) sign(accountID string) string {
	m := hmac.New(sha256.New, d.key)
	m.Write([]byte(accountID))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// DemoPath gives the path that signs an account in with one click; empty outside the
// demonstration.
func (id *Identity) DemoPath(accountID string) string {
	if id.demo == nil {
		return ""
	}
	return "/sign-in/demo?" + url.Values{"who": {accountID}, "sig": {id.demo.sign(accountID)}}.Encode()
}

// DemoLink gives DemoPath with the base address before it.
func (id *Identity) DemoLink(accountID string) string {
	if id.demo == nil {
		return ""
	}
	return id.base + id.DemoPath(accountID)
}
