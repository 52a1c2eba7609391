package wording

import (
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"

	"github.com/openflegt/openflegt/internal/flegt"
)

// sentence is text with holes: texts[0] names[0] texts[1] … names[n-1] texts[n].
type sentence struct {
	texts []string
	names []string
}

// parse takes a sentence apart at its variables, {{.Name}}.
func parse(text string) (sentence, error) {
	var s sentence
	rest := text
	for {
		before, after, found := strings.Cut(rest, "{{")
		s.texts = append(s.texts, before)
		if !found {
			return s, nil
		}
		hole, behind, closed := strings.Cut(after, "}}")
		name, dotted := strings.CutPrefix(strings.TrimSpace(hole), ".")
		if !closed || !dotted || !isName(name) {
			return s, fmt.Errorf("%q: only {{.Name}} may stand in a sentence", text)
		}
		s.names = append(s.names, name)
		rest = behind
	}
}

func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// fill writes the variables in. One that was not given stands as ⟦Name⟧. A unit is that of the
// amount before it: {{.Left}} {{.Unit}} gives 1 piece, 2 pieces.
func (s sentence) fill(c *Catalog, lang Lang, args flegt.Args) string {
	var b strings.Builder
	var amount *flegt.Quantity
	for i, text := range s.texts {
		b.WriteString(text)
		if i == len(s.names) {
			break
		}
		value, given := args[s.names[i]]
		if !given {
			b.WriteString("⟦" + s.names[i] + "⟧")
			continue
		}
		switch v := value.(type) {
		case flegt.Quantity:
			amount = &v
		case flegt.Unit:
			b.WriteString(c.unit(lang, v, amount))
			continue
		}
		b.WriteString(c.Write(lang, value))
	}
	return b.String()
}

// count finds what chooses the plural form.
func count(args flegt.Args) any {
	switch n := args["Count"].(type) {
	case int, int8, int16, int32, int64, string:
		return n
	case uint:
		return int64(n)
	case uint64:
		return int64(n)
	case nil:
		return 0
	default:
		return fmt.Sprint(n)
	}
}

// asIs lets go-i18n choose a plural form and leave filling it to us.
type asIs struct{}

// Cacheable says that the text needs no parsing twice.
func (asIs) Cacheable() bool { return true }

// Parse gives the text as it is.
func (asIs) Parse(src, _, _ string) (template.ParsedTemplate, error) { return asIsText(src), nil }

type asIsText string

// Execute gives the text as it is.
func (t asIsText) Execute(any) (string, error) { return string(t), nil }
