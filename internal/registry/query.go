package registry

import "github.com/openflegt/openflegt/internal/store"

// The questions by which lists are narrowed, under names that doors can say: a door enters
// the office and not the store. The scope in them is set by the office from who asks.
type (
	LicenceQuery       = store.LicenceQuery
	AuthorisationQuery = store.AuthorisationQuery
	OperatorQuery      = store.OperatorQuery
	OperatorPlace      = store.OperatorPlace
	FoundOperator      = store.FoundOperator
	SpecimenQuery      = store.SpecimenQuery
)
