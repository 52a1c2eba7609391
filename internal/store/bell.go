package store

import "sync"

// bell tells whoever waits that something was committed. Its zero value is ready.
type bell struct {
	mu   sync.Mutex
	next chan struct{} // nil while nobody waits
}

// Committed gives a channel that is closed when a change of this program is committed next.
// Ask for it before looking, so that nothing is missed between the look and the waiting. What
// another process commits is not heard of.
func (db *DB) Committed() <-chan struct{} {
	b := &db.bell
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}
