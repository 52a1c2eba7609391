package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Hold stops a shipment and asks the competent authority, with a reason in words. While it
// stands nothing can be released.
func (o *Office) Hold(ctx context.Context, a flegt.Actor, ref, office, reason string) (flegt.Licence, error) {
	if err := flegt.InvalidBoxes(checkOffice(a, &office)); err != nil {
		return flegt.Licence{}, o.refused("hold shipment", a, err)
	}
	return o.inspect(ctx, a, "hold shipment", ref, access.MayBook, func(l *flegt.Licence) (flegt.Event, error) {
		return l.HoldShipment(a, o.now(), office, reason)
	})
}

// LiftHold ends a hold by customs itself, with a reason in words.
func (o *Office) LiftHold(ctx context.Context, a flegt.Actor, ref, words string) (flegt.Licence, error) {
	return o.inspect(ctx, a, "lift hold", ref, access.MayBook, func(l *flegt.Licence) (flegt.Event, error) {
		if h, held := l.StandingHold(); held {
			if err := access.MayBookAt(a, h.Office); err != nil {
				return flegt.Event{}, err
			}
		}
		return l.LiftHold(a, o.now(), words)
	})
}

// AnswerHold is the competent authority's answer to customs; with lift the hold ends.
func (o *Office) AnswerHold(ctx context.Context, a flegt.Actor, ref, words string, lift bool) (flegt.Licence, error) {
	return o.inspect(ctx, a, "answer hold", ref, access.MayAnswerHold, func(l *flegt.Licence) (flegt.Event, error) {
		return l.AnswerHold(a, o.now(), words, lift)
	})
}

// PhysicalCheck writes down what a check of the goods found.
func (o *Office) PhysicalCheck(ctx context.Context, a flegt.Actor, ref string, c flegt.PhysicalCheck) (flegt.Licence, error) {
	b := Booking{MRN: c.MRN, Office: c.Office}
	if err := checkBooking(&b, a, OpReserve); err != nil {
		return flegt.Licence{}, o.refused("physical check", a, err)
	}
	c.MRN, c.Office = b.MRN, b.Office
	return o.inspect(ctx, a, "physical check", ref, access.MayBook, func(l *flegt.Licence) (flegt.Event, error) {
		return l.RecordCheck(a, o.now(), c)
	})
}

// inspect runs one step that is written into the licence's row.
func (o *Office) inspect(ctx context.Context, a flegt.Actor, what, ref string, may func(flegt.Actor, flegt.Licence) error, step func(*flegt.Licence) (flegt.Event, error)) (l flegt.Licence, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if l, err = clearanceOf(tx, a, ref); err != nil {
			return unknownNumber(err, ref)
		}
		if err := may(a, l); err != nil {
			return err
		}
		before := l
		e, err := step(&l)
		if err != nil {
			return err
		}
		if err := tx.SaveLicence(before, &l); err != nil {
			return err
		}
		_, err = appendLicence(tx, e, l)
		return err
	})
	if err != nil {
		return flegt.Licence{}, o.refused(what, a, err)
	}
	return shown(a, l), nil
}
