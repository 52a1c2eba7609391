package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"
)

// logLinger is how long a line of the log waits for others. A write of its own for each line
// costs as much as making the line.
const logLinger = 5 * time.Millisecond

// logFull is how many bytes of lines wait at most; whoever adds to more writes them.
const logFull = 64 << 10

// logLines writes the lines of the log, many at once when many come. Warnings and errors are
// written before the program goes on (see newLogger), and Close writes what waits: only what
// ends the program without a word can take the last few milliseconds of other lines with it.
// It is safe for use by many goroutines.
type logLines struct {
	out     io.Writer
	mu      sync.Mutex
	waiting []byte
	closed  bool
	wake    chan struct{}
	ended   chan struct{}
}

func newLogLines(out io.Writer) *logLines {
	l := &logLines{out: out, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	go l.run()
	return l
}

// run writes the lines that have waited long enough.
func (l *logLines) run() {
	defer close(l.ended)
	for range l.wake {
		time.Sleep(logLinger)
		_ = l.Flush() // there is nowhere to tell it
	}
}

// Write takes a line. After Close it is written at once.
func (l *logLines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return l.out.Write(line)
	}
	first := len(l.waiting) == 0
	l.waiting = append(l.waiting, line...)
	if len(l.waiting) >= logFull {
		return len(line), l.flush()
	}
	if first {
		select {
		case l.wake <- struct{}{}:
		default: // it is about to look
		}
	}
	return len(line), nil
}

// Flush writes what waits.
func (l *logLines) Flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flush()
}

func (l *logLines) flush() error {
	if len(l.waiting) == 0 {
		return nil
	}
	_, err := l.out.Write(l.waiting)
	l.waiting = l.waiting[:0]
	return err
}

// Close writes what waits. It may be called twice.
func (l *logLines) Close() error {
	l.mu.Lock()
	err := l.flush()
	if !l.closed {
		l.closed = true
		close(l.wake)
	}
	l.mu.Unlock()
	<-l.ended
	return err
}

// newLogger gives a log of lines, of which warnings and errors are written at once.
func newLogger(l *logLines, level slog.Level) *slog.Logger {
	return slog.New(urgently{slog.NewTextHandler(l, &slog.HandlerOptions{Level: level}), l})
}

// urgently is a handler that lets no warning wait.
type urgently struct {
	slog.Handler
	lines *logLines
}

// Handle implements slog.Handler.
func (h urgently) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn {
		err = errors.Join(err, h.lines.Flush())
	}
	return err
}

// WithAttrs implements slog.Handler.
func (h urgently) WithAttrs(attrs []slog.Attr) slog.Handler {
	return urgently{h.Handler.WithAttrs(attrs), h.lines}
}

// WithGroup implements slog.Handler.
func (h urgently) WithGroup(name string) slog.Handler {
	return urgently{h.Handler.WithGroup(name), h.lines}
}
