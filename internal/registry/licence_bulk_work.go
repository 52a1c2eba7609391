package registry

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

const (
	// bulkLook is how many licences are looked at in one view of the database.
	bulkLook = 50
	// bulkWriters is how many drafts wait at a time; those share a commit, see store.Update.
	bulkWriters = 128
)

// checkBulk is the dry run: the checks of every licence, several at a time.
func (o *Office) checkBulk(ctx context.Context, k *keptBulk) error {
	batches := (len(k.licences) + bulkLook - 1) / bulkLook
	return together(ctx, runtime.GOMAXPROCS(0), batches, func(n int) error {
		from := n * bulkLook
		to := min(from+bulkLook, len(k.licences))
		items := make([]BulkItem, to-from)
		err := o.db.View(ctx, func(tx *store.Tx) error {
			if err := holds(tx, k.actor); err != nil {
				return err
			}
			for i := from; i < to; i++ {
				if err := o.lookAtRow(tx, k.actor, k.licences[i], &items[i-from]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		o.bulks.mu.Lock()
		defer o.bulks.mu.Unlock()
		copy(k.Items[from:to], items)
		k.Done += to - from
		return nil
	})
}

// lookAtRow checks one licence as it would be checked on its form. A scan is added to the draft
// afterwards, so that none is missed here.
func (o *Office) lookAtRow(tx *store.Tx, a flegt.Actor, b flegt.BulkLicence, item *BulkItem) error {
	l := flegt.Licence{Operator: a.Body, ImportCountry: b.ImportCountry, State: flegt.Draft, Form: b.Form, NextLine: len(b.Form.Goods) + 1}
	if l.ImportCountry == "" {
		l.ImportCountry = a.Country
	}
	*item = BulkItem{Row: b.Row, Number: b.Form.Number, Severity: flegt.OK}
	if b.Form.Number != "" {
		draft, err := tx.DraftNumbered(a.Body, b.Form.Number)
		if err != nil && flegt.KindOf(err) != flegt.NotFound {
			return err
		}
		item.Draft, item.version, l.ID = draft.ID, draft.Version, draft.ID
	}
	found, err := o.checkFor(tx, a, l)
	if err != nil {
		return err
	}
	item.Cells = append(item.Cells, b.Cells...)
	for _, f := range found {
		if f.Severity != flegt.OK && f.Field != "scan" {
			row, column := b.Place(f.Field)
			item.Cells = append(item.Cells, flegt.BulkCell{Row: row, Column: column, Finding: f})
		}
	}
	for _, c := range item.Cells {
		if c.Severity == flegt.Wrong || item.Severity == flegt.OK {
			item.Severity = c.Severity
		}
	}
	return nil
}

// importBulk makes the drafts, each whole or not at all.
func (o *Office) importBulk(ctx context.Context, k *keptBulk, update bool) error {
	items := o.bulks.look(k).Items
	return together(ctx, bulkWriters, len(items), func(i int) error {
		item := items[i]
		err := o.importOne(ctx, k, k.licences[i], &item, update)
		var refusal *flegt.Error
		switch {
		case errors.As(err, &refusal) && refusal.Kind != flegt.Internal:
			item.Outcome, item.Refused, item.Licence = "refused", refusal, ""
		case err != nil:
			return err
		}
		o.bulks.mu.Lock()
		defer o.bulks.mu.Unlock()
		k.Items[i] = item
		k.Done++
		return nil
	})
}

// importOne makes a draft, or changes the one that stands under the number.
func (o *Office) importOne(ctx context.Context, k *keptBulk, b flegt.BulkLicence, item *BulkItem, update bool) error {
	if item.Severity == flegt.Wrong {
		item.Outcome = "skipped"
		return nil
	}
	id, now := o.newID(), o.now()
	return o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, k.actor); err != nil {
			return err
		}
		draft, err := tx.DraftNumbered(k.actor.Body, b.Form.Number)
		switch {
		case err == nil && !update:
			item.Outcome, item.Licence = "left", draft.ID
			return nil
		case err == nil:
			item.Outcome, item.Licence = "updated", draft.ID
			return o.updateDraft(tx, k, b, *item, draft)
		case flegt.KindOf(err) != flegt.NotFound:
			return err
		}
		item.Outcome, item.Licence = "created", id
		return o.addDraft(tx, k, b, flegt.Licence{ID: id, Operator: k.actor.Body, ImportCountry: b.ImportCountry, Version: 1,
			CreatedBy: k.actor.Account, CreatedAt: now, UpdatedAt: now, NextLine: 1})
	})
}

func (o *Office) addDraft(tx *store.Tx, k *keptBulk, b flegt.BulkLicence, l flegt.Licence) error {
	if l.ImportCountry == "" {
		l.ImportCountry = k.actor.Country
	}
	created, err := l.Create(k.actor, l.CreatedAt, b.Form)
	if err != nil {
		return err
	}
	if err := tx.AddLicence(l); err != nil {
		return err
	}
	_, err = appendLicence(tx, created.With("bulk", k.ID), l)
	return err
}

func (o *Office) updateDraft(tx *store.Tx, k *keptBulk, b flegt.BulkLicence, item BulkItem, l flegt.Licence) error {
	if err := access.MayDo(k.actor, l, flegt.VerbEdit); err != nil {
		return err
	}
	if l.ID != item.Draft || l.Version != item.version {
		return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
	}
	before := l
	if b.ImportCountry != "" {
		if err := l.LodgeIn(b.ImportCountry); err != nil {
			return err
		}
	}
	edited, err := l.Edit(k.actor, o.now(), b.Form.Over(before.Form))
	if err != nil {
		return err
	}
	if err := tx.SaveLicence(before, &l); err != nil {
		return err
	}
	_, err = appendLicence(tx, edited.With("bulk", k.ID), l)
	return err
}

// together does n pieces of work, some at a time, until one fails or it is cancelled.
func together(ctx context.Context, workers, n int, do func(int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					stop(err)
				}
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}
