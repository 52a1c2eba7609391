package counter

import "net/http"

// Limits on what a visitor may send, in bytes.
const (
	FormLimit   = 1 << 20   // a form's fields
	UploadLimit = 256 << 20 // a form with scans, each of 50 MB at most; more is not even read to be refused
)

// Route is one line of a room's list of pages: a pattern of net/http, what it does, and the
// most that a visitor may send, in bytes (0 means FormLimit).
type Route struct {
	Pattern string
	Do      Handler
	Limit   int64
}

// Handler answers one request. An error it returns is shown by serveError, so a handler
// reads as a straight line.
type Handler func(w http.ResponseWriter, r *Request) error

// ownRoutes are what every counter has: what machines ask for, and the answer for every
// address that nothing else has.
func (s *Server) ownRoutes() []Route {
	return []Route{
		{Pattern: "GET /healthz", Do: s.health},
		{Pattern: "GET /readyz", Do: s.ready},
		{Pattern: "GET /static/{hash}/{path...}", Do: s.serveStatic},
		{Pattern: "GET /favicon.ico", Do: s.serveFavicon},
		{Pattern: "GET /robots.txt", Do: s.serveRobots},

		// everything else
		{Pattern: "/", Do: s.nowhere},
	}
}
