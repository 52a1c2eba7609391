// Package customs is the counter at which customs officers stand: they find a licence by its
// number, book declarations on it, record what they find, release, and hold a shipment.
package customs

import "github.com/openflegt/openflegt/internal/web/counter"

// pages are the pages of this room.
type pages struct{ *counter.Server }

// Routes are all pages of this room.
func Routes(c *counter.Server) []counter.Route {
	s := pages{c}
	return []counter.Route{
		{Pattern: "GET /customs", Do: s.SignedIn(s.findForCustoms)},
		{Pattern: "GET /customs/expected", Do: s.SignedIn(s.showExpected)},
		{Pattern: "GET /customs/{id}", Do: s.SignedIn(s.showClearance)},
		{Pattern: "POST /customs/{id}/book", Do: s.SignedIn(s.bookDeclaration)},
		{Pattern: "POST /customs/{id}/hold", Do: s.SignedIn(s.holdShipment)},
		{Pattern: "POST /customs/{id}/lift", Do: s.SignedIn(s.liftHold)},
		{Pattern: "GET /customs/{id}/declarations/{mrn}", Do: s.SignedIn(s.showDeclaration)},
		{Pattern: "POST /customs/{id}/declarations/{mrn}/check", Do: s.SignedIn(s.recordCheck)},
		{Pattern: "POST /customs/{id}/declarations/{mrn}/correct", Do: s.SignedIn(s.correctRelease)},
		{Pattern: "POST /customs/{id}/declarations/{mrn}/release", Do: s.SignedIn(s.releaseDeclaration)},
		{Pattern: "POST /customs/{id}/declarations/{mrn}/take-over", Do: s.SignedIn(s.takeOverDeclaration)},
		{Pattern: "POST /customs/{id}/declarations/{mrn}/free", Do: s.SignedIn(s.freeDeclaration)},
	}
}
