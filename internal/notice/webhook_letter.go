package notice

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// webhook tells the owner of a webhook that the program disabled it, and why.
func (n *Notice) webhook(tx *store.Tx, e flegt.Event) error {
	if e.Verb != "disabled" {
		return nil
	}
	h, err := tx.Webhook(e.NounID)
	if err != nil {
		return err
	}
	acc, err := tx.Account(h.Account)
	if err != nil || acc.Closed {
		return err
	}
	reason, _ := e.Data["reason_code"].(string)
	args := flegt.Args{"Name": h.Name}
	path := "/account/webhooks/" + h.ID
	if err := n.note(tx, e, acc.ID, "authorisation", "notice.webhook.disabled", path, args); err != nil {
		return err
	}
	return n.post(tx, acc.Email, acc.Lang, text{kind: "webhook.disabled", seq: e.Seq, account: acc.ID, greeting: acc.FirstName + " " + acc.LastName, args: args,
		subject: "notice.webhook.disabled", path: path, linkKey: "notice.webhook.link",
		parts: []part{p("notice.webhook.reason."+reason, args), p("notice.webhook.next", args)}})
}
