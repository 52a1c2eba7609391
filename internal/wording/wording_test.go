package wording

import (
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

func small(t *testing.T) *Catalog {
	t.Helper()
	c, err := New(Options{Files: fstest.MapFS{
		"a.en.toml": {Data: []byte(`"hello" = "Hello {{.Name}}, since {{.Day}}"
"plain" = "Licences"
"format.day" = "{{.Day}} {{.Month}} {{.Year}}"
"format.group" = ","
"format.month.12" = "December"
"word.and" = "and"
"n" = {one = "{{.Count}} licence of {{.Who}}", other = "{{.Count}} licences of {{.Who}}"}
"error.internal" = "Something went wrong"
"state.draft" = "draft"
`)},
		"da.toml": {Data: []byte(`"hello" = "Hej {{.Name}}, siden {{.Day}}"
"plain" = "Licenser"
"format.day" = "{{.Day}}. {{.Month}} {{.Year}}"
"format.group" = "."
"format.month.12" = "december"
"word.and" = "og"
"n" = {one = "{{.Count}} licens hos {{.Who}}", other = "{{.Count}} licenser hos {{.Who}}"}
"error.internal" = "Noget gik galt"
"state.draft" = "kladde"
`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type country string

func (c country) Words(lang string) string { return string(c) + "/" + lang }

type state string

func (s state) WordKey() string { return "state." + string(s) }

func TestSay(t *testing.T) {
	c := small(t)
	day := time.Date(2016, 12, 5, 0, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		lang Lang
		key  string
		args flegt.Args
		want string
	}{
		{"en", "plain", nil, "Licences"},
		{"da", "plain", nil, "Licenser"},
		{"xx", "plain", nil, "Licences"},
		{"da", "hello", flegt.Args{"Name": "Åse", "Day": day}, "Hej Åse, siden 5. december 2016"},
		{"en", "hello", flegt.Args{"Name": country("ID")}, "Hello ID/en, since ⟦Day⟧"},
		{"da", "hello", flegt.Args{"Name": state("draft"), "Day": []string{"a", "b", "c"}}, "Hej kladde, siden a, b og c"},
		{"en", "n", flegt.Args{"Count": 1, "Who": "A/S"}, "1 licence of A/S"},
		{"en", "n", flegt.Args{"Count": 0, "Who": "A/S"}, "0 licences of A/S"},
		{"da", "n", flegt.Args{"Count": int64(12345), "Who": "A/S"}, "12.345 licenser hos A/S"},
		{"en", "none", nil, "⟦none⟧"},
	} {
		if got := c.Say(x.lang, x.key, x.args); got != x.want {
			t.Errorf("%s %s: got %q, want %q", x.lang, x.key, got, x.want)
		}
	}
}

func TestSayErrorHidesWhatIsInternal(t *testing.T) {
	c := small(t)
	for _, e := range []*flegt.Error{nil, {}, {Kind: flegt.Internal, Key: "plain"}} {
		if got := c.SayError("da", e); got != "Noget gik galt" {
			t.Errorf("%v: %q", e, got)
		}
	}
	if got := c.SayError("da", flegt.Refuse(flegt.Refused, "plain", nil)); got != "Licenser" {
		t.Error(got)
	}
}

func TestMatch(t *testing.T) {
	c := small(t)
	for header, want := range map[string]Lang{
		"": "en", "da": "da", "da-DK,da;q=0.9,en;q=0.5": "da", "fr": "en", "fr,da;q=0.3": "da",
		"en-GB": "en", "no such header;;;": "en", "nb": "da",
	} {
		if got := c.Match(header); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"twice":     {"a.en.toml": {Data: []byte(`"x" = "1"`)}, "b.en.toml": {Data: []byte(`"x" = "2"`)}},
		"logic":     {"en.toml": {Data: []byte(`"x" = "{{if .A}}b{{end}}"`)}},
		"open":      {"en.toml": {Data: []byte(`"x" = "{{.A"`)}},
		"number":    {"en.toml": {Data: []byte(`"x" = 3`)}},
		"no other":  {"en.toml": {Data: []byte(`"x" = {one = "1"}`)}},
		"no toml":   {"en.toml": {Data: []byte(`x x`)}},
		"no englih": {"da.toml": {Data: []byte(`"x" = "1"`)}},
	} {
		if _, err := New(Options{Files: files}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// own makes the program's own catalog.
func own(t testing.TB) *Catalog {
	t.Helper()
	c, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestUnitsFollowTheirAmounts: in a sentence a unit is that of the amount before it.
func TestUnitsFollowTheirAmounts(t *testing.T) {
	c := own(t)
	of := func(used, limit flegt.Quantity) string {
		return c.Say(English, "clearance.meter.text", flegt.Args{"Used": used, "Limit": limit, "Unit": flegt.Piece})
	}
	for got, want := range map[string]string{
		of(flegt.Million, 480*flegt.Million): "1 of 480 pieces",
		of(0, flegt.Million):                 "0 of 1 piece",
		c.Say(English, "clearance.item", flegt.Args{"Line": 1, "Quantity": flegt.Quantity(flegt.Million), "Unit": flegt.Piece}):     "Line 1: 1 piece",
		c.Say(English, "clearance.item", flegt.Args{"Line": 1, "Quantity": flegt.Quantity(2 * flegt.Million), "Unit": flegt.Piece}): "Line 1: 2 pieces",
		c.Say(Danish, "clearance.item", flegt.Args{"Line": 1, "Quantity": flegt.Quantity(flegt.Million), "Unit": flegt.Piece}):      "Linje 1: 1 stk.",
		c.Say(English, "clearance.unit_differs", flegt.Args{"Line": 1, "Unit": flegt.Piece}):                                        "Line 1 is not licensed in the unit pieces. Declare it in a unit that the licence states.",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestNumbersAndDates(t *testing.T) {
	c := own(t)
	cet := time.FixedZone("CET", 3600)
	at := time.Date(2016, 12, 5, 14, 3, 0, 0, cet)
	for got, want := range map[string]string{
		c.Date(English, at):                                 "5 December 2016",
		c.Date(Danish, at):                                  "5. december 2016",
		c.Date(Danish, time.Time{}):                         "–",
		c.DateTime(English, at):                             "5 December 2016 at 14:03 CET",
		c.DateTime(Danish, at):                              "5. december 2016 kl. 14.03 CET",
		c.Number(English, 1234567):                          "1,234,567",
		c.Number(Danish, -1234):                             "−1.234",
		c.Number(Danish, 123):                               "123",
		c.Micro(English, 1_234_500_000):                     "1,234.5",
		c.Micro(Danish, 1_234_500_000):                      "1.234,5",
		c.Micro(English, -1):                                "−0.000001",
		c.Micro(English, -1<<63):                            "−9,223,372,036,854.775808",
		c.Quantity(Danish, 12_500_000, flegt.CubicMetre):    "12,5\u00a0m³",
		c.Quantity(English, 12_000_000_000, flegt.Kilogram): "12,000\u00a0kg",
		c.Quantity(English, flegt.Million, flegt.Piece):     "1\u00a0piece",
		c.Quantity(English, -flegt.Million, flegt.Piece):    "−1\u00a0piece",
		c.Quantity(English, 1_500_000, flegt.Piece):         "1.5\u00a0pieces",
		c.Quantity(English, 0, flegt.Piece):                 "0\u00a0pieces",
		c.Quantity(Danish, flegt.Million, "NAR"):            "1\u00a0enhed",
		c.Quantity(Danish, 1_500_000, "NAR"):                "1,5\u00a0enhed",
		c.Quantity(Danish, 2*flegt.Million, "NAR"):          "2\u00a0enheder",
		c.Quantity(English, 3*flegt.Million, "XYZ"):         "3\u00a0XYZ",
		c.Write(English, flegt.Piece):                       "pieces",
		c.Write(Danish, uint64(1_000_000)):                  "1.000.000",
		c.Write(Danish, flegt.Quantity(1234567_500000)):     "1.234.567,5",
		c.Money(Danish, 31_05, "DKK"):                       "31,05\u00a0DKK",
		c.Money(English, 1234_00, "EUR"):                    "1,234.00\u00a0EUR",
		Region("sv", "DE"):                                  "Tyskland",
		Region("fr", "ID"):                                  "Indonésie",
		Region("fr", "?"):                                   "?",
		string(c.LangOf("DK")):                              "da",
		string(c.LangOf("PT")):                              "en",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func BenchmarkSayPlain(b *testing.B) {
	c, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		c.Say(Danish, "word.and", nil)
	}
}

func BenchmarkSayPlural(b *testing.B) {
	c, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	args := flegt.Args{"Count": 3}
	for b.Loop() {
		c.Say(Danish, "error.boxes", args)
	}
}

func TestSortBy(t *testing.T) {
	for lang, want := range map[Lang]string{
		English: "Aarhus Ærø Østrig Sverige", Danish: "Sverige Ærø Østrig Aarhus",
	} {
		words := []string{"Østrig", "Aarhus", "Sverige", "Ærø"}
		SortBy(lang, words, func(s string) string { return s })
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

// FuzzMicro reads back what was written: nothing of an amount is lost in any language.
func FuzzMicro(f *testing.F) {
	for _, n := range []int64{0, 1, -1, 999_999, 1_000_000, 1_234_500_000, 1<<63 - 1, -1 << 63} {
		f.Add(n)
	}
	c := own(f)
	f.Fuzz(func(t *testing.T, n int64) {
		for lang, marks := range map[Lang]*strings.Replacer{
			English: strings.NewReplacer(",", "", "−", "-"), Danish: strings.NewReplacer(".", "", ",", ".", "−", "-"),
		} {
			plain := marks.Replace(c.Micro(lang, n))
			whole, fraction, _ := strings.Cut(plain, ".")
			digits := whole + (fraction + "000000")[:6]
			if back, err := strconv.ParseInt(digits, 10, 64); err != nil || back != n {
				t.Errorf("%s: %d is written %q", lang, n, c.Micro(lang, n))
			}
		}
	})
}
