package notice

import (
	"context"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// follower is the name under which the mark in the event log is kept.
const follower = "notice"

// batch is how many events are told in one transaction.
const batch = 128

// While more changes than crowd wait for their turn, those who make them come first: a pause
// follows each batch of events that are told and of letters that are sent, and the others follow when
// the crowd is gone.
const (
	crowd = 16
	pause = time.Second
)

// giveWay waits a pause when there is a crowd.
func (n *Notice) giveWay(ctx context.Context) error {
	if n.DB.Waiting() <= crowd {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// round is what is read once for many events that are told together, and what they tell.
type round struct {
	mark     int64                      // the event before them
	last     int64                      // the last of them
	events   int                        // how many they are
	inTurn   []flegt.Event              // those of them that are told in the change itself
	holders  map[string][]flegt.Account // by body
	wanted   map[string]map[string]bool // by account and topic
	licences map[string]flegt.Licence   // as store.LicenceHeads reads them, by id
	letters  []flegt.Letter
	notes    []flegt.Notification
	outbox   store.Outbox // both, written out
}

// CatchUp tells every event that was not told yet and says how many they were. What they
// tell is worked out before the change that writes it: the registry makes one change after
// the other, and this need not keep the others waiting.
func (n *Notice) CatchUp(ctx context.Context) (told int, err error) {
	for {
		var r *round
		err := n.DB.View(ctx, func(tx *store.Tx) (err error) {
			r, err = n.gather(tx)
			return err
		})
		if err != nil || r == nil {
			return told, err
		}
		done := 0
		err = n.DB.Update(ctx, func(tx *store.Tx) (err error) {
			done, err = n.settleRound(tx, r)
			return err
		})
		if err != nil {
			return told, err
		}
		told += done
		if err := n.giveWay(ctx); err != nil {
			return told, err
		}
	}
}

// looksPassed is how many looks by customs, of which nobody is told, are passed over before the
// mark is moved on for their sake.
const looksPassed = 1000

// gather works out what the next events tell whom; nil when there are none.
func (n *Notice) gather(tx *store.Tx) (*round, error) {
	mark, err := tx.Followed(follower)
	if err != nil {
		return nil, err
	}
	events, through, err := tx.EventsToTell(mark, batch)
	if err != nil || len(events) == 0 && through < mark+looksPassed {
		return nil, err
	}
	if len(events) == 0 {
		return &round{mark: mark, last: through}, nil
	}
	r := &round{mark: mark, holders: map[string][]flegt.Account{}, wanted: map[string]map[string]bool{}}
	if events[0].Noun == flegt.NounMail {
		events = events[:1]
		r.inTurn = events
	}
	for i, e := range events {
		if i > 0 && e.Noun == flegt.NounMail { // its answer counts how many there were
			events = events[:i]
			break
		}
	}
	r.events, r.last = len(events), events[len(events)-1].Seq
	if r.inTurn != nil {
		return r, nil
	}
	in := *n
	in.round = r
	if r.licences, err = tx.LicenceHeads(headsOf(events)); err != nil {
		return nil, err
	}
	for _, e := range events {
		if err := in.tell(tx, e); err != nil {
			return nil, err
		}
	}
	r.outbox = tx.Outbox(r.letters, r.notes)
	return r, nil
}

// settleRound writes what was worked out and moves the mark on, unless another node was quicker;
// it says how many events were told.
func (n *Notice) settleRound(tx *store.Tx, r *round) (int, error) {
	mark, err := tx.Followed(follower)
	if err != nil || mark != r.mark {
		return 0, err
	}
	for _, e := range r.inTurn {
		if err := n.tell(tx, e); err != nil {
			return 0, err
		}
	}
	if err := tx.Post(r.outbox); err != nil {
		return 0, err
	}
	return r.events, tx.Follow(follower, r.last)
}

// Skip tells nobody of what has happened so far.
func (n *Notice) Skip(ctx context.Context) error {
	return n.DB.Update(ctx, func(tx *store.Tx) error {
		head, err := tx.Head()
		if err != nil {
			return err
		}
		return tx.Follow(follower, head)
	})
}

// tell writes what an event tells whom. What is gone meanwhile is told to nobody.
func (n *Notice) tell(tx *store.Tx, e flegt.Event) error {
	var err error
	switch e.Noun {
	case flegt.NounAuthorisation:
		err = n.authorisation(tx, e)
	case flegt.NounMail:
		err = n.answer(tx, e)
	case flegt.NounLicence:
		err = n.licence(tx, e)
	case flegt.NounDossier:
		err = n.dossier(tx, e)
	case flegt.NounQuestion:
		err = n.question(tx, e)
	case flegt.NounWebhook:
		err = n.webhook(tx, e)
	}
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		n.Logger.Warn("notice: nothing to tell of", "event", e.Seq, "error", err)
		return nil
	}
	return err
}

// note tells an account of an event in the application.
func (n *Notice) note(tx *store.Tx, e flegt.Event, account, topic, key, path string, args flegt.Args) error {
	line := flegt.Notification{Account: account, Seq: e.Seq, At: e.At, Topic: topic, Key: key, Args: args, Path: path}
	if n.round == nil {
		return tx.AddNotifications(line)
	}
	n.round.notes = append(n.round.notes, line)
	return nil
}

// addLetter puts a letter into the outbox.
func (n *Notice) addLetter(tx *store.Tx, l flegt.Letter) error {
	if n.round == nil {
		return tx.AddLetters(l)
	}
	n.round.letters = append(n.round.letters, l)
	return nil
}

// wantsMail says whether the account wants mail about a topic; it does unless it said no.
func (n *Notice) wantsMail(tx *store.Tx, account, topic string) (bool, error) {
	chosen, err := n.mailWanted(tx, account)
	wanted, said := chosen[topic]
	return wanted || !said, err
}

func (n *Notice) mailWanted(tx *store.Tx, account string) (map[string]bool, error) {
	if n.round == nil {
		return tx.MailWanted(account)
	}
	chosen, known := n.round.wanted[account]
	if known {
		return chosen, nil
	}
	chosen, err := tx.MailWanted(account)
	if err == nil {
		n.round.wanted[account] = chosen
	}
	return chosen, err
}

// maxHolders bounds who is told of one event.
const maxHolders = 500

// holders are the accounts that hold a role for a body, at most maxHolders.
func (n *Notice) holders(tx *store.Tx, body string) ([]flegt.Account, error) {
	if n.round == nil {
		return holders(tx, body)
	}
	out, known := n.round.holders[body]
	if known {
		return out, nil
	}
	out, err := holders(tx, body)
	if err == nil {
		n.round.holders[body] = out
	}
	return out, err
}

func holders(tx *store.Tx, body string) ([]flegt.Account, error) {
	held, err := tx.Authorisations(store.AuthorisationQuery{Body: body, Status: []string{string(flegt.Approved)}, Limit: maxHolders})
	if err != nil {
		return nil, err
	}
	var out []flegt.Account
	seen := map[string]bool{}
	for _, z := range held {
		if seen[z.Account] {
			continue
		}
		seen[z.Account] = true
		acc, err := tx.Account(z.Account)
		if err != nil {
			return nil, err
		}
		if !acc.Closed {
			out = append(out, acc)
		}
	}
	return out, nil
}
