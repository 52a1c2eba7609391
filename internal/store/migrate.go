package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migration
var migrations embed.FS

// Schema names the schema that Open brings about, by the steps that lead to it: it is another one
// as soon as a step is added or changed. It is made of digits and of letters from a to f.
func Schema() string {
	sum := sha256.New()
	err := fs.WalkDir(migrations, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		step, err := migrations.ReadFile(path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(step), step)
		return err
	})
	if err != nil {
		panic(err) // they are a part of the program
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// migrate brings the schema up to date. Two short files per step, one for each database.
func (db *DB) migrate(ctx context.Context) error {
	dir, dialect := "migration/sqlite", goose.DialectSQLite3
	if db.dialect == postgres {
		dir, dialect = "migration/postgres", goose.DialectPostgres
	}
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db.writer, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if err := db.steps(ctx, p); err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// steps takes an older registry to the schema of today step by step, and tells of each: on a large
// one a step may take minutes. A new registry has nobody who waits.
func (db *DB) steps(ctx context.Context, p *goose.Provider) error {
	stand, target, err := p.GetVersions(ctx)
	if err != nil || stand == 0 || stand >= target {
		return err
	}
	progress, begun := Progress{What: "schema", Total: int(target - stand)}, time.Now()
	for ; !progress.Ended(); progress.Done++ {
		db.tell(progress)
		if _, err := p.UpByOne(ctx); err != nil && !errors.Is(err, goose.ErrNoNextVersion) {
			return err
		}
		progress.Took = time.Since(begun)
	}
	db.tell(progress)
	return nil
}
