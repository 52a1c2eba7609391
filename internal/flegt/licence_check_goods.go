package flegt

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	annexesLaw = "Reg. (EC) 2173/2005 art. 4(1), Annexes II and III"
	citesLaw   = "Reg. (EC) 2173/2005 art. 4(3)"
)

func (c *checker) goods() {
	if len(c.lic.Form.Goods) == 0 {
		c.say(Wrong, "9", "goods", "check.goods_none", formLaw, nil)
	}
	for i, g := range c.lic.Form.Goods {
		before := len(c.found)
		at := "goods." + strconv.Itoa(i) + "."
		c.line(at, g)
		for j := before; j < len(c.found); j++ {
			c.found[j].Args = ofLine(c.found[j].Args, g.Line)
		}
		if !slices.ContainsFunc(c.found[before:], func(f Finding) bool { return f.Severity != OK }) {
			c.say(OK, "9-16", at+"hs", "check.line_ok", formLaw, Args{"Line": g.Line})
		}
	}
}

// ofLine gives the arguments of a sentence that says nothing of its goods line the line's number, as
// OfLine: where sentences about several lines stand in one list, it stands before them.
func ofLine(args Args, line int) Args {
	if _, says := args["Line"]; says {
		return args
	}
	out := Args{"OfLine": line}
	maps.Copy(out, args)
	return out
}

func (c *checker) line(at string, g GoodsLine) {
	c.required("9", at+"description", g.Description)
	c.heading(at+"hs", g)
	c.species(at, g)
	if len(g.Harvest) == 0 {
		c.say(Wrong, "13", at+"harvest", "check.harvest_none", formLaw, Args{"Line": g.Line})
	}
	for _, h := range g.Harvest {
		if !c.facts.Country(h) {
			c.say(Wrong, "13", at+"harvest", "check.harvest_unknown", "", Args{"Found": h, "Line": g.Line})
		}
	}
	c.amounts(at, g)
}

// heading gives the scope verdict of a goods line, with the rule that decided it.
func (c *checker) heading(field string, g GoodsLine) {
	if !c.required("10", field, g.HS) {
		return
	}
	if !c.facts.HSKnown(g.HS) {
		c.say(Wrong, "10", field, "check.hs_unknown", "", Args{"Found": g.HS, "Line": g.Line})
		return
	}
	if n := len(digits(g.HS)); n != 4 && n != 6 {
		c.say(Look, "10", field, "check.hs_length", "", Args{"Found": g.HS, "Line": g.Line})
	}
	r := c.facts.Scope(c.lic.Form.Export, g.HS, c.issuedOn())
	severity, key := Look, "check.scope_unknown"
	switch r.Verdict {
	case UnderFLEGT:
		severity, key = OK, "check.scope_under"
	case NotUnderFLEGT:
		severity, key = Wrong, "check.scope_not_under"
	}
	law := r.Law
	if law == "" {
		law = annexesLaw
	}
	c.say(severity, "10", field, key, law, Args{"HS": g.HS, "Line": g.Line, "Code": g.HS, "Country": c.lic.Form.Export})
	c.found[len(c.found)-1].Rule = r.Rule
	if r.Qualifier != "" {
		c.say(Look, "10", field, "check.scope_qualifier", law, Args{"HS": g.HS, "Line": g.Line, "Qualifier": r.Qualifier})
	}
}

func (c *checker) species(at string, g GoodsLine) {
	any := false
	for i, s := range g.Species {
		if strings.TrimSpace(s.Scientific+s.Common) == "" {
			continue
		}
		any = true
		c.wood(at+"species."+strconv.Itoa(i)+".scientific", g.Line, s)
	}
	if !any {
		c.say(Wrong, "11", at+"species.0.scientific", "check.species_none", formLaw, Args{"Line": g.Line})
	}
}

// wood looks at one species: its two names, and whether it is listed under CITES. Listed
// species are exempt, Reg. (EC) 2173/2005 art. 4(3).
func (c *checker) wood(field string, line int, s Species) {
	args := Args{"Name": s.Scientific, "Line": line}
	if strings.TrimSpace(s.Scientific) == "" {
		if names := c.named(s.Common); len(names) > 0 {
			c.say(Wrong, "11", field, "check.scientific_meant", formLaw, Args{"Line": line, "Name": s.Common, "Suggestion": strings.Join(names, ", ")})
			return
		}
		c.say(Wrong, "11", field, "check.scientific_missing", formLaw, Args{"Line": line})
		return
	}
	known, suggestion := c.facts.Species(s.Common, s.Scientific)
	switch {
	case c.facts.CITES(s.Scientific):
		c.say(Look, "11", field, "check.cites", citesLaw, args)
	case len(c.listedAmong(s.Scientific)) > 0:
		args["Listed"] = strings.Join(c.listedAmong(s.Scientific), ", ")
		c.say(Look, "11", field, "check.cites_among", citesLaw, args)
	case !known && suggestion != "":
		args["Suggestion"] = suggestion
		c.say(Look, "11", field, "check.species_misspelt", "", args)
	case !known:
		c.say(Look, "11", field, "check.species_unknown", "", args)
	default:
		c.commonAgrees(field, line, s)
	}
}

// listedAmong gives the species of a genus that are listed under CITES: whoever writes the genus
// alone may mean one of them.
func (c *checker) listedAmong(genus string) []string {
	if c.facts.CITESAmong == nil {
		return nil
	}
	return c.facts.CITESAmong(genus)
}

// named gives the scientific names of a common one, where our data knows it.
func (c *checker) named(common string) []string {
	if strings.TrimSpace(common) == "" || c.facts.Scientific == nil {
		return nil
	}
	return c.facts.Scientific(common)
}

// commonAgrees compares the two names of a species: a common name that our data knows for
// other trees alone asks for a look. Trees of one genus are traded under each other's names.
func (c *checker) commonAgrees(field string, line int, s Species) {
	names := c.named(s.Common)
	genus, _, _ := strings.Cut(Fold(s.Scientific), " ")
	for _, n := range names {
		if g, _, _ := strings.Cut(Fold(n), " "); g == genus {
			return
		}
	}
	if len(names) > 0 {
		c.say(Look, "11", field, "check.common_differs", "", Args{"Line": line, "Common": s.Common, "Name": s.Scientific, "Suggestion": strings.Join(names, ", ")})
	}
}

// Bounds of what is plausible; a check on them only asks a person to look, because our data
// has no density of any species. The heaviest wood is about 1,250 kg/m³ (lignum vitae), the
// lightest in trade about 100 (balsa). No container or lorry carries a piece of 36 tonnes.
const (
	maxDensity   = 1400
	minDensity   = 60
	maxPiece     = 36_000 // kg
	maxContainer = 36_000 // kg, the highest gross mass of ISO 668
)

func (c *checker) amounts(at string, g GoodsLine) {
	good := true
	for _, b := range []struct {
		box, field string
		a          Amount
	}{{"14", "volume", g.Volume}, {"15", "weight", g.Weight}, {"16", "units", g.Units}} {
		q, err := b.a.Quantity()
		if e, ok := err.(*Error); ok {
			c.say(Wrong, b.box, at+b.field, e.Key, "", e.Args)
			good = false
		} else if b.field == "units" && q%Million != 0 {
			c.say(Wrong, "16", at+"units", "check.units_whole", "", Args{"Line": g.Line})
		}
	}
	if weight, err := g.Weight.Quantity(); err == nil && likeThousands(g.Weight) {
		c.say(Look, "15", at+"weight", "check.weight_thousands", "", Args{"Line": g.Line, "Found": string(g.Weight), "Weight": weight})
	}
	volume, hasVolume := g.Granted(CubicMetre)
	weight, hasWeight := g.Granted(Kilogram)
	units, hasUnits := g.Granted(Piece)
	if good && !hasVolume && !hasWeight && !hasUnits {
		c.say(Wrong, "14", at+"volume", "check.quantity_none", formLaw, Args{"Line": g.Line})
	}
	if hasVolume && hasWeight {
		c.density(at, g.Line, volume, weight)
	}
	if hasWeight && hasUnits && weight/maxPiece > units {
		c.say(Look, "16", at+"units", "check.piece_heavy", "", Args{"Line": g.Line})
	}
}

func (c *checker) density(at string, line int, volume, weight Quantity) {
	density := densityOf(volume, weight)
	switch {
	case weight/maxDensity > volume:
		c.say(Look, "15", at+"weight", "check.density", "", Args{"Line": line, "Density": density})
	case weight/minDensity < volume:
		c.say(Look, "15", at+"weight", "check.density_low", "", Args{"Line": line, "Density": density})
	}
}

// densityOf is the weight of a cubic metre in kg, rounded to what a person compares: whole from 10
// on, tenths below; what is lighter still stays as it is.
func densityOf(volume, weight Quantity) Quantity {
	kg := float64(weight) / float64(volume)
	switch {
	case kg >= 10:
		kg = math.Round(kg)
	case kg >= 0.1:
		kg = math.Round(kg*10) / 10
	}
	return Quantity(math.Round(kg * Million))
}

// likeThousands says whether an amount has one mark with three digits behind it: 9.000 is nine, and
// nine thousand to whoever writes the mark between thousands.
func likeThousands(a Amount) bool {
	text := strings.TrimSpace(string(a))
	i := strings.IndexAny(text, ".,")
	return i > 0 && len(text)-i-1 == 3 && strings.Trim(text[:i], "0") != ""
}

// sums adds the goods lines up, to be compared with the total on the paper, and with what
// the containers named can carry.
func (c *checker) sums() {
	var volume, weight, units Quantity
	for _, g := range c.lic.Form.Goods {
		v, _ := g.Granted(CubicMetre)
		w, _ := g.Granted(Kilogram)
		u, _ := g.Granted(Piece)
		volume, weight, units = volume+v, weight+w, units+u
	}
	if volume+weight+units == 0 {
		return
	}
	c.say(OK, "14-16", "goods", "check.sums", formLaw, Args{"Volume": volume, "Weight": weight, "Units": units})
	if n := len(ContainerNumbers(c.lic.Form.Containers)); n > 0 && weight/Quantity(n) > maxContainer*Million {
		c.say(Look, "15", "goods", "check.sums_containers", formLaw, Args{"Weight": weight, "Count": n})
	}
}
