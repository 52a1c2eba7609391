// Package storetest opens real stores for tests: SQLite in the test's own folder and, where
// OPENFLEGT_TEST_POSTGRES names a cluster (make test starts one of its own), PostgreSQL in
// a database of the test's own.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // for making databases
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// PostgresEnv names a PostgreSQL cluster in which tests may make databases.
const PostgresEnv = "OPENFLEGT_TEST_POSTGRES"

// MainEnv, set to "postgres", has the tests that open one store alone run on PostgreSQL: those of
// the pages and of the whole program. PostgresEnv names the cluster:
//
//	OPENFLEGT_TEST_MAIN=postgres scripts/postgres.sh go test ./internal/web/... ./cmd/openflegt
const MainEnv = "OPENFLEGT_TEST_MAIN"

// Main opens an empty store for a test that runs on one database: SQLite, unless MainEnv says
// otherwise.
func Main(t testing.TB) *store.DB {
	t.Helper()
	if os.Getenv(MainEnv) == "postgres" {
		return Postgres(t)
	}
	return SQLite(t)
}

// MainAddress is the database setting of a program in a test, as Main chooses it: empty for SQLite.
func MainAddress(t testing.TB) string {
	t.Helper()
	if os.Getenv(MainEnv) == "postgres" {
		return PostgresAddress(t)
	}
	return ""
}

// SQLite opens an empty store on the embedded database.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	dir := t.TempDir()
	putBlank(t, dir)
	return open(t, store.Options{Dir: dir})
}

// Each runs a test on every database at hand.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	if os.Getenv(PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
	}
}

// Twice runs a test on every database at hand, opened twice, as two programs do that work on
// one registry.
func Twice(t *testing.T, test func(t *testing.T, first, second *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		putBlank(t, dir)
		test(t, open(t, store.Options{Dir: dir}), open(t, store.Options{Dir: dir}))
	})
	if os.Getenv(PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) {
			url := PostgresAddress(t)
			test(t, open(t, store.Options{Dir: t.TempDir(), Database: url}), open(t, store.Options{Dir: t.TempDir(), Database: url}))
		})
	}
}

// Postgres opens an empty store on PostgreSQL, in a database that goes with the test.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return open(t, store.Options{Dir: t.TempDir(), Database: PostgresAddress(t)})
}

// PostgresAddress makes a database on PostgreSQL that goes with the test, with the schema of
// this program and nothing in it, and gives its address.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	u, err := url.Parse(os.Getenv(PostgresEnv))
	if err != nil || u.Scheme == "" {
		t.Fatalf("%s: no address of a cluster", PostgresEnv)
	}
	admin, err := sql.Open("pgx", u.String())
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("openflegt_test_%d", rand.Uint64())
	if _, err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + pattern(t, admin, *u)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	u.Path = "/" + name
	return u.String()
}

func open(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		known(t, db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// known holds what a test wrote into the event log against the types of which a webhook can be
// told: whoever adds a verb adds its type.
func known(t testing.TB, db *store.DB) {
	t.Helper()
	if _, slow := t.(*testing.B); slow {
		return
	}
	var written []string
	_ = db.View(context.Background(), func(tx *store.Tx) error { // a test may have closed it
		rows, err := tx.SQL().Query(`SELECT DISTINCT noun, verb FROM event WHERE noun <> 'reference' AND verb NOT LIKE '% %'`) // which tests make up
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e flegt.Event
			if err := rows.Scan(&e.Noun, &e.Verb); err != nil {
				return err
			}
			written = append(written, e.EventType())
		}
		return rows.Err()
	})
	for _, one := range written {
		if !slices.ContainsFunc(flegt.Roles, func(r flegt.Role) bool { return slices.Contains(flegt.EventTypesOf(r), one) }) {
			t.Errorf("events of the type %s are written, and no webhook can be told of it: see flegt/webhook_type.go", one)
		}
	}
}
