package registry

import (
	"context"
	"strings"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// seedAuthorities adds the authorities of the reference data that the registry lacks. What
// Support entered since is never overwritten.
func (o *Office) seedAuthorities(ctx context.Context) error {
	return o.db.Update(ctx, func(tx *store.Tx) error {
		for _, a := range o.referenceAuthorities() {
			a.Version = 1
			added, err := tx.AddAuthority(a)
			if err != nil {
				return err
			}
			if !added {
				continue
			}
			e := flegt.NewEvent(flegt.TheSystem(), o.now(), flegt.NounAuthority, a.ID, "created")
			e.Country, e.Version = a.Country, 1
			if _, err := tx.Append(e.With("source", "reference"), a); err != nil {
				return err
			}
		}
		return nil
	})
}

// Authorities lists the authorities whose officers hold a role; all for an empty role. It
// is public knowledge.
func (o *Office) Authorities(ctx context.Context, role flegt.Role) (out []flegt.Authority, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.Authorities(role)
		return err
	})
	return out, err
}

// Authority reads one authority.
func (o *Office) Authority(ctx context.Context, id string) (out flegt.Authority, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.Authority(id)
		return err
	})
	return out, err
}

// AuthorityEdit is what Support may enter about an authority: its name, and its official
// addresses with days and source. An address that counted once is ended, never deleted.
type AuthorityEdit struct {
	Name    string
	Address flegt.OfficialAddress // a new address; empty when none
	EndOld  bool                  // the addresses in force end the day before the new one begins
}

// EditAuthority enters a name or an official address, by Support, with its source.
func (o *Office) EditAuthority(ctx context.Context, a flegt.Actor, id string, version int, edit AuthorityEdit) error {
	if err := access.MaySupport(a); err != nil {
		return err
	}
	if err := o.checkAuthorityEdit(&edit); err != nil {
		return err
	}
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		auth, err := tx.Authority(id)
		if err != nil {
			return err
		}
		if version != 0 && version != auth.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		auth.Name = strings.TrimSpace(edit.Name)
		if edit.Address.Email != "" {
			if edit.EndOld {
				endAddresses(&auth, edit.Address.From)
			}
			auth.Addresses = append(auth.Addresses, edit.Address)
		}
		if err := tx.SaveAuthority(&auth); err != nil {
			return err
		}
		e := flegt.NewEvent(a, o.now(), flegt.NounAuthority, auth.ID, "edited")
		e.Country, e.Version = auth.Country, auth.Version
		_, err = tx.Append(e.With("address_added", edit.Address.Email != ""), auth)
		return err
	})
	return o.refused("edit authority", a, err)
}

func (o *Office) checkAuthorityEdit(edit *AuthorityEdit) error {
	var boxes []flegt.BoxError
	if len([]rune(edit.Name)) > 200 {
		boxes = append(boxes, flegt.BoxError{Box: "name", Key: "error.too_long", Args: flegt.Args{"Max": 200}})
	}
	ad := &edit.Address
	ad.Email, ad.Source = strings.TrimSpace(ad.Email), strings.TrimSpace(ad.Source)
	if ad.Email != "" {
		if !flegt.GoodAddress(ad.Email) {
			boxes = append(boxes, flegt.BoxError{Box: "email", Key: "error.email"})
		}
		if !ad.From.Valid() {
			boxes = append(boxes, flegt.BoxError{Box: "from", Key: "check.date_form", Args: flegt.Args{"Found": string(ad.From)}})
		}
		if ad.Until != "" && (!ad.Until.Valid() || ad.Until < ad.From) {
			boxes = append(boxes, flegt.BoxError{Box: "until", Key: "authority.until_before_from"})
		}
		if ad.Source == "" {
			boxes = append(boxes, flegt.BoxError{Box: "source", Key: "authority.source_required"})
		}
	}
	return flegt.InvalidBoxes(boxes)
}

func endAddresses(auth *flegt.Authority, from flegt.Date) {
	last := flegt.DateOf(from.Time().AddDate(0, 0, -1))
	for i, old := range auth.Addresses {
		if (old.Until == "" || old.Until > last) && (old.From == "" || old.From <= last) {
			auth.Addresses[i].Until = last
		}
	}
}
