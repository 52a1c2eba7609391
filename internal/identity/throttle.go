package identity

import (
	"context"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Tries: so many are free; after that each failure doubles the wait, from one second to
// longestWait. A count is forgotten when nothing was tried for its window.
const (
	freeTries        = 5  // for one account or name
	freeNetworkTries = 20 // for one network: an office may stand behind one address
	longestWait      = 15 * time.Minute
	triesWindow      = time.Hour
)

// Mails and kept forms: so many can be asked for within the window.
const (
	mailsToOne     = 5   // to one address; more are dropped without a word
	mailsOfNetwork = 100 // from one network
	formsOfNetwork = 100 // kept for people of one network who must sign in first
	mailsWindow    = time.Hour
)

func triesOf(accountID string) string { return "try:" + hashOf(accountID) }
func triesFrom(network string) string { return "net:" + hashOf(network) }
func mailsTo(email string) string     { return "mail:" + hashOf(strings.ToLower(email)) }

// wait is how long nobody may try after the last of so many tries.
func wait(tries, free int) time.Duration {
	over := tries - free
	if over < 0 {
		return 0
	}
	if over > 20 {
		return longestWait
	}
	return min(time.Second<<over, longestWait)
}

// countTry counts a try before it is judged, so that many at once are not all let through.
// TooMany while the wait lasts; a try that is refused is not counted.
func (id *Identity) countTry(ctx context.Context, account, network string) error {
	return id.db.Update(ctx, func(tx *store.Tx) error {
		now := id.now()
		for _, k := range []struct {
			key  string
			free int
		}{{account, freeTries}, {network, freeNetworkTries}} {
			n, until, err := tx.Throttled(k.key, now)
			if err != nil {
				return err
			}
			if left := until.Add(-triesWindow).Add(wait(n, k.free)).Sub(now); n > 0 && left > 0 {
				return tooMany(left)
			}
		}
		for _, key := range []string{account, network} {
			if _, err := tx.Throttle(key, now, triesWindow); err != nil {
				return err
			}
		}
		return nil
	})
}

// tooMany tells how long to wait, in whole minutes.
func tooMany(left time.Duration) error {
	return flegt.Refuse(flegt.TooMany, "account.wait", flegt.Args{"Count": int((left + time.Minute - 1) / time.Minute)})
}

// goodTry takes back what countTry counted.
func goodTry(tx *store.Tx, account, network string) error {
	if err := tx.Unthrottle(account); err != nil {
		return err
	}
	return tx.Forgive(network)
}

// countMailing counts a form that makes us send mail to whoever is named in it.
func (id *Identity) countMailing(ctx context.Context, network string) error {
	return id.countForm(ctx, "mails:"+hashOf(network), mailsOfNetwork)
}

// countForm counts under a key; TooMany when there were most within the window.
func (id *Identity) countForm(ctx context.Context, key string, most int) error {
	return id.db.Update(ctx, func(tx *store.Tx) error {
		now := id.now()
		n, until, err := tx.Throttled(key, now)
		if err != nil {
			return err
		}
		if n >= most {
			return tooMany(until.Sub(now))
		}
		_, err = tx.Throttle(key, now, mailsWindow)
		return err
	})
}

// mayMail counts a mail to an address; false when it has had enough for now.
func (id *Identity) mayMail(tx *store.Tx, email string) (bool, error) {
	now := id.now()
	n, _, err := tx.Throttled(mailsTo(email), now)
	if err != nil || n >= mailsToOne {
		return false, err
	}
	_, err = tx.Throttle(mailsTo(email), now, mailsWindow)
	return true, err
}

// papersOfNetwork is how many public checks of a licence that find nothing one network may
// make within the window.
const papersOfNetwork = 60

// PaperTry counts a public check of a licence on paper before it is made: whoever guesses is
// stopped. TooMany when there were most within the window.
func (id *Identity) PaperTry(ctx context.Context, network string) error {
	return id.countForm(ctx, papersFrom(network), papersOfNetwork)
}

// PaperFound takes back what PaperTry counted: the facts from the paper were right.
func (id *Identity) PaperFound(ctx context.Context, network string) error {
	return id.db.Update(ctx, func(tx *store.Tx) error { return tx.Forgive(papersFrom(network)) })
}

func papersFrom(network string) string { return "paper:" + hashOf(network) }
