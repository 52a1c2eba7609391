package wording

import (
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// SortBy puts items in the order in which readers of a language look words up: in Danish
// æ, ø and å come after z; upper and lower case are alike.
func SortBy[T any](lang Lang, items []T, word func(T) string) {
	order := collate.New(language.Make(string(lang)), collate.IgnoreCase)
	slices.SortStableFunc(items, func(a, b T) int { return order.CompareString(word(a), word(b)) })
}
