package registry

import (
	"context"
	"strings"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// RoleRequest is what a person fills in when asking for a role.
type RoleRequest struct {
	Role     flegt.Role
	Body     string // operator id, CA-DK, CUSTOMS-DK, SUPPORT …
	Capacity flegt.Capacity
	Phone    string
	Note     string
	Offices  string // customs offices of an officer of customs, as typed; empty means the whole country
}

// Desk is an authorisation with what a page shows beside it.
type Desk struct {
	Authorisation flegt.Authorisation
	Person        flegt.Account // names and address; the hash is left out
	BodyName      string
	Operator      *flegt.Operator // when the body is one
	Checks        []flegt.IdentifierCheck
	Similar       []flegt.Operator
	Mails         []flegt.IncomingMail
	DecidedBy     string // name
}

// RequestRole asks for a role ("Send Authorization Request"). It stands as requested until
// the Support Team decides (the letter, L3 to L6).
func (o *Office) RequestRole(ctx context.Context, a flegt.Actor, r RoleRequest) (z flegt.Authorisation, err error) {
	if err := signedIn(a); err != nil {
		return z, err
	}
	if err := checkRoleRequest(r); err != nil {
		return z, o.refused("request role", a, err)
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		country, err := o.bodyFor(tx, r)
		if err != nil {
			return err
		}
		var offices []string
		if r.Role == flegt.RoleCustoms {
			if offices, err = flegt.CheckOffices(r.Offices, country); err != nil {
				return err
			}
		}
		z = flegt.Authorisation{ID: o.newID(), Account: a.Account, Role: r.Role, Body: r.Body, Country: country,
			Capacity: r.Capacity, Phone: strings.TrimSpace(r.Phone), Note: strings.TrimSpace(r.Note),
			Status: flegt.Requested, RequestedAt: o.now(), Version: 1, Offices: offices}
		if err := tx.AddAuthorisation(z); err != nil {
			return err
		}
		return appendZ(tx, z.Created(a), z)
	})
	return z, o.refused("request role", a, err)
}

func appendZ(tx *store.Tx, e flegt.Event, z flegt.Authorisation) error {
	e.Version, e.State = z.Version, string(z.Status)
	_, err := tx.Append(e, z)
	return err
}

func checkRoleRequest(r RoleRequest) error {
	var boxes []flegt.BoxError
	switch r.Role {
	case flegt.RoleOperator:
		if r.Capacity != flegt.Importer && r.Capacity != flegt.Agent {
			boxes = append(boxes, flegt.BoxError{Box: "capacity", Key: "error.choose"})
		}
	case flegt.RoleAuthority, flegt.RoleCustoms:
	default:
		boxes = append(boxes, flegt.BoxError{Box: "role", Key: "authorisation.role_not_asked"})
	}
	if r.Body == "" {
		boxes = append(boxes, flegt.BoxError{Box: "body", Key: "error.choose"})
	}
	phone := strings.TrimSpace(r.Phone)
	if len([]rune(phone)) > 40 || strings.Trim(phone, "+0123456789 ()-/.") != "" {
		boxes = append(boxes, flegt.BoxError{Box: "phone", Key: "error.phone"})
	}
	if len([]rune(r.Note)) > 2000 {
		boxes = append(boxes, flegt.BoxError{Box: "note", Key: "error.too_long", Args: flegt.Args{"Max": 2000}})
	}
	return flegt.InvalidBoxes(boxes)
}

// bodyFor checks that the body exists and can be acted for, and gives its country.
func (o *Office) bodyFor(tx *store.Tx, r RoleRequest) (string, error) {
	if r.Role == flegt.RoleOperator {
		op, err := tx.Operator(r.Body)
		if err != nil {
			return "", err
		}
		if !op.MayHoldRoles() {
			return "", flegt.Refuse(flegt.Refused, "operator.other_section", flegt.Args{"Section": op.Section})
		}
		return op.Country, nil
	}
	auth, err := tx.Authority(r.Body)
	if err != nil {
		return "", err
	}
	if auth.Role != r.Role {
		return "", flegt.Missing()
	}
	return auth.Country, nil
}

// Roles gives a login's actors: one for each role it holds.
func (o *Office) Roles(ctx context.Context, accountID string) (out []flegt.Actor, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		acc, err := tx.Account(accountID)
		if err == nil {
			out, err = rolesOf(tx, acc)
		}
		return err
	})
	return out, err
}

// rolesOf gives an account as an actor in each of its active authorisations, the newest first.
func rolesOf(tx *store.Tx, acc flegt.Account) (out []flegt.Actor, err error) {
	all, err := tx.AuthorisationsOf(acc.ID)
	if err != nil {
		return nil, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if z := all[i]; z.Active() {
			name, _, err := bodyName(tx, z)
			if err != nil {
				return nil, err
			}
			out = append(out, actor(acc, z, name))
		}
	}
	return out, nil
}

// Visitor is what every page wants to know of who has signed in: the person without a role, the
// roles as Roles gives them, and how many notifications are unread.
type Visitor struct {
	Person flegt.Actor
	Roles  []flegt.Actor
	Unread int
}

// Visitor reads a login's at once.
func (o *Office) Visitor(ctx context.Context, accountID string) (v Visitor, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		acc, err := tx.Account(accountID)
		if err != nil {
			return err
		}
		v.Person = actor(acc, flegt.Authorisation{}, "")
		if v.Roles, err = rolesOf(tx, acc); err != nil {
			return err
		}
		v.Unread, err = tx.Unread(accountID)
		return err
	})
	return v, err
}

func actor(acc flegt.Account, z flegt.Authorisation, bodyName string) flegt.Actor {
	return flegt.Actor{Account: acc.ID, FirstName: acc.FirstName, LastName: acc.LastName, Email: acc.Email, Lang: acc.Lang,
		Authorisation: z.ID, Role: z.Role, Body: z.Body, BodyName: bodyName, Country: z.Country, Capacity: z.Capacity, Offices: z.Offices}
}

// bodyName gives the name of the body of an authorisation; the key of a generic name
// ("authority.of") is left to the page when our data has none.
func bodyName(tx *store.Tx, z flegt.Authorisation) (string, *flegt.Operator, error) {
	switch z.Role {
	case flegt.RoleOperator:
		op, err := tx.Operator(z.Body)
		if err != nil {
			return "", nil, err
		}
		return op.FullName(), &op, nil
	case flegt.RoleSupport:
		return "Support Team", nil, nil
	case flegt.RoleObserver:
		return z.Body, nil, nil
	}
	auth, err := tx.Authority(z.Body)
	if flegt.KindOf(err) == flegt.NotFound {
		return z.Body, nil, nil
	}
	return auth.Name, nil, err
}

// MyAuthorisations lists what the person asked for and holds, newest first.
func (o *Office) MyAuthorisations(ctx context.Context, a flegt.Actor) (out []Desk, err error) {
	if err := signedIn(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.AuthorisationsOf(a.Account)
		if err != nil {
			return err
		}
		out, err = o.desks(tx, all)
		return err
	})
	return out, err
}

// Authorisation reads one request with everything beside it. Duplicates and identifier
// checks are for Support's eyes.
func (o *Office) Authorisation(ctx context.Context, a flegt.Actor, id string) (d Desk, err error) {
	if err := signedIn(a); err != nil {
		return d, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		z, err := tx.Authorisation(id)
		if err != nil {
			return err
		}
		if err := access.MaySeeAuthorisation(a, z); err != nil {
			return err
		}
		if d, err = o.desk(tx, z); err != nil {
			return err
		}
		if a.Is(flegt.RoleSupport) && d.Operator != nil {
			d.Similar, err = similar(tx, *d.Operator)
		}
		return err
	})
	return d, err
}

func (o *Office) desk(tx *store.Tx, z flegt.Authorisation) (Desk, error) {
	all, err := o.desks(tx, []flegt.Authorisation{z})
	if err != nil {
		return Desk{}, err
	}
	return all[0], nil
}

// desks puts beside each request who asks, for which body, and the mails, each kind read in
// one query.
func (o *Office) desks(tx *store.Tx, requests []flegt.Authorisation) ([]Desk, error) {
	var ids, people, companies []string
	for _, z := range requests {
		ids, people = append(ids, z.ID), append(people, z.Account)
		if z.DecidedBy != "" {
			people = append(people, z.DecidedBy)
		}
		if z.Role == flegt.RoleOperator {
			companies = append(companies, z.Body)
		}
	}
	accounts, err := tx.AccountsWithIDs(people)
	if err != nil {
		return nil, err
	}
	operators, err := tx.OperatorsWithIDs(companies)
	if err != nil {
		return nil, err
	}
	mails, err := tx.MailsUnder(ids)
	if err != nil {
		return nil, err
	}
	out := make([]Desk, len(requests))
	for i, z := range requests {
		d := &out[i]
		d.Authorisation, d.Mails = z, mails[z.ID]
		var known bool
		if d.Person, known = accounts[z.Account]; !known {
			return nil, flegt.Missing()
		}
		d.Person.PasswordHash = ""
		if by, known := accounts[z.DecidedBy]; known {
			d.DecidedBy = by.FirstName + " " + by.LastName
		}
		if err := d.of(tx, operators); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// of puts the body beside a request, a company with the checks of its identifiers.
func (d *Desk) of(tx *store.Tx, operators map[string]flegt.Operator) (err error) {
	z := d.Authorisation
	if z.Role != flegt.RoleOperator {
		d.BodyName, _, err = bodyName(tx, z)
		return err
	}
	op, known := operators[z.Body]
	if !known {
		return flegt.Missing()
	}
	d.BodyName, d.Operator = op.FullName(), &op
	for _, id := range op.Identifiers {
		d.Checks = append(d.Checks, flegt.InspectIdentifier(id, op.Country))
	}
	return nil
}

// RequestQueue is Support's desk: a page of requests, and how many there are (at most
// 1,000 are counted).
func (o *Office) RequestQueue(ctx context.Context, a flegt.Actor, q store.AuthorisationQuery) (out []Desk, count int, err error) {
	if !a.Is(flegt.RoleSupport) && !a.Is(flegt.RoleObserver) {
		if !a.Is(flegt.RoleAuthority) {
			return nil, 0, flegt.Missing()
		}
		q.Country, q.Role = a.Country, flegt.RoleOperator // an authority sees who registered in its country (L15)
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Authorisations(q)
		if err != nil {
			return err
		}
		if out, err = o.desks(tx, all); err != nil {
			return err
		}
		count, err = tx.CountAuthorisations(q, 1000)
		return err
	})
	return out, count, err
}

// change runs one step of an authorisation: rights, the noun's rule, row, event.
func (o *Office) changeAuthorisation(ctx context.Context, a flegt.Actor, id string, version int,
	may func(flegt.Actor, flegt.Authorisation) error, step func(*flegt.Authorisation) (flegt.Event, error)) error {
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		z, err := tx.Authorisation(id)
		if err != nil {
			return err
		}
		if err := may(a, z); err != nil {
			return err
		}
		if version != 0 && version != z.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		e, err := step(&z)
		if err != nil {
			return err
		}
		if err := tx.SaveAuthorisation(&z); err != nil {
			return err
		}
		return appendZ(tx, e, z)
	})
	return o.refused("change authorisation", a, err)
}

// ApproveRequest lets the applicant act at once. version is the one that was looked at (0:
// any); override is the written reason without a mail that keeps the rules.
func (o *Office) ApproveRequest(ctx context.Context, a flegt.Actor, id string, version int, override string) error {
	return o.changeAuthorisation(ctx, a, id, version, access.MayDecideAuthorisation, func(z *flegt.Authorisation) (flegt.Event, error) {
		return z.Approve(a, o.now(), override)
	})
}

// RejectRequest refuses a request with a reason.
func (o *Office) RejectRequest(ctx context.Context, a flegt.Actor, id string, version int, reason string) error {
	return o.changeAuthorisation(ctx, a, id, version, access.MayDecideAuthorisation, func(z *flegt.Authorisation) (flegt.Event, error) {
		return z.Reject(a, o.now(), reason)
	})
}

// EndAuthorisation ends a role that is held: by Support with a reason, or by its holder.
func (o *Office) EndAuthorisation(ctx context.Context, a flegt.Actor, id string, version int, reason string) error {
	may := func(a flegt.Actor, z flegt.Authorisation) error {
		if a.Account == z.Account {
			return nil
		}
		return access.MayDecideAuthorisation(a, z)
	}
	return o.changeAuthorisation(ctx, a, id, version, may, func(z *flegt.Authorisation) (flegt.Event, error) {
		return z.End(a, o.now(), reason)
	})
}

// WithdrawRequest takes one's own request back.
func (o *Office) WithdrawRequest(ctx context.Context, a flegt.Actor, id string) error {
	return o.WithdrawRequestAt(ctx, a, id, 0)
}

// WithdrawRequestAt takes one's own request back as it was looked at; version 0 means any.
func (o *Office) WithdrawRequestAt(ctx context.Context, a flegt.Actor, id string, version int) error {
	return o.changeAuthorisation(ctx, a, id, version, access.MayWithdrawAuthorisation, func(z *flegt.Authorisation) (flegt.Event, error) {
		return z.Withdraw(a, o.now())
	})
}

// AskAgain starts a new request with everything that a rejected or withdrawn one had.
func (o *Office) AskAgain(ctx context.Context, a flegt.Actor, id string) (flegt.Authorisation, error) {
	d, err := o.Authorisation(ctx, a, id)
	if err != nil {
		return flegt.Authorisation{}, err
	}
	old := d.Authorisation
	if err := access.MayWithdrawAuthorisation(a, old); err != nil {
		return flegt.Authorisation{}, o.refused("ask again", a, err)
	}
	return o.RequestRole(ctx, a, RoleRequest{Role: old.Role, Body: old.Body, Capacity: old.Capacity, Phone: old.Phone, Note: old.Note, Offices: strings.Join(old.Offices, " ")})
}
