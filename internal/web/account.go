package web

import (
	"net/http"
	"net/url"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/wording"
)

// signUpPage makes an account.
type signUpPage struct {
	Page
	Person  identity.Person
	Offered []Option
}

func (s *Server) signUpPage(r *Request) *signUpPage {
	p := &signUpPage{Page: s.page(r, "account.sign_up.title"), Person: identity.Person{Lang: string(r.Lang)}}
	p.Offered = p.langOptions()
	return p
}

// langOptions offers the languages we speak.
func (p *Page) langOptions() []Option {
	var out []Option
	for _, l := range p.server.Catalog.Langs() {
		out = append(out, Option{Value: string(l), Label: p.server.Catalog.Say(l, "lang.name", nil)})
	}
	return out
}

func (s *Server) showSignUp(w http.ResponseWriter, r *Request) error {
	if r.Viewer.SignedIn {
		http.Redirect(w, r.Request, "/home", http.StatusSeeOther)
		return nil
	}
	return s.show(w, s.signUpPage(r), "account_sign_up")
}

func (s *Server) signUp(w http.ResponseWriter, r *Request) error {
	p := s.signUpPage(r)
	p.Person = identity.Person{FirstName: r.Posted("first_name"), LastName: r.Posted("last_name"), Email: r.Posted("email"), Lang: r.Posted("lang")}
	if !s.Catalog.Speaks(wording.Lang(p.Person.Lang)) {
		p.Person.Lang = string(r.Lang)
	}
	if err := s.Accounts.SignUp(r.Context(), p.Person, network(r)); err != nil {
		return s.again(w, p, "account_sign_up", err)
	}
	http.Redirect(w, r.Request, "/sign-up/sent", http.StatusSeeOther)
	return nil
}

// choosePage sets a password by a link from a mail.
type choosePage struct {
	Page
	Token, Action, Button string
	Name                  string
	Text                  string
}

// choose makes the two pages on which a password is chosen: they look at the link first and
// use it up only when the form is sent, so that a mail scanner that follows links does no
// harm.
func (s *Server) choose(kind string) (show, send handler) {
	look, set := s.Accounts.Confirming, s.Accounts.Confirm
	action := "/confirm"
	if kind == "reset" {
		look, set, action = s.Accounts.Resetting, s.Accounts.Reset, "/password/reset"
	}
	make := func(r *Request, token string) (*choosePage, error) {
		acc, err := look(r.Context(), token)
		p := &choosePage{Page: s.page(r, "account."+kind+".title"), Token: token, Action: action, Button: "account." + kind + ".button", Name: acc.Email}
		p.Text = p.T("account."+kind+".text", "Email", acc.Email)
		return p, err
	}
	show = func(w http.ResponseWriter, r *Request) error {
		p, err := make(r, r.Query("token"))
		if err != nil {
			return err
		}
		return s.show(w, p, "account_choose")
	}
	send = func(w http.ResponseWriter, r *Request) error {
		token := r.Posted("token")
		p, err := make(r, token)
		if err != nil {
			return err
		}
		acc, err := set(r.Context(), token, r.PostFormValue("password"))
		if err != nil {
			return s.again(w, p, "account_choose", err)
		}
		if err := s.Accounts.Begin(r.Context(), acc); err != nil {
			return err
		}
		return s.done(w, r, "/home", "account."+kind+".done")
	}
	return show, send
}

// askPage wants a user name or an address and mails a link.
type askPage struct {
	Page
	Who string
}

func (s *Server) showForgot(w http.ResponseWriter, r *Request) error {
	return s.show(w, &askPage{Page: s.page(r, "account.forgot.title")}, "account_forgot")
}

func (s *Server) forgot(w http.ResponseWriter, r *Request) error {
	p := &askPage{Page: s.page(r, "account.forgot.title"), Who: r.Posted("who")}
	if err := s.Accounts.AskReset(r.Context(), p.Who, network(r)); err != nil {
		return s.again(w, p, "account_forgot", err)
	}
	http.Redirect(w, r.Request, "/password/sent", http.StatusSeeOther)
	return nil
}

// signInPage asks who it is.
type signInPage struct {
	Page
	Who, Next string
	// Waiting says that a form was kept and goes on after signing in.
	Waiting bool
}

func (s *Server) signInPage(r *Request, next string) *signInPage {
	_, waiting := s.Accounts.KeptForm(r.Context())
	return &signInPage{Page: s.page(r, "account.sign_in.title"), Next: localPath(next, "/home"), Waiting: waiting}
}

func (s *Server) showSignIn(w http.ResponseWriter, r *Request) error {
	p := s.signInPage(r, r.Query("next"))
	if r.Viewer.SignedIn {
		http.Redirect(w, r.Request, p.Next, http.StatusSeeOther)
		return nil
	}
	return s.show(w, p, "account_sign_in")
}

func (s *Server) signIn(w http.ResponseWriter, r *Request) error {
	p := s.signInPage(r, r.Posted("next"))
	p.Who = r.Posted("who")
	acc, err := s.Accounts.SignIn(r.Context(), identity.ByPassword, url.Values{"who": {p.Who}, "password": {r.PostFormValue("password")}}, network(r))
	if err != nil {
		return s.again(w, p, "account_sign_in", err)
	}
	return s.begin(w, r, acc, p.Next)
}

// begin signs in and goes on: to the form that was kept, or to where the visitor wanted.
func (s *Server) begin(w http.ResponseWriter, r *Request, acc flegt.Account, next string) error {
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
func (s *Server) signInByDemo(w http.ResponseWriter, r *Request) error {
	acc, err := s.Accounts.SignIn(r.Context(), identity.ByDemoLink, r.URL.Query(), network(r))
	if err != nil {
		return err
	}
	return s.begin(w, r, acc, localPath(r.Query("next"), "/home"))
}

func (s *Server) signOut(w http.ResponseWriter, r *Request) error {
	if err := s.Accounts.End(r.Context()); err != nil {
		return err
	}
	return s.done(w, r, "/", "account.signed_out")
}

func (s *Server) signOutEverywhere(w http.ResponseWriter, r *Request) error {
	if _, err := s.Accounts.SignOutEverywhere(r.Context(), r.Viewer.Actor.Account); err != nil {
		return err
	}
	return s.signOut(w, r)
}

// actInRole changes the role in which one acts.
func (s *Server) actInRole(w http.ResponseWriter, r *Request) error {
	id := r.Posted("role")
	for _, role := range r.Viewer.Roles {
		if role.ID == id {
			s.Accounts.Act(r.Context(), id)
			return s.done(w, r, localPath(r.Posted("next"), "/home"), "account.acting", "Role", s.roleWords(r, role))
		}
	}
	return flegt.Missing()
}

func (s *Server) roleWords(r *Request, role RoleChoice) string {
	p := s.page(r, "site.roles")
	return p.RoleName(role)
}
