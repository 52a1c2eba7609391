package registry_test

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

func TestGrant(t *testing.T) {
	db := storetest.SQLite(t)
	w := open(t, db)
	mette := w.citizen("mette", "Mette", "Sørensen")
	op := w.company(mette, "Nordisk Træ", "37606030")
	for _, c := range []struct {
		role flegt.Role
		body string
		want flegt.Kind
	}{
		{flegt.RoleSupport, "", 0},
		{flegt.RoleObserver, "", 0},
		{flegt.RoleLicensing, "LA-ID", 0},
		{flegt.RoleAuthority, "CA-DK", 0},
		{flegt.RoleCustoms, "CUSTOMS-DE", 0},
		{flegt.RoleOperator, op.ID, 0},
		{flegt.RoleSupport, "", flegt.Conflict},
		{flegt.RoleSupport, "CA-DK", flegt.NotFound},
		{flegt.RoleLicensing, "LA-DK", flegt.NotFound},
		{flegt.RoleAuthority, "CUSTOMS-DK", flegt.NotFound},
		{flegt.RoleAuthority, "CA-US", flegt.NotFound},
		{flegt.RoleOperator, "nobody", flegt.NotFound},
		{"king", "", flegt.Invalid},
	} {
		h := registry.HostOrder{Email: mette.Email, Role: c.role, Body: c.body, User: "root", DryRun: true}
		_, dry := w.Grant(ctx, h)
		h.DryRun = false
		_, err := w.Grant(ctx, h)
		if flegt.KindOf(dry) != flegt.KindOf(err) {
			t.Errorf("%s for %q: dry %v, real %v", c.role, c.body, dry, err)
		}
		if c.want == 0 && err != nil {
			t.Errorf("%s for %q: %v", c.role, c.body, err)
		} else if c.want != 0 {
			kind(t, err, c.want)
		}
	}
	roles, err := w.Roles(ctx, mette.Account)
	if err != nil || len(roles) != 6 {
		t.Fatalf("%d roles, %v", len(roles), err)
	}
	if _, err := w.Grant(ctx, registry.HostOrder{Email: "no@body.example", Role: flegt.RoleSupport}); flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("a stranger: %v", err)
	}
	end := registry.HostOrder{Email: mette.Email, Role: flegt.RoleSupport, User: "root"}
	if _, err := w.EndGrant(ctx, end); err != nil {
		t.Fatal(err)
	}
	_, err = w.EndGrant(ctx, end)
	kind(t, err, flegt.Refused)
	if found := verify(t, db); found != "" {
		t.Error(found)
	}
}

// TestGrantApprovesRequest takes the request that is pending instead of a second one, and
// says in the log who gave the order.
func TestGrantApprovesRequest(t *testing.T) {
	db := storetest.SQLite(t)
	w := open(t, db)
	ole := w.citizen("ole", "Ole", "Holm")
	z, err := w.RequestRole(ctx, ole, registry.RoleRequest{Role: flegt.RoleAuthority, Body: "CA-DK"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Grant(ctx, registry.HostOrder{Email: "OLE@nordisktrae.example", Role: flegt.RoleAuthority, Body: "CA-DK", User: "root"})
	if err != nil || got.ID != z.ID || got.Status != flegt.Approved {
		t.Fatalf("%+v, %v", got, err)
	}
	err = db.View(ctx, func(tx *store.Tx) error {
		events, err := tx.EventsOf(z.ID)
		if err != nil {
			return err
		}
		last := events[len(events)-1]
		if last.Verb != "approved" || last.Data["host_user"] != "root" || last.Account != "" {
			t.Errorf("%+v", last)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
