package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// lodgedElsewhere says that a licence exists, but in another Member State than the one that
// wants to use it. Its kind is NotFound: only a booking says more of it.
type lodgedElsewhere struct{ licence flegt.Licence }

func (e *lodgedElsewhere) Error() string {
	return "licence " + e.licence.ID + " is lodged in another country"
}

// Unwrap makes it "not found" to whoever does not ask further.
func (e *lodgedElsewhere) Unwrap() error { return flegt.Missing() }

// refusal is the single window's code 08: a licence is for one shipment, which is lodged and
// cleared in the same Member State. Reg. (EC) 1024/2008 art. 5 (to be verified)
func (e *lodgedElsewhere) refusal(a flegt.Actor) error {
	return flegt.Refuse(flegt.Refused, "clearance.lodged_elsewhere",
		flegt.Args{"Code": string(flegt.CodeDestination), "Number": e.licence.Form.Number, "Country": a.Country})
}

// inUse says whether a licence stands in the way of a second use of its number.
func inUse(l flegt.Licence) bool {
	switch l.State {
	case flegt.Submitted, flegt.Returned, flegt.Accepted, flegt.AcceptanceWithdrawn:
		return true
	}
	return false
}

// usedElsewhere is *lodgedElsewhere for a licence that came to nothing here, rejected or withdrawn,
// and was then lodged in another country.
func usedElsewhere(tx *store.Tx, l flegt.Licence) error {
	if inUse(l) {
		return nil
	}
	all, err := tx.LicencesNumbered(l.Form.Number)
	for _, other := range all {
		if inUse(other) && other.ImportCountry != l.ImportCountry {
			return &lodgedElsewhere{other}
		}
	}
	return err
}

// tellElsewhere writes the event that tells both authorities of an attempt to use a licence
// in a second country. One login is told of once a day: an event is no counter.
func (o *Office) tellElsewhere(tx *store.Tx, a flegt.Actor, l flegt.Licence, verb, country string) error {
	now := o.now()
	history, err := tx.EventsOf(l.ID, "looked_up", "checked")
	if err != nil {
		return err
	}
	for _, e := range history {
		if e.Verb == verb && e.Account == a.Account && e.Data["elsewhere"] == country && o.dayOf(e.At) == o.dayOf(now) {
			return nil
		}
	}
	_, err = tx.Append(l.TriedElsewhere(a, now, verb, country), nil)
	return err
}

// lodgedTwice tells both authorities when a licence could not be submitted because its
// number is lodged in another country already. What it writes is not what was asked for under a
// program's key, which a refusal does not use up.
func (o *Office) lodgedTwice(ctx context.Context, a flegt.Actor, id string) error {
	return o.db.Update(store.WithOnce(ctx, nil), func(tx *store.Tx) error {
		l, err := tx.Licence(id)
		if err != nil || l.Operator != a.Body || l.State.Lodged() {
			return err
		}
		all, err := tx.LicencesNumbered(l.Form.Number)
		if err != nil {
			return err
		}
		for _, other := range all {
			if inUse(other) && other.ID != l.ID && other.ImportCountry != l.ImportCountry {
				return o.tellElsewhere(tx, a, other, "lodged_elsewhere", l.ImportCountry)
			}
		}
		return nil
	})
}
