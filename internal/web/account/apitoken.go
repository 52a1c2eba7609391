package account

import (
	"net/http"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// tokensPage is "Access for programs": the tokens and clients of one's account, and the form
// that makes one for the role in which one acts.
type tokensPage struct {
	counter.Page
	// Form is what was typed; Expires the last day as typed, Scopes and Kinds what is offered.
	Form          flegt.APIToken
	Expires       string
	Scopes, Kinds []counter.Option
	// Role is what the new token would act for; empty without a role.
	Role   string
	Tokens []tokenLine
	// Secret is shown once, right after it was made; ClientID beside it for a client.
	Secret, ClientID string
	// Base is the address of the interface.
	Base string
}

// tokenLine is one token or client.
type tokenLine struct {
	ID, Name string
	Status   counter.Status
	Terms    []counter.Term
	Works    bool
}

func (s pages) tokensPage(r *counter.Request) (*tokensPage, error) {
	p := &tokensPage{Page: s.Page(r, "apitoken.title"), Base: s.BaseURL, Form: flegt.APIToken{Kind: flegt.TokenPlain}}
	p.Crumbs = []counter.Link{{URL: "/account", Text: p.T("site.account")}}
	p.Expires = s.Clock().AddDate(0, 3, 0).Format(time.DateOnly)
	if r.Viewer.Acting != nil {
		p.Role = p.RoleName(*r.Viewer.Acting)
	}
	for _, k := range []flegt.APITokenKind{flegt.TokenPlain, flegt.TokenClient} {
		p.Kinds = append(p.Kinds, counter.Option{Value: string(k), Label: p.T("apitoken.kind." + string(k)), Hint: p.T("apitoken.kind." + string(k) + ".hint")})
	}
	all, err := s.Accounts.APITokens(r.Context(), r.Viewer.Actor.Account)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		p.Tokens = append(p.Tokens, p.tokenLine(t))
	}
	p.offerScopes()
	return p, nil
}

// offerScopes lists the scopes that the role may give away, those chosen ticked.
func (p *tokensPage) offerScopes() {
	p.Scopes = nil
	if p.Viewer.Acting == nil {
		return
	}
	for _, scope := range flegt.ScopesOf(p.Viewer.Acting.Role) {
		option := counter.Option{Value: string(scope), Label: p.scopeText(scope)}
		for _, chosen := range p.Form.Scopes {
			option.Selected = option.Selected || chosen == scope
		}
		p.Scopes = append(p.Scopes, option)
	}
}

// scopeText says what a scope allows.
func (p *tokensPage) scopeText(scope flegt.APIScope) string {
	return p.T("apitoken.scope." + strings.ReplaceAll(string(scope), ":", "."))
}

// tokenLine shows one token: what it may do, for which role, how long, and when it was used.
func (p *tokensPage) tokenLine(t identity.APIToken) tokenLine {
	line := tokenLine{ID: t.ID, Name: t.Name}
	role := ""
	for _, held := range p.Viewer.Roles {
		if held.ID == t.Authorisation {
			role = p.RoleName(held)
		}
	}
	switch {
	case !t.RevokedAt.IsZero():
		line.Status = p.Status("stop", "apitoken.revoked")
	case !t.Works(p.Server().Clock()):
		line.Status = p.Status("plain", "apitoken.over")
	case role == "":
		line.Status = p.Status("stop", "apitoken.role_over")
	default:
		line.Works, line.Status = true, p.Status("ok", "apitoken.works")
	}
	used := p.T("apitoken.never_used")
	if !t.UsedAt.IsZero() {
		used = p.DateTime(t.UsedAt)
	}
	scopes := make([]string, len(t.Scopes))
	for i, scope := range t.Scopes {
		scopes[i] = p.scopeText(scope)
	}
	kind := counter.TermOf(p.T("apitoken.kind"), p.T("apitoken.kind."+string(t.Kind))+", "+t.Prefix+"…")
	if t.Kind == flegt.TokenClient {
		kind = counter.TermOf(p.T("apitoken.client_id"), t.ID)
	}
	line.Terms = []counter.Term{kind, counter.TermOf(p.T("apitoken.may"), strings.Join(scopes, "; "))}
	if role != "" {
		line.Terms = append(line.Terms, counter.TermOf(p.T("apitoken.role"), role))
	}
	line.Terms = append(line.Terms, counter.TermOf(p.T("apitoken.until"), p.Date(t.ExpiresAt.Add(-time.Second))), counter.TermOf(p.T("apitoken.used"), used))
	return line
}

func (s pages) showTokens(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.tokensPage(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "account_tokens")
}

// makeToken makes a token and shows its secret, this once.
func (s pages) makeToken(w http.ResponseWriter, r *counter.Request) error {
	form := flegt.APIToken{Kind: flegt.APITokenKind(r.Posted("kind")), Name: r.Posted("name")}
	for _, scope := range r.PostForm["scopes"] {
		form.Scopes = append(form.Scopes, flegt.APIScope(scope))
	}
	last := flegt.ParseDate(r.Posted("expires"))
	if day, err := time.ParseInLocation(time.DateOnly, string(last), s.Location); err == nil {
		form.ExpiresAt = day.AddDate(0, 0, 1) // the last day counts
	}
	made, secret, refused := s.Accounts.NewAPIToken(r.Context(), r.Viewer.Actor, form)
	p, err := s.tokensPage(r)
	if err != nil {
		return err
	}
	if refused != nil {
		p.Form, p.Expires = form, string(last)
		p.offerScopes()
		return s.Again(w, p, "account_tokens", refused)
	}
	p.Secret = secret
	if made.Kind == flegt.TokenClient {
		p.ClientID = made.ID
	}
	return s.Show(w, p, "account_tokens")
}

func (s pages) revokeToken(w http.ResponseWriter, r *counter.Request) error {
	if err := s.Accounts.RevokeAPIToken(r.Context(), r.Viewer.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return s.Done(w, r, "/account/tokens", "apitoken.revoked.done")
}
