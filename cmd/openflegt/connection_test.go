package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/nettest"
)

// A connection keeps what net.Conn promises, deadlines most of all, as the standard suite has it.
func TestConnectionIsAConnection(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, nil, nil, err
		}
		defer l.Close()
		dialled := make(chan net.Conn, 1)
		go func() {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				close(dialled)
				return
			}
			dialled <- c
		}()
		if c1, err = (unhurried{l}).Accept(); err != nil {
			return nil, nil, nil, err
		}
		other, ok := <-dialled
		if !ok {
			return nil, nil, nil, errors.New("nobody came")
		}
		c2 = newConnection(other)
		return c1, c2, func() { c1.Close(); c2.Close() }, nil
	})
}

// served is a server behind unhurried connections.
func served(t *testing.T, s *http.Server) net.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(unhurried{l})
	t.Cleanup(func() { s.Close() })
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

const askNothing = "GET / HTTP/1.1\r\nHost: flegt.test\r\n\r\n"

func ask(t *testing.T, c net.Conn, in *bufio.Reader, request string) {
	t.Helper()
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	answer(t, in)
}

func answer(t *testing.T, in *bufio.Reader) {
	t.Helper()
	r, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != http.StatusOK {
		t.Fatal(r.Status, err)
	}
}

// closedAfter says when the other end closed the connection.
func closedAfter(t *testing.T, c net.Conn) time.Duration {
	t.Helper()
	began := time.Now()
	c.SetReadDeadline(began.Add(20 * time.Second))
	if _, err := io.Copy(io.Discard, c); err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("nobody lets go")
	}
	return time.Since(began)
}

// Who has asked once and is silent, or says half a request, is let go when it is time, and not
// before: the deadline before it was another.
func TestWhoIsSilentIsLetGo(t *testing.T) {
	t.Parallel()
	ok := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
	for name, last := range map[string]string{"silent": "", "half a request": askNothing[:20]} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := served(t, &http.Server{Handler: ok, ReadHeaderTimeout: 600 * time.Millisecond, ReadTimeout: time.Minute, IdleTimeout: 600 * time.Millisecond})
			in := bufio.NewReader(c)
			for range 4 { // each moves the deadline away, beyond the first one in the end
				ask(t, c, in, askNothing)
				time.Sleep(200 * time.Millisecond)
			}
			if _, err := io.WriteString(c, last); err != nil {
				t.Fatal(err)
			}
			if took := closedAfter(t, c); took < 300*time.Millisecond {
				t.Errorf("let go after %v", took)
			}
		})
	}
}

// Who goes away while an answer is worked out is noticed.
func TestWhoGoesAwayIsNoticed(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	c := served(t, &http.Server{ReadTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(gone)
	})})
	if _, err := io.WriteString(c, askNothing); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	c.Close()
	select {
	case <-gone:
	case <-time.After(20 * time.Second):
		t.Error("the answer is still worked out")
	}
}

// Requests sent before the answer to the one before them are answered in turn, whether the answers
// are quick or take long, and bodies are read.
func TestRequestsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	for _, takes := range []time.Duration{0, attention / 2, attention, 3 * attention} {
		t.Run(takes.String(), func(t *testing.T) {
			t.Parallel()
			c := served(t, &http.Server{ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute, IdleTimeout: time.Minute,
				Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if _, err := io.Copy(io.Discard, r.Body); err != nil {
						t.Error(err)
					}
					time.Sleep(takes)
					fmt.Fprintln(w, "ok")
				})})
			body := strings.Repeat("x", 100_000)
			post := fmt.Sprintf("POST / HTTP/1.1\r\nHost: flegt.test\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			in := bufio.NewReader(c)
			for range 3 {
				ask(t, c, in, askNothing)
				ask(t, c, in, post)
			}
			if _, err := io.WriteString(c, askNothing+askNothing+post+askNothing); err != nil {
				t.Fatal(err)
			}
			for range 4 {
				answer(t, in)
			}
		})
	}
}

// Who takes nothing of an answer is let go, and one who takes it slowly is not.
func TestWhoTakesNothingIsLetGo(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 2)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var err error
		for i := 0; i < 400 && err == nil; i++ {
			_, err = w.Write(make([]byte, 100_000))
		}
		ended <- err
	})
	c := served(t, &http.Server{Handler: handler, WriteTimeout: 700 * time.Millisecond})
	if _, err := io.WriteString(c, askNothing); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it is still written to")
	}
	slow := newConnection(served(t, &http.Server{Handler: handler, WriteTimeout: time.Minute}))
	if _, err := io.WriteString(slow, askNothing); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	r, err := http.ReadResponse(bufio.NewReader(slow), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, r.Body); n != 40_000_000 || err != nil {
		t.Error(n, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A server that is closed waits for nobody's byte.
func TestServerClosesBesideWhoWaits(t *testing.T) {
	t.Parallel()
	began, finish := make(chan struct{}), make(chan struct{})
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-finish
	})}
	c := served(t, s)
	if _, err := io.WriteString(c, askNothing); err != nil {
		t.Fatal(err)
	}
	<-began
	done := make(chan error)
	go func() { done <- s.Shutdown(t.Context()) }()
	close(finish)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
