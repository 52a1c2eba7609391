package notice

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/store"
)

// decisions are the steps about which there is a letter of decision as PDF.
var decisions = map[string]bool{"accepted": true, "rejected": true, "acceptance_withdrawn": true}

// decisionParts is what a mail about a decision says beyond the decision itself, as the letter
// of decision does: whom to ask, how to appeal where it went against the importer, and where the
// letter lies. What the authority says of appeal is what it said on the day of the decision.
func (n *Notice) decisionParts(tx *store.Tx, e flegt.Event, l flegt.Licence) (out []part, err error) {
	if e.Verb != "accepted" {
		ca, err := tx.Authority(flegt.AuthorityID(l.ImportCountry))
		if err != nil {
			return nil, err
		}
		out = append(out, n.whomToAsk(ca, l))
		if len(ca.Desk.AppealWords(l.DecidedAt)) > 0 {
			out = append(out, part{by: func(lang string) string {
				return n.say(lang, "notice.licence.appeal", flegt.Args{"Words": ca.Desk.Appeal(l.DecidedAt, lang)})
			}})
		}
	}
	return append(out, p("notice.licence.letter", flegt.Args{"Address": n.BaseURL + "/licences/" + l.ID + "/decision.pdf"})), nil
}

// whomToAsk names the authority that decided, and its addresses on the day of the decision.
func (n *Notice) whomToAsk(ca flegt.Authority, l flegt.Licence) part {
	addresses := ca.AddressesOn(n.Reference.DayIn(l.ImportCountry, l.DecidedAt))
	key := "document.decision.ask.mail"
	if len(addresses) == 0 {
		key = "document.decision.ask.page"
	}
	return part{by: func(lang string) string {
		name := ca.Name
		if name == "" {
			name = n.say(lang, reference.AuthorityNameUnknown, flegt.Args{"Country": l.ImportCountry})
		}
		return n.say(lang, key, flegt.Args{"Authority": name, "Addresses": addresses, "Page": n.BaseURL + "/licences/" + l.ID})
	}}
}
