package flegt

import (
	"sort"
	"time"
)

// MovementKind says what a movement does to a line's position.
type MovementKind string

// The kinds. A reservation that is replaced or deleted is put right by an opposite one.
const (
	MoveReserve MovementKind = "reserve" // available becomes reserved
	MoveFree    MovementKind = "free"    // reserved goes back to available
	MoveConsume MovementKind = "consume" // reserved becomes consumed, for good
)

// Movement is one entry of the quantity ledger. It is never changed.
type Movement struct {
	ID       string
	Licence  string
	Line     int
	MRN      string // 18 characters
	Office   string // customs office reference number, 8 characters
	Unit     Unit
	Quantity Quantity // positive
	Kind     MovementKind
	At       time.Time
	Account  string
	Seq      int64 // of the event that carries it
}

// DeclarationState is where a declaration stands in the ledger of one licence.
type DeclarationState string

// The states of a declaration.
const (
	DeclarationNone     DeclarationState = ""
	DeclarationReserved DeclarationState = "reserved"
	DeclarationReleased DeclarationState = "released"
)

// Position is what one line of a licence has in one unit. Available, reserved and consumed
// add up to what is granted with the tolerance of Reg. (EC) 1024/2008 art. 10(2).
type Position struct {
	Line      int
	Unit      Unit
	Granted   Quantity // on the paper
	Limit     Quantity // with the tolerance
	Reserved  Quantity
	Consumed  Quantity
	Available Quantity
}

// Item is one line that a declaration asks for.
type Item struct {
	Line     int
	HS       string // commodity code of the declaration; empty when not stated
	Unit     Unit
	Quantity Quantity
}

// Ledger is a licence with all its movements: what is left follows from it.
type Ledger struct {
	Licence   Licence
	Movements []Movement
}

// Positions works out every line's position in every unit that the paper states.
func (g Ledger) Positions() []Position {
	var out []Position
	for _, line := range g.Licence.Form.Goods {
		for _, u := range []Unit{CubicMetre, Kilogram, Piece} {
			granted, ok := line.Granted(u)
			if !ok {
				continue
			}
			p := Position{Line: line.Line, Unit: u, Granted: granted, Limit: granted.WithTolerance(u)}
			for _, m := range g.Movements {
				if m.Line == line.Line && m.Unit == u {
					p.apply(m)
				}
			}
			p.Available = p.Limit - p.Reserved - p.Consumed
			out = append(out, p)
		}
	}
	return out
}

func (p *Position) apply(m Movement) {
	switch m.Kind {
	case MoveReserve:
		p.Reserved += m.Quantity
	case MoveFree:
		p.Reserved -= m.Quantity
	case MoveConsume:
		p.Reserved -= m.Quantity
		p.Consumed += m.Quantity
	}
}

// Held gives what a declaration holds reserved, and its state.
func (g Ledger) Held(mrn string) ([]Movement, DeclarationState) {
	type slot struct {
		line int
		unit Unit
	}
	held := map[slot]Movement{}
	state := DeclarationNone
	for _, m := range g.Movements {
		if m.MRN != mrn {
			continue
		}
		k := slot{m.Line, m.Unit}
		h := held[k]
		h.Line, h.Unit, h.MRN, h.Office = m.Line, m.Unit, m.MRN, m.Office
		switch m.Kind {
		case MoveReserve:
			h.Quantity += m.Quantity
		case MoveFree:
			h.Quantity -= m.Quantity
		case MoveConsume:
			h.Quantity -= m.Quantity
			state = DeclarationReleased
		}
		held[k] = h
	}
	var out []Movement
	for _, h := range held {
		if h.Quantity > 0 {
			out = append(out, h)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Line < out[j].Line || out[i].Line == out[j].Line && out[i].Unit < out[j].Unit
	})
	if state == DeclarationNone && len(out) > 0 {
		state = DeclarationReserved
	}
	return out, state
}

// UsedUp says whether some of the licence was consumed and nothing is reserved or left
// above the tolerance: every line's paper quantity is consumed.
func (g Ledger) UsedUp() bool {
	positions := g.Positions()
	for _, p := range positions {
		if p.Consumed < p.Granted {
			return false
		}
	}
	return len(positions) > 0
}

// Standing is the licence's state as a reader sees it on a day: the stored one, or used up,
// or expired.
func (g Ledger) Standing(today Date) string {
	switch {
	case g.Licence.State == Accepted && g.UsedUp():
		return "used_up"
	case (g.Licence.State == Accepted || g.Licence.State == Draft) && g.Licence.Expires(today) && !g.Started():
		return "expired"
	}
	return string(g.Licence.State)
}

// Started says whether anything was consumed.
func (g Ledger) Started() bool {
	for _, m := range g.Movements {
		if m.Kind == MoveConsume {
			return true
		}
	}
	return false
}

// Expires says whether the licence's last day lies before today.
func (l Licence) Expires(today Date) bool { return l.ValidUntil().Valid() && l.ValidUntil() < today }

// Reserve books a declaration: it states the whole position of that MRN, so repeating it
// replaces. It gives the movements to append. Refused, with the reason in a sentence,
// unless the licence is accepted, was unexpired at lodging, and has enough left. The codes
// in Args are those of the customs single window (spec of the quantity ledger).
func (g Ledger) Reserve(by Actor, now time.Time, mrn, office string, items []Item) ([]Movement, error) {
	if err := g.Licence.Clearable(); err != nil {
		return nil, err
	}
	held, state := g.Held(mrn)
	if state == DeclarationReleased {
		return nil, refuseCode("06", "clearance.released_already", Args{"MRN": mrn})
	}
	if len(items) == 0 {
		return nil, InvalidBoxes([]BoxError{{Box: "quantity", Key: "clearance.no_items"}})
	}
	if err := g.itemsFit(items); err != nil {
		return nil, err
	}
	var out []Movement
	for _, h := range held {
		out = append(out, g.move(by, now, mrn, office, MoveFree, h.Line, h.Unit, h.Quantity))
	}
	for _, it := range items {
		out = append(out, g.move(by, now, mrn, office, MoveReserve, it.Line, it.Unit, it.Quantity))
	}
	after := Ledger{Licence: g.Licence, Movements: append(append([]Movement{}, g.Movements...), out...)}
	for _, p := range after.Positions() {
		if p.Available < 0 {
			return nil, notEnough(p, items, mrn)
		}
	}
	return out, nil
}

func (g Ledger) itemsFit(items []Item) error {
	for _, it := range items {
		line, ok := g.line(it.Line)
		if !ok {
			return refuseCode("07", "clearance.no_such_line", Args{"Line": it.Line})
		}
		if it.HS != "" && !sameHeading(it.HS, line.HS) {
			return refuseCode("03", "clearance.hs_differs", Args{"Line": it.Line, "Declared": it.HS, "Licensed": line.HS})
		}
		if _, ok := line.Granted(it.Unit); !ok {
			return refuseCode("10", "clearance.unit_differs", Args{"Line": it.Line, "Unit": string(it.Unit)})
		}
		if it.Quantity <= 0 {
			return InvalidBoxes([]BoxError{{Box: "quantity", Key: "quantity.positive"}})
		}
	}
	return nil
}

func notEnough(p Position, items []Item, mrn string) error {
	var asked Quantity
	for _, it := range items {
		if it.Line == p.Line && it.Unit == p.Unit {
			asked += it.Quantity
		}
	}
	return refuseCode("05", "clearance.not_enough", Args{"MRN": mrn, "Line": p.Line, "Unit": string(p.Unit),
		"Asked": asked, "Granted": p.Granted, "Limit": p.Limit, "Left": p.Available + asked})
}

func (g Ledger) line(n int) (GoodsLine, bool) {
	for _, l := range g.Licence.Form.Goods {
		if l.Line == n {
			return l, true
		}
	}
	return GoodsLine{}, false
}

func (g Ledger) move(by Actor, now time.Time, mrn, office string, kind MovementKind, line int, u Unit, q Quantity) Movement {
	return Movement{Licence: g.Licence.ID, Line: line, MRN: mrn, Office: office, Unit: u, Quantity: q, Kind: kind, At: now.UTC(), Account: by.Account}
}

// Release turns what the declaration holds into consumed, for good.
func (g Ledger) Release(by Actor, now time.Time, mrn string) ([]Movement, error) {
	held, state := g.Held(mrn)
	if err := heldOrRefused(held, state, mrn); err != nil {
		return nil, err
	}
	var out []Movement
	for _, h := range held {
		out = append(out, g.move(by, now, mrn, h.Office, MoveConsume, h.Line, h.Unit, h.Quantity))
	}
	return out, nil
}

// Free gives back what the declaration holds.
func (g Ledger) Free(by Actor, now time.Time, mrn string) ([]Movement, error) {
	held, state := g.Held(mrn)
	if err := heldOrRefused(held, state, mrn); err != nil {
		return nil, err
	}
	var out []Movement
	for _, h := range held {
		out = append(out, g.move(by, now, mrn, h.Office, MoveFree, h.Line, h.Unit, h.Quantity))
	}
	return out, nil
}

func heldOrRefused(held []Movement, state DeclarationState, mrn string) error {
	if state == DeclarationReleased {
		return refuseCode("03", "clearance.released_already", Args{"MRN": mrn})
	}
	if len(held) == 0 {
		return refuseCode("02", "clearance.nothing_reserved", Args{"MRN": mrn})
	}
	return nil
}

func refuseCode(code, key string, args Args) error {
	if args == nil {
		args = Args{}
	}
	args["Code"] = code
	return &Error{Kind: Refused, Key: key, Args: args}
}

// sameHeading compares commodity codes as far as the shorter of the two goes, at least the
// four digits of the heading (box 10).
func sameHeading(a, b string) bool {
	a, b = digits(a), digits(b)
	n := min(len(a), len(b))
	return n >= 4 && a[:n] == b[:n]
}

func digits(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// Booked gives the event of movements made under a licence. The movements stand in it, so
// that verify can replay the balances from the log alone.
func (g Ledger) Booked(by Actor, now time.Time, verb, mrn string, moves []Movement) Event {
	l := g.Licence
	entries := make([]map[string]any, 0, len(moves))
	for _, m := range moves {
		entries = append(entries, map[string]any{"line": m.Line, "unit": string(m.Unit), "quantity": m.Quantity.String(), "kind": string(m.Kind)})
	}
	office := ""
	if len(moves) > 0 {
		office = moves[0].Office
	}
	return l.event(by, now, verb).With("mrn", mrn).With("office", office).With("movements", entries)
}
