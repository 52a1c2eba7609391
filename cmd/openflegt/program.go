package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/openflegt/openflegt/internal/api"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/inbox"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/notice"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web"
	"github.com/openflegt/openflegt/internal/wording"
)

// Main is the running program: the rooms wired together. Fill in Config, Start, and Stop in
// the end. A test starts one with ports 0 and asks Address and MailAddress.
type Main struct {
	Config
	// Demo shows that everything is made up and offers the mailbox page.
	Demo bool
	// Clock tells the time; time.Now when nil.
	Clock func() time.Time
	// Stderr takes the log; os.Stderr when nil.
	Stderr io.Writer

	lines      *logLines
	logger     *slog.Logger
	stopWithin time.Duration
	db         *store.DB
	office     *registry.Office
	identity   *identity.Identity
	notice     *notice.Notice
	webhooks   *notice.Webhooks
	inbox      *inbox.Inbox
	behind     background
	seeded     bool
	catalog    *wording.Catalog
	web, smtp  net.Listener
	server     *http.Server
	mailServer *mail.Server
	failed     chan error
	stopping   context.Context // ends when the program begins to stop
	stop       context.CancelFunc
}

// Start listens first, so that nobody who comes early is turned away, opens the registry,
// serves, and then begins the work in the background. Where an upgrade makes opening it take long,
// whoever comes is told how far it is.
func (m *Main) Start(ctx context.Context) (err error) {
	if err := m.prepare(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.Stop())
		}
	}()
	if m.web, err = net.Listen("tcp", m.Listen); err != nil {
		return fmt.Errorf("web: %w", err)
	}
	if err := m.listenMail(); err != nil {
		return err
	}
	if err := m.nameItself(); err != nil {
		return err
	}
	door := web.NewOpening(m.catalog, forPrograms, m.stopping.Done())
	m.serve(door)
	if err := m.openRegistry(ctx, door.Tell); err != nil {
		return err
	}
	handler, err := m.counters()
	if err != nil {
		return err
	}
	if err := m.writeDemoSheet(ctx); err != nil {
		return err
	}
	door.HandOn(handler)
	m.behind.start(m.notice.Run, m.webhooks.Run, m.inbox.Run, m.sweep, m.sweepScans, m.resumeImports, m.settle)
	return m.takeMail()
}

// nameItself works out under which addresses the program is known.
func (m *Main) nameItself() error {
	if m.BaseURL == "" {
		m.BaseURL = m.Address()
	}
	host, err := hostOf(m.BaseURL)
	if m.Hostname == "" {
		m.Hostname = host
	}
	return err
}

// prepare fills in defaults and reads what is written in Config.
func (m *Main) prepare() (err error) {
	if err := fillIn(&m.Config); err != nil {
		return failed{exitUsage, err}
	}
	if m.Stderr == nil {
		m.Stderr = os.Stderr
	}
	if m.Clock == nil {
		m.Clock = time.Now
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(m.LogLevel)); err != nil {
		return failed{exitUsage, err}
	}
	if m.stopWithin, err = time.ParseDuration(m.StopWithin); err != nil {
		return failed{exitUsage, fmt.Errorf("stop-within: %w", err)}
	}
	m.lines = newLogLines(m.Stderr)
	m.logger = newLogger(m.lines, level)
	m.failed = make(chan error, 4)
	m.stopping, m.stop = context.WithCancel(context.Background())
	m.catalog, err = wording.New(wording.Options{})
	return err
}

// openRegistry opens the store and the office over it. Where the store is of an older program it is
// brought up to date first, and tell hears how far that is.
func (m *Main) openRegistry(ctx context.Context, tell func(web.Progress)) (err error) {
	log := newUpgradeLog(m.logger)
	both := func(p store.Progress) {
		log.tell(p)
		tell(web.Progress{What: p.What, Done: p.Done, Total: p.Total, Percent: p.Percent(), Left: p.Left()})
	}
	if m.db, err = store.Open(ctx, store.Options{Dir: m.Data, Database: m.Database, Scans: m.Scans, Key: m.SecretKey, Tell: both}); err != nil {
		return err
	}
	ref, err := referenceIn(m.Data)
	if err != nil {
		return err
	}
	if m.Demo {
		if m.seeded, err = seedDemo(ctx, m.db, ref, m.SupportAddress, m.Clock()); err != nil {
			return err
		}
	}
	viruses, err := m.viruses()
	if err != nil {
		return err
	}
	m.office, err = registry.New(ctx, registry.Options{DB: m.db, Reference: ref, SupportAddress: m.SupportAddress, Clock: m.Clock, Logger: m.logger, Viruses: viruses,
		PrivateHooks: m.WebhooksAllowPrivate, MailsPerDay: m.MailsPerDay})
	if err != nil {
		return err
	}
	if err := m.openRooms(ref); err != nil || !m.seeded {
		return err
	}
	return m.notice.Skip(ctx) // made-up history is told to nobody
}

// counters puts the pages and the interface for programs on one address. The interface's own
// pages (what it can do, what a problem means) are pages like all others.
func (m *Main) counters() (http.Handler, error) {
	programs := m.programs()
	pages, err := m.pages(func() ([]byte, error) {
		open, err := programs()
		if err != nil {
			return nil, err
		}
		return open.Description(), nil
	})
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !forPrograms(r.URL.Path) {
			pages.ServeHTTP(w, r)
			return
		}
		open, err := programs()
		if err != nil {
			m.logger.Error("interface for programs", "error", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		open.ServeHTTP(w, r)
	}), nil
}

// programs opens the interface for programs when it is first asked for: describing all its
// operations takes longer than everything else at the start, and many registries have no
// program that asks.
func (m *Main) programs() func() (*api.Server, error) {
	return sync.OnceValues(func() (*api.Server, error) {
		return api.New(api.Options{Catalog: m.catalog, Office: m.office, Accounts: m.identity, Clock: m.Clock, Logger: m.logger, BaseURL: m.BaseURL, Rate: m.APIRate,
			Stopping: m.stopping})
	})
}

// forPrograms says whether an address is the interface's.
func forPrograms(path string) bool {
	switch path {
	case api.Prefix + "/docs":
		return false
	case api.Prefix, "/oauth/token", "/.well-known/oauth-authorization-server":
		return true
	}
	return strings.HasPrefix(path, api.Prefix+"/") && !strings.HasPrefix(path, api.Prefix+"/docs/")
}

// pages makes the counter at which people stand.
func (m *Main) pages(description func() ([]byte, error)) (http.Handler, error) {
	return web.New(web.Options{
		Interface: description,
		Catalog:   m.catalog, Office: m.office, Accounts: m.identity, Clock: m.Clock, Logger: m.logger, BaseURL: m.BaseURL, SupportAddress: m.SupportAddress,
		Ready: m.db.Ping, Demo: m.Demo, Demonstration: demonstration{m}, Version: version(), SourceURL: sourceURL,
	})
}

// Times after which a visitor who says or takes nothing is let go. A scan of 50 MB must
// come through a slow line.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 10 * time.Minute
	writeTimeout  = 10 * time.Minute
	idleTimeout   = 2 * time.Minute
)

func (m *Main) serve(handler http.Handler) {
	m.server = &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(m.logger.Handler(), slog.LevelWarn),
	}
	m.server.RegisterOnShutdown(m.stop) // who waits for events is answered
	server, listener := m.server, unhurried{m.web}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			m.failed <- fmt.Errorf("web: %w", err)
		}
	}()
}

// Wait returns when the context ends, or with the error of a part that failed.
func (m *Main) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-m.failed:
		return err
	}
}

// Stop takes nothing new, lets what is in flight finish within StopWithin, and closes the
// registry. Nothing that was acknowledged is lost. It may be called after a Start that
// failed, and twice.
func (m *Main) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), m.stopWithin)
	defer cancel()
	var errs []error
	if m.mailServer != nil {
		errs = append(errs, m.mailServer.Shutdown(ctx))
	} else if m.smtp != nil {
		errs = append(errs, m.smtp.Close())
	}
	if m.server != nil {
		errs = append(errs, m.server.Shutdown(ctx))
	} else if m.web != nil {
		errs = append(errs, m.web.Close())
	}
	errs = append(errs, m.behind.stop(ctx))
	if m.db != nil {
		errs = append(errs, m.db.Close())
	}
	m.server, m.web, m.mailServer, m.smtp, m.db = nil, nil, nil, nil, nil
	if m.lines != nil {
		errs = append(errs, m.lines.Close())
	}
	return errors.Join(errs...)
}

// Address is where the pages are served, as a URL.
func (m *Main) Address() string { return "http://" + m.web.Addr().String() }

// referenceIn reads the reference data: the built-in one, with newer files that "import
// reference" put into the data folder laid over it.
func referenceIn(data string) (*reference.Data, error) {
	dir := referenceDir(data)
	if _, err := os.Stat(dir); err != nil {
		return reference.BuiltIn()
	}
	return reference.Load(os.DirFS(dir))
}
