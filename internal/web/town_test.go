package web

import (
	"net/http"
	"net/http/httptest"
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

// town is a counter with a real office behind it, a clock, and people who stand at the
// counter. Tests of pages that need a role use it.
type town struct {
	*Server
	t   *testing.T
	db  *store.DB
	now time.Time
}

// account is the header by which a test says who asks.
const account = "Test-Account"

func newTown(t *testing.T) *town {
	t.Helper()
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, db: storetest.SQLite(t), now: noon}
	var one sync.Mutex // work in the background asks for the time too
	clock := func() time.Time {
		one.Lock()
		defer one.Unlock()
		w.now = w.now.Add(time.Millisecond)
		return w.now
	}
	office, err := registry.New(t.Context(), registry.Options{DB: w.db, Reference: ref, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	w.Server = testServer(t, func(o *Options) { o.Office, o.Clock, o.Who, o.SupportAddress = office, clock, w.who, "" })
	return w
}

// who finds the person whom the test's header names.
func (w *town) who(r *http.Request) (Viewer, error) {
	id := r.Header.Get(account)
	if id == "" {
		return Viewer{}, nil
	}
	person, err := w.Office.Person(r.Context(), id)
	if err != nil {
		return Viewer{}, err
	}
	roles, err := w.Office.Roles(r.Context(), id)
	return viewerOf(person, roles, "", 0), err
}

// person adds an account without a role.
func (w *town) person(id, first, last string) flegt.Actor {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		return tx.AddAccount(flegt.Account{ID: id, Email: id + "@nordisktrae.example", FirstName: first, LastName: last, Confirmed: true, Version: 1})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return flegt.Actor{Account: id, FirstName: first, LastName: last}
}

// holder adds an account that holds a role.
func (w *town) holder(id string, role flegt.Role, body, country string) flegt.Actor {
	w.t.Helper()
	w.person(id, "Mette", "Sørensen")
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-" + id, Account: id, Role: role, Body: body,
			Country: country, Status: flegt.Approved, RequestedAt: w.now, Version: 1})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	roles, err := w.Office.Roles(w.t.Context(), id)
	if err != nil || len(roles) != 1 {
		w.t.Fatal(roles, err)
	}
	return roles[0]
}

// get asks for a page as somebody; the zero Actor is a passer-by.
func (w *town) get(a flegt.Actor, path string) (*http.Response, string) {
	w.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set(account, a.Account)
	return visit(w.t, w.Server, r)
}

// post sends a form as somebody.
func (w *town) post(a flegt.Actor, path, form string) (*http.Response, string) {
	w.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set(account, a.Account)
	return visit(w.t, w.Server, r)
}

func TestContactNamesEveryCountrysAuthority(t *testing.T) {
	w := newTown(t)
	answer, body := w.get(flegt.Actor{}, "/contact")
	wants(t, answer, body, 200, "Miljøstyrelsen", "svana@svana.dk", "Competent authority of Poland (name not in our data)", "not known to this system", "sante-traces@ec.europa.eu")
	if strings.Contains(body, "eutr@mst.dk") {
		t.Error("an address of a later day is shown in 2016")
	}
	w.now = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	answer, body = w.get(flegt.Actor{}, "/contact?lang=da")
	wants(t, answer, body, 200, "eutr@mst.dk", "Danmark", "kendes ikke")
	if strings.Contains(body, "svana@svana.dk") {
		t.Error("the address of 2016 is shown in 2026")
	}
	checkHTML(t, body)
}

func TestContactPutsOnesOwnCountryFirst(t *testing.T) {
	w := newTown(t)
	_, body := w.get(w.holder("u1", flegt.RoleAuthority, "CA-SE", "SE"), "/contact")
	if own, other := strings.Index(body, ">Sweden<"), strings.Index(body, ">Austria<"); own < 0 || own > other {
		t.Errorf("Sweden at %d, Austria at %d", own, other)
	}
	if !strings.Contains(body, "Competent authority, Sweden") {
		t.Error("a role without a name in our data is not named by its country")
	}
}

func TestLandingNamesTheLawOfItsDay(t *testing.T) {
	w := newTown(t)
	answer, body := w.get(flegt.Actor{}, "/")
	wants(t, answer, body, 200, "995/2010")
	w.now = time.Date(2027, 1, 5, 9, 0, 0, 0, time.UTC)
	answer, body = w.get(flegt.Actor{}, "/?lang=da")
	wants(t, answer, body, 200, "2023/1115")
	if strings.Contains(body, "995/2010") {
		t.Error("two laws at once")
	}
}
