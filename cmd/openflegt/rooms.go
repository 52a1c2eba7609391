package main

import (
	"context"
	"net"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/openflegt/openflegt/internal/api"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/inbox"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/notice"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/store"
)

// background is the work that goes on behind the counter: reading mail, telling everyone,
// delivering letters and webhooks, throwing away what ran out.
type background struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// start runs work until stop is called.
func (b *background) start(work ...func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel = cancel
	for _, do := range work {
		b.done.Go(func() { do(ctx) })
	}
}

// stop tells all work to end and waits until it has, at most until ctx ends.
func (b *background) stop(ctx context.Context) error {
	if b.cancel == nil {
		return nil
	}
	b.cancel()
	ended := make(chan struct{})
	go func() {
		b.done.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// openRooms makes the rooms around the office: notice writes letters, identity knows who is
// who, inbox takes mail.
func (m *Main) openRooms(ref *reference.Data) error {
	relay, err := m.relay()
	if err != nil {
		return err
	}
	m.notice = notice.New(notice.Options{
		DB: m.db, Catalog: m.catalog, Reference: ref, Clock: m.Clock, Logger: m.logger, BaseURL: m.BaseURL,
		SupportAddress: m.SupportAddress, From: m.From, Relay: relay, Copy: m.copies(), KeepSecrets: m.Demo,
	})
	m.identity, err = identity.New(identity.Options{
		DB: m.db, Clock: m.Clock, Logger: m.logger, BaseURL: m.BaseURL, Demo: m.Demo,
		Post: func(tx *store.Tx, l identity.Mailing) error {
			return m.notice.PostAccount(tx, string(l.Kind), l.Account, l.To, l.Link, l.Hours, l.Secret)
		},
	})
	m.webhooks = notice.NewWebhooks(notice.WebhookOptions{
		Office: m.office, Private: m.WebhooksAllowPrivate, BaseURL: m.BaseURL, Logger: m.logger,
		Write: func(e flegt.Event) any { return api.EventOf(e) },
	})
	m.inbox = inbox.New(inbox.Options{Office: m.office, From: m.From, Resolver: m.resolver(), Logger: m.logger, Handled: m.notice.Wake})
	return err
}

// relay gives the way out for letters; nil when they are kept.
func (m *Main) relay() (notice.Sender, error) {
	if m.Relay == "" {
		return nil, nil
	}
	relay, err := mail.NewRelay(m.Relay, m.Hostname)
	if err != nil {
		return nil, failed{exitUsage, err}
	}
	return relay, nil
}

// copies gives the folder in which letters are kept as files; nil when they are not.
func (m *Main) copies() notice.Sender {
	if m.Relay != "" || m.Data == "" {
		return nil
	}
	return mail.FileDrop{Dir: filepath.Join(m.Data, "letters")}
}

// resolver asks the machine's DNS, or nothing at all when it was switched off.
func (m *Main) resolver() mail.Resolver {
	if m.DNS == "off" {
		return silence{}
	}
	return net.DefaultResolver
}

// silence is a DNS that does not answer: mail counts as not checked.
type silence struct{}

func (silence) LookupTXT(_ context.Context, name string) ([]string, error) {
	return nil, noAnswer(name)
}

func (silence) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, noAnswer(name)
}

func (silence) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	return nil, noAnswer(host)
}

func (silence) LookupAddr(_ context.Context, addr string) ([]string, error) {
	return nil, noAnswer(addr)
}

func noAnswer(name string) error {
	return &net.DNSError{Err: "the DNS is switched off", Name: name, IsTemporary: true}
}

// viruses gives what scans are checked by; nil when nothing is named.
func (m *Main) viruses() (registry.VirusCheck, error) {
	if m.Clamd == "" {
		return nil, nil
	}
	check, err := registry.Clamd(m.Clamd)
	if err != nil {
		return nil, failed{exitUsage, err}
	}
	return check, nil
}

// How often scans that no licence speaks of are thrown away, and how old they are then.
const (
	sweepScansEvery = 6 * time.Hour
	sweepScansAfter = 24 * time.Hour
)

// sweepScans throws away scans of drafts that were given up.
func (m *Main) sweepScans(ctx context.Context) {
	tick := time.NewTicker(sweepScansEvery)
	defer tick.Stop()
	for {
		gone, err := m.db.SweepBlobs(ctx, time.Now().Add(-sweepScansAfter))
		if err != nil && ctx.Err() == nil {
			m.logger.Error("sweep scans", "error", err)
		}
		if gone > 0 {
			m.logger.Info("scans that no licence speaks of were deleted", "count", gone)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// settleAfter is when the start is over and its memory is given back.
const settleAfter = 2 * time.Second

// settle gives the memory back to the machine that reading the reference data, the sentences
// and the schema took: without it an idle registry keeps half as much again.
func (m *Main) settle(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(settleAfter):
		debug.FreeOSMemory()
	}
}

// sweepEvery is how often sessions, tokens and counted tries that are over are thrown away.
const sweepEvery = 10 * time.Minute

// sweep throws away what is over, and has those reminded whose answer is due.
func (m *Main) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := m.identity.Sweep(ctx); err != nil && ctx.Err() == nil {
			m.logger.Error("sweep", "error", err)
		}
		if err := m.office.SweepWebhooks(ctx); err != nil && ctx.Err() == nil {
			m.logger.Error("sweep webhooks", "error", err)
		}
		if n, err := m.office.RemindQuestions(ctx, remindFrom); err != nil && ctx.Err() == nil {
			m.logger.Error("reminders", "error", err)
		} else if n > 0 {
			m.logger.Info("reminders of questions", "count", n)
			m.notice.Wake()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// resumeEvery is how often imports are looked for that another process left behind.
const resumeEvery = time.Minute

// resumeImports goes on with the imports that were under way when the program ended, and with
// those of another process that ended since.
func (m *Main) resumeImports(ctx context.Context) {
	tick := time.NewTicker(resumeEvery)
	defer tick.Stop()
	for all := true; ; all = false {
		if n, err := m.office.ResumeBulkImports(ctx, all); err != nil && ctx.Err() == nil {
			m.logger.Error("imports", "error", err)
		} else if n > 0 {
			m.logger.Info("imports of licences go on", "count", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// remindDays is how many working days before its deadline a question is reminded of.
const remindDays = 2

// remindFrom gives the day from which a question with a deadline is reminded of, by the
// working days of the competent authority's country.
func remindFrom(country string, deadline flegt.Date) flegt.Date {
	day := deadline.Time()
	for left := remindDays; left > 0; {
		if day = day.AddDate(0, 0, -1); report.Workday(country, day) {
			left--
		}
	}
	return flegt.DateOf(day)
}
