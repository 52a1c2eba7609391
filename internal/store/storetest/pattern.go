package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/openflegt/openflegt/internal/store"
)

// Most tests want a store with nothing in it. To bring its schema about step by step takes most of
// the time of a short test, so it is done once and copied; the steps themselves are tested by those
// who open a store without this package: the built program and the store's own tests.

// blank is the file of an empty store on SQLite.
var blank = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "openflegt-blank-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, fileName))
})

const fileName = "openflegt.db"

// putBlank puts the file of an empty store into a folder that has none.
func putBlank(t testing.TB, dir string) {
	t.Helper()
	empty, err := blank()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fileName), empty, 0o600); err != nil {
		t.Fatal(err)
	}
}

// patternLock is the key of the lock in the cluster under which the pattern is made: several
// programs with tests use one cluster at once.
const patternLock = 7_301_412

// pattern names an empty database of this schema in the cluster from which others are copied, and
// makes it when there is none. It stays there.
func pattern(t testing.TB, admin *sql.DB, cluster url.URL) string {
	t.Helper()
	name := "openflegt_pattern_" + store.Schema()
	ctx := context.Background()
	one, err := admin.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	do := func(query string, values ...any) {
		t.Helper()
		if _, err := one.ExecContext(ctx, query, values...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	do(`SELECT pg_advisory_lock($1)`, patternLock)
	defer do(`SELECT pg_advisory_unlock($1)`, patternLock)
	made := false
	if err := one.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name).Scan(&made); err != nil {
		t.Fatal(err)
	}
	if made {
		return name
	}
	// It bears its name only when it is whole.
	half := fmt.Sprintf("openflegt_half_%d", rand.Uint64())
	do(`CREATE DATABASE ` + half)
	cluster.Path = "/" + half
	db, err := store.Open(ctx, store.Options{Dir: t.TempDir(), Database: cluster.String()})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	do(`ALTER DATABASE ` + half + ` RENAME TO ` + name)
	return name
}
