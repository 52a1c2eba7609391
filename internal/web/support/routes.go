// Package support is the counter of the Support Team: requests for roles, mails that came,
// letters that were sent, and the addresses of authorities.
package support

import "github.com/openflegt/openflegt/internal/web/counter"

// pages are the pages of this room.
type pages struct{ *counter.Server }

// Routes are all pages of this room.
func Routes(c *counter.Server) []counter.Route {
	s := pages{c}
	return []counter.Route{
		{Pattern: "GET /support/requests", Do: s.SignedIn(s.showSupportQueue)},
		{Pattern: "GET /support/requests/next", Do: s.SignedIn(s.nextRequest)},
		{Pattern: "GET /support/requests/{id}", Do: s.SignedIn(s.showSupportCase)},
		{Pattern: "POST /support/requests/{id}/approve", Do: s.SignedIn(s.decideRequest("support.approved", s.approveRequest))},
		{Pattern: "POST /support/requests/{id}/reject", Do: s.SignedIn(s.decideRequest("support.rejected", s.rejectRequest))},
		{Pattern: "POST /support/requests/{id}/end", Do: s.SignedIn(s.decideRequest("support.ended", s.endRole))},
		{Pattern: "GET /support/mails", Do: s.SignedIn(s.listMails)},
		{Pattern: "GET /support/mails/{id}", Do: s.SignedIn(s.showMail)},
		{Pattern: "GET /support/mails/{id}/raw", Do: s.SignedIn(s.showRawMail)},
		{Pattern: "GET /support/letters", Do: s.SignedIn(s.listLetters)},
		{Pattern: "GET /support/letters/{id}", Do: s.SignedIn(s.showSentLetter)},
		{Pattern: "POST /support/letters/{id}/retry", Do: s.SignedIn(s.retryLetter)},
		{Pattern: "GET /support/authorities", Do: s.SignedIn(s.listAuthorities)},
		{Pattern: "GET /support/authorities/{id}", Do: s.SignedIn(s.showAuthority)},
		{Pattern: "POST /support/authorities/{id}", Do: s.SignedIn(s.saveAuthority)},
	}
}
