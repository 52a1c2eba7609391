package reference

import (
	"sync"
	"time"
	_ "time/tzdata" // a bare machine may not know where Copenhagen is

	"github.com/openflegt/openflegt/internal/flegt"
)

// addZone reads by whose clock a country's days begin.
func addZone(d *Data, w row) {
	country, name := w.country(d, "country"), w.need("zone")
	w.need("source")
	zone, err := time.LoadLocation(name)
	switch _, twice := d.zones[country]; {
	case err != nil:
		w.wrong("zone: %q is not in the time zone database", name)
	case twice:
		w.wrong("%s stands here twice", country)
	}
	if d.zones == nil {
		d.zones = map[string]*time.Location{}
	}
	d.zones[country] = zone
}

// Zone gives the time zone by whose clock the days of a country's authority begin and end; nil
// for a country of which our data does not say it. A licence is lodged on the authority's day,
// and not on that of the machine which keeps it: Reg. (EC) 1024/2008 art. 7 (to be verified).
func (d *Data) Zone(country string) *time.Location { return d.zones[CountryCode(country)] }

// brussels is where the Union's own offices stand.
var brussels = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil { // the database is built in
		return time.UTC
	}
	return zone
})

// In gives a moment by the clock of a country's authority; by that of Brussels where our data
// does not say where it stands.
func (d *Data) In(country string, at time.Time) time.Time {
	if zone := d.Zone(country); zone != nil {
		return at.In(zone)
	}
	return at.In(brussels())
}

// DayIn gives the day of a moment by the clock of a country's authority, as In.
func (d *Data) DayIn(country string, at time.Time) flegt.Date { return flegt.DateOf(d.In(country, at)) }
