package access

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestSpecimensRoleByRole: s sees, e enters, o ends its own, a ends all.
func TestSpecimensRoleByRole(t *testing.T) {
	may := map[flegt.Role]string{flegt.RoleAuthority: "seo", flegt.RoleSupport: "seoa", flegt.RoleObserver: "s"}
	for _, role := range append([]flegt.Role{""}, flegt.Roles...) {
		a := flegt.Actor{Role: role, Body: "mine", Country: "DK"}
		got := ""
		if MaySeeSpecimens(a) == nil {
			got += "s"
		}
		if MayEnterSpecimen(a) == nil {
			got += "e"
		}
		if MayEndSpecimen(a, flegt.Specimen{ForBody: "mine"}) == nil {
			got += "o"
		}
		if MayEndSpecimen(a, flegt.Specimen{ForBody: "other"}) == nil {
			got += "a"
		}
		if got != may[role] {
			t.Errorf("%q may %q, want %q", role, got, may[role])
		}
		if a.System = true; MaySeeSpecimens(a) == nil {
			t.Error("the system sees specimens")
		}
	}
}
