package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// accessGranted is the answer of RFC 6749 section 5.1.
type accessGranted struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"` // seconds
	Scope       string `json:"scope"`
}

// grantRefused is the answer of RFC 6749 section 5.2.
type grantRefused struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// grant gives a client an access token: the client credentials grant, RFC 6749 section 4.4.
func (s *Server) grant(w http.ResponseWriter, r *http.Request) {
	c := callOf(r.Context())
	w.Header().Set("Pragma", "no-cache")
	if err := r.ParseForm(); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		s.refuseGrant(w, c, http.StatusBadRequest, "invalid_request", "api.oauth.form")
		return
	}
	if r.PostForm.Get("grant_type") != "client_credentials" {
		s.refuseGrant(w, c, http.StatusBadRequest, "unsupported_grant_type", "api.oauth.grant_type")
		return
	}
	id, secret, ok := clientOf(r)
	if !ok {
		w.Header().Set("WWW-Authenticate", `Basic realm="OpenFLEGT"`)
		s.refuseGrant(w, c, http.StatusUnauthorized, "invalid_client", "api.bad_client")
		return
	}
	g, err := s.Accounts.GrantAccess(r.Context(), id, secret, r.PostForm.Get("scope"), network(r))
	switch flegt.KindOf(err) {
	case flegt.Internal:
		if err != nil {
			c.refuse(w, err)
			return
		}
	case flegt.Invalid:
		s.refuseGrant(w, c, http.StatusBadRequest, "invalid_scope", "api.bad_scope")
		return
	case flegt.Forbidden:
		w.Header().Set("WWW-Authenticate", `Basic realm="OpenFLEGT"`)
		s.refuseGrant(w, c, http.StatusUnauthorized, "invalid_client", "api.bad_client")
		return
	default:
		w.Header().Set("Retry-After", "60")
		c.refuse(w, err)
		return
	}
	writeJSON(w, http.StatusOK, accessGranted{g.Access, "Bearer", int(g.Lasts.Seconds()), g.Scopes})
}

// clientOf reads the client's id and secret: by HTTP Basic, both form-encoded first, or from
// the form. RFC 6749 section 2.3.1
func clientOf(r *http.Request) (id, secret string, ok bool) {
	if id, secret, ok := r.BasicAuth(); ok {
		plainID, err1 := url.QueryUnescape(id)
		plainSecret, err2 := url.QueryUnescape(secret)
		return plainID, plainSecret, err1 == nil && err2 == nil
	}
	id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	return id, secret, id != "" && secret != ""
}

func (s *Server) refuseGrant(w http.ResponseWriter, c *call, status int, code, key string) {
	writeJSON(w, status, grantRefused{code, c.say(key, nil)})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

// serverMetadata is what a client finds out by itself, RFC 8414.
type serverMetadata struct {
	Issuer        string           `json:"issuer"`
	TokenEndpoint string           `json:"token_endpoint"`
	AuthMethods   []string         `json:"token_endpoint_auth_methods_supported"`
	GrantTypes    []string         `json:"grant_types_supported"`
	ResponseTypes []string         `json:"response_types_supported"`
	Scopes        []flegt.APIScope `json:"scopes_supported"`
	Documentation string           `json:"service_documentation"`
	Languages     []string         `json:"ui_locales_supported"`
}

func (s *Server) metadata(w http.ResponseWriter, _ *http.Request) {
	m := serverMetadata{Issuer: s.BaseURL, TokenEndpoint: s.BaseURL + "/oauth/token", Scopes: flegt.APIScopes,
		AuthMethods: []string{"client_secret_basic", "client_secret_post"}, GrantTypes: []string{"client_credentials"},
		ResponseTypes: []string{}, Documentation: s.BaseURL + Prefix + "/docs"}
	for _, l := range s.Catalog.Langs() {
		m.Languages = append(m.Languages, string(l))
	}
	writeJSON(w, http.StatusOK, m)
}
