package notice

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// authorisation tells the applicant and the Support Team what becomes of a request.
func (n *Notice) authorisation(tx *store.Tx, e flegt.Event) error {
	z, err := tx.Authorisation(e.NounID)
	if err != nil {
		return err
	}
	acc, err := tx.Account(z.Account)
	if err != nil {
		return err
	}
	if acc.Closed && e.Verb != "requested" {
		return nil // nobody is there to be told
	}
	name, err := n.bodyName(tx, z)
	if err != nil {
		return err
	}
	args := flegt.Args{"Body": name, "Person": acc.FirstName + " " + acc.LastName, "Country": z.Country}
	path := "/roles/" + z.ID
	if e.Account != acc.ID || e.Verb == "requested" {
		if err := n.note(tx, e, acc.ID, "authorisation", "notice.authorisation."+e.Verb, path, args); err != nil {
			return err
		}
	}
	t := text{kind: "authorisation." + e.Verb, seq: e.Seq, account: acc.ID, greeting: acc.FirstName + " " + acc.LastName, args: args,
		subject: "notice.authorisation." + e.Verb, path: path, linkKey: "notice.authorisation.link"}
	switch e.Verb {
	case "requested":
		return n.requested(tx, e, z, acc, name, t)
	case "approved":
		t.parts = []part{p("notice.authorisation.approved.text", args)}
	case "rejected":
		if z.DecidedBy == "" {
			return n.rejectedByMail(tx, e, acc, t, args)
		}
		t.parts = []part{p("notice.authorisation.rejected.text", args), {raw: z.Reason}}
	case "ended":
		t.parts = []part{p("notice.authorisation.ended.text", args), {raw: z.Reason}}
	default:
		return nil
	}
	return n.post(tx, acc.Email, acc.Lang, t)
}

// requested sends the applicant the exact mail that he must send, and Support a note.
func (n *Notice) requested(tx *store.Tx, e flegt.Event, z flegt.Authorisation, acc flegt.Account, name string, t text) error {
	if z.Role != flegt.RoleOperator {
		return n.requestedByStaff(tx, e, z, acc, t)
	}
	ca, err := tx.Authority(flegt.AuthorityID(z.Country))
	if err != nil && flegt.KindOf(err) != flegt.NotFound {
		return err
	}
	draft := flegt.WriteRoleMail(flegt.RoleMailExpect{AccountEmail: acc.Email, FirstName: acc.FirstName, LastName: acc.LastName, OperatorName: name,
		SupportAddress: n.SupportAddress, AuthorityAddresses: ca.AddressesOn(n.Reference.DayIn(z.Country, e.At)), Country: z.Country})
	t.parts = []part{p("notice.authorisation.requested.text", t.args),
		{pre: true, raw: "To: " + strings.Join(draft.To, ", ") + "\nCc: " + strings.Join(draft.Cc, ", ") + "\nSubject: " + draft.Subject + "\n\n" + draft.Body}}
	if len(draft.Cc) == 0 {
		t.parts = append(t.parts, p("notice.authorisation.no_address", t.args))
	}
	if err := n.post(tx, acc.Email, acc.Lang, t); err != nil {
		return err
	}
	return n.tellSupport(tx, e, z, t.args)
}

// requestedByStaff tells an officer that the Support Team verifies the request with the
// authority: the five-rule mail is for importers.
func (n *Notice) requestedByStaff(tx *store.Tx, e flegt.Event, z flegt.Authorisation, acc flegt.Account, t text) error {
	t.parts = []part{p("notice.authorisation.requested.staff", t.args)}
	if err := n.post(tx, acc.Email, acc.Lang, t); err != nil {
		return err
	}
	return n.tellSupport(tx, e, z, t.args)
}

// tellSupport tells the Support Team of a new request.
func (n *Notice) tellSupport(tx *store.Tx, e flegt.Event, z flegt.Authorisation, args flegt.Args) error {
	return n.post(tx, n.SupportAddress, "en", text{kind: "support.requested", seq: e.Seq, args: args, subject: "notice.support.requested",
		parts: []part{p("notice.support.requested.text", args)}, path: "/support/requests/" + z.ID, linkKey: "notice.authorisation.link"})
}

// rejectedByMail tells the applicant at his account's address when a mail from another one
// broke the rules; the answer to a mail from his own address says it already.
func (n *Notice) rejectedByMail(tx *store.Tx, e flegt.Event, acc flegt.Account, t text, args flegt.Args) error {
	id, _ := e.Data["mail"].(string)
	m, err := tx.Mail(id)
	if err != nil {
		return err
	}
	if strings.EqualFold(m.From, acc.Email) {
		return nil
	}
	t.parts = append([]part{p("notice.mail.broken", args)}, verdictParts(m.Verdicts)...)
	t.parts = append(t.parts, p("notice.mail.ask_again", nil))
	t.both = true
	return n.post(tx, acc.Email, acc.Lang, t)
}

// bodyName gives the name of the body of an authorisation; its id when our data has none,
// for which say finds words.
func (n *Notice) bodyName(tx *store.Tx, z flegt.Authorisation) (string, error) {
	switch z.Role {
	case flegt.RoleOperator:
		op, err := tx.Operator(z.Body)
		return op.FullName(), err
	case flegt.RoleAuthority, flegt.RoleCustoms, flegt.RoleLicensing:
		auth, err := tx.Authority(z.Body)
		if err != nil && flegt.KindOf(err) != flegt.NotFound {
			return "", err
		}
		if auth.Name != "" {
			return auth.Name, nil
		}
	}
	return z.Body, nil
}
