package access

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestQuestions is every role, for its own body and another, with every question.
func TestQuestions(t *testing.T) {
	toImporter := flegt.Question{To: flegt.ToImporter, Country: "DK", Operator: "op", Export: "ID"}
	toIssuing := flegt.Question{To: flegt.ToIssuing, Country: "DK", Export: "ID"}
	const missing, forbids, ok = flegt.NotFound, flegt.Forbidden, flegt.Kind(-1)
	type rights struct{ see, answer, close flegt.Kind }
	none := rights{missing, missing, missing}
	officer, addressed := rights{ok, forbids, ok}, rights{ok, ok, forbids}
	for _, c := range []struct {
		a                   flegt.Actor
		toImporter, issuing rights
	}{
		{flegt.Actor{Role: flegt.RoleAuthority, Body: "CA-DK", Country: "DK"}, officer, officer},
		{flegt.Actor{Role: flegt.RoleAuthority, Body: "CA-DE", Country: "DE"}, none, none},
		{flegt.Actor{Role: flegt.RoleAuthority}, none, none},
		{flegt.Actor{Role: flegt.RoleOperator, Body: "op", Country: "DK"}, addressed, none},
		{flegt.Actor{Role: flegt.RoleOperator, Body: "op2", Country: "DK"}, none, none},
		{flegt.Actor{Role: flegt.RoleOperator, Country: "DK"}, none, none},
		{flegt.Actor{Role: flegt.RoleLicensing, Body: "LA-ID", Country: "ID"}, none, addressed},
		{flegt.Actor{Role: flegt.RoleLicensing, Body: "LA-GH", Country: "GH"}, none, none},
		{flegt.Actor{Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK"}, none, none},
		{flegt.Actor{Role: flegt.RoleSupport, Body: flegt.SupportBody}, none, none},
		{flegt.Actor{Role: flegt.RoleObserver, Body: flegt.ObserverBody}, none, none},
		{flegt.Actor{}, none, none},
		{flegt.TheSystem(), none, none},
	} {
		for _, x := range []struct {
			q    flegt.Question
			want rights
		}{{toImporter, c.toImporter}, {toIssuing, c.issuing}} {
			for what, err := range map[string]error{"see": MaySeeQuestion(c.a, x.q), "answer": MayAnswer(c.a, x.q), "close": MayCloseQuestion(c.a, x.q)} {
				want := map[string]flegt.Kind{"see": x.want.see, "answer": x.want.answer, "close": x.want.close}[what]
				if want == ok && err != nil || want != ok && (err == nil || flegt.KindOf(err) != want) {
					t.Errorf("%s of %q, %s the question to %s: %v", c.a.Role, c.a.Body, what, x.q.To, err)
				}
			}
		}
	}
}

// TestWhoListsQuestions holds the list against the right to see each one.
func TestWhoListsQuestions(t *testing.T) {
	for _, role := range append([]flegt.Role{""}, flegt.Roles...) {
		for _, a := range []flegt.Actor{{Role: role, Body: "op", Country: "DK"}, {Role: role, Body: "LA-ID", Country: "ID"}, {Role: role}, {Role: role, Body: "op", Country: "DK", System: true}} {
			s := QuestionScope(a)
			for _, q := range []flegt.Question{{To: flegt.ToImporter, Country: "DK", Operator: "op", Export: "ID"}, {To: flegt.ToIssuing, Country: "DK", Export: "ID"}, {To: flegt.ToImporter, Country: "DE", Operator: "op2", Export: "GH"}} {
				listed := s.Country != "" && s.Country == q.Country || s.Operator != "" && q.To == flegt.ToImporter && s.Operator == q.Operator || s.Export != "" && q.To == flegt.ToIssuing && s.Export == q.Export
				if listed != (MaySeeQuestion(a, q) == nil) {
					t.Errorf("%+v lists %v: %+v", a, listed, q)
				}
			}
			if s.All {
				t.Errorf("%+v lists everything", a)
			}
			check(t, string(role)+" lists", MayListQuestions(a), s != (flegt.Scope{}), flegt.NotFound)
		}
	}
}

func TestWhoAsks(t *testing.T) {
	for _, state := range flegt.LicenceStates {
		l := flegt.Licence{Operator: "op", ImportCountry: "DK", State: state, Form: flegt.Form{Export: "ID"}}
		for _, role := range append([]flegt.Role{""}, flegt.Roles...) {
			a := flegt.Actor{Account: "a", Role: role, Body: "op", Country: map[bool]string{true: "ID", false: "DK"}[role == flegt.RoleLicensing]}
			if may := MayAsk(a, l) == nil; may != (role == flegt.RoleAuthority && state.Lodged()) {
				t.Errorf("%s, %s: %v", role, state, may)
			}
		}
	}
}
