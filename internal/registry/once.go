package registry

import (
	"context"
	"time"

	"github.com/openflegt/openflegt/internal/store"
)

// KeepKeys is how long the key of a change that a program made is kept, with its answer.
const KeepKeys = 48 * time.Hour

// Once makes the change of a request at most once: see store.Once.
type Once = store.Once

// Kept is what is known of a key: see store.Kept.
type Kept = store.Kept

// OnceOnly gives a context whose change is made at most once under a credential's key, and
// the mark that says whether it was made. request is a hash of what was asked.
func (o *Office) OnceOnly(ctx context.Context, credential, key, request string) (context.Context, *Once) {
	now := o.now()
	once := &Once{Credential: credential, Key: key, Request: request, Now: now, Expires: now.Add(KeepKeys)}
	return store.WithOnce(ctx, once), once
}

// KeptAnswer reads what is known of a credential's key; false when it was not used within
// KeepKeys.
func (o *Office) KeptAnswer(ctx context.Context, credential, key string) (k Kept, used bool, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		k, used, err = tx.KeptAnswer(credential, key, o.now())
		return err
	})
	return k, used, err
}

// KeepAnswer keeps the answer to a change that was made under a key.
func (o *Office) KeepAnswer(ctx context.Context, credential, key string, answer []byte) error {
	return o.db.Update(ctx, func(tx *store.Tx) error { return tx.KeepAnswer(credential, key, answer) })
}
