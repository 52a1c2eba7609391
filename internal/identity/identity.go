package identity

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"context"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Options are what the room needs. DB and Post are required.
type Options struct {
	// DB keeps accounts, tokens, sessions and counted tries.
	DB *store.DB
	// Post puts a mail to a person into the outbox, in the transaction of the change that it
	// tells of.
	Post func(tx *store.Tx, m Mailing) error
	// Clock tells the time; time.Now when nil.
	Clock func() time.Time
	// Rand gives the bits of tokens; crypto/rand when nil.
	Rand io.Reader
	// NewID makes ids of accounts; UUID version 7 (RFC 9562) when nil.
	NewID func() string
	// Logger takes a line for each refusal that somebody may want to look into;
	// slog.Default when nil.
	Logger *slog.Logger
	// BaseURL is the address people use, such as https://flegt.example.eu. With https the
	// session's cookie is sent over https alone.
	BaseURL string
	// Hashings is how many passwords are hashed at once, each with 19 MiB; 0 means 2.
	Hashings int
	// Demo lets people sign in by the signed links of DemoLink.
	Demo bool
}

// Identity is the room. It is safe for use by many goroutines.
type Identity struct {
	db       *store.DB
	post     func(*store.Tx, Mailing) error
	clock    func() time.Time
	rand     io.Reader
	newID    func() string
	log      *slog.Logger
	base     string
	hashing  chan struct{}
	common   *commonWords
	methods  map[string]Method
	demo     *demoLinks
	sessions *scs.SessionManager
	passes   passes
}

// New opens the room.
func New(o Options) (*Identity, error) {
	if o.DB == nil || o.Post == nil {
		return nil, errors.New("identity: a database and a way to post mail are needed")
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7FromReader(rand.Reader)).String() }
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Hashings == 0 {
		o.Hashings = 2
	}
	id := &Identity{
		db: o.DB, post: o.Post, clock: o.Clock, rand: o.Rand, newID: o.NewID, log: o.Logger,
		base: strings.TrimSuffix(o.BaseURL, "/"), hashing: make(chan struct{}, o.Hashings), common: new(commonWords),
	}
	id.methods = map[string]Method{ByPassword: passwordMethod{id}}
	if o.Demo {
		key := make([]byte, 32)
		if _, err := io.ReadFull(o.Rand, key); err != nil {
			return nil, fmt.Errorf("identity: %w", err)
		}
		id.demo = &demoLinks{id, key}
		id.methods[ByDemoLink] = id.demo
	}
	id.sessions = id.newSessions()
	return id, nil
}

// now is the moment of a change, as exact as both databases keep it.
func (id *Identity) now() time.Time { return id.clock().UTC().Truncate(time.Microsecond) }

// Sweep drops sessions, tokens and counted tries that are over. Call it now and then.
func (id *Identity) Sweep(ctx context.Context) error {
	return id.db.Update(ctx, func(tx *store.Tx) error { return tx.Sweep(id.now()) })
}

// Account reads an account; NotFound when there is none.
func (id *Identity) Account(ctx context.Context, accountID string) (acc flegt.Account, err error) {
	err = id.db.View(ctx, func(tx *store.Tx) error {
		acc, err = tx.Account(accountID)
		return err
	})
	return acc, err
}

// change reads an account, lets fn change it, saves it and appends the event of that verb.
// Whoever changes it is the account itself.
func (id *Identity) change(ctx context.Context, accountID, verb string, fn func(*store.Tx, *flegt.Account) error) (acc flegt.Account, err error) {
	err = id.db.Update(ctx, func(tx *store.Tx) error {
		if acc, err = tx.Account(accountID); err != nil {
			return err
		}
		if err := fn(tx, &acc); err != nil {
			return err
		}
		return id.save(tx, &acc, flegt.Actor{Account: acc.ID}, verb)
	})
	return acc, err
}

// save writes a changed account and its event. Pairs are facts for the event; they hold no
// contact data (GDPR art. 5(1)(c)).
func (id *Identity) save(tx *store.Tx, acc *flegt.Account, by flegt.Actor, verb string, pairs ...any) error {
	if err := tx.SaveAccount(acc); err != nil {
		return err
	}
	return id.append(tx, *acc, by, verb, pairs...)
}

// add writes a new account and its event.
func (id *Identity) add(tx *store.Tx, acc flegt.Account, by flegt.Actor, verb string) error {
	if err := tx.AddAccount(acc); err != nil {
		return err
	}
	return id.append(tx, acc, by, verb)
}

func (id *Identity) append(tx *store.Tx, acc flegt.Account, by flegt.Actor, verb string, pairs ...any) error {
	e := flegt.NewEvent(by, id.now(), flegt.NounAccount, acc.ID, verb)
	e.Version, e.State = acc.Version, stateOf(acc)
	for i := 0; i+1 < len(pairs); i += 2 {
		e = e.With(pairs[i].(string), pairs[i+1])
	}
	_, err := tx.Append(e, acc)
	return err
}

// stateOf says where an account stands.
func stateOf(acc flegt.Account) string {
	switch {
	case acc.Closed:
		return "closed"
	case acc.Confirmed:
		return "open"
	}
	return "unconfirmed"
}
