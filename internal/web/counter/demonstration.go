package counter

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
)

// DemoMail is a mail that somebody writes in the demonstration's mailbox.
type DemoMail struct {
	From, Subject, Body string
	To, Cc              []string
}

// DemoPerson is somebody to sign in as with one click.
type DemoPerson struct {
	Name, Body, Country, Link string
	Role                      flegt.Role
}

// DemoClaim is a licence that waits to be claimed, with its made-up verification number.
type DemoClaim struct{ Number, Verification, Country string }

// Demonstration is what the demonstration has beyond the registry: made-up people, and a
// mailbox from which mail goes through the real mail server.
type Demonstration interface {
	// People lists whom to sign in as.
	People(context.Context) ([]DemoPerson, error)
	// Claims lists the licences that wait to be claimed.
	Claims(context.Context) ([]DemoClaim, error)
	// Send hands a mail to our own mail server; what that server said when it refused.
	Send(context.Context, DemoMail) error
	// MailServer is where that server listens.
	MailServer() string
}
