package api

import (
	"context"
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Country is a country of ISO 3166-1, named in the language of Accept-Language.
type Country struct {
	Code          string     `json:"code" doc:"ISO 3166-1 alpha-2." example:"ID"`
	Name          string     `json:"name"`
	EUMember      bool       `json:"eu_member" doc:"Whether it belongs to the Union today."`
	LicensesSince flegt.Date `json:"licenses_since,omitempty" doc:"First day of its FLEGT licences; absent when it issues none."`
}

// SpeciesEntry is a wood that the checks know.
type SpeciesEntry struct {
	Scientific string   `json:"scientific" example:"Shorea laevis"`
	Common     []string `json:"common"`
	EN13556    []string `json:"en13556,omitempty" doc:"Codes of the standard EN 13556, where there are any."`
}

// IssuingBody is a body of a partner country that is known to issue licences, or once did.
type IssuingBody struct {
	Country string     `json:"country" example:"ID"`
	Name    string     `json:"name" example:"PT Sucofindo (Persero)"`
	Aliases []string   `json:"aliases" nullable:"false" doc:"Other names of it that papers have."`
	From    flegt.Date `json:"from,omitempty" doc:"First day on which it is known to have issued; absent: not known."`
	Until   flegt.Date `json:"until,omitempty" doc:"Last day; absent: still, as far as is known."`
	Source  string     `json:"source"`
}

// Heading is a heading or subheading of the Harmonised System.
type Heading struct {
	Code        string `json:"code" doc:"Digits alone." example:"4407"`
	Description string `json:"description"`
}

// Authority is a body for which officers act, with its official addresses.
type Authority struct {
	ID        string            `json:"id" example:"CA-DK"`
	Role      flegt.Role        `json:"role"`
	Country   string            `json:"country"`
	Name      string            `json:"name"`
	Addresses []OfficialAddress `json:"addresses"`
	Version   int               `json:"version"`
}

// OfficialAddress is an address at which an authority is officially reached, with its days.
type OfficialAddress struct {
	Email  string     `json:"email"`
	From   flegt.Date `json:"from,omitempty" doc:"First day on which it counts; absent: since ever."`
	Until  flegt.Date `json:"until,omitempty" doc:"Last day; absent: still."`
	Source string     `json:"source"`
}

// Unit is a unit in which goods are counted, UN/ECE Recommendation 20.
type Unit struct {
	Code  flegt.Unit `json:"code" example:"MTQ"`
	Name  string     `json:"name"`
	Group string     `json:"group" doc:"Units of one group convert into each other exactly, others not at all."`
	Size  int64      `json:"size" doc:"In millionths of the group's base unit."`
}

// RejectionReason is a reason that an authority chooses from.
type RejectionReason struct {
	Code string `json:"code" example:"not_authentic"`
	Text string `json:"text"`
}

// list is the answer of a short list, given whole.
type list[T any] struct {
	Body struct {
		Items []T `json:"items" nullable:"false"`
	}
}

func listOf[T any](items []T) *list[T] {
	if items == nil {
		items = []T{}
	}
	out := &list[T]{}
	out.Body.Items = items
	return out
}

type searchInput struct {
	Q string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"A part of the name, or the first digits."`
}

func (s *Server) referenceOperations() {
	get := func(id, path, summary string) about {
		return about{id: id, method: http.MethodGet, path: "/reference/" + path, tag: "Reference data", summary: summary, cached: true}
	}
	register(s, get("list-countries", "countries", "Countries"), s.countries)
	register(s, get("search-species", "species", "Species by a part of a name"), s.species)
	bodies := get("list-issuing-bodies", "issuing-bodies", "Bodies that issue licences")
	bodies.text = "The list of Indonesia is not complete: a body that is not on it may issue licences too."
	register(s, bodies, s.issuingBodies)
	register(s, get("search-headings", "headings", "Headings of the Harmonised System"), s.headings)
	register(s, get("list-authorities", "authorities", "Authorities with their official addresses"), s.authorities)
	register(s, get("list-units", "units", "Units"), s.units)
	register(s, get("list-rejection-reasons", "rejection-reasons", "Reasons for which a licence is rejected"), s.rejectionReasons)
}

func (s *Server) countries(_ context.Context, c *call, _ *struct{}) (*list[Country], error) {
	ref, today := s.Office.Reference(), s.Office.Today()
	var out []Country
	for _, one := range ref.Countries(string(c.lang)) {
		since, _ := ref.LicensingSince(one.Code)
		out = append(out, Country{one.Code, ref.CountryName(one.Code, string(c.lang)), ref.EUMember(one.Code, today), since})
	}
	return listOf(out), nil
}

func (s *Server) species(_ context.Context, _ *call, in *searchInput) (*list[SpeciesEntry], error) {
	var out []SpeciesEntry
	for _, one := range s.Office.Reference().SearchSpecies(in.Q, 50) {
		out = append(out, SpeciesEntry{one.Scientific, append([]string{}, one.Common...), one.EN13556})
	}
	return listOf(out), nil
}

type issuingBodiesInput struct {
	Country string `query:"country" maxLength:"2" doc:"ISO 3166-1 alpha-2; absent: all countries that issue licences or once did."`
}

func (s *Server) issuingBodies(_ context.Context, c *call, in *issuingBodiesInput) (*list[IssuingBody], error) {
	ref := s.Office.Reference()
	countries := []string{in.Country}
	if in.Country == "" {
		countries = nil
		for _, one := range ref.Countries(string(c.lang)) {
			countries = append(countries, one.Code)
		}
	}
	var out []IssuingBody
	for _, country := range countries {
		for _, b := range ref.IssuingBodies(country) {
			out = append(out, IssuingBody{b.Country, b.Name, append([]string{}, b.Aliases...), b.From, b.Until, b.Source})
		}
	}
	return listOf(out), nil
}

func (s *Server) headings(_ context.Context, _ *call, in *searchInput) (*list[Heading], error) {
	var out []Heading
	for _, one := range s.Office.Reference().SearchHS(in.Q, 50) {
		out = append(out, Heading{one.Code, one.Description})
	}
	return listOf(out), nil
}

type authoritiesInput struct {
	Role flegt.Role `query:"role" enum:"competent_authority,customs,licensing_authority" doc:"Only authorities whose officers hold this role."`
}

func (s *Server) authorities(ctx context.Context, c *call, in *authoritiesInput) (*list[Authority], error) {
	all, err := s.Office.Authorities(ctx, in.Role)
	if err != nil {
		return nil, err
	}
	var out []Authority
	for _, one := range all {
		out = append(out, s.authorityOf(c, one))
	}
	return listOf(out), nil
}

func (s *Server) authorityOf(c *call, one flegt.Authority) Authority {
	a := Authority{ID: one.ID, Role: one.Role, Country: one.Country, Name: one.Name, Version: one.Version, Addresses: []OfficialAddress{}}
	if a.Name == "" {
		a.Name = bodyName(s.Catalog, c.lang, s.Office.Reference().CountryName, one.ID)
	}
	for _, address := range one.Addresses {
		a.Addresses = append(a.Addresses, OfficialAddress{address.Email, address.From, address.Until, address.Source})
	}
	return a
}

func (s *Server) units(_ context.Context, c *call, _ *struct{}) (*list[Unit], error) {
	var out []Unit
	for _, one := range s.Office.Reference().Units() {
		out = append(out, Unit{one.Code, c.say("unit.name."+string(one.Code), nil), one.Group, one.Size})
	}
	return listOf(out), nil
}

func (s *Server) rejectionReasons(_ context.Context, c *call, _ *struct{}) (*list[RejectionReason], error) {
	var out []RejectionReason
	for _, code := range flegt.RejectionReasons {
		out = append(out, RejectionReason{code, c.say("licence.reason."+code, nil)})
	}
	return listOf(out), nil
}
