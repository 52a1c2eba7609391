package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/openflegt/openflegt/internal/flegt"
)

// call is one Update that waits for its turn.
type call struct {
	ctx    context.Context
	fn     func(*Tx) error
	err    error
	done   chan struct{}
	panics any
	tries  int
	told   bool // it failed; what is made again is made without it
}

// maxGroup is how many calls share one commit at most, and minGroup how many do in any case,
// if they wait. Between the two a call is left for the next commit when those before it have
// taken longer than the last flushes took. If everybody who waits shared one commit, nobody
// would be left for whom the other processors could do anything meanwhile, and nothing would
// wait when the commit ends.
const (
	minGroup = 32
	maxGroup = 256
)

// siblings are how many changes must have shared the last commit for the next one to linger, and
// linger is for how long it does then: while others are at work, those whose answers have just
// gone out ask again, and a commit takes as much for one as for many. Who is alone never waits
// (PostgreSQL has the same by the names of commit_siblings and commit_delay).
const (
	siblings = 4
	linger   = 300 * time.Microsecond
)

// maxTries is how often a call is begun that another process got in the way of.
const maxTries = 10

// ErrClosed is what Update gives after Close.
var ErrClosed = errors.New("the registry is closed")

// Update makes a change. Calls that wait at the same moment run one after the other in one
// transaction, each in a savepoint of its own, and are committed together; each hears of
// its own result only when the commit is durable. fn may run again from the start, so it
// must do nothing but use its Tx.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) (err error) {
	once, _ := ctx.Value(onceKey{}).(*Once)
	if once != nil && !once.done {
		fn = once.around(fn)
	}
	db.waiting.Add(1)
	defer db.waiting.Add(-1)
	c := &call{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := db.enqueue(c); err != nil {
		return err
	}
	<-c.done // a change that was begun is always heard to its end
	if c.panics != nil {
		panic(c.panics)
	}
	if once != nil && c.err == nil {
		once.done = true
	}
	return c.err
}

// Waiting is how many changes wait for their turn or are being made.
func (db *DB) Waiting() int { return int(db.waiting.Load()) }

type onceKey struct{}

// WithOnce gives a context whose first change is made at most once, under the key.
func WithOnce(ctx context.Context, o *Once) context.Context {
	return context.WithValue(ctx, onceKey{}, o)
}

// around makes keeping the key a part of the change.
func (o *Once) around(fn func(*Tx) error) func(*Tx) error {
	return func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.claim(o)
	}
}

func (db *DB) enqueue(c *call) (err error) {
	defer func() {
		if recover() != nil { // the channel was closed
			err = ErrClosed
		}
	}()
	select {
	case db.calls <- c: // as a rule there is room, and nobody asks when the caller goes
		return nil
	default:
	}
	select {
	case db.calls <- c:
		return nil
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}

// lead is the one goroutine that writes.
func (db *DB) lead() {
	defer close(db.done)
	var group []*call
	last := 0
	for {
		if len(group) == 0 {
			first, open := <-db.calls
			if !open {
				return
			}
			group = append(group, first)
		}
		if group = db.gather(group); last >= siblings && len(group) < minGroup {
			time.Sleep(linger)
			group = db.gather(group)
		}
		last = len(group)
		group = db.settle(group)
	}
}

// gather adds the calls that wait to a group.
func (db *DB) gather(group []*call) []*call {
	for len(group) < maxGroup {
		select {
		case c, open := <-db.calls:
			if !open {
				return group
			}
			group = append(group, c)
		default:
			return group
		}
	}
	return group
}

// settle commits calls and tells them, first those that need no second try. It gives back
// those whose turn did not come.
func (db *DB) settle(group []*call) (left []*call) {
	again, left := db.commit(group)
	for _, c := range group[:len(group)-len(left)] {
		if !slices.Contains(again, c) {
			close(c.done)
		}
	}
	for _, c := range again {
		db.settle([]*call{c})
	}
	return left
}

// commit runs calls in one transaction, from the first on, and gives back those that it left
// for the next. Of those that failed through no fault of their own, before anything was
// committed, it gives back which to try again alone: a group that holds the log's head and
// wants a row can block another process that holds the row and wants the head, and one alone
// takes the row first.
func (db *DB) commit(group []*call) (again, left []*call) {
	if db.careful == 0 {
		end := db.attempt(group, true)
		if !end.careful {
			return end.again, group[end.turns:]
		}
		db.careful = carefulFor
		if end.failed != nil {
			end.failed.told = true
		}
	}
	db.careful = max(0, db.careful-1)
	end := db.attempt(group, false)
	return end.again, group[end.turns:]
}

// carefulFor is how many groups have savepoints after one that needed them.
const carefulFor = 50

// errCareful is the end of a bold group.
var errCareful = errors.New("a change failed that had written")

// ended is how an attempt ended.
type ended struct {
	again []*call // to be tried again, each alone
	turns int     // how many calls had their turn, from the first on
	// careful says that a bold group ended, of which nothing remains: its calls are to be made
	// again, but for the failed one, which has its answer. Nil is when it is not known which
	// one failed.
	careful bool
	failed  *call
}

// attempt is commit, boldly or not.
func (db *DB) attempt(group []*call, bold bool) ended {
	fail := func(err error) ended {
		for _, c := range group {
			if c.err == nil && c.panics == nil {
				c.err = err
			}
		}
		return ended{turns: len(group)}
	}
	t, err := db.begin(context.Background(), db.writer, db.forWriter, nil)
	if err != nil {
		return fail(fmt.Errorf("begin: %w", err))
	}
	committed := false
	defer func() {
		t.end()
		if t.rolesChanged {
			db.roles = heldRoles{}
		}
		db.known.ended(t.touched, t.journal.seq, committed)
	}()
	ctx := context.Background()
	if err := t.startGroup(ctx, db.dialect, bold); err != nil {
		return fail(err)
	}
	var again []*call
	good, began := 0, time.Now()
	for i, c := range group {
		if i >= minGroup && time.Since(began) > db.flush {
			group = group[:i]
			break
		}
		if c.told {
			continue
		}
		if c.err = c.ctx.Err(); c.err != nil {
			continue
		}
		c.tries++
		if err := db.one(t, c); errors.Is(err, errCareful) {
			if t.member.err != nil || t.broken() { // it may have been by another's fault
				c = nil
			}
			return ended{careful: true, failed: c}
		} else if err != nil {
			return fail(err)
		}
		switch {
		case c.err == nil && c.panics == nil:
			good++
		case inTheWay(c.err) && c.tries < maxTries:
			again = append(again, c)
		}
	}
	if good == 0 {
		return ended{again: again, turns: len(group)}
	}
	began = time.Now()
	if err := t.writeAll(ctx, db.dialect); errors.Is(err, errCareful) {
		return ended{careful: true}
	} else if err != nil {
		return ended{again: rivals(group, err), turns: len(group)}
	}
	if err := t.Commit(); err != nil {
		fail(fmt.Errorf("commit: %w", err))
	} else {
		committed = true
	}
	db.flush = (3*db.flush + time.Since(began)) / 4
	db.bell.ring()
	return ended{again: again, turns: len(group)}
}

// writeAll writes everything that waits to be written.
func (t *transaction) writeAll(ctx context.Context, d dialect) error {
	if d == postgres {
		return t.writeTogether(ctx, true)
	}
	if err := t.writeJournal(ctx, d); err != nil {
		return err
	}
	return t.writeKeys(ctx, d)
}

// inTheWay says whether PostgreSQL gave a change up for another transaction's sake.
// https://www.postgresql.org/docs/current/errcodes-appendix.html class 40
func inTheWay(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

// rivals gives back the calls of a group whose events could not be written, to try each
// alone: whose they are is not known. One that is alone already hears the error.
func rivals(group []*call, err error) (again []*call) {
	for _, c := range group {
		switch {
		case len(group) > 1 && (c.err == nil && c.panics == nil || inTheWay(c.err)):
			c.err = nil
			again = append(again, c)
		case c.err == nil && c.panics == nil:
			c.err = err
			if inTheWay(err) && c.tries < maxTries {
				again = append(again, c)
			}
		}
	}
	return again
}

// startGroup begins a group. Bold, no change of it has a savepoint: it costs SQLite a copy of
// every page that is written, and PostgreSQL two questions more for each change, and hardly a
// change fails once it has written anything. When
// one does, or something else goes wrong, the group is begun again with savepoints. SQLite
// gives a whole transaction up after some errors; that a mark at its beginning is still there
// shows then that it did not. https://www.sqlite.org/lang_transaction.html section 2.3
func (t *transaction) startGroup(ctx context.Context, d dialect, bold bool) error {
	t.member.group, t.member.waits, t.member.bold = true, d == sqlite, bold
	if d != sqlite || bold {
		return nil
	}
	_, err := t.run(ctx, "SAVEPOINT everybody")
	return err
}

// stands says whether SQLite has not given the transaction up.
func (t *transaction) stands(ctx context.Context) error {
	if !t.member.waits {
		return nil
	}
	if _, err := t.run(ctx, "RELEASE SAVEPOINT everybody"); err != nil {
		return err
	}
	return t.startGroup(ctx, sqlite, false)
}

// errUnheard is the answer to a change that went on after an error: nothing of it can be kept.
var errUnheard = errors.New("the database refused a part of the change")

// one runs a call inside its savepoint. Its error means that the whole group is lost.
func (db *DB) one(t *transaction, c *call) error {
	ctx := context.WithoutCancel(c.ctx)
	t.member.kept, t.member.wrote, t.member.err = false, false, nil
	t.member.before = t.journal
	if !t.member.waits && !t.member.bold {
		if _, err := t.run(ctx, "SAVEPOINT one"); err != nil {
			return err
		}
		t.member.kept = true
	}
	func() {
		defer func() { c.panics = recover() }()
		c.err = c.fn(&Tx{ctx: ctx, db: db, sql: t})
	}()
	if t.member.err != nil {
		return t.member.err
	}
	if broken := t.broken(); broken && t.member.bold {
		return errCareful
	} else if broken && c.err == nil && c.panics == nil {
		c.err = errUnheard
	}
	if c.err == nil && c.panics == nil && t.member.bold {
		return nil
	}
	if t.member.bold && (t.member.wrote || c.panics != nil || flegt.KindOf(c.err) == flegt.Internal) {
		return errCareful
	}
	end := "RELEASE SAVEPOINT one"
	if c.err != nil || c.panics != nil {
		end = "ROLLBACK TO SAVEPOINT one"
		t.journal = t.member.before
		t.forgetRoles()
		t.touched.drop()
		if !t.member.kept && (c.panics != nil || flegt.KindOf(c.err) == flegt.Internal) {
			return t.stands(ctx)
		}
	}
	if !t.member.kept {
		return nil
	}
	_, err := t.run(ctx, end)
	return err
}
