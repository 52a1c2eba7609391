package registry

import (
	"context"
	"slices"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// DossierQuery narrows a work list; the country is the officer's own.
type DossierQuery = store.DossierQuery

// Outcome narrows what was decided by what became of it.
type Outcome = store.Outcome

// The outcomes.
const (
	OutcomeAccepted   = store.OutcomeAccepted
	OutcomeUnaccepted = store.OutcomeUnaccepted
)

// WorkList is a page of the authority's work list.
type WorkList struct {
	Rows     []flegt.Dossier
	Count    int                           // found, at most 1,001 are counted
	Officers map[string]string             // names by account
	Held     map[string]bool               // of the rows, by licence: customs holds the shipment
	Outcomes map[string]flegt.LicenceState // of the rows that are decided, by licence: what became of it
	Tally    Tally
	Desk     flegt.DeskSettings
}

// countedTo is how many of anything are counted; whether there are more is told too.
const countedTo = 1000

// Tally counts what is not decided: handled by nobody, by the officer who asks, waiting for
// somebody else, and all; and what customs holds, decided or not. At most 1,001 of each are counted.
type Tally struct{ Nobody, Mine, Waiting, All, Held int }

// tally counts for an officer.
func tally(tx *store.Tx, a flegt.Actor) (t Tally, err error) {
	if t.Nobody, t.Mine, t.Waiting, t.All, err = tx.DossierCounts(a.Country, a.Account, countedTo+1); err != nil {
		return t, err
	}
	t.Held, err = tx.CountHeld(a.Country, countedTo+1)
	return t, err
}

// Officer is a colleague to whom a dossier can be given.
type Officer struct{ Account, Name string }

// WorkList lists a page of the dossiers of the officer's authority.
func (o *Office) WorkList(ctx context.Context, a flegt.Actor, q DossierQuery) (out WorkList, err error) {
	if err := access.MayWorkDesk(a); err != nil {
		return out, err
	}
	q.Country = a.Country
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if out.Rows, err = tx.Dossiers(q); err != nil {
			return err
		}
		if out.Count, err = tx.CountDossiers(q, countedTo+1); err != nil {
			return err
		}
		if out.Tally, err = tally(tx, a); err != nil {
			return err
		}
		ids := make([]string, len(out.Rows))
		for i, d := range out.Rows {
			ids[i] = d.Licence
		}
		if out.Held, err = tx.HeldAmong(a.Country, ids); err != nil {
			return err
		}
		if out.Outcomes, err = outcomes(tx, out.Rows); err != nil {
			return err
		}
		auth, err := tx.Authority(flegt.AuthorityID(a.Country))
		if err != nil && flegt.KindOf(err) != flegt.NotFound {
			return err
		}
		out.Desk = auth.Desk
		officers, err := officersOf(tx, a.Body)
		if err != nil {
			return err
		}
		out.Officers = map[string]string{}
		for _, f := range officers {
			out.Officers[f.Account] = f.Name
		}
		return nil
	})
	return out, err
}

// officersOf lists who acts for an authority, by name.
func officersOf(tx *store.Tx, body string) ([]Officer, error) {
	held, err := tx.Authorisations(store.AuthorisationQuery{Body: body, Status: []string{string(flegt.Approved)}, Limit: maxOfficers})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(held))
	for i, z := range held {
		ids[i] = z.Account
	}
	accounts, err := tx.AccountsWithIDs(ids)
	if err != nil {
		return nil, err
	}
	var out []Officer
	for _, z := range held {
		acc, known := accounts[z.Account]
		if !known {
			return nil, flegt.Missing()
		}
		out = append(out, Officer{acc.ID, acc.FirstName + " " + acc.LastName})
	}
	return out, nil
}

// maxOfficers is how many officers one authority is offered to choose among.
const maxOfficers = 500

// DossierCase is a dossier with what its page shows beside it.
type DossierCase struct {
	Dossier  flegt.Dossier
	Held     bool               // customs holds the shipment
	Outcome  flegt.LicenceState // what became of the licence; empty while it is not decided
	Desk     flegt.DeskSettings
	Officers []Officer
	Names    map[string]string // of the accounts in it
	History  []flegt.Event
}

// Dossier reads the authority's own work on a licence.
func (o *Office) Dossier(ctx context.Context, a flegt.Actor, licence string) (c DossierCase, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if c.Dossier, err = tx.Dossier(licence); err != nil {
			return err
		}
		if err := access.MayWorkDossier(a, c.Dossier); err != nil {
			return err
		}
		held, err := tx.HeldAmong(a.Country, []string{licence})
		if err != nil {
			return err
		}
		c.Held = held[licence]
		became, err := outcomes(tx, []flegt.Dossier{c.Dossier})
		if err != nil {
			return err
		}
		c.Outcome = became[licence]
		auth, err := tx.Authority(flegt.AuthorityID(a.Country))
		if err != nil && flegt.KindOf(err) != flegt.NotFound {
			return err
		}
		c.Desk = auth.Desk
		if c.Officers, err = officersOf(tx, a.Body); err != nil {
			return err
		}
		if c.History, err = tx.EventsOf(flegt.DossierID(licence)); err != nil {
			return err
		}
		c.Names, err = names(tx, c.History)
		for _, f := range c.Officers {
			c.Names[f.Account] = f.Name
		}
		return err
	})
	return c, err
}

// changeDossier runs one step of a dossier in the version that was looked at: rights, the noun's rule, row, event.
func (o *Office) changeDossier(ctx context.Context, a flegt.Actor, licence string, version int, what string, step func(*store.Tx, *flegt.Dossier) (flegt.Event, error)) (d flegt.Dossier, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		d, err = o.stepDossier(tx, a, licence, func(tx *store.Tx, d *flegt.Dossier) (flegt.Event, error) {
			if version != 0 && version != d.Version {
				return flegt.Event{}, flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
			}
			return step(tx, d)
		})
		return err
	})
	return d, o.refused(what, a, err)
}

func (o *Office) stepDossier(tx *store.Tx, a flegt.Actor, licence string, step func(*store.Tx, *flegt.Dossier) (flegt.Event, error)) (flegt.Dossier, error) {
	d, err := tx.Dossier(licence)
	if err != nil {
		return d, err
	}
	if err := access.MayWorkDossier(a, d); err != nil {
		return d, err
	}
	e, err := step(tx, &d)
	if err != nil {
		return d, err
	}
	return d, saveDossier(tx, &d, e)
}

func saveDossier(tx *store.Tx, d *flegt.Dossier, e flegt.Event) error {
	if err := tx.SaveDossier(d); err != nil {
		return err
	}
	e.Version, e.State = d.Version, string(d.Standing)
	_, err := tx.Append(e, d)
	return err
}

// Handover says which dossier is handed over, and how it was when it was looked at: who had
// it as the page showed, or in which version it was.
type Handover struct {
	Licence, Before string
	Version         int  // 0: Before says how it was
	Any             bool // however it is by now
}

// AssignDossiers gives dossiers to an officer of the authority, all of them or none; to
// nobody when officer is empty. One that somebody else took meanwhile is a conflict.
func (o *Office) AssignDossiers(ctx context.Context, a flegt.Actor, officer string, list []Handover) error {
	if err := access.MayWorkDesk(a); err != nil {
		return err
	}
	if len(list) == 0 {
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "pick", Key: "dossier.pick_some"}})
	}
	if len(list) > maxHandover {
		return flegt.Refuse(flegt.TooLarge, "dossier.pick_fewer", flegt.Args{"Max": maxHandover})
	}
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if err := isOfficer(tx, a.Body, officer); err != nil {
			return err
		}
		for _, h := range list {
			_, err := o.stepDossier(tx, a, h.Licence, func(_ *store.Tx, d *flegt.Dossier) (flegt.Event, error) {
				if h.Any {
					return d.Assign(a, o.now(), officer, d.Officer)
				}
				if h.Version == 0 {
					return d.Assign(a, o.now(), officer, h.Before)
				}
				if h.Version != d.Version {
					return flegt.Event{}, flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
				}
				return d.Assign(a, o.now(), officer, d.Officer)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return o.refused("assign dossier", a, err)
}

// maxHandover is how many dossiers are handed over at once.
const maxHandover = 200

func isOfficer(tx *store.Tx, body, officer string) error {
	if officer == "" {
		return nil
	}
	officers, err := officersOf(tx, body)
	if err == nil && !slices.ContainsFunc(officers, func(f Officer) bool { return f.Account == officer }) {
		err = flegt.InvalidBoxes([]flegt.BoxError{{Box: "officer", Key: "dossier.no_officer"}})
	}
	return err
}

// TickBox notes that a box agrees with the paper, or takes that back. version is the one that
// was looked at; 0 is any.
func (o *Office) TickBox(ctx context.Context, a flegt.Actor, licence string, version int, box string, agrees bool) (flegt.Dossier, error) {
	return o.changeDossier(ctx, a, licence, version, "tick box", func(_ *store.Tx, d *flegt.Dossier) (flegt.Event, error) {
		return d.Compare(a, o.now(), box, agrees)
	})
}

// NoteDossier adds a note and tells the colleagues it mentions: those given, and those whom the text
// names as "@Full Name" (flegt.MentionedIn). version is the one that was looked at; 0 is any.
func (o *Office) NoteDossier(ctx context.Context, a flegt.Actor, licence string, version int, text string, mentions []string) (flegt.Dossier, error) {
	return o.changeDossier(ctx, a, licence, version, "note", func(tx *store.Tx, d *flegt.Dossier) (flegt.Event, error) {
		told, err := mentioned(tx, a, text, mentions)
		if err != nil {
			return flegt.Event{}, err
		}
		return d.Write(a, o.now(), o.newID(), text, told)
	})
}

// mentioned are the colleagues who are to be told of a note.
func mentioned(tx *store.Tx, a flegt.Actor, text string, given []string) ([]string, error) {
	officers, err := officersOf(tx, a.Body)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, f := range officers {
		names[f.Account] = f.Name
	}
	for _, m := range given {
		if _, known := names[m]; !known {
			return nil, flegt.InvalidBoxes([]flegt.BoxError{{Box: "mentions", Key: "dossier.no_officer"}})
		}
	}
	delete(names, a.Account)
	found, doubtful := flegt.MentionedIn(text, names, given)
	if doubtful != "" {
		return nil, flegt.InvalidBoxes([]flegt.BoxError{{Box: "note", Key: "dossier.mention_doubtful", Args: flegt.Args{"Name": doubtful}}})
	}
	told := slices.Clone(given)
	for _, m := range found {
		if !slices.Contains(told, m) {
			told = append(told, m)
		}
	}
	return told, nil
}

// followDossier keeps the dossier in step with its licence, in the same transaction: it is
// opened when the licence is lodged and closed when it is decided.
func (o *Office) followDossier(tx *store.Tx, a flegt.Actor, l flegt.Licence) error {
	if l.SubmittedAt.IsZero() {
		return nil
	}
	d, err := tx.Dossier(l.ID)
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return o.openDossier(tx, a, l)
	}
	if err != nil {
		return err
	}
	e, changed := d.Follow(a, o.now(), l.State)
	if !changed && l.State == flegt.AcceptanceWithdrawn {
		return tx.SettleDossier(l.ID)
	}
	if !changed {
		return nil
	}
	if l.State == flegt.Submitted {
		if err := o.survey(tx, &d, l); err != nil {
			return err
		}
	}
	if err := saveDossier(tx, &d, e); err != nil || d.Standing != flegt.DossierDecided {
		return err
	}
	return o.closeQuestions(tx, a, l.ID)
}

func (o *Office) openDossier(tx *store.Tx, a flegt.Actor, l flegt.Licence) error {
	if l.State != flegt.Submitted {
		return nil
	}
	d := flegt.Dossier{Licence: l.ID, Standing: flegt.DossierOpen, LodgedAt: l.SubmittedAt, Version: 1}
	if err := o.survey(tx, &d, l); err != nil {
		return err
	}
	if err := o.bill(tx, &d); err != nil {
		return err
	}
	return o.addDossier(tx, a, d)
}

// survey notes what of the licence the work list is narrowed by.
func (o *Office) survey(tx *store.Tx, d *flegt.Dossier, l flegt.Licence) error {
	findings, err := o.check(tx, l)
	if err != nil {
		return err
	}
	d.Warnings = 0
	for _, f := range findings {
		if f.Severity == flegt.Look {
			d.Warnings++
		}
	}
	d.Country, d.Facts = l.ImportCountry, flegt.FacetsOf(l)
	return nil
}
