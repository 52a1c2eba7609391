package registry

import (
	"context"
	"io"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Evidence is the issuing authority's confirmation as it is handed in. The competent
// authority must give both; the licensing authority itself needs neither.
type Evidence struct {
	Reference string    // number, day or subject of the letter, at most 200 characters
	Name      string    // of the file
	File      io.Reader // PDF, JPEG, PNG or TIFF up to 50 MB; nil when there is none
	Receipt   string    // of a file that was handed in before, instead of File; see ReceiveConfirmation
}

// MarkLicence records that the issuing country replaced, cancelled or lost its licence
// (mark.Verb): by its licensing authority, or by the competent authority with that country's
// confirmation on file.
func (o *Office) MarkLicence(ctx context.Context, a flegt.Actor, id string, version int, mark flegt.Mark, ev Evidence) (flegt.Licence, error) {
	return o.confirmed(ctx, a, id, version, mark.Verb, ev, func(l *flegt.Licence, p flegt.Proof) (flegt.Event, error) {
		mark.Confirmation = p
		return l.AddMark(a, o.now(), mark)
	})
}

// ExtendLicence records that the issuing authority extended the licence's validity.
func (o *Office) ExtendLicence(ctx context.Context, a flegt.Actor, id string, version int, until flegt.Date, ev Evidence) (flegt.Licence, error) {
	return o.confirmed(ctx, a, id, version, flegt.VerbExtend, ev, func(l *flegt.Licence, p flegt.Proof) (flegt.Event, error) {
		return l.Extend(a, o.now(), until, p, o.ref.Limits(l.Form.Export))
	})
}

// CorrectOnPaper records that the issuing authority confirms a correction on the paper.
// field is the box as the form posts it, words say what was corrected.
func (o *Office) CorrectOnPaper(ctx context.Context, a flegt.Actor, id string, version int, field, words string, ev Evidence) (flegt.Licence, error) {
	return o.confirmed(ctx, a, id, version, flegt.VerbCorrectOnPaper, ev, func(l *flegt.Licence, p flegt.Proof) (flegt.Event, error) {
		return l.CorrectOnPaper(a, o.now(), field, words, p)
	})
}

// confirmed keeps the evidence's file, if there is one and the actor may do this at all, and
// then makes the step.
func (o *Office) confirmed(ctx context.Context, a flegt.Actor, id string, version int, verb flegt.Verb, ev Evidence,
	step func(*flegt.Licence, flegt.Proof) (flegt.Event, error)) (l flegt.Licence, err error) {
	proof := flegt.Proof{Reference: ev.Reference}
	if ev.Receipt != "" {
		if proof.File, err = o.handedIn(ctx, a, id, ev.Receipt); err != nil {
			return l, o.refused(string(verb)+" licence", a, err)
		}
	} else if ev.File != nil {
		err := o.db.View(ctx, func(tx *store.Tx) error {
			if l, err = tx.Licence(id); err != nil {
				return err
			}
			return access.MayDo(a, l, verb)
		})
		if err != nil {
			return l, o.refused(string(verb)+" licence", a, err)
		}
		scan, err := o.keepScan(ctx, a, ev.File)
		if err != nil {
			return l, o.refused(string(verb)+" licence", a, inBox(err, "file"))
		}
		scan.ID, scan.Name, scan.By, scan.At = o.newID(), cleanName(ev.Name), a.Account, o.now()
		proof.File = &scan
	}
	return o.changeLicence(ctx, a, id, version, verb, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) { return step(l, proof) })
}

// inBox moves what is wrong with an upload to the box it came in.
func inBox(err error, box string) error {
	if e, ok := err.(*flegt.Error); ok {
		for i := range e.Boxes {
			e.Boxes[i].Box = box
		}
	}
	return err
}

// Relative is a licence in the family of another: what it replaced, and what stands in its
// place.
type Relative struct {
	Number     string
	ID         string // empty when it is not here, or not for the actor
	State      flegt.LicenceState
	Mark       string // replaced, cancelled, lost; empty when not marked
	Self       bool   // the licence whose family it is
	Successors []Relative
}

// Bounds of a family that is shown.
const (
	maxGenerations = 12
	maxRelatives   = 60
)

// family finds the predecessors and successors of a licence by their numbers, so that they
// are linked whichever comes in first. The oldest come first; nil when there are none.
func family(tx *store.Tx, a flegt.Actor, l flegt.Licence) ([]Relative, error) {
	f := &familyTree{tx: tx, a: a, self: l.ID, seen: map[string]bool{}}
	var roots []Relative
	oldest, err := f.oldest(l, maxGenerations, map[string]bool{})
	if err != nil {
		return nil, err
	}
	for _, root := range oldest {
		r, err := f.below(root, maxGenerations)
		if err != nil {
			return nil, err
		}
		roots = append(roots, r)
	}
	if len(roots) == 1 && len(roots[0].Successors) == 0 {
		return nil, nil
	}
	return roots, nil
}

type familyTree struct {
	tx   *store.Tx
	a    flegt.Actor
	self string
	seen map[string]bool // by id, so that a ring ends
}

// oldest climbs to the licences that replaced nothing.
func (f *familyTree) oldest(l flegt.Licence, left int, met map[string]bool) ([]flegt.Licence, error) {
	if met[l.ID] || len(met) >= maxRelatives {
		return nil, nil
	}
	met[l.ID] = true
	before, err := f.tx.Predecessors(l.Form.Number, maxRelatives)
	if err != nil {
		return nil, err
	}
	var out []flegt.Licence
	for _, p := range before {
		if left == 0 || p.ID == l.ID || p.Form.Export != l.Form.Export || access.MaySeeLicence(f.a, p) != nil {
			continue
		}
		up, err := f.oldest(p, left-1, met)
		if err != nil {
			return nil, err
		}
		out = append(out, up...)
	}
	if len(out) == 0 {
		out = []flegt.Licence{l}
	}
	return out, nil
}

func (f *familyTree) below(l flegt.Licence, left int) (Relative, error) {
	f.seen[l.ID] = true
	r := Relative{Number: l.Form.Number, ID: l.ID, State: l.State, Self: l.ID == f.self}
	mark, marked := l.MarkedAs()
	if !marked {
		return r, nil
	}
	r.Mark = mark.Name()
	for _, number := range mark.Successors {
		next, known, err := f.visible(number, l.Form.Export)
		switch {
		case err != nil:
			return r, err
		case !known || left == 0 || f.seen[next.ID] || len(f.seen) >= maxRelatives:
			r.Successors = append(r.Successors, Relative{Number: number})
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
		if l.Form.Export == export && access.MaySeeLicence(f.a, l) == nil {
			return l, true, nil
		}
	}
	return flegt.Licence{}, false, nil
}
