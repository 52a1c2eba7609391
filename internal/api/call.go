package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"path"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/wording"
)

// Limits on what a program may send, in bytes.
const (
	bodyLimit   = 1 << 20
	uploadLimit = flegt.MaxScan + 1<<10 // refused by the office with its own sentence
	keyLimit    = 255
)

// call is one request: in which language it is answered, and who asks.
type call struct {
	server  *Server
	answer  answer
	values  [3][1]string // of headers, see single
	id      string       // under which it stands in the log
	lang    wording.Lang
	pass    identity.Pass
	token   string // as it came; never logged
	request *http.Request
	headers http.Header // of the answer
	route   string
	carry   http.HandlerFunc // what carries the operation out
	start   time.Time
	once    *registry.Once // of a write with a key
	ready   *readyAnswer   // to it, when it is kept with the change
}

// single gives a header's one value room in the call.
func (c *call) single(i int, value string) []string {
	c.values[i][0] = value
	return c.values[i][:]
}

type callKey struct{}

// callOf finds the call of a context that ServeHTTP made.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// actor is who acts.
func (c *call) actor() flegt.Actor { return c.pass.Actor }

// everyAnswer are the headers that each answer has, by their canonical names. Whoever wants
// another value sets one, and does not change these.
var everyAnswer = [...]struct {
	name  string
	value []string
}{
	{"Cache-Control", []string{"no-store"}}, // so that nobody need be told what it varies by
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Content-Security-Policy", []string{"default-src 'none'; frame-ancestors 'none'"}},
}

// ServeHTTP does what holds for every request, and hands it to its operation.
func (s *Server) ServeHTTP(plain http.ResponseWriter, r *http.Request) {
	c := &call{server: s, answer: answer{ResponseWriter: plain}, id: s.NewID(), lang: s.Catalog.Match(r.Header.Get("Accept-Language")), start: s.Clock()}
	w, h := &c.answer, plain.Header()
	c.headers = h
	h["X-Request-Id"] = c.single(0, c.id)
	for i := range everyAnswer {
		h[everyAnswer[i].name] = everyAnswer[i].value
	}
	h["Content-Language"] = c.single(1, string(c.lang))
	if strings.HasPrefix(s.BaseURL, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.request = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	defer s.log(w, c)
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			panic(p)
		} else if p != nil {
			s.Logger.Error("panic", "request", c.id, "route", c.route, "panic", p, "stack", string(debug.Stack()))
			c.refuse(w, errors.New("panic"))
		}
	}()
	if err := s.answer(w, c); err != nil {
		c.refuse(w, err)
	}
}

// answer lets the mux find the operation; an address that is not in its plain form is none.
func (s *Server) answer(w *answer, c *call) error {
	r := c.request
	if r.Method == http.MethodOptions {
		return s.options(w, r)
	}
	if escaped := r.URL.EscapedPath(); path.Clean(escaped) != escaped && escaped != Prefix+"/" {
		return refuse(kindNotFound, nil)
	}
	if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) || strings.Contains(r.URL.RawQuery, "%00") || strings.ContainsRune(r.URL.RawQuery, 0) {
		return refuse(kindUnreadable, nil)
	}
	if r.URL.RawQuery != "" && !validQuery(r.URL.Query()) {
		return refuse(kindUnreadable, nil)
	}
	s.mux.ServeHTTP(w, r)
	return nil
}

// found is the mux in whose hands huma and others put what carries operations out. What holds
// for every request comes before it: the mux has found the operation then, and looks once.
type found struct {
	*http.ServeMux
	server *Server
}

// HandleFunc implements humago.Mux.
func (m found) HandleFunc(pattern string, carry func(http.ResponseWriter, *http.Request)) {
	m.ServeMux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		c.request, c.route, c.carry = r, pattern, carry
		if err := m.server.operate(w.(*answer), c, m.server.operations[pattern]); err != nil {
			c.refuse(w, err)
		}
	})
}

// operate finds who asks, and lets the operation run.
func (s *Server) operate(w *answer, c *call, op operation) error {
	if err := s.admit(w, c, op); err != nil {
		return err
	}
	if !op.public {
		if !c.pass.May(op.scope) {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="OpenFLEGT", error="insufficient_scope", scope=%q`, op.scope))
			return refuse(kindScope, flegt.Args{"Scope": string(op.scope)})
		}
	}
	if err := readBody(w, c.request, op); err != nil {
		return err
	}
	if writes(c.request.Method) && !op.public {
		return s.write(w, c, op)
	}
	if op.cached {
		return s.tagged(w, c)
	}
	c.carry(w, c.request)
	return nil
}

// nothing answers where there is no operation.
func (s *Server) nothing(w http.ResponseWriter, r *http.Request) {
	problem := kindNotFound
	args := flegt.Args(nil)
	if allowed := s.allowed(r); len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		problem, args = kindMethod, flegt.Args{"Allowed": strings.Join(allowed, ", ")}
	}
	callOf(r.Context()).refuse(w, refuse(problem, args))
}

func writes(method string) bool {
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return true
	}
	return false
}

func validQuery(query map[string][]string) bool {
	for name, values := range query {
		for _, text := range append(values, name) {
			if !utf8.ValidString(text) {
				return false
			}
		}
	}
	return true
}

// allowed lists the methods that an address has.
func (s *Server) allowed(r *http.Request) []string {
	var out []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); s.known(pattern) {
			out = append(out, method)
		}
	}
	return out
}

func (s *Server) known(pattern string) bool {
	_, ok := s.operations[pattern]
	return ok
}

// options says which methods an address has. Other sites' scripts get no leave here: there
// are no CORS headers.
func (s *Server) options(w http.ResponseWriter, r *http.Request) error {
	allowed := s.allowed(r)
	if len(allowed) == 0 {
		return refuse(kindNotFound, nil)
	}
	w.Header().Set("Allow", strings.Join(append(allowed, http.MethodOptions), ", "))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// admit finds who asks and counts the request. A token that does not work is counted by
// address, like a request without one.
func (s *Server) admit(w http.ResponseWriter, c *call, op operation) error {
	if op.public {
		return s.passersby.count(w, "address", network(c.request))
	}
	token, ok := bearer(c.request)
	if !ok {
		if err := s.passersby.count(w, "address", network(c.request)); err != nil {
			return err
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="OpenFLEGT"`)
		return refuse(kindToken, nil)
	}
	pass, err := s.Accounts.Bearer(c.request.Context(), token)
	if flegt.KindOf(err) == flegt.Forbidden {
		if err := s.passersby.count(w, "address", network(c.request)); err != nil {
			return err
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="OpenFLEGT", error="invalid_token"`)
		return refuse(kindBadToken, nil)
	}
	if err != nil {
		return err
	}
	c.pass, c.token = pass, token
	return s.callers.count(w, "credential", pass.Token)
}

// bearer reads the token of a request, RFC 6750 section 2.1. It is taken from this header
// alone: an address stands in logs, and a cookie is sent by other sites' pages too.
func bearer(r *http.Request) (string, bool) {
	scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), found && strings.EqualFold(scheme, "Bearer")
}

// network is where a request comes from. Behind a web server on the same machine it is the
// address that server saw.
func network(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return flegt.Network(r.RemoteAddr)
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(all[len(all)-1]); last != "" {
			return flegt.Network(last)
		}
	}
	return flegt.Network(r.RemoteAddr)
}

// readBody reads a body within its limit before anything is done with it. A file is left to
// its operation, within the limit of files.
func readBody(w http.ResponseWriter, r *http.Request, op operation) error {
	if op.upload {
		r.Body = http.MaxBytesReader(w, r.Body, op.limit)
		return nil
	}
	if r.Body == http.NoBody {
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return refuse(kindTooLarge, flegt.Args{"Max": bodyLimit})
		}
		return refuse(kindUnreadable, nil)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) == 0 || op.public {
		return nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return refuse(kindMediaType, flegt.Args{"Wanted": "application/json"})
	}
	if !utf8.Valid(body) || bytes.Contains(body, []byte(`\u0000`)) {
		return refuse(kindUnreadable, nil)
	}
	return nil
}

// log writes one line for a request. The route stands for the path; a token, what follows
// the question mark and a body are never written.
func (s *Server) log(w *answer, c *call) {
	h, ctx := s.Logger.Handler(), c.request.Context()
	if !h.Enabled(ctx, slog.LevelInfo) {
		return
	}
	now := s.Clock()
	line := slog.NewRecord(now, slog.LevelInfo, "request", 0) // where in the program it was written says nothing
	line.AddAttrs(slog.String("request", c.id), slog.String("method", c.request.Method),
		slog.String("route", strings.TrimPrefix(c.route, c.request.Method+" ")), slog.Int("status", w.status), slog.Int64("bytes", w.bytes),
		slog.Int64("ms", now.Sub(c.start).Milliseconds()), slog.String("token", c.pass.Token))
	_ = h.Handle(ctx, line)
}

// answer remembers what was answered. It does not let the connection's deadlines be set.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (w *answer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements io.Writer.
func (w *answer) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}
