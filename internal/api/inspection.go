package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

func (s *Server) inspectionOperations() {
	const tag, one = "Customs", "/licences/{number}"
	write := flegt.ScopeCustomsWrite
	register(s, about{id: "hold-shipment", method: http.MethodPost, path: one + "/hold", scope: write, tag: tag, keyed: true,
		summary: "Hold a shipment and ask the authority", text: "While it stands nothing is released."}, s.hold)
	register(s, about{id: "lift-hold", method: http.MethodPost, path: one + "/hold/lift", scope: write, tag: tag, keyed: true, summary: "End a hold"}, s.liftHold)
	register(s, about{id: "answer-hold", method: http.MethodPost, path: one + "/hold/answer", scope: flegt.ScopeLicencesDecide, tag: tag, keyed: true,
		summary: "Answer customs' question", text: "By the competent authority."}, s.answerHold)
	register(s, about{id: "record-check", method: http.MethodPost, path: one + "/declarations/{mrn}/checks", scope: write, tag: tag, keyed: true, status: http.StatusCreated,
		summary: "Record a physical check", text: "After one that is not conform nothing of the declaration is released until a later check says otherwise."}, s.recordCheck)
}

// Check is a physical check of the goods of a declaration.
type Check struct {
	MRN string `json:"mrn" example:"26DK16RF3TDPZE7AR2"`
	CheckEdit
	At time.Time `json:"at" doc:"When it was recorded."`
}

// CheckEdit is what is entered of a physical check.
type CheckEdit struct {
	Office  string             `json:"office" maxLength:"20" doc:"Customs office reference number." example:"DK003103"`
	Outcome flegt.CheckOutcome `json:"outcome" enum:"conform,quantities,not_conform" doc:"quantities: conform, but other quantities, which stand in found."`
	Date    flegt.Date         `json:"date" maxLength:"40" doc:"The day of the check."`
	Found   []FoundLine        `json:"found,omitempty" nullable:"false" maxItems:"999" doc:"The quantities found, in the units of the licence; for the outcome quantities alone."`
	Remarks string             `json:"remarks,omitempty" maxLength:"2000" doc:"Needed when the goods are not conform."`
}

// FoundLine is how much of one line a physical check found.
type FoundLine struct {
	Line     int        `json:"line" minimum:"1" maximum:"100000"`
	Unit     flegt.Unit `json:"unit" maxLength:"3" example:"MTQ"`
	Quantity string     `json:"quantity" maxLength:"40" doc:"As in a reservation." example:"8.2"`
}

func checkOf(c flegt.PhysicalCheck) Check {
	out := Check{c.MRN, CheckEdit{Office: c.Office, Outcome: c.Outcome, Date: c.Date, Remarks: c.Remarks}, c.At}
	for _, it := range c.Found {
		out.Found = append(out.Found, FoundLine{it.Line, it.Unit, it.Quantity.String()})
	}
	return out
}

// Hold is a stop of customs on a shipment, with its question to the authority.
type Hold struct {
	Office   string     `json:"office" example:"DK003103"`
	Reason   string     `json:"reason" doc:"Customs' question, in words."`
	At       time.Time  `json:"at"`
	Answer   string     `json:"answer,omitempty" doc:"The authority's."`
	Answered *time.Time `json:"answered_at,omitempty"`
	Lifted   *time.Time `json:"lifted_at,omitempty" doc:"Absent: it still stands."`
	Words    string     `json:"lift_words,omitempty" doc:"Why customs itself lifted it."`
}

func holdOf(h flegt.Hold) Hold {
	return Hold{h.Office, h.Reason, h.At, h.Answer, moment(h.AnsweredAt), moment(h.LiftedAt), h.LiftWords}
}

type recordCheckInput struct {
	NumberInput
	MayMatch
	MRN  string `path:"mrn" maxLength:"40" doc:"The declaration's movement reference number (MRN), 18 characters." example:"26DK16RF3TDPZE7AR2"`
	Body CheckEdit
}

type recordedCheck struct {
	ETag string `header:"ETag"`
	Body Check
}

func (s *Server) recordCheck(ctx context.Context, c *call, in *recordCheckInput) (*recordedCheck, error) {
	b := in.Body
	check := flegt.PhysicalCheck{MRN: in.MRN, Office: b.Office, Outcome: b.Outcome, Date: flegt.ParseDate(string(b.Date)), Remarks: b.Remarks}
	var boxes []flegt.BoxError
	for i, it := range b.Found {
		q, err := flegt.ParseExactQuantity(it.Quantity)
		if e, ok := err.(*flegt.Error); ok {
			boxes = append(boxes, flegt.BoxError{Box: "found." + strconv.Itoa(i) + ".quantity", Key: e.Key, Args: e.Args})
		}
		check.Found = append(check.Found, flegt.Item{Line: it.Line, Unit: it.Unit, Quantity: q})
	}
	if err := flegt.InvalidBoxes(boxes); err != nil {
		return nil, err
	}
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	l, err := s.Office.PhysicalCheckAt(ctx, c.actor(), in.Number, version, check)
	if err != nil {
		return nil, err
	}
	return &recordedCheck{etag(l.Version), checkOf(l.PhysicalChecks[len(l.PhysicalChecks)-1])}, nil
}

type holdInput struct {
	NumberInput
	MayMatch
	Body struct {
		Office string `json:"office" maxLength:"20" example:"DK003103"`
		Reason string `json:"reason" maxLength:"2000" doc:"The question to the authority, in words."`
	}
}

// held says in which version the licence is after a step of a hold.
type held struct {
	ETag string `header:"ETag"`
	Body struct {
		Licence string `json:"licence" doc:"Its id."`
		Held    bool   `json:"held" doc:"Whether the shipment is held now."`
	}
}

func heldOf(l flegt.Licence, err error) (*held, error) {
	if err != nil {
		return nil, err
	}
	out := &held{ETag: etag(l.Version)}
	out.Body.Licence = l.ID
	_, out.Body.Held = l.StandingHold()
	return out, nil
}

func (s *Server) hold(ctx context.Context, c *call, in *holdInput) (*held, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return heldOf(s.Office.HoldAt(ctx, c.actor(), in.Number, version, in.Body.Office, in.Body.Reason))
}

type wordsInput struct {
	NumberInput
	MayMatch
	Body struct {
		Words string `json:"words" maxLength:"2000"`
	}
}

func (s *Server) liftHold(ctx context.Context, c *call, in *wordsInput) (*held, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return heldOf(s.Office.LiftHoldAt(ctx, c.actor(), in.Number, version, in.Body.Words))
}

type answerHoldInput struct {
	NumberInput
	MayMatch
	Body struct {
		Words string `json:"words" maxLength:"2000"`
		Lift  bool   `json:"lift,omitempty" doc:"The hold ends."`
	}
}

func (s *Server) answerHold(ctx context.Context, c *call, in *answerHoldInput) (*held, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return heldOf(s.Office.AnswerHoldAt(ctx, c.actor(), in.Number, version, in.Body.Words, in.Body.Lift))
}
