package store_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// wholeTable is a step of a plan that reads a growing table from its beginning to its end,
// without an index: SQLite's "SCAN licence", PostgreSQL's "Seq Scan on licence".
var wholeTable = regexp.MustCompile(`(SCAN|Seq Scan on) (licence|licence_word|event|letter|authorisation|dossier|movement|notification|incoming_mail|operator|account|session|webhook|webhook_delivery)\b( w)?( \(|  |$)`)

// everyState is a step that goes through all licences of a state, where one number, scan or
// shipment is asked for.
var everyState = regexp.MustCompile(`licence_\w*state\b`)

// everyDossier is a step that goes through all of a country's dossiers, where one officer's are
// asked for.
var everyDossier = regexp.MustCompile(`dossier_(open|decided|queue|arrival)\w*\b`)

// everyOpen is a step that goes through all of a country's dossiers, where those with a name are
// asked for.
var everyOpen = regexp.MustCompile(`dossier_(open|decided|queue|arrival|tally)\b`)

// everyLicence is a step that goes through licences in any state, where customs asks for accepted
// ones.
var everyLicence = regexp.MustCompile(`licence_country_(expires|updated|state|id)\b`)

// sorts is a step that sorts what it found instead of reading it in order.
var sorts = regexp.MustCompile(`USE TEMP B-TREE FOR ORDER BY|(^|-> +)Sort +\(`)

func TestEveryListUsesAnIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fill(t, db)
		err := db.View(context.Background(), func(tx *store.Tx) error {
			for name, ask := range listQuestions(tx) {
				plans, err := db.Plans(tx, ask)
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				if len(plans) == 0 {
					t.Errorf("%s asks nothing", name)
				}
				for query, steps := range plans {
					checkPlan(t, name, query, steps)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// ignoreMissing lets a question find nothing.
func ignoreMissing(err error) error {
	if flegt.KindOf(err) == flegt.NotFound {
		return nil
	}
	return err
}

// What has its own index is found in it.
var ownIndex = map[string]string{"newest change of rights": "event_access"}

func checkPlan(t *testing.T, name, query string, steps []string) {
	t.Helper()
	if index := ownIndex[name]; index != "" && !strings.Contains(strings.Join(steps, "\n"), index) {
		t.Errorf("%s is not found by %s: %q", name, index, steps)
	}
	sorted := 0
	switch {
	case strings.Contains(query, "l WHERE l.id = p.id"): // the page's rows are sorted once more
		sorted = -1
	case strings.Contains(query, "l ON l.id = p.id"): // and what was found among the list's first before
		sorted = -2
	}
	for _, step := range steps {
		if wholeTable.MatchString(step) {
			t.Errorf("%s reads a whole table: %q\n%s\n%s", name, step, query, strings.Join(steps, "\n"))
		}
		if everyDossier.MatchString(step) && strings.HasPrefix(name, "mine") {
			t.Errorf("%s goes through all dossiers: %q\n%s\n%s", name, step, query, strings.Join(steps, "\n"))
		}
		if everyLicence.MatchString(step) && strings.Contains(name, "licences "+string(flegt.LicenceOpen)) {
			t.Errorf("%s goes through licences that are not accepted: %q\n%s\n%s", name, step, query, strings.Join(steps, "\n"))
		}
		if everyOpen.MatchString(step) && strings.HasPrefix(name, "few by ") {
			t.Errorf("%s goes through all dossiers: %q\n%s\n%s", name, step, query, strings.Join(steps, "\n"))
		}
		if everyState.MatchString(step) && strings.HasPrefix(name, "one ") {
			t.Errorf("%s goes through all of a state: %q\n%s\n%s", name, step, query, strings.Join(steps, "\n"))
		}
		if sorts.MatchString(step) {
			sorted++
		}
		if sorted > 0 && sorts.MatchString(step) && strings.HasPrefix(name, "in order") && strings.Contains(query, "ORDER BY") {
			t.Errorf("%s sorts: %q\n%s\n%s", name, step, query, strings.Join(steps, "\n"))
		}
	}
}

// fill writes more licences than are sorted at most, so that the lists read in order.
func fill(t *testing.T, db *store.DB) {
	t.Helper()
	update(t, db, func(tx *store.Tx) error {
		for i := range 1100 {
			l := licence(fmt.Sprintf("l%05d", i), "op", fmt.Sprintf("26.%05d", i), flegt.Submitted)
			l.ImportCountry, l.Form.Export, l.Form.Licensee.Name = "DK", "ID", "Jepara Wood"
			if err := tx.AddLicence(l); err != nil {
				return err
			}
			d := flegt.Dossier{Licence: l.ID, Country: "DK", Standing: flegt.DossierOpen, LodgedAt: day, Version: 1}
			d.Facts = flegt.Facets{Importer: "Nordisk", Exporter: "Jepara Wood", Issuing: "Mutuagung", Headings: []string{"9403"}}
			if i%50 == 0 {
				d.Facts.Importer, d.Facts.Exporter = "Rare Import", "Rare Wood"
			}
			if err := tx.AddDossier(d); err != nil {
				return err
			}
		}
		return nil
	})
}

// but lets an error of a kind pass.
func but(err error, kind flegt.Kind) error {
	if flegt.KindOf(err) == kind {
		return nil
	}
	return err
}

// listQuestions are the queries behind every list and page. Those "in order" have too many
// rows to be sorted.
func listQuestions(tx *store.Tx) map[string]func() error {
	out := map[string]func() error{
		"events of a noun":        func() error { _, err := tx.EventsOf("x"); return err },
		"one number earlier":      func() error { _, err := tx.NumberEarlier("26.00001", "x"); return err },
		"one shipment":            func() error { _, err := tx.SameShipment("MAEU1", []string{"MSKU1234565"}, "x"); return err },
		"one scan":                func() error { _, err := tx.SameScan("ab", "x"); return err },
		"one number's draft":      func() error { _, err := tx.DraftNumbered("op", "26.00001"); return but(err, flegt.NotFound) },
		"one number to claim":     func() error { _, err := tx.Electronic("26.00001"); return but(err, flegt.NotFound) },
		"one number replaced":     func() error { _, err := tx.Predecessors("26.00001", 10); return err },
		"one number with ledger":  func() error { return tx.Fulfil("26.00001", "l00001") },
		"looks":                   func() error { return tx.LooksAt("x", 1) },
		"newest change of rights": func() error { _, err := tx.AccessHead(); return err },
		"last looks":              func() error { _, err := tx.LastLooks("x", 100); return err },
		"events of questions":     func() error { _, err := tx.EventsOfQuestions("x"); return err },
		"events told":             func() error { _, err := tx.EventsOf("x", "looked_up", "checked"); return err },
		"accounts":                func() error { _, err := tx.AccountsWithIDs([]string{"a", "b"}); return err },
		"operators of requests":   func() error { _, err := tx.OperatorsWithIDs([]string{"a", "b"}); return err },
		"mails of requests":       func() error { _, err := tx.MailsUnder([]string{"a", "b"}); return err },
		"events since":            func() error { _, err := tx.EventsSince(7, 10); return err },
		"letters":                 func() error { _, err := tx.Letters(store.LetterQuery{Limit: 25, Offset: 50}); return err },
		"webhooks of a role":      func() error { _, err := tx.WebhooksOf("z"); return err },
		"due webhooks":            func() error { _, err := tx.DueWebhooks(day, 8); return err },
		"active webhooks":         func() error { _, err := tx.FollowingWebhooks(); return err },
		"deliveries":              func() error { _, err := tx.Deliveries("h", "", 26); return err },
		"deliveries after":        func() error { _, err := tx.Deliveries("h", "m", 26); return err },
		"next delivery":           func() error { _, err := tx.NextDelivery("h", day); return ignoreMissing(err) },
		"waiting deliveries":      func() error { _, err := tx.CountWaiting("h", 10); return err },
		"in order due letters":    func() error { _, err := tx.DueLetters(day, 20); return err },
		"letters in a state": func() error {
			_, err := tx.Letters(store.LetterQuery{State: flegt.LetterBounced, Limit: 25})
			return err
		},
		"letters to somebody":     func() error { _, err := tx.Letters(store.LetterQuery{To: "a@b.example", Limit: 25}); return err },
		"notifications":           func() error { _, err := tx.Notifications("a", 25, 0); return err },
		"unread":                  func() error { _, err := tx.Unread("a"); return err },
		"session":                 func() error { _, _, _, err := tx.Session("t", day); return err },
		"mails":                   func() error { _, err := tx.Mails(25, 50); return err },
		"mails of a request":      func() error { _, err := tx.MailsOf("z"); return err },
		"open mails":              func() error { _, err := tx.OpenMails(10); return err },
		"movements":               func() error { _, err := tx.Movements("l"); return err },
		"movements of an MRN":     func() error { _, err := tx.MovementsOf("m"); return err },
		"one number of any state": func() error { _, err := tx.LicencesNumbered("26.00001"); return err },
		"one number lodged":       func() error { _, err := tx.NumberLodged("26.00001", "x"); return err },
		"authorisations of":       func() error { _, err := tx.AuthorisationsOf("a"); return err },
		"operators by text":       func() error { _, err := tx.FindOperators(store.OperatorQuery{Text: "nordisk"}); return err },
		"operators by identifier": func() error { _, err := tx.OperatorsWithIdentifier([]string{"1"}); return err },
		"in order: work list":     func() error { _, err := tx.Dossiers(store.DossierQuery{Country: "DK"}); return err },
		"in order: work list goes on": func() error {
			_, err := tx.Dossiers(store.DossierQuery{Country: "DK", After: "l00500"})
			return err
		},
		"in order: fees go on": func() error { _, err := tx.Fees(store.FeeQuery{Country: "DK", After: "l00500"}); return err },
		"arrivals day by day":  func() error { _, err := tx.Arrivals("DK", "2016-12-01", "2017-01-11"); return err },
		"earlier cases of an operator elsewhere": func() error {
			_, err := tx.CountPreviousElsewhere("DK", store.PreviousOf{Operator: "op"}, 101)
			return err
		},
		"earlier cases of an exporter elsewhere": func() error {
			_, err := tx.CountPreviousElsewhere("DK", store.PreviousOf{Exporter: "Jepara Wood"}, 101)
			return err
		},
		"held by customs":     func() error { _, err := tx.CountHeld("DK", 1001); return err },
		"few by hold of some": func() error { _, err := tx.HeldAmong("DK", []string{"l00001", "l00002"}); return err },
		"few by hold": func() error {
			_, err := tx.Dossiers(store.DossierQuery{Country: "DK", Held: true, Any: true})
			return err
		},
		"few by hold counted": func() error {
			_, err := tx.CountDossiers(store.DossierQuery{Country: "DK", Held: true, Any: true}, 1001)
			return err
		},
		"few by hold and name": func() error {
			_, err := tx.Dossiers(store.DossierQuery{Country: "DK", Held: true, Any: true, Importer: "nordisk", Sort: "arrival"})
			return err
		},
		"in order: decided otherwise than accepted": func() error {
			_, err := tx.Dossiers(store.DossierQuery{Country: "DK", Standing: flegt.DossierDecided, Outcome: store.OutcomeUnaccepted, Desc: true})
			return err
		},
		"decided otherwise counted": func() error {
			_, err := tx.CountDossiers(store.DossierQuery{Country: "DK", Standing: flegt.DossierDecided, Outcome: store.OutcomeUnaccepted}, 1001)
			return err
		},
		"work list counts": func() error { _, _, _, _, err := tx.DossierCounts("DK", "a", 1001); return err },
	}
	for _, sort := range []string{"lodged", "arrival", "importer", "warnings"} {
		for part, q := range map[string]store.DossierQuery{"in order: all": {}, "in order: nobody's": {Nobody: true, Standing: flegt.DossierOpen},
			"in order: decided": {Standing: flegt.DossierDecided}, "mine": {Officer: "a"}, "waiting": {Standing: flegt.DossierWaiting}} {
			for _, desc := range []bool{false, true} {
				q.Country, q.Sort, q.Desc, q.Offset = "DK", sort, desc, 25
				out[fmt.Sprint(part, " dossiers by ", sort, desc)] = func() error { _, err := tx.Dossiers(q); return err }
				out[fmt.Sprint("count ", part, " dossiers by ", sort, desc)] = func() error { _, err := tx.CountDossiers(q, 1001); return err }
			}
		}
	}
	for name, q := range map[string]store.DossierQuery{"few by importer": {Importer: "rare"}, "few by exporter": {Exporter: "rare"}, "many by exporter": {Exporter: "jepara"},
		"many by issuing body": {Issuing: "mutu"}, "many by heading": {Heading: "9403"}} {
		for _, standing := range []flegt.Standing{"", flegt.DossierOpen, flegt.DossierDecided} {
			q.Country, q.Standing, q.Nobody = "DK", standing, standing == flegt.DossierOpen
			out[fmt.Sprint(name, " dossiers ", standing)] = func() error { _, err := tx.Dossiers(q); return err }
			out[fmt.Sprint(name, " dossiers counted ", standing)] = func() error { _, err := tx.CountDossiers(q, 1001); return err }
		}
	}
	for _, status := range [][]string{nil, {"requested"}} {
		q := store.AuthorisationQuery{Status: status, Newest: status == nil}
		out[fmt.Sprint("in order: requests ", status)] = func() error { _, err := tx.Authorisations(q); return err }
		out[fmt.Sprint("count requests ", status)] = func() error { _, err := tx.CountAuthorisations(q, 1000); return err }
	}
	for _, mail := range []string{"kept", "none"} {
		q := store.AuthorisationQuery{Status: []string{"requested"}, Mail: mail}
		out[fmt.Sprint("in order: requests by mail ", mail)] = func() error { _, err := tx.Authorisations(q); return err }
		out[fmt.Sprint("count requests by mail ", mail)] = func() error { _, err := tx.CountAuthorisations(q, 1000); return err }
	}
	for name, scope := range map[string]flegt.Scope{"asked": {Country: "DK"}, "of an importer": {Operator: "op"}, "of an issuing country": {Export: "ID"}} {
		for _, state := range flegt.QuestionStates {
			q := store.QuestionQuery{Scope: scope, State: state}
			out[fmt.Sprint("in order: questions ", name, " ", state)] = func() error { _, err := tx.Questions(q); return err }
			out[fmt.Sprint("count questions ", name, " ", state)] = func() error { _, err := tx.CountQuestionsIn(q, 1001); return err }
			q.After = "q"
			out[fmt.Sprint("in order: questions going on ", name, " ", state)] = func() error { _, err := tx.Questions(q); return err }
		}
	}
	offices := store.LicenceQuery{Scope: flegt.Scope{Country: "DK"}, Offices: []string{"DK003103", "DK003102"}}
	for _, standing := range flegt.LicenceStandings {
		q := store.LicenceQuery{Scope: flegt.Scope{Country: "DK"}, Sort: "expires", Asc: true, Standing: standing, Today: "2026-12-01"}
		out[fmt.Sprint("in order: licences ", standing)] = func() error { _, err := tx.Licences(q); return err }
		out[fmt.Sprint("count licences ", standing)] = func() error { _, err := tx.CountLicences(q, 1001); return err }
		q.AfterExpiry, q.After = "2026-12-05", "l00500"
		out[fmt.Sprint("in order: licences ", standing, " after")] = func() error { _, err := tx.Licences(q); return err }
	}
	out["licences at offices"] = func() error { _, err := tx.Licences(offices); return err }
	for scope, s := range map[string]flegt.Scope{"operator": {Operator: "op"}, "country": {Country: "DK"}, "export": {Export: "ID"}, "all": {All: true}} {
		for _, sort := range []string{"updated", "submitted", "number", "expires", "id"} {
			for _, states := range [][]string{nil, {"submitted"}, {"rejected"}} {
				for _, text := range []string{"", "jepara", "jepara 26.00042"} {
					for _, asc := range []bool{false, true}[:min(2, 2-len(states))] {
						q := store.LicenceQuery{Scope: s, Sort: sort, States: states, Text: text, Asc: asc, Offset: 50}
						name := fmt.Sprint("licences ", scope, sort, states, text, asc)
						if text != "jepara 26.00042" && (len(states) == 0 || states[0] == "submitted") {
							name = "in order: " + name
						}
						out[name] = func() error { _, err := tx.Licences(q); return err }
						if sort == "id" {
							q.Offset, q.After = 0, "l00500"
							out[name+" after"] = func() error { _, err := tx.Licences(q); return err }
						}
						out["count "+name] = func() error { _, err := tx.CountLicences(q, 1001); return err }
					}
				}
			}
		}
	}
	return out
}
