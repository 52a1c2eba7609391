package registry

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

const (
	// bulkLook is how many licences are looked at in one view of the database.
	bulkLook = 50
	// bulkWriters is how many parts of an import are under way: one is made ready while the
	// other is written.
	bulkWriters = 2
)

// checkBulk is the dry run: the checks of every licence, several at a time.
func (o *Office) checkBulk(ctx context.Context, k *keptBulk) error {
	batches := (len(k.licences) + bulkLook - 1) / bulkLook
	return together(ctx, runtime.GOMAXPROCS(0), batches, func(n int) error {
		from := n * bulkLook
		to := min(from+bulkLook, len(k.licences))
		items := make([]flegt.BulkItem, to-from)
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
func (o *Office) lookAtRow(tx *store.Tx, a flegt.Actor, b flegt.BulkLicence, item *flegt.BulkItem) error {
	l := flegt.Licence{Operator: a.Body, ImportCountry: b.ImportCountry, State: flegt.Draft, Form: b.Form, NextLine: len(b.Form.Goods) + 1}
	if l.ImportCountry == "" {
		l.ImportCountry = a.Country
	}
	*item = flegt.BulkItem{Row: b.Row, Number: b.Form.Number, Severity: flegt.OK}
	if b.Form.Number != "" {
		draft, err := tx.DraftNumbered(a.Body, b.Form.Number)
		if err != nil && flegt.KindOf(err) != flegt.NotFound {
			return err
		}
		item.Draft, item.Version, l.ID = draft.ID, draft.Version, draft.ID
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

// errImportStopped is what a part finds whose import was stopped, or has come to its end.
var errImportStopped = errors.New("the import was stopped")

// importBulk works through the parts of an import that are left.
func (o *Office) importBulk(ctx context.Context, id string) error {
	var left []int
	err := o.db.View(ctx, func(tx *store.Tx) (err error) {
		left, err = tx.BulkPartsLeft(id)
		return err
	})
	if err != nil {
		return err
	}
	err = together(ctx, bulkWriters, len(left), func(i int) error { return o.importPart(ctx, id, left[i]) })
	if err != nil {
		return err
	}
	return o.endImport(ctx, id, flegt.BulkDone, nil)
}

// importPart makes the drafts of a part, each whole or not at all, and notes what became of
// them in the same change: whatever stops in the middle, none is made twice.
func (o *Office) importPart(ctx context.Context, id string, number int) error {
	var part flegt.BulkPart
	var done bool
	err := o.db.View(ctx, func(tx *store.Tx) (err error) {
		part, done, err = tx.BulkPart(id, number)
		return err
	})
	if err != nil || done {
		return err
	}
	return o.db.Update(ctx, func(tx *store.Tx) error {
		b, err := tx.HoldBulkImport(id, flegt.BulkImporting)
		if flegt.KindOf(err) == flegt.Conflict {
			return errImportStopped
		}
		if err != nil {
			return err
		}
		if done, err := tx.BulkPartDone(id, number); err != nil || done {
			return err // another process made it
		}
		if err := holds(tx, b.Actor); err != nil {
			return err
		}
		w := &bulkWork{office: o, tx: tx, in: b, now: o.now(), items: slices.Clone(part.Items)}
		if err := w.all(part.Licences); err != nil {
			return err
		}
		packed, err := store.PackBulkPart(flegt.BulkPart{Items: w.items})
		if err != nil {
			return err
		}
		if err := tx.FinishBulkPart(id, number, packed); err != nil {
			return err
		}
		for _, item := range w.items {
			b.Outcomes[item.Outcome]++
		}
		b.MovedAt = w.now
		return tx.SaveBulkImport(b, time.Time{})
	})
}

// bulkWork is a part of an import while it is written.
type bulkWork struct {
	office *Office
	tx     *store.Tx
	in     flegt.BulkImport
	now    time.Time
	items  []flegt.BulkItem
}

// all writes the licences of a part: new drafts together, or, when one of them is refused,
// one by one; changed drafts one by one.
func (w *bulkWork) all(licences []flegt.BulkLicence) error {
	numbers := make([]string, len(licences))
	for i, l := range licences {
		numbers[i] = l.Form.Number
	}
	drafts, err := w.tx.DraftsNumbered(w.in.Actor.Body, numbers)
	if err != nil {
		return err
	}
	var fresh []int
	for i, l := range licences {
		item := &w.items[i]
		draft, there := drafts[flegt.NumberKey(l.Form.Number)]
		switch {
		case item.Severity == flegt.Wrong:
			item.Outcome = "skipped"
		case !there:
			item.Outcome, item.Licence = "created", w.office.newID()
			fresh = append(fresh, i)
		case !w.in.Update:
			item.Outcome, item.Licence = "left", draft.ID
		default:
			item.Outcome, item.Licence = "updated", draft.ID
			if err := w.try(item, func() error { return w.update(l, *item, draft) }); err != nil {
				return err
			}
		}
	}
	if err := w.tx.Try(func() error { return w.create(licences, fresh) }); !isRefusal(err) {
		return err
	}
	for _, i := range fresh {
		if err := w.try(&w.items[i], func() error { return w.create(licences, []int{i}) }); err != nil {
			return err
		}
	}
	return nil
}

// isRefusal says whether a change was refused, and did not fail.
func isRefusal(err error) bool {
	var refusal *flegt.Error
	return errors.As(err, &refusal) && refusal.Kind != flegt.Internal
}

// try makes one licence's change; a refusal is noted with the licence and hinders no other.
func (w *bulkWork) try(item *flegt.BulkItem, change func() error) error {
	err := w.tx.Try(change)
	var refusal *flegt.Error
	if isRefusal(err) && errors.As(err, &refusal) {
		item.Outcome, item.Licence, item.Refused = "refused", "", plainRefusal(refusal)
		return nil
	}
	return err
}

// create makes drafts of some of the licences.
func (w *bulkWork) create(licences []flegt.BulkLicence, which []int) error {
	drafts, events := make([]flegt.Licence, len(which)), make([]flegt.Event, len(which))
	for n, i := range which {
		b := licences[i]
		l := flegt.Licence{ID: w.items[i].Licence, Operator: w.in.Actor.Body, ImportCountry: cmp.Or(b.ImportCountry, w.in.Actor.Country), Version: 1,
			CreatedBy: w.in.Actor.Account, CreatedAt: w.now, UpdatedAt: w.now, NextLine: 1}
		created, err := l.Create(w.in.Actor, w.now, b.Form)
		if err != nil {
			return err
		}
		drafts[n], events[n] = l, created.With("bulk", w.in.ID)
	}
	if err := w.tx.AddLicences(drafts); err != nil {
		return err
	}
	for n, e := range events {
		if _, err := appendLicence(w.tx, e, drafts[n]); err != nil {
			return err
		}
	}
	return nil
}

// update changes the draft that stands under a licence's number.
func (w *bulkWork) update(b flegt.BulkLicence, item flegt.BulkItem, l flegt.Licence) error {
	if err := access.MayDo(w.in.Actor, l, flegt.VerbEdit); err != nil {
		return err
	}
	if l.ID != item.Draft || l.Version != item.Version {
		return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
	}
	before := l
	if b.ImportCountry != "" {
		if err := l.LodgeIn(b.ImportCountry); err != nil {
			return err
		}
	}
	edited, err := l.Edit(w.in.Actor, w.now, b.Form.Over(before.Form))
	if err != nil {
		return err
	}
	if err := w.tx.SaveLicence(before, &l); err != nil {
		return err
	}
	_, err = appendLicence(w.tx, edited.With("bulk", w.in.ID), l)
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
