package main

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// unhurried hands out connections that cost little to be kept an eye on.
type unhurried struct{ net.Listener }

// Accept waits for the next visitor.
func (l unhurried) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return newConnection(c), nil
}

// attention is how long an answer may take before it is looked whether the visitor is still
// there.
const attention = 100 * time.Millisecond

// connection is a visitor's. net/http moves its deadlines seven times for a request, each time
// through the runtime's poller, and has one byte read while an answer is worked out, to learn that
// the visitor has gone. Here a deadline that moves away is only remembered until the one before it
// comes, and whoever wants one byte, which nobody but net/http does, is kept waiting for the
// answer first.
type connection struct {
	net.Conn
	in, out deadline

	woken    chan bool   // tells who waits whether to ask for the byte after all
	patience *time.Timer // of who waits: it is not set anew for each, see tire
	// Guarded by in:
	waiting bool      // one byte is wanted, and was not asked for yet
	since   time.Time // when that began
	ticking bool      // patience is set
}

func newConnection(c net.Conn) *connection {
	out := &connection{Conn: c, woken: make(chan bool, 1)}
	out.in.set, out.out.set = c.SetReadDeadline, c.SetWriteDeadline
	return out
}

// Read reads what the visitor sends.
func (c *connection) Read(b []byte) (n int, err error) {
	if len(b) == 1 && !c.wait() {
		return 0, os.ErrDeadlineExceeded
	}
	return n, c.in.during(func() error {
		n, err = c.Conn.Read(b)
		return err
	})
}

// Write sends to the visitor.
func (c *connection) Write(b []byte) (n int, err error) {
	return n, c.out.during(func() error {
		sent, err := c.Conn.Write(b[n:])
		n += sent
		return err
	})
}

// CloseWrite tells the visitor that nothing more comes.
func (c *connection) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// SetDeadline sets both deadlines.
func (c *connection) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetWriteDeadline says when sending ends.
func (c *connection) SetWriteDeadline(t time.Time) error { return c.out.move(t) }

// SetReadDeadline says when reading ends. One long past, as net/http sets it when the answer is
// there, sends away who waits for a byte.
func (c *connection) SetReadDeadline(t time.Time) error {
	err := c.in.move(t)
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	if c.waiting && longPast(t) {
		c.waiting = false
		c.woken <- false
	}
	return err
}

// wait gives the answer some time before a byte is asked for; false when reading ended meanwhile.
func (c *connection) wait() bool {
	c.in.mu.Lock()
	if longPast(c.in.wanted) {
		c.in.mu.Unlock()
		return false
	}
	c.waiting, c.since = true, time.Now()
	if !c.ticking {
		c.ticking = true
		if c.patience == nil {
			c.patience = time.AfterFunc(attention, c.tire)
		} else {
			c.patience.Reset(attention)
		}
	}
	c.in.mu.Unlock()
	return <-c.woken
}

// tire ends the patience of who has waited long enough. Of those who wait one after the other most
// have gone by then, and whoever waits now is given the rest of his time.
func (c *connection) tire() {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	if c.ticking = c.waiting; !c.waiting {
		return
	}
	if left := attention - time.Since(c.since); left > 0 {
		c.patience.Reset(left)
		return
	}
	c.waiting, c.ticking = false, false
	c.woken <- true
}

// longPast says whether a deadline was not meant as a moment, but to end at once what goes on.
func longPast(t time.Time) bool { return !t.IsZero() && t.Unix() < 1_000_000_000 }

// deadline is when reading or writing ends.
type deadline struct {
	set func(time.Time) error // tells the system

	mu     sync.Mutex
	busy   bool      // the system reads or writes
	wanted time.Time // zero: never
	armed  time.Time // what the system was told last: no later than what is wanted, while it is busy
}

// move changes when it ends.
func (d *deadline) move(t time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wanted = t
	if !d.busy {
		return nil
	}
	return d.arm()
}

// arm tells the system, if what is wanted comes before what it was told.
func (d *deadline) arm() error {
	if d.wanted.IsZero() || !d.armed.IsZero() && !d.wanted.Before(d.armed) {
		return nil
	}
	d.armed = d.wanted
	return d.set(d.wanted)
}

// during does something until the deadline, again when an earlier one has cut it off.
func (d *deadline) during(do func() error) error {
	for {
		d.mu.Lock()
		err := d.arm()
		d.busy = true
		d.mu.Unlock()
		if err == nil {
			err = do()
		}
		d.mu.Lock()
		d.busy = false
		if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) || !d.wanted.IsZero() && !time.Now().Before(d.wanted) {
			d.mu.Unlock()
			return err
		}
		d.armed = d.wanted
		err = d.set(d.wanted)
		d.mu.Unlock()
		if err != nil {
			return err
		}
	}
}
