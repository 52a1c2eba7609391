package web

import (
	"slices"
	"sync"

	"github.com/openflegt/openflegt/internal/web/account"
	"github.com/openflegt/openflegt/internal/web/authority"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/web/customs"
	"github.com/openflegt/openflegt/internal/web/operator"
	"github.com/openflegt/openflegt/internal/web/support"
)

// pages are the pages of this room: those for everybody.
type pages struct {
	*counter.Server
	description func() (*openAPI, error) // of the interface for programs; nil when there is none
}

// Routes is every page there is, room by room.
func Routes(c *counter.Server) []counter.Route {
	s := pages{Server: c, description: sync.OnceValues(func() (*openAPI, error) { return readDescription(c.Interface) })}
	return slices.Concat(s.openRoutes(), s.demoRoutes(),
		account.Routes(c), operator.Routes(c), authority.Routes(c), customs.Routes(c), support.Routes(c))
}

// openRoutes are the pages for everybody.
func (s pages) openRoutes() []counter.Route {
	routes := []counter.Route{
		{Pattern: "GET /{$}", Do: s.showLanding},
		{Pattern: "GET /accessibility", Do: s.ShowText("accessibility")},
		{Pattern: "GET /privacy", Do: s.ShowText("privacy")},
		{Pattern: "GET /contact", Do: s.showContact},
		{Pattern: "GET /user-guide", Do: s.showGuide},
		{Pattern: "GET /certificate/flegt/user-guide", Do: s.showGuide},

		// the interface for programs
		{Pattern: "GET /api/v1/docs", Do: s.showAPIDocs},
		{Pattern: "GET /api/v1/docs/{group}", Do: s.showAPIGroup},
		{Pattern: "GET /api/problems/{kind}", Do: s.showProblem},
	}
	if s.Accounts != nil { // who tries too often has to wait
		routes = append(routes, counter.Route{Pattern: "GET /check", Do: s.showPaperCheck})
	}
	return routes
}
