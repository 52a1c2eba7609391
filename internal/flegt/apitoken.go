package flegt

import (
	"slices"
	"strings"
	"time"
)

// APITokenKind says how a program shows who it is.
type APITokenKind string

// The kinds. A token is sent as it is (RFC 6750); a client has an id and a secret, with
// which it fetches access tokens that soon run out (RFC 6749 section 4.4).
const (
	TokenPlain  APITokenKind = "token"
	TokenClient APITokenKind = "client"
)

// APIScope is one right of an API token. It narrows what the authorisation may do and never
// widens it: the office checks the role again.
type APIScope string

// The scopes. Reading and writing are different rights, and so are entering a licence,
// deciding on it, and booking against it.
const (
	ScopeLicencesRead         APIScope = "licences:read"
	ScopeLicencesWrite        APIScope = "licences:write"
	ScopeLicencesDecide       APIScope = "licences:decide"
	ScopeLicencesIssue        APIScope = "licences:issue"
	ScopeDeskRead             APIScope = "desk:read"
	ScopeDeskWrite            APIScope = "desk:write"
	ScopeQuestionsRead        APIScope = "questions:read"
	ScopeQuestionsWrite       APIScope = "questions:write"
	ScopeSpecimensRead        APIScope = "specimens:read"
	ScopeSpecimensWrite       APIScope = "specimens:write"
	ScopeOperatorsRead        APIScope = "operators:read"
	ScopeOperatorsWrite       APIScope = "operators:write"
	ScopeAuthorisationsRead   APIScope = "authorisations:read"
	ScopeAuthorisationsWrite  APIScope = "authorisations:write"
	ScopeAuthorisationsDecide APIScope = "authorisations:decide"
	ScopeCustomsRead          APIScope = "customs:read"
	ScopeCustomsWrite         APIScope = "customs:write"
	ScopeEventsRead           APIScope = "events:read"
	ScopeWebhooksRead         APIScope = "webhooks:read"
	ScopeWebhooksWrite        APIScope = "webhooks:write"
	ScopeNotificationsRead    APIScope = "notifications:read"
	ScopeNotificationsWrite   APIScope = "notifications:write"
	ScopeSupportRead          APIScope = "support:read"
	ScopeSupportWrite         APIScope = "support:write"
)

// APIScopes lists every scope in the order in which pages offer them.
var APIScopes = []APIScope{
	ScopeLicencesRead, ScopeLicencesWrite, ScopeLicencesDecide, ScopeLicencesIssue, ScopeCustomsRead, ScopeCustomsWrite,
	ScopeDeskRead, ScopeDeskWrite, ScopeQuestionsRead, ScopeQuestionsWrite, ScopeSpecimensRead, ScopeSpecimensWrite,
	ScopeOperatorsRead, ScopeOperatorsWrite, ScopeAuthorisationsRead, ScopeAuthorisationsWrite,
	ScopeAuthorisationsDecide, ScopeEventsRead, ScopeWebhooksRead, ScopeWebhooksWrite, ScopeNotificationsRead, ScopeNotificationsWrite,
	ScopeSupportRead, ScopeSupportWrite,
}

// scopeRoles are the scopes that are of use to some roles alone; every other scope is for
// everybody.
var scopeRoles = map[APIScope][]Role{
	ScopeLicencesWrite:        {RoleOperator},
	ScopeLicencesDecide:       {RoleAuthority},
	ScopeLicencesIssue:        {RoleLicensing, RoleAuthority},
	ScopeCustomsRead:          {RoleCustoms},
	ScopeCustomsWrite:         {RoleCustoms},
	ScopeDeskRead:             {RoleAuthority},
	ScopeDeskWrite:            {RoleAuthority},
	ScopeQuestionsRead:        {RoleAuthority, RoleOperator, RoleLicensing},
	ScopeQuestionsWrite:       {RoleAuthority, RoleOperator, RoleLicensing},
	ScopeSpecimensRead:        {RoleAuthority, RoleSupport, RoleObserver},
	ScopeSpecimensWrite:       {RoleAuthority, RoleSupport},
	ScopeAuthorisationsDecide: {RoleSupport},
	ScopeSupportRead:          {RoleSupport, RoleObserver},
	ScopeSupportWrite:         {RoleSupport},
}

// ScopesOf lists the scopes that a token of a role can have.
func ScopesOf(role Role) []APIScope {
	var out []APIScope
	for _, s := range APIScopes {
		if roles, narrow := scopeRoles[s]; !narrow || slices.Contains(roles, role) {
			out = append(out, s)
		}
	}
	return out
}

// MaxTokenDays is how long a token or a client's secret can be used at most, in days.
const MaxTokenDays = 366

// MaxTokens is how many tokens and clients that still work one account may have.
const MaxTokens = 50

// APIToken lets a program act in one authorisation of an account. What is secret in it was
// shown once; Hash is all that is kept.
type APIToken struct {
	ID            string // also the client's id
	Account       string
	Authorisation string
	Kind          APITokenKind
	Name          string // as its owner calls it
	Prefix        string // how the secret begins, to recognise it
	Hash          string // SHA-256 of the secret, hex; the secret has 256 random bits
	Scopes        []APIScope
	CreatedAt     time.Time
	ExpiresAt     time.Time // first moment at which it is of no use
	RevokedAt     time.Time // zero while it was not
	Version       int
}

// Works says whether the token is of use at a moment; the authorisation must be held too.
func (t APIToken) Works(now time.Time) bool { return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt) }

// Check says what is wrong in each box of the form that makes a token for a role.
func (t APIToken) Check(role Role, now time.Time) error {
	var boxes []BoxError
	say := func(box, key string, args Args) { boxes = append(boxes, BoxError{Box: box, Key: key, Args: args}) }
	switch {
	case strings.TrimSpace(t.Name) == "":
		say("name", "error.required", nil)
	case tooLong(t.Name, 100):
		say("name", "error.too_long", Args{"Max": 100})
	}
	if t.Kind != TokenPlain && t.Kind != TokenClient {
		say("kind", "error.choose", nil)
	}
	if !t.ExpiresAt.After(now) || t.ExpiresAt.After(now.AddDate(0, 0, MaxTokenDays+1)) {
		say("expires", "apitoken.expires_within", Args{"Max": MaxTokenDays})
	}
	if len(t.Scopes) == 0 {
		say("scopes", "apitoken.no_scope", nil)
	}
	for _, s := range t.Scopes {
		if !slices.Contains(ScopesOf(role), s) {
			say("scopes", "apitoken.scope_not_yours", Args{"Scope": string(s)})
			break
		}
	}
	return InvalidBoxes(boxes)
}

// Created gives the event of a new token. It names scopes and holds nothing secret.
func (t APIToken) Created(by Actor) Event { return t.event(by, t.CreatedAt, "created") }

// Revoke ends the token for good.
func (t *APIToken) Revoke(by Actor, now time.Time) (Event, error) {
	if !t.RevokedAt.IsZero() {
		return Event{}, Refuse(Conflict, "apitoken.revoked_already", nil)
	}
	t.RevokedAt = now.UTC()
	return t.event(by, now, "revoked"), nil
}

func (t APIToken) event(by Actor, now time.Time, verb string) Event {
	scopes := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		scopes[i] = string(s)
	}
	return NewEvent(by, now, NounAPIToken, t.ID, verb).
		With("account", t.Account).With("authorisation", t.Authorisation).With("kind", string(t.Kind)).With("scopes", scopes)
}
