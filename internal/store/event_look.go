package store

import (
	"cmp"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
)

// thousandsAsked is how many thousands of events, from the newest on, are asked for the looks at
// a licence that a page shows: some two million events, in a millisecond.
const thousandsAsked = 2048

// HistoryOf reads the history of a licence as EventsOf does, but of the looks by customs at most
// the last ones, and only among the newest events: a licence may be looked at without end. Cut
// says that there may be older looks.
func (tx *Tx) HistoryOf(licence string, looks int, leftOut ...string) (events []flegt.Event, cut bool, err error) {
	events, err = tx.EventsOf(licence, append(slices.Clone(leftOut), lookedUp)...)
	if err != nil || len(events) == 0 || slices.Contains(leftOut, lookedUp) {
		return events, false, err
	}
	last, cut, err := tx.lastLooks(licence, events[0].Seq, looks)
	if len(last) > 0 {
		events = append(events, last...)
		slices.SortFunc(events, func(a, b flegt.Event) int { return cmp.Compare(a.Seq, b.Seq) })
	}
	return events, cut, err
}

// LastLooks reads the last looks by customs at a licence, so many at most, newest first, among the
// newest events.
func (tx *Tx) LastLooks(licence string, atMost int) ([]flegt.Event, error) {
	looks, _, err := tx.lastLooks(licence, 0, atMost)
	return looks, err
}

// lastLooks reads the last looks at a licence since an event, newest first. It asks the newest
// thousand of events, then more and more of those before it, until it has as many as it wants. They
// are chosen by the index alone: one licence may have a thousand looks in a thousand events.
func (tx *Tx) lastLooks(licence string, since int64, atMost int) (looks []flegt.Event, cut bool, err error) {
	head, err := tx.Head()
	if err != nil {
		return nil, false, err
	}
	first, until := since>>10, head>>10
	oldest := max(first, until-thousandsAsked+1)
	for span := int64(1); until >= oldest; span *= 4 {
		from := max(oldest, until-span+1)
		found, err := bodies[flegt.Event](tx, `WITH RECURSIVE thousand (n) AS (SELECT CAST($1 AS BIGINT) >> 0 UNION ALL SELECT n + 1 FROM thousand WHERE n < $2)
			SELECT body FROM event WHERE seq IN (SELECT e.seq FROM thousand CROSS JOIN event e WHERE (e.seq >> 10) = thousand.n AND e.noun_id = $3 AND e.verb = 'looked_up'
				ORDER BY e.seq DESC LIMIT $4) ORDER BY seq DESC`,
			from, until, licence, atMost+1-len(looks))
		if err != nil {
			return nil, false, err
		}
		if looks = append(looks, found...); len(looks) > atMost {
			return looks[:atMost], true, nil
		}
		until = from - 1
	}
	return looks, oldest > first, nil
}
