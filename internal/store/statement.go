package store

import (
	"context"
	"database/sql"
	"regexp"
	"sync"

	"github.com/openflegt/openflegt/internal/flegt"
)

// maxStatements is how many queries a pool keeps prepared; lists build theirs from parts, so
// that there are more texts than one would count.
const maxStatements = 128

// statements keeps a pool's queries prepared, so that SQLite reads the text of each once for
// every connection. PostgreSQL's driver does that itself.
type statements struct {
	pool  *sql.DB
	mu    sync.Mutex
	known map[string]*sql.Stmt
	asked map[string]bool // seen, to be prepared before the next transaction
}

func newStatements(pool *sql.DB) *statements {
	return &statements{pool: pool, known: map[string]*sql.Stmt{}, asked: map[string]bool{}}
}

// find gives the prepared query; nil when it is not prepared yet.
func (s *statements) find(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.known[query]
	if known == nil && len(s.known)+len(s.asked) < maxStatements {
		s.asked[query] = true
	}
	return known
}

// variableLimit is a limit that is a variable and nothing else.
var variableLimit = regexp.MustCompile(`LIMIT \$\d+`)

// steady is the text of a query as it is prepared. SQLite looks into a variable that is a limit when
// it makes its plan, and makes a new plan each time that it is bound anew; a sum is not looked into.
// https://www.sqlite.org/c3ref/prepare.html
func steady(query string) string { return variableLimit.ReplaceAllString(query, "$0 + 0") }

// prepare prepares what was asked for. It takes a connection of its own, so it must not run
// inside a transaction; what fails is asked for again.
func (s *statements) prepare(ctx context.Context) {
	s.mu.Lock()
	asked := s.asked
	if len(asked) == 0 { // it stays in use, so it must not be gone through without the lock
		s.mu.Unlock()
		return
	}
	s.asked = map[string]bool{}
	s.mu.Unlock()
	for query := range asked {
		prepared, err := s.pool.PrepareContext(ctx, steady(query))
		if err != nil {
			continue
		}
		s.mu.Lock()
		if s.known[query] == nil { // it may have been asked for again meanwhile
			s.known[query], prepared = prepared, nil
		}
		s.mu.Unlock()
		if prepared != nil {
			_ = prepared.Close()
		}
	}
}

// transaction is a transaction with its prepared queries.
type transaction struct {
	*sql.Tx
	conn       *sql.Conn   // of who writes on PostgreSQL; nil for others
	statements *statements // nil on PostgreSQL
	bound      map[string]*sql.Stmt
	journal    journal
	roles      map[string]*flegt.Authorisation // see RoleHeld
	// rolesChanged says that authorisations may have been changed in it.
	rolesChanged bool
	member       member
	touched      touched
	room         []byte // in which an event's text is written
}

// member is the change of a group that is being made.
type member struct {
	group bool  // the transaction is a group's
	waits bool  // its savepoint is set when it writes for the first time
	bold  bool  // no change of the group has a savepoint
	kept  bool  // the savepoint is set
	wrote bool  // it has written without one
	err   error // why it could not be
	// before is what waited to be written when the change began.
	before journal
}

// keepPoint sets the savepoint of a change before it writes. On SQLite a change that reads
// and appends its event to the log needs none.
func (t *transaction) keepPoint(ctx context.Context) error {
	m := &t.member
	if m.bold {
		m.wrote = true
		return nil
	}
	if !m.waits || m.kept || m.err != nil {
		return m.err
	}
	_, m.err = t.run(ctx, "SAVEPOINT one")
	m.kept = m.err == nil
	return m.err
}

// bind gives a prepared query for the transaction; nil when there is none. It must not be
// used again while its rows are read.
func (t *transaction) bind(ctx context.Context, query string) *sql.Stmt {
	if t.statements == nil {
		return nil
	}
	if s := t.bound[query]; s != nil {
		return s
	}
	known := t.statements.find(query)
	if known == nil {
		return nil
	}
	s := t.StmtContext(ctx, known)
	t.bound[query] = s
	return s
}

// run runs a query that gives no rows.
func (t *transaction) run(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := t.bind(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return t.ExecContext(ctx, query, args...)
}

// begin prepares what was asked for and begins a transaction.
func (db *DB) begin(ctx context.Context, pool *sql.DB, prepared *statements, opts *sql.TxOptions) (*transaction, error) {
	if prepared != nil {
		prepared.prepare(ctx)
	}
	if db.dialect == postgres && pool == db.writer {
		conn, t, err := beginOn(ctx, pool)
		return &transaction{Tx: t, conn: conn}, err
	}
	t, err := pool.BeginTx(ctx, opts)
	for tries := 1; db.dialect == postgres && hungUp(ctx, err) && tries < maxTries; tries++ {
		t, err = pool.BeginTx(ctx, opts)
	}
	return &transaction{Tx: t, statements: prepared, bound: map[string]*sql.Stmt{}}, err
}

// end gives up what was not committed, and the connection back.
func (t *transaction) end() {
	t.Rollback()
	if t.conn != nil {
		t.conn.Close()
	}
}
