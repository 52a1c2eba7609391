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
	return o.HoldAt(ctx, a, ref, 0, office, reason)
}

// HoldAt is Hold for whoever looked at a version of the licence.
func (o *Office) HoldAt(ctx context.Context, a flegt.Actor, ref string, version int, office, reason string) (flegt.Licence, error) {
	if err := flegt.InvalidBoxes(checkOffice(a, &office)); err != nil {
		return flegt.Licence{}, o.refused("hold shipment", a, err)
	}
	return o.inspect(ctx, a, "hold shipment", ref, version, access.MayBook, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		return l.HoldShipment(a, o.now(), office, reason)
	})
}

// LiftHold ends a hold by customs itself, with a reason in words.
func (o *Office) LiftHold(ctx context.Context, a flegt.Actor, ref, words string) (flegt.Licence, error) {
	return o.LiftHoldAt(ctx, a, ref, 0, words)
}

// LiftHoldAt is LiftHold for whoever looked at a version of the licence.
func (o *Office) LiftHoldAt(ctx context.Context, a flegt.Actor, ref string, version int, words string) (flegt.Licence, error) {
	return o.inspect(ctx, a, "lift hold", ref, version, access.MayBook, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		if h, held := l.StandingHold(); held && access.MayBookAt(a, h.Office) != nil {
			return flegt.Event{}, flegt.Refuse(flegt.Refused, "clearance.held_elsewhere", flegt.Args{"Office": h.Office})
		}
		return l.LiftHold(a, o.now(), words)
	})
}

// AnswerHold is the competent authority's answer to customs; with lift the hold ends.
func (o *Office) AnswerHold(ctx context.Context, a flegt.Actor, ref, words string, lift bool) (flegt.Licence, error) {
	return o.AnswerHoldAt(ctx, a, ref, 0, words, lift)
}

// AnswerHoldAt is AnswerHold for whoever looked at a version of the licence.
func (o *Office) AnswerHoldAt(ctx context.Context, a flegt.Actor, ref string, version int, words string, lift bool) (flegt.Licence, error) {
	return o.inspect(ctx, a, "answer hold", ref, version, access.MayAnswerHold, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		return l.AnswerHold(a, o.now(), words, lift)
	})
}

// PhysicalCheck writes down what a check of the goods found, by the office where the declaration
// stands, or by any before it is booked.
func (o *Office) PhysicalCheck(ctx context.Context, a flegt.Actor, ref string, c flegt.PhysicalCheck) (flegt.Licence, error) {
	return o.PhysicalCheckAt(ctx, a, ref, 0, c)
}

// PhysicalCheckAt is PhysicalCheck for whoever looked at a version of the licence.
func (o *Office) PhysicalCheckAt(ctx context.Context, a flegt.Actor, ref string, version int, c flegt.PhysicalCheck) (flegt.Licence, error) {
	b := Booking{MRN: c.MRN, Office: c.Office}
	if err := checkBooking(&b, a, OpReserve); err != nil {
		return flegt.Licence{}, o.refused("physical check", a, err)
	}
	c.MRN, c.Office = b.MRN, b.Office
	return o.inspect(ctx, a, "physical check", ref, version, access.MayBook, func(tx *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		g, err := o.ledger(tx, *l, Booking{})
		if err == nil {
			err = g.StandsAt(c.MRN, c.Office)
		}
		if err != nil {
			return flegt.Event{}, err
		}
		return l.RecordCheck(a, o.now(), c)
	})
}

// inspect runs one step that is written into the licence's row. version is the licence's that
// was looked at; 0 is any.
func (o *Office) inspect(ctx context.Context, a flegt.Actor, what, ref string, version int, may func(flegt.Actor, flegt.Licence) error, step func(*store.Tx, *flegt.Licence) (flegt.Event, error)) (l flegt.Licence, err error) {
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
		if version != 0 && version != l.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		before := l
		e, err := step(tx, &l)
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
