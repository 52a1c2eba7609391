package authority

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/web/counter"
)

// answerHold is the competent authority's answer to customs, on its own desk.
func (s pages) answerHold(w http.ResponseWriter, r *counter.Request) error {
	lift := r.Posted("do") == "lift"
	_, err := s.Office.AnswerHold(r.Context(), r.Viewer.Actor, r.PathValue("id"), counter.Clean(r.Posted("answer")), lift)
	key := "clearance.hold.answered"
	if lift {
		key = "clearance.hold.lifted"
	}
	return s.decided(w, r, counter.AtBox(err, "reason", "answer"), key)
}
