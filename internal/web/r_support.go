package web

// Routes are all pages of this room.
func (s *Server) supportRoutes() []route {
	return []route{
		{pattern: "GET /support/requests", do: s.signedIn(s.showSupportQueue)},
		{pattern: "GET /support/requests/{id}", do: s.signedIn(s.showSupportCase)},
		{pattern: "POST /support/requests/{id}/approve", do: s.signedIn(s.decideRequest("support.approved", s.approveRequest))},
		{pattern: "POST /support/requests/{id}/reject", do: s.signedIn(s.decideRequest("support.rejected", s.rejectRequest))},
		{pattern: "POST /support/requests/{id}/end", do: s.signedIn(s.decideRequest("support.ended", s.endRole))},
		{pattern: "GET /support/mails", do: s.signedIn(s.listMails)},
		{pattern: "GET /support/mails/{id}", do: s.signedIn(s.showMail)},
		{pattern: "GET /support/mails/{id}/raw", do: s.signedIn(s.showRawMail)},
		{pattern: "GET /support/letters", do: s.signedIn(s.listLetters)},
		{pattern: "GET /support/letters/{id}", do: s.signedIn(s.showSentLetter)},
		{pattern: "POST /support/letters/{id}/retry", do: s.signedIn(s.retryLetter)},
		{pattern: "GET /support/authorities", do: s.signedIn(s.listAuthorities)},
		{pattern: "GET /support/authorities/{id}", do: s.signedIn(s.showAuthority)},
		{pattern: "POST /support/authorities/{id}", do: s.signedIn(s.saveAuthority)},
	}
}
