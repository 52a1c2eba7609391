package reference

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

func TestHSDigits(t *testing.T) {
	for in, want := range map[string]string{
		"9401.69": "940169", "9401 69": "940169", "940169": "940169", "94 01-69": "940169",
		"4412.31.10 00": "4412311000", "4403": "4403", "44031100": "44031100",
		"": "", "44": "", "440": "", "44031": "", "94O169": "", "４４０３": "", "44031100001": "",
	} {
		if got := HSDigits(in); got != want {
			t.Errorf("HSDigits(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"4403": "4403", "940169": "9401.69", "4412311000": "4412.31 10 00"} {
		if got := WriteHS(in); got != want {
			t.Errorf("WriteHS(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCatalogue(t *testing.T) {
	d := builtIn(t)
	for _, h := range d.headings {
		if h.Description == "" {
			t.Errorf("%s has no description", h.Code)
		}
		if len(h.Code) == 6 && d.hsByCode[h.Code[:4]].Code == "" {
			t.Errorf("%s: its heading is missing", h.Code)
		}
	}
	if h, ok := d.Heading("9401.69"); !ok || h.Code != "940169" || h.Written() != "9401.69" {
		t.Errorf("9401.69: %+v", h)
	}
	if h, ok := d.Heading("9401.51"); !ok || h.Code != "9401" { // of the edition of 2012
		t.Errorf("9401.51: %+v", h)
	}
	for hs, want := range map[string]bool{
		"4403": true, "4412.32": true, "9401.69 00": true, "9201.10": true, "7009.92": true,
		"4430": false, "4499.10": false, "0010": false, "7711": false, "9801": false, "abc": false, "": false, "44": false,
	} {
		if got := d.HSKnown(hs); got != want {
			t.Errorf("HSKnown(%q) = %v", hs, got)
		}
	}
	if got := d.SearchHS("9401.6", 10); len(got) != 2 || got[0].Code != "940161" {
		t.Errorf("9401.6 finds %v", got)
	}
	if got := d.SearchHS("plywood of bamboo", 10); len(got) == 0 || got[0].Code != "441210" {
		t.Errorf("plywood of bamboo finds %v", got)
	}
	if got := d.SearchHS("44", 7); len(got) != 7 {
		t.Errorf("the limit does not hold: %d", len(got))
	}
	if got := d.SearchHS("", 7); len(got) != 0 {
		t.Errorf("nothing finds %v", got)
	}
}

func TestScope(t *testing.T) {
	d := builtIn(t)
	for _, tc := range []struct {
		country, hs string
		on          flegt.Date
		verdict     flegt.Verdict
		rule        string
	}{
		{"ID", "4403", "2016-11-18", flegt.UnderFLEGT, "scope.annex_ii"},
		{"ID", "4412.31", "2016-12-02", flegt.UnderFLEGT, "scope.annex_ii"},
		{"ID", "4412 31 10 00", "2016-12-02", flegt.UnderFLEGT, "scope.annex_ii"},
		{"ID", "4420.10", "2017-03-01", flegt.NotUnderFLEGT, "scope.leave_off"},
		{"ID", "4420 10 11", "2017-03-01", flegt.NotUnderFLEGT, "scope.leave_off"},
		{"ID", "4420", "2017-03-01", flegt.ScopeUnknown, "scope.unlisted"},
		{"ID", "4420.11", "2023-03-01", flegt.ScopeUnknown, "scope.unlisted"},
		{"ID", "9401.69", "2016-11-18", flegt.ScopeUnknown, "scope.unlisted"},
		{"ID", "9401.51", "2016-11-18", flegt.NotUnderFLEGT, "scope.leave_off"},
		{"ID", "4403", "2016-11-14", flegt.ScopeUnknown, "scope.not_licensing"},
		{"GH", "4403.11", "2025-08-15", flegt.UnderFLEGT, "scope.annex_iii"},
		{"GH", "4403.12", "2025-08-14", flegt.ScopeUnknown, "scope.not_licensing"},
		{"GH", "4412.31", "2025-09-01", flegt.UnderFLEGT, "scope.annex_ii"},
		{"GH", "4409.29", "2025-09-01", flegt.ScopeUnknown, "scope.list_incomplete"},
		{"GH", "4420.10", "2025-09-01", flegt.ScopeUnknown, "scope.unlisted"},
		{"VN", "4403", "2025-09-01", flegt.ScopeUnknown, "scope.not_licensing"},
		{"ID", "44", "2017-03-01", flegt.ScopeUnknown, "scope.no_code"},
		{"ID", "", "2017-03-01", flegt.ScopeUnknown, "scope.no_code"},
	} {
		f := d.Scope(tc.country, tc.hs, tc.on)
		if f.Verdict != tc.verdict || f.Rule != tc.rule {
			t.Errorf("%s %q on %s: %s, %s", tc.country, tc.hs, tc.on, f.Verdict, f.Rule)
		}
	}
	if f := d.Scope("GH", "4407.99", "2025-09-01"); f.Qualifier == "" || f.Source == "" || f.Law == "" {
		t.Errorf("4407.99: %+v", f)
	}
}

// No code may be called "not under" unless a source named it.
func TestNeverNotUnderByGuess(t *testing.T) {
	d := builtIn(t)
	named := 0
	for _, c := range []string{"ID", "GH"} {
		for _, h := range d.headings {
			if d.Scope(c, h.Code, "2026-11-24").Verdict != flegt.NotUnderFLEGT {
				continue
			}
			named++
			if c != "ID" {
				t.Errorf("%s %s is called not under FLEGT", c, h.Code)
			}
		}
	}
	if named > 15 {
		t.Errorf("%d codes are called not under FLEGT, the source names 15", named)
	}
}

func TestSpecies(t *testing.T) {
	d := builtIn(t)
	for _, tc := range []struct {
		common, scientific string
		known              bool
		suggestion         string
	}{
		{"Jati", "Tectona grandis", true, ""},
		{"", "tectona  GRANDIS", true, ""},
		{"Jati", "Tectona grandes", false, "Tectona grandis"},
		{"", "Tectnoa grandis", false, "Tectona grandis"},
		{"", "Swietenia macrophyla", false, "Swietenia macrophylla"},
		{"Meranti", "Shorea spp.", true, ""},
		{"Meranti", "Shorea spp", true, ""},
		{"", "Shorea parvifolia", true, ""},
		{"", "Shorea sp.", true, ""},
		{"", "Shorae spp.", false, "Shorea spp."},
		{"", "Lagerstroemia specioza", false, "Lagerstroemia speciosa"},
		{"", "Falcataria moluccana", true, ""},
		{"Eucalyptus", "Eucalyptus pellita", true, ""},
		{"jati", "", true, ""},
		{"Bangkirai", "", true, ""},
		{"", "Quercus robur", false, ""},
		{"", "Teak", false, ""},
		{"", "", false, ""},
		{"Jati", "Tectona grandiss", false, "Tectona grandis"}, // folds to the same
		{"Jati", " TECTONA  GRANDIS. ", true, ""},
	} {
		known, suggestion := d.CheckSpecies(tc.common, tc.scientific)
		if known != tc.known || suggestion != tc.suggestion {
			t.Errorf("%q %q: %v, %q", tc.common, tc.scientific, known, suggestion)
		}
	}
	if got := d.SpeciesNamed("bangkirai"); len(got) < 4 {
		t.Errorf("bangkirai means %d species", len(got))
	}
	if got := d.SearchSpecies("teak", 5); len(got) != 1 || got[0].Scientific != "Tectona grandis" {
		t.Errorf("teak finds %v", got)
	}
}

func TestCITES(t *testing.T) {
	d := builtIn(t)
	for name, want := range map[string]bool{
		"Swietenia macrophylla": true, "Dalbergia latifolia": true, "dalbergia sissoo": true,
		"Gonystylus bancanus": true, "Tectona grandis": false, "Gonystylus": false, "": false,
	} {
		l, ok := d.CITES(name, "2017-05-20")
		if ok != want || ok && l.Status == "" {
			t.Errorf("%q: %v %+v", name, ok, l)
		}
	}
	for _, l := range d.cites {
		if known, _ := d.CheckSpecies("", l.Name); !known && l.Name != "Dalbergia spp." {
			t.Errorf("%s is listed but not in species.csv", l.Name)
		}
	}
}

func TestConvert(t *testing.T) {
	d := builtIn(t)
	q := func(s string) flegt.Quantity {
		n, err := flegt.ParseQuantity(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, tc := range []struct {
		amount   string
		from, to flegt.Unit
		want     string
		key      string
	}{
		{"1", "GRM", "KGM", "0.001", ""},
		{"1.5", "TNE", "KGM", "1500", ""},
		{"24860", "KGM", "TNE", "24.86", ""},
		{"0.000001", "TNE", "GRM", "1", ""},
		{"0.0001", "GRM", "KGM", "", "unit.inexact"},
		{"8.412", "MTQ", "MTQ", "8.412", ""},
		{"1", "MTQ", "KGM", "", "unit.mismatch"},
		{"1", "H87", "NAR", "", "unit.mismatch"},
		{"1", "", "KGM", "", "unit.unknown"},
		{"1000000000", "TNE", "GRM", "", "unit.inexact"},
	} {
		got, err := d.Convert(q(tc.amount), tc.from, tc.to)
		key := ""
		if e, ok := err.(*flegt.Error); ok {
			key = e.Key
		}
		if key != tc.key || err == nil && got != q(tc.want) {
			t.Errorf("%s %s in %s: %s, %v", tc.amount, tc.from, tc.to, got, err)
		}
	}
	if got, err := d.Convert(-q("1"), "KGM", "GRM"); err != nil || got != -q("1000") {
		t.Errorf("a movement back: %s, %v", got, err)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := BuiltIn(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearchHS(b *testing.B) {
	d, err := BuiltIn()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		d.SearchHS("wooden furniture", 20)
	}
}

func FuzzGoods(f *testing.F) {
	d, err := BuiltIn()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("9401.69", "Tectona grandes", int64(1_000_000))
	f.Add("4420 10", "Shorea spp.", int64(-1))
	f.Add("\xff", "\u00adé spp", int64(1)<<62)
	f.Fuzz(func(t *testing.T, hs, name string, n int64) {
		if digits := HSDigits(hs); digits != "" && HSDigits(WriteHS(digits)) != digits {
			t.Errorf("%q is written %q", digits, WriteHS(digits))
		}
		d.Scope("ID", hs, "2026-11-24")
		d.HSKnown(hs)
		d.SearchHS(hs, 3)
		if known, s := d.CheckSpecies("", name); known && s != "" {
			t.Errorf("%q is known, and yet %q is suggested", name, s)
		}
		d.CITES(name, "2026-11-24")
		back, err := d.Convert(flegt.Quantity(n), "KGM", "GRM")
		if err != nil {
			return
		}
		if again, err := d.Convert(back, "GRM", "KGM"); err != nil || again != flegt.Quantity(n) {
			t.Errorf("%d kg are %d g are %d kg, %v", n, back, again, err)
		}
	})
}
