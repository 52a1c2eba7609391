package flegt

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Quantity is an exact amount in millionths of its unit, so that sums never drift (data
// element 12 03 006 of the customs declaration has six decimals).
type Quantity int64

// Unit is a code of UN/ECE Recommendation 20 as customs uses it.
type Unit string

// The units a goods line is counted in.
const (
	CubicMetre Unit = "MTQ" // box 14
	Kilogram   Unit = "KGM" // box 15
	Piece      Unit = "H87" // box 16
)

// Million is one whole unit.
const Million = 1_000_000

// MaxQuantity is the largest amount taken: a thousand million units, far beyond any ship.
const MaxQuantity Quantity = 1_000_000_000 * Million

// thousands are the spaces that people put between them.
var thousands = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")

// ParseQuantity reads an amount as people write it: digits with at most one decimal mark,
// a point or a comma, and at most six decimals. Spaces between thousands are ignored. The
// error is a *Error of kind Invalid.
func ParseQuantity(s string) (Quantity, error) {
	t := strings.TrimSpace(s)
	if strings.ContainsFunc(t, func(r rune) bool { return r == ' ' || r > unicode.MaxASCII }) {
		t = thousands.Replace(t)
	}
	bad := func(key string) (Quantity, error) {
		return 0, Refuse(Invalid, key, Args{"Found": s})
	}
	if t == "" {
		return bad("quantity.empty")
	}
	if strings.HasPrefix(t, "-") {
		return bad("quantity.negative")
	}
	if strings.Count(t, ".")+strings.Count(t, ",") > 1 {
		return bad("quantity.marks")
	}
	whole, frac := t, ""
	if i := strings.IndexAny(t, ".,"); i >= 0 {
		whole, frac = t[:i], t[i+1:]
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > 6 {
		return bad("quantity.decimals")
	}
	if whole == "" && frac == "" {
		return bad("quantity.digits")
	}
	var n int64
	for _, digits := range [...]string{whole, frac, "000000"[len(frac):]} {
		for _, r := range digits {
			if r < '0' || r > '9' {
				return bad("quantity.digits")
			}
			if n > (math.MaxInt64-9)/10 {
				return bad("quantity.large")
			}
			n = n*10 + int64(r-'0')
		}
	}
	if Quantity(n) > MaxQuantity {
		return bad("quantity.large")
	}
	return Quantity(n), nil
}

// ParseExactQuantity is ParseQuantity for what a program sends: with a point as the decimal mark, and
// nothing between thousands. "1,500" is one and a half where a person types it in Danish and fifteen
// hundred in English; from a program, which nobody watches, it is refused.
func ParseExactQuantity(s string) (Quantity, error) {
	if strings.ContainsRune(s, ',') || thousands.Replace(s) != s {
		return 0, Refuse(Invalid, "quantity.point", Args{"Found": s})
	}
	return ParseQuantity(s)
}

// Whole says whether an amount of a unit can be there: pieces are counted, and none is broken.
func (q Quantity) Whole(u Unit) bool { return u != Piece || q%Million == 0 }

// String writes the amount with a point and without needless zeros: 8.412, 12, 0.000001.
func (q Quantity) String() string {
	var b [24]byte
	out := b[:0]
	if q < 0 {
		out, q = append(out, '-'), -q
	}
	out = strconv.AppendInt(out, int64(q/Million), 10)
	f := int64(q % Million)
	if f == 0 {
		return string(out)
	}
	out = append(out, '.')
	for unit := int64(Million / 10); f > 0; unit /= 10 {
		out = append(out, byte('0'+f/unit))
		f %= unit
	}
	return string(out)
}

// Amount is a quantity as typed in a box; empty when the box is. A draft keeps it as it
// stands; Quantity reads it exactly.
type Amount string

// Quantity reads the amount; zero and nil when the box is empty.
func (a Amount) Quantity() (Quantity, error) {
	if strings.TrimSpace(string(a)) == "" {
		return 0, nil
	}
	return ParseQuantity(string(a))
}

// Tolerance is how far volume or weight presented may exceed the licence: 10 %.
// Reg. (EC) 1024/2008 art. 10(2)
const tolerancePercent = 10

// WithTolerance gives the most that a licence line of q covers. Pieces are counted, not
// weighed: the tolerance is for volume and weight alone. Reg. (EC) 1024/2008 art. 10(2)
func (q Quantity) WithTolerance(u Unit) Quantity {
	if u == Piece {
		return q
	}
	return q + q/100*tolerancePercent + q%100*tolerancePercent/100
}

// ParseCents reads an amount of money as people write it, with at most two decimals that
// count, in hundredths of its currency; false when it is none.
func ParseCents(s string) (cents int64, ok bool) {
	amount, err := ParseQuantity(s)
	return int64(amount / (Million / 100)), err == nil && amount%(Million/100) == 0
}
