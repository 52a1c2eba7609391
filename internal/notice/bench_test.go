package notice

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// BenchmarkBookings tells bookings under many licences to the two who act for their operator.
func BenchmarkBookings(b *testing.B) {
	p := newPost(b)
	const licences = 1000
	p.update(func(tx *store.Tx) error {
		for i := range licences {
			l := p.licence
			l.ID, l.Form.Number = fmt.Sprintf("lic-%d", i), fmt.Sprintf("16.%05d", i)
			if err := tx.AddLicence(l); err != nil {
				return err
			}
		}
		return nil
	})
	for i := 0; i < b.N; i += licences {
		p.update(func(tx *store.Tx) error {
			for n := range min(licences, b.N-i) {
				e := flegt.NewEvent(flegt.TheSystem(), p.now, flegt.NounLicence, fmt.Sprintf("lic-%d", n), "booked").With("mrn", "26DK16RF3TDPZE7AR2")
				e.Operator, e.Country = "op", "DK"
				if _, err := tx.Append(e, nil); err != nil {
					return err
				}
			}
			return nil
		})
	}
	b.ResetTimer()
	began := processorTime()
	told, err := p.CatchUp(ctx)
	if err != nil || told != b.N {
		b.Fatal(told, err)
	}
	b.StopTimer()
	b.ReportMetric(float64((processorTime()-began).Microseconds())/float64(b.N), "cpu-µs")
	if got := len(p.letters()); got != min(1000, 2*b.N) {
		b.Errorf("%d letters", got)
	}
}

// processorTime is what this process has taken of the processors: on a busy machine the time
// that passes says little.
func processorTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
