package registry

import (
	"context"
	"slices"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Quantities is the whole position of a licence, without what a page shows beside it.
type Quantities struct {
	ID, Number, Country string // Country is where it is lodged
	State, Standing     string
	Clearable           error // nil, or why nothing can be booked, as flegt.Licence.Clearable says it
	Held                bool  // by customs: nothing is released
	Positions, Totals   []flegt.Position
	Declarations        []flegt.Declaration
	Split               bool
	Version             int // of the licence
}

// Look is a licence that somebody who may looked at, with its ledger as it stood then.
type Look struct {
	office *Office
	day    flegt.Date // today
	read   *store.WithLedger
}

// Quantities works the position out.
func (l Look) Quantities() Quantities {
	return l.office.quantitiesOf(flegt.Ledger{Licence: l.read.Licence, Movements: l.read.Movements}, l.day)
}

// Clearable says whether anything can be booked, as flegt.Licence.Clearable does.
func (l Look) Clearable() error { return l.read.Licence.Clearable() }

// Version is the licence's.
func (l Look) Version() int { return l.read.Licence.Version }

// Written gives the position as write writes it down, which must be the same for everybody
// and must not fail. It is written once, for as long as the licence stays as it is and the day
// lasts, and must not be changed.
func (l Look) Written(write func(Quantities) []byte) []byte {
	if text := l.read.Aside().Get(l.day); text != nil {
		return text
	}
	text := write(l.Quantities())
	l.read.Aside().Put(l.day, text)
	return text
}

// Look reads the position of a licence, named by its id or number, in whatever state it is. A
// look by customs is logged before it is answered.
func (o *Office) Look(ctx context.Context, a flegt.Actor, ref string) (Look, error) {
	read, err := o.namedTo(ctx, a, ref)
	if err == nil {
		read, err = o.lookedAt(ctx, a, ref, read)
	}
	if err != nil {
		return Look{}, unknownNumber(err, ref)
	}
	return Look{o, o.TodayIn(read.Licence.ImportCountry), read}, nil
}

// lookedAt logs a look by customs at what was read, and gives it as it stands: it is read again
// when a second process has written since, or when it is not for customs, whose looks are not
// logged.
func (o *Office) lookedAt(ctx context.Context, a flegt.Actor, ref string, read *store.WithLedger) (*store.WithLedger, error) {
	l := &looking{o, a, ref, read}
	if a.Is(flegt.RoleCustoms) {
		err := o.db.Update(ctx, l.log)
		return l.read, err
	}
	err := o.db.View(ctx, l.again)
	return l.read, err
}

// looking is a look at a licence that is being logged.
type looking struct {
	office *Office
	a      flegt.Actor
	ref    string
	read   *store.WithLedger
}

func (l *looking) log(tx *store.Tx) error {
	if err := holds(tx, l.a); err != nil {
		return err
	}
	known, err := tx.StillKnown(l.read)
	if err != nil {
		return err
	}
	if !known {
		if err := l.again(tx); err != nil {
			return err
		}
	}
	_, err = tx.Append(l.read.Licence.LookedUp(l.a, l.office.now(), "number"), nil)
	return err
}

// again reads the licence as it stands.
func (l *looking) again(tx *store.Tx) (err error) {
	now := &store.WithLedger{}
	if now.Licence, err = clearanceOf(tx, l.a, l.ref); err != nil {
		return err
	}
	if now.Movements, err = tx.Movements(now.Licence.ID); err != nil {
		return err
	}
	l.read = now
	return nil
}

// namedTo is clearanceOf with the ledger, read together with what others ask at the same
// moment.
func (o *Office) namedTo(ctx context.Context, a flegt.Actor, ref string) (*store.WithLedger, error) {
	all, err := o.db.LicencesNamed(ctx, ref)
	if err != nil {
		return nil, err
	}
	i, err := forClearance(a, len(all), func(i int) *flegt.Licence { return &all[i].Licence })
	if err != nil {
		return nil, err
	}
	return all[i], nil
}

// quantitiesOf works the position of a licence out.
func (o *Office) quantitiesOf(g flegt.Ledger, today flegt.Date) Quantities {
	l := g.Licence
	_, held := l.StandingHold()
	positions := g.Positions()
	return Quantities{ID: l.ID, Number: l.Form.Number, Country: l.ImportCountry, State: string(l.State), Standing: g.Standing(today), Clearable: l.Clearable(),
		Held: held, Positions: positions, Totals: flegt.TotalsOf(positions), Declarations: g.Declarations(), Split: g.Split(), Version: l.Version}
}

// LookUp finds a licence by its number or by the MRN of a declaration booked under it, for
// customs and whoever may see it; its page is read by AtCounter. A look by customs is logged
// before it is answered. A number that is unknown, or not for the actor, is not found.
func (o *Office) LookUp(ctx context.Context, a flegt.Actor, numberOrMRN string) (l flegt.Licence, err error) {
	found := "number"
	err = o.db.View(ctx, func(tx *store.Tx) (err error) {
		l, err = clearanceOf(tx, a, numberOrMRN)
		if mrn, bad := flegt.CheckMRN(numberOrMRN); err != nil && bad == nil {
			found = "mrn"
			l, err = licenceOfMRN(tx, a, mrn)
		}
		return err
	})
	if err != nil {
		return flegt.Licence{}, unknownNumber(err, numberOrMRN)
	}
	return shown(a, l), o.looked(ctx, a, l, found)
}

// AtCounter reads a licence for customs' own page, by its id; the look is logged.
func (o *Office) AtCounter(ctx context.Context, a flegt.Actor, id string) (Case, error) {
	if !a.Is(flegt.RoleCustoms) {
		return Case{}, flegt.Missing()
	}
	return o.Licence(ctx, a, id)
}

// looked logs a look by customs: who, when, which licence. The write is durable before the
// answer is given; looks at the same moment share one commit.
func (o *Office) looked(ctx context.Context, a flegt.Actor, l flegt.Licence, found string) error {
	if !a.Is(flegt.RoleCustoms) {
		return nil
	}
	return o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		_, err := tx.Append(l.LookedUp(a, o.now(), found), nil)
		return err
	})
}

// clearanceOf finds the licence that is named by its id or its number, among those that the
// actor may see. Customs of another country than the one of lodging gets *lodgedElsewhere,
// which only a booking makes use of; it is "not found" to everybody else.
func clearanceOf(tx *store.Tx, a flegt.Actor, ref string) (flegt.Licence, error) {
	var all []flegt.Licence
	l, err := tx.Licence(ref)
	if err == nil {
		all = []flegt.Licence{l}
	} else if flegt.KindOf(err) != flegt.NotFound {
		return l, err
	} else if all, err = tx.LicencesNumbered(ref); err != nil {
		return l, err
	}
	i, err := forClearance(a, len(all), func(i int) *flegt.Licence { return &all[i] })
	if err != nil {
		return l, err
	}
	return all[i], nil
}

// forClearance chooses among the licences of a number the one that the actor may see.
func forClearance(a flegt.Actor, n int, licence func(i int) *flegt.Licence) (int, error) {
	for i := range n {
		if access.MaySeeLicence(a, licence(i)) == nil {
			return i, nil
		}
	}
	for i := range n {
		if l := licence(i); inUse(*l) && a.Is(flegt.RoleCustoms) {
			return 0, &lodgedElsewhere{*l}
		}
	}
	return 0, flegt.Missing()
}

// licenceOfMRN finds the licence under which a declaration was booked.
func licenceOfMRN(tx *store.Tx, a flegt.Actor, mrn string) (flegt.Licence, error) {
	moved, err := tx.MovementsOf(mrn)
	if err != nil {
		return flegt.Licence{}, err
	}
	tried := map[string]bool{}
	for _, m := range slices.Backward(moved) {
		if tried[m.Licence] {
			continue
		}
		tried[m.Licence] = true
		l, err := tx.Licence(m.Licence)
		if err == nil && access.MaySeeLicence(a, &l) == nil {
			return l, nil
		}
	}
	return flegt.Licence{}, flegt.Missing()
}

func unknownNumber(err error, number string) error {
	if flegt.KindOf(err) == flegt.NotFound {
		return flegt.Refuse(flegt.NotFound, "licence.no_such_number", flegt.Args{"Number": number})
	}
	return err
}

// maxUnderMRN is how many licences are looked for under one declaration.
const maxUnderMRN = flegt.MaxItems // one for each of its goods items

// UnderMRN reads the positions of the licences under which a declaration was booked, the
// newest booking first. A look by customs is logged for each. An MRN that is unknown, or not
// for the actor, is not found.
func (o *Office) UnderMRN(ctx context.Context, a flegt.Actor, text string) (out []Quantities, err error) {
	mrn, err := flegt.CheckMRN(text)
	if e, ok := err.(*flegt.Error); ok {
		return nil, flegt.InvalidBoxes([]flegt.BoxError{{Box: "mrn", Key: e.Key, Args: e.Args}})
	}
	var found []flegt.Licence
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out, found = nil, nil
		moved, err := tx.MovementsOf(mrn)
		if err != nil {
			return err
		}
		var ids []string
		for _, m := range slices.Backward(moved) {
			if !slices.Contains(ids, m.Licence) && len(ids) < maxUnderMRN {
				ids = append(ids, m.Licence)
			}
		}
		for _, id := range ids {
			l, err := tx.Licence(id)
			if err != nil {
				return err
			}
			if access.MaySeeLicence(a, &l) == nil {
				found = append(found, l)
			}
		}
		out, err = o.quantities(tx, found)
		return err
	})
	if err == nil && len(found) == 0 {
		err = flegt.Refuse(flegt.NotFound, "clearance.no_such_declaration", flegt.Args{"MRN": mrn})
	}
	for i := 0; i < len(found) && err == nil; i++ {
		err = o.looked(ctx, a, found[i], "mrn")
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// quantities works out the positions of licences.
func (o *Office) quantities(tx *store.Tx, licences []flegt.Licence) (out []Quantities, err error) {
	ids := make([]string, len(licences))
	for i, l := range licences {
		ids[i] = l.ID
	}
	moved, err := tx.MovementsUnder(ids)
	for _, l := range licences {
		out = append(out, o.quantitiesOf(flegt.Ledger{Licence: l, Movements: moved[l.ID]}, o.TodayIn(l.ImportCountry)))
	}
	return out, err
}

// Expected lists the accepted licences that are expected at the officer's customs offices
// (all of the country when his role names none), with their positions: those of q.Standing,
// or else those under which something can still come. An officer may ask for some of his own
// offices, or for the licences that name no office. At most 1,000 are counted.
func (o *Office) Expected(ctx context.Context, a flegt.Actor, q LicenceQuery) (out []Quantities, p LicencePage, err error) {
	if !a.Is(flegt.RoleCustoms) {
		return nil, p, flegt.Missing()
	}
	if !slices.Contains(flegt.LicenceStandings, q.Standing) {
		q.Standing = flegt.LicenceOpen
	}
	q.Scope, q.States, q.Today = access.ListScope(a), nil, o.TodayIn(a.Country)
	for i := range q.Offices {
		if err := flegt.InvalidBoxes(checkOffice(a, &q.Offices[i])); err != nil {
			return nil, p, err
		}
	}
	if len(q.Offices) == 0 && !q.NoOffice {
		q.Offices = a.Offices
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if p, err = tx.LicencePage(q, countedTo); err != nil {
			return err
		}
		out, err = o.quantities(tx, p.Rows)
		return err
	})
	for i := range p.Rows {
		p.Rows[i] = shown(a, p.Rows[i])
	}
	return out, p, err
}
