package store

import (
	"context"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migration
var migrations embed.FS

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
	_, err = p.Up(ctx)
	return err
}
