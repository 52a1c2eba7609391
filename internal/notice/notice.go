// Package notice follows the event log and tells everyone concerned: a line in the
// application for each account, and a mail in each reader's language. It reads the events
// in order, writes its letters in the same transaction that moves its mark on, and so tells
// each event once, whatever stops in the middle.
//
// A letter lies in the outbox until Deliver hands it to a relay; it is tried again for
// days, and what became of it is recorded. Without a relay letters are kept.
package notice

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/wording"
)

// Sender hands a mail on: mail.Relay to a mail server, mail.FileDrop to a folder.
type Sender interface {
	Send(ctx context.Context, o mail.Outgoing) error
}

// Options are what the room needs. DB, Catalog and Reference are required.
type Options struct {
	DB        *store.DB
	Catalog   *wording.Catalog
	Reference *reference.Data
	Clock     func() time.Time
	NewID     func() string
	Logger    *slog.Logger
	// BaseURL is where the pages are, for links, without a slash at the end.
	BaseURL string
	// SupportAddress gets word of requests, and is named in every letter.
	SupportAddress string
	// From is the address letters come from; SupportAddress when empty.
	From string
	// Relay delivers; nil keeps the letters (and Copy, when set, gets each of them).
	Relay Sender
	// Copy gets every letter that is kept, when there is no relay.
	Copy Sender
	// KeepSecrets leaves one-time links in letters that were sent: the demonstration's
	// mailbox shows them.
	KeepSecrets bool
}

// Notice is the room. It is safe for use by many goroutines.
type Notice struct {
	Options
	wake chan struct{}
	read *read // while events are told in one change
}

// read is what was read of those who are told, within one change, in which it stays the same.
type read struct {
	holders map[string][]flegt.Account // by body
	wanted  map[string]map[string]bool // by account and topic
}

// New makes the room.
func New(o Options) *Notice {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if o.From == "" {
		o.From = o.SupportAddress
	}
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	return &Notice{Options: o, wake: make(chan struct{}, 1)}
}

// follower is the name under which the mark in the event log is kept.
const follower = "notice"

// batch is how many events are told in one transaction.
const batch = 64

// Run tells and delivers until the context ends.
func (n *Notice) Run(ctx context.Context) {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := n.CatchUp(ctx); err != nil && ctx.Err() == nil {
			n.Logger.Error("notice", "error", err)
		}
		if _, err := n.Deliver(ctx); err != nil && ctx.Err() == nil {
			n.Logger.Error("delivery", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-n.wake:
		}
	}
}

// Wake makes Run look at once.
func (n *Notice) Wake() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// CatchUp tells every event that was not told yet and says how many they were.
func (n *Notice) CatchUp(ctx context.Context) (told int, err error) {
	for {
		waiting, err := n.waiting(ctx)
		if err != nil || !waiting {
			return told, err
		}
		done := 0
		err = n.DB.Update(ctx, func(tx *store.Tx) error {
			done = 0
			mark, err := tx.Followed(follower)
			if err != nil {
				return err
			}
			events, err := tx.EventsSince(mark, batch)
			if err != nil || len(events) == 0 {
				return err
			}
			in := *n
			in.read = &read{holders: map[string][]flegt.Account{}, wanted: map[string]map[string]bool{}}
			for _, e := range events {
				if err := in.tell(tx, e); err != nil {
					return err
				}
			}
			done = len(events)
			return tx.Follow(follower, events[done-1].Seq)
		})
		if err != nil {
			return told, err
		}
		told += done
	}
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

// waiting looks, without writing, whether there is anything to tell.
func (n *Notice) waiting(ctx context.Context) (yes bool, err error) {
	err = n.DB.View(ctx, func(tx *store.Tx) error {
		mark, err := tx.Followed(follower)
		if err != nil {
			return err
		}
		head, err := tx.Head()
		yes = head > mark
		return err
	})
	return yes, err
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

func (n *Notice) now() time.Time { return n.Clock().UTC().Truncate(time.Microsecond) }

// say writes a sentence; countries and bodies among its variables are written by name.
func (n *Notice) say(lang, key string, args flegt.Args) string {
	named := flegt.Args{}
	for k, v := range args {
		if text, ok := v.(string); ok {
			switch k {
			case "Country", "Destination", "Export":
				v = n.country(lang, text)
			case "Body":
				if key, country, ok := flegt.GenericName(text); ok {
					v = n.say(lang, key, flegt.Args{"Country": country})
				}
			}
		}
		named[k] = v
	}
	return n.Catalog.Say(n.lang(lang), key, named)
}

// country writes a country's name.
func (n *Notice) country(lang, code string) string {
	if !reference.HasNames(lang) {
		return wording.Region(wording.Lang(lang), code)
	}
	return n.Reference.CountryName(code, lang)
}

// lang gives a language that we speak: English for every other.
func (n *Notice) lang(lang string) wording.Lang {
	if n.Catalog.Speaks(wording.Lang(lang)) {
		return wording.Lang(lang)
	}
	return wording.English
}

// note tells an account of an event in the application.
func (n *Notice) note(tx *store.Tx, e flegt.Event, account, topic, key, path string, args flegt.Args) error {
	return tx.AddNotification(flegt.Notification{Account: account, Seq: e.Seq, At: e.At, Topic: topic, Key: key, Args: args, Path: path})
}

// wantsMail says whether the account wants mail about a topic; it does unless it said no.
func (n *Notice) wantsMail(tx *store.Tx, account, topic string) (bool, error) {
	chosen, err := n.mailWanted(tx, account)
	wanted, said := chosen[topic]
	return wanted || !said, err
}

func (n *Notice) mailWanted(tx *store.Tx, account string) (map[string]bool, error) {
	if n.read == nil {
		return tx.MailWanted(account)
	}
	chosen, known := n.read.wanted[account]
	if known {
		return chosen, nil
	}
	chosen, err := tx.MailWanted(account)
	if err == nil {
		n.read.wanted[account] = chosen
	}
	return chosen, err
}

// maxHolders bounds who is told of one event.
const maxHolders = 500

// holders are the accounts that hold a role for a body, at most maxHolders.
func (n *Notice) holders(tx *store.Tx, body string) ([]flegt.Account, error) {
	if n.read == nil {
		return holders(tx, body)
	}
	out, known := n.read.holders[body]
	if known {
		return out, nil
	}
	out, err := holders(tx, body)
	if err == nil {
		n.read.holders[body] = out
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
