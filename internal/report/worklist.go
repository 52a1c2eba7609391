package report

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// WorkFilter is how an officer narrows the work list, as it stands in an address. What cannot
// be read narrows nothing.
type WorkFilter struct {
	Part                                string // one of WorkParts; empty is all
	Number, Importer, Exporter, Issuing string
	Heading                             string // HS; four digits count
	Age                                 int    // working days that passed since lodging, at least
	Warnings                            bool
	ArrivalFrom, ArrivalUntil           string // days, both included
	Outcome                             string // of what is decided, one of WorkOutcomes; other parts of the list are not narrowed by it
	Sort                                string // one of WorkSorts; empty is lodged
}

// WorkParts are the parts of the work list, in the order in which they are offered: all that
// is not decided, what nobody handles, what the officer does, what waits, what customs holds,
// decided or not, and what was decided.
var WorkParts = []string{"all", "nobody", "mine", "waiting", "held", "decided"}

// WorkSorts are the orders of the work list.
var WorkSorts = []string{"lodged", "arrival", "importer", "warnings"}

// WorkOutcomes are what can have become of what is decided.
var WorkOutcomes = []string{string(store.OutcomeAccepted), string(store.OutcomeUnaccepted)}

// WorkFilterNames are the names under which a filter stands in an address, sorted. A saved
// view holds no others.
var WorkFilterNames = []string{"age", "arrival_from", "arrival_until", "exporter", "heading", "importer", "issuing", "number", "outcome", "part", "sort", "warnings"}

// KnownWorkFilter says whether a query of an address holds filters of the work list alone.
func KnownWorkFilter(query string) bool {
	v, err := url.ParseQuery(query)
	for name := range v {
		if !slices.Contains(WorkFilterNames, name) {
			return false
		}
	}
	return err == nil
}

// Query makes the question to the store for an officer at a moment, which is taken in its own
// time zone.
func (f WorkFilter) Query(a flegt.Actor, now time.Time) store.DossierQuery {
	q := store.DossierQuery{Country: a.Country, Number: f.Number, Importer: f.Importer, Exporter: f.Exporter, Issuing: f.Issuing,
		Warnings: f.Warnings, Sort: f.Sort, Desc: f.Sort == "warnings"}
	switch f.Part {
	case "nobody":
		q.Nobody, q.Standing = true, flegt.DossierOpen
	case "mine":
		q.Officer = a.Account
	case "waiting":
		q.Standing = flegt.DossierWaiting
	case "held":
		q.Held, q.Any = true, true
	case "decided":
		q.Standing, q.Desc = flegt.DossierDecided, true
		if slices.Contains(WorkOutcomes, f.Outcome) {
			q.Outcome = store.Outcome(f.Outcome)
		}
	}
	q.Heading = strings.Map(onlyDigits, f.Heading)
	q.Heading = q.Heading[:min(len(q.Heading), 4)]
	if f.Age > 0 {
		q.Lodged.Until = Earlier(a.Country, now, min(f.Age, flegt.MaxTargetDays))
	}
	if d := flegt.ParseDate(f.ArrivalFrom); d.Valid() {
		q.Arrival.From = d
	}
	if d := flegt.ParseDate(f.ArrivalUntil); d.Valid() {
		q.Arrival.Until = d
	}
	return q
}

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}
