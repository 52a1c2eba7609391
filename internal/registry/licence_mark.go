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
