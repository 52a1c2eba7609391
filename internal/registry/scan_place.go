package registry

import (
	"sync"

	"github.com/openflegt/openflegt/internal/flegt"
)

// How many scans may be arriving at once: each is a temporary file of up to 50 MB and, on
// a slow line, takes minutes.
const (
	uploadsAtOnce      = 32
	uploadsByOneAtOnce = 4
)

// uploads counts the scans that are arriving, by account.
type uploads struct {
	mu    sync.Mutex
	total int
	by    map[string]int
}

// enter takes a place, which leave gives back; TooMany when there is none.
func (u *uploads) enter(account string) (leave func(), err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.total >= uploadsAtOnce || u.by[account] >= uploadsByOneAtOnce {
		return nil, scanError(flegt.TooMany, "scan.busy", nil)
	}
	if u.by == nil {
		u.by = map[string]int{}
	}
	u.total++
	u.by[account]++
	return func() { u.leave(account) }, nil
}

func (u *uploads) leave(account string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.total--
	if u.by[account]--; u.by[account] == 0 {
		delete(u.by, account)
	}
}
