// Package access says who may do what, as pure functions over words. What is not allowed
// here is forbidden; a thing that somebody may not see is "not found" to him, so that
// nobody learns of it by asking. The tables are tested role by role and state by state.
package access

import "github.com/openflegt/openflegt/internal/flegt"

// forbidden is the answer to whoever sees a thing but may not do this to it.
func forbidden() error { return flegt.Refuse(flegt.Forbidden, "error.forbidden", nil) }

// MaySeeLicence: the operator's own users see all of theirs (L8); authority and customs of
// the country of import see what was lodged there (L9, L10); the licensing authority sees
// its country's, and what it put in itself from the first moment; Support and observers see
// what was lodged. Drafts are the operator's alone.
func MaySeeLicence(a flegt.Actor, l *flegt.Licence) error {
	if a.System {
		return flegt.Missing()
	}
	ok := false
	switch a.Role {
	case flegt.RoleOperator:
		ok = a.Body != "" && a.Body == l.Operator
	case flegt.RoleAuthority, flegt.RoleCustoms:
		ok = a.Country != "" && a.Country == l.ImportCountry
	case flegt.RoleLicensing:
		ok = a.Country != "" && a.Country == l.Form.Export
	case flegt.RoleSupport, flegt.RoleObserver:
		ok = true
	}
	switch {
	case !ok:
		return flegt.Missing()
	case l.State.Lodged(), a.Role == flegt.RoleOperator, a.Role == flegt.RoleLicensing && l.Electronic:
		return nil
	}
	return flegt.Missing()
}

// MayDo says whether the actor may do this to the licence in its state: NotFound when he
// may not see it, Forbidden when his role never does this, nil otherwise; whether the state
// allows it is the licence's own table.
func MayDo(a flegt.Actor, l flegt.Licence, verb flegt.Verb) error {
	if err := MaySeeLicence(a, &l); err != nil {
		return err
	}
	if flegt.Does(a.Role, verb) {
		return nil
	}
	return forbidden()
}

// MaySeeScan: whoever sees the licence sees its scans, except customs and the licensing
// authority's drafts; customs needs the paper to compare with the declaration.
func MaySeeScan(a flegt.Actor, l flegt.Licence) error { return MaySeeLicence(a, &l) }

// MayCreateLicence: operators alone (L8).
func MayCreateLicence(a flegt.Actor) error {
	if a.Is(flegt.RoleOperator) && a.Body != "" {
		return nil
	}
	return forbidden()
}

// MayIssueLicence: the licensing authority of a partner country, licences of its own
// country. Reg. (EC) 2173/2005 art. 1 and Annex I
func MayIssueLicence(a flegt.Actor) error {
	if a.Is(flegt.RoleLicensing) && a.Country != "" {
		return nil
	}
	return forbidden()
}

// MayClaimLicence: operators alone. Whose claim a licence is decides its verification
// number, not this.
func MayClaimLicence(a flegt.Actor) error { return MayCreateLicence(a) }

// MayListLicences: whoever acts in a role, except customs. An officer sees what he needs: he finds
// a licence by its number or by an MRN, which is logged, and lists the accepted ones that are
// expected at his offices.
func MayListLicences(a flegt.Actor) error {
	if a.Is(flegt.RoleCustoms) {
		return flegt.Refuse(flegt.Forbidden, "licence.list.customs", nil)
	}
	return nil
}

// ListScope says whose licences the actor may list; customs in the list of those expected alone.
func ListScope(a flegt.Actor) flegt.Scope {
	if a.System {
		return flegt.Scope{}
	}
	switch a.Role {
	case flegt.RoleOperator:
		return flegt.Scope{Operator: a.Body}
	case flegt.RoleAuthority, flegt.RoleCustoms:
		return flegt.Scope{Country: a.Country}
	case flegt.RoleLicensing:
		return flegt.Scope{Export: a.Country}
	case flegt.RoleSupport, flegt.RoleObserver:
		return flegt.Scope{All: true}
	}
	return flegt.Scope{}
}

// MaySupport: the Support Team alone.
func MaySupport(a flegt.Actor) error {
	if a.Is(flegt.RoleSupport) {
		return nil
	}
	return forbidden()
}

// MaySeeAuthorisation: the login it is for, Support and observers; the competent authority
// sees the operators' authorisations of its country (L15).
func MaySeeAuthorisation(a flegt.Actor, z flegt.Authorisation) error {
	switch {
	case a.Account != "" && a.Account == z.Account, a.Is(flegt.RoleSupport), a.Is(flegt.RoleObserver):
		return nil
	case a.Is(flegt.RoleAuthority) && z.Role == flegt.RoleOperator && z.Country == a.Country:
		return nil
	}
	return flegt.Missing()
}

// MayDecideAuthorisation: Support alone (L6), and nobody his own.
func MayDecideAuthorisation(a flegt.Actor, z flegt.Authorisation) error {
	if err := MaySeeAuthorisation(a, z); err != nil {
		return err
	}
	if !a.Is(flegt.RoleSupport) {
		return forbidden()
	}
	if a.Account == z.Account {
		return flegt.Refuse(flegt.Forbidden, "authorisation.own", nil)
	}
	return nil
}

// MayWithdrawAuthorisation: the login that asked.
func MayWithdrawAuthorisation(a flegt.Actor, z flegt.Authorisation) error {
	if a.Account != "" && a.Account == z.Account {
		return nil
	}
	if err := MaySeeAuthorisation(a, z); err != nil {
		return err
	}
	return forbidden()
}

// MayEditOperator: the operator's own users and Support.
func MayEditOperator(a flegt.Actor, o flegt.Operator) error {
	if a.Is(flegt.RoleSupport) || a.Is(flegt.RoleOperator) && a.Body == o.ID {
		return nil
	}
	return forbidden()
}

// MaySeeLetters: Support and observers see what was sent to whom and what became of it.
func MaySeeLetters(a flegt.Actor) error { return MaySeeMail(a) }

// MayRetryLetter: Support alone has a letter sent again.
func MayRetryLetter(a flegt.Actor) error {
	if a.Is(flegt.RoleSupport) {
		return nil
	}
	return flegt.Missing()
}

// MaySeeMail: Support and observers see mails; the applicant sees what became of his own
// through his request.
func MaySeeMail(a flegt.Actor) error {
	if a.Is(flegt.RoleSupport) || a.Is(flegt.RoleObserver) {
		return nil
	}
	return flegt.Missing()
}
