package flegt

import (
	"strings"
	"time"
)

// NounSpecimen names specimens in the event log.
const NounSpecimen Noun = "specimen"

// SpecimenKind says of what a specimen is.
type SpecimenKind string

// The kinds of specimens.
const (
	SpecimenStamp     SpecimenKind = "stamp"
	SpecimenSignature SpecimenKind = "signature"
	SpecimenForm      SpecimenKind = "form" // the body's own print of the licence's form
)

// SpecimenKinds lists them in the order in which pages offer them.
var SpecimenKinds = []SpecimenKind{SpecimenStamp, SpecimenSignature, SpecimenForm}

// Specimen is a picture of an issuing body's stamp, signature or form with the days on which
// it was in use, as the issuing country made it known, to compare with the scan of a licence.
// One that was entered is ended, never deleted: licences of its days stay comparable.
type Specimen struct {
	ID        string
	Country   string // of the issuing body, ISO 3166-1 alpha-2
	Body      string // name of the issuing body, as in box 1
	Known     string // the body that our list has, as it was chosen; empty: Body alone tells
	Kind      SpecimenKind
	From      Date
	Until     Date   // last day; empty: still in use
	Source    string // how the issuing country made it known
	Note      string
	Image     Attachment // PNG or JPEG
	EnteredBy string     // account
	ForBody   string     // authority or Support Team for which it was entered
	EnteredAt time.Time
	Version   int
}

// ValidOn says whether the specimen was in use on a day.
func (s Specimen) ValidOn(day Date) bool {
	return s.From <= day && (s.Until == "" || day <= s.Until)
}

// Check says what is wrong in each box of a new specimen.
func (s Specimen) Check() []BoxError {
	var out []BoxError
	if len(s.Country) != 2 {
		out = append(out, BoxError{Box: "country", Key: "error.choose_country"})
	}
	for _, t := range []struct {
		box, text string
		max       int
		empty     string // what is said of an empty box; none when it may be
	}{{"body", s.Body, 200, "specimen.body.needed"}, {"source", s.Source, 500, "error.required"}, {"note", s.Note, 1000, ""}} {
		switch {
		case t.empty != "" && strings.TrimSpace(t.text) == "":
			out = append(out, BoxError{Box: t.box, Key: t.empty})
		case tooLong(t.text, t.max):
			out = append(out, BoxError{Box: t.box, Key: "error.too_long", Args: Args{"Max": t.max}})
		}
	}
	switch s.Kind {
	case SpecimenStamp, SpecimenSignature, SpecimenForm:
	default:
		out = append(out, BoxError{Box: "kind", Key: "error.choose"})
	}
	if !s.From.Valid() {
		out = append(out, BoxError{Box: "from", Key: "check.date_form", Args: Args{"Found": string(s.From)}})
	}
	if s.Until != "" && !s.Until.Valid() {
		out = append(out, BoxError{Box: "until", Key: "check.date_form", Args: Args{"Found": string(s.Until)}})
	} else if s.Until != "" && s.Until < s.From {
		out = append(out, BoxError{Box: "until", Key: "authority.until_before_from"})
	}
	return out
}

func (s Specimen) event(by Actor, now time.Time, verb string) Event {
	e := NewEvent(by, now, NounSpecimen, s.ID, verb)
	e.Version = s.Version
	return e.With("issuing_country", s.Country).With("kind", string(s.Kind)).With("sha256", s.Image.SHA256)
}

// Entered gives the event of a new specimen.
func (s Specimen) Entered(by Actor, now time.Time) Event { return s.event(by, now, "entered") }

// End sets the last day on which the specimen was in use.
func (s *Specimen) End(by Actor, now time.Time, last Date) (Event, error) {
	if s.Until != "" {
		return Event{}, Refuse(Conflict, "specimen.ended_already", nil)
	}
	ended := *s
	ended.Until = last
	if last == "" {
		return Event{}, InvalidBoxes([]BoxError{{Box: "until", Key: "error.required"}})
	}
	if err := InvalidBoxes(ended.Check()); err != nil {
		return Event{}, err
	}
	*s = ended
	return s.event(by, now, "ended").With("until", string(last)), nil
}
