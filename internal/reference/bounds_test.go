package reference

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/openflegt/openflegt/internal/flegt"
)

// laid gives the built-in data with one table laid over it.
func laid(t *testing.T, file string, rows ...string) *Data {
	t.Helper()
	for _, tb := range tables() {
		if tb.file == file {
			d, err := Load(fstest.MapFS{file: {Data: []byte(strings.Join(tb.columns, ",") + "\n" + strings.Join(rows, "\n") + "\n")}})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
	}
	t.Fatal(file)
	return nil
}

// TestScopeByLengthCountryAndDay: the longest row decides, of one length the country's own, each on
// its days alone.
func TestScopeByLengthCountryAndDay(t *testing.T) {
	const law = "scope.annex_iii,law,source"
	d := laid(t, "scope.csv",
		"*,4412,,,under,,"+law, "ID,4412,2018-01-01,2018-12-31,unknown,,"+law, "ID,441231,2018-06-01,,not_under,,"+law, "*,441231,,,unknown,,"+law,
		"ID,4421,2017-01-01,,under,,"+law)
	for _, c := range []struct {
		country, hs string
		on          flegt.Date
		want        flegt.Verdict
	}{
		{"ID", "4412", "2017-12-31", flegt.UnderFLEGT},
		{"ID", "4412", "2018-01-01", flegt.ScopeUnknown}, // the country's own before the one for all
		{"ID", "4412", "2018-12-31", flegt.ScopeUnknown},
		{"ID", "4412", "2019-01-01", flegt.UnderFLEGT},
		{"GH", "4412", "2026-01-01", flegt.UnderFLEGT},
		{"ID", "4412.31", "2018-05-31", flegt.ScopeUnknown},
		{"ID", "4412.31", "2018-06-01", flegt.NotUnderFLEGT}, // the country's own, and longer
		{"ID", "4412 31 10", "2019-06-01", flegt.NotUnderFLEGT},
		{"ID", "4412.32", "2019-06-01", flegt.UnderFLEGT},
		{"ID", "4421", "2016-12-31", flegt.ScopeUnknown},
		{"ID", "4421", "2017-01-01", flegt.UnderFLEGT},
		{"GH", "4421", "2026-01-01", flegt.ScopeUnknown},
	} {
		if got := d.Scope(c.country, c.hs, c.on).Verdict; got != c.want {
			t.Errorf("%s %s on %s: %s, want %s", c.country, c.hs, c.on, got, c.want)
		}
	}
}

// TestCITESByDay: a listing counts on its days.
func TestCITESByDay(t *testing.T) {
	d := laid(t, "cites.csv", "Tectona grandis,B,2017-01-02,2018-12-31,,x,,x", "Shorea spp.,C,2019-01-01,,,x,,x")
	for _, c := range []struct {
		name string
		on   flegt.Date
		want string
	}{
		{"Tectona grandis", "2017-01-01", ""}, {"Tectona grandis", "2017-01-02", "B"}, {"tectona GRANDIS", "2018-12-31", "B"}, {"Tectona grandis", "2019-01-01", ""},
		{"Tectona hamiltoniana", "2018-01-01", ""}, {"Shorea laevis", "2018-12-31", ""}, {"Shorea laevis", "2019-01-01", "C"}, {"Shorea sp.", "2019-01-01", "C"}, {"Shorea", "2019-01-01", "C"},
	} {
		if l, _ := d.CITES(c.name, c.on); l.Annex != c.want {
			t.Errorf("%s on %s: %q, want %q", c.name, c.on, l.Annex, c.want)
		}
	}
}

// TestListedAmongAGenus: a genus that is named as a whole may mean its listed species.
func TestListedAmongAGenus(t *testing.T) {
	d := laid(t, "cites.csv", "Swietenia macrophylla,B,2017-01-02,,,x,,x", "Swietenia mahagoni,B,,,,x,,x", "Shorea spp.,C,,,,x,,x")
	for _, c := range []struct {
		name string
		on   flegt.Date
		want string
	}{
		{"Swietenia spp.", "2017-01-02", "Swietenia macrophylla, Swietenia mahagoni"}, {"swietenia sp", "2017-01-01", "Swietenia mahagoni"}, {"Swietenia", "2017-01-01", "Swietenia mahagoni"},
		{"Swietenia macrophylla", "2017-01-02", ""}, {"Swietenia humilis", "2017-01-02", ""}, {"Shorea spp.", "2017-01-02", ""}, {"", "2017-01-02", ""}, {"Tectona spp.", "2017-01-02", ""},
	} {
		if got := strings.Join(d.CITESAmong(c.name, c.on), ", "); got != c.want {
			t.Errorf("%q on %s: %q, want %q", c.name, c.on, got, c.want)
		}
	}
}

// TestSuggestionsOfSpecies: two letters off at most, never when two are as close, never a genus for a
// species.
func TestSuggestionsOfSpecies(t *testing.T) {
	d := laid(t, "species.csv", "Tectona grandis,Jati,,ID,,x", "Shorea spp.,Meranti,,ID,,x", "Shorea laevis,Bangkirai,,ID,,x", "Shorea levis,Bangkirai,,ID,,x", "Shorea spinosa,Meranti,,ID,,x")
	for name, want := range map[string]string{
		"Tectona grandi": "Tectona grandis", "Tectna grandi": "Tectona grandis", "Tectna grndi": "", "Tectona garndis": "Tectona grandis",
		"Tectona brandis": "", // another first letter is another name
		"Shorea lavis":    "", // as far from the one as from the other
		"Shorae spp.":     "Shorea spp.", "Shorea spppp": "", "Shorea spinoza": "Shorea spinosa",
		"Tectona grandis": "", "T g": "", strings.Repeat("Tectona grandis ", 10): "",
	} {
		if got := d.Suggest(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestBodiesByDay: a body is known on the days on which it issued, under each of its names.
func TestBodiesByDay(t *testing.T) {
	d := laid(t, "licensing_bodies.csv", "ID,PT Kayu Baik (Persero),Kayu Baik;KB,licensing,2017-01-01,2018-12-31,,x,x", "ID,PT Periksa,,auditor,,,,x,x")
	for _, c := range []struct {
		name string
		on   flegt.Date
		want bool
	}{
		{"PT. KAYU BAIK", "2016-12-31", false}, {"PT. KAYU BAIK", "2017-01-01", true}, {"kb", "2018-12-31", true}, {"Kayu Baik", "2019-01-01", false},
		{"PT Periksa", "2018-01-01", false}, {"", "2018-01-01", false},
	} {
		if got := d.IssuingKnown("ID", c.name, c.on); got != c.want {
			t.Errorf("%q on %s: %v", c.name, c.on, got)
		}
	}
}
