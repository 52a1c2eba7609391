package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// outcomes tells of dossiers that are decided in which state their licences are.
func outcomes(tx *store.Tx, rows []flegt.Dossier) (map[string]flegt.LicenceState, error) {
	var ids []string
	for _, d := range rows {
		if d.Standing == flegt.DossierDecided {
			ids = append(ids, d.Licence)
		}
	}
	return tx.LicenceStates(ids)
}

// Arrivals is how much is expected on a day.
type Arrivals = store.Arrivals

// Arrivals counts what is expected at the actor's authority from day to day, both days included.
func (o *Office) Arrivals(ctx context.Context, a flegt.Actor, from, until flegt.Date) (out []Arrivals, err error) {
	if err := access.MayWorkDesk(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		out, err = tx.Arrivals(a.Country, from, until)
		return err
	})
	return out, err
}
