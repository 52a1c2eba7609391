package store

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddBulkImport writes an import with its parts, to be worked through. Conflict when the
// account has one that goes on.
func (tx *Tx) AddBulkImport(b flegt.BulkImport, parts [][]byte) error {
	_, err := tx.exec(`INSERT INTO bulk_import (id, account, stage, moved_at, kept_until, body) VALUES ($1, $2, $3, $4, NULL, $5)`,
		b.ID, b.Actor.Account, string(b.Stage), tx.at(b.MovedAt), jsonOf(b))
	if unique(err) {
		return flegt.Refuse(flegt.Conflict, "bulk.importing", nil)
	}
	if err != nil {
		return err
	}
	for i, part := range parts {
		if _, err := tx.exec(`INSERT INTO bulk_part (import, number, done, body) VALUES ($1, $2, 0, $3)`, b.ID, i, part); err != nil {
			return err
		}
	}
	return nil
}

// PackBulkPart writes a part as it is kept: JSON, compressed.
func PackBulkPart(p flegt.BulkPart) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	err = errors.Join(json.NewEncoder(w).Encode(p), w.Close())
	return b.Bytes(), err
}

// BulkPart reads a part of an import, and whether it is done; NotFound when there is none.
func (tx *Tx) BulkPart(id string, number int) (p flegt.BulkPart, done bool, err error) {
	var packed []byte
	err = tx.row(`SELECT done, body FROM bulk_part WHERE import = $1 AND number = $2`, id, number).Scan(&done, &packed)
	if noRows(err) {
		return p, false, flegt.Missing()
	}
	if err != nil {
		return p, false, err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return p, false, err
	}
	return p, done, json.NewDecoder(r).Decode(&p)
}

// BulkPartDone says whether something has become of a part's licences.
func (tx *Tx) BulkPartDone(id string, number int) (done bool, err error) {
	err = tx.row(`SELECT done FROM bulk_part WHERE import = $1 AND number = $2`, id, number).Scan(&done)
	return done, err
}

// BulkPartsLeft are the numbers of the parts that are not done, in order.
func (tx *Tx) BulkPartsLeft(id string) (left []int, err error) {
	err = tx.each(`SELECT number FROM bulk_part WHERE import = $1 AND done = 0 ORDER BY number`, []any{id}, func(r *sql.Rows) error {
		var n int
		err := r.Scan(&n)
		left = append(left, n)
		return err
	})
	return left, err
}

// FinishBulkPart keeps what became of a part; Conflict when another process did it meanwhile.
func (tx *Tx) FinishBulkPart(id string, number int, packed []byte) error {
	return changed(tx.exec(`UPDATE bulk_part SET done = 1, body = $3 WHERE import = $1 AND number = $2 AND done = 0`, id, number, packed))
}

// BulkImport reads an import; NotFound when there is none.
func (tx *Tx) BulkImport(id string) (flegt.BulkImport, error) {
	return body[flegt.BulkImport](tx, `SELECT body FROM bulk_import WHERE id = $1`, id)
}

// LastBulkImport reads an account's newest import; NotFound when it has none.
func (tx *Tx) LastBulkImport(account string) (flegt.BulkImport, error) {
	return body[flegt.BulkImport](tx, `SELECT body FROM bulk_import WHERE account = $1 ORDER BY moved_at DESC, id DESC LIMIT 1`, account)
}

// HoldBulkImport reads an import that is in a stage and keeps it from all others until the
// change is made; Conflict when it is in another stage.
func (tx *Tx) HoldBulkImport(id string, stage flegt.BulkStage) (b flegt.BulkImport, err error) {
	var text string
	err = tx.row(`UPDATE bulk_import SET stage = stage WHERE id = $1 AND stage = $2 RETURNING body`, id, string(stage)).Scan(&text)
	if noRows(err) {
		return b, conflict()
	}
	if err != nil {
		return b, err
	}
	return parse[flegt.BulkImport](text)
}

// SaveBulkImport writes an import that is held. kept says until when it can be read; the
// zero time is until it has come to an end. Conflict when the account has another that goes
// on.
func (tx *Tx) SaveBulkImport(b flegt.BulkImport, kept time.Time) error {
	_, err := tx.exec(`UPDATE bulk_import SET stage = $2, moved_at = $3, kept_until = $4, body = $5 WHERE id = $1`,
		b.ID, string(b.Stage), tx.at(b.MovedAt), tx.at(kept), jsonOf(b))
	if unique(err) {
		return flegt.Refuse(flegt.Conflict, "bulk.importing", nil)
	}
	return err
}

// StaleBulkImports are the ids of imports that should go on and of which no part was written
// since the moment.
func (tx *Tx) StaleBulkImports(since time.Time) (ids []string, err error) {
	err = tx.each(`SELECT id FROM bulk_import WHERE stage = 'importing' AND moved_at <= $1 ORDER BY moved_at`, []any{tx.at(since)}, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
