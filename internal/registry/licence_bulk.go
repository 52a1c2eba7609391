package registry

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
)

// KeepBulk is how long a table of licences is kept after somebody last asked for it.
const KeepBulk = time.Hour

// maxBulkLicences is how many licences all tables kept at a time may hold together.
const maxBulkLicences = 200_000

// BulkStage is how far a table of licences is.
type BulkStage string

// The stages of a table of licences.
const (
	BulkChecking  BulkStage = "checking"
	BulkChecked   BulkStage = "checked" // the dry run is done, nothing is stored
	BulkImporting BulkStage = "importing"
	BulkDone      BulkStage = "done"
	BulkCancelled BulkStage = "cancelled"
	BulkFailed    BulkStage = "failed"
)

// BulkItem is what became of one licence of a table.
type BulkItem struct {
	Row      int
	Number   string
	Severity flegt.Severity   // the worst that was found; empty until it was looked at
	Cells    []flegt.BulkCell // what was found, except what is as it should be
	Draft    string           // id of the operator's draft with the number, when there is one
	Outcome  string           // after the import: created, updated, left, skipped, refused; before it empty
	Licence  string           // id of the draft made or changed
	Refused  *flegt.Error     // why it was refused
	version  int              // of Draft, as looked at
}

// Bulk is a table of licences of one account, as it stands now.
type Bulk struct {
	ID, Name string // Name is the file's
	Stage    BulkStage
	Done     int // licences that the present stage is through with
	Items    []BulkItem
	Unknown  []string // headings that mean no column
}

// Count counts the licences by what was found: those without, with looks, and with errors.
func (b Bulk) Count() (ok, look, wrong int) {
	for _, i := range b.Items {
		switch i.Severity {
		case flegt.OK:
			ok++
		case flegt.Look:
			look++
		case flegt.Wrong:
			wrong++
		}
	}
	return ok, look, wrong
}

// Working says whether something goes on.
func (b Bulk) Working() bool { return b.Stage == BulkChecking || b.Stage == BulkImporting }

// bulks are the tables kept in memory, by account. They are not in the database: a dry run
// stores nothing, and after a restart the file is chosen again.
type bulks struct {
	mu   sync.Mutex
	kept map[string]*keptBulk
}

type keptBulk struct {
	Bulk
	actor    flegt.Actor
	licences []flegt.BulkLicence
	used     time.Time
	cancel   context.CancelFunc
}

// BeginBulk takes a table of licences and begins to look at it; an earlier table of the
// account is forgotten. Conflict while that one is being imported, TooMany when too much is
// kept already.
func (o *Office) BeginBulk(ctx context.Context, a flegt.Actor, name string, licences []flegt.BulkLicence, unknown []string) (Bulk, error) {
	if err := access.MayCreateLicence(a); err != nil {
		return Bulk{}, o.refused("begin bulk entry", a, err)
	}
	k := &keptBulk{actor: a, licences: licences, used: o.now(),
		Bulk: Bulk{ID: o.newID(), Name: name, Stage: BulkChecking, Unknown: unknown, Items: make([]BulkItem, len(licences))}}
	for i, l := range licences {
		k.Items[i] = BulkItem{Row: l.Row, Number: l.Form.Number}
	}
	if err := o.bulks.keep(k); err != nil {
		return Bulk{}, o.refused("begin bulk entry", a, err)
	}
	o.inBackground(ctx, k, o.checkBulk, BulkChecked)
	return o.bulks.look(k), nil
}

func (b *bulks) keep(k *keptBulk) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep(k.used)
	total := len(k.licences)
	for account, other := range b.kept {
		switch {
		case account != k.actor.Account:
			total += len(other.licences)
		case other.Stage == BulkImporting:
			return flegt.Refuse(flegt.Conflict, "bulk.importing", nil)
		default:
			other.stop()
		}
	}
	if total > maxBulkLicences {
		return flegt.Refuse(flegt.TooMany, "bulk.busy", nil)
	}
	if b.kept == nil {
		b.kept = map[string]*keptBulk{}
	}
	b.kept[k.actor.Account] = k
	return nil
}

// sweep forgets what nobody asked for within KeepBulk.
func (b *bulks) sweep(now time.Time) {
	for account, k := range b.kept {
		if !k.Working() && now.Sub(k.used) > KeepBulk {
			delete(b.kept, account)
		}
	}
}

func (k *keptBulk) stop() {
	if k.cancel != nil {
		k.cancel()
	}
}

// look copies how a table stands.
func (b *bulks) look(k *keptBulk) Bulk {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := k.Bulk
	out.Items = slices.Clone(k.Items)
	return out
}

// find gives the account's table; NotFound when it has no such one, or had it in another role.
func (b *bulks) find(a flegt.Actor, id string, now time.Time) (*keptBulk, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep(now)
	k := b.kept[a.Account]
	if k == nil || id != "" && k.ID != id || k.actor.Body != a.Body || k.actor.Role != a.Role {
		return nil, flegt.Missing()
	}
	k.used = now
	return k, nil
}

// Bulk tells how the account's table stands; an empty id is whichever it has.
func (o *Office) Bulk(_ context.Context, a flegt.Actor, id string) (Bulk, error) {
	if err := access.MayCreateLicence(a); err != nil {
		return Bulk{}, flegt.Missing()
	}
	k, err := o.bulks.find(a, id, o.now())
	if err != nil {
		return Bulk{}, err
	}
	return o.bulks.look(k), nil
}

// ImportBulk makes drafts of the licences without errors, in the background. update changes
// drafts that stand under the same number already; otherwise those are left alone. A table
// that is being imported or was imported is a conflict.
func (o *Office) ImportBulk(ctx context.Context, a flegt.Actor, id string, update bool) error {
	if err := access.MayCreateLicence(a); err != nil {
		return o.refused("import licences", a, err)
	}
	k, err := o.bulks.find(a, id, o.now())
	if err != nil {
		return err
	}
	o.bulks.mu.Lock()
	if k.Stage != BulkChecked {
		o.bulks.mu.Unlock()
		return o.refused("import licences", a, flegt.Refuse(flegt.Conflict, "bulk.begun", nil))
	}
	k.Stage, k.Done = BulkImporting, 0
	o.bulks.mu.Unlock()
	o.inBackground(ctx, k, func(ctx context.Context, k *keptBulk) error { return o.importBulk(ctx, k, update) }, BulkDone)
	return nil
}

// CancelBulk stops what goes on, or forgets a table that was only looked at. What was
// imported already stays.
func (o *Office) CancelBulk(_ context.Context, a flegt.Actor, id string) error {
	if err := access.MayCreateLicence(a); err != nil {
		return o.refused("cancel bulk entry", a, err)
	}
	k, err := o.bulks.find(a, id, o.now())
	if err != nil {
		return err
	}
	o.bulks.mu.Lock()
	defer o.bulks.mu.Unlock()
	k.stop()
	if k.Stage == BulkChecking || k.Stage == BulkChecked {
		delete(o.bulks.kept, a.Account)
	}
	return nil
}

// inBackground does a stage's work, which goes on when the page is left.
func (o *Office) inBackground(ctx context.Context, k *keptBulk, work func(context.Context, *keptBulk) error, then BulkStage) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	o.bulks.mu.Lock()
	k.cancel = cancel
	o.bulks.mu.Unlock()
	go func() {
		defer cancel()
		err := work(ctx, k)
		o.bulks.mu.Lock()
		defer o.bulks.mu.Unlock()
		switch k.used = o.now(); {
		case ctx.Err() != nil:
			k.Stage = BulkCancelled
		case err != nil:
			o.log.Error("bulk entry failed", "stage", string(k.Stage), "account", k.actor.Account, "error", err)
			k.Stage = BulkFailed
		default:
			k.Stage = then
		}
		if k.Stage != BulkChecked {
			k.licences = nil
		}
	}()
}
