package access

import "github.com/openflegt/openflegt/internal/flegt"

// MayWorkDossier: the officers of the competent authority with which the licence is lodged.
// To everybody else there is no dossier.
func MayWorkDossier(a flegt.Actor, d flegt.Dossier) error {
	if a.Is(flegt.RoleAuthority) && a.Country != "" && a.Country == d.Country {
		return nil
	}
	return flegt.Missing()
}

// MayWorkDesk: the officers of a competent authority, for their own.
func MayWorkDesk(a flegt.Actor) error {
	if a.Is(flegt.RoleAuthority) && a.Country != "" {
		return nil
	}
	return flegt.Missing()
}
