package web

import "net/http"

// Limits on what a visitor may send, in bytes.
const (
	formLimit   = 1 << 20  // a form's fields
	uploadLimit = 52 << 20 // a form with a scan of 50 MB
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

// routes is every page there is.
func (s *Server) routes() []route {
	return []route{
		// for everybody
		{pattern: "GET /{$}", do: s.showLanding},
		{pattern: "GET /accessibility", do: s.showText("accessibility")},
		{pattern: "GET /privacy", do: s.showText("privacy")},
		{pattern: "GET /contact", do: s.showContact},

		// for machines
		{pattern: "GET /healthz", do: s.health},
		{pattern: "GET /readyz", do: s.ready},
		{pattern: "GET /static/{hash}/{path...}", do: s.serveStatic},
		{pattern: "GET /favicon.ico", do: s.serveFavicon},
		{pattern: "GET /robots.txt", do: s.serveRobots},

		// everything else
		{pattern: "/", do: s.nowhere},
	}
}
