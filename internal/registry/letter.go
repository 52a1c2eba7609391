package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// LetterQuery asks for letters by state and address, a page at a time.
type LetterQuery = store.LetterQuery

// mostCounted is how many rows of a list are counted.
const mostCounted = 1000

// Letters lists outgoing mails, newest first, without their texts, and counts them (at most
// 1,000). With demo, for the mailbox page of the demonstration, everybody sees them.
func (o *Office) Letters(ctx context.Context, a flegt.Actor, demo bool, q LetterQuery) (out []flegt.Letter, count int, err error) {
	if err := access.MaySeeLetters(a); err != nil && !demo {
		return nil, 0, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if out, err = tx.Letters(q); err != nil {
			return err
		}
		count, err = tx.CountLetters(q, mostCounted)
		return err
	})
	for i := range out {
		out[i].Text, out[i].HTML = "", ""
	}
	return out, count, err
}

// LetterByID reads one outgoing mail, under the rule of Letters. Outside the demonstration
// one that holds a one-time link comes without its text.
func (o *Office) LetterByID(ctx context.Context, a flegt.Actor, demo bool, id string) (l flegt.Letter, err error) {
	if err := access.MaySeeLetters(a); err != nil && !demo {
		return l, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		l, err = tx.Letter(id)
		return err
	})
	if l.Secret && !demo {
		l.Text, l.HTML = "", ""
	}
	return l, err
}

// RetryLetter has a letter that did not arrive tried again now.
func (o *Office) RetryLetter(ctx context.Context, a flegt.Actor, id string) error {
	if err := access.MayRetryLetter(a); err != nil {
		return o.refused("retry a letter", a, err)
	}
	return o.refused("retry a letter", a, o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		l, err := tx.Letter(id)
		if err != nil {
			return err
		}
		now := o.now()
		if err := l.Retry(now); err != nil {
			return err
		}
		if err := tx.SaveLetter(l); err != nil {
			return err
		}
		_, err = tx.Append(flegt.NewEvent(a, now, flegt.NounLetter, l.ID, "retried"), nil)
		return err
	}))
}

// Unreachable gives for each of some addresses the letter that last failed to arrive there;
// an address that letters reach is not in the map. For Support's eyes.
func (o *Office) Unreachable(ctx context.Context, a flegt.Actor, addresses ...string) (map[string]flegt.Letter, error) {
	if err := access.MaySeeLetters(a); err != nil {
		return nil, err
	}
	out := map[string]flegt.Letter{}
	err := o.db.View(ctx, func(tx *store.Tx) error {
		for _, address := range addresses {
			l, err := tx.Unreachable(address)
			if flegt.KindOf(err) == flegt.NotFound && err != nil {
				continue
			}
			if err != nil {
				return err
			}
			out[address] = l
		}
		return nil
	})
	return out, err
}

// Returned is what a mail says of one of our letters that came back.
type Returned struct {
	Letter    string // its id, from the address that the report came to; empty when that says nothing
	MessageID string // of the mail that came back; empty when the report does not hold it
	Failed    bool   // for good; false when the mail server still tries
	Reason    string
}

// takeBack notes a bounce at the letter that it speaks of. Whoever does not know the
// letter's own return path or Message-ID cannot say anything about it (decision 4). found is
// false when the mail speaks of no letter of ours.
func (o *Office) takeBack(tx *store.Tx, m *flegt.IncomingMail, r *Returned) (found bool, err error) {
	l, err := tx.Letter(r.Letter)
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		l, err = tx.LetterByMessageID(r.MessageID)
	}
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	m.Letter, m.Outcome = l.ID, "delayed"
	if !r.Failed {
		return true, nil
	}
	m.Outcome = "bounce"
	if !l.Bounced(r.Reason) {
		return true, nil
	}
	return true, tx.SaveLetter(l)
}
