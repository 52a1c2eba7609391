package access

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestAtWhichOffices: an officer acts at the offices of his role, or at all of his country's.
func TestAtWhichOffices(t *testing.T) {
	for _, c := range []struct {
		offices []string
		office  string
		key     string
	}{
		{nil, "DK003103", ""}, {nil, "DE003103", "clearance.office_country"}, {nil, "", "clearance.office_country"}, {nil, "D", "clearance.office_country"},
		{[]string{"DK003103", "DK005600"}, "DK005600", ""}, {[]string{"DK003103"}, "DK005600", "clearance.office_not_yours"},
		{[]string{"DE004851"}, "DE004851", "clearance.office_country"},
	} {
		a := flegt.Actor{Account: "a", Role: flegt.RoleCustoms, Country: "DK", Offices: c.offices}
		got := ""
		if e, refused := MayBookAt(a, c.office).(*flegt.Error); refused {
			got = e.Boxes[0].Key
		}
		if got != c.key {
			t.Errorf("%v at %q: %q, want %q", c.offices, c.office, got, c.key)
		}
	}
}

// TestWhoAnswersCustoms: the competent authority to which customs put its question, and nobody else.
func TestWhoAnswersCustoms(t *testing.T) {
	l := flegt.Licence{ID: "l", Operator: "op", ImportCountry: "DK", State: flegt.Accepted, Form: flegt.Form{Export: "ID"}}
	for _, role := range flegt.Roles {
		a := flegt.Actor{Account: "a", Role: role, Body: "op", Country: map[flegt.Role]string{flegt.RoleLicensing: "ID"}[role]}
		if a.Country == "" {
			a.Country = "DK"
		}
		err := MayAnswerHold(a, l)
		if (err == nil) != (role == flegt.RoleAuthority) || err != nil && flegt.KindOf(err) != flegt.Forbidden {
			t.Errorf("%s: %v", role, err)
		}
		if a.Country = "SE"; role == flegt.RoleAuthority && flegt.KindOf(MayAnswerHold(a, l)) != flegt.NotFound {
			t.Errorf("an authority of another country: %v", MayAnswerHold(a, l))
		}
	}
}
