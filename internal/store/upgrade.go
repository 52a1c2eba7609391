package store

import (
	"context"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Progress is how far Open is with work that it does once after an upgrade.
type Progress struct {
	// What is done: "schema", "search words" or "uses of licences".
	What string
	// Done and Total count what is gone through: licences, or steps of the schema.
	Done, Total int
	// Took is how long it has taken so far.
	Took time.Duration
}

// Ended says that all was gone through.
func (p Progress) Ended() bool { return p.Done >= p.Total }

// Percent is how much of it is done, a whole number from 0 to 100.
func (p Progress) Percent() int {
	if p.Ended() {
		return 100
	}
	return p.Done * 100 / p.Total
}

// Left is how long it will still take if it goes on as it went; 0 while nothing is done, or all.
func (p Progress) Left() time.Duration {
	if p.Done == 0 || p.Ended() {
		return 0
	}
	return time.Duration(float64(p.Took) / float64(p.Done) * float64(p.Total-p.Done))
}

// passBatch is how many licences a pass goes through in one change.
const passBatch = 500

// pass goes once through all licences and notes in a setting that it did. It is made of many
// changes, so that memory and the log stay small: one that is broken off begins again at the next
// start, so that do must find nothing to do in what it has done already.
func (db *DB) pass(ctx context.Context, what, key, version string, do func(*Tx, []flegt.Licence) error) error {
	made, p := "", Progress{What: what}
	err := db.View(ctx, func(tx *Tx) (err error) {
		if made, err = tx.Setting(key); err != nil || made == version {
			return err
		}
		return tx.row(`SELECT count(*) FROM licence`).Scan(&p.Total)
	})
	if err != nil || made == version {
		return err
	}
	begun := time.Now()
	for after, done := "", false; !done; {
		if p.Total > 0 {
			db.tell(p)
		}
		read, last := 0, ""
		err := db.Update(ctx, func(tx *Tx) error { // may run again: it begins where the one before ended
			batch, err := tx.licences(`SELECT `+tx.licenceText("licence")+` FROM licence WHERE id > $1 ORDER BY id LIMIT $2`, after, passBatch)
			if err != nil {
				return err
			}
			if read, done = len(batch), len(batch) == 0; done {
				return tx.SaveSetting(key, version)
			}
			last = batch[len(batch)-1].ID
			return do(tx, batch)
		})
		if err != nil {
			return err
		}
		after, p.Done, p.Took = last, p.Done+read, time.Since(begun)
		p.Total = max(p.Total, p.Done) // others have put some in
	}
	if p.Total > 0 {
		p.Done = p.Total
		db.tell(p)
	}
	return nil
}
