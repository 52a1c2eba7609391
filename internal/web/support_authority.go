package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/wording"
)

// authorityListPage lists the competent authorities, and the licensing authorities of partner
// countries, with the addresses that count today.
type authorityListPage struct {
	Page
	Table Table
	// Licensing are the partner countries' licensing authorities.
	Licensing Table
}

func (s *Server) listAuthorities(w http.ResponseWriter, r *Request) error {
	if !r.Viewer.Has(flegt.RoleSupport) {
		return flegt.Missing()
	}
	p := authorityListPage{Page: s.page(r, "authority.list.title")}
	p.Lead = p.T("authority.list.lead")
	all, err := s.Office.Authorities(r.Context(), flegt.RoleAuthority)
	if err != nil {
		return err
	}
	licensing, err := s.Office.Authorities(r.Context(), flegt.RoleLicensing)
	if err != nil {
		return err
	}
	for _, list := range [][]flegt.Authority{all, licensing} {
		wording.SortBy(p.Lang, list, func(a flegt.Authority) string { return p.Country(a.Country) })
	}
	p.Table, p.Licensing = p.authorities(p.Title, all), p.authorities(p.T("authority.list.licensing"), licensing)
	return s.show(w, &p, "authority_list")
}

// authorities is a table of authorities with the addresses that count today.
func (p *Page) authorities(caption string, all []flegt.Authority) Table {
	t := Table{Caption: caption, Columns: []string{p.T("operator.country"), p.T("authority.name"), p.T("authority.addresses")}}
	for _, a := range all {
		address := Cell{}
		for i, e := range a.AddressesOn(p.server.Office.Today()) {
			if i > 0 {
				address.Text += ", "
			}
			address.Text += e
		}
		if address.Text == "" {
			status := p.Status("stop", "authority.address_unknown")
			address.Status = &status
		}
		t.Rows = append(t.Rows, []Cell{{Text: p.Country(a.Country), URL: p.URL("/support/authorities/%s", a.ID)}, {Text: a.Name}, address})
	}
	return t
}

// authorityPage is one authority, in which Support enters a name or an official address
// with its days and its source.
type authorityPage struct {
	Page
	Authority flegt.Authority
	Addresses Table
	// Name, Email, From, Until, Source and EndOld are what was typed.
	Name, Email, From, Until, Source string
	EndOld                           bool
	// Unreachable are addresses in force that letters do not reach.
	Unreachable []unreachableView
}

func (s *Server) authorityPage(r *Request) (*authorityPage, error) {
	if !r.Viewer.Has(flegt.RoleSupport) {
		return nil, flegt.Missing()
	}
	a, err := s.Office.Authority(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &authorityPage{Page: s.page(r, "authority.show.title"), Authority: a, Name: a.Name, From: string(s.Office.Today())}
	p.Title = p.AuthorityName(a)
	p.Crumbs = []Link{{"/support/authorities", p.T("authority.list.title")}}
	p.Addresses = Table{Caption: p.T("authority.addresses"), Columns: []string{p.T("authority.email"), p.T("authority.from"), p.T("authority.until"), p.T("authority.source")}}
	for _, x := range a.Addresses {
		p.Addresses.Rows = append(p.Addresses.Rows, []Cell{{Text: x.Email}, {Text: p.day(x.From)}, {Text: p.day(x.Until)}, {Text: x.Source}})
	}
	p.Unreachable, err = s.unreachable(r, &p.Page, a.AddressesOn(s.Office.Today())...)
	return p, err
}

func (s *Server) showAuthority(w http.ResponseWriter, r *Request) error {
	p, err := s.authorityPage(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "authority_show")
}

func (s *Server) saveAuthority(w http.ResponseWriter, r *Request) error {
	p, err := s.authorityPage(r)
	if err != nil {
		return err
	}
	p.Name, p.Email, p.From, p.Until, p.Source = clean(r.Posted("name")), r.Posted("email"), r.Posted("from"), r.Posted("until"), clean(r.Posted("source"))
	p.EndOld = r.Posted("end_old") != ""
	version, _ := strconv.Atoi(r.Posted("version"))
	err = s.Office.EditAuthority(r.Context(), r.Viewer.Actor, p.Authority.ID, version, registry.AuthorityEdit{Name: p.Name, EndOld: p.EndOld,
		Address: flegt.OfficialAddress{Email: p.Email, From: flegt.Date(p.From), Until: flegt.Date(p.Until), Source: p.Source}})
	if err != nil {
		return s.again(w, p, "authority_show", err)
	}
	return s.done(w, r, "/support/authorities/"+url.PathEscape(p.Authority.ID), "authority.saved")
}
