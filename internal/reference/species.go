package reference

import (
	"strings"
	"unicode"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Species is a tree by its scientific name, or a whole genus ("Shorea spp.") or section
// ("Shorea sect. Rubroshorea"), with the names under which its wood is traded.
type Species struct {
	Scientific string
	Common     []string
	EN13556    []string // codes of the standard's list, often none
	Context    string   // countries in which the names are used: ID, ID/MY, GH
	Caution    string   // what our source is not sure of, in English
	Source     string
}

// CITESListing is a name in the annexes of the CITES regulation, as far as our data says
// so; what is not here may be listed all the same. Reg. (EC) 338/97; goods of listed
// species need no FLEGT licence: Reg. (EC) 2173/2005 art. 4(3), declared with Y070.
type CITESListing struct {
	Name        string // species, or genus with "spp."
	Annex       string // A, B or C
	From, Until flegt.Date
	Populations string // when only some populations may be listed, in English
	Status      string
	Note        string
	Source      string
}

func addSpecies(d *Data, w row) {
	s := Species{
		Scientific: w.need("scientific"), Common: w.list("common"), EN13556: w.list("en13556"),
		Context: w.text("context"), Caution: w.text("caution"), Source: w.need("source"),
	}
	if !strings.Contains(s.Scientific, " ") {
		w.wrong("%q is not two words: genus and species, or genus and spp.", s.Scientific)
	}
	d.species = append(d.species, s)
	if d.bySpecies == nil {
		d.bySpecies = map[string][]int{}
	}
	f := flegt.Fold(s.Scientific)
	d.folded = append(d.folded, f)
	if d.scientific(f) {
		w.wrong("%s stands here twice", s.Scientific)
	}
	for _, name := range append([]string{s.Scientific}, s.Common...) {
		f := flegt.Fold(name)
		d.bySpecies[f] = append(d.bySpecies[f], len(d.species)-1)
	}
}

func addCITES(d *Data, w row) {
	p := w.days("from", "until")
	d.cites = append(d.cites, CITESListing{
		Name: w.need("name"), Annex: w.oneOf("annex", "A", "B", "C"), From: p.from, Until: p.until,
		Populations: w.text("populations"), Status: w.need("status"), Note: w.text("note"), Source: w.need("source"),
	})
}

// SpeciesNamed gives the species of a common or scientific name, without regard to case
// and accents; a common name may mean several.
func (d *Data) SpeciesNamed(name string) []Species {
	var out []Species
	for _, i := range d.bySpecies[flegt.Fold(name)] {
		s := d.species[i]
		s.Common = append([]string(nil), s.Common...)
		s.EN13556 = append([]string(nil), s.EN13556...)
		out = append(out, s)
	}
	return out
}

// AllSpecies lists every species by scientific name.
func (d *Data) AllSpecies() []Species { return append([]Species(nil), d.species...) }

// SearchSpecies finds species by part of any name, at most limit of them.
func (d *Data) SearchSpecies(part string, limit int) []Species {
	f := flegt.Fold(part)
	var out []Species
	for _, s := range d.species {
		if len(out) < limit && f != "" && strings.Contains(flegt.Fold(s.Scientific+" / "+strings.Join(s.Common, " / ")), f) {
			out = append(out, s)
		}
	}
	return out
}

// CheckSpecies says whether we know a scientific name: the species itself, or a species
// of a genus that stands in the list as a whole. A name close to a listed one is not
// known; the listed one is then suggested. Without a scientific name the common one is
// looked at.
func (d *Data) CheckSpecies(common, scientific string) (known bool, suggestion string) {
	f := flegt.Fold(scientific)
	if f == "" {
		return len(d.bySpecies[flegt.Fold(common)]) > 0, ""
	}
	genus, rest, two := strings.Cut(f, " ")
	if listed, ok := d.foldedAs(f); ok && !wholeGenus(f) && letters(listed) != letters(scientific) {
		return false, listed // what folds to the same may still have a letter too many: grandiss
	}
	if d.scientific(f) || wholeGenus(f) && d.scientific(genus+" spp") {
		return true, ""
	}
	if s := d.Suggest(scientific); s != "" {
		return false, s
	}
	return two && rest != "" && d.scientific(genus+" spp"), ""
}

func (d *Data) scientific(folded string) bool {
	_, ok := d.foldedAs(folded)
	return ok
}

// foldedAs gives the listed scientific name that folds to this.
func (d *Data) foldedAs(folded string) (string, bool) {
	for _, i := range d.bySpecies[folded] {
		if d.folded[i] == folded {
			return d.species[i].Scientific, true
		}
	}
	return "", false
}

// letters gives the letters of a scientific name, in lower case: dots, blanks and what cannot be
// seen are no difference between two names.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// Suggest gives the listed scientific name that a misspelt one probably means: at most
// two letters off, each word with its right first letter; empty when none is close or two
// are equally so. A species is never turned into its whole genus.
func (d *Data) Suggest(misspelt string) string {
	const most = 2
	f := flegt.Fold(misspelt)
	if len(f) < 6 || len(f) > 100 {
		return ""
	}
	best, name, tie := most+1, "", false
	for i, listed := range d.folded {
		if initials(listed) != initials(f) || strings.HasSuffix(listed, " spp") != wholeGenus(f) {
			continue
		}
		switch n := distance(f, listed, most); {
		case n < best:
			best, name, tie = n, d.species[i].Scientific, false
		case n == best && n <= most:
			tie = true
		}
	}
	if tie || best == 0 {
		return ""
	}
	return name
}

// initials gives the first letters of the first two words.
func initials(folded string) string {
	genus, rest, _ := strings.Cut(folded, " ")
	return genus[:min(1, len(genus))] + " " + rest[:min(1, len(rest))]
}

// wholeGenus says whether a name means a genus: "Shorea sp.", "Shorea spp".
func wholeGenus(folded string) bool {
	return strings.HasSuffix(folded, " spp") || strings.HasSuffix(folded, " sp") || strings.HasSuffix(folded, " ssp")
}

// distance counts the letters to insert, drop, change or swap with a neighbour to make b
// of a; most+1 as soon as it is more than most.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return min(row[len(b)], most+1)
}

// CITES gives the listing of a species or its genus that our data has for a day. False
// does not prove that a species is not listed.
func (d *Data) CITES(scientific string, on flegt.Date) (CITESListing, bool) {
	f := flegt.Fold(scientific)
	genus, _, _ := strings.Cut(f, " ")
	for _, l := range d.cites {
		name := flegt.Fold(l.Name)
		whole := strings.TrimSuffix(name, " spp")
		if (name == f || whole != name && whole == genus) && (period{l.From, l.Until}).has(on) {
			return l, true
		}
	}
	return CITESListing{}, false
}

// CITESAmong gives the listed species of a genus that is named as a whole ("Swietenia spp."),
// for a day; none for a species, or a genus that is listed itself (see CITES).
func (d *Data) CITESAmong(scientific string, on flegt.Date) (listed []string) {
	f := flegt.Fold(scientific)
	genus, rest, _ := strings.Cut(f, " ")
	if genus == "" || rest != "" && !wholeGenus(f) {
		return nil
	}
	for _, l := range d.cites {
		if of, species, two := strings.Cut(flegt.Fold(l.Name), " "); of == genus && two && species != "spp" && (period{l.From, l.Until}).has(on) {
			listed = append(listed, l.Name)
		}
	}
	return listed
}
