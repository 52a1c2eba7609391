//go:build !linux

package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// volley lets connections ask b.N times in all, and gives how long each answer took.
func volley(b *testing.B, wires []*wire, ask func(w *wire, i int)) []time.Duration {
	b.Helper()
	readers := make([]*reader, len(wires))
	for i, w := range wires {
		readers[i] = &reader{wire: w, in: bufio.NewReaderSize(w.conn, 16<<10)}
	}
	return loadBy(b, len(wires), func(caller, i int) error {
		w := readers[caller]
		ask(w.wire, i)
		status, body, err := w.ask()
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("%d: %s", status, body)
		}
		return err
	})
}

// reader is a connection whose answers are read.
type reader struct {
	*wire
	in   *bufio.Reader
	body []byte
}

// ask sends what is in out and reads the answer; the body is good until the next.
func (w *reader) ask() (status int, body []byte, err error) {
	if _, err := w.conn.Write(w.out); err != nil {
		return 0, nil, err
	}
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return 0, nil, fmt.Errorf("no answer: %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length, err := w.headers()
	if err != nil {
		return status, nil, err
	}
	if cap(w.body) < length {
		w.body = make([]byte, length)
	}
	w.body = w.body[:length]
	_, err = io.ReadFull(w.in, w.body)
	return status, w.body, err
}

// headers reads to the empty line and gives the length of the body.
func (w *reader) headers() (length int, err error) {
	length = -1
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("an answer without Content-Length")
	}
	return length, nil
}
