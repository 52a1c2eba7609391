package counter

import (
	"io"
	"net/http"
)

// health answers as long as the program runs.
func (s *Server) health(w http.ResponseWriter, _ *Request) error { return sayPlain(w, 200, "ok\n") }

// ready answers when the database does.
func (s *Server) ready(w http.ResponseWriter, r *Request) error {
	if s.Ready != nil {
		if err := s.Ready(r.Context()); err != nil {
			s.Logger.Error("not ready", "error", err)
			return sayPlain(w, http.StatusServiceUnavailable, "the database does not answer\n")
		}
	}
	return sayPlain(w, 200, "ok\n")
}

func sayPlain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := io.WriteString(w, text)
	return err
}
