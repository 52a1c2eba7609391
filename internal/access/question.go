package access

import "github.com/openflegt/openflegt/internal/flegt"

// MayAsk: the officers of the competent authority with which the licence is lodged.
func MayAsk(a flegt.Actor, l flegt.Licence) error {
	if err := MaySeeLicence(a, &l); err != nil {
		return err
	}
	if a.Is(flegt.RoleAuthority) && l.State.Lodged() {
		return nil
	}
	return forbidden()
}

// MaySeeQuestion: the authority that asked, and whoever was asked: the importer's users, or
// the licensing authority of the country that issued the licence. What passes between the two
// authorities is never for the importer. To everybody else there is no question.
func MaySeeQuestion(a flegt.Actor, q flegt.Question) error {
	switch {
	case a.Is(flegt.RoleAuthority) && a.Country != "" && a.Country == q.Country, asked(a, q):
		return nil
	}
	return flegt.Missing()
}

// MaySeeWaits: the authority that decides about the licence, and its importer, may know whose answer
// is waited for and until when. Whom the importer's goods wait for is no secret of the authorities;
// what one asks the other is. Decision 0016.
func MaySeeWaits(a flegt.Actor, l flegt.Licence) error {
	if err := MaySeeLicence(a, &l); err != nil {
		return err
	}
	if a.Is(flegt.RoleAuthority) || a.Is(flegt.RoleOperator) {
		return nil
	}
	return forbidden()
}

// QuestionScope says whose questions the actor may list: an authority those that it asked,
// an operator and a licensing authority those that were put to them. Every other list is empty.
func QuestionScope(a flegt.Actor) flegt.Scope {
	switch {
	case a.Is(flegt.RoleAuthority):
		return flegt.Scope{Country: a.Country}
	case a.Is(flegt.RoleOperator):
		return flegt.Scope{Operator: a.Body}
	case a.Is(flegt.RoleLicensing):
		return flegt.Scope{Export: a.Country}
	}
	return flegt.Scope{}
}

// MayListQuestions: whoever asks, or can be asked.
func MayListQuestions(a flegt.Actor) error {
	if QuestionScope(a) == (flegt.Scope{}) {
		return flegt.Missing()
	}
	return nil
}

// asked says whether the actor acts for whom a question was put to.
func asked(a flegt.Actor, q flegt.Question) bool {
	switch q.To {
	case flegt.ToImporter:
		return a.Is(flegt.RoleOperator) && a.Body != "" && a.Body == q.Operator
	case flegt.ToIssuing:
		return a.Is(flegt.RoleLicensing) && a.Country != "" && a.Country == q.Export
	}
	return false
}

// MayAnswer: whoever was asked.
func MayAnswer(a flegt.Actor, q flegt.Question) error {
	if err := MaySeeQuestion(a, q); err != nil {
		return err
	}
	if asked(a, q) {
		return nil
	}
	return forbidden()
}

// MayCloseQuestion: the authority that asked. It alone reads the mails that came as answers,
// as they came.
func MayCloseQuestion(a flegt.Actor, q flegt.Question) error {
	if err := MaySeeQuestion(a, q); err != nil {
		return err
	}
	if a.Is(flegt.RoleAuthority) {
		return nil
	}
	return forbidden()
}
