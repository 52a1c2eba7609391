package report

import (
	"testing"
	"time"
)

func TestWorkingDays(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, c := range map[string]struct {
		country, from, to string
		want              int
	}{
		"the same day":               {"DK", "2016-12-05 08:00", "2016-12-05 23:00", 0},
		"over night":                 {"DK", "2016-12-05 23:00", "2016-12-06 00:10", 1},
		"over a weekend":             {"DK", "2016-12-02 15:00", "2016-12-05 09:00", 1},
		"a Saturday":                 {"DK", "2016-12-02 15:00", "2016-12-03 09:00", 0},
		"Christmas in Denmark":       {"DK", "2016-12-23 15:00", "2016-12-27 09:00", 1},
		"Easter Monday in Denmark":   {"DK", "2017-04-13 15:00", "2017-04-18 09:00", 1},
		"no holidays known: weekday": {"MT", "2016-12-23 15:00", "2016-12-27 09:00", 2},
		"over the year's end":        {"DK", "2016-12-30 15:00", "2017-01-02 09:00", 1},
		"New Year on a Thursday":     {"DK", "2025-12-30 15:00", "2026-01-02 09:00", 2},
		"All Saints in Poland":       {"PL", "2016-10-31 15:00", "2016-11-02 09:00", 1},
		"and not in Denmark":         {"DK", "2016-10-31 15:00", "2016-11-02 09:00", 2},
		"27 years":                   {"DK", "1990-01-01 09:00", "2017-01-01 09:00", maxDays},
		"Orthodox Easter in Greece":  {"GR", "2016-04-28 15:00", "2016-05-03 09:00", 1},
		"Epiphany in Croatia":        {"HR", "2017-01-05 15:00", "2017-01-09 09:00", 1},
		"Corpus Christi in Croatia":  {"HR", "2016-05-25 15:00", "2016-05-27 09:00", 1},
		"Boxing Day in Britain":      {"GB", "2016-12-23 15:00", "2016-12-28 09:00", 1},
		"backwards":                  {"DK", "2016-12-06 15:00", "2016-12-05 09:00", 0},
	} {
		if got := WorkingDays(c.country, at(c.from), at(c.to)); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if HolidaysKnown("MT") || !HolidaysKnown("DK") {
		t.Error("whose holidays are known")
	}
}

// TestWorkingDaysOneByOne compares the sums of years with days counted one by one, over the
// ends of years and with countries whose holidays nobody told us.
func TestWorkingDaysOneByOne(t *testing.T) {
	from := time.Date(2015, 12, 20, 9, 0, 0, 0, time.UTC)
	for _, country := range []string{"DK", "DE", "XX", ""} {
		n := 0
		for i := range 1100 {
			to := from.AddDate(0, 0, i)
			if i > 0 && Workday(country, to) {
				n++
			}
			if got := WorkingDays(country, from, to); got != min(n, maxDays) {
				t.Fatalf("%s: %d working days until %s, one by one %d", country, got, to.Format(time.DateOnly), n)
			}
		}
	}
	if n := WorkingDays("DK", from, from.AddDate(900, 0, 0)); n != maxDays {
		t.Errorf("%d working days in 900 years", n)
	}
	if n := WorkingDays("DK", from, from.AddDate(0, 0, -400)); n != 0 {
		t.Errorf("%d working days backwards", n)
	}
}

// TestEarlier: a licence lodged in the last moment before it has waited as many working days as
// asked for, and one lodged with it has not; over every day of two years and their ends.
func TestEarlier(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	for _, country := range []string{"DK", "PL", "XX"} {
		for i := range 750 {
			now := time.Date(2015, 12, 1, 10, 0, 0, 0, zone).AddDate(0, 0, i)
			for _, days := range []int{1, 2, 5, 60} {
				bound := Earlier(country, now, days)
				if got := WorkingDays(country, bound.Add(-time.Second), now); got < days {
					t.Fatalf("%s %s: lodged before %s it waits %d working days, not %d", country, now, bound, got, days)
				}
				if got := WorkingDays(country, bound, now); got >= days {
					t.Fatalf("%s %s: lodged on %s it waits %d working days, and %d are asked for", country, now, bound, got, days)
				}
			}
		}
	}
}

// BenchmarkWorkingDays is the clock of a case that has waited for three years.
func BenchmarkWorkingDays(b *testing.B) {
	from := time.Date(2016, 12, 5, 9, 0, 0, 0, time.UTC)
	for b.Loop() {
		WorkingDays("DK", from, from.AddDate(3, 0, 0))
	}
}
