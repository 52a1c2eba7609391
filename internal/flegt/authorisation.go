package flegt

import (
	"strings"
	"time"
)

// Capacity says whether an operator's user imports for himself or for others. In the system
// an agent appears as an importer (the letter, L3).
type Capacity string

// The capacities.
const (
	Importer Capacity = "importer"
	Agent    Capacity = "agent"
)

// AuthorisationStatus is where a role that was asked for stands.
type AuthorisationStatus string

// The statuses of the letter (L6), and the end.
const (
	Requested AuthorisationStatus = "requested"
	Approved  AuthorisationStatus = "approved"
	Denied    AuthorisationStatus = "rejected"
	Recalled  AuthorisationStatus = "withdrawn"
	Ended     AuthorisationStatus = "ended"
)

// AuthorisationStatuses lists them in the order of a request's life.
var AuthorisationStatuses = []AuthorisationStatus{Requested, Approved, Denied, Recalled, Ended}

// Authorisation is a role asked for, held or ended: one login, one role, one body.
type Authorisation struct {
	ID          string
	Account     string
	Role        Role
	Body        string
	Country     string // of the body
	Capacity    Capacity
	Phone       string
	Note        string
	Status      AuthorisationStatus
	RequestedAt time.Time
	DecidedAt   time.Time
	DecidedBy   string // account; empty when a mail that broke a rule decided it
	Reason      string // of a rejection or an end, in words
	Override    string // written reason of an approval without a mail that keeps the rules
	MailKept    bool   // a mail that keeps all five rules is attached
	EndedAt     time.Time
	Version     int
	Offices     []string `json:",omitempty"` // customs offices asked for by an officer of customs; none means the whole country
}

// MaxOffices is how many customs offices one role may name.
const MaxOffices = 50

// CheckOffices reads the customs offices of a role: reference numbers of the country, apart
// from each other by spaces, commas or lines. The error names the box "offices".
func CheckOffices(text, country string) ([]string, error) {
	var out []string
	var boxes []BoxError
	for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		office, err := CheckCustomsOffice(f)
		if e, ok := err.(*Error); ok {
			boxes = append(boxes, BoxError{Box: "offices", Key: e.Key, Args: e.Args})
		} else if office[:2] != country {
			boxes = append(boxes, BoxError{Box: "offices", Key: "clearance.office_country", Args: Args{"Country": country}})
		} else if !contains(out, office) {
			out = append(out, office)
		}
	}
	if len(out) > MaxOffices {
		boxes = append(boxes, BoxError{Box: "offices", Key: "authorisation.too_many_offices", Args: Args{"Max": MaxOffices}})
	}
	if len(boxes) > 1 {
		boxes = boxes[:1]
	}
	return out, InvalidBoxes(boxes)
}

// Active says whether the role can be acted in.
func (a Authorisation) Active() bool { return a.Status == Approved }

// Approve lets the login act. Without a mail that keeps the five rules it needs a written
// reason (the letter, L7).
func (a *Authorisation) Approve(by Actor, now time.Time, override string) (Event, error) {
	if err := a.pending(); err != nil {
		return Event{}, err
	}
	override = strings.TrimSpace(override)
	if !a.MailKept && override == "" {
		return Event{}, &Error{Kind: Invalid, Key: "authorisation.approve.no_mail", Boxes: []BoxError{{Box: "override", Key: "authorisation.approve.override_needed"}}}
	}
	if a.MailKept {
		override = ""
	}
	if tooLong(override, 1000) {
		return Event{}, InvalidBoxes([]BoxError{{Box: "override", Key: "error.too_long", Args: Args{"Max": 1000}}})
	}
	a.Status, a.DecidedAt, a.DecidedBy, a.Override = Approved, now.UTC(), by.Account, override
	return a.event(by, now, "approved").With("override", override != ""), nil
}

// Reject refuses the request with a reason in words.
func (a *Authorisation) Reject(by Actor, now time.Time, reason string) (Event, error) {
	if err := a.pending(); err != nil {
		return Event{}, err
	}
	reason, err := reasonGiven(reason)
	if err != nil {
		return Event{}, err
	}
	a.Status, a.DecidedAt, a.DecidedBy, a.Reason = Denied, now.UTC(), by.Account, reason
	return a.event(by, now, "rejected"), nil
}

// RejectByMail refuses the request because a mail broke at least one of the five rules.
func (a *Authorisation) RejectByMail(now time.Time, mailID string, broken []int) (Event, error) {
	if err := a.pending(); err != nil {
		return Event{}, err
	}
	a.Status, a.DecidedAt, a.DecidedBy = Denied, now.UTC(), ""
	return a.event(TheSystem(), now, "rejected").With("mail", mailID).With("broken_rules", broken), nil
}

// AttachMail notes that a mail which keeps the five rules has come; the request waits on.
func (a *Authorisation) AttachMail(now time.Time, mailID string) (Event, error) {
	if err := a.pending(); err != nil {
		return Event{}, err
	}
	a.MailKept = true
	return a.event(TheSystem(), now, "mail_kept").With("mail", mailID), nil
}

// Withdraw takes the request back, by the applicant.
func (a *Authorisation) Withdraw(by Actor, now time.Time) (Event, error) {
	if err := a.pending(); err != nil {
		return Event{}, err
	}
	a.Status, a.DecidedAt, a.DecidedBy = Recalled, now.UTC(), by.Account
	return a.event(by, now, "withdrawn"), nil
}

// End ends a role that is held, with a reason.
func (a *Authorisation) End(by Actor, now time.Time, reason string) (Event, error) {
	if a.Status != Approved {
		return Event{}, Refuse(Refused, "authorisation.not_held", nil)
	}
	reason, err := reasonGiven(reason)
	if err != nil {
		return Event{}, err
	}
	a.Status, a.EndedAt, a.Reason = Ended, now.UTC(), reason
	return a.event(by, now, "ended"), nil
}

func (a *Authorisation) pending() error {
	if a.Status != Requested {
		return Refuse(Conflict, "authorisation.not_pending", Args{"Status": string(a.Status)})
	}
	return nil
}

func (a *Authorisation) event(by Actor, now time.Time, verb string) Event {
	e := NewEvent(by, now, NounAuthorisation, a.ID, verb)
	e.Country = a.Country
	if a.Role == RoleOperator {
		e.Operator = a.Body
	}
	return e.With("account", a.Account).With("role", string(a.Role)).With("body", a.Body)
}

// Created gives the event of a new request.
func (a *Authorisation) Created(by Actor) Event { return a.event(by, a.RequestedAt, "requested") }

func reasonGiven(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return "", InvalidBoxes([]BoxError{{Box: "reason", Key: "error.reason_required"}})
	}
	if tooLong(reason, 2000) {
		return "", InvalidBoxes([]BoxError{{Box: "reason", Key: "error.too_long", Args: Args{"Max": 2000}}})
	}
	return reason, nil
}

func tooLong(s string, max int) bool { return len([]rune(s)) > max }
