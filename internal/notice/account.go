package notice

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// PostAccount puts a letter about a login into the outbox, in the transaction of the change
// that it tells of. kind is one of identity's kinds of mail ("confirm", "reset" …); link is
// a whole address, empty when there is nothing to do; hours is how long a one-time link
// works, 0 when it is none.
func (n *Notice) PostAccount(tx *store.Tx, kind string, acc flegt.Account, to, link string, hours int, secret bool) error {
	parts := []part{p("notice.account."+kind+".text", nil)}
	if hours > 0 {
		parts = append(parts, p("notice.account.hours", flegt.Args{"Count": hours}))
	}
	return n.post(tx, to, acc.Lang, text{kind: "account." + kind, subject: "notice.account." + kind + ".subject", greeting: acc.FirstName + " " + acc.LastName,
		parts: parts, link: link, linkKey: "notice.account." + kind + ".link", account: acc.ID, secret: secret})
}
