package web

import "net/http"

// answerHold is the competent authority's answer to customs, on its own desk.
func (s *Server) answerHold(w http.ResponseWriter, r *Request) error {
	lift := r.Posted("do") == "lift"
	_, err := s.Office.AnswerHold(r.Context(), r.Viewer.Actor, r.PathValue("id"), clean(r.Posted("answer")), lift)
	key := "clearance.hold.answered"
	if lift {
		key = "clearance.hold.lifted"
	}
	return s.decided(w, r, atBox(err, "reason", "answer"), key)
}
