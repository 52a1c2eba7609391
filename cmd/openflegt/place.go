package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/wording"
)

// open opens the registry of a place for a command. It may be in use by the server at the
// same time. A place without a registry is an error: a mistyped folder must not become a
// new, empty one.
func (p Place) open(ctx context.Context, s streams) (*store.DB, error) {
	if p.Data == "" {
		p.Data = defaultData
	}
	if p.Database == "" {
		file := filepath.Join(p.Data, "openflegt.db")
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no registry in %s (give its folder with --data)", p.Data)
		}
	}
	return store.Open(ctx, store.Options{Dir: p.Data, Database: p.Database, Scans: p.Scans, Readers: 2,
		Tell: newUpgradeLog(slog.New(slog.NewTextHandler(s.Err, nil))).tell})
}

// office opens the registry with the office over it.
func (p Place) office(ctx context.Context, s streams) (*store.DB, *registry.Office, error) {
	db, err := p.open(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	ref, err := referenceIn(db.Dir())
	if err == nil {
		var office *registry.Office
		office, err = registry.New(ctx, registry.Options{DB: db, Reference: ref, Logger: quiet(s.Err)})
		if err == nil {
			return db, office, nil
		}
	}
	return nil, nil, errors.Join(err, db.Close())
}

// quiet logs what went wrong alone: a command says itself what it did.
func quiet(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// say gives the English sentence of a refusal, box by box; other errors are as they are.
func say(err error) error {
	catalog, failing := wording.New(wording.Options{})
	if err == nil || failing != nil {
		return errors.Join(err, failing)
	}
	return errors.New(sentence(catalog, err))
}

// machineUser is who gives the order, as the machine knows him: the one who became root,
// when sudo says so.
func machineUser() string {
	if name := os.Getenv("SUDO_USER"); name != "" {
		return name
	}
	u, err := user.Current()
	if err != nil {
		return fmt.Sprint("uid ", os.Getuid())
	}
	return u.Username
}

// progress shows how far a long work is, on a terminal alone.
func (s streams) progress(what string) (tell func(done, total int), end func()) {
	f, ok := s.Err.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) {
		return func(int, int) {}, func() {}
	}
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	tell = func(done, total int) {
		if bar.GetMax() != total {
			bar.ChangeMax(total)
		}
		_ = bar.Set(done)
	}
	return tell, func() { _ = bar.Finish() }
}

// sentence writes an error for the host: what is a refusal, in words; the rest as it is.
func sentence(catalog *wording.Catalog, err error) string {
	var refusal *flegt.Error
	if !errors.As(err, &refusal) || refusal.Kind == flegt.Internal {
		return err.Error()
	}
	text := catalog.SayError(wording.English, refusal)
	for _, box := range refusal.Boxes {
		text += "\n  " + box.Box + ": " + catalog.SayBox(wording.English, box)
	}
	return text
}
