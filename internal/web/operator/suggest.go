package operator

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// Limits on what is suggested, and on what it is suggested for, in letters.
const (
	suggestions  = 20
	shortestPart = 2
	longestPart  = 100
)

// speciesAnswer is a species that a box suggests, by its scientific name and the names of
// its wood.
type speciesAnswer struct {
	Scientific string   `json:"scientific"`
	Common     []string `json:"common"`
}

// suggestSpecies finds species by part of any name, for those who enter licences.
func (s pages) suggestSpecies(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleOperator, flegt.RoleLicensing) {
		return flegt.Missing()
	}
	found := []speciesAnswer{}
	if part := []rune(r.Query("q")); len(part) >= shortestPart && len(part) <= longestPart {
		for _, sp := range s.Office.Reference().SearchSpecies(string(part), suggestions) {
			found = append(found, speciesAnswer{sp.Scientific, append([]string{}, sp.Common...)})
		}
	}
	return counter.Tell(w, http.StatusOK, found)
}

// suggestBodies lists the bodies known to issue licences in a country.
func (s pages) suggestBodies(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleOperator, flegt.RoleLicensing) {
		return flegt.Missing()
	}
	found := []string{}
	for _, b := range s.Office.Reference().IssuingBodies(r.Query("country")) {
		found = append(found, b.Name)
	}
	return counter.Tell(w, http.StatusOK, found)
}
