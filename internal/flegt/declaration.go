package flegt

import "strings"

// DeclarationState is where a declaration stands in the ledger of one licence.
type DeclarationState string

// The states of a declaration.
const (
	DeclarationNone     DeclarationState = ""
	DeclarationReserved DeclarationState = "reserved"
	DeclarationReleased DeclarationState = "released"
)

// Item is one line that a declaration asks for.
type Item struct {
	Line      int
	GoodsItem int    // of the declaration; 0 when it is not stated
	HS        string // commodity code of the declaration; empty when not stated
	Unit      Unit
	Quantity  Quantity
}

// MaxItems is how many goods items one declaration may have (UCC Annex B, 1 01; to be verified).
const MaxItems = 999

// Declaration is one customs declaration with what it takes from a licence.
type Declaration struct {
	MRN    string
	Office string // where it was booked last
	State  DeclarationState
	Items  []Movement // what it holds, or what was released
}

// Declarations lists the declarations that ever stood under the licence, in the order in
// which they came.
func (g Ledger) Declarations() []Declaration {
	var out []Declaration
	seen := map[string]bool{}
	for _, m := range g.Movements {
		if seen[m.MRN] {
			continue
		}
		seen[m.MRN] = true
		d := Declaration{MRN: m.MRN, Office: g.officeOf(m.MRN)}
		d.Items, d.State = g.Held(m.MRN)
		if d.State == DeclarationReleased {
			d.Items = g.taken(m.MRN, MoveConsume, MoveReturn)
		}
		out = append(out, d)
	}
	return out
}

// Split says whether more than one declaration takes from the licence: a licence is for one
// shipment, and one declaration is the rule.
func (g Ledger) Split() bool {
	seen, first := map[string]bool{}, false
	for _, m := range g.Movements {
		if seen[m.MRN] {
			continue
		}
		seen[m.MRN] = true
		if _, state := g.Held(m.MRN); state == DeclarationNone {
			continue
		}
		if first {
			return true
		}
		first = true
	}
	return false
}

func (g Ledger) officeOf(mrn string) (office string) {
	for _, m := range g.Movements {
		if m.MRN == mrn {
			office = m.Office
		}
	}
	return office
}

// Held gives what a declaration holds reserved, and its state.
func (g Ledger) Held(mrn string) ([]Movement, DeclarationState) {
	held := g.taken(mrn, MoveReserve, MoveFree, MoveConsume)
	if len(g.taken(mrn, MoveConsume, MoveReturn)) > 0 {
		return held, DeclarationReleased
	}
	if len(held) > 0 {
		return held, DeclarationReserved
	}
	return nil, DeclarationNone
}

// slot is what movements of the same item have in common.
type slot struct {
	line int
	unit Unit
	item int
	hs   string
}

func slotOf(m Movement) slot { return slot{m.Line, m.Unit, m.GoodsItem, m.HS} }

// taken adds a declaration's movements up, item by item: the first kind counts up, the
// others down. Items that come to nothing are left out.
func (g Ledger) taken(mrn string, up MovementKind, down ...MovementKind) []Movement {
	var sums []Movement
	where := map[slot]int{}
	for _, m := range g.Movements {
		if m.MRN != mrn {
			continue
		}
		sign := Quantity(0)
		for _, k := range down {
			if m.Kind == k {
				sign = -1
			}
		}
		if m.Kind == up {
			sign = 1
		}
		if sign == 0 {
			continue
		}
		m.Quantity *= sign
		if i, known := where[slotOf(m)]; known {
			m.Quantity += sums[i].Quantity
			sums[i] = m
		} else {
			where[slotOf(m)] = len(sums)
			sums = append(sums, m)
		}
	}
	var out []Movement
	for _, m := range sums {
		if m.Quantity > 0 {
			out = append(out, m)
		}
	}
	sortMoves(out)
	return out
}

// Everything is what one declaration for the whole shipment takes: of each line what the
// paper grants and nobody else has booked, in the first unit that the paper states. What
// the declaration holds already counts as free, because a booking replaces.
func (g Ledger) Everything(mrn string) []Item {
	held, _ := g.Held(mrn)
	for i := range held {
		held[i].Kind = MoveFree
	}
	var out []Item
	seen := map[int]bool{}
	for _, p := range g.with(held).Positions() {
		if seen[p.Line] {
			continue
		}
		seen[p.Line] = true
		left := min(p.Granted-p.Reserved-p.Consumed-p.Elsewhere, p.Available)
		if !left.Whole(p.Unit) { // parts of a piece were booked once, which is not done any more
			left -= left % Million
		}
		if left > 0 {
			out = append(out, Item{Line: p.Line, Unit: p.Unit, Quantity: left})
		}
	}
	return out
}

// AllThatIsLeft is Everything, or a refusal in words when the paper grants nothing more: what is
// then available is the tolerance, of which a declaration says itself what it takes. It leaves
// every other refusal to Reserve.
func (g Ledger) AllThatIsLeft(mrn string) ([]Item, error) {
	items := g.Everything(mrn)
	if _, state := g.Held(mrn); len(items) > 0 || state == DeclarationReleased || g.Licence.Clearable() != nil {
		return items, nil
	}
	return nil, Refuse(Refused, "clearance.nothing_left", Args{"MRN": mrn, "Number": g.Licence.Form.Number})
}

// fit holds the items against the licence's lines and gives them in the ledger's units.
// Nothing is guessed: a missing unit is refused.
func (g Ledger) fit(mrn string, items []Item) ([]Item, error) {
	if len(items) == 0 {
		return nil, InvalidBoxes([]BoxError{{Box: "quantity", Key: "clearance.no_items"}})
	}
	if len(items) > MaxItems {
		return nil, Refuse(TooLarge, "clearance.too_many_items", Args{"Max": MaxItems})
	}
	out := make([]Item, 0, len(items))
	for _, it := range items {
		line, ok := g.line(it.Line)
		if !ok {
			return nil, refuseCode(CodeLine, "clearance.no_such_line", Args{"MRN": mrn, "Line": it.Line})
		}
		if it.HS != "" && !codeFits(it.HS, line.HS) {
			return nil, refuseCode(CodeCommodity, "clearance.hs_differs", Args{"MRN": mrn, "Line": it.Line, "Declared": it.HS, "Licensed": line.HS})
		}
		fitted, err := g.inUnitOf(line, it)
		if err != nil {
			return nil, err
		}
		out = append(out, fitted)
	}
	return out, nil
}

// inUnitOf gives an item in the unit in which the ledger counts its line.
func (g Ledger) inUnitOf(line GoodsLine, it Item) (Item, error) {
	args := Args{"Line": it.Line, "Unit": it.Unit}
	if it.Unit == "" {
		return it, refuseCode(CodeUnit, "clearance.unit_missing", args)
	}
	if it.Quantity <= 0 || it.Quantity > MaxQuantity {
		return it, InvalidBoxes([]BoxError{{Box: "quantity", Key: "quantity.positive"}})
	}
	if _, ok := line.Granted(it.Unit); ok {
		if !it.Quantity.Whole(it.Unit) {
			return it, refuseCode(CodeNotValidated, "clearance.pieces_whole", Args{"Line": it.Line, "Unit": it.Unit, "Asked": it.Quantity})
		}
		return it, nil
	}
	for _, u := range ledgerUnits {
		if _, stated := line.Granted(u); !stated || g.Convert == nil {
			continue
		}
		q, err := g.Convert(it.Quantity, it.Unit, u)
		e, refused := err.(*Error)
		switch {
		case err == nil && q <= MaxQuantity:
			it.Unit, it.Quantity = u, q
			return it, nil
		case err == nil || refused && e.Key == "unit.inexact":
			return it, refuseCode(CodeNotValidated, "clearance.unit_inexact", args)
		}
	}
	if !line.readable() {
		return it, refuseCode(CodeNotValidated, "clearance.not_validated", args)
	}
	return it, refuseCode(CodeUnit, "clearance.unit_differs", args)
}

// readable says whether the paper states any quantity of the line that can be read.
func (g GoodsLine) readable() bool {
	for _, u := range ledgerUnits {
		if _, ok := g.Granted(u); ok {
			return true
		}
	}
	return false
}

// codeFits compares commodity codes as far as the licence's goes, at least the four digits
// of the heading (box 10): a declaration's code is longer, and must begin with it.
func codeFits(declared, licensed string) bool {
	declared, licensed = digits(declared), digits(licensed)
	return len(licensed) >= 4 && strings.HasPrefix(declared, licensed)
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
