package main

import (
	"log/slog"
	"time"

	"github.com/openflegt/openflegt/internal/store"
)

// tellEvery is how often the log tells how far an upgrade is.
const tellEvery = 10 * time.Second

// upgradeLog writes into the log how far the registry is with what it does once after an upgrade:
// when a part begins, now and then, and when it has ended.
type upgradeLog struct {
	logger *slog.Logger
	now    func() time.Time
	last   store.Progress // that was written
	at     time.Time
}

func newUpgradeLog(logger *slog.Logger) *upgradeLog {
	return &upgradeLog{logger: logger, now: time.Now}
}

func (u *upgradeLog) tell(p store.Progress) {
	now := u.now()
	if same := p.What == u.last.What; same && (u.last.Ended() || !p.Ended() && now.Sub(u.at) < tellEvery) {
		return
	}
	u.last, u.at = p, now
	facts := []any{"what", p.What, "done", p.Done, "of", p.Total, "percent", p.Percent(), "took", p.Took.Round(100 * time.Millisecond)}
	if left := p.Left(); left > 0 {
		facts = append(facts, "left", left.Round(time.Second))
	}
	u.logger.Info("bringing the registry up to date", facts...)
}
