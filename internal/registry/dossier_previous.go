package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// maxPrevious is how many earlier cases stand beside a licence.
const maxPrevious = 10

// CountedElsewhere is where earlier cases in other countries are no longer counted.
const CountedElsewhere = 1000

// Previous are earlier cases of one party: the last of the officer's own country, and how many
// there are in the other countries of the Union, of which nothing more is told.
type Previous struct {
	Licences  []flegt.Licence
	Elsewhere int // at most CountedElsewhere + 1
}

// PreviousCases finds the earlier cases of a licence's operator and of its exporter, for the
// officers of the authority with which it is lodged.
func (o *Office) PreviousCases(ctx context.Context, a flegt.Actor, licence string) (operator, exporter Previous, err error) {
	return o.previousCases(ctx, a, licence, (*store.Tx).Previous)
}

// PreviousBriefly is PreviousCases with as much of each as store.Tx.PreviousBriefly reads.
func (o *Office) PreviousBriefly(ctx context.Context, a flegt.Actor, licence string) (operator, exporter Previous, err error) {
	return o.previousCases(ctx, a, licence, (*store.Tx).PreviousBriefly)
}

// reads reads the licences that were lodged last in a country.
type reads func(tx *store.Tx, country string, of store.PreviousOf, limit int) ([]flegt.Licence, error)

func (o *Office) previousCases(ctx context.Context, a flegt.Actor, licence string, last reads) (operator, exporter Previous, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		d, err := tx.Dossier(licence)
		if err != nil {
			return err
		}
		if err := access.MayWorkDossier(a, d); err != nil {
			return err
		}
		l, err := tx.Licence(licence)
		if err != nil {
			return err
		}
		if operator, err = previous(tx, last, d.Country, store.PreviousOf{Operator: l.Operator, Except: licence}); err != nil {
			return err
		}
		exporter, err = previous(tx, last, d.Country, store.PreviousOf{Exporter: l.Form.Licensee.Name, Except: licence})
		return err
	})
	return operator, exporter, err
}

func previous(tx *store.Tx, last reads, country string, of store.PreviousOf) (p Previous, err error) {
	if p.Licences, err = last(tx, country, of, maxPrevious); err != nil {
		return p, err
	}
	p.Elsewhere, err = tx.CountPreviousElsewhere(country, of, CountedElsewhere+1)
	return p, err
}
