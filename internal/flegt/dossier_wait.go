package flegt

import (
	"slices"
	"time"
)

// Wait says for whom a dossier waits, and until when.
type Wait struct {
	Question string // its id
	To       Addressee
	Until    Date // the deadline
}

// Overdue says whether the deadline has passed.
func (w Wait) Overdue(today Date) bool { return today > w.Until }

// Stand puts a new dossier where it belongs with its licence in a state.
func (d *Dossier) Stand(state LicenceState) { d.Standing = d.stands(state) }

// stands is where the dossier stands with its licence in a state.
func (d *Dossier) stands(state LicenceState) Standing {
	switch {
	case state == Submitted && len(d.Waits) == 0:
		return DossierOpen
	case state == Submitted || state == Returned:
		return DossierWaiting
	}
	return DossierDecided
}

// Wait notes that an answer is waited for. A first officer's proposal falls: something is
// still to be found out.
func (d *Dossier) Wait(by Actor, now time.Time, state LicenceState, w Wait) Event {
	d.Waits = append(d.Waits[:len(d.Waits):len(d.Waits)], w)
	d.Standing, d.Proposal = d.stands(state), nil
	return d.event(by, now, "asked").With("question", w.Question)
}

// Resume notes that an answer is no longer waited for; false when it was not. The dossier is
// open again when nothing else is waited for.
func (d *Dossier) Resume(by Actor, now time.Time, state LicenceState, question string) (Event, bool) {
	i := slices.IndexFunc(d.Waits, func(w Wait) bool { return w.Question == question })
	if i < 0 {
		return Event{}, false
	}
	d.Waits = slices.Delete(slices.Clone(d.Waits), i, i+1)
	if d.Standing != DossierDecided {
		d.Standing = d.stands(state)
	}
	return d.event(by, now, "resumed").With("question", question), true
}
