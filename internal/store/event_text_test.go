package store

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Whatever an event holds, its row is written letter by letter as encoding/json writes it.
func TestEventTextIsJSON(t *testing.T) {
	text := rapid.OneOf(rapid.StringMatching(`[ -~]{0,20}`), rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	fact := rapid.OneOf(rapid.Map(text, func(s string) any { return s }), rapid.Map(rapid.Int(), func(n int) any { return n }),
		rapid.Map(rapid.Bool(), func(v bool) any { return v }), rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.SliceOf(text), func(s []string) any { return s }), rapid.Just[any](nil), rapid.Just[any](flegt.RoleCustoms),
		rapid.Map(rapid.MapOf(text, text), func(m map[string]string) any { return m }))
	rapid.Check(t, func(t *rapid.T) {
		str := func(name string) string { return text.Draw(t, name) }
		zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", 3600), time.FixedZone("", -5400)}).Draw(t, "zone")
		e := flegt.Event{Seq: rapid.Int64().Draw(t, "seq"), At: time.Unix(rapid.Int64Range(-62_000_000_000, 1<<37).Draw(t, "at"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).In(zone),
			Account: str("account"), Role: flegt.Role(str("role")), Body: str("body"), Noun: flegt.Noun(str("noun")), NounID: str("id"), Verb: str("verb"),
			Country: str("country"), Operator: str("operator"), Version: rapid.Int().Draw(t, "version"), State: str("state"), RowHash: str("hash")}
		if rapid.Bool().Draw(t, "facts") {
			e.Data = rapid.MapOf(text, fact).Draw(t, "data")
		}
		if got, want := string(appendEvent(nil, e)), jsonOf(e); got != want {
			t.Fatalf("%s\nencoding/json: %s", got, want)
		}
	})
}

func BenchmarkEventText(b *testing.B) {
	e := flegt.Event{Seq: 4711, At: time.Now().UTC(), Account: "0199c2f4-5a2e-7c11-8d3e-3a5b9c0d1e2f", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Noun: flegt.NounLicence,
		NounID: "0199c2f4-5a2e-7c11-8d3e-3a5b9c0d1e2f", Verb: lookedUp, Country: "DK", Operator: "0199c2f4-5a2e-7c11-8d3e-3a5b9c0d1e2f", Version: 7, State: "accepted",
		Data: map[string]any{"number": "16.00123-00456.001-ID-DK", "found": "number"}}
	var room []byte
	for name, write := range map[string]func(){"text": func() { room = appendEvent(room[:0], e) }, "json": func() { jsonOf(e) }} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				write()
			}
		})
	}
}
