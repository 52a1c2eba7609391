package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
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
	Wait  int   `query:"wait" minimum:"0" maximum:"60" default:"0" doc:"How many seconds to wait at most while there is nothing: the answer comes as soon as there is something. 0: answer at once."`
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
		text:    "Gives the events that you may see, in order, each once. Keep next and ask with it as since: an event is never put in before it later. With wait the answer is held back until there is something."}, s.events)
}

func (s *Server) events(ctx context.Context, c *call, in *eventsInput) (*eventsOutput, error) {
	found, next, more, err := s.readEvents(ctx, c, in)
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

// readEvents reads the events, and waits for some when that was asked for. A token that was
// revoked meanwhile gets nothing.
func (s *Server) readEvents(ctx context.Context, c *call, in *eventsInput) ([]flegt.Event, int64, bool, error) {
	if in.Wait == 0 {
		return s.Office.Events(ctx, c.actor(), in.Since, in.Limit)
	}
	leave, err := s.waiting.enter(c.pass.Token)
	if err != nil {
		c.headers.Set("Retry-After", strconv.Itoa(waitAgain))
		return nil, 0, false, err
	}
	defer leave()
	enough, cancel := context.WithTimeout(ctx, time.Duration(in.Wait)*time.Second)
	defer cancel()
	if s.Stopping != nil {
		stop := context.AfterFunc(s.Stopping, cancel)
		defer stop()
	}
	found, next, more, err := s.Office.AwaitEvents(ctx, c.actor(), in.Since, in.Limit, enough.Done())
	if err == nil {
		_, err = s.Accounts.Bearer(ctx, c.token)
		if flegt.KindOf(err) == flegt.Forbidden {
			err = refuse(kindBadToken, nil)
		}
	}
	return found, next, more, err
}

// How many requests may wait for events at once: of all credentials, and of one.
const (
	maxWaiting    = 256
	maxWaitingOne = 4
	waitAgain     = 5 // seconds after which who found no room may ask again
)

// waiters counts who waits. Its zero value is ready.
type waiters struct {
	mu    sync.Mutex
	all   int
	being map[string]int // by credential
}

// enter takes a place; TooMany when there is none.
func (w *waiters) enter(credential string) (leave func(), err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all >= maxWaiting || w.being[credential] >= maxWaitingOne {
		return nil, refuse(kindTooMany, flegt.Args{"Count": waitAgain})
	}
	if w.being == nil {
		w.being = map[string]int{}
	}
	w.all++
	w.being[credential]++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.all--
		if w.being[credential]--; w.being[credential] == 0 {
			delete(w.being, credential)
		}
	}, nil
}
