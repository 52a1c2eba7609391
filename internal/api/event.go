package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Event is one line of the event log, as whoever asks may see it.
type Event struct {
	Seq      int64          `json:"seq" doc:"Its number in the log. There are gaps where events are not for you; none is given later."`
	At       time.Time      `json:"at"`
	Noun     flegt.Noun     `json:"noun" example:"licence"`
	NounID   string         `json:"noun_id"`
	Verb     string         `json:"verb" example:"accepted"`
	State    string         `json:"state,omitempty" doc:"Of the noun, after the event."`
	Version  int            `json:"version,omitempty" doc:"Of the noun, after the event."`
	Country  string         `json:"country,omitempty"`
	Operator string         `json:"operator,omitempty" doc:"Id of the operator concerned."`
	Role     flegt.Role     `json:"role,omitempty" doc:"In which role somebody acted; absent for the program itself."`
	Data     map[string]any `json:"data,omitempty" doc:"Facts of the event: number, mrn, office, movements, reason_code; of a dossier or a question also licence, to, deadline, box, question, answer."`
}

// eventFacts are the facts of an event that are shown; it also holds ids of accounts, which
// are nobody else's business.
var eventFacts = []string{"number", "mrn", "office", "movements", "reason_code", "attachment", "sha256", "section", "role", "body", "kind", "scopes",
	"licence", "to", "deadline", "box", "question", "answer", "late", "known", "target_days", "second_eyes"}

// dossierFacts are shown of a dossier besides: its events go to the officers of one authority,
// who know each other.
var dossierFacts = []string{"officer", "before", "note", "mentions", "verb", "code"}

// EventOf gives an event as the interface shows it, here and to webhooks.
func EventOf(e flegt.Event) Event {
	out := Event{Seq: e.Seq, At: e.At, Noun: e.Noun, NounID: e.NounID, Verb: e.Verb, State: e.State, Version: e.Version,
		Country: e.Country, Operator: e.Operator, Role: e.Role}
	facts := eventFacts
	if e.Noun == flegt.NounDossier {
		facts = slices.Concat(facts, dossierFacts)
	}
	for _, name := range facts {
		if v, ok := e.Data[name]; ok {
			if out.Data == nil {
				out.Data = map[string]any{}
			}
			out.Data[name] = v
		}
	}
	return out
}

type eventsInput struct {
	Since int64 `query:"since" minimum:"0" default:"0" doc:"The number after which to begin: 0 at first, then the next of the answer before."`
	Limit int   `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type eventsOutput struct {
	Body struct {
		Items []Event `json:"items" nullable:"false"`
		Next  int64   `json:"next" doc:"Ask with this since the next time; nothing before it was left out."`
		More  bool    `json:"more" doc:"There is more already: ask again at once. There may be more although items is empty."`
	}
}

func (s *Server) eventOperations() {
	register(s, about{id: "list-events", method: http.MethodGet, path: "/events", scope: flegt.ScopeEventsRead, tag: "Events",
		summary: "What happened, in the order of the log",
		text:    "Gives the events that you may see, in order, each once. Keep next and ask with it as since: an event is never put in before it later."}, s.events)
}

func (s *Server) events(ctx context.Context, c *call, in *eventsInput) (*eventsOutput, error) {
	found, next, more, err := s.Office.Events(ctx, c.actor(), in.Since, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &eventsOutput{}
	out.Body.Items, out.Body.Next, out.Body.More = []Event{}, next, more
	for _, e := range found {
		out.Body.Items = append(out.Body.Items, EventOf(e))
	}
	return out, nil
}
