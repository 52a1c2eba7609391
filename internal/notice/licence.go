package notice

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// told says which verbs of a licence are told to whom.
var told = map[string]struct{ operator, authority, customs bool }{
	"submitted": {operator: true, authority: true},
	"withdrawn": {operator: true, authority: true},
	"accepted":  {operator: true, customs: true},
	"rejected":  {operator: true},
	"booked":    {operator: true},
	"released":  {operator: true, authority: true},
	"freed":     {operator: true},
}

// licence tells a step of a licence to its operator's users, to the competent authority at
// its mailbox and its officers, and to customs.
func (n *Notice) licence(tx *store.Tx, e flegt.Event) error {
	who, known := told[e.Verb]
	if !known {
		return nil
	}
	l, err := tx.Licence(e.NounID)
	if err != nil {
		return err
	}
	mrn, _ := e.Data["mrn"].(string)
	args := flegt.Args{"Number": l.Form.Number, "Country": l.ImportCountry, "MRN": mrn}
	topic := "licence"
	if mrn != "" {
		topic = "clearance"
	}
	if who.operator {
		if err := n.tellHolders(tx, e, l.Operator, topic, "/licences/"+l.ID, args, n.licenceParts(e, l, args)); err != nil {
			return err
		}
	}
	if who.customs {
		if err := n.tellHolders(tx, e, flegt.CustomsID(l.ImportCountry), topic, "/customs/"+l.ID, args, []part{p("notice.licence."+e.Verb+".customs", args)}); err != nil {
			return err
		}
	}
	if who.authority {
		return n.tellAuthority(tx, e, l, topic, args)
	}
	return nil
}

// licenceParts is what the operator's users read.
func (n *Notice) licenceParts(e flegt.Event, l flegt.Licence, args flegt.Args) []part {
	out := []part{p("notice.licence."+e.Verb+".text", args)}
	switch e.Verb {
	case "accepted":
		if ground, ok := n.Reference.LegalGround(flegt.DateOf(l.DecidedAt)); ok {
			out = append(out, p(ground.Key, flegt.Args{"Article": ground.Article}))
		}
	case "rejected":
		out = append(out, p("licence.reason."+l.ReasonCode, nil), part{raw: l.Reason}, p("licence.rejected.what_now", nil))
	}
	return out
}

// tellHolders tells everybody who acts for a body, except whoever did it himself by mail.
func (n *Notice) tellHolders(tx *store.Tx, e flegt.Event, body, topic, path string, args flegt.Args, parts []part) error {
	accounts, err := n.holders(tx, body)
	if err != nil {
		return err
	}
	for _, acc := range accounts {
		if err := n.note(tx, e, acc.ID, topic, "notice.licence."+e.Verb, path, args); err != nil {
			return err
		}
		wanted, err := n.wantsMail(tx, acc.ID, topic)
		if err != nil {
			return err
		}
		if !wanted {
			continue
		}
		t := text{kind: "licence." + e.Verb, subject: "notice.licence." + e.Verb, args: args, parts: parts, path: path, linkKey: "notice.licence.link",
			seq: e.Seq, account: acc.ID, greeting: acc.FirstName + " " + acc.LastName}
		if err := n.post(tx, acc.Email, acc.Lang, t); err != nil {
			return err
		}
	}
	return nil
}

// tellAuthority tells the officers in the application and the authority at its official
// address, in its country's language when we speak it.
func (n *Notice) tellAuthority(tx *store.Tx, e flegt.Event, l flegt.Licence, topic string, args flegt.Args) error {
	path := "/desk/" + l.ID
	officers, err := n.holders(tx, flegt.AuthorityID(l.ImportCountry))
	if err != nil {
		return err
	}
	for _, acc := range officers {
		if err := n.note(tx, e, acc.ID, topic, "notice.licence."+e.Verb, path, args); err != nil {
			return err
		}
	}
	ca, err := tx.Authority(flegt.AuthorityID(l.ImportCountry))
	if err != nil {
		return err
	}
	lang := "en"
	if l.ImportCountry == "DK" {
		lang = "da"
	}
	for _, address := range ca.AddressesOn(flegt.DateOf(e.At)) {
		t := text{kind: "licence." + e.Verb + ".authority", subject: "notice.licence." + e.Verb, args: args, seq: e.Seq,
			parts: []part{p("notice.licence."+e.Verb+".authority", args)}, path: path, linkKey: "notice.licence.link"}
		if err := n.post(tx, address, lang, t); err != nil {
			return err
		}
	}
	return nil
}
