package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sync"

	"github.com/openflegt/openflegt/internal/flegt"
)

// WithLedger is a licence with its movements, oldest first.
type WithLedger struct {
	Licence   flegt.Licence
	Movements []flegt.Movement

	row    string // the licence's, as it stands; empty when it was not read here
	booked bool   // its version stands beside it
	name   string // under which it was looked for, see nameOf
	seen   seen   // when it was read
	aside  *Aside
}

// Touch is Touch for the licence.
func (l *WithLedger) Touch() Touched { return touch(l.Licence, l.row, l.booked) }

// Aside is room for what is written down of the licence as it stands.
func (l *WithLedger) Aside() *Aside { return l.aside }

// wish is somebody who waits for a licence.
type wish struct {
	ref  string
	key  string // ref as a number
	rows []licenceRow
	err  error
	done chan struct{}
}

// licenceRow is a licence as it stands in its row, with its movements.
type licenceRow struct {
	id, key, body string
	version       int // of the body
	booked        sql.NullInt64
	moves         []string
}

// maxTogether is how many are read for at once at most.
const maxTogether = 64

// readTogether is how many groups are read for side by side.
const readTogether = 2

// reading is how licences with their ledgers are read for many who ask at the same moment,
// one each: together, in one snapshot with two queries, as changes that wait at the same
// moment share a commit. Each takes its own rows apart.
type reading struct {
	wishes  chan *wish
	readers sync.WaitGroup
}

// startReading starts those who read for others.
func (db *DB) startReading() {
	db.wishes = make(chan *wish, 1024)
	for range readTogether {
		db.readers.Go(db.readForAll)
	}
}

func (db *DB) readForAll() {
	for first := range db.wishes {
		group := []*wish{first}
	gather:
		for len(group) < maxTogether {
			select {
			case w, open := <-db.wishes:
				if !open {
					break gather
				}
				group = append(group, w)
			default:
				break gather
			}
		}
		err := db.View(context.Background(), func(tx *Tx) error { return tx.fulfil(group) })
		for _, w := range group {
			w.err = err
			close(w.done)
		}
	}
}

// LicencesNamed reads the licences that an id or a number names, as they all stood at one
// moment, with their ledgers. By a number they are those that are lodged or were decided, or
// that the issuing country put in, the lodged or accepted one first.
//
// They may be known from before, and must not be changed: a copy can. What this process has
// written since is in them; for what another one has, see Tx.StillKnown.
func (db *DB) LicencesNamed(ctx context.Context, ref string) ([]*WithLedger, error) {
	key := flegt.NumberKey(ref)
	if all := db.known.find(ref, key); all != nil {
		return all, nil
	}
	name := nameOf(ref, key)
	began := db.known.begin()
	w := &wish{ref: ref, key: key, done: make(chan struct{})}
	if err := db.wait(ctx, w); err != nil {
		return nil, err
	}
	if w.err != nil {
		return nil, w.err
	}
	out := make([]*WithLedger, 0, len(w.rows))
	size := 0
	for _, row := range w.rows {
		l, err := row.read()
		if err != nil {
			return nil, err
		}
		l.name, l.seen, l.aside = name, began, &Aside{}
		out = append(out, l)
		size += row.size()
	}
	slices.SortStableFunc(out, func(a, b *WithLedger) int { return byUse(&a.Licence, &b.Licence) })
	if len(out) > 0 && (name == byID(ref)) == (out[0].Licence.ID == ref) { // found by what it is known by
		db.known.remember(name, began, out, size)
	}
	return out, nil
}

func (db *DB) wait(ctx context.Context, w *wish) (err error) {
	defer func() {
		if recover() != nil { // the channel was closed
			err = ErrClosed
		}
	}()
	select {
	case db.wishes <- w:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-w.done // soon
	return nil
}

func (row licenceRow) read() (*WithLedger, error) {
	out := &WithLedger{row: asBooked(row.body, row.version, row.booked), booked: row.booked.Valid}
	var err error
	if out.Licence, err = licenceOf([]byte(row.body), row.booked); err != nil {
		return out, err
	}
	for _, text := range row.moves {
		m, err := parse[flegt.Movement](text)
		if err != nil {
			return out, err
		}
		out.Movements = append(out.Movements, m)
	}
	return out, nil
}

// size is how many bytes the rows hold.
func (row licenceRow) size() int {
	n := len(row.body)
	for _, text := range row.moves {
		n += len(text)
	}
	return n
}

// byUse puts the lodged or accepted licence of a number first, and the newest of the others.
func byUse(a, b *flegt.Licence) int {
	if c := cmp.Compare(useRank(a.State), useRank(b.State)); c != 0 {
		return c
	}
	return b.SubmittedAt.Compare(a.SubmittedAt)
}

func useRank(s flegt.LicenceState) int {
	switch s {
	case flegt.Accepted:
		return 0
	case flegt.Submitted, flegt.Returned:
		return 1
	}
	return 2
}

// fulfil reads for all of a group.
func (tx *Tx) fulfil(group []*wish) error {
	var refs, keys []string
	for _, w := range group {
		refs = append(refs, w.ref)
		keys = append(keys, w.key)
	}
	byID, refArg := tx.among("id", "$1", refs)
	byKey, keyArg := tx.among("number_key", "$2", keys)
	found := map[string]*licenceRow{}
	named := map[string][]*licenceRow{}
	rows, err := tx.rows(`SELECT 1 AS way, id, number_key, version, `+tx.licenceText("licence")+` FROM licence WHERE `+byID+
		` UNION ALL SELECT 2 AS way, id, number_key, version, `+tx.licenceText("licence")+` FROM licence WHERE `+byKey+` AND (state <> 'draft' OR origin = 'electronic')`, refArg, keyArg)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var way int
		row := &licenceRow{}
		if err := rows.Scan(&way, &row.id, &row.key, &row.version, &row.body, &row.booked); err != nil {
			return err
		}
		if known := found[row.id]; known != nil {
			row = known
		}
		found[row.id] = row
		if way == 1 {
			named[row.id] = []*licenceRow{row}
		} else {
			named[" "+row.key] = append(named[" "+row.key], row)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := tx.addMoves(found); err != nil {
		return err
	}
	for _, w := range group {
		rows := named[w.ref]
		if len(rows) == 0 {
			rows = named[" "+w.key]
		}
		for _, row := range rows {
			w.rows = append(w.rows, *row)
		}
	}
	return nil
}

// addMoves reads the movements under licences.
func (tx *Tx) addMoves(found map[string]*licenceRow) error {
	if len(found) == 0 {
		return nil
	}
	ids := make([]string, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	cond, arg := tx.among("licence", "$1", ids)
	rows, err := tx.rows(`SELECT licence, body FROM movement WHERE `+cond+` ORDER BY licence, seq, ordinal`, arg)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var licence, body string
		if err := rows.Scan(&licence, &body); err != nil {
			return err
		}
		found[licence].moves = append(found[licence].moves, body)
	}
	return rows.Err()
}

// stopReading lets those who wait be read for, and ends.
func (db *DB) stopReading() {
	close(db.wishes)
	db.readers.Wait()
}
