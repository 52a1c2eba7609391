package support

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/wording"
)

// authorityListPage lists the competent authorities, and the licensing authorities of partner
// countries, with the addresses that count today.
type authorityListPage struct {
	counter.Page
	Table counter.Table
	// Licensing are the partner countries' licensing authorities.
	Licensing counter.Table
}

func (s pages) listAuthorities(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleSupport) {
		return flegt.Missing()
	}
	p := authorityListPage{Page: s.Page(r, "authority.list.title")}
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
		wording.SortBy(p.Lang, list, func(a flegt.Authority) string { return p.CountryName(a.Country) })
	}
	p.Table, p.Licensing = p.authorities(p.Title, all), p.authorities(p.T("authority.list.licensing"), licensing)
	return s.Show(w, &p, "authority_list")
}

// authorities is a table of authorities with the addresses that count today.
func (p *authorityListPage) authorities(caption string, all []flegt.Authority) counter.Table {
	t := counter.Table{Caption: caption, Columns: []string{p.T("operator.country"), p.T("authority.name"), p.T("authority.addresses")}}
	for _, a := range all {
		address := counter.Cell{}
		for i, e := range a.AddressesOn(p.Server().Office.Today()) {
			if i > 0 {
				address.Text += ", "
			}
			address.Text += e
		}
		if address.Text == "" {
			status := p.Status("stop", "authority.address_unknown")
			address.Status = &status
		}
		t.Rows = append(t.Rows, []counter.Cell{{Text: p.CountryName(a.Country), URL: p.URL("/support/authorities/%s", a.ID)}, {Text: a.Name}, address})
	}
	return t
}

// authorityPage is one authority, in which Support enters a name or an official address
// with its days and its source.
type authorityPage struct {
	counter.Page
	Authority flegt.Authority
	Addresses counter.Table
	// Name, Email, From, Until, Source and EndOld are what was typed.
	Name, Email, From, Until, Source string
	EndOld                           bool
	// Unreachable are addresses in force that letters do not reach.
	Unreachable []unreachableView
}

func (s pages) authorityPage(r *counter.Request) (*authorityPage, error) {
	if !r.Viewer.Has(flegt.RoleSupport) {
		return nil, flegt.Missing()
	}
	a, err := s.Office.Authority(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &authorityPage{Page: s.Page(r, "authority.show.title"), Authority: a, Name: a.Name, From: string(s.Office.Today())}
	p.Title = p.AuthorityName(a)
	p.Crumbs = []counter.Link{{URL: "/support/authorities", Text: p.T("authority.list.title")}}
	p.Addresses = counter.Table{Caption: p.T("authority.addresses"), Columns: []string{p.T("authority.email"), p.T("authority.from"), p.T("authority.until"), p.T("authority.source")}}
	for _, x := range a.Addresses {
		p.Addresses.Rows = append(p.Addresses.Rows, []counter.Cell{{Text: x.Email}, p.DayCell(x.From), p.DayCell(x.Until), {Text: x.Source}})
	}
	p.Unreachable, err = s.unreachable(r, &p.Page, a.AddressesOn(s.Office.Today())...)
	return p, err
}

func (s pages) showAuthority(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.authorityPage(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "authority_show")
}

func (s pages) saveAuthority(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.authorityPage(r)
	if err != nil {
		return err
	}
	p.Name, p.Email, p.From, p.Until, p.Source = counter.Clean(r.Posted("name")), r.Posted("email"), r.Posted("from"), r.Posted("until"), counter.Clean(r.Posted("source"))
	p.EndOld = r.Posted("end_old") != ""
	version, _ := strconv.Atoi(r.Posted("version"))
	err = s.Office.EditAuthority(r.Context(), r.Viewer.Actor, p.Authority.ID, version, registry.AuthorityEdit{Name: p.Name, EndOld: p.EndOld,
		Address: flegt.OfficialAddress{Email: p.Email, From: flegt.ParseDate(p.From), Until: flegt.ParseDate(p.Until), Source: p.Source}})
	if err != nil {
		return s.Again(w, p, "authority_show", err)
	}
	return s.Done(w, r, "/support/authorities/"+url.PathEscape(p.Authority.ID), "authority.saved")
}
