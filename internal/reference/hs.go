package reference

import (
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Heading is a chapter (2 digits), heading (4) or subheading (6) of the Harmonized System,
// edition 2022, with its description in English. Source: datasets/harmonized-system (UN
// Comtrade, PDDL).
type Heading struct {
	Code        string // digits alone
	Description string
}

// Written gives the code as licences print it: 4403, 9401.69.
func (h Heading) Written() string { return WriteHS(h.Code) }

// wholeChapters are those of which our catalogue has every heading; of others it has a
// few, so that a code it lacks may still be a good one.
const wholeChapters = "44 46 47 48"

func addHeading(d *Data, w row) {
	h := Heading{Code: w.need("code"), Description: w.need("description")}
	if HSDigits(h.Code) != h.Code && !(len(h.Code) == 2 && onlyDigits(h.Code)) || len(h.Code) > 6 {
		w.wrong("%q is not a code of 2, 4 or 6 digits", h.Code)
	}
	if d.hsByCode == nil {
		d.hsByCode = map[string]Heading{}
	}
	if _, twice := d.hsByCode[h.Code]; twice {
		w.wrong("%s stands here twice", h.Code)
	}
	d.hsByCode[h.Code] = h
	d.headings = append(d.headings, h)
}

// HSDigits gives the digits of a code as people write it ("9401.69", "9401 69",
// "94 01-69", CN and TARIC codes of 8 and 10 digits); empty when it is no such code.
func HSDigits(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-\u00a0\u202f\u2009\t", r) {
			return -1
		}
		return r
	}, s)
	if !onlyDigits(s) || !slices.Contains([]int{4, 6, 8, 10}, len(s)) {
		return ""
	}
	return s
}

func onlyDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// WriteHS writes digits as licences do: 9401.69, and further pairs after a space.
func WriteHS(digits string) string {
	if len(digits) <= 4 {
		return digits
	}
	out := digits[:4] + "." + digits[4:min(6, len(digits))]
	for i := 6; i < len(digits); i += 2 {
		out += " " + digits[i:min(i+2, len(digits))]
	}
	return out
}

// Heading gives the subheading or, where the catalogue has none of these digits, the
// heading of a code; false when it has neither.
func (d *Data) Heading(hs string) (Heading, bool) {
	digits := HSDigits(hs)
	for _, n := range []int{6, 4} {
		if len(digits) >= n {
			if h, ok := d.hsByCode[digits[:n]]; ok {
				return h, true
			}
		}
	}
	return Heading{}, false
}

// HSKnown says whether a code can be a code of goods: our catalogue has its heading, or
// covers too little of its chapter to say. Subheadings change with each edition of the
// Harmonized System and a licence of 2016 is written after that of 2012, while our
// catalogue is of 2022: so an unknown subheading of a known heading counts as known.
func (d *Data) HSKnown(hs string) bool {
	digits := HSDigits(hs)
	if digits == "" {
		return false
	}
	if _, ok := d.hsByCode[digits[:4]]; ok {
		return true
	}
	chapter := digits[:2]
	return chapter >= "01" && chapter <= "97" && chapter != "77" && !strings.Contains(wholeChapters, chapter)
}

// SearchHS finds headings and subheadings by the digits they begin with, or by words that
// all stand in the description, at most limit of them.
func (d *Data) SearchHS(query string, limit int) []Heading {
	digits := strings.NewReplacer(" ", "", ".", "", "-", "").Replace(query)
	words := strings.Fields(flegt.Fold(query))
	var out []Heading
	for _, h := range d.headings {
		if len(out) >= limit {
			break
		}
		if len(h.Code) > 2 && (onlyDigits(digits) && strings.HasPrefix(h.Code, digits[:min(6, len(digits))]) ||
			!onlyDigits(digits) && describes(h, words)) {
			out = append(out, h)
		}
	}
	return out
}

func describes(h Heading, words []string) bool {
	text := flegt.Fold(h.Description)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return len(words) > 0
}
