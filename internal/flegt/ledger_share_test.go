package flegt

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// The share of a line that is booked in its other units is the same in whole numbers as in
// fractions, and rounded up.
func TestShareOfOtherUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.OneOf(rapid.Int64Range(0, 100), rapid.Int64Range(0, 5_000_000_000), rapid.Int64Range(0, 1<<62))
		limit := Quantity(amount.Draw(t, "limit"))
		var all []Position
		want := new(big.Rat)
		for _, u := range ledgerUnits[1:rapid.IntRange(1, 3).Draw(t, "units")] {
			p := Position{Unit: u, Limit: Quantity(1 + amount.Draw(t, "of")), Reserved: Quantity(amount.Draw(t, "reserved")) / 2, Consumed: Quantity(amount.Draw(t, "consumed")) / 2}
			all = append(all, p)
			want.Add(want, big.NewRat(int64(p.Reserved+p.Consumed), int64(p.Limit)))
		}
		grain := rapid.SampledFrom([]Quantity{1, Million}).Draw(t, "grain")
		want.Mul(want, big.NewRat(int64(limit), int64(grain)))
		up := new(big.Int).Neg(new(big.Int).Div(new(big.Int).Neg(want.Num()), want.Denom())) // Div rounds down
		if up.Mul(up, big.NewInt(int64(grain))); !up.IsInt64() {
			return // more than there is in the world
		}
		if got := shareOf(limit, all, CubicMetre, grain); int64(got) != up.Int64() {
			t.Fatalf("%d, not %s", got, up)
		}
	})
}
