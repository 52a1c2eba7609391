package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/store"
)

// TestTheLogTellsOfAnUpgradeNowAndThen: when a part begins, every ten seconds, and when it has ended.
func TestTheLogTellsOfAnUpgradeNowAndThen(t *testing.T) {
	var out bytes.Buffer
	begun := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	now := begun
	u := newUpgradeLog(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
			return slog.Attr{}
		}
		return a
	}})))
	u.now = func() time.Time { return now }
	for done := 0; done <= 1000; done += 10 { // 250 ms each
		u.tell(store.Progress{What: "search words", Done: done, Total: 1000, Took: now.Sub(begun)})
		now = now.Add(250 * time.Millisecond)
	}
	u.tell(store.Progress{What: "search words", Done: 1000, Total: 1000, Took: time.Minute})
	u.tell(store.Progress{What: "uses of licences", Total: 1000})
	want := `msg="bringing the registry up to date" what="search words" done=0 of=1000 percent=0 took=0s
msg="bringing the registry up to date" what="search words" done=400 of=1000 percent=40 took=10s left=15s
msg="bringing the registry up to date" what="search words" done=800 of=1000 percent=80 took=20s left=5s
msg="bringing the registry up to date" what="search words" done=1000 of=1000 percent=100 took=25s
msg="bringing the registry up to date" what="uses of licences" done=0 of=1000 percent=0 took=0s
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", strings.TrimSpace(out.String()), want)
	}
}
