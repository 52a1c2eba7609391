package flegt

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// DeskSettings are what a competent authority sets for its own desk. The zero value works:
// no target, one officer decides, nothing is charged.
type DeskSettings struct {
	TargetDays int   // working days within which a licence should be decided; 0 sets none
	SecondEyes bool  // a second officer must confirm a decision
	Fees       []Fee // what is charged for a licence, in the order of their days
	// Appeals is what letters of decision say of appeal, in the order of their moments.
	Appeals []Appeal `json:",omitempty"`
}

// Appeal is how a decision against the importer can be appealed, to whom and by when, in the
// authority's own words: national law says it, no act of the Union (in Denmark the Public
// Administration Act, section 25; to be verified). It is said of decisions made since a moment, so
// that a letter goes on saying what it said.
type Appeal struct {
	From  time.Time
	Words map[string]string // by language, ISO 639-1; empty when nothing is said
}

// MaxAppeal is the length in characters of what is said of appeal in one language.
const MaxAppeal = 2000

// SetAppeal says from now on how decisions can be appealed, by language; a language without words
// is left out.
func (s *DeskSettings) SetAppeal(words map[string]string, now time.Time) error {
	kept := map[string]string{}
	var boxes []BoxError
	for _, lang := range slices.Sorted(maps.Keys(words)) {
		text := strings.TrimSpace(words[lang])
		if len([]rune(text)) > MaxAppeal {
			boxes = append(boxes, BoxError{Box: "appeal." + lang, Key: "error.too_long", Args: Args{"Max": MaxAppeal}})
		}
		if text != "" {
			kept[lang] = text
		}
	}
	if err := InvalidBoxes(boxes); err != nil {
		return err
	}
	if !maps.Equal(kept, s.AppealWords(now)) {
		s.Appeals = append(slices.Clone(s.Appeals), Appeal{From: now, Words: kept})
	}
	return nil
}

// AppealWords is what is said of appeal in decisions made at a moment, by language; empty when
// nothing is.
func (s DeskSettings) AppealWords(at time.Time) (words map[string]string) {
	for _, a := range s.Appeals {
		if !a.From.After(at) {
			words = a.Words
		}
	}
	return words
}

// Appeal is AppealWords in a language, in English where there is none in it, and else in the first
// language there is.
func (s DeskSettings) Appeal(at time.Time, lang string) string {
	words := s.AppealWords(at)
	for _, l := range append([]string{lang, "en"}, slices.Sorted(maps.Keys(words))...) {
		if words[l] != "" {
			return words[l]
		}
	}
	return ""
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
