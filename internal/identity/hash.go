package identity

import (
	"context"
	"crypto/sha1" //nolint:gosec // earlier directories kept {SSHA}; it is only read, and replaced
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/text/unicode/norm"
)

// params are OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
func params() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// nobodysHash is compared with where there is no account, so that the answer takes as long.
// No password is known to match it.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$b3BlbmZsZWd0LW5vYm9keQ$Y2Fubm90IGJlIG1ldCBieSBhbnkgcGFzc3dvcmQhISE"

// Limits on hashes that are brought in: a hostile file must not make sign-in eat the machine.
const (
	maxImportedMemory = 64 * 1024 // KiB
	maxImportedPasses = 10
	maxImportedLanes  = 8
	maxImportedCost   = 13 // of bcrypt
)

// hash makes a new hash of a password. It waits until it is its turn, because each takes
// memory.
func (id *Identity) hash(ctx context.Context, password string) (h string, err error) {
	err = id.inTurn(ctx, func() error {
		h, err = argon2id.CreateHash(norm.NFC.String(password), params())
		return err
	})
	return h, err
}

// matches says whether a password belongs to a hash of any kind that we read. An empty or
// unknown hash matches nothing, after the same work.
func (id *Identity) matches(ctx context.Context, password, hash string) (ok bool, err error) {
	err = id.inTurn(ctx, func() error {
		if strings.HasPrefix(hash, "$argon2id$") && Readable(hash) {
			ok, err = argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
			return err
		}
		ok = matchesEarlier(password, hash)
		if !ok {
			_, err = argon2id.ComparePasswordAndHash(password, nobodysHash)
		}
		return err
	})
	return ok, err
}

// inTurn runs what needs much memory, only so many at once.
func (id *Identity) inTurn(ctx context.Context, fn func() error) error {
	select {
	case id.hashing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-id.hashing }()
	return fn()
}

// outdated says whether a hash should be made anew with our own parameters.
func outdated(hash string) bool {
	p, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		return true
	}
	own := params()
	return p.Memory < own.Memory || p.Iterations < own.Iterations || p.KeyLength < own.KeyLength
}

// Readable says whether an imported hash is of a kind with which its owner can sign in:
// argon2id or bcrypt of bearable cost, or {SSHA} (RFC 2307 as extended by directories).
func Readable(hash string) bool {
	if strings.HasPrefix(hash, "$argon2id$") {
		p, salt, key, err := argon2id.DecodeHash(hash)
		return err == nil && p.Memory <= maxImportedMemory && p.Iterations >= 1 && p.Iterations <= maxImportedPasses &&
			p.Parallelism >= 1 && p.Parallelism <= maxImportedLanes && len(salt) >= 8 && len(key) >= 16
	}
	if strings.HasPrefix(hash, "$2") {
		cost, err := bcrypt.Cost([]byte(hash))
		return err == nil && cost <= maxImportedCost && len(hash) == 60
	}
	_, _, err := ssha(hash)
	return err == nil
}

func matchesEarlier(password, hash string) bool {
	if strings.HasPrefix(hash, "$2") {
		return Readable(hash) && bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
	}
	sum, salt, err := ssha(hash)
	if err != nil {
		return false
	}
	got := sha1.Sum(append([]byte(password), salt...))
	return subtle.ConstantTimeCompare(got[:], sum) == 1
}

// ssha takes apart {SSHA}base64(sha1(password+salt)+salt).
func ssha(hash string) (sum, salt []byte, err error) {
	text, found := strings.CutPrefix(hash, "{SSHA}")
	if !found {
		return nil, nil, fmt.Errorf("no {SSHA}")
	}
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) <= sha1.Size {
		return nil, nil, fmt.Errorf("no {SSHA}: %v", err)
	}
	return b[:sha1.Size], b[sha1.Size:], nil
}
