package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Decision gives what the authority decided about a licence last, for whoever may see the
// licence, and no more of it than he sees there. NotFound while nothing is decided.
func (o *Office) Decision(ctx context.Context, a flegt.Actor, id string) (flegt.Decision, error) {
	c, err := o.Licence(ctx, a, id)
	if err != nil {
		return flegt.Decision{}, err
	}
	e, found := flegt.DecidedBy(c.Licence.State, c.History)
	if !found {
		return flegt.Decision{}, flegt.Missing()
	}
	return flegt.Decision{Licence: c.Licence, Operator: c.Operator, Authority: c.Authority, Officer: c.Names[e.Account], Event: e}, nil
}
