package main

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestRemindFrom: two working days before the deadline, by the calendar of the authority's
// country; weekends and public holidays are none.
func TestRemindFrom(t *testing.T) {
	for _, c := range []struct {
		country        string
		deadline, from flegt.Date
	}{
		{"DK", "2016-12-15", "2016-12-13"}, // Thursday, Tuesday
		{"DK", "2016-12-13", "2016-12-09"}, // Tuesday, Friday
		{"DK", "2016-12-12", "2016-12-08"}, // Monday, Thursday
		{"DK", "2016-12-11", "2016-12-08"}, // Sunday, Thursday
		{"DK", "2016-12-27", "2016-12-22"}, // after Christmas: Friday and Thursday before
		{"DE", "2016-10-04", "2016-09-29"}, // the day before is German Unity Day
		{"DK", "2016-10-04", "2016-09-30"}, // in Denmark it is a Monday
	} {
		if got := remindFrom(c.country, c.deadline); got != c.from {
			t.Errorf("%s, %s: %s, want %s", c.country, c.deadline, got, c.from)
		}
	}
}
