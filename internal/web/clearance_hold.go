package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// lineOfBox reads the line from a box's name: "found.2.MTQ" is 2.
func lineOfBox(box string) int {
	parts := strings.Split(box, ".")
	n, _ := strconv.Atoi(parts[min(1, len(parts)-1)])
	return n
}

func (s *Server) holdShipment(w http.ResponseWriter, r *Request) error {
	_, err := s.Office.Hold(r.Context(), r.Viewer.Actor, r.PathValue("id"), r.Posted("hold_office"), clean(r.Posted("reason")))
	return s.holdChanged(w, r, atBox(err, "office", "hold_office"), "clearance.hold.done")
}

func (s *Server) liftHold(w http.ResponseWriter, r *Request) error {
	_, err := s.Office.LiftHold(r.Context(), r.Viewer.Actor, r.PathValue("id"), clean(r.Posted("words")))
	return s.holdChanged(w, r, atBox(err, "reason", "words"), "clearance.hold.lifted")
}

func (s *Server) holdChanged(w http.ResponseWriter, r *Request, err error, key string) error {
	if err == nil {
		return s.done(w, r, "/customs/"+url.PathEscape(r.PathValue("id")), key)
	}
	p, failed := s.clearance(r)
	if failed != nil {
		return failed
	}
	return s.again(w, p, "clearance_case", err)
}
