// Package store is the registry on disk. Open gives a DB on the embedded SQLite or on
// PostgreSQL; View reads, Update changes. One file of queries per noun, each query written
// once for both databases.
//
// A noun's row is its JSON body and, beside it, the columns that are searched or sorted by;
// both are written together. Whoever changes a noun appends an Event in the same
// transaction: the event log is append-only by trigger in the database itself.
package store

import (
	"context"
	"crypto/cipher"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/openflegt/openflegt/internal/flegt"
	"gocloud.dev/blob"
	_ "modernc.org/sqlite" // the embedded database
)

// Options say which database and where. The zero Database means SQLite in Dir.
type Options struct {
	Dir      string // folder of the database file and the attachments; made when missing
	Database string // postgres://… for PostgreSQL
	Scans    string // s3://… for scans in a bucket; empty means files in Dir
	Key      string // file of the key that seals secrets; empty means one in Dir
	Readers  int    // connections that read at once; 0 means 8
	// Tell hears how far Open is with work that is done once after an upgrade, often; nil for
	// nobody. It is called by Open alone.
	Tell func(Progress)
}

// DB is an open registry. It is safe for use by many goroutines.
type DB struct {
	dialect dialect
	writer  *sql.DB
	reader  *sql.DB
	dir     string
	key     string
	tell    func(Progress)
	sealing sync.Mutex
	seal    cipher.AEAD // once the key was read
	calls   chan *call
	done    chan struct{}
	closing sync.Once
	bucket  *blob.Bucket // where attachments are put
	files   *blob.Bucket // those in the data folder; the same one unless there is another
	bell    bell
	keeping sync.RWMutex // held by the sweep while it looks again and deletes
	// forWriter and forReader are the prepared queries; nil on PostgreSQL.
	forWriter, forReader *statements
	careful              int                      // how many groups of changes still have savepoints; of the one who writes
	waiting              atomic.Int64             // how many changes wait or are being made
	flush                time.Duration            // how long writing and committing took of late; of the one who writes
	heard                func(*Tx, string, []any) // set by a test that listens
	reading
	known   known // licences that were read before
	roles   heldRoles
	tallies tallies
}

type dialect int

const (
	sqlite dialect = iota
	postgres
)

// Open opens the database, brings its schema up to date and starts the writer. It fails
// when the database is of a newer program.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Readers == 0 {
		o.Readers = 8
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if o.Tell == nil {
		o.Tell = func(Progress) {}
	}
	db := &DB{dir: o.Dir, key: o.Key, tell: o.Tell, calls: make(chan *call, 1024), done: make(chan struct{})}
	err := db.openBlobs(ctx, o.Scans)
	if err != nil {
		return nil, err
	}
	if o.Database == "" {
		err = db.openSQLite(filepath.Join(o.Dir, "openflegt.db"), o.Readers)
	} else {
		err = db.openPostgres(o.Database, o.Readers)
	}
	if err != nil {
		return nil, errors.Join(err, db.closeBlobs())
	}
	if err := db.migrate(ctx); err != nil {
		db.writer.Close()
		db.reader.Close()
		db.closeBlobs()
		return nil, fmt.Errorf("schema: %w", err)
	}
	go db.lead()
	db.startReading()
	if err := db.reindex(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("search words: %w", err), db.Close())
	}
	if err := db.noteUses(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("uses of licences: %w", err), db.Close())
	}
	return db, nil
}

// logLimit is the size in bytes to which SQLite's write-ahead log is cut when it begins anew:
// a long reader, such as a backup, lets it grow. https://www.sqlite.org/wal.html
const logLimit = 16 << 20

func (db *DB) openSQLite(file string, readers int) error {
	db.dialect = sqlite
	base := "file:" + file + "?_pragma=busy_timeout(15000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)"
	var err error
	// A savepoint's old pages are kept in memory: they are needed only until it is released.
	// https://www.sqlite.org/tempfiles.html#statement_journal_files
	own := fmt.Sprintf("&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(%d)&_txlock=immediate", logLimit)
	if db.writer, err = sql.Open("sqlite", base+own); err != nil {
		return err
	}
	db.writer.SetMaxOpenConns(1)
	if err := db.writer.Ping(); err != nil { // makes the file before a reader asks for it
		return err
	}
	if db.reader, err = sql.Open("sqlite", base+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	db.reader.SetMaxOpenConns(readers)
	db.reader.SetMaxIdleConns(readers)
	db.forWriter, db.forReader = newStatements(db.writer), newStatements(db.reader)
	return nil
}

func (db *DB) openPostgres(url string, readers int) error {
	db.dialect = postgres
	conf, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("database address: %w", redact(err))
	}
	conf.RuntimeParams["timezone"] = "UTC"
	db.writer = stdlib.OpenDB(*conf)
	db.writer.SetMaxOpenConns(4)
	db.reader = stdlib.OpenDB(*conf)
	db.reader.SetMaxOpenConns(readers)
	db.reader.SetMaxIdleConns(readers)
	return nil
}

// redact drops the address from an error, because it may hold a password.
func redact(err error) error { return errors.New(strings.SplitN(err.Error(), "`", 2)[0]) }

// Close waits for the changes in flight and closes the database.
func (db *DB) Close() error {
	db.closing.Do(func() {
		close(db.calls)
		db.stopReading()
	})
	<-db.done
	return errors.Join(db.reader.Close(), db.writer.Close(), db.closeBlobs())
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.reader.PingContext(ctx) }

// Dir is the folder of the data.
func (db *DB) Dir() string { return db.dir }

// Postgres says whether the database is PostgreSQL.
func (db *DB) Postgres() bool { return db.dialect == postgres }

// Writer gives the connection pool that writes, for libraries that keep tables of their
// own beside ours (background jobs). Everything of ours goes through Update.
func (db *DB) Writer() *sql.DB { return db.writer }

// View reads in one consistent snapshot.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if db.dialect == postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	t, err := db.begin(ctx, db.reader, db.forReader, opts)
	if err != nil {
		return err
	}
	defer t.Rollback()
	return fn(&Tx{ctx: ctx, db: db, sql: t, found: map[string]any{}})
}

// Conflict is the answer to whoever saves a noun that somebody else changed meanwhile.
func conflict() error { return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil) }
