package reference

import (
	"testing"
	"time"
)

// TestDays: the same moment is another day in Lisbon than in Copenhagen, and again in Helsinki.
func TestDays(t *testing.T) {
	d := builtIn(t)
	late := time.Date(2017, 3, 17, 22, 30, 0, 0, time.UTC)
	for country, want := range map[string]string{"PT": "2017-03-17 2017-03-17", "DK": "2017-03-17 2017-03-18", "FI": "2017-03-18 2017-03-18", "EL": "2017-03-18 2017-03-18",
		"GH": "2017-03-17 2017-03-17", "ID": "2017-03-18 2017-03-18", "": "2017-03-17 2017-03-18", "XX": "2017-03-17 2017-03-18"} {
		if got := string(d.DayIn(country, late)) + " " + string(d.DayIn(country, late.Add(time.Hour))); got != want {
			t.Errorf("%s: %s, want %s", country, got, want)
		}
	}
	for _, c := range d.Members("") {
		if d.Zone(c.Code) == nil {
			t.Errorf("whose days begin when in %s", c.Code)
		}
	}
	if got := d.DayIn("DK", time.Date(2017, 7, 1, 22, 30, 0, 0, time.UTC)); got != "2017-07-02" {
		t.Errorf("in summer the day begins an hour earlier: %s", got)
	}
}
