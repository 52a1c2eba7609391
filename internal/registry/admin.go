package registry

import (
	"context"
	"errors"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// HostOrder is a role that the host gives or ends at the machine itself: the first member
// of the Support Team has nobody who could approve him. It is recorded like every change,
// by the system, with the name of the machine's user.
type HostOrder struct {
	Email  string     // of the account
	Role   flegt.Role // which role
	Body   string     // for which body; may be empty for Support and observers
	User   string     // who gave the order, as the machine knows him
	Reason string     // in words; needed for ending
	DryRun bool       // check everything, change nothing
}

// errDryRun takes back what an order would have done.
var errDryRun = errors.New("dry run")

// Grant gives an account a role without a request, or approves the request that is pending
// for the same role and body.
func (o *Office) Grant(ctx context.Context, h HostOrder) (z flegt.Authorisation, err error) {
	if err := h.check(); err != nil {
		return z, err
	}
	err = o.order(ctx, h, func(tx *store.Tx, acc flegt.Account) (flegt.Event, error) {
		if !acc.Confirmed || acc.Closed {
			return flegt.Event{}, flegt.Refuse(flegt.Refused, "admin.account_not_open", nil)
		}
		country, err := o.countryOf(tx, h)
		if err != nil {
			return flegt.Event{}, err
		}
		z, err = held(tx, acc.ID, h, flegt.Requested)
		isNew := flegt.KindOf(err) == flegt.NotFound
		if err != nil && !isNew {
			return flegt.Event{}, err
		}
		if isNew {
			z = flegt.Authorisation{ID: o.newID(), Account: acc.ID, Role: h.Role, Body: h.Body, Country: country,
				Status: flegt.Requested, RequestedAt: o.now(), Version: 1}
			if h.Role == flegt.RoleOperator {
				z.Capacity = flegt.Importer
			}
		}
		e, err := z.Approve(flegt.TheSystem(), o.now(), h.words("given by the host"))
		if err != nil {
			return e, err
		}
		if isNew {
			return e, tx.AddAuthorisation(z)
		}
		return e, tx.SaveAuthorisation(&z)
	}, &z)
	return z, err
}

// EndGrant ends a role that an account holds.
func (o *Office) EndGrant(ctx context.Context, h HostOrder) (z flegt.Authorisation, err error) {
	if err := h.check(); err != nil {
		return z, err
	}
	err = o.order(ctx, h, func(tx *store.Tx, acc flegt.Account) (flegt.Event, error) {
		if z, err = held(tx, acc.ID, h, flegt.Approved); err != nil {
			if flegt.KindOf(err) == flegt.NotFound {
				err = flegt.Refuse(flegt.Refused, "authorisation.not_held", nil)
			}
			return flegt.Event{}, err
		}
		e, err := z.End(flegt.TheSystem(), o.now(), h.words("ended by the host"))
		if err != nil {
			return e, err
		}
		return e, tx.SaveAuthorisation(&z)
	}, &z)
	return z, err
}

// order runs a step for an account in one transaction, records who gave it, and takes
// everything back in a dry run.
func (o *Office) order(ctx context.Context, h HostOrder, step func(*store.Tx, flegt.Account) (flegt.Event, error), z *flegt.Authorisation) error {
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		acc, err := tx.AccountByEmail(strings.TrimSpace(h.Email))
		if flegt.KindOf(err) == flegt.NotFound && err != nil {
			return flegt.Refuse(flegt.NotFound, "admin.no_account", flegt.Args{"Email": h.Email})
		}
		if err != nil {
			return err
		}
		e, err := step(tx, acc)
		if err != nil {
			return err
		}
		if err := appendZ(tx, e.With("host_user", h.User), *z); err != nil {
			return err
		}
		if h.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}

// check fills in the body of roles that have only one, and refuses what is no role.
func (h *HostOrder) check() error {
	switch {
	case !h.Role.Known():
		return flegt.Refuse(flegt.Invalid, "error.choose", nil)
	case h.Body == "" && h.Role == flegt.RoleSupport:
		h.Body = flegt.SupportBody
	case h.Body == "" && h.Role == flegt.RoleObserver:
		h.Body = flegt.ObserverBody
	}
	return nil
}

func (h HostOrder) words(otherwise string) string {
	if reason := strings.TrimSpace(h.Reason); reason != "" {
		return reason
	}
	return otherwise
}

// countryOf checks that the body is one of the role's, and gives its country.
func (o *Office) countryOf(tx *store.Tx, h HostOrder) (string, error) {
	switch h.Role {
	case flegt.RoleSupport:
		if h.Body == flegt.SupportBody {
			return "", nil
		}
	case flegt.RoleObserver:
		if h.Body == flegt.ObserverBody {
			return "", nil
		}
	case flegt.RoleLicensing:
		country, found := strings.CutPrefix(h.Body, flegt.LicensingID(""))
		if _, licenses := o.ref.LicensingOf(country); found && licenses {
			return country, nil
		}
	default:
		return o.bodyFor(tx, RoleRequest{Role: h.Role, Body: h.Body})
	}
	return "", flegt.Refuse(flegt.NotFound, "admin.no_body", flegt.Args{"Body": h.Body})
}

// held finds the account's authorisation for the order's role and body in a status. One
// that is held already stands in the way of another.
func held(tx *store.Tx, account string, h HostOrder, status flegt.AuthorisationStatus) (flegt.Authorisation, error) {
	all, err := tx.AuthorisationsOf(account)
	if err != nil {
		return flegt.Authorisation{}, err
	}
	for _, z := range all {
		if z.Role == h.Role && z.Body == h.Body && z.Status == status {
			return z, nil
		}
	}
	return flegt.Authorisation{}, flegt.Missing()
}
