package registry

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// IssueLicence puts a licence of its own country into the system by a licensing authority.
// verification is the number with which the importer claims it; when it is empty one is
// made. It is given back this once and kept only as a hash. importCountry may be empty where
// the licence number tells it. What forbids it comes back as one sentence per box.
func (o *Office) IssueLicence(ctx context.Context, a flegt.Actor, form flegt.Form, importCountry, verification string) (l flegt.Licence, number string, err error) {
	if err := access.MayIssueLicence(a); err != nil {
		return l, "", o.refused("issue licence", a, err)
	}
	if number = normaliseVerification(verification); number == "" {
		number = newVerification()
	}
	form = form.WithFacts(flegt.Form{})
	form.Export = a.Country
	if importCountry == "" {
		importCountry, _, _ = flegt.CheckLicenceNumber(form.Export, form.Number)
	}
	now := o.now()
	l = flegt.Licence{ID: o.newID(), ImportCountry: importCountry, Version: 1, Form: form, Electronic: true, NextLine: 1, CreatedBy: a.Account, CreatedAt: now, UpdatedAt: now}
	hash, err := verificationHash(l.ID, number)
	if err != nil {
		return l, "", o.refused("issue licence", a, err)
	}
	begun := l
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		l = begun // from the start, when the change runs again
		if err := holds(tx, a); err != nil {
			return err
		}
		findings, err := o.check(tx, l)
		if err != nil {
			return err
		}
		issued, err := l.Issue(a, now, form, hash, findings)
		if err != nil {
			return err
		}
		if err := tx.AddLicence(l); err != nil {
			return err
		}
		_, err = appendLicence(tx, issued, l)
		return err
	})
	return shown(a, l), number, o.refused("issue licence", a, err)
}

// Verification numbers: letters and digits, so long at least and at most.
const (
	shortestVerification = 8
	longestVerification  = 40
	verificationRounds   = 20_000
	verificationLetters  = "23456789ABCDEFGHJKMNPQRSTUVWXYZ" // none that look alike
)

// normaliseVerification compares without case, spaces and hyphens.
func normaliseVerification(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.ToUpper(strings.TrimSpace(s)))
}

// newVerification makes a number of twelve letters and digits, about 59 bits.
func newVerification() string {
	out := make([]byte, 0, 12)
	for len(out) < cap(out) {
		b := make([]byte, 1)
		rand.Read(b) // never fails
		if int(b[0]) < 256/len(verificationLetters)*len(verificationLetters) {
			out = append(out, verificationLetters[int(b[0])%len(verificationLetters)])
		}
	}
	return string(out)
}

// verificationHash is what is kept of a verification number: PBKDF2 (RFC 8018), with the
// licence's id as salt.
func verificationHash(id, number string) (string, error) {
	wrong := func(key string) error {
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "verification", Key: key, Args: flegt.Args{"Min": shortestVerification, "Max": longestVerification}}})
	}
	if len(number) < shortestVerification || len(number) > longestVerification || strings.Trim(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return "", wrong("licence.verification.form")
	}
	sum, err := pbkdf2.Key(sha256.New, number, []byte(id), verificationRounds, sha256.Size)
	return hex.EncodeToString(sum), err
}

// Tries of claims that may fail within claimWindow.
const (
	claimTriesOfAccount = 5
	claimTriesOfNumber  = 20 // more than one account has: one cannot shut out the others
	claimWindow         = time.Hour
)

// ClaimLicence gives an electronic licence to the operator for whom the actor acts, who
// knows its number and its verification number. Whatever does not agree, the answer is one
// and the same: kind Refused, licence.claim.refused. Failed tries are counted for each
// account and each number; kind TooMany when there were too many within the hour.
func (o *Office) ClaimLicence(ctx context.Context, a flegt.Actor, number, verification string) (flegt.Licence, error) {
	if err := access.MayClaimLicence(a); err != nil {
		return flegt.Licence{}, o.refused("claim licence", a, err)
	}
	tries := []string{"claim:account:" + a.Account, "claim:number:" + digest(flegt.NumberKey(flegt.NormaliseLicenceNumber(number)))}
	if err := o.countClaim(ctx, a, tries); err != nil {
		return flegt.Licence{}, o.refused("claim licence", a, err)
	}
	found, err := o.claimable(ctx, a, number, verification)
	if err != nil {
		return flegt.Licence{}, o.refused("claim licence", a, err)
	}
	var l flegt.Licence
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if l, err = tx.Licence(found.ID); err != nil {
			return err
		}
		if l.Version != found.Version {
			return claimRefused()
		}
		before := l
		e, err := l.Claim(a, o.now())
		if err != nil {
			return claimRefused()
		}
		if err := tx.SaveLicence(before, &l); err != nil {
			return err
		}
		for _, key := range tries {
			if err := tx.Forgive(key); err != nil {
				return err
			}
		}
		_, err = appendLicence(tx, e, l)
		return err
	})
	return shown(a, l), o.refused("claim licence", a, err)
}

func claimRefused() error { return flegt.Refuse(flegt.Refused, "licence.claim.refused", nil) }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// countClaim counts a try before it is judged, so that many at once are not all let through.
func (o *Office) countClaim(ctx context.Context, a flegt.Actor, keys []string) error {
	return o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		now := o.now()
		for i, most := range []int{claimTriesOfAccount, claimTriesOfNumber} {
			n, until, err := tx.Throttled(keys[i], now)
			if err != nil {
				return err
			}
			if n >= most {
				return flegt.Refuse(flegt.TooMany, "licence.claim.wait", flegt.Args{"Count": int((until.Sub(now) + time.Minute - 1) / time.Minute)})
			}
		}
		for _, key := range keys {
			if _, err := tx.Throttle(key, now, claimWindow); err != nil {
				return err
			}
		}
		return nil
	})
}

// claimable finds the licence that number and verification number open. It takes the same
// time when there is none.
func (o *Office) claimable(ctx context.Context, a flegt.Actor, number, verification string) (l flegt.Licence, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		l, err = tx.Electronic(flegt.NormaliseLicenceNumber(number))
		if flegt.KindOf(err) == flegt.NotFound {
			l, err = flegt.Licence{}, nil
		}
		return err
	})
	if err != nil {
		return l, err
	}
	hash, wrong := verificationHash(l.ID, normaliseVerification(verification))
	_, marked := l.MarkedAs()
	if wrong != nil || subtle.ConstantTimeCompare([]byte(hash), []byte(l.Verification)) != 1 || marked || l.ImportCountry != a.Country {
		return l, claimRefused()
	}
	return l, nil
}

// UnclaimLicence gives a claimed licence back before it was submitted.
func (o *Office) UnclaimLicence(ctx context.Context, a flegt.Actor, id string, version int) error {
	_, err := o.changeLicence(ctx, a, id, version, flegt.VerbUnclaim, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		return l.Unclaim(a, o.now())
	})
	return err
}
