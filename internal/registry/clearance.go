package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Booking is a declaration as customs states it.
type Booking struct {
	MRN    string // 18 characters
	Office string // customs office reference number, 8 characters
	Items  []flegt.Item
}

// Reserve books a declaration under a licence. It states the whole position of the MRN:
// repeating it replaces.
func (o *Office) Reserve(ctx context.Context, a flegt.Actor, id string, b Booking) (flegt.Licence, error) {
	if err := checkBooking(&b, a); err != nil {
		return flegt.Licence{}, o.refused("book declaration", a, err)
	}
	return o.move(ctx, a, id, b.MRN, "booked", func(g flegt.Ledger) ([]flegt.Movement, error) {
		return g.Reserve(a, o.now(), b.MRN, b.Office, b.Items)
	})
}

// Release turns what a declaration holds into consumed: the goods are released for free
// circulation. It is for good.
func (o *Office) Release(ctx context.Context, a flegt.Actor, id, mrn string) (flegt.Licence, error) {
	return o.move(ctx, a, id, mrn, "released", func(g flegt.Ledger) ([]flegt.Movement, error) {
		return g.Release(a, o.now(), mrn)
	})
}

// CancelReservation gives back what a declaration holds.
func (o *Office) CancelReservation(ctx context.Context, a flegt.Actor, id, mrn string) (flegt.Licence, error) {
	return o.move(ctx, a, id, mrn, "freed", func(g flegt.Ledger) ([]flegt.Movement, error) {
		return g.Free(a, o.now(), mrn)
	})
}

// move appends movements to a licence's ledger. The licence's version rises with each, so
// that two officers who book at once cannot both take the last of it.
func (o *Office) move(ctx context.Context, a flegt.Actor, id, mrn, verb string, step func(flegt.Ledger) ([]flegt.Movement, error)) (l flegt.Licence, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if l, err = tx.Licence(id); err != nil {
			return err
		}
		if err := access.MayBook(a, l); err != nil {
			return err
		}
		moved, err := tx.Movements(id)
		if err != nil {
			return err
		}
		g := flegt.Ledger{Licence: l, Movements: moved}
		moves, err := step(g)
		if err != nil {
			return err
		}
		for i := range moves {
			moves[i].ID = o.newID()
		}
		if err := tx.TouchLicence(&l); err != nil {
			return err
		}
		seq, err := appendLicence(tx, g.Booked(a, o.now(), verb, mrn, moves), l)
		if err != nil {
			return err
		}
		return tx.AddMovements(seq, moves)
	})
	return l, o.refused(verb+" declaration", a, err)
}

func checkBooking(b *Booking, a flegt.Actor) error {
	var boxes []flegt.BoxError
	mrn, err := flegt.CheckMRN(b.MRN)
	if e, ok := err.(*flegt.Error); ok {
		boxes = append(boxes, flegt.BoxError{Box: "mrn", Key: e.Key, Args: e.Args})
	}
	office, err := flegt.CheckCustomsOffice(b.Office)
	if e, ok := err.(*flegt.Error); ok {
		boxes = append(boxes, flegt.BoxError{Box: "office", Key: e.Key, Args: e.Args})
	} else if office[:2] != a.Country {
		boxes = append(boxes, flegt.BoxError{Box: "office", Key: "clearance.office_country", Args: flegt.Args{"Country": a.Country}})
	}
	b.MRN, b.Office = mrn, office
	return flegt.InvalidBoxes(boxes)
}
