package api

import (
	"context"
	"net/http"

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
}

type holdInput struct {
	NumberInput
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
	return heldOf(s.Office.Hold(ctx, c.actor(), in.Number, in.Body.Office, in.Body.Reason))
}

type wordsInput struct {
	NumberInput
	Body struct {
		Words string `json:"words" maxLength:"2000"`
	}
}

func (s *Server) liftHold(ctx context.Context, c *call, in *wordsInput) (*held, error) {
	return heldOf(s.Office.LiftHold(ctx, c.actor(), in.Number, in.Body.Words))
}

type answerHoldInput struct {
	NumberInput
	Body struct {
		Words string `json:"words" maxLength:"2000"`
		Lift  bool   `json:"lift,omitempty" doc:"The hold ends."`
	}
}

func (s *Server) answerHold(ctx context.Context, c *call, in *answerHoldInput) (*held, error) {
	return heldOf(s.Office.AnswerHold(ctx, c.actor(), in.Number, in.Body.Words, in.Body.Lift))
}
