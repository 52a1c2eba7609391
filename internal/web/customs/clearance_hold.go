package customs

import (
	"net/http"
	"net/url"

	"github.com/openflegt/openflegt/internal/web/counter"
)

func (s pages) holdShipment(w http.ResponseWriter, r *counter.Request) error {
	_, err := s.Office.Hold(r.Context(), r.Viewer.Actor, r.PathValue("id"), r.Posted("hold_office"), counter.Clean(r.Posted("reason")))
	return s.holdChanged(w, r, counter.AtBox(err, "office", "hold_office"), "clearance.hold.done")
}

func (s pages) liftHold(w http.ResponseWriter, r *counter.Request) error {
	_, err := s.Office.LiftHold(r.Context(), r.Viewer.Actor, r.PathValue("id"), counter.Clean(r.Posted("words")))
	return s.holdChanged(w, r, counter.AtBox(err, "reason", "words"), "clearance.hold.lifted")
}

func (s pages) holdChanged(w http.ResponseWriter, r *counter.Request, err error, key string) error {
	if err == nil {
		return s.Done(w, r, "/customs/"+url.PathEscape(r.PathValue("id")), key)
	}
	p, failed := s.clearance(r)
	if failed != nil {
		return failed
	}
	return s.Again(w, p, "", err)
}
