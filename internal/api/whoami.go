package api

import (
	"context"
	"net/http"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Whoami is who acts, and within which limits.
type Whoami struct {
	Name          string           `json:"name" doc:"The person in whose name the token acts."`
	Role          flegt.Role       `json:"role" doc:"The role in which it acts."`
	Body          string           `json:"body" doc:"For which body: the operator's id, or the authority's such as CUSTOMS-DK."`
	BodyName      string           `json:"body_name" doc:"The body's name."`
	Country       string           `json:"country" doc:"The body's country, ISO 3166-1 alpha-2; empty for bodies of the Union."`
	Authorisation string           `json:"authorisation" doc:"The authorisation's id. When it ends, so does the token."`
	Scopes        []flegt.APIScope `json:"scopes" doc:"What the token may do at most."`
	ExpiresAt     time.Time        `json:"expires_at" doc:"First moment at which the token is of no use."`
}

type whoamiOutput struct{ Body Whoami }

func (s *Server) whoamiOperations() {
	register(s, about{id: "whoami", method: http.MethodGet, path: "/whoami", tag: "Access", summary: "Who am I?",
		text: "Says in whose name and role the token acts, and within which scopes."}, s.whoami)
}

func (s *Server) whoami(ctx context.Context, c *call, _ *struct{}) (*whoamiOutput, error) {
	a := c.actor()
	roles, err := s.Office.Roles(ctx, a.Account)
	if err != nil {
		return nil, err
	}
	name := a.Body
	for _, r := range roles {
		if r.Authorisation == a.Authorisation && r.BodyName != "" {
			name = r.BodyName
		}
	}
	name = bodyName(s.Catalog, c.lang, s.Office.Reference().CountryName, name)
	return &whoamiOutput{Whoami{a.Name(), a.Role, a.Body, name, a.Country, a.Authorisation, c.pass.Scopes, c.pass.Ends.UTC()}}, nil
}
