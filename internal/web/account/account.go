package account

import (
	"net/http"
	"net/url"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/wording"
)

// signUpPage makes an account.
type signUpPage struct {
	counter.Page
	Person  identity.Person
	Offered []counter.Option
}

func (s pages) signUpPage(r *counter.Request) *signUpPage {
	p := &signUpPage{Page: s.Page(r, "account.sign_up.title"), Person: identity.Person{Lang: string(r.Lang)}}
	p.Offered = langOptions(&p.Page)
	return p
}

// langOptions offers the languages we speak.
func langOptions(p *counter.Page) []counter.Option {
	var out []counter.Option
	for _, l := range p.Server().Catalog.Langs() {
		out = append(out, counter.Option{Value: string(l), Label: p.Server().Catalog.Say(l, "lang.name", nil)})
	}
	return out
}

func (s pages) showSignUp(w http.ResponseWriter, r *counter.Request) error {
	if r.Viewer.SignedIn {
		http.Redirect(w, r.Request, "/home", http.StatusSeeOther)
		return nil
	}
	return s.Show(w, s.signUpPage(r), "account_sign_up")
}

func (s pages) signUp(w http.ResponseWriter, r *counter.Request) error {
	p := s.signUpPage(r)
	p.Person = identity.Person{FirstName: r.Posted("first_name"), LastName: r.Posted("last_name"), Email: r.Posted("email"), Lang: r.Posted("lang")}
	if !s.Catalog.Speaks(wording.Lang(p.Person.Lang)) {
		p.Person.Lang = string(r.Lang)
	}
	if err := s.Accounts.SignUp(r.Context(), p.Person, counter.Network(r)); err != nil {
		return s.Again(w, p, "account_sign_up", err)
	}
	http.Redirect(w, r.Request, "/sign-up/sent", http.StatusSeeOther)
	return nil
}

// choosePage sets a password by a link from a mail.
type choosePage struct {
	counter.Page
	Token, Action, Button string
	Name                  string
	Text                  string
}

// choose makes the two pages on which a password is chosen: they look at the link first and
// use it up only when the form is sent, so that a mail scanner that follows links does no
// harm.
func (s pages) choose(kind string) (show, send counter.Handler) {
	look, set := s.Accounts.Confirming, s.Accounts.Confirm
	action := "/confirm"
	if kind == "reset" {
		look, set, action = s.Accounts.Resetting, s.Accounts.Reset, "/password/reset"
	}
	make := func(r *counter.Request, token string) (*choosePage, error) {
		acc, err := look(r.Context(), token)
		p := &choosePage{Page: s.Page(r, "account."+kind+".title"), Token: token, Action: action, Button: "account." + kind + ".button", Name: acc.Email}
		p.Text = p.T("account."+kind+".text", "Email", acc.Email)
		return p, err
	}
	show = func(w http.ResponseWriter, r *counter.Request) error {
		p, err := make(r, r.Query("token"))
		if err != nil {
			return err
		}
		return s.Show(w, p, "account_choose")
	}
	send = func(w http.ResponseWriter, r *counter.Request) error {
		token := r.Posted("token")
		p, err := make(r, token)
		if err != nil {
			return err
		}
		acc, err := set(r.Context(), token, r.PostFormValue("password"))
		if err != nil {
			return s.Again(w, p, "account_choose", err)
		}
		if err := s.Accounts.Begin(r.Context(), acc); err != nil {
			return err
		}
		return s.Done(w, r, "/home", "account."+kind+".done")
	}
	return show, send
}

// askPage wants a user name or an address and mails a link.
type askPage struct {
	counter.Page
	Who string
}

func (s pages) showForgot(w http.ResponseWriter, r *counter.Request) error {
	return s.Show(w, &askPage{Page: s.Page(r, "account.forgot.title")}, "account_forgot")
}

func (s pages) forgot(w http.ResponseWriter, r *counter.Request) error {
	p := &askPage{Page: s.Page(r, "account.forgot.title"), Who: r.Posted("who")}
	if err := s.Accounts.AskReset(r.Context(), p.Who, counter.Network(r)); err != nil {
		return s.Again(w, p, "account_forgot", err)
	}
	http.Redirect(w, r.Request, "/password/sent", http.StatusSeeOther)
	return nil
}

// signInPage asks who it is.
type signInPage struct {
	counter.Page
	Who, Next string
	// Waiting says that a form was kept and goes on after signing in.
	Waiting bool
}

func (s pages) signInPage(r *counter.Request, next string) *signInPage {
	_, waiting := s.Accounts.KeptForm(r.Context())
	return &signInPage{Page: s.Page(r, "account.sign_in.title"), Next: counter.LocalPath(next, "/home"), Waiting: waiting}
}

func (s pages) showSignIn(w http.ResponseWriter, r *counter.Request) error {
	p := s.signInPage(r, r.Query("next"))
	if r.Viewer.SignedIn {
		http.Redirect(w, r.Request, p.Next, http.StatusSeeOther)
		return nil
	}
	return s.Show(w, p, "account_sign_in")
}

func (s pages) signIn(w http.ResponseWriter, r *counter.Request) error {
	p := s.signInPage(r, r.Posted("next"))
	p.Who = r.Posted("who")
	acc, err := s.Accounts.SignIn(r.Context(), identity.ByPassword, url.Values{"who": {p.Who}, "password": {r.PostFormValue("password")}}, counter.Network(r))
	if err != nil {
		return s.Again(w, p, "account_sign_in", err)
	}
	return s.begin(w, r, acc, p.Next)
}

// begin signs in and goes on: to the form that was kept, or to where the visitor wanted.
func (s pages) begin(w http.ResponseWriter, r *counter.Request, acc flegt.Account, next string) error {
	if err := s.Accounts.Begin(r.Context(), acc); err != nil {
		return err
	}
	if _, waiting := s.Accounts.KeptForm(r.Context()); waiting {
		next = "/sign-in/kept"
	}
	http.Redirect(w, r.Request, next, http.StatusSeeOther)
	return nil
}

// signInByDemo signs a made-up person in by a link; there are such links in the
// demonstration alone.
func (s pages) signInByDemo(w http.ResponseWriter, r *counter.Request) error {
	acc, err := s.Accounts.SignIn(r.Context(), identity.ByDemoLink, r.URL.Query(), counter.Network(r))
	if err != nil {
		return err
	}
	return s.begin(w, r, acc, counter.LocalPath(r.Query("next"), "/home"))
}

func (s pages) signOut(w http.ResponseWriter, r *counter.Request) error {
	if err := s.Accounts.End(r.Context()); err != nil {
		return err
	}
	return s.Done(w, r, "/", "account.signed_out")
}

func (s pages) signOutEverywhere(w http.ResponseWriter, r *counter.Request) error {
	if _, err := s.Accounts.SignOutEverywhere(r.Context(), r.Viewer.Actor.Account); err != nil {
		return err
	}
	return s.signOut(w, r)
}

// actInRole changes the role in which one acts.
func (s pages) actInRole(w http.ResponseWriter, r *counter.Request) error {
	id := r.Posted("role")
	for _, role := range r.Viewer.Roles {
		if role.ID == id {
			s.Accounts.Act(r.Context(), id)
			return s.Done(w, r, counter.LocalPath(r.Posted("next"), "/home"), "account.acting", "Role", s.roleWords(r, role))
		}
	}
	return flegt.Missing()
}

func (s pages) roleWords(r *counter.Request, role counter.RoleChoice) string {
	p := s.Page(r, "site.roles")
	return p.RoleName(role)
}
