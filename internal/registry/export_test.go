package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/store"
)

// VerifyInSpans is Verify by spans of so many events.
func VerifyInSpans(ctx context.Context, db *store.DB, events int) (Verification, error) {
	v := &verifier{ctx: ctx, db: db, atOnce: events}
	err := db.View(ctx, v.all)
	return v.found, err
}
