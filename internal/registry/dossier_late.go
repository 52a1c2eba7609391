package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// lateKey is the setting that says that every licence which was lodged has its dossier.
const (
	lateKey  = "dossiers_late"
	lateDone = "done"
)

// lateBatch is how many dossiers are opened in one change at start.
const lateBatch = 200

// openLateDossiers gives a dossier to every licence that was lodged with a program which had
// none yet, so that it stands in the work list. It is done once: from then on a dossier is
// opened when its licence is lodged.
func (o *Office) openLateDossiers(ctx context.Context) error {
	made := ""
	err := o.db.View(ctx, func(tx *store.Tx) (err error) {
		made, err = tx.Setting(lateKey)
		return err
	})
	for after, done := "", made == lateDone; !done && err == nil; {
		next := ""
		err = o.db.Update(ctx, func(tx *store.Tx) error {
			// First of all the setting: another program that starts too waits for its row.
			if err := tx.SaveSetting(lateKey, "under way"); err != nil {
				return err
			}
			batch, err := tx.LodgedWithoutDossier(after, lateBatch)
			if err != nil {
				return err
			}
			for _, l := range batch {
				if err := o.openLate(tx, l); err != nil {
					return err
				}
				next = l.ID
			}
			if done = len(batch) < lateBatch; done {
				return tx.SaveSetting(lateKey, lateDone)
			}
			return nil
		})
		after = next
	}
	return err
}

// openLate opens the dossier of one licence as if it had been there when the licence was
// lodged. What is decided already is billed nothing: no fee was recorded then.
func (o *Office) openLate(tx *store.Tx, l flegt.Licence) error {
	d := flegt.Dossier{Licence: l.ID, LodgedAt: l.SubmittedAt, Version: 1}
	if err := o.survey(tx, &d, l); err != nil {
		return err
	}
	if d.Stand(l.State); d.Standing == flegt.DossierDecided {
		if d.Closed = l.DecidedAt; d.Closed.IsZero() {
			d.Closed = l.UpdatedAt
		}
	} else if err := o.bill(tx, &d); err != nil {
		return err
	}
	return o.addDossier(tx, flegt.TheSystem(), d)
}

// bill records what the authority charges for the licence.
func (o *Office) bill(tx *store.Tx, d *flegt.Dossier) error {
	auth, err := tx.Authority(flegt.AuthorityID(d.Country))
	if err != nil && flegt.KindOf(err) != flegt.NotFound {
		return err
	}
	d.Bill(o.now(), o.dayIn(d.Country, d.LodgedAt), auth.Desk)
	return nil
}

// addDossier writes a new dossier with its event.
func (o *Office) addDossier(tx *store.Tx, a flegt.Actor, d flegt.Dossier) error {
	if err := tx.AddDossier(d); err != nil {
		return err
	}
	e := d.Opened(a, o.now())
	e.Version = d.Version
	_, err := tx.Append(e, d)
	return err
}
