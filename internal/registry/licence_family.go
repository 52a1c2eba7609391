package registry

import (
	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Relative is a licence in the family of another: what it replaced, and what stands in its
// place.
type Relative struct {
	Number     string
	ID         string // empty when it is not here, or not for the actor
	State      flegt.LicenceState
	Mark       string // replaced, cancelled, lost; empty when not marked
	Self       bool   // the licence whose family it is
	More       bool   // others before or after it belong to the family and are not in the tree
	Successors []Relative
}

// Bounds of a family that is shown. What lies beyond them is said to be there, and is found from the
// nearest licence that is shown.
const (
	maxGenerations = 6  // before the licence, and after it
	maxAncestors   = 20 // on the ways that lead to it
	maxRelatives   = 50 // others, its own successors first
)

// family finds the predecessors and successors of a licence by their numbers, so that they
// are linked whichever comes in first. The oldest come first; nil when there are none.
func family(tx *store.Tx, a flegt.Actor, l flegt.Licence) ([]Relative, error) {
	f := &familyTree{tx: tx, a: a, self: l.ID, way: map[string]bool{}, seen: map[string]bool{}, more: map[string]bool{}}
	oldest, _, err := f.oldest(l, maxGenerations)
	if err != nil {
		return nil, err
	}
	// what stands in its place matters most: it is found before others use up the room
	f.own, err = f.below(l, maxGenerations)
	if err != nil {
		return nil, err
	}
	var roots []Relative
	for _, root := range oldest {
		r := f.own
		if root.ID != l.ID {
			if r, err = f.below(root, 2*maxGenerations); err != nil {
				return nil, err
			}
		} else {
			f.placed = true
		}
		roots = append(roots, r)
	}
	if !f.placed { // what was said later of the one before it leads elsewhere
		roots = append(roots, f.own)
	}
	if len(roots) == 1 && len(roots[0].Successors) == 0 && !roots[0].More {
		return nil, nil
	}
	return roots, nil
}

type familyTree struct {
	tx     *store.Tx
	a      flegt.Actor
	self   string
	own    Relative        // the licence itself with its successors
	placed bool            // it has its place in the tree
	way    map[string]bool // the licence and those before it, by id
	seen   map[string]bool // those in the tree, so that a ring ends
	more   map[string]bool // those before which others lie that are not climbed to
	n      int             // how many are in the tree, those on the way apart
}

// oldest climbs to the licences that replaced nothing; false when all ways up from it led to where the
// climb had been.
func (f *familyTree) oldest(l flegt.Licence, left int) (out []flegt.Licence, fresh bool, err error) {
	f.way[l.ID] = true
	before, err := f.tx.Predecessors(l.Form.Number, maxRelatives)
	if err != nil {
		return nil, false, err
	}
	been := false
	for _, p := range before {
		if p.ID == l.ID || p.Form.Export != l.Form.Export || access.MaySeeLicence(f.a, &p) != nil {
			continue
		}
		switch {
		case f.way[p.ID]:
			been = true
			continue
		case left == 0 || len(f.way) > maxAncestors:
			f.more[l.ID] = true
			continue
		}
		up, found, err := f.oldest(p, left-1)
		if err != nil {
			return nil, false, err
		}
		been = been || !found
		out = append(out, up...)
	}
	if len(out) == 0 && !been {
		out = []flegt.Licence{l}
	}
	if len(out) == 0 && l.ID == f.self {
		out = []flegt.Licence{l} // a ring
	}
	return out, len(out) > 0, nil
}

func (f *familyTree) below(l flegt.Licence, left int) (Relative, error) {
	f.seen[l.ID] = true
	r := Relative{Number: l.Form.Number, ID: l.ID, State: l.State, Self: l.ID == f.self, More: f.more[l.ID]}
	mark, marked := l.MarkedAs()
	if !marked {
		return r, nil
	}
	r.Mark = mark.Name()
	room := max(0, min(maxRelatives-f.n, len(mark.Successors))) // taken before theirs take it
	if left == 0 {
		room = 0
	}
	f.n += room
	for _, number := range mark.Successors {
		next, known, err := f.visible(number, l.Form.Export)
		if err != nil {
			return r, err
		}
		switch onTheWay := known && f.way[next.ID]; {
		case onTheWay: // always shown, and counted there
		case room == 0:
			r.More = true
			continue
		default:
			room--
		}
		switch {
		case !known:
			r.Successors = append(r.Successors, Relative{Number: number})
			continue
		case next.ID == f.self && f.own.ID != "" && !f.placed:
			f.placed = true
			r.Successors = append(r.Successors, f.own)
			continue
		case f.seen[next.ID]:
			r.Successors = append(r.Successors, Relative{Number: next.Form.Number, ID: next.ID, State: next.State, Self: next.ID == f.self})
			continue
		}
		child, err := f.below(next, left-1)
		if err != nil {
			return r, err
		}
		r.Successors = append(r.Successors, child)
	}
	return r, nil
}

// visible finds the licence of a number that the actor may see; false when there is none.
func (f *familyTree) visible(number, export string) (flegt.Licence, bool, error) {
	all, err := f.tx.LicencesNumbered(number)
	if err != nil {
		return flegt.Licence{}, false, err
	}
	for _, l := range all {
		if l.Form.Export == export && access.MaySeeLicence(f.a, &l) == nil {
			return l, true, nil
		}
	}
	return flegt.Licence{}, false, nil
}
