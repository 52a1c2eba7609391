package registry

import (
	"context"
	"slices"
	"time"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// maxRead is how many events of the log are looked at for one answer: what an answer costs
// is bounded even when hardly any of them may be seen.
const maxRead = 2000

// Events gives, in the order of the log, at most limit of the events after a number that
// the actor may see. next is the number from which to go on: nothing before it was missed.
// more says that the log goes on. A number beyond the log's end is not one of ours: it is
// Invalid, since whoever asks with it, after a restore perhaps, would miss what comes before it.
func (o *Office) Events(ctx context.Context, a flegt.Actor, since int64, limit int) (out []flegt.Event, next int64, more bool, err error) {
	if err := signedIn(a); err != nil {
		return nil, since, false, err
	}
	next = since
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		head, err := tx.Head()
		if err != nil {
			return err
		}
		if since > head {
			return flegt.InvalidBoxes([]flegt.BoxError{{Box: "since", Key: "api.since_ahead", Args: flegt.Args{"Since": since, "Last": head}}})
		}
		read, err := tx.EventsSince(since, maxRead)
		if err != nil {
			return err
		}
		for _, e := range read {
			seen, err := maySeeEvent(tx, a, e)
			if err != nil {
				return err
			}
			if seen && len(out) == limit {
				break
			}
			if seen {
				out = append(out, e)
			}
			next = e.Seq
		}
		more = next < head
		return nil
	})
	return out, next, more, err
}

// Times of waiting for events. What another process committed is looked for now and then; a
// busy registry wakes nobody more often than the breath allows.
const (
	lookElsewhere = 5 * time.Second
	breath        = 100 * time.Millisecond
)

// AwaitEvents is Events, but when there is nothing for the actor it waits: until there is, or
// enough says so. It is woken by what this program commits. When it has waited in vain, the
// answer is empty and without an error.
func (o *Office) AwaitEvents(ctx context.Context, a flegt.Actor, since int64, limit int, enough <-chan struct{}) (out []flegt.Event, next int64, more bool, err error) {
	elsewhere := time.NewTicker(lookElsewhere)
	defer elsewhere.Stop()
	for next = since; ; {
		committed := o.db.Committed()
		out, next, more, err = o.Events(ctx, a, next, limit)
		if err != nil || len(out) > 0 {
			return out, next, more, err
		}
		if more { // what is not for the actor is passed over
			select {
			case <-enough:
				return nil, next, more, nil
			default:
				continue
			}
		}
		select {
		case <-committed:
		case <-elsewhere.C:
		case <-enough:
			return nil, next, more, nil
		case <-ctx.Done():
			return nil, next, more, ctx.Err()
		}
		select {
		case <-time.After(breath):
		case <-enough:
			return o.Events(ctx, a, next, limit)
		case <-ctx.Done():
			return nil, next, more, ctx.Err()
		}
	}
}

// maySeeEvent asks access, and leaves out what is not told to the actor (see hiddenFrom). The
// event of a licence or of a question does not say which country issued the licence, so for a
// licensing authority the noun itself is looked at.
func maySeeEvent(tx *store.Tx, a flegt.Actor, e flegt.Event) (bool, error) {
	if slices.Contains(hiddenFrom(a), e.Verb) {
		return false, nil
	}
	if a.Is(flegt.RoleLicensing) {
		switch e.Noun {
		case flegt.NounLicence:
			l, err := tx.Licence(e.NounID)
			return known(err, access.MaySeeLicence(a, &l) == nil && (e.State != string(flegt.Draft) || issuersOfDrafts[e.Verb]))
		case flegt.NounQuestion:
			q, err := tx.Question(e.NounID)
			return known(err, access.MaySeeQuestion(a, q) == nil)
		}
	}
	return access.MaySeeEvent(a, e) == nil, nil
}

// issuersOfDrafts are what the issuing country is told of a licence while an importer types: that
// it was claimed, and what the country reports of it itself.
var issuersOfDrafts = map[string]bool{"claimed": true, "replaced": true, "cancelled": true, "lost": true, "extended": true, "corrected_on_paper": true}

// known says whether a noun that was looked up may be seen; one that is gone, a draft that was
// discarded, may not.
func known(err error, may bool) (bool, error) {
	if err != nil && flegt.KindOf(err) == flegt.NotFound {
		return false, nil
	}
	return err == nil && may, err
}
