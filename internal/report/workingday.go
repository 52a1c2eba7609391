// Package report makes read-outs: how long a case has waited, figures of queues, registers
// and the yearly report. It reads and never changes.
package report

import (
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

// WorkingDays counts the working days that passed from one moment to another in a country's
// calendar: 0 on the day itself, 1 on the next working day. Both moments are taken in their
// own time zone. A moment before the first counts as none.
func WorkingDays(country string, from, to time.Time) int {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(holidays(country)...)
	n := 0
	last := day(to)
	for d := day(from).AddDate(0, 0, 1); !d.After(last) && n < maxDays; d = d.AddDate(0, 0, 1) {
		if c.IsWorkday(d) {
			n++
		}
	}
	return n
}

// maxDays ends the count: a case older than this is simply old.
const maxDays = 999

func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
}

// Earlier gives the beginning of the day after the one from which so many working days have
// passed until a moment: what was lodged before it has waited at least so long. It is
// reckoned like WorkingDays, in the moment's own time zone.
func Earlier(country string, until time.Time, days int) time.Time {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(holidays(country)...)
	d := day(until)
	for n, left := 0, days; left > 0 && n < maxDays; n++ {
		if c.IsWorkday(d) {
			left--
		}
		d = d.AddDate(0, 0, -1)
	}
	return time.Date(d.Year(), d.Month(), d.Day()+1, 0, 0, 0, 0, until.Location())
}

// Workday says whether a day is a working day in a country.
func Workday(country string, d time.Time) bool {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(holidays(country)...)
	return c.IsWorkday(day(d))
}
