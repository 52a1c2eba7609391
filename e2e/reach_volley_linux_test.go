package e2e

import (
	"bytes"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// volley lets connections ask b.N times in all, and gives how long each answer took. One loop takes
// the answers of all of them: a goroutine for each took a third more of the processor.
func volley(b *testing.B, wires []*wire, ask func(w *wire, i int)) []time.Duration {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	poll, err := syscall.EpollCreate1(0)
	if err != nil {
		b.Fatal(err)
	}
	defer syscall.Close(poll)
	lines := map[int32]*line{}
	for _, w := range wires {
		f, err := w.conn.(*net.TCPConn).File()
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		fd := int(f.Fd())
		if err := syscall.SetNonblock(fd, true); err != nil {
			b.Fatal(err)
		}
		if err := syscall.EpollCtl(poll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}); err != nil {
			b.Fatal(err)
		}
		lines[int32(fd)] = &line{wire: w, fd: fd, in: make([]byte, 0, 16<<10)}
	}
	took := make([]time.Duration, b.N)
	next, open := 0, 0
	begin := func(l *line) {
		if next == b.N {
			return
		}
		l.i, l.began = next, time.Now()
		next++
		open++
		ask(l.wire, l.i)
		if n, err := syscall.Write(l.fd, l.out); err != nil || n < len(l.out) {
			b.Fatal(n, err)
		}
	}
	b.ResetTimer()
	for _, l := range lines {
		begin(l)
	}
	ready := make([]syscall.EpollEvent, len(wires))
	for open > 0 {
		n, err := syscall.EpollWait(poll, ready, -1)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range ready[:n] {
			l := lines[e.Fd]
			whole, err := l.take()
			if err != nil {
				b.Fatal(err)
			}
			if !whole {
				continue
			}
			took[l.i] = time.Since(l.began)
			open--
			begin(l)
		}
	}
	b.StopTimer()
	return took
}

// line is a connection in a volley.
type line struct {
	*wire
	fd    int
	in    []byte
	i     int
	began time.Time
}

// take reads what has come, and says whether the answer is there as a whole.
func (l *line) take() (whole bool, err error) {
	if len(l.in) == cap(l.in) {
		l.in = slices.Grow(l.in, cap(l.in))
	}
	n, err := syscall.Read(l.fd, l.in[len(l.in):cap(l.in)])
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if n == 0 {
		return false, fmt.Errorf("the connection was closed after %q", l.in)
	}
	l.in = l.in[:len(l.in)+n]
	head := bytes.Index(l.in, []byte("\r\n\r\n"))
	if head < 0 {
		return false, nil
	}
	if !bytes.HasPrefix(l.in, []byte("HTTP/1.1 200 ")) {
		return false, fmt.Errorf("refused: %s", l.in)
	}
	at := bytes.Index(l.in[:head+2], []byte("\r\nContent-Length: "))
	if at < 0 {
		return false, fmt.Errorf("an answer without Content-Length: %q", l.in[:head])
	}
	size := l.in[at+18:]
	length, err := strconv.Atoi(string(size[:bytes.IndexByte(size, '\r')]))
	if err != nil {
		return false, err
	}
	if len(l.in) < head+4+length {
		return false, nil
	}
	if len(l.in) > head+4+length {
		return false, fmt.Errorf("more than an answer: %q", l.in[head+4+length:])
	}
	l.in = l.in[:0]
	return true, nil
}
