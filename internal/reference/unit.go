package reference

import (
	"math/bits"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Unit is a unit of UN/ECE Recommendation 20 in which goods are counted.
type Unit struct {
	Code flegt.Unit
	// Group: units of one group convert into each other exactly, others not at all.
	Group string
	// Size is the unit in millionths of its group's base (kilogram, cubic metre …).
	Size   int64
	Source string
}

func addUnit(d *Data, w row) {
	u := Unit{
		Code: flegt.Unit(w.need("code")), Group: w.need("group"), Size: w.count("millionths_of_base"),
		Source: w.need("source"),
	}
	if u.Size == 0 {
		w.wrong("millionths_of_base is 0")
	}
	if d.units == nil {
		d.units = map[flegt.Unit]Unit{}
	}
	if _, twice := d.units[u.Code]; twice {
		w.wrong("%s stands here twice", u.Code)
	}
	d.units[u.Code] = u
	d.unitOrder = append(d.unitOrder, u.Code)
}

// Unit gives a unit by its code. There is no unit for a missing code: reading it as
// tonnes, as one system does, has lost shipments.
func (d *Data) Unit(code flegt.Unit) (Unit, bool) {
	u, ok := d.units[code]
	return u, ok
}

// Units lists the units.
func (d *Data) Units() []Unit {
	out := make([]Unit, 0, len(d.unitOrder))
	for _, c := range d.unitOrder {
		out = append(out, d.units[c])
	}
	return out
}

// Convert turns an amount into another unit, exactly or not at all. The error is an
// *flegt.Error of kind Invalid: unit.unknown, unit.mismatch (units of different kinds,
// the ledger's refusal 10), unit.inexact (finer than a millionth, or far too large).
func (d *Data) Convert(q flegt.Quantity, from, to flegt.Unit) (flegt.Quantity, error) {
	f, known := d.units[from]
	t, also := d.units[to]
	args := flegt.Args{"From": string(from), "To": string(to)}
	switch {
	case !known || !also:
		return 0, flegt.Refuse(flegt.Invalid, "unit.unknown", args)
	case f.Group != t.Group:
		return 0, flegt.Refuse(flegt.Invalid, "unit.mismatch", args)
	}
	n := uint64(q)
	if q < 0 {
		n = -n
	}
	hi, lo := bits.Mul64(n, uint64(f.Size))
	if hi >= uint64(t.Size) {
		return 0, flegt.Refuse(flegt.Invalid, "unit.inexact", args)
	}
	n, rest := bits.Div64(hi, lo, uint64(t.Size))
	if rest != 0 || n > 1<<62 {
		return 0, flegt.Refuse(flegt.Invalid, "unit.inexact", args)
	}
	if q < 0 {
		return -flegt.Quantity(n), nil
	}
	return flegt.Quantity(n), nil
}
