package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestWhoSeesAndDoesWhat is the whole table: every state, every role at the right and at
// the wrong body, every verb.
func TestWhoSeesAndDoesWhat(t *testing.T) {
	right := map[flegt.Role]flegt.Actor{
		flegt.RoleOperator:  {Account: "a", Role: flegt.RoleOperator, Body: "op", Country: "DK"},
		flegt.RoleAuthority: {Account: "a", Role: flegt.RoleAuthority, Body: "CA-DK", Country: "DK"},
		flegt.RoleCustoms:   {Account: "a", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK"},
		flegt.RoleSupport:   {Account: "a", Role: flegt.RoleSupport, Body: flegt.SupportBody},
		flegt.RoleLicensing: {Account: "a", Role: flegt.RoleLicensing, Body: "LA-ID", Country: "ID"},
		flegt.RoleObserver:  {Account: "a", Role: flegt.RoleObserver, Body: flegt.ObserverBody},
	}
	issuers := "replace cancel report_lost extend correct_on_paper"
	does := map[flegt.Role]string{flegt.RoleOperator: "create edit submit withdraw discard claim unclaim", flegt.RoleCustoms: "release",
		flegt.RoleAuthority: "accept reject return withdraw_acceptance " + issuers, flegt.RoleLicensing: "issue " + issuers}
	lodged := map[flegt.LicenceState]bool{flegt.Submitted: true, flegt.Returned: true, flegt.Accepted: true, flegt.Rejected: true, flegt.Withdrawn: true, flegt.AcceptanceWithdrawn: true}
	for i, state := range append(flegt.LicenceStates, flegt.LicenceStates...) {
		electronic := i >= len(flegt.LicenceStates) || state == flegt.Issued
		l := flegt.Licence{ID: "l", Operator: "op", ImportCountry: "DK", State: state, Electronic: electronic, Form: flegt.Form{Export: "ID"}}
		if state == flegt.Issued {
			l.Operator = ""
		}
		for role, a := range right {
			sees := lodged[state] || role == flegt.RoleOperator && state == flegt.Draft || role == flegt.RoleLicensing && electronic
			check(t, fmt.Sprintf("%s %s sees", state, role), MaySeeLicence(a, &l), sees, flegt.NotFound)
			for _, v := range flegt.Verbs {
				want := flegt.Forbidden
				if !sees {
					want = flegt.NotFound
				}
				check(t, fmt.Sprintf("%s %s %s", state, role, v), MayDo(a, l, v), sees && has(does[role], string(v)), want)
			}
		}
		for name, a := range strangers() {
			check(t, fmt.Sprintf("%s %s sees", state, name), MaySeeLicence(a, &l), false, flegt.NotFound)
			for _, v := range flegt.Verbs {
				check(t, fmt.Sprintf("%s %s %s", state, name, v), MayDo(a, l, v), false, flegt.NotFound)
			}
		}
	}
}

// strangers act for the wrong body, for none, or are nobody.
func strangers() map[string]flegt.Actor {
	return map[string]flegt.Actor{
		"nobody":            {},
		"system":            flegt.TheSystem(),
		"no role":           {Account: "a"},
		"competitor":        {Account: "b", Role: flegt.RoleOperator, Body: "rival", Country: "DK"},
		"operator, no body": {Account: "b", Role: flegt.RoleOperator, Country: "DK"},
		"German authority":  {Account: "b", Role: flegt.RoleAuthority, Body: "CA-DE", Country: "DE"},
		"no country":        {Account: "b", Role: flegt.RoleAuthority},
		"German customs":    {Account: "b", Role: flegt.RoleCustoms, Body: "CUSTOMS-DE", Country: "DE"},
		"Ghana's body":      {Account: "b", Role: flegt.RoleLicensing, Body: "LA-GH", Country: "GH"},
		"unknown role":      {Account: "b", Role: "king", Body: "op", Country: "DK"},
	}
}

func TestWhoIssuesAndClaims(t *testing.T) {
	for name, a := range strangers() {
		check(t, name+" issues", MayIssueLicence(a), name == "Ghana's body", flegt.Forbidden)
		check(t, name+" claims", MayClaimLicence(a), name == "competitor", flegt.Forbidden)
	}
	check(t, "licensing authority without a country", MayIssueLicence(flegt.Actor{Account: "a", Role: flegt.RoleLicensing}), false, flegt.Forbidden)
}

func TestListScopes(t *testing.T) {
	for name, a := range strangers() {
		s := ListScope(a)
		if s.All || s.Operator == "op" || s.Country == "DK" || s.Export == "ID" {
			t.Errorf("%s lists %+v", name, s)
		}
	}
	if s := ListScope(flegt.Actor{Account: "a", Role: flegt.RoleOperator, Body: "op"}); s != (flegt.Scope{Operator: "op"}) {
		t.Errorf("operator: %+v", s)
	}
}

// TestWhoListsLicences: customs has the list of what is expected, and no other.
func TestWhoListsLicences(t *testing.T) {
	for _, role := range flegt.Roles {
		check(t, string(role)+" lists", MayListLicences(flegt.Actor{Account: "a", Role: role, Body: "b", Country: "DK"}), role != flegt.RoleCustoms, flegt.Forbidden)
	}
}

func TestWhoDecidesOnRoles(t *testing.T) {
	z := flegt.Authorisation{Account: "applicant", Role: flegt.RoleOperator, Country: "DK"}
	for name, c := range map[string]struct {
		a                      flegt.Actor
		sees, decides, recalls bool
	}{
		"applicant":            {flegt.Actor{Account: "applicant"}, true, false, true},
		"applicant as Support": {flegt.Actor{Account: "applicant", Role: flegt.RoleSupport}, true, false, true},
		"Support":              {flegt.Actor{Account: "s", Role: flegt.RoleSupport}, true, true, false},
		"observer":             {flegt.Actor{Account: "o", Role: flegt.RoleObserver}, true, false, false},
		"its authority":        {flegt.Actor{Account: "c", Role: flegt.RoleAuthority, Country: "DK"}, true, false, false},
		"another authority":    {flegt.Actor{Account: "c", Role: flegt.RoleAuthority, Country: "DE"}, false, false, false},
		"customs":              {flegt.Actor{Account: "c", Role: flegt.RoleCustoms, Country: "DK"}, false, false, false},
		"competitor":           {flegt.Actor{Account: "r", Role: flegt.RoleOperator, Country: "DK"}, false, false, false},
		"nobody":               {flegt.Actor{}, false, false, false},
		"system":               {flegt.TheSystem(), false, false, false},
	} {
		for what, got := range map[string]struct {
			err  error
			want bool
		}{"sees": {MaySeeAuthorisation(c.a, z), c.sees}, "decides": {MayDecideAuthorisation(c.a, z), c.decides}, "recalls": {MayWithdrawAuthorisation(c.a, z), c.recalls}} {
			if (got.err == nil) != got.want {
				t.Errorf("%s %s: %v", name, what, got.err)
			}
		}
	}
}

func check(t *testing.T, name string, err error, allowed bool, refusal flegt.Kind) {
	t.Helper()
	if allowed != (err == nil) || err != nil && flegt.KindOf(err) != refusal {
		t.Errorf("%s: allowed is to be %v, got %v", name, allowed, err)
	}
}

func has(list, word string) bool {
	return slices.Contains(strings.Fields(list), word)
}
