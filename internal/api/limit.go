package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/openflegt/openflegt/internal/flegt"
)

// maxCounted is how many credentials or addresses are counted at once; when there are more,
// those that have not asked for a minute are forgotten, and if that is not enough any others.
const maxCounted = 20_000

// limiter counts requests by a name: so many a minute, all of them at once if need be.
type limiter struct {
	perMinute int // below 0: no limit
	clock     func() time.Time
	mu        sync.Mutex
	counted   map[string]*counted
}

type counted struct {
	bucket *rate.Limiter
	last   time.Time
}

func newLimiter(perMinute int, clock func() time.Time) *limiter {
	return &limiter{perMinute: perMinute, clock: clock, counted: map[string]*counted{}}
}

// count counts a request and tells in the answer's headers what is left
// (draft-ietf-httpapi-ratelimit-headers): r requests now, and in t seconds all of the policy's
// again, or the next one when nothing is left. Retry-After names the same moment as t, as the
// draft asks. TooMany when nothing is left.
func (l *limiter) count(w http.ResponseWriter, policy, name string) error {
	if l.perMinute < 0 {
		return nil
	}
	now := l.clock()
	bucket := l.bucket(name, now)
	allowed := bucket.AllowN(now, 1)
	left := max(0, bucket.TokensAt(now))
	perSecond := float64(l.perMinute) / 60
	next := float64(l.perMinute)
	if left < 1 {
		next = 1
	}
	wait := max(1, int(math.Ceil((next-left)/perSecond)))
	h := w.Header()
	h["Ratelimit-Policy"] = []string{fmt.Sprintf(`%q;q=%d;w=60`, policy, l.perMinute)}
	h["Ratelimit"] = []string{fmt.Sprintf(`%q;r=%d;t=%d`, policy, int(left), wait)}
	if allowed {
		return nil
	}
	h.Set("Retry-After", strconv.Itoa(wait))
	return refuse(kindTooMany, flegt.Args{"Count": wait})
}

func (l *limiter) bucket(name string, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.counted[name]
	if c == nil {
		if len(l.counted) >= maxCounted {
			l.forget(now)
		}
		c = &counted{bucket: rate.NewLimiter(rate.Limit(float64(l.perMinute)/60), l.perMinute)}
		l.counted[name] = c
	}
	c.last = now
	return c.bucket
}

// forget drops who has not asked for a minute: their buckets are full again. When nearly all have,
// whoever asks from ever more addresses makes us forget a quarter of them, and fills no memory.
func (l *limiter) forget(now time.Time) {
	for name, c := range l.counted {
		if now.Sub(c.last) > time.Minute {
			delete(l.counted, name)
		}
	}
	for name := range l.counted {
		if len(l.counted) <= maxCounted/4*3 {
			return
		}
		delete(l.counted, name)
	}
}
