package flegt

import (
	"strconv"
	"strings"
	"time"
)

// Mark is what the issuing country reports of its licence: replaced, cancelled or lost. It
// is not a state: what was accepted stays on record, but a marked licence cannot be booked.
type Mark struct {
	Verb         Verb // VerbReplace, VerbCancel or VerbReportLost
	From         Date // the day on which it was replaced, cancelled or lost
	Reason       string
	Successors   []string `json:",omitempty"` // numbers of the licences that stand in its place
	By           string   // account
	Role         Role
	At           time.Time
	Confirmation Proof
}

// Proof is the issuing authority's confirmation as it lies on file.
type Proof struct {
	Reference string      `json:",omitempty"` // number, day or subject of the letter
	File      *Attachment `json:",omitempty"`
}

// Confirmation is an extension of validity or a correction on the paper with the issuing
// authority's confirmation. Without one neither counts.
type Confirmation struct {
	Verb         Verb   // VerbExtend or VerbCorrectOnPaper
	Until        Date   `json:",omitempty"` // new last day, of an extension
	Field        string `json:",omitempty"` // the corrected box, of a correction
	Words        string `json:",omitempty"` // what was corrected
	By           string // account
	Role         Role
	At           time.Time
	Confirmation Proof
}

// Limits are the dated facts that bound the validity of a country's licences; 0 is unknown.
type Limits struct {
	ValidityMonths  int // from the day of issue
	ExtensionMonths int // by which it may be extended, once
}

// MaxSuccessors is how many licences may stand in the place of one: a shipment that is split
// before export gets new licences.
const MaxSuccessors = 20

// MarkedAs gives the mark that counts: the last one; false when there is none.
func (l *Licence) MarkedAs() (Mark, bool) {
	if len(l.Marks) == 0 {
		return Mark{}, false
	}
	return l.Marks[len(l.Marks)-1], true
}

var markPast = map[Verb]string{VerbReplace: "replaced", VerbCancel: "cancelled", VerbReportLost: "lost"}

// Name is the mark in one word: replaced, cancelled or lost.
func (m Mark) Name() string { return markPast[m.Verb] }

// AddMark records that the issuing country replaced, cancelled or lost the licence. What is
// replaced or cancelled stays so; what is lost may still be replaced or cancelled. The
// competent authority needs the issuing country's confirmation on file.
func (l *Licence) AddMark(by Actor, now time.Time, m Mark) (Event, error) {
	past, known := markPast[m.Verb]
	if !known {
		return Event{}, Refuse(Conflict, "licence.no_such_step", Args{"Verb": string(m.Verb), "State": string(l.State)})
	}
	if _, ok := Next(l.State, by.Role, m.Verb); !ok || l.unclaimedPaper() {
		return l.refuseStep(m.Verb)
	}
	if last, marked := l.MarkedAs(); marked && (last.Verb != VerbReportLost || m.Verb == VerbReportLost) {
		return Event{}, Refuse(Conflict, "licence.mark.already", Args{"Number": l.Form.Number})
	}
	boxes := append(l.goodMark(&m, now), proofMissing(by, &m.Confirmation)...)
	if err := InvalidBoxes(boxes); err != nil {
		return Event{}, err
	}
	e, err := l.step(by, now, m.Verb, past)
	if err == nil {
		m.By, m.Role, m.At = by.Account, by.Role, now.UTC()
		l.Marks = append(l.Marks[:len(l.Marks):len(l.Marks)], m)
		e = e.With("from", string(m.From))
		if len(m.Successors) > 0 {
			e = e.With("successors", strings.Join(m.Successors, " "))
		}
	}
	return e, err
}

// unclaimedPaper: a draft typed by an operator is no licence of the issuing country yet.
func (l Licence) unclaimedPaper() bool { return l.State == Draft && !l.Electronic }

func (l Licence) refuseStep(verb Verb) (Event, error) {
	return Event{}, Refuse(Conflict, "licence.no_such_step", Args{"Verb": string(verb), "State": string(l.State)})
}

// goodMark tidies a mark and says what is wrong with it.
func (l Licence) goodMark(m *Mark, now time.Time) (boxes []BoxError) {
	m.Reason = strings.TrimSpace(m.Reason)
	boxes = append(boxes, wordsRequired(m.Reason)...)
	if m.From == "" {
		m.From = DateOf(now)
	}
	switch {
	case !m.From.Valid():
		boxes = append(boxes, BoxError{Box: "from", Key: "check.date_form", Args: Args{"Found": string(m.From)}})
	case m.From > DateOf(now.AddDate(0, 0, 1)): // it may be tomorrow already where it was issued
		boxes = append(boxes, BoxError{Box: "from", Key: "licence.mark.future"})
	}
	if m.Verb == VerbReportLost {
		m.Successors = nil
	}
	before := len(boxes)
	m.Successors = l.goodSuccessors(m.Successors, &boxes)
	if m.Verb == VerbReplace && len(m.Successors) == 0 && len(boxes) == before {
		boxes = append(boxes, BoxError{Box: "successors", Key: "licence.mark.successor_required"})
	}
	return boxes
}

func (l Licence) goodSuccessors(numbers []string, boxes *[]BoxError) (out []string) {
	if len(numbers) > MaxSuccessors {
		*boxes = append(*boxes, BoxError{Box: "successors", Key: "licence.mark.too_many", Args: Args{"Max": MaxSuccessors}})
		return nil
	}
	for _, n := range numbers {
		n = NormaliseLicenceNumber(n)
		if n == "" || contains(out, n) {
			continue
		}
		if NumberKey(n) == NumberKey(l.Form.Number) {
			*boxes = append(*boxes, BoxError{Box: "successors", Key: "licence.mark.itself"})
			continue
		}
		if _, _, err := CheckLicenceNumber(l.Form.Export, n); err != nil {
			e := err.(*Error)
			*boxes = append(*boxes, BoxError{Box: "successors", Key: e.Key, Args: e.Args})
			continue
		}
		out = append(out, n)
	}
	return out
}

// proofMissing: whoever is not the issuing country itself needs its confirmation on file, as
// a reference and a file.
func proofMissing(by Actor, p *Proof) (boxes []BoxError) {
	p.Reference = strings.TrimSpace(p.Reference)
	if tooLong(p.Reference, 200) {
		boxes = append(boxes, BoxError{Box: "reference", Key: "error.too_long", Args: Args{"Max": 200}})
	}
	if by.Role == RoleLicensing {
		return boxes
	}
	if p.Reference == "" {
		boxes = append(boxes, BoxError{Box: "reference", Key: "licence.confirmation.reference"})
	}
	if p.File == nil {
		boxes = append(boxes, BoxError{Box: "file", Key: "licence.confirmation.file"})
	}
	return boxes
}

// Extend records that the issuing authority has extended the licence's validity. Where the
// country's limits are known, it can be extended once and not beyond them.
func (l *Licence) Extend(by Actor, now time.Time, until Date, p Proof, limits Limits) (Event, error) {
	if _, ok := Next(l.State, by.Role, VerbExtend); !ok || l.unclaimedPaper() {
		return l.refuseStep(VerbExtend)
	}
	if limits.ExtensionMonths > 0 && l.extension() != "" {
		return Event{}, Refuse(Refused, "licence.extend.once", nil)
	}
	boxes := proofMissing(by, &p)
	switch latest := l.latest(limits); {
	case !until.Valid():
		boxes = append(boxes, BoxError{Box: "until", Key: "check.date_form", Args: Args{"Found": string(until)}})
	case until < l.ValidUntil() || until == l.ValidUntil() && !l.beyond(limits):
		boxes = append(boxes, BoxError{Box: "until", Key: "licence.extend.not_later", Args: Args{"Expires": l.ValidUntil()}})
	case latest != "" && until > latest:
		boxes = append(boxes, BoxError{Box: "until", Key: "licence.extend.too_long", Args: Args{"Latest": latest}})
	}
	if err := InvalidBoxes(boxes); err != nil {
		return Event{}, err
	}
	return l.confirm(by, now, "extended", Confirmation{Verb: VerbExtend, Until: until, Confirmation: p})
}

// latest is the last day to which the licence can be extended; empty when the limits or the
// day of issue are unknown.
func (l Licence) latest(limits Limits) Date {
	if limits.ValidityMonths == 0 || limits.ExtensionMonths == 0 || !l.Form.Issued.Valid() {
		return ""
	}
	return l.Form.Issued.AddMonths(limits.ValidityMonths + limits.ExtensionMonths)
}

// beyond says whether box 4 lies beyond what the country grants without an extension.
func (l Licence) beyond(limits Limits) bool {
	return limits.ValidityMonths > 0 && l.Form.Issued.Valid() && l.Form.Expires.Valid() && l.Form.Expires > l.Form.Issued.AddMonths(limits.ValidityMonths)
}

func (l *Licence) confirm(by Actor, now time.Time, past string, c Confirmation) (Event, error) {
	e, err := l.step(by, now, c.Verb, past)
	if err == nil {
		c.By, c.Role, c.At = by.Account, by.Role, now.UTC()
		l.Confirmations = append(l.Confirmations[:len(l.Confirmations):len(l.Confirmations)], c)
		if c.Until != "" {
			e = e.With("until", string(c.Until))
		}
		if c.Field != "" {
			e = e.With("field", c.Field)
		}
	}
	return e, err
}

// CorrectOnPaper records that the issuing authority confirms a correction on the paper: of
// which box, and what.
func (l *Licence) CorrectOnPaper(by Actor, now time.Time, field, words string, p Proof) (Event, error) {
	if _, ok := Next(l.State, by.Role, VerbCorrectOnPaper); !ok || l.unclaimedPaper() {
		return l.refuseStep(VerbCorrectOnPaper)
	}
	words = strings.TrimSpace(words)
	boxes := append(wordsRequired(words), proofMissing(by, &p)...)
	if !l.onPaper(field) {
		boxes = append(boxes, BoxError{Box: "field", Key: "error.choose"})
	}
	if err := InvalidBoxes(boxes); err != nil {
		return Event{}, err
	}
	return l.confirm(by, now, "corrected_on_paper", Confirmation{Verb: VerbCorrectOnPaper, Field: field, Words: words, Confirmation: p})
}

func (l Licence) onPaper(field string) bool {
	for _, b := range l.Boxes() {
		if b.Field == field {
			return b.Box != ""
		}
	}
	return false
}

// extension is the last day of a confirmed extension; empty when there is none.
func (l *Licence) extension() (until Date) {
	for _, c := range l.Confirmations {
		if c.Verb == VerbExtend && c.Until > until {
			until = c.Until
		}
	}
	return until
}

// ValidUntil is the licence's last day: that of box 4, or of a confirmed extension.
func (l *Licence) ValidUntil() Date {
	if until := l.extension(); until.Valid() && (!l.Form.Expires.Valid() || until > l.Form.Expires) {
		return until
	}
	return l.Form.Expires
}

// void says whether the licence was lodged after its last day. Reg. (EC) 1024/2008 art. 7
// (to be verified)
func (l *Licence) void() bool {
	return l.ValidUntil().Valid() && l.ValidUntil() < l.lodged()
}

// acceptable says what forbids accepting the licence on the day, whatever its state.
func (l Licence) acceptable(limits Limits) error {
	if m, marked := l.MarkedAs(); marked {
		return Refuse(Refused, "licence.marked."+m.Name(), Args{"Number": l.Form.Number, "From": m.From})
	}
	if l.void() {
		return Refuse(Refused, "licence.void_lodged_late", Args{"Expires": l.ValidUntil()})
	}
	if until := l.extension(); l.beyond(limits) && until < l.Form.Expires {
		return Refuse(Refused, "licence.extension_unconfirmed", Args{"Expires": l.Form.Expires, "Months": strconv.Itoa(limits.ValidityMonths)})
	}
	return nil
}

// Clearable says whether customs may book goods under the licence at all; the code in Args
// is that of the customs single window. Goods cannot be released before the competent
// authority has accepted (the letter, L10); a licence lodged after its expiry is void, Reg.
// (EC) 1024/2008 art. 7 (to be verified); one that the issuing country replaced, cancelled
// or reported lost covers nothing any more.
func (l *Licence) Clearable() error {
	if m, marked := l.MarkedAs(); marked && l.State.Lodged() {
		return refuseCode("04", "licence.marked."+m.Name(), Args{"Number": l.Form.Number, "From": m.From})
	}
	if l.State == AcceptanceWithdrawn {
		return refuseCode("04", "clearance.acceptance_withdrawn", Args{"Number": l.Form.Number})
	}
	if l.State != Accepted {
		return refuseCode("04", "clearance.not_accepted", Args{"Number": l.Form.Number, "State": string(l.State)})
	}
	if l.void() {
		return refuseCode("04", "clearance.expired_at_lodging", Args{"Number": l.Form.Number, "Expires": l.ValidUntil()})
	}
	return nil
}

// Files lists every file that is kept with the licence: its scans and the confirmations of
// the issuing authority.
func (l Licence) Files() []Attachment {
	out := l.Scans[:len(l.Scans):len(l.Scans)]
	for _, m := range l.Marks {
		if m.Confirmation.File != nil {
			out = append(out, *m.Confirmation.File)
		}
	}
	for _, c := range l.Confirmations {
		if c.Confirmation.File != nil {
			out = append(out, *c.Confirmation.File)
		}
	}
	return out
}
