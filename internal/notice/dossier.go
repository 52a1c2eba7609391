package notice

import (
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// dossier tells officers what concerns them of the authority's own work: a case handed to
// them, a note that mentions them, a decision that wants a second one. Whoever did it is not
// told. What stands in a note is never sent by mail.
func (n *Notice) dossier(tx *store.Tx, e flegt.Event) error {
	licence, _ := e.Data["licence"].(string)
	l, err := tx.Licence(licence)
	if err != nil {
		return err
	}
	var whom []string
	switch e.Verb {
	case "assigned":
		officer, _ := e.Data["officer"].(string)
		whom = []string{officer}
	case "noted":
		list, _ := e.Data["mentions"].([]any)
		for _, m := range list {
			if account, ok := m.(string); ok {
				whom = append(whom, account)
			}
		}
	case "proposed":
		officers, err := n.holders(tx, e.Body)
		if err != nil {
			return err
		}
		for _, acc := range officers {
			whom = append(whom, acc.ID)
		}
	}
	whom = slices.DeleteFunc(whom, func(account string) bool { return account == e.Account || account == "" })
	for _, account := range whom {
		if err := n.tellOfficer(tx, e, l, account); err != nil {
			return err
		}
	}
	return nil
}

// tellOfficer tells one officer of an event of a dossier.
func (n *Notice) tellOfficer(tx *store.Tx, e flegt.Event, l flegt.Licence, account string) error {
	args := flegt.Args{"Number": l.Form.Number}
	path := "/desk/" + l.ID
	if err := n.note(tx, e, account, "licence", "notice.dossier."+e.Verb, path, args); err != nil {
		return err
	}
	wanted, err := n.wantsMail(tx, account, "licence")
	if err != nil || !wanted {
		return err
	}
	acc, err := tx.Account(account)
	if err != nil || acc.Closed {
		return err
	}
	return n.post(tx, acc.Email, acc.Lang, text{kind: "dossier." + e.Verb, subject: "notice.dossier." + e.Verb, args: args,
		parts: []part{p("notice.dossier."+e.Verb+".text", args)}, path: path, linkKey: "notice.licence.link",
		seq: e.Seq, account: acc.ID, greeting: acc.FirstName + " " + acc.LastName})
}
