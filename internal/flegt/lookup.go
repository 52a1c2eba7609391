package flegt

import "time"

// LookedUp gives the event of a look by customs: who saw which licence, when, and by what it
// was found (number, mrn, id). It changes nothing of the licence.
func (l *Licence) LookedUp(by Actor, now time.Time, found string) Event {
	return l.event(by, now, "looked_up").With("found", found)
}

// TriedElsewhere gives the event of a second country trying to use a licence that is lodged
// here: verb is lodged_elsewhere or booked_elsewhere. It is written although the attempt
// was refused, because both authorities must hear of it. Reg. (EC) 1024/2008 art. 5 (to be verified)
func (l Licence) TriedElsewhere(by Actor, now time.Time, verb, country string) Event {
	return l.event(by, now, verb).With("elsewhere", country)
}
