package mail

import (
	"net"
	"sync"
	"time"
)

// connTracker knows every open connection: it counts them against the limits, and at
// the end sends idle ones away while messages on their way are let in.
type connTracker struct {
	most, mostPerIP int
	longest         time.Duration // of one connection

	mu       sync.Mutex
	open     map[*trackedConn]bool
	perIP    map[string]int
	draining bool
}

func newConnTracker(most, mostPerIP int, longest time.Duration) *connTracker {
	return &connTracker{most: most, mostPerIP: mostPerIP, longest: longest, open: map[*trackedConn]bool{}, perIP: map[string]int{}}
}

// add counts a connection in; nil when there are too many.
func (t *connTracker) add(c net.Conn) *trackedConn {
	t.mu.Lock()
	defer t.mu.Unlock()
	ip := remoteIP(c.RemoteAddr())
	key := ip.String()
	if t.draining || len(t.open) >= t.most || t.perIP[key] >= t.mostPerIP && !ip.IsLoopback() {
		return nil
	}
	tc := &trackedConn{Conn: c, tracker: t, key: key, end: time.Now().Add(t.longest)}
	t.open[tc] = true
	t.perIP[key]++
	return tc
}

func (t *connTracker) remove(c *trackedConn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.open[c] {
		return
	}
	delete(t.open, c)
	if t.perIP[c.key]--; t.perIP[c.key] == 0 {
		delete(t.perIP, c.key)
	}
}

func (t *connTracker) all() []*trackedConn {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]*trackedConn, 0, len(t.open))
	for c := range t.open {
		list = append(list, c)
	}
	return list
}

// drain ends every connection as soon as no message is on its way through it.
func (t *connTracker) drain() {
	t.mu.Lock()
	t.draining = true
	t.mu.Unlock()
	for _, c := range t.all() {
		c.expire()
	}
}

func (t *connTracker) ended() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.draining
}

func (t *connTracker) closeAll() {
	for _, c := range t.all() {
		_ = c.Close()
	}
}

// trackedConn is a connection that can be made to expire: its reads time out at once,
// except while a message is being taken. The server then says 421 and hangs up.
type trackedConn struct {
	net.Conn
	tracker *connTracker
	key     string
	end     time.Time // it lasts no longer

	mu      sync.Mutex
	busy    bool
	expired bool
}

// expire lets the connection end after what it is doing now.
func (c *trackedConn) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expired = true
	if !c.busy {
		_ = c.Conn.SetReadDeadline(past())
	}
}

// working marks that a message is being taken; the function it returns ends that.
func (c *trackedConn) working() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.busy = false
	}
}

// SetReadDeadline is called by the server before each command.
func (c *trackedConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.expired && !c.busy:
		t = past()
	case t.IsZero() || t.After(c.end):
		t = c.end
	}
	return c.Conn.SetReadDeadline(t)
}

// SetDeadline is for both directions; the read side keeps to the rule above.
func (c *trackedConn) SetDeadline(t time.Time) error {
	if err := c.SetWriteDeadline(t); err != nil {
		return err
	}
	return c.SetReadDeadline(t)
}

// Close counts the connection out.
func (c *trackedConn) Close() error {
	c.tracker.remove(c)
	return c.Conn.Close()
}

func past() time.Time { return time.Unix(1, 0) }

// limitedListener hands on connections within the limits and sends the others away.
type limitedListener struct {
	net.Listener
	tracker *connTracker
}

// Accept waits for a connection within the limits.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		if l.tracker.ended() { // shut down before it began to serve
			_ = l.Close()
			return nil, net.ErrClosed
		}
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if tracked := l.tracker.add(c); tracked != nil {
			return tracked, nil
		}
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = c.Write([]byte("421 4.7.0 Too many connections, try again later\r\n"))
		_ = c.Close()
	}
}
