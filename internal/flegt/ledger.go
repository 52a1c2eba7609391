package flegt

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
	"sort"
	"time"
)

// MovementKind says what a movement does to a line's position.
type MovementKind string

// The kinds. What was booked or released wrongly is put right by an opposite movement.
const (
	MoveReserve MovementKind = "reserve" // available becomes reserved
	MoveFree    MovementKind = "free"    // reserved goes back to available
	MoveConsume MovementKind = "consume" // reserved becomes consumed
	MoveReturn  MovementKind = "return"  // consumed goes back to available: released in error
)

// Movement is one entry of the quantity ledger. It is never changed.
type Movement struct {
	ID        string
	Licence   string
	Line      int
	MRN       string // 18 characters
	Office    string // customs office reference number, 8 characters
	Unit      Unit   // the unit of the licence's box: GRM and TNE are kept as KGM
	Quantity  Quantity
	Kind      MovementKind
	At        time.Time
	Account   string
	Seq       int64  // of the event that carries it
	GoodsItem int    `json:",omitempty"` // of the declaration; 0 when it was not stated
	HS        string `json:",omitempty"` // commodity code of the declaration; empty when not stated
}

// Position is what one line of a licence has in one unit. Available, reserved, consumed and
// elsewhere always add up to the limit, which is what is granted with the tolerance of
// Reg. (EC) 1024/2008 art. 10(2).
type Position struct {
	Line      int // 0 in a total
	Unit      Unit
	Granted   Quantity // on the paper
	Limit     Quantity // with the tolerance
	Reserved  Quantity
	Consumed  Quantity
	Elsewhere Quantity // the share of the line that is booked in its other units, in this unit
	Available Quantity
}

// Used is what is not available any more: reserved, consumed, or booked in another unit.
func (p Position) Used() Quantity { return p.Limit - p.Available }

// Ledger is a licence with all its movements: what is left follows from it.
type Ledger struct {
	Licence   Licence
	Movements []Movement
	// Holders are the EORI numbers of the operator whose licence it is.
	Holders []string
	// Convert turns an amount into another unit of its kind, exactly or not at all
	// (reference.Data.Convert). Nil converts nothing.
	Convert func(q Quantity, from, to Unit) (Quantity, error)
}

// ledgerUnits are the units of the boxes 14, 15 and 16, in the order in which a line is
// booked when nobody says otherwise.
var ledgerUnits = []Unit{CubicMetre, Kilogram, Piece}

// Positions works out every line's position in every unit that the paper states.
func (g Ledger) Positions() []Position {
	out := make([]Position, 0, len(g.Licence.Form.Goods)*len(ledgerUnits))
	sums := g.sums()
	for _, line := range g.Licence.Form.Goods {
		out = g.position(out, line, sums)
	}
	return out
}

// box is a line of a licence in one unit.
type box struct {
	line int
	unit Unit
}

// sums adds the movements up by line and unit. It is nil when there are so few that going through
// them for each line takes less.
func (g Ledger) sums() map[box]Position {
	if len(g.Movements)*len(g.Licence.Form.Goods) < 100 {
		return nil
	}
	out := map[box]Position{}
	for _, m := range g.Movements {
		p := out[box{m.Line, m.Unit}]
		p.apply(m)
		out[box{m.Line, m.Unit}] = p
	}
	return out
}

// position works out one line and adds it to those before. A share of the line that is booked in one unit is gone in
// the others too; see docs/decisions/0006.
func (g Ledger) position(before []Position, line GoodsLine, sums map[box]Position) []Position {
	all, first := before, len(before)
	busy := 0
	for _, u := range ledgerUnits {
		granted, ok := line.Granted(u)
		if !ok {
			continue
		}
		p := Position{Line: line.Line, Unit: u, Granted: granted, Limit: granted.WithTolerance(u)}
		if sums != nil {
			sum := sums[box{line.Line, u}]
			p.Reserved, p.Consumed = sum.Reserved, sum.Consumed
		} else {
			for _, m := range g.Movements {
				if m.Line == line.Line && m.Unit == u {
					p.apply(m)
				}
			}
		}
		if p.Reserved+p.Consumed != 0 {
			busy++
		}
		all = append(all, p)
	}
	out := all[first:]
	for i := range out {
		p := &out[i]
		if own := p.Reserved + p.Consumed; busy > 1 || busy == 1 && own == 0 {
			p.Elsewhere = shareOf(p.Limit, out, p.Unit, p.grain())
		}
		p.Available = p.Limit - p.Reserved - p.Consumed - p.Elsewhere
	}
	return all
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
	case MoveReturn:
		p.Consumed -= m.Quantity
	}
}

// grain is what the position's unit is counted by: whole pieces, as long as the paper and the
// declarations count whole ones, and else millionths.
func (p Position) grain() Quantity {
	if p.Unit == Piece && p.Limit%Million == 0 && (p.Reserved+p.Consumed)%Million == 0 {
		return Million
	}
	return 1
}

// shareOf gives the share of a line that is booked in units other than its own, as an
// amount of this unit, rounded up to its grain: nothing is sold twice by rounding.
// Because it is rounded up and the rest is whole, "available is not below nothing" says
// exactly that the shares of all units make at most one line.
func shareOf(limit Quantity, all []Position, except Unit, grain Quantity) Quantity {
	if share, ok := shareOfOne(limit, all, except, grain); ok {
		return share
	}
	sum := new(big.Rat)
	for _, p := range all {
		if used := p.Reserved + p.Consumed; p.Unit != except && used != 0 {
			sum.Add(sum, big.NewRat(int64(used), int64(p.Limit)))
		}
	}
	sum.Mul(sum, big.NewRat(int64(limit), int64(grain)))
	whole, rest := new(big.Int).QuoRem(sum.Num(), sum.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		whole.Add(whole, big.NewInt(1))
	}
	return Quantity(whole.Int64()) * grain
}

// shareOfOne is shareOf where at most one other unit is booked, as nearly always, and the
// amounts are of common size: in whole numbers of 128 bits.
func shareOfOne(limit Quantity, all []Position, except Unit, grain Quantity) (Quantity, bool) {
	var other *Position
	for i := range all {
		if p := &all[i]; p.Unit != except && p.Reserved+p.Consumed != 0 {
			if other != nil {
				return 0, false
			}
			other = p
		}
	}
	if other == nil {
		return 0, true
	}
	used := other.Reserved + other.Consumed
	if limit < 0 || used < 0 || other.Limit <= 0 {
		return 0, false
	}
	high, low := bits.Mul64(uint64(limit), uint64(used))
	if high >= uint64(other.Limit) {
		return 0, false
	}
	share, rest := bits.Div64(high, low, uint64(other.Limit))
	if share > math.MaxInt64-uint64(grain)-1 {
		return 0, false
	}
	if rest > 0 {
		share++
	}
	if over := share % uint64(grain); over > 0 {
		share += uint64(grain) - over
	}
	return Quantity(share), true
}

// Totals adds the positions of all lines up, unit by unit. Units that only some lines state
// are totals of those lines.
func (g Ledger) Totals() []Position { return TotalsOf(g.Positions()) }

// TotalsOf is Totals for positions that are worked out.
func TotalsOf(positions []Position) []Position {
	var out []Position
	for _, u := range ledgerUnits {
		t := Position{Unit: u}
		for _, p := range positions {
			if p.Unit != u {
				continue
			}
			t.Granted += p.Granted
			t.Limit += p.Limit
			t.Reserved += p.Reserved
			t.Consumed += p.Consumed
			t.Elsewhere += p.Elsewhere
			t.Available += p.Available
		}
		if t.Granted > 0 {
			out = append(out, t)
		}
	}
	return out
}

// UsedUp says whether each line's paper quantity is consumed: in one unit, or in several
// whose shares make up the whole line.
func (g Ledger) UsedUp() bool {
	lines := 0
	if !g.released() {
		return false
	}
	sums := g.sums()
	for _, line := range g.Licence.Form.Goods {
		positions := g.position(nil, line, sums)
		if len(positions) == 0 {
			continue
		}
		if !wholly(positions) {
			return false
		}
		lines++
	}
	return lines > 0
}

// wholly says whether the shares of a line that are consumed in its units make the whole of
// its paper quantity.
func wholly(positions []Position) bool {
	units := 0
	for _, p := range positions {
		if p.Consumed >= p.Granted {
			return true
		}
		if p.Consumed != 0 {
			units++
		}
	}
	if units < 2 {
		return false
	}
	share := new(big.Rat)
	for _, p := range positions {
		share.Add(share, big.NewRat(int64(p.Consumed), int64(p.Granted)))
	}
	return share.Cmp(big.NewRat(1, 1)) >= 0
}

// Use is how far a licence is used: nothing of it released, something, or all.
type Use string

// The uses.
const (
	UseNone  Use = ""
	UseBegun Use = "begun"
	UseAll   Use = "used_up"
)

// Use says how far the licence is used.
func (g Ledger) Use() Use {
	switch {
	case g.UsedUp():
		return UseAll
	case g.Started():
		return UseBegun
	}
	return UseNone
}

// LicenceStanding narrows a list of accepted licences by how they stand on a day.
type LicenceStanding string

// The standings of accepted licences. See Ledger.Standing.
const (
	LicenceOpen    LicenceStanding = "open" // neither used up nor expired: something can come under it
	LicenceUsedUp  LicenceStanding = "used_up"
	LicenceExpired LicenceStanding = "expired" // before anything was released
)

// LicenceStandings lists them in the order in which pages offer them.
var LicenceStandings = []LicenceStanding{LicenceOpen, LicenceUsedUp, LicenceExpired}

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

// Started says whether anything is consumed; what was released in error and given back does
// not count.
func (g Ledger) Started() bool {
	if !g.released() {
		return false
	}
	sums := g.sums()
	for _, line := range g.Licence.Form.Goods {
		for _, u := range ledgerUnits {
			if sums != nil && sums[box{line.Line, u}].Consumed > 0 || sums == nil && g.consumed(line.Line, u) > 0 {
				if _, stated := line.Granted(u); stated {
					return true
				}
			}
		}
	}
	return false
}

// consumed is what is consumed of a line in a unit.
func (g Ledger) consumed(line int, u Unit) (sum Quantity) {
	for _, m := range g.Movements {
		if m.Line != line || m.Unit != u {
			continue
		}
		switch m.Kind {
		case MoveConsume:
			sum += m.Quantity
		case MoveReturn:
			sum -= m.Quantity
		}
	}
	return sum
}

// released says whether anything was ever released.
func (g Ledger) released() bool {
	return slices.ContainsFunc(g.Movements, func(m Movement) bool { return m.Kind == MoveConsume })
}

// Expires says whether the licence's last day lies before today.
func (l Licence) Expires(today Date) bool { return l.ValidUntil().Valid() && l.ValidUntil() < today }

func (g Ledger) line(n int) (GoodsLine, bool) {
	for _, l := range g.Licence.Form.Goods {
		if l.Line == n {
			return l, true
		}
	}
	return GoodsLine{}, false
}

// with gives the ledger after further movements.
func (g Ledger) with(moves []Movement) Ledger {
	g.Movements = append(g.Movements[:len(g.Movements):len(g.Movements)], moves...)
	return g
}

// sortMoves puts movements in the order of lines, units and goods items.
func sortMoves(out []Movement) {
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		switch {
		case a.Line != b.Line:
			return a.Line < b.Line
		case a.Unit != b.Unit:
			return a.Unit < b.Unit
		case a.GoodsItem != b.GoodsItem:
			return a.GoodsItem < b.GoodsItem
		}
		return a.HS < b.HS
	})
}
