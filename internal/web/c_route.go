package web

import "net/http"

// Limits on what a visitor may send, in bytes.
const (
	formLimit   = 1 << 20   // a form's fields
	uploadLimit = 256 << 20 // a form with scans, each of 50 MB at most; more is not even read to be refused
)

// route is one line of the list below: a pattern of net/http, what it does, and the
// most it takes (0 means formLimit).
type route struct {
	pattern string
	do      handler
	limit   int64
}

// handler answers one request. An error it returns is shown by serveError, so a handler
// reads as a straight line.
type handler func(w http.ResponseWriter, r *Request) error

// ownRoutes are what every counter has: what machines ask for, and the answer for every
// address that nothing else has.
func (s *Server) ownRoutes() []route {
	return []route{
		{pattern: "GET /healthz", do: s.health},
		{pattern: "GET /readyz", do: s.ready},
		{pattern: "GET /static/{hash}/{path...}", do: s.serveStatic},
		{pattern: "GET /favicon.ico", do: s.serveFavicon},
		{pattern: "GET /robots.txt", do: s.serveRobots},

		// everything else
		{pattern: "/", do: s.nowhere},
	}
}
