package registry

import (
	"context"
	"errors"
	"time"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// KeepBulkImport is how long it can be read what became of an import's licences, and how long
// one that was stopped can go on.
const KeepBulkImport = 7 * 24 * time.Hour

// staleBulk is after how long without a part written an import is taken up by another process.
const staleBulk = time.Minute

// ImportBulk makes drafts of the licences without errors, in the background. update changes
// drafts that stand under the same number already; otherwise those are left alone. An import
// that was stopped or broke off goes on, as it was begun. Conflict when the table is being
// imported or was imported.
func (o *Office) ImportBulk(ctx context.Context, a flegt.Actor, id string, update bool) error {
	if err := access.MayCreateLicence(a); err != nil {
		return o.refused("import licences", a, err)
	}
	k, err := o.bulks.find(a, id, o.now())
	if err == nil {
		id, err = k.ID, o.keepImport(ctx, k, update)
	} else {
		id, err = o.takeUpImport(ctx, a, id)
	}
	if err != nil {
		return o.refused("import licences", a, err)
	}
	o.work(ctx, id)
	return nil
}

// keepImport writes what is to be imported into the database and forgets the table.
func (o *Office) keepImport(ctx context.Context, k *keptBulk, update bool) error {
	seen := o.bulks.look(k)
	if seen.Stage != flegt.BulkChecked {
		return flegt.Refuse(flegt.Conflict, "bulk.begun", nil)
	}
	b := flegt.BulkImport{ID: k.ID, Name: k.Name, Actor: whoOnly(k.actor), Update: update, Stage: flegt.BulkImporting,
		Total: seen.Total, Outcomes: map[string]int{}, MovedAt: o.now()}
	var parts [][]byte
	for from := 0; from < seen.Total; from += flegt.BulkPartSize {
		to := min(from+flegt.BulkPartSize, seen.Total)
		packed, err := store.PackBulkPart(flegt.BulkPart{Licences: k.licences[from:to], Items: seen.Items[from:to]})
		if err != nil {
			return err
		}
		parts = append(parts, packed)
	}
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, k.actor); err != nil {
			return err
		}
		return tx.AddBulkImport(b, parts)
	})
	if err == nil {
		o.bulks.forget(k)
	}
	return err
}

// whoOnly is an actor without name and address: only what rights go by is kept.
func whoOnly(a flegt.Actor) flegt.Actor {
	a.FirstName, a.LastName, a.Email, a.BodyName = "", "", "", ""
	return a
}

// takeUpImport lets an import that was stopped or broke off go on.
func (o *Office) takeUpImport(ctx context.Context, a flegt.Actor, id string) (string, error) {
	b, err := o.importOf(ctx, a, id)
	if err != nil {
		return "", err
	}
	if !bulkOf(b).Resumable() {
		return "", flegt.Refuse(flegt.Conflict, "bulk.begun", nil)
	}
	return b.ID, o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		held, err := tx.HoldBulkImport(b.ID, b.Stage)
		if err != nil {
			return err
		}
		held.Stage, held.MovedAt, held.Refused, held.Actor = flegt.BulkImporting, o.now(), nil, whoOnly(a)
		return tx.SaveBulkImport(held, time.Time{})
	})
}

// importOf reads an import of the actor's account in his role; an empty id is the newest.
func (o *Office) importOf(ctx context.Context, a flegt.Actor, id string) (b flegt.BulkImport, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if id == "" {
			b, err = tx.LastBulkImport(a.Account)
		} else {
			b, err = tx.BulkImport(id)
		}
		if err == nil && (b.Actor.Account != a.Account || b.Actor.Body != a.Body || b.Actor.Role != a.Role) {
			b, err = flegt.BulkImport{}, flegt.Missing()
		}
		return err
	})
	return b, err
}

func (o *Office) lastImport(ctx context.Context, a flegt.Actor) (flegt.BulkImport, error) {
	return o.importOf(ctx, a, "")
}

func bulkOf(b flegt.BulkImport) Bulk {
	return Bulk{ID: b.ID, Name: b.Name, Stage: b.Stage, Total: b.Total, Done: b.Done(), Outcomes: b.Outcomes, Refused: b.Refused}
}

// BulkResults tells what became of licences of an import, n of them from a place in the table.
func (o *Office) BulkResults(ctx context.Context, a flegt.Actor, id string, from, n int) (out []flegt.BulkItem, err error) {
	if err := access.MayCreateLicence(a); err != nil {
		return nil, flegt.Missing()
	}
	b, err := o.importOf(ctx, a, id)
	if err != nil || from < 0 || from >= b.Total {
		return nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		for at := from; at < min(from+n, b.Total); {
			part, _, err := tx.BulkPart(b.ID, at/flegt.BulkPartSize)
			if err != nil {
				return err
			}
			items := part.Items[min(at%flegt.BulkPartSize, len(part.Items)):]
			items = items[:min(len(items), from+n-at)]
			if len(items) == 0 {
				return nil
			}
			out, at = append(out, items...), at+len(items)
		}
		return nil
	})
	return out, err
}

// cancelImport stops an import; who works on it sees that before the next part.
func (o *Office) cancelImport(ctx context.Context, a flegt.Actor, id string) error {
	b, err := o.importOf(ctx, a, id)
	if err != nil || b.Stage != flegt.BulkImporting {
		return err
	}
	err = o.endImport(ctx, b.ID, flegt.BulkCancelled, nil)
	if flegt.KindOf(err) == flegt.Conflict {
		return nil // it came to its end meanwhile
	}
	return err
}

// endImport notes that an import does not go on. It is done only when no part is left.
func (o *Office) endImport(ctx context.Context, id string, stage flegt.BulkStage, why *flegt.Error) error {
	return o.db.Update(ctx, func(tx *store.Tx) error {
		b, err := tx.HoldBulkImport(id, flegt.BulkImporting)
		if err != nil {
			return err
		}
		if left, err := tx.BulkPartsLeft(id); err != nil || stage == flegt.BulkDone && len(left) > 0 {
			return err
		}
		b.Stage, b.Refused, b.MovedAt = stage, plainRefusal(why), o.now()
		return tx.SaveBulkImport(b, b.MovedAt.Add(KeepBulkImport))
	})
}

// plainRefusal is a refusal without what is for the log alone.
func plainRefusal(e *flegt.Error) *flegt.Error {
	if e == nil {
		return nil
	}
	return &flegt.Error{Kind: e.Kind, Key: e.Key, Args: e.Args}
}

// ResumeBulkImports takes up the imports that a process left behind which ended in the middle:
// all of them at the start, later those of which no part was written for a minute. Two
// processes that work on one import make nothing twice.
func (o *Office) ResumeBulkImports(ctx context.Context, all bool) (n int, err error) {
	since := o.now()
	if !all {
		since = since.Add(-staleBulk)
	}
	var ids []string
	err = o.db.View(ctx, func(tx *store.Tx) error {
		ids, err = tx.StaleBulkImports(since)
		return err
	})
	for _, id := range ids {
		if o.work(ctx, id) {
			n++
		}
	}
	return n, err
}

// work goes through an import in the background, unless this process does already.
func (o *Office) work(ctx context.Context, id string) bool {
	o.bulks.mu.Lock()
	defer o.bulks.mu.Unlock()
	if o.bulks.running[id] {
		return false
	}
	if o.bulks.running == nil {
		o.bulks.running = map[string]bool{}
	}
	o.bulks.running[id] = true
	ctx = store.WithOnce(context.WithoutCancel(ctx), nil) // the key of the request was used for its own change
	go func() {
		err := o.importBulk(ctx, id)
		o.bulks.mu.Lock()
		delete(o.bulks.running, id)
		o.bulks.mu.Unlock()
		if err != nil {
			o.brokeOff(ctx, id, err)
		}
	}()
	return true
}

// brokeOff notes why an import does not go on. One that was stopped is noted already, and may
// have been told to go on while this process was stopping; one that ends with the process is
// taken up by the next.
func (o *Office) brokeOff(ctx context.Context, id string, err error) {
	if errors.Is(err, errImportStopped) {
		o.workAgain(ctx, id)
		return
	}
	var why *flegt.Error
	if !isRefusal(err) || !errors.As(err, &why) {
		why = nil
	}
	switch failed := o.endImport(ctx, id, flegt.BulkFailed, why); {
	case errors.Is(failed, store.ErrClosed):
	case failed != nil && flegt.KindOf(failed) != flegt.Conflict:
		o.log.Error("import failed", "import", id, "error", errors.Join(err, failed))
	case why == nil:
		o.log.Error("import failed", "import", id, "error", err)
	}
}

// workAgain goes on with an import that is to go on.
func (o *Office) workAgain(ctx context.Context, id string) {
	var b flegt.BulkImport
	err := o.db.View(ctx, func(tx *store.Tx) (err error) {
		b, err = tx.BulkImport(id)
		return err
	})
	if err == nil && b.Stage == flegt.BulkImporting {
		o.work(ctx, id)
	}
}
