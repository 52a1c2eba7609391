package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// page is a writer that may be read meanwhile; it counts how often it is written to.
type page struct {
	mu     sync.Mutex
	text   bytes.Buffer
	writes int
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writes++
	return p.text.Write(b)
}

func (p *page) read() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func TestLogWritesManyLinesAtOnceAndLosesNone(t *testing.T) {
	var p page
	lines := newLogLines(&p)
	log := newLogger(lines, slog.LevelInfo).With("part", "web")
	const writers, each = 8, 2000
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				log.Info("request", "line", fmt.Sprintf("%d-%d.", w, i))
			}
		})
	}
	all.Wait()
	if err := lines.Close(); err != nil {
		t.Fatal(err)
	}
	log.Info("after all")
	text := p.read()
	if n := strings.Count(text, "\n"); n != writers*each+1 {
		t.Errorf("%d lines, not %d", n, writers*each+1)
	}
	var next [writers]int // each writer's lines stand in the order in which they were written
	for line := range strings.Lines(text) {
		var w, i int
		if _, said, found := strings.Cut(line, "line="); !found {
			continue
		} else if _, err := fmt.Sscanf(said, "%d-%d.", &w, &i); err != nil || w < 0 || w >= writers || i != next[w] {
			t.Fatalf("after %v lines of each there stands %q", next, line)
		}
		next[w]++
	}
	for w, n := range next {
		if n != each {
			t.Errorf("%d lines of %d, not %d", n, w, each)
		}
	}
	if p.writes > writers*each/10 {
		t.Errorf("%d writes", p.writes)
	}
	if err := lines.Close(); err != nil {
		t.Error(err)
	}
}

func TestLogWritesWarningsAtOnceAndOthersSoon(t *testing.T) {
	var p page
	lines := newLogLines(&p)
	defer lines.Close()
	log := newLogger(lines, slog.LevelInfo).WithGroup("g")
	log.Info("first")
	log.Warn("second")
	if text := p.read(); !strings.Contains(text, "first") || !strings.Contains(text, "second") {
		t.Errorf("a warning waits: %q", text)
	}
	log.Info("third")
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(p.read(), "third"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a line is never written")
		}
	}
}

func BenchmarkLogLine(b *testing.B) {
	lines := newLogLines(new(page))
	defer lines.Close()
	log := newLogger(lines, slog.LevelInfo)
	for b.Loop() {
		log.LogAttrs(b.Context(), slog.LevelInfo, "request", slog.String("request", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), slog.String("route", "GET /api/v1/licences/{number}/quantities"), slog.Int("status", 200))
	}
}
