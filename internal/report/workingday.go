// Package report makes read-outs: how long a case has waited, figures of queues, registers
// and the yearly report. It reads and never changes.
package report

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
)

// holidays gives a country's national public holidays; nil when the library does not know
// them. Regional holidays are not counted.
func holidays(country string) []*cal.Holiday {
	switch country {
	case "AT":
		return at.Holidays
	case "BE":
		return be.Holidays
	case "BG":
		return bg.Holidays
	case "CZ":
		return cz.Holidays
	case "DE":
		return de.Holidays
	case "DK":
		return dk.Holidays
	case "ES":
		return es.Holidays
	case "FR":
		return fr.Holidays
	case "GB":
		return gb.Holidays
	case "GR":
		return gr.Holidays
	case "HR":
		return hr.Holidays
	case "IE":
		return ie.Holidays
	case "IT":
		return it.Holidays
	case "LT":
		return lt.Holidays
	case "LV":
		return lv.Holidays
	case "NL":
		return nl.Holidays
	case "PL":
		return pl.Holidays
	case "RO":
		return ro.Holidays
	case "SE":
		return se.Holidays
	case "SI":
		return si.Holidays
	case "SK":
		return sk.Holidays
	}
	return nil
}

// HolidaysKnown says whether working days of the country leave out its public holidays;
// otherwise they leave out weekends alone, and a page says so.
func HolidaysKnown(country string) bool { return holidays(country) != nil }

// workYear is a year of a country's calendar: the calendar library works each holiday out
// anew whenever it is asked about a day.
type workYear struct {
	work   [367]bool // by the day of the year, from 1
	passed [367]int  // working days up to and with that day
}

// workYears keeps the years that were asked for, by country and year.
var workYears sync.Map

type countryYear struct {
	country string
	year    int
}

func yearOf(country string, year int) *workYear {
	if holidays(country) == nil {
		country = "" // weekends alone, whatever it is called
	}
	if kept, ok := workYears.Load(countryYear{country, year}); ok {
		return kept.(*workYear)
	}
	c := cal.NewBusinessCalendar()
	c.AddHoliday(holidays(country)...)
	y := &workYear{}
	for d := time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
		n := d.YearDay()
		y.work[n], y.passed[n] = c.IsWorkday(d), y.passed[n-1]
		if y.work[n] {
			y.passed[n]++
		}
	}
	kept, _ := workYears.LoadOrStore(countryYear{country, year}, y)
	return kept.(*workYear)
}

// WorkingDays counts the working days that passed from one moment to another in a country's
// calendar: 0 on the day itself, 1 on the next working day. Both moments are taken in their
// own time zone. A moment before the first counts as none.
func WorkingDays(country string, from, to time.Time) int {
	first, last := day(from), day(to)
	if !last.After(first) {
		return 0
	}
	n := -yearOf(country, first.Year()).passed[first.YearDay()]
	for year := first.Year(); year < last.Year() && n < maxDays; year++ {
		n += yearOf(country, year).passed[lastOf(year)]
	}
	if n < maxDays {
		n += yearOf(country, last.Year()).passed[last.YearDay()]
	}
	return min(n, maxDays)
}

// lastOf gives the number of a year's last day.
func lastOf(year int) int { return time.Date(year, 12, 31, 12, 0, 0, 0, time.UTC).YearDay() }

// maxDays ends the count: a case older than this is simply old.
const maxDays = 999

func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
}

// Earlier gives the beginning of the day after the one from which so many working days have
// passed until a moment: what was lodged before it has waited at least so long. It is
// reckoned like WorkingDays, in the moment's own time zone.
func Earlier(country string, until time.Time, days int) time.Time {
	d := day(until)
	for n, left := 0, days; left > 0 && n < maxDays; n++ {
		if Workday(country, d) {
			left--
		}
		d = d.AddDate(0, 0, -1)
	}
	return time.Date(d.Year(), d.Month(), d.Day()+1, 0, 0, 0, 0, until.Location())
}

// Workday says whether a day is a working day in a country.
func Workday(country string, d time.Time) bool {
	d = day(d)
	return yearOf(country, d.Year()).work[d.YearDay()]
}
