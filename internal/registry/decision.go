package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// AcceptLicence is the competent authority's yes. A second officer, who looked at an older
// version, is told. Where the authority asks for a second pair of eyes, the first officer's
// yes is a proposal: the licence comes back still submitted.
func (o *Office) AcceptLicence(ctx context.Context, a flegt.Actor, id string, version int) (flegt.Licence, error) {
	return o.decide(ctx, a, id, version, flegt.Proposal{Verb: flegt.VerbAccept}, func(l *flegt.Licence) (flegt.Event, error) {
		return l.Accept(a, o.now(), o.ref.Limits(l.Form.Export))
	})
}

// RejectLicence is the competent authority's no, with a reason from the list and in words;
// for a second pair of eyes see AcceptLicence.
func (o *Office) RejectLicence(ctx context.Context, a flegt.Actor, id string, version int, code, words string) (flegt.Licence, error) {
	return o.decide(ctx, a, id, version, flegt.Proposal{Verb: flegt.VerbReject, Code: code, Words: words}, func(l *flegt.Licence) (flegt.Event, error) {
		return l.Reject(a, o.now(), code, words)
	})
}

// decide makes a decision, or keeps it as a proposal where a second officer must confirm it.
func (o *Office) decide(ctx context.Context, a flegt.Actor, id string, version int, p flegt.Proposal, step func(*flegt.Licence) (flegt.Event, error)) (l flegt.Licence, err error) {
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		before, err := tx.Licence(id)
		if err != nil {
			return err
		}
		l = before
		if err := access.MayDo(a, l, p.Verb); err != nil {
			return err
		}
		if version != 0 && version != l.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		e, err := step(&l)
		if err != nil {
			return err
		}
		proposed, err := o.propose(tx, a, before, p)
		if err != nil {
			return err
		}
		if proposed {
			l = before
			return nil
		}
		if err := tx.SaveLicence(before, &l); err != nil {
			return err
		}
		if _, err := appendLicence(tx, e, l); err != nil {
			return err
		}
		return o.followDossier(tx, a, l)
	})
	if err != nil {
		return flegt.Licence{}, o.refused(string(p.Verb)+" licence", a, err)
	}
	return shown(a, l), nil
}

// propose keeps the decision for a second officer where the authority wants one and none
// confirmed it yet; false when the decision may be made.
func (o *Office) propose(tx *store.Tx, a flegt.Actor, l flegt.Licence, p flegt.Proposal) (bool, error) {
	auth, err := tx.Authority(flegt.AuthorityID(l.ImportCountry))
	if err != nil && flegt.KindOf(err) != flegt.NotFound {
		return false, err
	}
	if !auth.Desk.SecondEyes {
		return false, nil
	}
	d, err := tx.Dossier(l.ID)
	if err != nil {
		return false, err
	}
	if d.Confirms(a, p.Verb, l.Version) {
		return false, nil
	}
	if old := d.Proposal; old != nil && old.Account == a.Account && old.Verb == p.Verb && old.Version == l.Version {
		return false, flegt.Refuse(flegt.Refused, "dossier.own_proposal", nil)
	}
	p.Version = l.Version
	return true, saveDossier(tx, &d, d.Propose(a, o.now(), p))
}
