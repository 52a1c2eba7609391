package registry

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// OpenMails lists mails that were kept but not handled, for the start after a stop.
func (o *Office) OpenMails(ctx context.Context) (ids []string, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		ids, err = tx.OpenMails(1000)
		return err
	})
	return ids, err
}

// StoredMail reads a kept mail with its raw bytes, for the inbox.
func (o *Office) StoredMail(ctx context.Context, id string) (m flegt.IncomingMail, raw []byte, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if m, err = tx.Mail(id); err != nil {
			return err
		}
		raw, err = tx.RawMail(id)
		return err
	})
	return m, raw, err
}

// ReadMail is what the inbox found in a kept mail.
type ReadMail struct {
	Mail       flegt.IncomingMail // filled in: From, To, Cc, Subject, Text, MessageID, Auth, Automatic
	Facts      flegt.RoleMail
	Unreadable bool
	MayAnswer  bool      // the sender passed SPF or DKIM, or no DNS answers
	Returned   *Returned // set when it is a report on a mail that could not be delivered
	Elsewhere  bool      // it came to the address that letters come from, not to the Support Team's
	Question   string    // the question it answers, by the address it came to; empty for none
	Files      []MailFile
	Forged     bool // the sender's domain disowns it (DMARC)
}

// HandleMail judges a mail by the five rules and attaches it to the request it is about: an
// e-mail can ask, never decide; but a mail that breaks a rule gets the request rejected, as
// the letter says. The answer to the sender follows from the event. Handling the same mail
// twice changes nothing twice.
func (o *Office) HandleMail(ctx context.Context, r ReadMail) (out flegt.IncomingMail, err error) {
	var ids []string
	if !r.Unreadable && !r.Mail.Automatic && r.Returned == nil && r.Question == "" {
		if ids, err = o.namedIn(ctx, r.Facts); err != nil {
			return out, err
		}
	}
	files, err := o.takeMailFiles(ctx, r)
	if err != nil {
		return out, err
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		stored, err := tx.Mail(r.Mail.ID)
		if err != nil {
			return err
		}
		out = stored
		if stored.Handled {
			return nil
		}
		out = merge(stored, r.Mail)
		out.Handled = true
		z, acc, err := o.judge(tx, &out, r, ids, files)
		if err != nil {
			return err
		}
		if err := tx.SaveMail(out); err != nil {
			return err
		}
		return o.mailEvent(tx, out, z, acc, r.MayAnswer)
	})
	return out, err
}

func merge(stored, read flegt.IncomingMail) flegt.IncomingMail {
	read.ID, read.ReceivedAt, read.SHA256 = stored.ID, stored.ReceivedAt, stored.SHA256
	read.RemoteIP, read.Helo, read.EnvelopeFrom, read.EnvelopeTo = stored.RemoteIP, stored.Helo, stored.EnvelopeFrom, stored.EnvelopeTo
	return read
}

// judge finds the request the mail is about and moves it, or the question it answers. ids are
// the requests that namedIn found, files what the mail carries.
func (o *Office) judge(tx *store.Tx, m *flegt.IncomingMail, r ReadMail, ids []string, files mailFiles) (z *flegt.Authorisation, acc *flegt.Account, err error) {
	switch {
	case r.Unreadable:
		m.Outcome = "unreadable"
		return nil, nil, nil
	case r.Returned != nil:
		m.Outcome = "automatic"
		_, err := o.takeBack(tx, m, r.Returned)
		return nil, nil, err
	case m.Automatic:
		m.Outcome = "automatic"
		return nil, nil, nil
	}
	if same, err := tx.SameMail(*m); err == nil {
		m.Outcome, m.Authorisation = "duplicate", ""
		m.Verdicts = same.Verdicts
		return nil, nil, nil
	} else if flegt.KindOf(err) != flegt.NotFound {
		return nil, nil, err
	}
	if r.Question != "" {
		if answers, sender, err := o.answerByMail(tx, m, r, files); answers || err != nil {
			return nil, sender, err
		}
	}
	if r.Elsewhere {
		m.Outcome = "other_address"
		return nil, nil, nil
	}
	pending, sender, err := o.pendingFor(tx, r.Facts, ids)
	if err != nil {
		return nil, nil, err
	}
	if len(pending) == 0 {
		m.Outcome = "unknown_sender"
		if sender != nil {
			m.Outcome = "nothing_pending"
		}
		return nil, sender, nil
	}
	best := bestRequest(r.Facts, pending)
	if best.z.Role != flegt.RoleOperator {
		// the five rules are the letter's for importers; what an officer writes is Support's to read
		m.Outcome, m.Authorisation = "staff", best.z.ID
		return &best.z, &best.acc, nil
	}
	m.Verdicts, m.Authorisation = best.verdicts[:], best.z.ID
	return o.settle(tx, m, best)
}

// candidate is a pending request with what the rules expect of its mail.
type candidate struct {
	z        flegt.Authorisation
	acc      flegt.Account
	expect   flegt.RoleMailExpect
	verdicts [5]flegt.RuleVerdict
}

// pendingFor lists the pending requests that the mail may be about: those of the account
// whose address it comes from, and else those whose applicant the mail names in full beside
// the operator (a mail from another address breaks rule 1 and must find its request).
func (o *Office) pendingFor(tx *store.Tx, f flegt.RoleMail, ids []string) ([]candidate, *flegt.Account, error) {
	var sender *flegt.Account
	var out []candidate
	for _, from := range f.FromAddrs {
		acc, err := accountOf(tx, from)
		if flegt.KindOf(err) == flegt.NotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		sender = &acc
		all, err := tx.AuthorisationsOf(acc.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, z := range all {
			if z.Status == flegt.Requested {
				c, err := o.candidate(tx, z, acc, f.ReceivedAt)
				if err != nil {
					return nil, nil, err
				}
				out = append(out, c)
			}
		}
	}
	if sender != nil {
		return out, sender, nil
	}
	named, err := o.pendingNamed(tx, f, ids)
	return named, nil, err
}

// maxNamed bounds how many pending requests a mail of an unknown sender may be about, and
// maxCompared with how many of them it is compared word by word.
const (
	maxNamed    = 5000
	maxCompared = 50
)

// namedIn looks, without holding up any writer, for pending requests whose applicant's names
// stand in a mail that comes from the address of no account.
func (o *Office) namedIn(ctx context.Context, f flegt.RoleMail) (ids []string, err error) {
	words := map[string]bool{}
	for _, w := range strings.Fields(flegt.Fold(f.Body)) {
		words[w] = true
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		for _, from := range f.FromAddrs {
			if _, err := accountOf(tx, from); err == nil || flegt.KindOf(err) != flegt.NotFound {
				return err
			}
		}
		all, err := tx.Authorisations(store.AuthorisationQuery{Status: []string{string(flegt.Requested)}, Limit: maxNamed, Newest: true})
		if err != nil {
			return err
		}
		for _, z := range all {
			acc, err := tx.Account(z.Account)
			if err != nil {
				return err
			}
			if allIn(words, acc.FirstName+" "+acc.LastName) {
				ids = append(ids, z.ID)
			}
			if len(ids) == maxCompared {
				break // a list of names is no request
			}
		}
		return nil
	})
	return ids, err
}

// pendingNamed reads the requests that namedIn found, and keeps those whose mail this may be.
func (o *Office) pendingNamed(tx *store.Tx, f flegt.RoleMail, ids []string) ([]candidate, error) {
	var out []candidate
	for _, id := range ids {
		z, err := tx.Authorisation(id)
		if err != nil {
			return nil, err
		}
		if z.Status != flegt.Requested {
			continue
		}
		acc, err := tx.Account(z.Account)
		if err != nil {
			return nil, err
		}
		c, err := o.candidate(tx, z, acc, f.ReceivedAt)
		if err != nil {
			return nil, err
		}
		if flegt.CheckRoleMail(f, c.expect)[4].Kept {
			out = append(out, c)
		}
	}
	return out, nil
}

// allIn tells whether every word of a name is among the words of a text.
func allIn(words map[string]bool, name string) bool {
	for _, w := range strings.Fields(flegt.Fold(name)) {
		if !words[w] {
			return false
		}
	}
	return true
}

func (o *Office) candidate(tx *store.Tx, z flegt.Authorisation, acc flegt.Account, on time.Time) (candidate, error) {
	name, _, err := bodyName(tx, z)
	if err != nil {
		return candidate{}, err
	}
	ca, err := tx.Authority(flegt.AuthorityID(z.Country))
	if err != nil && flegt.KindOf(err) != flegt.NotFound {
		return candidate{}, err
	}
	official := ca.AddressesOn(o.dayOf(on))
	for i := range official {
		official[i] = readableAddress(official[i])
	}
	return candidate{z: z, acc: acc, expect: flegt.RoleMailExpect{AccountEmail: readableAddress(acc.Email), FirstName: acc.FirstName, LastName: acc.LastName,
		OperatorName: name, SupportAddress: readableAddress(o.support), AuthorityAddresses: official, Country: z.Country}}, nil
}

// bestRequest picks the request that a mail is about (see flegt.BestRequest), the newest
// among equals.
func bestRequest(f flegt.RoleMail, all []candidate) candidate {
	slices.SortStableFunc(all, func(a, b candidate) int { return b.z.RequestedAt.Compare(a.z.RequestedAt) })
	expected := make([]flegt.RoleMailExpect, len(all))
	for i, c := range all {
		expected[i] = c.expect
	}
	i, verdicts := flegt.BestRequest(f, expected)
	best := all[i]
	best.verdicts = verdicts
	return best
}

// settle moves the request: it waits for Support when all five rules are kept, and is
// rejected when one is broken. A request that already has a good mail is not undone by a
// later bad one.
func (o *Office) settle(tx *store.Tx, m *flegt.IncomingMail, c candidate) (*flegt.Authorisation, *flegt.Account, error) {
	var broken []int
	for _, v := range c.verdicts {
		if !v.Kept {
			broken = append(broken, v.Rule)
		}
	}
	z := c.z
	var e flegt.Event
	var err error
	switch {
	case len(broken) == 0:
		m.Outcome = "kept"
		e, err = z.AttachMail(o.now(), m.ID)
	case z.MailKept:
		m.Outcome = "broken_after_kept"
		return &z, &c.acc, nil
	default:
		m.Outcome = "broken"
		e, err = z.RejectByMail(o.now(), m.ID, broken)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := tx.SaveAuthorisation(&z); err != nil {
		return nil, nil, err
	}
	return &z, &c.acc, appendZ(tx, e, z)
}

// mailEvent notes what became of a mail; the answer to its sender follows from it.
func (o *Office) mailEvent(tx *store.Tx, m flegt.IncomingMail, z *flegt.Authorisation, acc *flegt.Account, mayAnswer bool) error {
	e := flegt.NewEvent(flegt.TheSystem(), o.now(), flegt.NounMail, m.ID, "handled").
		With("outcome", m.Outcome).With("answer", mayAnswer && answered(m.Outcome))
	if m.Letter != "" {
		e = e.With("letter", m.Letter)
	}
	if m.Question != "" {
		e = e.With("question", m.Question)
	}
	if z != nil {
		e.Country = z.Country
		e = e.With("authorisation", z.ID)
		if z.Role == flegt.RoleOperator {
			e.Operator = z.Body
		}
	}
	if acc != nil {
		e = e.With("account", acc.ID)
	}
	_, err := tx.Append(e, nil)
	return err
}

// answered says which outcomes are answered by mail: never automatic mail (RFC 3834), never
// the same mail twice.
func answered(outcome string) bool {
	return !slices.Contains([]string{"automatic", "bounce", "delayed", "duplicate", "unreadable"}, outcome)
}

// RoleMailFor gives the exact mail that the applicant should send for a pending request,
// and whether the authority's address is known today.
func (o *Office) RoleMailFor(ctx context.Context, a flegt.Actor, id string) (expect flegt.RoleMailExpect, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		z, err := tx.Authorisation(id)
		if err != nil {
			return err
		}
		if err := access.MaySeeAuthorisation(a, z); err != nil {
			return err
		}
		acc, err := tx.Account(z.Account)
		if err != nil {
			return err
		}
		c, err := o.candidate(tx, z, acc, o.now())
		expect = c.expect
		return err
	})
	return expect, err
}

// Mail reads a mail that came in, for Support's eyes.
func (o *Office) Mail(ctx context.Context, a flegt.Actor, id string) (m flegt.IncomingMail, raw []byte, err error) {
	if err := access.MaySeeMail(a); err != nil {
		return m, nil, err
	}
	return o.StoredMail(ctx, id)
}

// Mails lists the mails that came in, newest first, for Support's eyes.
func (o *Office) Mails(ctx context.Context, a flegt.Actor, limit, offset int) (out []flegt.IncomingMail, err error) {
	if err := access.MaySeeMail(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.Mails(limit, offset)
		return err
	})
	return out, err
}

// MailsAfter lists them as Mails does, going on after one of them, so that what comes in
// meanwhile shifts nothing; from the beginning when none is named.
func (o *Office) MailsAfter(ctx context.Context, a flegt.Actor, after string, limit int) (out []flegt.IncomingMail, err error) {
	if err := access.MaySeeMail(a); err != nil {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, err = tx.MailsAfter(after, limit)
		return err
	})
	return out, err
}
