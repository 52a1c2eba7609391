package store

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/openflegt/openflegt/internal/flegt"
)

// maxKnown is how many bytes of rows are known at most: some 25,000 licences with two or three
// declarations each. In memory they take about twice that.
const maxKnown = 64 << 20

// knownParts is how many parts the names of licences fall into, see known.parts.
const knownParts = 256

// known are licences with their ledgers that were read before, as they stand now. Customs
// reads a licence, books, and releases, and each time it would be read and taken apart again.
//
// A process makes one change after the other, so that it knows of its own: what a change touches
// is forgotten before its commit, and nobody may remember it again until the commit has ended.
// What another process has written (a second node on PostgreSQL, a command beside the running
// program) is noticed by the log's head, which rises with every change of a licence: see
// overtaken.
//
// What is known is shared by all who ask, and must not be changed by any of them.
type known struct {
	mu      sync.Mutex
	entries map[string]*knownLicences // by name, see nameOf
	under   map[string][]string       // the names under which a licence is known, by its id
	size    int
	parts   [knownParts]knownPart
	head    int64 // of the log, up to which we know what happened
	clock   uint64
	epoch   uint64            // rises when everything is forgotten
	rights  uint64            // rises when another process wrote what is not about a licence
	others  map[string]uint64 // the clock when another process was seen to have changed what a name names
}

// knownPart tells whether what was read under one of its names may be remembered.
type knownPart struct {
	open bool   // a change that touches one of them has not ended
	last uint64 // the clock when one last began or ended
}

// knownLicences are those that one name names.
type knownLicences struct {
	all  []*WithLedger
	size int
}

// touched is what a group of changes has touched: the names that nobody may remember until it
// has ended, and what will be known then.
type touched struct {
	names []string
	after map[string]*renewed // by licence's id
}

// renewed is a licence with its ledger as a booking leaves it.
type renewed struct {
	names []string // under which it was known
	WithLedger
	size int
}

// Aside is room beside a known licence for what somebody wrote down of it; it goes when the
// licence changes. It is safe for use by many goroutines.
type Aside struct{ kept atomic.Pointer[writtenDown] }

type writtenDown struct {
	day  flegt.Date
	text []byte
}

// Get gives what was written down on the day; nil when nothing was.
func (a *Aside) Get(day flegt.Date) []byte {
	if a == nil {
		return nil
	}
	if k := a.kept.Load(); k != nil && k.day == day {
		return k.text
	}
	return nil
}

// Put keeps what was written down on the day.
func (a *Aside) Put(day flegt.Date, text []byte) {
	if a != nil {
		a.kept.Store(&writtenDown{day, text})
	}
}

func byID(id string) string { return "i:" + id }

func byNumber(key string) string { return "n:" + key }

// nameOf is the name under which a reference is known. An id has no capital letters (UUID,
// RFC 9562), and a licence's number has some: what has none is known as an id alone.
func nameOf(ref, key string) string {
	if isNumber(ref) {
		return byNumber(key)
	}
	return byID(ref)
}

func isNumber(ref string) bool {
	return strings.ContainsFunc(ref, func(r rune) bool { return 'A' <= r && r <= 'Z' })
}

func partOf(name string) int {
	h := uint32(2166136261) // FNV-1a
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return int(h % knownParts)
}

// find gives the licences that a reference names; nil when they are not known. The name is put
// together where it is looked up, so that it need not be kept.
func (k *known) find(ref, key string) []*WithLedger {
	begin, rest := "i:", ref
	if isNumber(ref) {
		begin, rest = "n:", key
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.entries[begin+rest]; e != nil {
		return e.all
	}
	return nil
}

// seen is when something was read.
type seen struct{ epoch, clock uint64 }

// begin is called before the snapshot of a look begins.
func (k *known) begin() seen {
	k.mu.Lock()
	defer k.mu.Unlock()
	return seen{k.epoch, k.clock}
}

// remember keeps what a look saw, if nothing of it can have changed since the look began.
func (k *known) remember(name string, at seen, all []*WithLedger, size int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if at.epoch != k.epoch || !k.parts[partOf(name)].stoodSince(at) {
		return
	}
	for _, l := range all {
		if !k.parts[partOf(byID(l.Licence.ID))].stoodSince(at) {
			return
		}
	}
	k.put(name, all, size)
}

func (p knownPart) stoodSince(at seen) bool { return !p.open && p.last <= at.clock }

// put keeps an entry, and drops others where there are too many: any of them, because who
// goes through all licences in turn would else never find one.
func (k *known) put(name string, all []*WithLedger, size int) {
	if k.entries == nil {
		k.entries, k.under = map[string]*knownLicences{}, map[string][]string{}
	}
	k.drop(name)
	for other := range k.entries {
		if k.size+size <= maxKnown {
			break
		}
		k.drop(other)
	}
	k.entries[name] = &knownLicences{all: all, size: size}
	k.size += size
	for _, l := range all {
		k.under[l.Licence.ID] = append(k.under[l.Licence.ID], name)
	}
}

func (k *known) drop(name string) {
	e := k.entries[name]
	if e == nil {
		return
	}
	k.size -= e.size
	delete(k.entries, name)
	for _, l := range e.all {
		id := l.Licence.ID
		if names := slices.DeleteFunc(k.under[id], func(n string) bool { return n == name }); len(names) > 0 {
			k.under[id] = names
		} else {
			delete(k.under, id)
		}
	}
}

// touches forgets the names of a licence before a change of it is committed, and gives what
// was known under each that stood for this licence alone.
func (tx *Tx) touches(id string, keys ...string) (was map[string]*knownLicences) {
	k, t := &tx.db.known, &tx.sql.touched
	k.mu.Lock()
	defer k.mu.Unlock()
	names := []string{byID(id)}
	for _, key := range keys {
		if key != "" {
			names = append(names, byNumber(key))
		}
	}
	for _, name := range names {
		if e := k.entries[name]; e != nil && len(e.all) == 1 && e.all[0].Licence.ID == id {
			if was == nil {
				was = map[string]*knownLicences{}
			}
			was[name] = e
		}
		k.drop(name)
		k.clock++
		p := &k.parts[partOf(name)]
		p.open, p.last = true, k.clock
	}
	t.names = append(t.names, names...)
	if t.after[id] != nil { // it was changed again
		t.after[id] = nil
	}
	return was
}

// renews is touches for a booking: with its movements, what was known of the licence is known
// again when it is committed.
func (tx *Tx) renews(l flegt.Licence, row string, booked bool) {
	was := tx.touches(l.ID, flegt.NumberKey(l.Form.Number))
	t := &tx.sql.touched
	if _, again := t.after[l.ID]; again || len(was) == 0 {
		return
	}
	r := &renewed{}
	for name, e := range was {
		if e.all[0].Licence.Version != l.Version-1 {
			return
		}
		r.names, r.size = append(r.names, name), e.size
		r.WithLedger = WithLedger{Licence: l, Movements: slices.Clip(e.all[0].Movements), row: row, booked: booked}
	}
	if t.after == nil {
		t.after = map[string]*renewed{}
	}
	t.after[l.ID] = r
}

// moves adds a movement, as it will be read, to what will be known.
func (t *touched) moves(m flegt.Movement, size int) {
	if r := t.after[m.Licence]; r != nil {
		m.At = m.At.Round(0).UTC()
		r.Movements = append(r.Movements, m)
		r.size += size
	}
}

// drop lets nothing be known of what a change would have left that was not made after all.
func (t *touched) drop() {
	for id := range t.after {
		t.after[id] = nil
	}
}

// ended lets names be remembered again, after the commit or when there is none. head is the
// log's after it, 0 when it did not change.
func (k *known) ended(t touched, head int64, committed bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.clock++
	for _, name := range t.names {
		p := &k.parts[partOf(name)]
		p.open, p.last = false, k.clock
	}
	if !committed {
		return
	}
	if head > 0 {
		k.head = head
	}
	for _, r := range t.after {
		if r == nil {
			continue
		}
		r.seen, r.aside = seen{k.epoch, k.clock}, &Aside{}
		for _, name := range r.names {
			l := r.WithLedger
			l.name = name
			k.put(name, []*WithLedger{&l}, r.size)
		}
	}
}
