package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// FeeQuery narrows a list of fees; the country is the officer's own.
type FeeQuery = store.FeeQuery

// FeeSum is what was charged in one currency.
type FeeSum = store.FeeSum

// MaxFeesExported is how many fees one export holds.
const MaxFeesExported = 20_000

// Fees lists a page of what the officer's authority charged, and adds all of it up by currency.
func (o *Office) Fees(ctx context.Context, a flegt.Actor, q FeeQuery) (rows []flegt.Dossier, sums []FeeSum, err error) {
	if err := access.MayWorkDesk(a); err != nil {
		return nil, nil, err
	}
	q.Country = a.Country
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if sums, err = tx.FeeSums(q); err != nil {
			return err
		}
		rows, err = tx.Fees(q)
		return err
	})
	return rows, sums, err
}

// AllFees gives every fee of a period for an export. TooLarge when there are more than
// MaxFeesExported.
func (o *Office) AllFees(ctx context.Context, a flegt.Actor, q FeeQuery) ([]flegt.Dossier, error) {
	q.Limit, q.Offset = MaxFeesExported+1, 0
	rows, _, err := o.Fees(ctx, a, q)
	if err == nil && len(rows) > MaxFeesExported {
		err = &flegt.Error{Kind: flegt.TooLarge, Key: "desk.fees.too_many", Args: flegt.Args{"Max": MaxFeesExported},
			Boxes: []flegt.BoxError{{Box: "from", Key: "desk.fees.too_many", Args: flegt.Args{"Max": MaxFeesExported}}}}
	}
	return rows, err
}
