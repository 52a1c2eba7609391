// Package registry is the office: every change and every guarded read, one method each. A
// method checks rights itself, reads the noun, lets the noun's own rule decide, saves the
// row guarded by its version and appends the event, all in one transaction. No network
// call happens inside. What must follow (mails, notifications) follows the event log.
//
// To follow a noun through the house, open the file of its name here, in flegt, in access,
// in store and in web.
package registry

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/store"
)

// Options are what the office needs. Clock, NewID and Logger have defaults.
type Options struct {
	DB             *store.DB
	Reference      *reference.Data
	SupportAddress string // of the Support Team
	Clock          func() time.Time
	NewID          func() string // sortable ids, UUID version 7 (RFC 9562)
	Logger         *slog.Logger
	Zone           *time.Location // in which a day begins; nil means Europe/Brussels, else UTC
	Viruses        VirusCheck     // what every scan is checked by; nil checks none
	PrivateHooks   bool           // webhooks may use plain http and addresses outside the public Internet
	MailsPerDay    int            // taken from one sender, a mail counting once for each megabyte begun; 0 sets no limit
}

// Office is the registry's one counter. It is safe for use by many goroutines.
type Office struct {
	db      *store.DB
	ref     *reference.Data
	support string
	clock   func() time.Time
	newID   func() string
	log     *slog.Logger
	zone    *time.Location

	viruses      VirusCheck
	privateHooks bool
	mailsPerDay  int
	uploads      uploads
	bulks        bulks
	unpacking    chan struct{} // holds who unpacks a page
}

// New opens the office and makes sure that the authorities of the reference data are in the
// registry, and that every licence which was lodged has its dossier.
func New(ctx context.Context, o Options) (*Office, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7FromReader(rand.Reader)).String() }
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Zone == nil {
		o.Zone = time.UTC
		if z, err := time.LoadLocation("Europe/Brussels"); err == nil {
			o.Zone = z
		}
	}
	if o.SupportAddress == "" {
		o.SupportAddress = DefaultSupportAddress
	}
	f := &Office{db: o.DB, ref: o.Reference, support: o.SupportAddress, clock: o.Clock, newID: o.NewID, log: o.Logger, zone: o.Zone,
		viruses: o.Viruses, privateHooks: o.PrivateHooks, mailsPerDay: o.MailsPerDay, unpacking: make(chan struct{}, 1)}
	if err := f.seedAuthorities(ctx); err != nil {
		return f, err
	}
	return f, f.openLateDossiers(ctx)
}

// DefaultSupportAddress is the Support Team's address in the letter.
const DefaultSupportAddress = "sante-traces@ec.europa.eu"

// SupportAddress is where role requests are mailed to.
func (o *Office) SupportAddress() string { return o.support }

// now is the moment of a change, as exact as both databases keep it.
func (o *Office) now() time.Time { return o.clock().UTC().Truncate(time.Microsecond) }

// Today is the calendar day in the office's zone.
func (o *Office) Today() flegt.Date { return flegt.DateOf(o.clock().In(o.zone)) }

// dayIn is the calendar day where a country's authority is; in the office's zone where our data
// does not say.
func (o *Office) dayIn(country string, t time.Time) flegt.Date {
	if zone := o.ref.Zone(country); zone != nil {
		return flegt.DateOf(t.In(zone))
	}
	return o.dayOf(t)
}

// TodayIn is Today by the clock of a country's authority: its licences expire, and its questions fall
// due, by that.
func (o *Office) TodayIn(country string) flegt.Date { return o.dayIn(country, o.clock()) }

func (o *Office) dayOf(t time.Time) flegt.Date { return flegt.DateOf(t.In(o.zone)) }

// signedIn refuses whoever is nobody.
func signedIn(a flegt.Actor) error {
	if a.Account == "" {
		return flegt.Refuse(flegt.Forbidden, "error.sign_in", nil)
	}
	return nil
}

// holds checks that the role in which the actor acts is still his: it may have ended while
// the page was open.
func holds(tx *store.Tx, a flegt.Actor) error {
	if a.System {
		return nil
	}
	if err := signedIn(a); err != nil {
		return err
	}
	if a.Authorisation == "" && a.Role == "" {
		return nil
	}
	z, err := tx.RoleHeld(a.Authorisation)
	if err != nil || !z.Active() || z.Account != a.Account || z.Role != a.Role || z.Body != a.Body {
		return flegt.Refuse(flegt.Forbidden, "error.role_ended", nil)
	}
	return nil
}

// refused logs a change that was not made; nothing else remains of it.
func (o *Office) refused(what string, a flegt.Actor, err error) error {
	if err != nil && flegt.KindOf(err) != flegt.Internal {
		o.log.Info("refused", "what", what, "account", a.Account, "role", string(a.Role), "why", err.Error())
	}
	return err
}
