package access

import "github.com/openflegt/openflegt/internal/flegt"

// MaySeeSpecimens: competent authorities, Support and observers. Never operators: whoever
// could copy a stamp could forge a licence.
func MaySeeSpecimens(a flegt.Actor) error {
	if a.Is(flegt.RoleAuthority) || a.Is(flegt.RoleSupport) || a.Is(flegt.RoleObserver) {
		return nil
	}
	return flegt.Missing()
}

// MayEnterSpecimen: Support and the competent authorities.
func MayEnterSpecimen(a flegt.Actor) error {
	if a.Is(flegt.RoleAuthority) || a.Is(flegt.RoleSupport) {
		return nil
	}
	if err := MaySeeSpecimens(a); err != nil {
		return err
	}
	return forbidden()
}

// MayEndSpecimen: Support, and the authority that entered it.
func MayEndSpecimen(a flegt.Actor, s flegt.Specimen) error {
	if err := MayEnterSpecimen(a); err != nil {
		return err
	}
	if a.Is(flegt.RoleSupport) || a.Body != "" && a.Body == s.ForBody {
		return nil
	}
	return forbidden()
}
