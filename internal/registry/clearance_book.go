package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// written is what an operation comes to, written out as far as it can be before its turn to
// be made comes.
type written struct {
	operated
	cleared Cleared
	row     store.Touched
	answer  []byte // for the key of a program's request
}

func (o *Office) writeOut(ctx context.Context, op Operation, d operated, row store.Touched) *written {
	w := &written{operated: d, row: row}
	for i := range d.outcome.Movements {
		d.outcome.Movements[i].ID = o.newID()
	}
	l := d.ledger.Licence
	l.Version++
	w.cleared = d.cleared(o, l)
	if d.refusal == nil {
		w.answer = store.Answer(ctx, w.cleared)
	}
	return w
}

// prepare works an operation out before its turn to be made comes: changes are made one
// after the other, and this need not be. It holds as long as nobody changes the licence or
// its ledger meanwhile, which each change does with the licence's version; who is the holder
// does not hang on that, so that an operation that compares it is not worked out here. Nil
// when there is nothing to prepare: what is wrong is said when it is made.
func (o *Office) prepare(ctx context.Context, a flegt.Actor, op Operation, ref string, b Booking) *written {
	if b.Importer != "" {
		return nil
	}
	l, err := o.namedTo(ctx, a, ref)
	if err != nil || access.MayBook(a, l.Licence) != nil {
		return nil
	}
	d := operated{ledger: flegt.Ledger{Licence: l.Licence, Movements: l.Movements, Convert: o.ref.Convert}}
	if o.workOut(a, op, b, &d) != nil || d.refusal != nil {
		return nil
	}
	return o.writeOut(ctx, op, d, l.Touch())
}

// bookPrepared makes what was prepared; false when it does not hold any more.
func (o *Office) bookPrepared(tx *store.Tx, a flegt.Actor, op Operation, b Booking, w *written) (made bool, err error) {
	if w == nil {
		return false, nil
	}
	now := o.now()
	for i := range w.outcome.Movements {
		w.outcome.Movements[i].At = now
	}
	err = o.book(tx, a, op, b, w)
	if flegt.KindOf(err) == flegt.Conflict {
		return false, nil
	}
	return err == nil, err
}

// book writes what an operation came to: the licence's row, the event, the movements. When
// the licence was changed since it was read it writes nothing, and is a Conflict.
func (o *Office) book(tx *store.Tx, a flegt.Actor, op Operation, b Booking, w *written) error {
	moves := w.outcome.Movements
	if err := tx.SaveTouched(w.row); err != nil {
		return err
	}
	verb := pastOf[op]
	if w.refusal != nil {
		verb = "booking_dropped"
	}
	e := w.ledger.Booked(a, moves[0].At, verb, b.MRN, moves)
	if op == OpCorrect {
		e = e.With("reason", b.Reason)
	}
	if w.cleared.Code != "" {
		e = e.With("outcome", string(w.cleared.Code))
	}
	if w.refusal != nil {
		e = e.With("code", string(flegt.CodeOf(w.refusal)))
	}
	if op == OpReserve && w.cleared.Split {
		e = e.With("split", true)
	}
	l := w.ledger.Licence
	l.Version++
	seq, err := appendLicence(tx, e, l)
	if err != nil {
		return err
	}
	tx.Answer(w.answer)
	tx.AddMovements(seq, moves)
	if op == OpReserve || op == OpDelete || op == OpTakeOver {
		return nil
	}
	return tx.SaveUse(w.after(l))
}
