package access

import (
	"slices"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestWhoSeesWhichEvents is every noun of the log with everybody: who is named sees the event,
// whoever is not does not learn of it.
func TestWhoSeesWhichEvents(t *testing.T) {
	people := map[string]flegt.Actor{
		"importer":  {Account: "i", Role: flegt.RoleOperator, Body: "op", Country: "DK"},
		"authority": {Account: "a", Role: flegt.RoleAuthority, Body: "CA-DK", Country: "DK"},
		"customs":   {Account: "c", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK"},
		"Support":   {Account: "s", Role: flegt.RoleSupport, Body: flegt.SupportBody},
		"observer":  {Account: "o", Role: flegt.RoleObserver, Body: flegt.ObserverBody},
		"licensing": {Account: "l", Role: flegt.RoleLicensing, Body: "LA-ID", Country: "ID"},
		"applicant": {Account: "applicant"},
	}
	for name, a := range strangers() {
		people[name] = a
	}
	everybody := []string{}
	withRole := []string{}
	for name, a := range people {
		if a.Account != "" && !a.System {
			everybody = append(everybody, name)
			if a.Role != "" {
				withRole = append(withRole, name)
			}
		}
	}
	desk, watches := []string{"authority"}, []string{"Support", "observer"}
	authorities := []string{"authority", "German authority", "no country"}
	rows := []struct {
		name string
		e    flegt.Event
		sees []string
	}{
		{"a draft", flegt.Event{Noun: flegt.NounLicence, Country: "DK", Operator: "op", State: "draft"}, []string{"importer"}},
		{"a discarded draft", flegt.Event{Noun: flegt.NounLicence, Country: "DK", Operator: "op", Verb: "discarded"}, []string{"importer"}},
		{"a licence", flegt.Event{Noun: flegt.NounLicence, Country: "DK", Operator: "op", State: "submitted"}, []string{"importer", "authority", "customs", "Support", "observer"}},
		{"a look at a licence", flegt.Event{Noun: flegt.NounLicence, Country: "DK", Operator: "op", Verb: "looked_up"}, []string{"importer", "authority", "customs", "Support", "observer"}},
		{"a dossier", flegt.Event{Noun: flegt.NounDossier, Country: "DK"}, desk},
		{"a dossier of no country", flegt.Event{Noun: flegt.NounDossier}, nil},
		{"a question to the importer", flegt.Event{Noun: flegt.NounQuestion, Country: "DK", Operator: "op", Data: map[string]any{"to": "importer"}}, []string{"authority", "importer"}},
		{"a question to the issuing country", flegt.Event{Noun: flegt.NounQuestion, Country: "DK", Data: map[string]any{"to": "issuing"}}, desk},
		{"a question to nobody", flegt.Event{Noun: flegt.NounQuestion, Country: "DK", Operator: "op"}, desk},
		{"a mail", flegt.Event{Noun: flegt.NounMail, Data: map[string]any{"account": "applicant"}}, watches},
		{"a letter", flegt.Event{Noun: flegt.NounLetter}, watches},
		{"a specimen", flegt.Event{Noun: flegt.NounSpecimen, Country: "ID"}, append(authorities, watches...)},
		{"a role", flegt.Event{Noun: flegt.NounAuthorisation, Country: "DK", Data: map[string]any{"account": "applicant", "role": "operator"}}, []string{"applicant", "authority", "Support", "observer"}},
		{"an officer's role", flegt.Event{Noun: flegt.NounAuthorisation, Country: "DK", Data: map[string]any{"account": "applicant", "role": "authority"}}, []string{"applicant", "Support", "observer"}},
		{"a company", flegt.Event{Noun: flegt.NounOperator, Account: "applicant"}, append([]string{"applicant"}, withRole...)},
		{"an authority", flegt.Event{Noun: flegt.NounAuthority}, everybody},
		{"the settings of a desk", flegt.Event{Noun: flegt.NounAuthority, Verb: "desk_edited", Country: "DK"}, desk},
		{"reference data", flegt.Event{Noun: flegt.NounReference}, everybody},
		{"an account", flegt.Event{Noun: flegt.NounAccount, NounID: "applicant"}, []string{"applicant"}},
		{"a token", flegt.Event{Noun: flegt.NounAPIToken, Data: map[string]any{"account": "applicant"}}, []string{"applicant"}},
		{"a webhook", flegt.Event{Noun: flegt.NounWebhook, Data: map[string]any{"account": "applicant"}}, []string{"applicant"}},
		{"something unheard of", flegt.Event{Noun: "dragon", NounID: "applicant", Account: "applicant", Country: "DK", Operator: "op"}, nil},
	}
	covered := map[flegt.Noun]bool{}
	for _, row := range rows {
		covered[row.e.Noun] = true
		for name, a := range people {
			check(t, name+" sees the event of "+row.name, MaySeeEvent(a, row.e), slices.Contains(row.sees, name), flegt.NotFound)
		}
	}
	for _, noun := range flegt.Nouns {
		if !covered[noun] {
			t.Errorf("the table says nothing of the noun %s", noun)
		}
	}
}
