package account

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/wording"
)

// requestPage is "Request a role": which role, and then for which body. For the role
// Operator the company is searched first, and can be created when it is not found.
type requestPage struct {
	counter.Page
	// Choices are the roles that can be asked for; shown until one is chosen.
	Choices []roleCard
	// Role is the one chosen.
	Role flegt.Role
	// Query is what was searched; Advanced opens the search with all fields.
	Query    registry.OperatorQuery
	Advanced bool
	// Searched says that a search was made; Found what it gave.
	Searched bool
	Found    counter.Table
	// More says that there are more than are shown.
	More bool
	// Countries are offered in the advanced search, Bodies for the staff of an authority.
	Countries, Bodies []counter.Option
	// Create leads to the form for a new company, with what was typed filled in.
	Create string
}

// roleCard is one role that can be asked for: what it is and whom it suits.
type roleCard struct {
	counter.Link
	What string
}

// askable are the roles that a person can ask for; the others are granted.
func askable() []flegt.Role {
	return []flegt.Role{flegt.RoleOperator, flegt.RoleAuthority, flegt.RoleCustoms}
}

func (s pages) chooseRole(w http.ResponseWriter, r *counter.Request) error {
	p := requestPage{Page: s.Page(r, "request.title"), Role: flegt.Role(r.Query("role"))}
	p.Crumbs = []counter.Link{{URL: "/roles", Text: p.T("roles.title")}}
	if !slices.Contains(askable(), p.Role) {
		p.Lead = p.T("request.lead")
		for _, role := range askable() {
			p.Choices = append(p.Choices, roleCard{counter.Link{URL: "/roles/request?role=" + string(role), Text: p.T("role." + string(role))}, p.T("request.what." + string(role))})
		}
		return s.Show(w, &p, "role_request")
	}
	p.Crumbs = append(p.Crumbs, counter.Link{URL: "/roles/request", Text: p.T("request.title")})
	p.Title = p.T("request.title." + string(p.Role))
	if p.Role == flegt.RoleOperator {
		p.Wide = true
		if err := s.searchOperators(r, &p); err != nil {
			return err
		}
		return s.Show(w, &p, "role_request")
	}
	bodies, err := s.Office.Authorities(r.Context(), p.Role)
	if err != nil {
		return err
	}
	for _, b := range bodies {
		p.Bodies = append(p.Bodies, counter.Option{Value: b.ID, Label: p.CountryName(b.Country) + ": " + p.AuthorityName(b)})
	}
	wording.SortBy(p.Lang, p.Bodies, func(o counter.Option) string { return o.Label })
	if body := r.Query("body"); body != "" {
		http.Redirect(w, r.Request, counter.RequestPath(p.Role, body), http.StatusSeeOther)
		return nil
	}
	return s.Show(w, &p, "role_request")
}

// searchOperators fills in what was found for the fields of the address.
func (s pages) searchOperators(r *counter.Request, p *requestPage) error {
	p.Query = registry.OperatorQuery{Text: r.Query("q"), Name: r.Query("name"), Country: r.Query("country"), Town: r.Query("town"),
		Postcode: r.Query("postcode"), Identifier: r.Query("identifier")}
	q := p.Query
	p.Advanced = q.Name != "" || q.Country != "" || q.Town != "" || q.Postcode != "" || q.Identifier != "" || r.Query("advanced") != ""
	p.Searched = q != registry.OperatorQuery{}
	p.Countries = p.EveryCountry()
	p.Create = "/operators/new?" + url.Values{"name": {firstOf(q.Name, q.Text)}, "country": {q.Country}, "town": {q.Town}, "postcode": {q.Postcode}}.Encode()
	if !p.Searched {
		return nil
	}
	q.Limit = companiesShown + 1
	found, err := s.Office.SearchOperators(r.Context(), r.Viewer.Actor, q)
	if err != nil {
		return err
	}
	p.More = len(found) > companiesShown
	var shown []flegt.Operator
	for _, f := range found[:min(len(found), companiesShown)] {
		shown = append(shown, f.Operator)
	}
	p.Found = p.OperatorTable(shown, true)
	return nil
}

// companiesShown is how many companies a search shows; it says when there are more.
const companiesShown = 50

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// authorizePage asks what the Support Team wants to know, and sends the request.
type authorizePage struct {
	counter.Page
	Role       flegt.Role
	Body       string // its name
	Capacity   string
	Phone      string
	Note       string
	Offices    string // customs offices, as typed
	Capacities []counter.Option
	Terms      []counter.Term
}

func (s pages) authorizePage(r *counter.Request) (*authorizePage, error) {
	role, body := flegt.Role(r.PathValue("role")), r.PathValue("body")
	if !slices.Contains(askable(), role) {
		return nil, flegt.Missing()
	}
	p := &authorizePage{Page: s.Page(r, "request.authorize.title"), Role: role}
	if role == flegt.RoleOperator {
		op, err := s.Office.Operator(r.Context(), r.Viewer.Actor, body)
		if err != nil {
			return nil, err
		}
		p.Body = op.FullName()
		p.Terms = []counter.Term{counter.TermOf(p.T("operator.name"), op.FullName()), counter.TermOf(p.T("operator.identifiers"), counter.IdentifiersOf(op)),
			counter.TermOf(p.T("operator.address"), op.Street+", "+op.Postcode+" "+op.Town+", "+p.CountryName(op.Country))}
	} else {
		a, err := s.Office.Authority(r.Context(), body)
		if err != nil {
			return nil, err
		}
		p.Body = p.AuthorityName(a)
		p.Terms = []counter.Term{counter.TermOf(p.T("roles.body"), p.Body), counter.TermOf(p.T("operator.country"), p.CountryName(a.Country))}
	}
	p.Crumbs = []counter.Link{{URL: "/roles", Text: p.T("roles.title")}, {URL: "/roles/request?role=" + string(role), Text: p.T("request.title." + string(role))}}
	for _, c := range []flegt.Capacity{flegt.Importer, flegt.Agent} {
		p.Capacities = append(p.Capacities, counter.Option{Value: string(c), Label: p.T("authorisation.capacity." + string(c)), Hint: p.T("authorisation.capacity." + string(c) + ".hint")})
	}
	return p, nil
}

func (s pages) askForRole(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.authorizePage(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "role_authorize")
}

func (s pages) sendRequest(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.authorizePage(r)
	if err != nil {
		return err
	}
	p.Capacity, p.Phone, p.Note, p.Offices = r.Posted("capacity"), counter.Clean(r.Posted("phone")), counter.Clean(r.Posted("note")), counter.Clean(r.Posted("offices"))
	ask := registry.RoleRequest{Role: p.Role, Body: r.PathValue("body"), Phone: p.Phone, Note: p.Note, Offices: p.Offices}
	if p.Role == flegt.RoleOperator {
		ask.Capacity = flegt.Capacity(p.Capacity)
	}
	z, err := s.Office.RequestRole(r.Context(), r.Viewer.Actor, ask)
	if err != nil {
		return s.Again(w, p, "role_authorize", err)
	}
	return s.Done(w, r, "/roles/"+url.PathEscape(z.ID), "roles.asked")
}
