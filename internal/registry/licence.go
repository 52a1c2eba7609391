package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// NewDraft begins a licence of the actor's operator, to be lodged in the operator's country
// until another is chosen.
func (o *Office) NewDraft(ctx context.Context, a flegt.Actor, form flegt.Form, importCountry string) (flegt.Licence, error) {
	return o.BeginDraft(ctx, a, o.newID(), form, importCountry)
}

// DraftID gives an id for a draft that a form may begin.
func (o *Office) DraftID() string { return o.newID() }

// BeginDraft is NewDraft with an id made before, by DraftID. An id that has a history already
// is a conflict, "licence.begun": the same form was sent twice.
func (o *Office) BeginDraft(ctx context.Context, a flegt.Actor, id string, form flegt.Form, importCountry string) (flegt.Licence, error) {
	return o.beginDraft(ctx, a, id, form, importCountry, "")
}

// beginDraft is BeginDraft; source is the licence that was copied, or empty.
func (o *Office) beginDraft(ctx context.Context, a flegt.Actor, id string, form flegt.Form, importCountry, source string) (l flegt.Licence, err error) {
	if parsed, err := uuid.Parse(id); err != nil || parsed.String() != id {
		return l, flegt.Refuse(flegt.Invalid, "error.unreadable", nil)
	}
	if err := access.MayCreateLicence(a); err != nil {
		return l, o.refused("new licence", a, err)
	}
	now := o.now()
	l = flegt.Licence{ID: id, Operator: a.Body, ImportCountry: importCountry, Version: 1,
		CreatedBy: a.Account, CreatedAt: now, UpdatedAt: now, NextLine: 1}
	if l.ImportCountry == "" {
		l.ImportCountry = a.Country
	}
	created, err := l.Create(a, now, form)
	if err != nil {
		return l, o.refused("new licence", a, err)
	}
	if source != "" {
		created = created.With("copied_from", source)
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if before, err := tx.EventsOf(id); err != nil {
			return err
		} else if len(before) > 0 {
			return flegt.Refuse(flegt.Conflict, "licence.begun", nil)
		}
		if err := tx.AddLicence(l); err != nil {
			return err
		}
		_, err := appendLicence(tx, created, l)
		return err
	})
	return l, o.refused("new licence", a, err)
}

func appendLicence(tx *store.Tx, e flegt.Event, l flegt.Licence) (int64, error) {
	e.Version, e.State = l.Version, string(l.State)
	return tx.Append(e, l)
}

// changeLicence runs one step of a licence: rights, the noun's rule, row, event. version is
// the one that was looked at; 0 means any. The licence comes back as the actor may read it.
func (o *Office) changeLicence(ctx context.Context, a flegt.Actor, id string, version int, verb flegt.Verb,
	step func(*store.Tx, *flegt.Licence) (flegt.Event, error)) (l flegt.Licence, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if l, err = tx.Licence(id); err != nil {
			return err
		}
		if err := access.MayDo(a, l, verb); err != nil {
			return err
		}
		if version != 0 && version != l.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		before := l
		e, err := step(tx, &l)
		if err != nil {
			return err
		}
		if err := tx.SaveLicence(before, &l); err != nil {
			return err
		}
		if _, err = appendLicence(tx, e, l); err != nil {
			return err
		}
		return o.followDossier(tx, a, l)
	})
	if err != nil {
		return flegt.Licence{}, o.refused(string(verb)+" licence", a, err)
	}
	return shown(a, l), nil
}

// SaveDraft keeps the boxes as typed, good or not.
func (o *Office) SaveDraft(ctx context.Context, a flegt.Actor, id string, version int, form flegt.Form, importCountry string) (flegt.Licence, error) {
	return o.changeLicence(ctx, a, id, version, flegt.VerbEdit, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		if err := l.LodgeIn(importCountry); err != nil {
			return flegt.Event{}, err
		}
		return l.Edit(a, o.now(), form)
	})
}

// SubmitLicence hands a draft to the competent authority. What forbids it comes back as one
// sentence per box. When the number is lodged in another country, both authorities hear of
// the attempt.
func (o *Office) SubmitLicence(ctx context.Context, a flegt.Actor, id string, version int) (flegt.Licence, error) {
	l, err := o.changeLicence(ctx, a, id, version, flegt.VerbSubmit, func(tx *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		findings, err := o.check(tx, *l)
		if err != nil {
			return flegt.Event{}, err
		}
		now := o.now()
		return l.Submit(a, now, o.dayIn(l.ImportCountry, now), findings)
	})
	if k := flegt.KindOf(err); err != nil && (k == flegt.Invalid || k == flegt.Conflict) {
		if failed := o.lodgedTwice(ctx, a, id); failed != nil {
			return l, failed
		}
	}
	return l, err
}

// AnswerFinding keeps the importer's remark on a finding that asks for a look; empty words
// take it back. The officer reads it beside the finding.
func (o *Office) AnswerFinding(ctx context.Context, a flegt.Actor, id string, version int, key, field, words string) (flegt.Licence, error) {
	return o.changeLicence(ctx, a, id, version, flegt.VerbEdit, func(tx *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		findings, err := o.checkFor(tx, a, *l)
		if err != nil {
			return flegt.Event{}, err
		}
		return l.AnswerFinding(a, o.now(), findings, key, field, words)
	})
}

// WithdrawLicence takes a licence off the authority's desk before it is decided.
func (o *Office) WithdrawLicence(ctx context.Context, a flegt.Actor, id string, version int) (flegt.Licence, error) {
	return o.changeLicence(ctx, a, id, version, flegt.VerbWithdraw, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		return l.Withdraw(a, o.now())
	})
}

// ReturnLicence sends a submitted licence back to the importer, with remarks on boxes or
// words on the whole. It keeps its place in the queue.
func (o *Office) ReturnLicence(ctx context.Context, a flegt.Actor, id string, version int, words string, remarks []flegt.BoxRemark) (flegt.Licence, error) {
	return o.changeLicence(ctx, a, id, version, flegt.VerbReturn, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		return l.SendBack(a, o.now(), words, remarks)
	})
}

// WithdrawAcceptance takes the competent authority's yes back while nothing is released
// under the licence; what is reserved stays reserved.
func (o *Office) WithdrawAcceptance(ctx context.Context, a flegt.Actor, id string, version int, words string) (flegt.Licence, error) {
	return o.changeLicence(ctx, a, id, version, flegt.VerbWithdrawAcceptance, func(tx *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		moved, err := tx.Movements(l.ID)
		if err != nil {
			return flegt.Event{}, err
		}
		return l.WithdrawAcceptance(a, o.now(), flegt.Ledger{Licence: *l, Movements: moved}.Started(), words)
	})
}

// DiscardDraft throws a draft away; its history stays in the log.
func (o *Office) DiscardDraft(ctx context.Context, a flegt.Actor, id string) error {
	return o.DiscardDraftAt(ctx, a, id, 0)
}

// DiscardDraftAt throws a draft away as it was looked at; version 0 means any.
func (o *Office) DiscardDraftAt(ctx context.Context, a flegt.Actor, id string, version int) error {
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		l, err := tx.Licence(id)
		if err != nil {
			return err
		}
		if err := access.MayDo(a, l, flegt.VerbDiscard); err != nil {
			return err
		}
		if version != 0 && version != l.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		e, err := l.Discard(a, o.now())
		if err != nil {
			return err
		}
		if err := tx.DropDraft(l); err != nil {
			return err
		}
		_, err = tx.Append(e, nil)
		return err
	})
	return o.refused("discard licence", a, err)
}

// Case is a licence with everything a page shows beside it.
type Case struct {
	Licence   flegt.Licence
	Operator  flegt.Operator
	Standing  string // the state as a reader sees it today: also used_up, expired
	Findings  []flegt.Finding
	Positions []flegt.Position
	Totals    []flegt.Position // of all lines, unit by unit
	Movements []flegt.Movement
	History   []flegt.Event
	Looks     bool              // there may be older looks by customs than the history has
	Names     map[string]string // names of the accounts in the history
	Authority flegt.Authority
	Family    []Relative // predecessors and successors; nil when there are none

	Questions []flegt.Question // those the actor may see, oldest first
	Waits     []flegt.Wait     // answers that are waited for, for whom access.MaySeeWaits lets know; the question's id where it may be seen
	Issuing   []string         // official addresses of the issuing country's authority, for whoever may ask it

	Declarations []flegt.Declaration
	Split        bool // more than one declaration takes from the licence
}

// Licence reads a licence with its checks, its ledger and its history. A look by customs is logged.
func (o *Office) Licence(ctx context.Context, a flegt.Actor, id string) (c Case, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		l, err := seenLicence(tx, a, id)
		if err != nil {
			return err
		}
		c, err = o.caseOf(tx, a, l)
		return err
	})
	if err == nil {
		err = o.looked(ctx, a, c.Licence, "id")
	}
	if err != nil {
		return Case{}, err
	}
	return c, nil
}

// seenLicence reads a licence that the actor may see; to others it is not found.
func seenLicence(tx *store.Tx, a flegt.Actor, id string) (flegt.Licence, error) {
	l, err := tx.Licence(id)
	if err == nil {
		err = access.MaySeeLicence(a, &l)
	}
	return l, err
}

// looksShown is how many looks by customs the history beside a licence has at most: as many as a page
// shows entries of a history.
const looksShown = 40

// History reads everything that happened to a licence, each look by customs too, with the names
// of those who acted. A look by customs is logged.
func (o *Office) History(ctx context.Context, a flegt.Actor, id string) (events []flegt.Event, who map[string]string, err error) {
	var l flegt.Licence
	err = o.db.View(ctx, func(tx *store.Tx) (err error) {
		if l, err = seenLicence(tx, a, id); err != nil {
			return err
		}
		c := Case{}
		if c.History, err = tx.EventsOf(l.ID, hiddenFrom(a)...); err != nil {
			return err
		}
		if err := o.questions(tx, a, l, &c); err != nil {
			return err
		}
		events = c.History
		who, err = names(tx, readable(a, events))
		return err
	})
	if err == nil {
		err = o.looked(ctx, a, l, "id")
	}
	if err != nil {
		return nil, nil, err
	}
	return events, who, nil
}

func (o *Office) caseOf(tx *store.Tx, a flegt.Actor, l flegt.Licence) (c Case, err error) {
	if l.Operator != "" { // not yet claimed
		if c.Operator, err = tx.Operator(l.Operator); err != nil {
			return c, err
		}
	}
	if a.Role != flegt.RoleOperator {
		c.Operator = public(c.Operator)
	}
	if c.Findings, err = o.checkFor(tx, a, l); err != nil {
		return c, err
	}
	if a.Is(flegt.RoleLicensing) || a.Is(flegt.RoleCustoms) {
		for i := range c.Findings {
			c.Findings[i].Answer = ""
		}
	}
	if c.Movements, err = tx.Movements(l.ID); err != nil {
		return c, err
	}
	ledger := flegt.Ledger{Licence: l, Movements: c.Movements}
	c.Positions, c.Totals, c.Standing = ledger.Positions(), ledger.Totals(), ledger.Standing(o.TodayIn(l.ImportCountry))
	c.Declarations, c.Split = ledger.Declarations(), ledger.Split()
	if c.History, c.Looks, err = tx.HistoryOf(l.ID, looksShown, hiddenFrom(a)...); err != nil {
		return c, err
	}
	if err := o.questions(tx, a, l, &c); err != nil {
		return c, err
	}
	if c.Authority, err = tx.Authority(flegt.AuthorityID(l.ImportCountry)); err != nil && flegt.KindOf(err) != flegt.NotFound {
		return c, err
	}
	if c.Family, err = family(tx, a, l); err != nil {
		return c, err
	}
	c.Licence = shown(a, l)
	c.Names, err = names(tx, readable(a, c.History))
	return c, err
}

// shown is the licence as the actor may read it: the hash of the verification number never,
// and to the issuing country not what passes between importer and authority.
func shown(a flegt.Actor, l flegt.Licence) flegt.Licence {
	l.Verification = ""
	if a.Is(flegt.RoleLicensing) {
		l.Form.Remarks, l.Form.OwnInvoice, l.Return, l.Returned, l.Answers, l.Holds, l.PhysicalChecks = "", "", nil, nil, nil, nil, nil
	}
	if a.Is(flegt.RoleCustoms) { // what passes between importer and authority is not for customs
		l.Form.Remarks, l.Return, l.Returned, l.Answers = "", nil, nil, nil
	}
	if a.Is(flegt.RoleOperator) { // nor what passes between customs and authority for the importer
		l.Holds, l.PhysicalChecks = nil, nil
	}
	return l
}

// hiddenFrom are the verbs of events that the actor may not read: what customs looked at, and
// attempts in other countries, are not for the operator and the issuing country.
func hiddenFrom(a flegt.Actor) []string {
	if !a.Is(flegt.RoleOperator) && !a.Is(flegt.RoleLicensing) {
		return nil
	}
	return []string{"looked_up", "booked_elsewhere", "lodged_elsewhere", "checked"}
}

// readable are the events whose people the actor may know by name: the issuing country those
// of its own officers.
func readable(a flegt.Actor, events []flegt.Event) []flegt.Event {
	if !a.Is(flegt.RoleLicensing) {
		return events
	}
	return slices.DeleteFunc(slices.Clone(events), func(e flegt.Event) bool { return e.Body != a.Body })
}

// names finds the names of those who stand in a history.
func names(tx *store.Tx, events []flegt.Event) (map[string]string, error) {
	var ids []string
	for _, e := range events {
		if e.Account != "" {
			ids = append(ids, e.Account)
		}
	}
	accounts, err := tx.AccountsWithIDs(ids)
	out := map[string]string{}
	for id, acc := range accounts {
		out[id] = acc.FirstName + " " + acc.LastName
	}
	return out, err
}

// LicencePage is a page of a list of licences, with how many there are.
type LicencePage = store.LicencePage

// Licences lists a page of the licences that the actor may list, and counts them: no further
// than 1,000, and where the words searched for are common only as far as little work tells. Customs has
// Expected instead.
func (o *Office) Licences(ctx context.Context, a flegt.Actor, q store.LicenceQuery) (p LicencePage, err error) {
	if err := access.MayListLicences(a); err != nil {
		return p, err
	}
	q.Scope = access.ListScope(a)
	err = o.db.View(ctx, func(tx *store.Tx) error {
		p, err = tx.LicencePage(q, countedTo)
		return err
	})
	for i := range p.Rows {
		p.Rows[i] = shown(a, p.Rows[i])
	}
	return p, err
}

// StandingOf works out the standing of a listed licence from its own row; "used up" needs
// the ledger and stands on the licence's page.
func (o *Office) StandingOf(l flegt.Licence) string {
	return flegt.Ledger{Licence: l}.Standing(o.TodayIn(l.ImportCountry))
}

// CheckLicence runs the checks on boxes as they stand on the screen, saved or not, while
// the importer types.
func (o *Office) CheckLicence(ctx context.Context, a flegt.Actor, l flegt.Licence) (found []flegt.Finding, err error) {
	if access.MayCreateLicence(a) != nil && access.MayIssueLicence(a) != nil {
		return nil, access.MayCreateLicence(a)
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if l.Operator == "" && a.Is(flegt.RoleOperator) {
			l.Operator = a.Body
		}
		found, err = o.checkFor(tx, a, l)
		return err
	})
	return found, err
}
