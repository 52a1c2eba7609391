// Package registrytest opens an office for the tests of those who call it: on a database of
// the test's own, with the built-in facts, a clock that the test sets, and people who hold
// roles.
package registrytest

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// Town is an office, its clock, and the people who come to it. Its methods end the test when
// something fails.
type Town struct {
	T      testing.TB
	Office *registry.Office
	DB     *store.DB
	// Now is what the clock shows; a test may set it.
	Now time.Time

	one sync.Mutex // work in the background asks for the time too
}

// New opens an office whose clock starts at a moment.
func New(t testing.TB, now time.Time) *Town {
	t.Helper()
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	w := &Town{T: t, DB: storetest.Main(t), Now: now}
	w.Office, err = registry.New(t.Context(), registry.Options{DB: w.DB, Reference: ref, Clock: w.Clock})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Clock tells the time, a millisecond later each time.
func (w *Town) Clock() time.Time {
	w.one.Lock()
	defer w.one.Unlock()
	w.Now = w.Now.Add(time.Millisecond)
	return w.Now
}

// Person adds an account without a role.
func (w *Town) Person(id, first, last string) flegt.Actor {
	w.T.Helper()
	err := w.DB.Update(w.T.Context(), func(tx *store.Tx) error {
		return tx.AddAccount(flegt.Account{ID: id, Email: id + "@nordisktrae.example", FirstName: first, LastName: last, Confirmed: true, Version: 1})
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return flegt.Actor{Account: id, FirstName: first, LastName: last}
}

// Holder adds an account that holds a role.
func (w *Town) Holder(id string, role flegt.Role, body, country string) flegt.Actor {
	w.T.Helper()
	w.Person(id, "Mette", "Sørensen")
	err := w.DB.Update(w.T.Context(), func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-" + id, Account: id, Role: role, Body: body,
			Country: country, Status: flegt.Approved, RequestedAt: w.Now, Version: 1})
	})
	if err != nil {
		w.T.Fatal(err)
	}
	roles, err := w.Office.Roles(w.T.Context(), id)
	if err != nil || len(roles) != 1 {
		w.T.Fatal(roles, err)
	}
	return roles[0]
}

// Lodged enters and submits a licence as somebody of an operator and gives its id.
func (w *Town) Lodged(a flegt.Actor, number string) string {
	w.T.Helper()
	l, err := w.Office.NewDraft(w.T.Context(), a, flegt.Form{IssuingBody: flegt.Party{Name: "PT Mutuagung Lestari"}, Importer: flegt.Party{Name: "Nordisk Træ A/S"}, Number: number,
		Issued: "2016-11-18", Expires: "2017-03-17", Export: "ID", Transport: "By sea", Licensee: flegt.Party{Name: "CV Jepara Garden Living"}, IssuePlace: "Depok",
		Invoice: "JGL-1", Arrival: "2016-12-03", Goods: []flegt.GoodsLine{{Description: "Teak garden chair", HS: "4407.29",
			Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}}, Harvest: []string{"ID"}, Volume: "8.412", Weight: "5120", Units: "480"}}}, "DK")
	if err == nil {
		l, err = w.Office.AddScan(w.T.Context(), a, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\n"+number))
	}
	if err == nil {
		l, err = w.Office.SubmitLicence(w.T.Context(), a, l.ID, l.Version)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return l.ID
}

// Importer adds an operator in Denmark and somebody who acts for it.
func (w *Town) Importer(id string) flegt.Actor {
	w.T.Helper()
	op, err := w.Office.CreateOperator(w.T.Context(), w.Person("owner-"+id, "Mette", "Sørensen"), flegt.Operator{Name: "Nordisk Træ", LegalForm: "A/S", Country: "DK", Postcode: "8000",
		Town: "Aarhus C", Street: "Havnegade 1", ContactName: "Mette Sørensen", ContactEmail: "mette@nordisktrae.example", Section: flegt.SectionTimber,
		Identifiers: []flegt.Identifier{{Kind: "NATIONAL", Country: "DK", Value: "37606030"}}}, true)
	if err != nil {
		w.T.Fatal(err)
	}
	return w.Holder(id, flegt.RoleOperator, op.ID, "DK")
}
