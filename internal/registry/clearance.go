package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Booking is a declaration as customs states it.
type Booking struct {
	MRN         string // 18 characters
	Office      string // customs office reference number, 8 characters
	Destination string // country of destination, ISO 3166-1 alpha-2; empty when not stated
	Importer    string // EORI of the importer; empty when not stated
	Items       []flegt.Item
	Everything  bool   // all that is left of the paper's quantities, instead of Items
	Reason      string // of a correction, in words
	Version     int    // of the licence, as it was looked at; 0 is any
}

// Operation is what customs does in the ledger.
type Operation string

// The operations. Reading is not among them: it is a right of its own.
const (
	OpReserve Operation = "reserve"
	OpRelease Operation = "release"
	OpDelete  Operation = "delete"
	OpCorrect Operation = "correct" // released in error
	// OpTakeOver: another office goes on with what is booked.
	OpTakeOver Operation = "take_over"
)

// pastOf names the events.
var pastOf = map[Operation]string{OpReserve: "booked", OpRelease: "released", OpDelete: "freed", OpCorrect: "release_corrected", OpTakeOver: "taken_over"}

// Cleared is the answer to an operation on the ledger.
type Cleared struct {
	Code      flegt.ClearanceCode // outcome 01 or 04 of a release or a deletion; empty for the others
	Licence   flegt.Licence
	Movements []flegt.Movement // what was moved
	Positions []flegt.Position // after it
	Totals    []flegt.Position
	Standing  string
	Split     bool // more than one declaration takes from the licence
	// Dropped says that a refused reservation (code 05) has dropped what the declaration
	// held before. It comes together with the refusal.
	Dropped bool
}

// Reserve books a declaration under a licence, which is named by its id or its number. It
// states the whole position of the MRN: repeating it replaces. A refusal of kind Refused
// carries its code, see flegt.CodeOf; after code 05 the earlier hold of the MRN is gone and
// Cleared.Dropped says so.
func (o *Office) Reserve(ctx context.Context, a flegt.Actor, ref string, b Booking) (Cleared, error) {
	return o.Clear(ctx, a, OpReserve, ref, b)
}

// Release turns what a declaration holds into consumed: the goods are released for free
// circulation. office may be empty: then it is the one that booked. Outcome 04: it was done,
// but the licence had left the status for clearing.
func (o *Office) Release(ctx context.Context, a flegt.Actor, ref, mrn, office string) (Cleared, error) {
	return o.Clear(ctx, a, OpRelease, ref, Booking{MRN: mrn, Office: office})
}

// Delete gives back what a declaration holds. Office and outcome are as for Release.
func (o *Office) Delete(ctx context.Context, a flegt.Actor, ref, mrn, office string) (Cleared, error) {
	return o.Clear(ctx, a, OpDelete, ref, Booking{MRN: mrn, Office: office})
}

// CorrectRelease gives back what was released in error, with a reason in words. The
// movements that released it stay; opposite ones are added.
func (o *Office) CorrectRelease(ctx context.Context, a flegt.Actor, ref, mrn, office, reason string) (Cleared, error) {
	return o.Clear(ctx, a, OpCorrect, ref, Booking{MRN: mrn, Office: office, Reason: reason})
}

// TakeOver lets another customs office go on with what a declaration holds. The officer must
// act at that office; the one that booked is not asked.
func (o *Office) TakeOver(ctx context.Context, a flegt.Actor, ref, mrn, office string) (Cleared, error) {
	return o.Clear(ctx, a, OpTakeOver, ref, Booking{MRN: mrn, Office: office})
}

// wouldBe is what the refusals that also do something say in a dry run.
var wouldBe = map[string]string{
	"clearance.not_enough_dropped":        "clearance.not_enough_would_drop",
	"clearance.not_enough_pieces_dropped": "clearance.not_enough_pieces_would_drop",
	"clearance.lodged_elsewhere":          "clearance.lodged_elsewhere_would_tell",
}

// DryRun answers what the operation would do and touches nothing. It refuses in the same words,
// but says of what the refusal does that it would be so.
func (o *Office) DryRun(ctx context.Context, a flegt.Actor, op Operation, ref string, b Booking) (c Cleared, err error) {
	if err := checkBooking(&b, a, op); err != nil {
		return c, err
	}
	var refusal error
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		done, err := o.operate(tx, a, op, ref, b)
		if e, elsewhere := err.(*lodgedElsewhere); elsewhere {
			return e.refusal(a)
		}
		refusal = done.refusal
		if err == nil {
			c = done.cleared(o, done.ledger.Licence)
		}
		return err
	})
	if err == nil {
		err = refusal
	}
	if e, ok := err.(*flegt.Error); ok && wouldBe[e.Key] != "" {
		asked := *e
		asked.Key = wouldBe[e.Key]
		err = &asked
	}
	return c, err
}

// operated is what an operation comes to, before anything of it is written.
type operated struct {
	ledger  flegt.Ledger
	outcome flegt.Outcome
	refusal error // why a reservation was not made
}

// after is the ledger with what was moved.
func (d operated) after(l flegt.Licence) flegt.Ledger {
	d.ledger.Licence = l
	d.ledger.Movements = append(d.ledger.Movements[:len(d.ledger.Movements):len(d.ledger.Movements)], d.outcome.Movements...)
	return d.ledger
}

func (d operated) cleared(o *Office, l flegt.Licence) Cleared {
	d.ledger = d.after(l)
	positions := d.ledger.Positions()
	return Cleared{Code: d.outcome.Code, Licence: shown(flegt.Actor{Role: flegt.RoleCustoms}, l), Movements: d.outcome.Movements, Positions: positions,
		Totals: flegt.TotalsOf(positions), Standing: d.ledger.Standing(o.TodayIn(l.ImportCountry)), Split: d.ledger.Split(),
		Dropped: d.refusal != nil && len(d.outcome.Movements) > 0}
}

// operate reads the licence with its ledger and decides.
func (o *Office) operate(tx *store.Tx, a flegt.Actor, op Operation, ref string, b Booking) (d operated, err error) {
	l, err := clearanceOf(tx, a, ref)
	if _, elsewhere := err.(*lodgedElsewhere); elsewhere {
		return d, err
	} else if err != nil {
		return d, unknownNumber(err, ref)
	}
	if err := access.MayBook(a, l); err != nil {
		return d, err
	}
	if op == OpReserve {
		if err := usedElsewhere(tx, l); err != nil {
			return d, err
		}
	}
	if d.ledger, err = o.ledger(tx, l, b); err != nil {
		return d, err
	}
	err = o.workOut(a, op, b, &d)
	return d, err
}

// workOut lets the ledger's rules say what comes of an operation.
func (o *Office) workOut(a flegt.Actor, op Operation, b Booking, d *operated) (err error) {
	now := o.now()
	if b.Version != 0 && b.Version != d.ledger.Licence.Version {
		return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
	}
	if b.Office == "" {
		if err := atOwnOffice(a, d.ledger, b.MRN); err != nil {
			return err
		}
	}
	switch op {
	case OpReserve:
		claim := flegt.Claim{MRN: b.MRN, Office: b.Office, Destination: b.Destination, Importer: b.Importer, Items: b.Items}
		if b.Everything {
			claim.Items, d.refusal = d.ledger.AllThatIsLeft(b.MRN)
		}
		if d.refusal == nil {
			d.outcome.Movements, d.refusal = d.ledger.Reserve(a, now, claim)
		}
		if len(d.outcome.Movements) == 0 {
			err = d.refusal
		}
	case OpRelease:
		d.outcome, err = d.ledger.Release(a, now, b.MRN, b.Office)
	case OpDelete:
		d.outcome, err = d.ledger.Delete(a, now, b.MRN, b.Office)
	case OpCorrect:
		d.outcome, err = d.ledger.Correct(a, now, b.MRN, b.Office, b.Reason)
	case OpTakeOver:
		d.outcome, err = d.ledger.TakeOver(a, now, b.MRN, b.Office)
	default:
		err = flegt.Missing()
	}
	return err
}

// atOwnOffice: who names no office acts where the declaration stands, and only if that is one
// of his.
func atOwnOffice(a flegt.Actor, g flegt.Ledger, mrn string) error {
	for _, d := range g.Declarations() {
		if d.MRN == mrn && access.MayBookAt(a, d.Office) != nil {
			return g.StandsAt(mrn, "")
		}
	}
	return nil
}

// ledger reads a licence's ledger with what its rules need.
func (o *Office) ledger(tx *store.Tx, l flegt.Licence, b Booking) (flegt.Ledger, error) {
	moved, err := tx.Movements(l.ID)
	if err != nil {
		return flegt.Ledger{}, err
	}
	g := flegt.Ledger{Licence: l, Movements: moved, Convert: o.ref.Convert}
	if b.Importer == "" { // nobody is compared with the holder
		return g, nil
	}
	op, err := tx.Operator(l.Operator)
	if err != nil && flegt.KindOf(err) != flegt.NotFound {
		return flegt.Ledger{}, err
	}
	for _, id := range op.Identifiers {
		if id.Kind == flegt.IdentifierEORI {
			g.Holders = append(g.Holders, id.Normalise().Value)
		}
	}
	return g, nil
}

// Clear does an operation on the ledger: see Reserve, Release, Delete, CorrectRelease and
// TakeOver, which are its short forms. The licence's version rises with each, so that two
// officers who book at once cannot both take the last of it. A reservation refused with
// code 05 drops the declaration's earlier hold: that is an event of its own, although the
// answer is a refusal.
func (o *Office) Clear(ctx context.Context, a flegt.Actor, op Operation, ref string, b Booking) (c Cleared, err error) {
	if err := checkBooking(&b, a, op); err != nil {
		return c, o.refused(string(op)+" declaration", a, err)
	}
	var refusal error
	early := o.prepare(ctx, a, op, ref, b)
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		c, refusal = Cleared{}, nil
		if err := holds(tx, a); err != nil {
			return err
		}
		if made, err := o.bookPrepared(tx, a, op, b, early); made || err != nil {
			c = early.cleared
			return err
		}
		done, err := o.operate(tx, a, op, ref, b)
		if e, elsewhere := err.(*lodgedElsewhere); elsewhere {
			refusal = e.refusal(a)
			return o.tellElsewhere(tx, a, e.licence, "booked_elsewhere", a.Country)
		}
		if err != nil {
			return err
		}
		refusal = done.refusal
		work := o.writeOut(ctx, op, done, store.Touch(done.ledger.Licence))
		c = work.cleared
		return o.book(tx, a, op, b, work)
	})
	if err == nil {
		err = refusal
	}
	return c, o.refused(string(op)+" declaration", a, err)
}

func checkBooking(b *Booking, a flegt.Actor, op Operation) error {
	var boxes []flegt.BoxError
	mrn, err := flegt.CheckMRN(b.MRN)
	if e, ok := err.(*flegt.Error); ok {
		boxes = append(boxes, flegt.BoxError{Box: "mrn", Key: e.Key, Args: e.Args})
	}
	b.MRN = mrn
	if op == OpReserve || op == OpTakeOver || b.Office != "" {
		boxes = append(boxes, checkOffice(a, &b.Office)...)
	}
	return flegt.InvalidBoxes(boxes)
}

// checkOffice reads a customs office's number and holds it against the officer's own.
func checkOffice(a flegt.Actor, text *string) []flegt.BoxError {
	office, err := flegt.CheckCustomsOffice(*text)
	if e, ok := err.(*flegt.Error); ok {
		return []flegt.BoxError{{Box: "office", Key: e.Key, Args: e.Args}}
	}
	*text = office
	if e, ok := access.MayBookAt(a, office).(*flegt.Error); ok {
		return e.Boxes
	}
	return nil
}
