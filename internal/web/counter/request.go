package counter

import (
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/wording"
)

// Request is one visit: what was asked, who asks, and in which language the answer is
// written.
type Request struct {
	*http.Request
	// ID is the number under which this request stands in the log.
	ID string
	// Lang is the language of the answer.
	Lang wording.Lang
	// Viewer is who asks; the zero Viewer has not signed in.
	Viewer Viewer
}

// Posted gives a posted field without the spaces around it. A body that is too large or
// broken gives "": check with ParseForm first where that matters.
func (r *Request) Posted(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }

// Query gives a field of the address without the spaces around it.
func (r *Request) Query(name string) string { return strings.TrimSpace(r.URL.Query().Get(name)) }

// serve makes a handler of net/http: it limits the body, finds out who asks and in what
// language, catches panics, shows errors and writes one line to the log.
func (s *Server) serve(rt Route) http.Handler {
	limit := rt.Limit
	if limit == 0 {
		limit = FormLimit
	}
	return http.HandlerFunc(func(plain http.ResponseWriter, hr *http.Request) {
		start := s.Clock()
		w := &watched{ResponseWriter: plain}
		r := &Request{Request: hr, ID: s.NewID(), Lang: wording.English}
		defer s.log(w, r, start)
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				s.Logger.Error("panic", "request", r.ID, "route", hr.Pattern, "panic", p, "stack", string(debug.Stack()))
				s.serveError(w, r, errPanic)
			} else if p != nil {
				panic(p)
			}
		}()
		hr.Body = http.MaxBytesReader(w, hr.Body, limit)
		if s.Who != nil && !isAsset(hr.URL) {
			viewer, err := s.Who(hr)
			if err != nil {
				r.Lang = s.chooseLang(w, r)
				s.serveError(w, r, err)
				return
			}
			r.Viewer = viewer
		}
		r.Lang = s.chooseLang(w, r)
		if rt.Limit == 0 && hr.Method == http.MethodPost {
			if err := hr.ParseForm(); err != nil {
				s.serveError(w, r, BadBody(err))
				return
			}
		}
		if err := rt.Do(w, r); err != nil {
			s.serveError(w, r, err)
		}
	})
}

// isAsset says that an address is asked for by machines: who asks does not matter, and
// a database that is down must not keep the style sheet back.
func isAsset(u *url.URL) bool {
	switch u.Path {
	case "/healthz", "/readyz", "/favicon.ico", "/robots.txt":
		return true
	}
	return strings.HasPrefix(u.Path, "/static/")
}

// SignedIn lets only people through who have signed in; others are sent to sign in and
// come back afterwards.
func (s *Server) SignedIn(do Handler) Handler {
	return func(w http.ResponseWriter, r *Request) error {
		if r.Viewer.SignedIn {
			s.forgetForm(r)
			return do(w, r)
		}
		to := "/sign-in"
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			to += "?next=" + url.QueryEscape(r.URL.RequestURI())
		} else if s.Accounts != nil {
			if err := s.keepForm(r); err != nil {
				return err
			}
		}
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return nil
	}
}

// LocalPath gives an address on this very site to go to next, or the other one when
// what was asked for leads elsewhere: nobody may be sent away by a link to us.
func LocalPath(next, otherwise string) string {
	u, err := url.Parse(next)
	ok := err == nil && u.Scheme == "" && u.Host == "" && u.User == nil &&
		strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") && !strings.ContainsAny(next, "\\\r\n\t")
	if !ok {
		return otherwise
	}
	return next
}

// log writes one line for a request. The route stands for the path, because a path may
// hold a token from a mail; what follows the question mark is never written.
func (s *Server) log(w *watched, r *Request, start time.Time) {
	if strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
		return
	}
	s.Logger.Info("request", "request", r.ID, "method", r.Method, "route", strings.TrimPrefix(r.Pattern, r.Method+" "),
		"status", w.code(), "bytes", w.bytes, "ms", s.Clock().Sub(start).Milliseconds())
}

// watched remembers what was answered.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watched) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
