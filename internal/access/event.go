package access

import "github.com/openflegt/openflegt/internal/flegt"

// MaySeeEvent says whether an event of the log is for the actor: what happened to a licence
// while he could see it; requests and roles as MaySeeAuthorisation has it; companies and
// authorities, which are public; of accounts, tokens and webhooks his own; of a dossier the
// officers of its authority; of a question the authority that asked and whoever was asked; of specimens
// and mails whoever may see those. The events of a draft are its operator's alone, also once
// it is submitted. For a licensing authority the licence or the question itself must be asked
// about: their events do not say which country issued the licence.
func MaySeeEvent(a flegt.Actor, e flegt.Event) error {
	if a.System || a.Account == "" {
		return flegt.Missing()
	}
	ok := false
	switch e.Noun {
	case flegt.NounLicence:
		return MaySeeLicence(a, &flegt.Licence{Operator: e.Operator, ImportCountry: e.Country, State: stateThen(e)})
	case flegt.NounAuthorisation:
		return MaySeeAuthorisation(a, authorisationOf(e))
	case flegt.NounDossier:
		return MayWorkDossier(a, flegt.Dossier{Country: e.Country})
	case flegt.NounQuestion:
		return MaySeeQuestion(a, questionOf(e))
	case flegt.NounSpecimen:
		return MaySeeSpecimens(a)
	case flegt.NounMail:
		return MaySeeMail(a)
	case flegt.NounLetter:
		return MaySeeLetters(a)
	case flegt.NounOperator:
		ok = a.Role != "" || a.Account == e.Account
	case flegt.NounAuthority, flegt.NounReference:
		ok = e.Verb != "desk_edited" || a.Is(flegt.RoleAuthority) && a.Country == e.Country
	case flegt.NounAccount:
		ok = e.NounID == a.Account
	case flegt.NounAPIToken, flegt.NounWebhook:
		ok = e.Data["account"] == a.Account
	}
	if !ok {
		return flegt.Missing()
	}
	return nil
}

// stateThen is the licence's state after the event; a discarded draft was a draft, and what
// changes no licence (a look, an attempt elsewhere) happens to one that is lodged.
func stateThen(e flegt.Event) flegt.LicenceState {
	switch {
	case e.Verb == "discarded":
		return flegt.Draft
	case e.State == "":
		return flegt.Submitted
	}
	return flegt.LicenceState(e.State)
}

// authorisationOf gives what the event says of the authorisation.
func authorisationOf(e flegt.Event) flegt.Authorisation {
	account, _ := e.Data["account"].(string)
	role, _ := e.Data["role"].(string)
	return flegt.Authorisation{ID: e.NounID, Account: account, Role: flegt.Role(role), Country: e.Country}
}

// questionOf gives what the event says of the question.
func questionOf(e flegt.Event) flegt.Question {
	to, _ := e.Data["to"].(string)
	return flegt.Question{ID: e.NounID, Country: e.Country, To: flegt.Addressee(to), Operator: e.Operator}
}
