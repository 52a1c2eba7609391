package web

// Routes are all pages of this room.
func (s *Server) customsRoutes() []route {
	return []route{
		{pattern: "GET /customs", do: s.signedIn(s.findForCustoms)},
		{pattern: "GET /customs/expected", do: s.signedIn(s.showExpected)},
		{pattern: "GET /customs/{id}", do: s.signedIn(s.showClearance)},
		{pattern: "POST /customs/{id}/book", do: s.signedIn(s.bookDeclaration)},
		{pattern: "POST /customs/{id}/hold", do: s.signedIn(s.holdShipment)},
		{pattern: "POST /customs/{id}/lift", do: s.signedIn(s.liftHold)},
		{pattern: "GET /customs/{id}/declarations/{mrn}", do: s.signedIn(s.showDeclaration)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/check", do: s.signedIn(s.recordCheck)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/correct", do: s.signedIn(s.correctRelease)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/release", do: s.signedIn(s.releaseDeclaration)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/take-over", do: s.signedIn(s.takeOverDeclaration)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/free", do: s.signedIn(s.freeDeclaration)},
	}
}
