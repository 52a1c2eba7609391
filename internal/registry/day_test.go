package registry_test

import (
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry/registrytest"
)

// TestALicenceExpiresByItsAuthoritysDay: half past eleven in Copenhagen is the next day in Helsinki.
func TestALicenceExpiresByItsAuthoritysDay(t *testing.T) {
	w := registrytest.New(t, time.Date(2016, 12, 6, 22, 30, 0, 0, time.UTC))
	for country, want := range map[string]struct {
		day      flegt.Date
		standing string
	}{"DK": {"2016-12-06", "accepted"}, "FI": {"2016-12-07", "expired"}, "PT": {"2016-12-06", "accepted"}} {
		l := flegt.Licence{ImportCountry: country, State: flegt.Accepted, Form: flegt.Form{Expires: "2016-12-06"}}
		if got := w.Office.TodayIn(country); got != want.day {
			t.Errorf("%s: it is %s, want %s", country, got, want.day)
		}
		if got := w.Office.StandingOf(l); got != want.standing {
			t.Errorf("%s: %s, want %s", country, got, want.standing)
		}
	}
}
