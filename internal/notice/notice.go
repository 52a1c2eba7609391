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
	"sync"
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
	wake  chan struct{}
	round *round // while events are told many at once
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

// Run tells and delivers until the context ends, one beside the other: while there is much to
// tell, the letters that are written already go out.
func (n *Notice) Run(ctx context.Context) {
	written := make(chan struct{}, 1)
	var delivering sync.WaitGroup
	delivering.Go(func() {
		n.repeat(ctx, "delivery", written, n.Deliver)
	})
	n.repeat(ctx, "notice", n.wake, func(ctx context.Context) (int, error) {
		told, err := n.CatchUp(ctx)
		if told > 0 {
			ring(written)
		}
		return told, err
	})
	delivering.Wait()
}

// repeat does something again and again until the context ends: when the bell rings, and now and
// then, because other nodes write too.
func (n *Notice) repeat(ctx context.Context, what string, bell <-chan struct{}, do func(context.Context) (int, error)) {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := do(ctx); err != nil && ctx.Err() == nil {
			n.Logger.Error(what, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-bell:
		}
	}
}

// Wake makes Run look at once.
func (n *Notice) Wake() {
	ring(n.wake)
}

func ring(bell chan<- struct{}) {
	select {
	case bell <- struct{}{}:
	default: // it rings already
	}
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
