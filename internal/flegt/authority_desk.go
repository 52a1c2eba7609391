package flegt

import (
	"slices"
	"strings"
)

// DeskSettings are what a competent authority sets for its own desk. The zero value works:
// no target, one officer decides, nothing is charged.
type DeskSettings struct {
	TargetDays int   // working days within which a licence should be decided; 0 sets none
	SecondEyes bool  // a second officer must confirm a decision
	Fees       []Fee // what is charged for a licence, in the order of their days
}

// Fee is what an authority charges for each licence lodged from a day on. Zero ends it.
type Fee struct {
	From     Date
	Cents    int64  // hundredths of the currency
	Currency string // ISO 4217
	Source   string // the national rule
}

// MaxTargetDays is the longest target a desk can set, in working days.
const MaxTargetDays = 60

// Check says what is wrong in each box of the settings.
func (s DeskSettings) Check() []BoxError {
	var out []BoxError
	if s.TargetDays < 0 || s.TargetDays > MaxTargetDays {
		out = append(out, BoxError{Box: "target_days", Key: "desk.settings.target_range", Args: Args{"Max": MaxTargetDays}})
	}
	return out
}

// AddFee puts a fee in its place by its day; the same day again replaces it.
func (s *DeskSettings) AddFee(f Fee) error {
	var boxes []BoxError
	if !f.From.Valid() {
		boxes = append(boxes, BoxError{Box: "fee_from", Key: "check.date_form", Args: Args{"Found": string(f.From)}})
	}
	if f.Cents < 0 || f.Cents > 1_000_000_00 {
		boxes = append(boxes, BoxError{Box: "fee", Key: "desk.settings.fee_range"})
	}
	f.Currency = strings.ToUpper(strings.TrimSpace(f.Currency))
	if !matches("AAA", f.Currency) {
		boxes = append(boxes, BoxError{Box: "currency", Key: "desk.settings.currency"})
	}
	if f.Source = strings.TrimSpace(f.Source); f.Source == "" {
		boxes = append(boxes, BoxError{Box: "fee_source", Key: "authority.source_required"})
	}
	if err := InvalidBoxes(boxes); err != nil {
		return err
	}
	s.Fees = slices.DeleteFunc(slices.Clone(s.Fees), func(old Fee) bool { return old.From == f.From })
	s.Fees = append(s.Fees, f)
	slices.SortFunc(s.Fees, func(a, b Fee) int { return strings.Compare(string(a.From), string(b.From)) })
	return nil
}

// FeeOn gives the fee in force on a day; false when nothing is charged.
func (s DeskSettings) FeeOn(day Date) (fee Fee, ok bool) {
	for _, f := range s.Fees {
		if f.From <= day {
			fee, ok = f, f.Cents > 0
		}
	}
	return fee, ok
}
