package account

import (
	"net/http"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// accountPage is one's own account.
type accountPage struct {
	counter.Page
	Person identity.Person
	// NewEmail is the address typed to move to.
	NewEmail string
	// Closing says that closing the account was refused: what is wrong stands there.
	Closing bool
	Offered []counter.Option
}

func (s pages) accountPage(r *counter.Request) (*accountPage, error) {
	acc, err := s.Accounts.Account(r.Context(), r.Viewer.Actor.Account)
	if err != nil {
		return nil, err
	}
	p := &accountPage{Page: s.Page(r, "site.account"), Person: identity.Person{FirstName: acc.FirstName, LastName: acc.LastName, Email: acc.Email, Lang: acc.Lang}}
	p.Offered = langOptions(&p.Page)
	return p, nil
}

func (s pages) showAccount(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.accountPage(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "account_own")
}

// ownChange runs a change of one's own account; the page is shown again when it is refused.
func (s pages) ownChange(key string, change func(*counter.Request, *accountPage) error) counter.Handler {
	return func(w http.ResponseWriter, r *counter.Request) error {
		p, err := s.accountPage(r)
		if err != nil {
			return err
		}
		if err := change(r, p); err != nil {
			return s.Again(w, p, "account_own", err)
		}
		return s.Done(w, r, "/account", key)
	}
}

func (s pages) rename(r *counter.Request, p *accountPage) error {
	p.Person.FirstName, p.Person.LastName, p.Person.Lang = r.Posted("first_name"), r.Posted("last_name"), r.Posted("lang")
	_, err := s.Accounts.Rename(r.Context(), r.Viewer.Actor.Account, p.Person)
	return err
}

func (s pages) changePassword(r *counter.Request, _ *accountPage) error {
	acc, err := s.Accounts.ChangePassword(r.Context(), r.Viewer.Actor.Account, r.PostFormValue("current"), r.PostFormValue("password"), counter.Network(r))
	if err != nil {
		return err
	}
	return s.Accounts.Begin(r.Context(), acc) // the other sessions have ended
}

func (s pages) askMove(r *counter.Request, p *accountPage) error {
	p.NewEmail = r.Posted("email")
	return s.Accounts.AskMove(r.Context(), r.Viewer.Actor.Account, p.NewEmail, r.PostFormValue("current"), counter.Network(r))
}

func (s pages) closeAccount(w http.ResponseWriter, r *counter.Request) error {
	if err := s.Accounts.Close(r.Context(), r.Viewer.Actor.Account, r.PostFormValue("current"), counter.Network(r)); err != nil {
		p, failed := s.accountPage(r)
		if failed != nil {
			return failed
		}
		p.Closing = true
		return s.Again(w, p, "account_own", ofClosing(err))
	}
	if err := s.Accounts.End(r.Context()); err != nil {
		return err
	}
	return s.Done(w, r, "/", "account.closed")
}

// ofClosing names the box of the password by which closing is confirmed: the page has
// another one for the current password.
func ofClosing(err error) error {
	refusal, ok := counter.AsRefusal(err)
	if !ok {
		return err
	}
	renamed := *refusal
	renamed.Boxes = slices.Clone(refusal.Boxes)
	for i := range renamed.Boxes {
		if renamed.Boxes[i].Box == "current" {
			renamed.Boxes[i].Box = "close_current"
		}
	}
	return &renamed
}

// movePage makes a new address the account's.
type movePage struct {
	counter.Page
	Token, Email string
}

func (s pages) showMove(w http.ResponseWriter, r *counter.Request) error {
	_, email, err := s.Accounts.Moving(r.Context(), r.Query("token"))
	if err != nil {
		return err
	}
	return s.Show(w, &movePage{Page: s.Page(r, "account.move.title"), Token: r.Query("token"), Email: email}, "account_move")
}

func (s pages) move(w http.ResponseWriter, r *counter.Request) error {
	if _, err := s.Accounts.Move(r.Context(), r.Posted("token")); err != nil {
		return err
	}
	return s.Done(w, r, "/home", "account.moved")
}

// homePage is where one comes after signing in: what a role is, or one's next work.
type homePage struct {
	counter.Page
	// Cards are the next steps.
	Cards []homeCard
	// NoRole says that the person has none yet; Pending lists what was asked for.
	NoRole  bool
	Pending []counter.Cell
	// Suits says which role suits whom.
	Suits []counter.Term
}

// homeCard is one next step, with a number when something waits.
type homeCard struct {
	counter.Link
	Text  string
	Count string
}

func (s pages) showHome(w http.ResponseWriter, r *counter.Request) error {
	p := homePage{Page: s.Page(r, "home.title", "Name", r.Viewer.Name)}
	if r.Viewer.Acting == nil {
		return s.showHomeWithoutRole(w, r, &p)
	}
	p.Lead = p.RoleName(*r.Viewer.Acting)
	var err error
	switch r.Viewer.Acting.Role {
	case flegt.RoleOperator:
		err = s.homeOfOperator(r, &p)
	case flegt.RoleAuthority:
		err = s.waiting(r, &p, flegt.Submitted, "/desk", "home.desk")
	case flegt.RoleCustoms:
		p.Cards = []homeCard{{Link: counter.Link{URL: "/customs", Text: p.T("menu.customs")}, Text: p.T("home.customs.text")},
			{Link: counter.Link{URL: "/customs/expected", Text: p.T("clearance.expected.title")}, Text: p.T("home.expected.text")}}
	case flegt.RoleSupport:
		err = s.homeOfSupport(r, &p)
	case flegt.RoleLicensing:
		p.Cards = append(p.Cards, homeCard{Link: counter.Link{URL: "/licences/issue", Text: p.T("licence.issue.title")}, Text: p.T("home.issue.text")})
		err = s.waiting(r, &p, flegt.Issued, "/licences?state=issued", "home.issued")
	}
	if err == nil && r.Viewer.Has(flegt.RoleOperator, flegt.RoleAuthority, flegt.RoleLicensing) {
		err = s.questionCard(r, &p)
	}
	if err != nil {
		return err
	}
	if !r.Viewer.Has(flegt.RoleCustoms) {
		p.Cards = append(p.Cards, homeCard{Link: counter.Link{URL: "/licences", Text: p.T("menu.licences")}, Text: p.T("home.licences.text")})
	}
	p.Cards = append(p.Cards, homeCard{Link: counter.Link{URL: "/user-guide", Text: p.T("site.guide")}, Text: p.T("home.guide.text")})
	return s.Show(w, &p, "home")
}

func (s pages) showHomeWithoutRole(w http.ResponseWriter, r *counter.Request, p *homePage) error {
	p.NoRole = true
	all, err := s.Office.MyAuthorisations(r.Context(), r.Viewer.Actor)
	if err != nil {
		return err
	}
	for _, d := range all {
		status := p.RoleStatus(d.Authorisation)
		p.Pending = append(p.Pending, counter.Cell{Text: p.RoleOf(d.Authorisation) + ", " + p.BodyOf(d), URL: p.URL("/roles/%s", d.Authorisation.ID), Status: &status})
	}
	for _, role := range askable() {
		p.Suits = append(p.Suits, counter.TermOf(p.T("role."+string(role)), p.T("request.what."+string(role))))
	}
	return s.Show(w, p, "home")
}

// waiting adds a card with how many licences stand in a state.
func (s pages) waiting(r *counter.Request, p *homePage, state flegt.LicenceState, url, key string) error {
	found, err := s.Office.Licences(r.Context(), r.Viewer.Actor, registry.LicenceQuery{States: []string{string(state)}, Limit: 1})
	if err != nil {
		return err
	}
	count := p.TN("home.licences", found.Count)
	if found.More {
		count = p.TN("home.licences.more", found.Count)
	}
	p.Cards = append(p.Cards, homeCard{Link: counter.Link{URL: url, Text: p.T(key)}, Count: count, Text: p.T(key + ".text")})
	return nil
}

func (s pages) homeOfOperator(r *counter.Request, p *homePage) error {
	p.Cards = append(p.Cards, homeCard{Link: counter.Link{URL: "/licences/new", Text: p.T("licence.new.title")}, Text: p.T("home.new.text")},
		homeCard{Link: counter.Link{URL: "/licences/claim", Text: p.T("licence.claim.title")}, Text: p.T("home.claim.text")})
	for _, c := range []struct {
		state flegt.LicenceState
		key   string
	}{{flegt.Returned, "home.returned"}, {flegt.Draft, "home.drafts"}, {flegt.Submitted, "home.submitted"}, {flegt.Rejected, "home.rejected"}} {
		if err := s.waiting(r, p, c.state, "/licences?state="+string(c.state), c.key); err != nil {
			return err
		}
	}
	return nil
}

func (s pages) homeOfSupport(r *counter.Request, p *homePage) error {
	_, count, err := s.Office.RequestQueue(r.Context(), r.Viewer.Actor, registry.AuthorisationQuery{Status: []string{string(flegt.Requested)}, Limit: 1})
	if err != nil {
		return err
	}
	p.Cards = append(p.Cards, homeCard{Link: counter.Link{URL: "/support/requests", Text: p.T("support.queue.title")}, Count: p.TN("home.requests", count), Text: p.T("home.requests.text")})
	return nil
}
