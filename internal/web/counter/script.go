package counter

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
)

// refusalAnswer tells a script of our pages why something was refused.
type refusalAnswer struct {
	// Sentence is for the person; empty when the session has ended.
	Sentence string `json:"sentence"`
	// Conflict says that somebody else changed it meanwhile. What a box cures, such as a
	// number that is lodged already, is none.
	Conflict bool `json:"conflict"`
}

// Scripted answers a script of one of our pages. Unlike SignedIn it keeps nothing of what a
// script sends without a session, and sends nobody to sign in: the page keeps what was typed
// and says so itself. What is refused is told in JSON.
func (s *Server) Scripted(do Handler) Handler {
	return func(w http.ResponseWriter, r *Request) error {
		if !r.Viewer.SignedIn {
			return Tell(w, http.StatusUnauthorized, refusalAnswer{})
		}
		err := do(w, r)
		if err == nil {
			return nil
		}
		refusal := RefusalOf(err)
		if refusal.Kind == flegt.Internal && !errors.Is(err, context.Canceled) {
			s.Logger.Error("request failed", "request", r.ID, "method", r.Method, "route", r.Pattern, "error", err)
		}
		a := refusalAnswer{Sentence: s.Catalog.SayError(r.Lang, refusal), Conflict: refusal.Kind == flegt.Conflict && len(refusal.Boxes) == 0}
		for _, b := range refusal.Boxes {
			a.Sentence = s.Catalog.SayBox(r.Lang, b)
			break
		}
		return Tell(w, statusOf(refusal.Kind), a)
	}
}

// Tell writes an answer for a script.
func Tell(w http.ResponseWriter, status int, answer any) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(answer)
}
