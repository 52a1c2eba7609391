package flegt

import (
	"strings"
	"time"
)

// Hold is customs' stop on a shipment with a question to the competent authority. While one
// stands nothing of the shipment can be released; it can still be booked.
type Hold struct {
	Reason     string // customs' question, in words
	Office     string // customs office reference number
	By         string // account
	At         time.Time
	Answer     string `json:",omitempty"` // the authority's, in words
	AnsweredBy string `json:",omitempty"`
	AnsweredAt time.Time
	LiftedBy   string `json:",omitempty"` // of either side
	LiftedAt   time.Time
	LiftWords  string `json:",omitempty"` // customs' own reason for lifting it
}

// Standing says whether the hold still stops the shipment.
func (h Hold) Standing() bool { return h.LiftedAt.IsZero() }

// CheckOutcome is what a physical check found.
type CheckOutcome string

// The outcomes.
const (
	CheckConform    CheckOutcome = "conform"
	CheckNotConform CheckOutcome = "not_conform" // nothing is released under this MRN until a later check says otherwise
	CheckQuantities CheckOutcome = "quantities"  // conform, but other quantities: they stand in Found
)

// CheckOutcomes lists them in the order in which pages offer them.
var CheckOutcomes = []CheckOutcome{CheckConform, CheckQuantities, CheckNotConform}

// PhysicalCheck is customs' look at the goods of a declaration.
type PhysicalCheck struct {
	MRN     string
	Office  string
	Outcome CheckOutcome
	Found   []Item `json:",omitempty"` // quantities found, in the units of the licence
	Remarks string `json:",omitempty"`
	Date    Date   // of the check
	By      string // account of the officer
	At      time.Time
}

// StandingHold gives the hold that stops the shipment now.
func (l Licence) StandingHold() (Hold, bool) {
	if n := len(l.Holds); n > 0 && l.Holds[n-1].Standing() {
		return l.Holds[n-1], true
	}
	return Hold{}, false
}

// stopped says why goods of a declaration cannot be released though they are booked.
func (l Licence) stopped(mrn string) error {
	if _, held := l.StandingHold(); held {
		return refuseCode(OutcomeNotReported, "clearance.held", Args{"Number": l.Form.Number})
	}
	for i := len(l.PhysicalChecks) - 1; i >= 0; i-- {
		if c := l.PhysicalChecks[i]; c.MRN == mrn {
			if c.Outcome == CheckNotConform {
				return refuseCode(OutcomeNotReported, "clearance.check_failed", Args{"MRN": mrn, "Date": c.Date})
			}
			return nil
		}
	}
	return nil
}

// HoldShipment stops the shipment and asks the authority.
func (l *Licence) HoldShipment(by Actor, now time.Time, office, reason string) (Event, error) {
	if _, held := l.StandingHold(); held {
		return Event{}, Refuse(Conflict, "clearance.held_already", Args{"Number": l.Form.Number})
	}
	reason, err := reasonGiven(reason)
	if err != nil {
		return Event{}, err
	}
	l.Holds = append(l.Holds[:len(l.Holds):len(l.Holds)], Hold{Reason: reason, Office: office, By: by.Account, At: now.UTC()})
	l.UpdatedAt = now.UTC()
	return l.event(by, now, "held").With("office", office), nil
}

// AnswerHold is the authority's answer to customs. With lift the hold ends; else it stays
// until the authority answers again or customs lifts it.
func (l *Licence) AnswerHold(by Actor, now time.Time, words string, lift bool) (Event, error) {
	h, err := l.openHold()
	if err != nil {
		return Event{}, err
	}
	if words, err = reasonGiven(words); err != nil {
		return Event{}, err
	}
	h.Answer, h.AnsweredBy, h.AnsweredAt = words, by.Account, now.UTC()
	verb := "hold_answered"
	if lift {
		h.LiftedBy, h.LiftedAt, verb = by.Account, now.UTC(), "hold_lifted"
	}
	l.UpdatedAt = now.UTC()
	return l.event(by, now, verb).With("office", h.Office), nil
}

// LiftHold ends customs' own hold, with a reason in words.
func (l *Licence) LiftHold(by Actor, now time.Time, words string) (Event, error) {
	h, err := l.openHold()
	if err != nil {
		return Event{}, err
	}
	if words, err = reasonGiven(words); err != nil {
		return Event{}, err
	}
	h.LiftWords, h.LiftedBy, h.LiftedAt = words, by.Account, now.UTC()
	l.UpdatedAt = now.UTC()
	return l.event(by, now, "hold_lifted").With("office", h.Office), nil
}

// openHold gives the standing hold, in a copy of the list that may be changed.
func (l *Licence) openHold() (*Hold, error) {
	if _, held := l.StandingHold(); !held {
		return nil, Refuse(Conflict, "clearance.not_held", Args{"Number": l.Form.Number})
	}
	l.Holds = append([]Hold(nil), l.Holds...)
	return &l.Holds[len(l.Holds)-1], nil
}

// maxChecks is how many physical checks one licence may have.
const maxChecks = 100

// RecordCheck writes down what a physical check found. Found is needed for the outcome
// "quantities", in units of the licence's lines, each once, and for no other.
func (l *Licence) RecordCheck(by Actor, now time.Time, c PhysicalCheck) (Event, error) {
	c.Remarks = strings.TrimSpace(c.Remarks)
	if boxes := l.goodCheck(c, now); len(boxes) > 0 {
		return Event{}, InvalidBoxes(boxes)
	}
	if len(l.PhysicalChecks) >= maxChecks {
		return Event{}, Refuse(TooLarge, "clearance.too_many_checks", Args{"Max": maxChecks})
	}
	c.By, c.At = by.Account, now.UTC()
	l.PhysicalChecks = append(l.PhysicalChecks[:len(l.PhysicalChecks):len(l.PhysicalChecks)], c)
	l.UpdatedAt = now.UTC()
	return l.event(by, now, "checked").With("mrn", c.MRN).With("office", c.Office).With("outcome", string(c.Outcome)), nil
}

func (l Licence) goodCheck(c PhysicalCheck, now time.Time) (boxes []BoxError) {
	known := false
	for _, o := range CheckOutcomes {
		known = known || c.Outcome == o
	}
	if !known {
		boxes = append(boxes, BoxError{Box: "outcome", Key: "error.choose"})
	}
	if c.Outcome == CheckNotConform && c.Remarks == "" {
		boxes = append(boxes, BoxError{Box: "remarks", Key: "error.reason_required"})
	}
	if tooLong(c.Remarks, 2000) {
		boxes = append(boxes, BoxError{Box: "remarks", Key: "error.too_long", Args: Args{"Max": 2000}})
	}
	switch {
	case !c.Date.Valid():
		boxes = append(boxes, BoxError{Box: "date", Key: "check.date_form", Args: Args{"Found": string(c.Date)}})
	case c.Date > DateOf(now.AddDate(0, 0, 1)):
		boxes = append(boxes, BoxError{Box: "date", Key: "clearance.check_future"})
	}
	if (c.Outcome == CheckQuantities) != (len(c.Found) > 0) {
		boxes = append(boxes, BoxError{Box: "found", Key: "clearance.check_found"})
	}
	g := Ledger{Licence: l}
	type counted struct {
		line int
		unit Unit
	}
	found := map[counted]bool{}
	for _, it := range c.Found {
		at := counted{it.Line, it.Unit}
		if found[at] {
			return append(boxes, BoxError{Box: "found", Key: "clearance.check_twice", Args: Args{"Line": it.Line, "Unit": it.Unit}})
		}
		found[at] = true
		line, ok := g.line(it.Line)
		if _, stated := line.Granted(it.Unit); !ok || !stated || it.Quantity < 0 {
			boxes = append(boxes, BoxError{Box: "found", Key: "clearance.unit_differs", Args: Args{"Line": it.Line, "Unit": it.Unit}})
		} else if !it.Quantity.Whole(it.Unit) {
			boxes = append(boxes, BoxError{Box: "found", Key: "clearance.pieces_whole", Args: Args{"Line": it.Line, "Unit": it.Unit, "Asked": it.Quantity}})
		}
	}
	return boxes
}
