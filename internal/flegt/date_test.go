package flegt

import (
	"fmt"
	"testing"
	"time"
)

// TestMonths: a period of months ends on the day of the same number, or on the last of a month
// that has no such day.
func TestMonths(t *testing.T) {
	for _, c := range []struct {
		from   Date
		months int
		want   Date
	}{
		{"2016-11-18", 4, "2017-03-18"}, {"2016-10-31", 4, "2017-02-28"}, {"2019-10-31", 4, "2020-02-29"}, {"2016-12-31", 6, "2017-06-30"},
		{"2016-08-31", 6, "2017-02-28"}, {"2016-12-15", 1, "2017-01-15"}, {"2017-01-31", 1, "2017-02-28"}, {"2017-03-31", 0, "2017-03-31"},
	} {
		if got := c.from.AddMonths(c.months); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

// copenhagen has UTC and an hour.
var copenhagen = time.FixedZone("CET", 3600)

// TestTheDayIsTheAuthoritys: half past midnight in Copenhagen is still the day before by
// Greenwich, and a licence whose last day that was is lodged too late.
func TestTheDayIsTheAuthoritys(t *testing.T) {
	night := time.Date(2017, 3, 18, 0, 30, 0, 0, copenhagen)
	lodged := func(expires Date) Licence {
		l := Licence{State: Draft, Form: Form{Number: "n", Issued: "2016-11-18", Expires: expires}}
		if _, err := l.Submit(by(RoleOperator), night, DateOf(night), nil); err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := lodged("2017-03-17")
	if l.LodgedOn != "2017-03-18" {
		t.Errorf("lodged on %s", l.LodgedOn)
	}
	if _, err := l.Accept(by(RoleAuthority), night, Limits{}); key(err) != "licence.void_lodged_late" {
		t.Errorf("accepted: %v", err)
	}
	l.State = Accepted
	if CodeOf(l.Clearable()) != CodeStatus {
		t.Errorf("booked: %v", l.Clearable())
	}
	if l = lodged("2017-03-18"); l.void() {
		t.Error("on its last day it is in time")
	}
	l.LodgedOn = "" // as in a row of before
	if l.lodged() != "2017-03-17" {
		t.Errorf("lodged on %s", l.lodged())
	}
	// A licence of tomorrow cannot be lodged, but in Jayapura it is tomorrow already.
	l, f := sound(), facts()
	l.Form.Issued, f.Now = "2016-12-06", time.Date(2016, 12, 5, 20, 0, 0, 0, time.UTC)
	told := func() bool {
		for _, x := range l.Check(f) {
			if x.Key == "check.issued_future" {
				return true
			}
		}
		return false
	}
	if !told() {
		t.Error("of tomorrow by every clock that we know")
	}
	f.DayIn = func(country string, at time.Time) Date {
		return DateOf(at.In(map[string]*time.Location{"ID": time.FixedZone("WIT", 9*3600)}[country]))
	}
	if told() {
		t.Error("issued where that day has begun")
	}
	f.Now = time.Date(2016, 12, 5, 14, 0, 0, 0, time.UTC)
	if !told() {
		t.Error("of tomorrow where it was issued, too")
	}
	l.SubmittedAt, l.LodgedOn, f.Now = time.Date(2016, 12, 5, 20, 0, 0, 0, time.UTC), "2016-12-05", f.Now.AddDate(0, 1, 0)
	if told() {
		t.Error("what was right when it was lodged is so afterwards")
	}
}

// TestDaysAreWrittenAndReadAsTheLibraryDoes: days are written and judged by hand, because it is
// done for each look; the library for time is who knows.
func TestDaysAreWrittenAndReadAsTheLibraryDoes(t *testing.T) {
	valid := func(text string) bool {
		_, err := time.Parse(time.DateOnly, text)
		return err == nil && len(text) == len(time.DateOnly)
	}
	for day := time.Date(1896, 1, 1, 23, 59, 0, 0, copenhagen); day.Year() < 2105; day = day.AddDate(0, 0, 1) {
		if got, want := DateOf(day), day.Format(time.DateOnly); string(got) != want || !got.Valid() {
			t.Fatalf("%s is written %s, valid %v", want, got, got.Valid())
		}
	}
	for _, year := range []int{-1, 0, 7, 999, 9999, 10000} {
		day := time.Date(year, 2, 3, 0, 0, 0, 0, time.UTC)
		if got, want := string(DateOf(day)), day.Format(time.DateOnly); got != want || Date(got).Valid() != valid(want) {
			t.Errorf("%s is written %s, valid %v", want, got, Date(got).Valid())
		}
	}
	for _, year := range []string{"0000", "1900", "2000", "2023", "2024", "99", "+024", "20 4", "２０２４"} {
		for month := range 14 {
			for day := range 34 {
				for _, layout := range []string{"%s-%02d-%02d", "%s-%d-%d", "%s.%02d-%02d", "%s-%02d/%02d", "%s-%02d-%02d ", "%s-%02d--%d"} {
					text := fmt.Sprintf(layout, year, month, day)
					if got, want := Date(text).Valid(), valid(text); got != want {
						t.Fatalf("%q valid: %v, want %v", text, got, want)
					}
				}
			}
		}
	}
}
