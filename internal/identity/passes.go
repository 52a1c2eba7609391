package identity

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/openflegt/openflegt/internal/store"
)

// passesChecked is how old what we know of everybody's rights may be: programs ask often,
// and one look at the event log serves all who ask within it.
const passesChecked = 250 * time.Millisecond

// passUsed is how often it is noted that a token was used.
const passUsed = time.Minute

// maxPasses is how many passes are remembered.
const maxPasses = 10_000

// passes remembers who acts by which token. All of it is forgotten when the event log has a
// newer event about an account, an authorisation or a token: rights change rarely.
type passes struct {
	mu      sync.Mutex
	head    int64     // of such events, when the passes were read
	checked time.Time // when the head was last compared
	known   map[[sha256.Size]byte]remembered
}

type remembered struct {
	pass Pass
	used time.Time
}

// forget drops everything: rights have changed in this process.
func (p *passes) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known, p.checked = nil, time.Time{}
}

// find gives a pass by the hash of its token; false when it must be read. A pass that was
// last noted as used a while ago is read again, so that its use is noted.
func (p *passes) find(ctx context.Context, id *Identity, hash [sha256.Size]byte, now time.Time) (Pass, bool, error) {
	p.mu.Lock()
	stale := now.Sub(p.checked) > passesChecked || now.Before(p.checked)
	p.mu.Unlock()
	if stale {
		var head int64
		err := id.db.View(ctx, func(tx *store.Tx) (err error) {
			head, err = tx.AccessHead()
			return err
		})
		if err != nil {
			return Pass{}, false, err
		}
		p.seen(head, now)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	r, ok := p.known[hash]
	return r.pass, ok && now.Before(r.pass.Ends) && now.Sub(r.used) < passUsed, nil
}

// seen takes note of the head: a newer one makes everything known old.
func (p *passes) seen(head int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if head != p.head {
		p.known, p.head = nil, head
	}
	p.checked = now
}

// keep remembers a pass that was read when the log's head was head; one read at another
// head than the rest is not kept.
func (p *passes) keep(hash [sha256.Size]byte, pass Pass, head int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if head != p.head {
		return
	}
	if p.known == nil || len(p.known) >= maxPasses {
		p.known = map[[sha256.Size]byte]remembered{}
	}
	p.known[hash] = remembered{pass, now}
}
