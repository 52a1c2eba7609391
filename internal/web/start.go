package web

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// landingPage is the first page: what this is, and the three steps in.
type landingPage struct {
	counter.Page
	// Steps are the way in for somebody new.
	Steps []counter.Step
	// Law is what a valid licence is worth today; empty when no timber regulation holds.
	Law string
}

func (s pages) showLanding(w http.ResponseWriter, r *counter.Request) error {
	p := landingPage{Page: s.Page(r, "landing.title")}
	p.NoHeader, p.Wide = true, true
	p.Steps = []counter.Step{
		{Title: p.T("landing.step1.title"), Text: p.T("landing.step1.text")},
		{Title: p.T("landing.step2.title"), Text: p.T("landing.step2.text")},
		{Title: p.T("landing.step3.title"), Text: p.T("landing.step3.text")},
	}
	p.Law = s.lawOfToday(&p.Page)
	return s.Show(w, &p, "landing")
}

// lawOfToday says what a valid licence is worth; which regulation applies is dated data.
func (s pages) lawOfToday(p *counter.Page) string {
	if s.Office == nil {
		return ""
	}
	ground, holds := s.Office.Reference().LegalGround(s.Office.Today())
	switch {
	case !holds:
		return ""
	case ground.Key == "legal_ground.eudr":
		return p.T("landing.what.eudr", "Article", ground.Article)
	default:
		return p.T("landing.what.eutr", "Article", ground.Article)
	}
}

// contactPage says whom to ask what, in which language (the letter, L14).
type contactPage struct {
	counter.Page
	// Authorities has one row for each country of the Union, the viewer's own first.
	Authorities counter.Table
}

func (s pages) showContact(w http.ResponseWriter, r *counter.Request) error {
	p := contactPage{Page: s.Page(r, "contact.title")}
	if s.Office != nil {
		authorities, err := s.Office.Authorities(r.Context(), flegt.RoleAuthority)
		if err != nil {
			return err
		}
		p.Authorities = s.authorityTable(&p.Page, authorities)
	}
	return s.Show(w, &p, "contact")
}

// authorityTable lists who answers questions about FLEGT, with the addresses that count
// today.
func (s pages) authorityTable(p *counter.Page, authorities []flegt.Authority) counter.Table {
	table := counter.Table{
		Caption: p.T("contact.flegt.title"),
		Columns: []string{p.T("contact.country"), p.T("contact.authority"), p.T("contact.address")},
	}
	of := map[string]flegt.Authority{}
	for _, a := range authorities {
		of[a.Country] = a
	}
	for _, country := range p.Members() {
		a, known := of[country.Value]
		if !known {
			a = flegt.Authority{Role: flegt.RoleAuthority, Country: country.Value}
		}
		address := counter.Cell{Text: p.T("contact.address_unknown")}
		if in := a.AddressesOn(s.Office.Today()); len(in) > 0 {
			address = counter.Cell{Text: in[0], URL: "mailto:" + in[0]}
		}
		row := []counter.Cell{{Text: country.Label}, {Text: p.AuthorityName(a)}, address}
		if country.Value == p.Viewer.Actor.Country {
			table.Rows = append([][]counter.Cell{row}, table.Rows...)
		} else {
			table.Rows = append(table.Rows, row)
		}
	}
	return table
}
