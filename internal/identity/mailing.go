package identity

import (
	"net/url"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// MailKind is what a mail to a person tells.
type MailKind string

// The mails. Those with a one-time link are secret: their text must not be kept once sent.
const (
	// MailConfirm: somebody made an account with this address; the link confirms it.
	MailConfirm MailKind = "confirm"
	// MailExists: somebody tried to make an account with this address, which has one. The
	// link leads to signing in.
	MailExists MailKind = "exists"
	// MailReset: the one-time link sets a new password.
	MailReset MailKind = "reset"
	// MailPassword: the password was changed; the link is for those who did not do it.
	MailPassword MailKind = "password_changed"
	// MailNewAddress, to the new address: the one-time link makes it the account's.
	MailNewAddress MailKind = "new_address"
	// MailAddressTaken, to an address that has an account: another account wanted it.
	MailAddressTaken MailKind = "address_taken"
	// MailOldAddress, to the old address: it is no longer the account's.
	MailOldAddress MailKind = "old_address"
	// MailEcas: the earlier ECAS account was brought over and needs a new password; the link
	// leads to the page that mails one.
	MailEcas MailKind = "ecas"
	// MailClosed: the account was closed.
	MailClosed MailKind = "closed"
)

// MailKinds lists all of them.
var MailKinds = []MailKind{MailConfirm, MailExists, MailReset, MailPassword, MailNewAddress, MailAddressTaken, MailOldAddress, MailEcas, MailClosed}

// Mailing is a mail to be composed and sent.
type Mailing struct {
	Kind    MailKind
	Account flegt.Account // whom it is about; its language is the mail's
	To      string        // where it goes: not always the account's present address
	Link    string        // complete address of a page; empty when there is nothing to do
	Hours   int           // for how long a one-time link works; 0 when it is none
	Secret  bool          // holds a one-time link
}

// mailLink posts a mail whose link holds a new one-time token.
func (id *Identity) mailLink(tx *store.Tx, kind MailKind, acc flegt.Account, to string, p purpose, extra string) error {
	token, err := id.newToken(tx, acc.ID, p, extra)
	if err != nil {
		return err
	}
	return id.post(tx, Mailing{
		Kind: kind, Account: acc, To: to, Hours: int(p.lasts().Hours()), Secret: true,
		Link: id.base + p.path() + "?token=" + url.QueryEscape(token),
	})
}

// mailNote posts a mail without a secret.
func (id *Identity) mailNote(tx *store.Tx, kind MailKind, acc flegt.Account, to, path string) error {
	m := Mailing{Kind: kind, Account: acc, To: to}
	if path != "" {
		m.Link = id.base + path
	}
	return id.post(tx, m)
}
