package notice

import (
	"maps"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// told says which verbs of a licence are told to whom. The issuing country is told the fate
// of what it put in, and what the authority records of its licences.
var told = map[string]struct{ operator, authority, customs, licensing bool }{
	"submitted":            {operator: true, authority: true, licensing: true},
	"resubmitted":          {operator: true, authority: true},
	"withdrawn":            {operator: true, authority: true, licensing: true},
	"returned":             {operator: true},
	"accepted":             {operator: true, customs: true, licensing: true},
	"rejected":             {operator: true, licensing: true},
	"acceptance_withdrawn": {operator: true, customs: true, licensing: true},
	"booked":               {operator: true},
	"released":             {operator: true, authority: true, licensing: true},
	"freed":                {operator: true},
	"claimed":              {operator: true, licensing: true},
	"unclaimed":            {licensing: true},
	"replaced":             {operator: true, authority: true, customs: true, licensing: true},
	"cancelled":            {operator: true, authority: true, customs: true, licensing: true},
	"lost":                 {operator: true, authority: true, customs: true, licensing: true},
	"extended":             {operator: true, authority: true, licensing: true},
	"corrected_on_paper":   {operator: true, authority: true, licensing: true},
	"booking_dropped":      {operator: true},
	"release_corrected":    {operator: true, authority: true},
	"held":                 {operator: true, authority: true},
	"hold_answered":        {customs: true},
	"hold_lifted":          {operator: true, authority: true, customs: true},
	"booked_elsewhere":     {authority: true},
	"lodged_elsewhere":     {authority: true},
}

// licence tells a step of a licence to its operator's users, to the competent authority at
// its mailbox and its officers, to customs, and to the issuing country.
func (n *Notice) licence(tx *store.Tx, e flegt.Event) error {
	who, known := told[e.Verb]
	if !known {
		return nil
	}
	l, err := n.licenceOf(tx, e)
	if err != nil {
		return err
	}
	mrn, _ := e.Data["mrn"].(string)
	until, _ := e.Data["until"].(string)
	args := flegt.Args{"Number": l.Form.Number, "Country": l.ImportCountry, "Export": l.Form.Export, "MRN": mrn, "Until": flegt.Date(until)}
	topic := "licence"
	if mrn != "" {
		topic = "clearance"
	}
	if who.operator && e.Operator != "" {
		parts := n.licenceParts(e, l, args)
		if decisions[e.Verb] {
			more, err := n.decisionParts(tx, e, l)
			if err != nil {
				return err
			}
			parts = append(parts, more...)
		}
		if err := n.tellHolders(tx, e, e.Operator, topic, "/licences/"+l.ID, args, parts); err != nil {
			return err
		}
	}
	if who.customs && (l.State == flegt.Accepted || l.State == flegt.AcceptanceWithdrawn) {
		if err := n.tellHolders(tx, e, flegt.CustomsID(l.ImportCountry), topic, "/customs/"+l.ID, args, []part{p("notice.licence."+e.Verb+".customs", args)}); err != nil {
			return err
		}
	}
	if who.licensing && (l.Electronic || e.Role == flegt.RoleAuthority && issuers[e.Verb]) {
		if err := n.tellHolders(tx, e, flegt.LicensingID(l.Form.Export), topic, "/licences/"+l.ID, args, []part{p("notice.licence."+e.Verb+".licensing", args)}); err != nil {
			return err
		}
	}
	elsewhere, tried := e.Data["elsewhere"].(string)
	if who.authority || tried {
		args = maps.Clone(args) // the others are told with what they were
		args["Destination"] = elsewhere
	}
	if who.authority && l.State.Lodged() {
		if err := n.tellAuthority(tx, e, l.ImportCountry, "/desk/"+l.ID, topic, args); err != nil {
			return err
		}
	}
	if tried {
		return n.tellAuthority(tx, e, elsewhere, "/desk", topic, args)
	}
	return nil
}

// whole are the steps whose words need more of the licence than what names it.
var whole = map[string]bool{"accepted": true, "returned": true, "acceptance_withdrawn": true, "replaced": true, "cancelled": true, "lost": true, "rejected": true}

// headsOf lists the licences of events of which what names them is enough.
func headsOf(events []flegt.Event) (ids []string) {
	for _, e := range events {
		if _, known := told[e.Verb]; known && e.Noun == flegt.NounLicence && !whole[e.Verb] {
			ids = append(ids, e.NounID)
		}
	}
	return ids
}

// licenceOf reads the licence of an event, or what names it where that is enough.
func (n *Notice) licenceOf(tx *store.Tx, e flegt.Event) (flegt.Licence, error) {
	if n.round != nil && !whole[e.Verb] {
		l, known := n.round.licences[e.NounID]
		if !known {
			return l, flegt.Missing()
		}
		return l, nil
	}
	return tx.Licence(e.NounID)
}

// issuers are the steps of the issuing country that the competent authority may record for
// it.
var issuers = map[string]bool{"replaced": true, "cancelled": true, "lost": true, "extended": true, "corrected_on_paper": true}

// licenceParts is what the operator's users read.
func (n *Notice) licenceParts(e flegt.Event, l flegt.Licence, args flegt.Args) []part {
	out := []part{p("notice.licence."+e.Verb+".text", args)}
	switch e.Verb {
	case "accepted":
		if ground, ok := n.Reference.LegalGround(n.Reference.DayIn(l.ImportCountry, l.DecidedAt)); ok {
			out = append(out, p(ground.Key, flegt.Args{"Article": ground.Article}))
		}
	case "returned":
		out = append(out, n.remarks(l)...)
	case "acceptance_withdrawn":
		out = append(out, part{raw: l.Reason}, p("licence.acceptance_withdrawn.what_now", nil))
	case "replaced", "cancelled", "lost":
		if m, marked := l.MarkedAs(); marked {
			out = append(out, part{raw: m.Reason})
			if len(m.Successors) > 0 {
				out = append(out, p("notice.licence.successors", flegt.Args{"Numbers": strings.Join(m.Successors, ", ")}))
			}
		}
	case "rejected":
		out = append(out, p("licence.reason."+l.ReasonCode, nil), part{raw: l.Reason}, p("licence.rejected.what_now", nil))
	}
	return out
}

// remarks is what the authority wants put right, box by box.
func (n *Notice) remarks(l flegt.Licence) (out []part) {
	if l.Return == nil {
		return nil
	}
	if l.Return.Words != "" {
		out = append(out, part{raw: l.Return.Words})
	}
	for _, r := range l.Return.Remarks {
		if b, _ := l.RemarkBox(r); b.Key != "" {
			out = append(out, p(remarkKey(b), flegt.Args{"Box": b.Box, "Line": b.Line, "Words": r.Words}))
		}
	}
	return out
}

// remarkKey is the sentence for a remark on a goods line, on another box of the paper, or on
// what stands beside it.
func remarkKey(b flegt.FormBox) string {
	switch {
	case b.Line > 0:
		return "notice.licence.remark.line"
	case b.Box != "":
		return "notice.licence.remark"
	}
	return "notice.licence.remark.beside"
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
			seq: e.Seq, account: acc.ID, greeting: acc.FirstName + " " + acc.LastName, topic: topic}
		if err := n.post(tx, acc.Email, acc.Lang, t); err != nil {
			return err
		}
	}
	return nil
}

// tellAuthority tells the officers in the application and the authority at its official
// address, in its country's language when we speak it. The country is that of the licence,
// or the one in which a second use of it was tried.
func (n *Notice) tellAuthority(tx *store.Tx, e flegt.Event, country, path, topic string, args flegt.Args) error {
	officers, err := n.holders(tx, flegt.AuthorityID(country))
	if err != nil {
		return err
	}
	for _, acc := range officers {
		if err := n.note(tx, e, acc.ID, topic, "notice.licence."+e.Verb, path, args); err != nil {
			return err
		}
	}
	ca, err := tx.Authority(flegt.AuthorityID(country))
	if err != nil {
		return err
	}
	lang := string(n.Catalog.LangOf(country))
	for _, address := range ca.AddressesOn(n.Reference.DayIn(country, e.At)) {
		t := text{kind: "licence." + e.Verb + ".authority", subject: "notice.licence." + e.Verb, args: args, seq: e.Seq,
			parts: []part{p("notice.licence."+e.Verb+".authority", args)}, path: path, linkKey: "notice.licence.link"}
		if err := n.post(tx, address, lang, t); err != nil {
			return err
		}
	}
	return nil
}
