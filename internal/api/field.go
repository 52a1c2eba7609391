package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
)

// fieldSentences are what huma finds wrong with a field, by how its message begins, and the
// sentence that we say; what follows the beginning fills the sentence's variable.
var fieldSentences = []struct{ begins, key, arg string }{
	{"unexpected property", "api.field.unexpected", ""},
	{"unknown query parameter", "api.field.unknown_parameter", ""},
	{"expected required property ", "api.field.missing", ""},
	{"required ", "api.field.missing", ""},
	{"expected value to be one of ", "api.field.one_of", "Choices"},
	{"expected length <= ", "error.too_long", "Max"},
	{"expected length >= ", "api.field.too_short", "Min"},
	{"expected array length <= ", "api.field.too_many_items", "Max"},
	{"expected array length >= ", "api.field.too_few_items", "Min"},
	{"expected number <= ", "api.field.above", "Max"},
	{"expected number >= ", "api.field.below", "Min"},
	{"expected string to match pattern ", "api.field.pattern", "Pattern"},
	{"expected string to be ", "api.field.pattern", "Pattern"},
	{"expected string", "api.field.string", ""},
	{"expected integer", "api.field.integer", ""},
	{"expected number", "api.field.number", ""},
	{"expected boolean", "api.field.boolean", ""},
	{"expected array", "api.field.array", ""},
	{"expected object", "api.field.object", ""},
	{"invalid integer", "api.field.integer", ""},
	{"invalid boolean", "api.field.boolean", ""},
}

// fieldProblem puts into words what huma found wrong with a field or parameter.
func (c *call) fieldProblem(e *huma.ErrorDetail) FieldProblem {
	p := FieldProblem{Key: "api.field.unreadable"}
	args := flegt.Args{}
	location := e.Location
	for _, s := range fieldSentences {
		rest, ok := strings.CutPrefix(e.Message, s.begins)
		if !ok {
			continue
		}
		p.Key = s.key
		if s.arg != "" {
			args[s.arg] = strings.Trim(rest, `"`)
		}
		if name, _, found := strings.Cut(rest, " to be present"); found && s.begins == "expected required property " {
			location += "." + name
		}
		break
	}
	p.Detail = c.say(p.Key, args)
	place, rest, _ := strings.Cut(location, ".")
	if place == "body" {
		p.Pointer = pointerIn(rest)
	} else {
		p.Parameter = rest
	}
	return p
}

// pointerIn makes a JSON pointer of huma's way to say where: "form.goods[2].hs".
func pointerIn(location string) string {
	if r := []rune(location); len(r) > 200 {
		location = string(r[:200]) + "…"
	}
	if location == "" {
		return ""
	}
	location = strings.NewReplacer("~", "~0", "/", "~1").Replace(location)
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(location)
}
