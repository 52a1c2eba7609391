package registry

import (
	"context"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// DeskEdit is what an officer sets for the authority's desk.
type DeskEdit struct {
	TargetDays int
	SecondEyes bool
	Fee        *flegt.Fee        // a new fee; nil when there is none
	Appeal     map[string]string // what letters say of appeal, by language; nil leaves it as it stands
}

// AuthorityDesk is an authority's desk as its officers see it.
type AuthorityDesk struct {
	Authority flegt.Authority
	Officers  []Officer // by name
	Tally     Tally
}

// AuthorityDesk reads the desk of the officer's own authority.
func (o *Office) AuthorityDesk(ctx context.Context, a flegt.Actor) (d AuthorityDesk, err error) {
	if err := access.MayWorkDesk(a); err != nil {
		return d, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if d.Authority, err = tx.Authority(a.Body); err != nil {
			return err
		}
		if d.Officers, err = officersOf(tx, a.Body); err != nil {
			return err
		}
		d.Tally, err = tally(tx, a)
		return err
	})
	return d, err
}

// EditDesk sets the desk of the officer's own authority. version is the authority's that was
// looked at; 0 is any.
func (o *Office) EditDesk(ctx context.Context, a flegt.Actor, version int, edit DeskEdit) error {
	return o.changeDesk(ctx, a, version, edit.Fee, func(d *flegt.DeskSettings) error {
		d.TargetDays, d.SecondEyes = edit.TargetDays, edit.SecondEyes
		if edit.Appeal != nil {
			if err := d.SetAppeal(edit.Appeal, o.now()); err != nil {
				return err
			}
		}
		return flegt.InvalidBoxes(d.Check())
	})
}

// AddFee adds a fee to the desk and leaves the rest as it stands. version is as for EditDesk.
func (o *Office) AddFee(ctx context.Context, a flegt.Actor, version int, fee flegt.Fee) error {
	return o.changeDesk(ctx, a, version, &fee, func(*flegt.DeskSettings) error { return nil })
}

func (o *Office) changeDesk(ctx context.Context, a flegt.Actor, version int, fee *flegt.Fee, set func(*flegt.DeskSettings) error) error {
	if err := access.MayWorkDesk(a); err != nil {
		return err
	}
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		auth, err := tx.Authority(a.Body)
		if err != nil {
			return err
		}
		if version != 0 && version != auth.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		said := len(auth.Desk.Appeals)
		if err := set(&auth.Desk); err != nil {
			return err
		}
		if fee != nil {
			if err := auth.Desk.AddFee(*fee); err != nil {
				return err
			}
		}
		if err := tx.SaveAuthority(&auth); err != nil {
			return err
		}
		e := flegt.NewEvent(a, o.now(), flegt.NounAuthority, auth.ID, "desk_edited")
		e.Country, e.Version = auth.Country, auth.Version
		_, err = tx.Append(e.With("target_days", auth.Desk.TargetDays).With("second_eyes", auth.Desk.SecondEyes).With("fee_added", fee != nil).With("appeal_changed", len(auth.Desk.Appeals) > said), auth)
		return err
	})
	return o.refused("edit desk", a, err)
}

// SavedView is a way an officer narrows the work list, kept under a name.
type SavedView = store.SavedView

// The most views one officer keeps, and the longest name, in characters.
const (
	maxViews    = 30
	maxViewName = 60
)

// SavedViews lists the officer's views by name.
func (o *Office) SavedViews(ctx context.Context, a flegt.Actor) (out []SavedView, err error) {
	if err := access.MayWorkDesk(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.SavedViews(a.Account)
		return err
	})
	return out, err
}

// SaveView keeps how the officer narrows the work list; the same name again replaces it.
func (o *Office) SaveView(ctx context.Context, a flegt.Actor, v SavedView) error {
	if err := access.MayWorkDesk(a); err != nil {
		return err
	}
	v.Name = strings.Join(strings.Fields(v.Name), " ")
	switch {
	case v.Name == "":
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "view", Key: "error.required"}})
	case len([]rune(v.Name)) > maxViewName || len(v.Query) > 2000:
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "view", Key: "error.too_long", Args: flegt.Args{"Max": maxViewName}}})
	}
	return o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		kept, err := tx.SavedViews(a.Account)
		if err != nil {
			return err
		}
		replaces := slices.ContainsFunc(kept, func(k SavedView) bool { return k.Name == v.Name })
		if len(kept) >= maxViews && !replaces {
			return flegt.InvalidBoxes([]flegt.BoxError{{Box: "view", Key: "desk.view.too_many", Args: flegt.Args{"Max": maxViews}}})
		}
		return tx.SaveView(a.Account, v)
	})
}

// DropView forgets one of the officer's views.
func (o *Office) DropView(ctx context.Context, a flegt.Actor, name string) error {
	if err := access.MayWorkDesk(a); err != nil {
		return err
	}
	return o.db.Update(ctx, func(tx *store.Tx) error { return tx.DropView(a.Account, name) })
}
