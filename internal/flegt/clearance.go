package flegt

import (
	"errors"
	"time"
)

// ClearanceCode is a code of the customs single window (CSW-CERTEX): why a reservation is
// refused, or what became of a release or a deletion. The two lists share their numbers, so
// a code is read together with the operation it answers.
type ClearanceCode string

// The refusals of a reservation. 01 and 02 of the list are not for FLEGT.
const (
	CodeCommodity    ClearanceCode = "03" // commodity code mismatch
	CodeStatus       ClearanceCode = "04" // licence not in a status to reserve against
	CodeInsufficient ClearanceCode = "05" // not enough quantity; the MRN's earlier hold is dropped
	CodeWrittenOff   ClearanceCode = "06" // this MRN is written off already
	CodeLine         ClearanceCode = "07" // unknown line number
	CodeDestination  ClearanceCode = "08" // country of destination mismatch
	CodeHolder       ClearanceCode = "09" // licence holder mismatch
	CodeUnit         ClearanceCode = "10" // unit mismatch, or no unit
	CodeNotValidated ClearanceCode = "11" // quantities cannot be validated
)

// The outcomes of a release and of a deletion.
const (
	OutcomeExecuted    ClearanceCode = "01" // executed
	OutcomeNothing     ClearanceCode = "02" // nothing reserved for this MRN
	OutcomeConsumed    ClearanceCode = "03" // already consumed
	OutcomeLeftStatus  ClearanceCode = "04" // executed, but the licence has left the status for clearing
	OutcomeNotReported ClearanceCode = ""   // no code: the single window has none for it
)

// Outcome is what became of an operation on the ledger.
type Outcome struct {
	Code      ClearanceCode // of a release or a deletion; empty for the others
	Movements []Movement    // to append to the ledger
}

// CodeOf gives the single window's code of a refusal; empty when it has none.
func CodeOf(err error) ClearanceCode {
	var e *Error
	if !errors.As(err, &e) {
		return ""
	}
	code, _ := e.Args["Code"].(string)
	return ClearanceCode(code)
}

func refuseCode(code ClearanceCode, key string, args Args) error {
	if args == nil {
		args = Args{}
	}
	args["Code"] = string(code)
	return &Error{Kind: Refused, Key: key, Args: args}
}

// Claim is what a declaration states of itself: who asks for what.
type Claim struct {
	MRN         string // 18 characters
	Office      string // customs office reference number, 8 characters
	Destination string // country of destination, ISO 3166-1 alpha-2; empty when not stated
	Importer    string // EORI; empty when not stated
	Items       []Item
}

// Reserve books a declaration: it states the whole position of that MRN, so repeating it
// replaces and never adds. It gives the movements to append. When it is refused with code
// 05 the movements drop what the MRN held before: they must be appended although the error
// is not nil. All other refusals come without movements and leave an earlier hold as it was
// (captured behaviour of the single window, docs/clearance.md).
func (g Ledger) Reserve(by Actor, now time.Time, c Claim) ([]Movement, error) {
	if err := g.Licence.Clearable(); err != nil {
		return nil, err
	}
	held, state := g.Held(c.MRN)
	if state == DeclarationReleased {
		return nil, refuseCode(CodeWrittenOff, "clearance.released_already", Args{"MRN": c.MRN})
	}
	if err := g.StandsAt(c.MRN, c.Office); err != nil {
		return nil, err
	}
	if err := g.sameShipment(c); err != nil {
		return nil, err
	}
	items, err := g.fit(c.MRN, c.Items)
	if err != nil {
		return nil, err
	}
	var freed, out []Movement
	for _, h := range held {
		freed = append(freed, g.move(by, now, c.Office, MoveFree, h))
	}
	for _, it := range items {
		out = append(out, g.move(by, now, c.Office, MoveReserve, Movement{Line: it.Line, MRN: c.MRN, Unit: it.Unit, Quantity: it.Quantity, GoodsItem: it.GoodsItem, HS: it.HS}))
	}
	before := g.with(freed)
	for _, p := range before.with(out).Positions() {
		if p.Available < 0 && asks(items, p) {
			return freed, before.notEnough(p, items, c.MRN, len(freed) > 0)
		}
	}
	return append(freed, out...), nil
}

// asks says whether an item takes from the position. A line that is sold twice is so in each
// of its units; the sentence speaks of the one that was declared.
func asks(items []Item, p Position) bool {
	for _, it := range items {
		if it.Line == p.Line && it.Unit == p.Unit {
			return true
		}
	}
	return false
}

// sameShipment compares what the declaration says of country and importer with the licence,
// where it says anything.
func (g Ledger) sameShipment(c Claim) error {
	l := g.Licence
	if c.Destination != "" && c.Destination != l.ImportCountry {
		return refuseCode(CodeDestination, "clearance.destination_differs", Args{"MRN": c.MRN, "Number": l.Form.Number, "Destination": c.Destination, "Country": l.ImportCountry})
	}
	if c.Importer == "" {
		return nil
	}
	eori := squeeze(c.Importer)
	for _, h := range g.Holders {
		if squeeze(h) == eori {
			return nil
		}
	}
	key := "clearance.holder_differs"
	if len(g.Holders) == 0 {
		key = "clearance.holder_unknown"
	}
	return refuseCode(CodeHolder, key, Args{"MRN": c.MRN, "Number": l.Form.Number, "EORI": eori})
}

// notEnough says by how much. The ledger is the one before the booking.
func (g Ledger) notEnough(p Position, items []Item, mrn string, dropped bool) error {
	var asked, left Quantity
	for _, it := range items {
		if it.Line == p.Line && it.Unit == p.Unit {
			asked += it.Quantity
		}
	}
	for _, b := range g.Positions() {
		if b.Line == p.Line && b.Unit == p.Unit {
			left = b.Available
		}
	}
	key := "clearance.not_enough"
	if p.Unit == Piece {
		key = "clearance.not_enough_pieces"
	}
	if dropped {
		key += "_dropped"
	}
	return refuseCode(CodeInsufficient, key, Args{"MRN": mrn, "Line": p.Line, "Unit": p.Unit,
		"Asked": asked, "Granted": p.Granted, "Limit": p.Limit, "Left": left})
}

func (g Ledger) move(by Actor, now time.Time, office string, kind MovementKind, m Movement) Movement {
	return Movement{Licence: g.Licence.ID, Line: m.Line, MRN: m.MRN, Office: office, Unit: m.Unit, Quantity: m.Quantity, Kind: kind,
		At: now.UTC(), Account: by.Account, GoodsItem: m.GoodsItem, HS: m.HS}
}

// Release turns what the declaration holds into consumed. It is executed even when the
// licence has since left the status for clearing, with outcome 04: the goods are through.
// Refused with 02 and 03, while a hold stands, and after a physical check that found the
// goods not conform. Reg. (EC) 1024/2008 art. 13 (to be verified)
func (g Ledger) Release(by Actor, now time.Time, mrn, office string) (Outcome, error) {
	if err := g.Licence.stopped(mrn); err != nil {
		if held, state := g.Held(mrn); heldOrRefused(held, state, mrn) == nil {
			return Outcome{}, err
		}
	}
	return g.end(by, now, mrn, office, MoveConsume)
}

// Delete gives back what the declaration holds; refused with 02 and 03. Like Release and Correct
// it is done at the office where the declaration stands, see StandsAt; an empty office is that one.
func (g Ledger) Delete(by Actor, now time.Time, mrn, office string) (Outcome, error) {
	return g.end(by, now, mrn, office, MoveFree)
}

func (g Ledger) end(by Actor, now time.Time, mrn, office string, kind MovementKind) (Outcome, error) {
	held, state := g.Held(mrn)
	if err := heldOrRefused(held, state, mrn); err != nil {
		return Outcome{}, err
	}
	if office != "" {
		if err := g.StandsAt(mrn, office); err != nil {
			return Outcome{}, err
		}
	}
	out := Outcome{Code: OutcomeExecuted}
	if g.Licence.Clearable() != nil {
		out.Code = OutcomeLeftStatus
	}
	for _, h := range held {
		out.Movements = append(out.Movements, g.move(by, now, g.officeOf(mrn), kind, h))
	}
	return out, nil
}

// StandsAt refuses to go on at a customs office with what a declaration has booked or released
// at another one: that is done where it stands, or after TakeOver, which is an act of its own on
// record. What stands nowhere may be booked anywhere.
func (g Ledger) StandsAt(mrn, office string) error {
	at := g.officeOf(mrn)
	if at == "" || at == office {
		return nil
	}
	key := "clearance.stands_elsewhere"
	switch _, state := g.Held(mrn); state {
	case DeclarationNone:
		return nil
	case DeclarationReleased:
		key = "clearance.released_elsewhere"
	}
	args := Args{"MRN": mrn, "Office": at}
	return &Error{Kind: Refused, Key: key, Args: args, Boxes: []BoxError{{Box: "office", Key: key, Args: args}}}
}

func heldOrRefused(held []Movement, state DeclarationState, mrn string) error {
	if state == DeclarationReleased {
		return refuseCode(OutcomeConsumed, "clearance.released_already", Args{"MRN": mrn})
	}
	if len(held) == 0 {
		return refuseCode(OutcomeNothing, "clearance.nothing_reserved", Args{"MRN": mrn})
	}
	return nil
}

// Correct gives back what was released in error, the whole of the declaration, with a
// reason in words. The single window knows no such operation: it is customs' own, and the
// MRN can be booked again afterwards.
func (g Ledger) Correct(by Actor, now time.Time, mrn, office, reason string) (Outcome, error) {
	if _, err := reasonGiven(reason); err != nil {
		return Outcome{}, err
	}
	released := g.taken(mrn, MoveConsume, MoveReturn)
	if len(released) == 0 {
		return Outcome{}, Refuse(Refused, "clearance.nothing_released", Args{"MRN": mrn})
	}
	if office != "" {
		if err := g.StandsAt(mrn, office); err != nil {
			return Outcome{}, err
		}
	}
	var out Outcome
	for _, m := range released {
		out.Movements = append(out.Movements, g.move(by, now, g.officeOf(mrn), MoveReturn, m))
	}
	return out, nil
}

// TakeOver moves what a declaration holds to another customs office: what was booked there is
// given back and booked anew here, item by item, so that nothing is free in between. The single
// window knows no such operation: it is customs' own. Refused with 02 and 03, and when the
// declaration stands at the office already.
func (g Ledger) TakeOver(by Actor, now time.Time, mrn, office string) (Outcome, error) {
	held, state := g.Held(mrn)
	if err := heldOrRefused(held, state, mrn); err != nil {
		return Outcome{}, err
	}
	if g.officeOf(mrn) == office {
		return Outcome{}, Refuse(Conflict, "clearance.taken_over_already", Args{"MRN": mrn, "Office": office})
	}
	var out Outcome
	for _, kind := range []MovementKind{MoveFree, MoveReserve} {
		for _, h := range held {
			out.Movements = append(out.Movements, g.move(by, now, office, kind, h))
		}
	}
	return out, nil
}

// Booked gives the event of movements made under a licence. The movements stand in it, so
// that verify can replay the balances from the log alone.
func (g Ledger) Booked(by Actor, now time.Time, verb, mrn string, moves []Movement) Event {
	l := g.Licence
	entries := make([]map[string]any, 0, len(moves))
	for _, m := range moves {
		entry := map[string]any{"line": m.Line, "unit": string(m.Unit), "quantity": m.Quantity.String(), "kind": string(m.Kind)}
		if m.GoodsItem != 0 {
			entry["item"] = m.GoodsItem
		}
		if m.HS != "" {
			entry["hs"] = m.HS
		}
		entries = append(entries, entry)
	}
	office := ""
	if len(moves) > 0 {
		office = moves[0].Office
	}
	return l.event(by, now, verb).With("mrn", mrn).With("office", office).With("movements", entries)
}
