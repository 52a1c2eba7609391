package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// How secrets of programs begin, so that people and scanners of leaked secrets recognise
// them.
const (
	tokenBegins  = "oflegt_"  // a token
	secretBegins = "oflegts_" // a client's secret
	accessBegins = "oflegta_" // an access token that a client fetched
)

// prefixShown is how many characters of a secret are kept to recognise it by.
const prefixShown = 12

// AccessLasts is how long an access token works that a client fetched.
const AccessLasts = 30 * time.Minute

// APIToken is a token or client with the moment at which it was last used, to the minute.
type APIToken = store.UsedAPIToken

// NewAPIToken makes a token or client for the authorisation in which the actor acts, and
// gives its secret, which is kept nowhere.
func (id *Identity) NewAPIToken(ctx context.Context, a flegt.Actor, t flegt.APIToken) (flegt.APIToken, string, error) {
	now := id.now()
	t.Name = strings.TrimSpace(t.Name)
	if a.Authorisation == "" {
		return t, "", flegt.Refuse(flegt.Forbidden, "apitoken.role_needed", nil)
	}
	if err := t.Check(a.Role, now); err != nil {
		return t, "", err
	}
	begins := tokenBegins
	if t.Kind == flegt.TokenClient {
		begins = secretBegins
	}
	secret, err := id.newSecret(begins)
	if err != nil {
		return t, "", err
	}
	t.ID, t.Account, t.Authorisation, t.CreatedAt, t.RevokedAt, t.Version = id.newID(), a.Account, a.Authorisation, now, time.Time{}, 1
	t.Hash, t.Prefix = hashOf(secret), secret[:prefixShown]
	err = id.db.Update(ctx, func(tx *store.Tx) error {
		if _, err := actorOf(tx, t); err != nil {
			return err
		}
		if err := id.roomForToken(tx, a.Account, now); err != nil {
			return err
		}
		if err := tx.AddAPIToken(t); err != nil {
			return err
		}
		return appendToken(tx, t.Created(a), t)
	})
	return t, secret, err
}

// newSecret makes a secret of 256 random bits.
func (id *Identity) newSecret(begins string) (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(id.rand, b); err != nil {
		return "", fmt.Errorf("random bits: %w", err)
	}
	return begins + base64.RawURLEncoding.EncodeToString(b), nil
}

func (id *Identity) roomForToken(tx *store.Tx, account string, now time.Time) error {
	all, err := tx.APITokensOf(account)
	if err != nil {
		return err
	}
	working := 0
	for _, t := range all {
		if t.Works(now) {
			working++
		}
	}
	if working >= flegt.MaxTokens {
		return flegt.Refuse(flegt.Refused, "apitoken.too_many", flegt.Args{"Max": flegt.MaxTokens})
	}
	return nil
}

func appendToken(tx *store.Tx, e flegt.Event, t flegt.APIToken) error {
	e.Version = t.Version
	_, err := tx.Append(e, t)
	return err
}

// APITokens lists the tokens and clients of an account, newest first.
func (id *Identity) APITokens(ctx context.Context, account string) (out []APIToken, err error) {
	err = id.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.APITokensOf(account)
		return err
	})
	return out, err
}

// RevokeAPIToken ends a token of the actor's own at once.
func (id *Identity) RevokeAPIToken(ctx context.Context, a flegt.Actor, tokenID string) error {
	err := id.db.Update(ctx, func(tx *store.Tx) error {
		t, err := tx.APIToken(tokenID)
		if err != nil {
			return err
		}
		if a.Account == "" || t.Account != a.Account {
			return flegt.Missing()
		}
		e, err := t.Revoke(a, id.now())
		if err != nil {
			return err
		}
		if err := tx.SaveAPIToken(&t); err != nil {
			return err
		}
		return appendToken(tx, e, t)
	})
	id.passes.forget()
	return err
}

// Pass is what a program may do: it acts as Actor, within Scopes.
type Pass struct {
	Actor  flegt.Actor
	Token  string // id of the token or client
	Scopes []flegt.APIScope
	Ends   time.Time
}

// May says whether the pass has a scope; the empty scope is everybody's.
func (p Pass) May(scope flegt.APIScope) bool { return scope == "" || slices.Contains(p.Scopes, scope) }

// badToken is the one answer to a token that is unknown, over, revoked, or whose
// authorisation or account has ended. RFC 6750 section 3.1, invalid_token.
func badToken() error { return flegt.Refuse(flegt.Forbidden, "api.bad_token", nil) }

// Bearer finds who acts by a token. Revoking a token counts at once in this process; every
// other change of anybody's rights, and one made by another process, within passesChecked.
// A change is safe even then: the office looks at the role again when it is made. The error of a token that is of no use is
// Forbidden with the key "api.bad_token".
func (id *Identity) Bearer(ctx context.Context, token string) (Pass, error) {
	if !strings.HasPrefix(token, tokenBegins) && !strings.HasPrefix(token, accessBegins) || len(token) > 100 {
		return Pass{}, badToken()
	}
	now, sum := id.now(), sha256.Sum256([]byte(token))
	p, fresh, err := id.passes.find(ctx, id, sum, now)
	if err != nil || fresh {
		return p, err
	}
	return id.readPass(ctx, token, sum, now)
}

// readPass is Bearer for a token that is not known, or not any more.
func (id *Identity) readPass(ctx context.Context, token string, sum [sha256.Size]byte, now time.Time) (p Pass, err error) {
	hash := hex.EncodeToString(sum[:]) // as hashOf writes it
	err = id.db.View(ctx, func(tx *store.Tx) error {
		head, err := tx.AccessHead()
		if err != nil {
			return err
		}
		if p, err = passFor(tx, token, hash, now); err != nil {
			return err
		}
		id.passes.keep(sum, p, head, now)
		return nil
	})
	if flegt.KindOf(err) == flegt.NotFound {
		err = badToken()
	}
	if err != nil {
		return Pass{}, err
	}
	return p, id.db.Update(ctx, func(tx *store.Tx) error { return tx.UseAPIToken(p.Token, now) })
}

// passFor reads whose token it is and whether it still works; NotFound when it does not.
func passFor(tx *store.Tx, token, hash string, now time.Time) (p Pass, err error) {
	var t flegt.APIToken
	if strings.HasPrefix(token, accessBegins) {
		client, scopes, ends, err := tx.Access(hash, now)
		if err != nil {
			return p, err
		}
		if t, err = tx.APIToken(client); err != nil {
			return p, err
		}
		p.Scopes, p.Ends = scopesIn(scopes), ends
	} else {
		if t, err = tx.APITokenHashed(hash); err != nil {
			return p, err
		}
		if t.Kind != flegt.TokenPlain {
			return p, flegt.Missing()
		}
		p.Scopes, p.Ends = t.Scopes, t.ExpiresAt
	}
	if !t.Works(now) {
		return p, flegt.Missing()
	}
	if t.ExpiresAt.Before(p.Ends) {
		p.Ends = t.ExpiresAt
	}
	p.Token = t.ID
	p.Actor, err = actorOf(tx, t)
	return p, err
}

// actorOf gives the actor for whom a token acts; NotFound when the account is closed or the
// authorisation has ended: a token dies with it.
func actorOf(tx *store.Tx, t flegt.APIToken) (flegt.Actor, error) {
	acc, err := tx.Account(t.Account)
	if err != nil {
		return flegt.Actor{}, err
	}
	z, err := tx.Authorisation(t.Authorisation)
	if err != nil {
		return flegt.Actor{}, err
	}
	if acc.Closed || !z.Active() || z.Account != acc.ID {
		return flegt.Actor{}, flegt.Missing()
	}
	return flegt.Actor{Account: acc.ID, FirstName: acc.FirstName, LastName: acc.LastName, Email: acc.Email, Lang: acc.Lang,
		Authorisation: z.ID, Role: z.Role, Body: z.Body, Country: z.Country, Capacity: z.Capacity, Offices: z.Offices}, nil
}

func scopesIn(text string) []flegt.APIScope {
	var out []flegt.APIScope
	for _, s := range strings.Fields(text) {
		out = append(out, flegt.APIScope(s))
	}
	return out
}

// Grant is an access token that a client fetched.
type Grant struct {
	Access string
	Scopes string // with spaces between, RFC 6749 section 3.3
	Lasts  time.Duration
}

// GrantAccess gives a client an access token for its id and secret: the client credentials
// grant of RFC 6749 section 4.4. scope may narrow what the client has; empty means all of
// it. Forbidden with "api.bad_client" for what does not fit together, Invalid with
// "api.bad_scope" for a scope that the client does not have. Tries are counted by network.
func (id *Identity) GrantAccess(ctx context.Context, clientID, secret, scope, network string) (g Grant, err error) {
	try, from := "client:"+hashOf(clientID), triesFrom(network)
	if err := id.countTry(ctx, try, from); err != nil {
		return g, err
	}
	if g.Access, err = id.newSecret(accessBegins); err != nil {
		return g, err
	}
	err = id.db.Update(ctx, func(tx *store.Tx) error {
		t, err := tx.APITokenHashed(hashOf(secret))
		if err != nil {
			return err
		}
		now := id.now()
		if t.ID != clientID || t.Kind != flegt.TokenClient || !t.Works(now) {
			return flegt.Missing()
		}
		if _, err := actorOf(tx, t); err != nil {
			return err
		}
		if err := goodTry(tx, try, from); err != nil {
			return err
		}
		scopes, err := narrowed(t.Scopes, scope)
		if err != nil {
			return err
		}
		g.Lasts = min(AccessLasts, t.ExpiresAt.Sub(now))
		g.Scopes = scopes
		return tx.AddAccess(hashOf(g.Access), t.ID, scopes, now.Add(g.Lasts))
	})
	if flegt.KindOf(err) == flegt.NotFound {
		err = flegt.Refuse(flegt.Forbidden, "api.bad_client", nil)
	}
	return g, err
}

// narrowed gives the scopes asked for, when all are among those that there are.
func narrowed(have []flegt.APIScope, asked string) (string, error) {
	if strings.TrimSpace(asked) == "" {
		out := make([]string, len(have))
		for i, s := range have {
			out[i] = string(s)
		}
		return strings.Join(out, " "), nil
	}
	for _, s := range scopesIn(asked) {
		if !slices.Contains(have, s) {
			return "", flegt.Refuse(flegt.Invalid, "api.bad_scope", nil)
		}
	}
	return strings.Join(strings.Fields(asked), " "), nil
}
