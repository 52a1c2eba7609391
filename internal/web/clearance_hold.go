package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
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

// atBox moves what is wrong to the box under which the page posts it.
func atBox(err error, from, to string) error {
	e, ok := asRefusal(err)
	if !ok {
		return err
	}
	moved := *e
	moved.Boxes = append([]flegt.BoxError(nil), e.Boxes...)
	for i := range moved.Boxes {
		if moved.Boxes[i].Box == from {
			moved.Boxes[i].Box = to
		}
	}
	return &moved
}

// StandingHold is the hold that stops the shipment; nil when there is none. For templates.
func (p *licencePage) StandingHold() *flegt.Hold {
	if h, held := p.Case.Licence.StandingHold(); held {
		return &h
	}
	return nil
}
