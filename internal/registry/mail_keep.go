package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// KeepMail stores a mail, raw, before it is acknowledged to the sending server, and gives
// its id. envelopeTo are the receivers that the envelope names, as far as they are known.
// Nothing is read in it yet. TooMany when its sender has sent his share of the day.
func (o *Office) KeepMail(ctx context.Context, raw []byte, remoteIP, helo, envelopeFrom string, envelopeTo ...string) (string, error) {
	sum := sha256.Sum256(raw)
	m := flegt.IncomingMail{ID: o.newID(), ReceivedAt: o.now(), SHA256: hex.EncodeToString(sum[:]),
		RemoteIP: remoteIP, Helo: helo, EnvelopeFrom: envelopeFrom, EnvelopeTo: envelopeTo}
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		for _, s := range o.shares(remoteIP, envelopeFrom) {
			n, err := tx.CountUntil(s.key, weight(raw), o.now().Add(48*time.Hour))
			if err != nil {
				return err
			}
			if n > s.most {
				return tooMuchMail()
			}
		}
		return tx.AddMail(m, raw)
	})
	return m.ID, err
}

// MayMail refuses a sender who has sent his share of the day before he sends more; TooMany.
func (o *Office) MayMail(ctx context.Context, remoteIP, envelopeFrom string) error {
	shares := o.shares(remoteIP, envelopeFrom)
	if len(shares) == 0 {
		return nil
	}
	return o.db.View(ctx, func(tx *store.Tx) error {
		for _, s := range shares {
			n, _, err := tx.Throttled(s.key, o.now())
			if err != nil {
				return err
			}
			if n >= s.most {
				return tooMuchMail()
			}
		}
		return nil
	})
}

func tooMuchMail() error { return flegt.Refuse(flegt.TooMany, "mail.too_much", nil) }

// weight is what a mail counts: one for each megabyte begun, since what came in is kept.
func weight(raw []byte) int { return 1 + max(0, len(raw)-1)>>20 }

// share is how much mail is taken in a day of what is counted under a key.
type share struct {
	key  string
	most int
}

// networkShares is how many times an address's share all addresses of one network have: an
// office, or a provider's server, sends for many.
const networkShares = 5

// shares are what a mail counts against: the share of its envelope's sender, and that of the
// network it came from. An address is counted by network, so that nobody can use up another's
// share with his address; a server on this machine, which hands on for everybody, is no
// network. A mail of which the way is not known counts against nothing.
func (o *Office) shares(remoteIP, envelopeFrom string) []share {
	if o.mailsPerDay <= 0 || remoteIP == "" {
		return nil
	}
	network, own := flegt.Network(remoteIP), false
	if a, err := netip.ParseAddr(remoteIP); err == nil {
		own = a.Unmap().IsLoopback()
	}
	sum := func(s string) string {
		h := sha256.Sum256([]byte(s + " " + string(o.Today())))
		return hex.EncodeToString(h[:])
	}
	out := []share{{"mail-from:" + sum(network+" "+strings.ToLower(envelopeFrom)), o.mailsPerDay}}
	if !own {
		out = append(out, share{"mail-net:" + sum(network), networkShares * o.mailsPerDay})
	}
	return out
}
