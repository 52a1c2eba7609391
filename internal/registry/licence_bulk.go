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

// Bulk is a table of licences of one account, as it stands now.
type Bulk struct {
	ID, Name string // Name is the file's
	Stage    flegt.BulkStage
	Total    int              // licences
	Done     int              // licences that the present stage is through with
	Items    []flegt.BulkItem // before the import; what became of each is told by BulkResults
	Unknown  []string         // headings that mean no column
	Outcomes map[string]int   // after the import: how many licences came to which outcome
	Refused  *flegt.Error     // why the import broke off, when that can be told
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
func (b Bulk) Working() bool { return b.Stage == flegt.BulkChecking || b.Stage == flegt.BulkImporting }

// Resumable says whether an import ended before its end and can go on.
func (b Bulk) Resumable() bool {
	return (b.Stage == flegt.BulkCancelled || b.Stage == flegt.BulkFailed) && b.Outcomes != nil && b.Done < b.Total
}

// bulks are the tables that are only looked at, by account, in memory: a dry run stores
// nothing, and after a restart the file is chosen again. What somebody said yes to is in the
// database; running are the imports that this process works on.
type bulks struct {
	mu      sync.Mutex
	kept    map[string]*keptBulk
	running map[string]bool
}

type keptBulk struct {
	Bulk
	actor    flegt.Actor
	licences []flegt.BulkLicence
	used     time.Time
	cancel   context.CancelFunc
}

// BeginBulk takes a table of licences and begins to look at it; an earlier table of the
// account that was only looked at is forgotten. Conflict while one is being imported, TooMany
// when too much is kept already.
func (o *Office) BeginBulk(ctx context.Context, a flegt.Actor, name string, licences []flegt.BulkLicence, unknown []string) (Bulk, error) {
	if err := access.MayCreateLicence(a); err != nil {
		return Bulk{}, o.refused("begin bulk entry", a, err)
	}
	last, err := o.lastImport(ctx, a)
	if err == nil && last.Stage == flegt.BulkImporting {
		return Bulk{}, o.refused("begin bulk entry", a, flegt.Refuse(flegt.Conflict, "bulk.importing", nil))
	} else if err != nil && flegt.KindOf(err) != flegt.NotFound {
		return Bulk{}, err
	}
	k := &keptBulk{actor: a, licences: licences, used: o.now(),
		Bulk: Bulk{ID: o.newID(), Name: name, Stage: flegt.BulkChecking, Unknown: unknown, Total: len(licences), Items: make([]flegt.BulkItem, len(licences))}}
	for i, l := range licences {
		k.Items[i] = flegt.BulkItem{Row: l.Row, Number: l.Form.Number}
	}
	if err := o.bulks.keep(k); err != nil {
		return Bulk{}, o.refused("begin bulk entry", a, err)
	}
	o.checkInBackground(ctx, k)
	return o.bulks.look(k), nil
}

func (b *bulks) keep(k *keptBulk) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep(k.used)
	total := len(k.licences)
	for account, other := range b.kept {
		if account != k.actor.Account {
			total += len(other.licences)
		} else {
			other.cancel()
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

// forget drops a table that was only looked at.
func (b *bulks) forget(k *keptBulk) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k.cancel()
	if b.kept[k.actor.Account] == k {
		delete(b.kept, k.actor.Account)
	}
}

// Bulk tells how the account's table stands; an empty id is the one that it looked at last,
// or else its last import.
func (o *Office) Bulk(ctx context.Context, a flegt.Actor, id string) (Bulk, error) {
	if err := access.MayCreateLicence(a); err != nil {
		return Bulk{}, flegt.Missing()
	}
	if k, err := o.bulks.find(a, id, o.now()); err == nil {
		return o.bulks.look(k), nil
	}
	b, err := o.importOf(ctx, a, id)
	return bulkOf(b), err
}

// CancelBulk stops what goes on, or forgets a table that was only looked at. What was
// imported already stays.
func (o *Office) CancelBulk(ctx context.Context, a flegt.Actor, id string) error {
	if err := access.MayCreateLicence(a); err != nil {
		return o.refused("cancel bulk entry", a, err)
	}
	if k, err := o.bulks.find(a, id, o.now()); err == nil {
		o.bulks.forget(k)
		return nil
	}
	return o.cancelImport(ctx, a, id)
}

// checkInBackground does the dry run, which goes on when the page is left.
func (o *Office) checkInBackground(ctx context.Context, k *keptBulk) {
	ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer k.cancel()
		err := o.checkBulk(ctx, k)
		o.bulks.mu.Lock()
		defer o.bulks.mu.Unlock()
		switch k.used = o.now(); {
		case ctx.Err() != nil:
			k.Stage = flegt.BulkCancelled
		case err != nil:
			o.log.Error("bulk entry failed", "stage", string(k.Stage), "account", k.actor.Account, "error", err)
			k.Stage = flegt.BulkFailed
		default:
			k.Stage = flegt.BulkChecked
		}
	}()
}
