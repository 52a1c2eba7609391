package store

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestMomentsAreWrittenByTheirLayout: what writes a moment by itself writes what the layout says.
func TestMomentsAreWrittenByTheirLayout(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	for _, at := range []time.Time{
		time.Date(2026, 1, 1, 0, 30, 0, 0, zone), time.Date(2026, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(2024, 2, 29, 1, 2, 3, 999, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 1_000, time.UTC), time.Date(9999, 12, 31, 23, 0, 0, 70_000, zone),
	} {
		if got, want := momentText(at), at.UTC().Format(timeLayout); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for range 10_000 {
		at := time.Unix(rand.Int64N(1<<33), rand.Int64N(1e9)).In(zone)
		if got, want := momentText(at), at.UTC().Format(timeLayout); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
}
