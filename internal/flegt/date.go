package flegt

import (
	"strings"
	"time"
)

// Date is a calendar day as written in a box, ISO 8601 (2006-01-02) when it is good. A
// draft keeps what was typed, so a Date may be no day at all; Valid says so.
type Date string

// DateOf gives the day of a moment in the moment's own time zone.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return Date(t.Format(time.DateOnly))
	}
	text := [...]byte{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0'}
	for i, n := 3, year; n > 0; i, n = i-1, n/10 {
		text[i] += byte(n % 10)
	}
	text[5] += byte(month / 10)
	text[6] += byte(month % 10)
	text[8] += byte(day / 10)
	text[9] += byte(day % 10)
	return Date(text[:])
}

// ParseDate reads a day as people type it: 2016-11-18, 18-11-2016, 18.11.2016, 18/11/2016
// (day first). What cannot be read is kept as it stands, so that nothing typed is lost.
func ParseDate(s string) Date {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "2-1-2006", "2.1.2006", "2/1/2006", "2 January 2006", "2006/1/2"} {
		if t, err := time.Parse(layout, s); err == nil {
			return DateOf(t)
		}
	}
	return Date(s)
}

// Valid says whether d is a day.
func (d Date) Valid() bool {
	if len(d) != len(time.DateOnly) || d[4] != '-' || d[7] != '-' {
		return false
	}
	year, ok := wholeNumber(d[:4])
	month, ok2 := wholeNumber(d[5:7])
	day, ok3 := wholeNumber(d[8:])
	if !ok || !ok2 || !ok3 || month < 1 || month > 12 || day < 1 || day > 31 {
		return false
	}
	if day <= 28 {
		return true
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day
}

// wholeNumber reads a number without a sign.
func wholeNumber(text Date) (n int, ok bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = 10*n + int(text[i]-'0')
	}
	return n, true
}

// Time gives the day's beginning in UTC; the zero time when d is no day.
func (d Date) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// Before says whether d lies before e. Both must be valid.
func (d Date) Before(e Date) bool { return d < e }

// AddMonths moves by whole months; where the month has no such day, to its last one.
// Reg. (EEC, Euratom) 1182/71 art. 3(2)(c) (to be verified)
func (d Date) AddMonths(n int) Date {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return DateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}
