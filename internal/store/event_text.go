package store

import (
	"slices"
	"strconv"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// appendEvent writes an event behind b as it stands in its row: letter by letter as jsonOf does, which
// the rows of earlier programs and of a restored backup were written by, in half the
// time: a look by customs spent a fifth of its turn on it.
func appendEvent(b []byte, e flegt.Event) []byte {
	if y := e.At.Year(); y < 0 || y > 9999 {
		return append(b, jsonOf(e)...) // RFC 3339 has no such year
	}
	b = append(b, `{"Seq":`...)
	b = strconv.AppendInt(b, e.Seq, 10)
	b = append(b, `,"At":"`...)
	b = e.At.AppendFormat(b, time.RFC3339Nano)
	b = append(b, '"')
	for _, f := range [...]struct{ name, value string }{{`,"Account":`, e.Account}, {`,"Role":`, string(e.Role)}, {`,"Body":`, e.Body}, {`,"Noun":`, string(e.Noun)},
		{`,"NounID":`, e.NounID}, {`,"Verb":`, e.Verb}, {`,"Country":`, e.Country}, {`,"Operator":`, e.Operator}} {
		b = appendText(append(b, f.name...), f.value)
	}
	b = append(b, `,"Version":`...)
	b = strconv.AppendInt(b, int64(e.Version), 10)
	b = appendText(append(b, `,"State":`...), e.State)
	b = appendText(append(b, `,"RowHash":`...), e.RowHash)
	b = appendFacts(append(b, `,"Data":`...), e.Data)
	return append(b, '}')
}

// appendFacts writes what an event tells besides, by name.
func appendFacts(b []byte, facts map[string]any) []byte {
	if facts == nil {
		return append(b, "null"...)
	}
	names := make([]string, 0, 8)
	for name := range facts {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, name), ':')
		switch v := facts[name].(type) {
		case string:
			b = appendText(b, v)
		case int:
			b = strconv.AppendInt(b, int64(v), 10)
		case bool:
			b = strconv.AppendBool(b, v)
		default:
			b = append(b, jsonOf(v)...)
		}
	}
	return append(b, '}')
}

// appendText writes a text between quotation marks. What encoding/json writes otherwise than
// it is (controls, marks that mean something in HTML, what is no UTF-8) is left to it.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return append(b, jsonOf(text)...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}
