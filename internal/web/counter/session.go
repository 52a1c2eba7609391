package counter

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// whoVisits finds out from the session who is asking, and in which role.
func (s *Server) whoVisits(r *http.Request) (Viewer, error) {
	visit, ok, err := s.Accounts.Visit(r.Context())
	if err != nil || !ok {
		return Viewer{}, err
	}
	v, err := s.Office.Visitor(r.Context(), visit.Account.ID)
	return ViewerOf(v.Person, v.Roles, visit.Acting, v.Unread), err
}

// sessions puts the visitor's session around everything but what machines ask for.
func (s *Server) sessions(next http.Handler) http.Handler {
	if s.Accounts == nil {
		return next
	}
	within := s.Accounts.Sessions(next, func(w http.ResponseWriter, hr *http.Request, err error) {
		r := &Request{Request: hr, ID: s.NewID(), Lang: wording.English}
		s.serveError(&watched{ResponseWriter: w}, r, err)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAsset(r.URL) {
			next.ServeHTTP(w, r)
			return
		}
		within.ServeHTTP(w, r)
	})
}

// Network is where a visit comes from, for counting tries. Behind a web server on the same
// machine it is the address that server saw.
func Network(r *Request) string {
	remote := r.RemoteAddr
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return flegt.Network(remote)
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(all[len(all)-1]); last != "" {
			return flegt.Network(last)
		}
	}
	return flegt.Network(remote)
}
