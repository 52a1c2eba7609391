package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// request is a statement that gives no rows. exactly is how many rows it must write; below 0 for any.
type request struct {
	query   string
	args    []any
	exactly int
}

// beginOn begins a transaction on a connection that is kept beside it, for together.
func beginOn(ctx context.Context, pool *sql.DB) (conn *sql.Conn, tx *sql.Tx, err error) {
	for range maxTries {
		if conn, err = pool.Conn(ctx); err != nil {
			return nil, nil, err
		}
		if tx, err = conn.BeginTx(ctx, nil); err == nil {
			return conn, tx, nil
		}
		conn.Close()
		if !hungUp(ctx, err) {
			return nil, nil, err
		}
	}
	return nil, nil, err
}

// hungUp says whether a transaction could not be begun on a connection that was kept: the server has gone
// meanwhile, and may be there again. Nothing was asked yet.
func hungUp(ctx context.Context, err error) bool {
	var refused *pgconn.ConnectError
	return err != nil && ctx.Err() == nil && !errors.As(err, &refused)
}

// broken says whether PostgreSQL refuses whatever else is asked in the transaction: after an error,
// until it goes back to a savepoint, or when it was given up for a rival's sake. It asks nothing.
func (t *transaction) broken() bool {
	if t.conn == nil {
		return false
	}
	broken := true
	_ = t.conn.Raw(func(c any) error { // what fails is broken
		conn := c.(*stdlib.Conn).Conn().PgConn()
		broken = conn.IsClosed() || conn.TxStatus() != 'T'
		return nil
	})
	return broken
}

// together runs statements on PostgreSQL in one go: none waits for the answer of the one before it, and
// what follows one that fails is not run. It is errCareful when one wrote other rows than it must.
func (t *transaction) together(ctx context.Context, all []request) error {
	return t.conn.Raw(func(c any) error {
		batch := &pgx.Batch{}
		for _, one := range all {
			batch.Queue(one.query, one.args...)
		}
		answers := c.(*stdlib.Conn).Conn().SendBatch(ctx, batch)
		var err error
		for _, one := range all {
			done, failed := answers.Exec()
			if failed != nil {
				err = fmt.Errorf("%s: %w", firstWords(one.query), failed)
				break
			}
			if one.exactly >= 0 && done.RowsAffected() != int64(one.exactly) {
				err = errCareful
				break
			}
		}
		if ended := answers.Close(); err == nil {
			err = ended
		}
		return err
	})
}

// writeTogether is writeJournal on PostgreSQL, with the keys or without.
func (t *transaction) writeTogether(ctx context.Context, keys bool) error {
	j := &t.journal
	var all []request
	if len(j.booked) > 0 {
		all = append(all, j.booked.request())
	}
	if len(j.moves) > 0 {
		all = append(all, request{movementInsert.column, byColumn(j.moves, movementColumns), -1})
	}
	if len(j.rows) > 0 {
		all = append(all, request{`UPDATE head SET seq = $1 WHERE id = 1`, []any{j.seq}, 1},
			request{eventInsert.column, byColumn(j.rows, eventColumns), -1})
	}
	if keys && len(j.keys) > 0 {
		all = append(all, request{keyInsert.column, byColumn(j.keys, keyColumns), len(j.keys) / keyColumns})
	}
	if len(all) == 0 {
		return nil
	}
	if err := t.together(ctx, all); err != nil {
		return err
	}
	j.booked, j.moves, j.rows = nil, nil, nil
	if keys {
		j.keys = nil
	}
	return nil
}

// bookedRow is a licence with the version to which a booking has raised it by one.
type bookedRow struct {
	id      string
	version int
}

// bookedRows wait to be written on PostgreSQL, each licence once.
type bookedRows []bookedRow

func (b bookedRows) request() request {
	ids, versions := make([]string, len(b)), make([]int64, len(b))
	for i, one := range b {
		ids[i], versions[i] = one.id, int64(one.version)
	}
	return request{`INSERT INTO licence_booked AS beside (id, version)
		SELECT l.id, now.version FROM unnest($1::text[], $2::bigint[]) now (id, version) JOIN licence l ON l.id = now.id LEFT JOIN licence_booked b ON b.id = l.id
		WHERE coalesce(b.version, l.version) = now.version - 1
		ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE beside.version = excluded.version - 1`, []any{ids, versions}, len(b)}
}

// bookLater lets a booking be written with the others of its group; false when it must be written at
// once, because its licence may have another version than it was read with. As the head is held, what
// is known of the licence is what stands in its row.
func (tx *Tx) bookLater(t Touched) bool {
	if tx.db.dialect != postgres || !tx.sql.member.bold || !tx.db.known.stands(t.licence.ID, t.licence.Version-1) {
		return false
	}
	j := &tx.sql.journal
	j.booked = append(j.booked, bookedRow{t.licence.ID, t.licence.Version})
	return true
}

// stands says whether a licence is known to stand at a version.
func (k *known) stands(id string, version int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, name := range k.under[id] {
		for _, l := range k.entries[name].all {
			if l.Licence.ID == id {
				return l.Licence.Version == version
			}
		}
	}
	return false
}

// writeBooked writes the bookings that wait, before anything is asked that may read them.
func (tx *Tx) writeBooked() error {
	t := tx.sql
	m, j := &t.member, &t.journal
	if len(j.booked) == 0 {
		return nil
	}
	own := len(j.booked) > len(m.before.booked)
	if err := t.together(tx.ctx, []request{j.booked.request()}); err != nil {
		m.err = errors.Join(errCareful, err)
		return m.err
	}
	j.booked, m.before.booked = nil, nil
	if own {
		return t.keepPoint(tx.ctx)
	}
	return nil
}
