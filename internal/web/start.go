package web

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
)

// landingPage is the first page: what this is, and the three steps in.
type landingPage struct {
	Page
	// Steps are the way in for somebody new.
	Steps []Step
	// Law is what a valid licence is worth today; empty when no timber regulation holds.
	Law string
}

func (s *Server) showLanding(w http.ResponseWriter, r *Request) error {
	p := landingPage{Page: s.page(r, "landing.title")}
	p.NoHeader, p.Wide = true, true
	p.Steps = []Step{
		{Title: p.T("landing.step1.title"), Text: p.T("landing.step1.text")},
		{Title: p.T("landing.step2.title"), Text: p.T("landing.step2.text")},
		{Title: p.T("landing.step3.title"), Text: p.T("landing.step3.text")},
	}
	p.Law = s.lawOfToday(&p.Page)
	return s.show(w, &p, "landing")
}

// lawOfToday says what a valid licence is worth; which regulation applies is dated data.
func (s *Server) lawOfToday(p *Page) string {
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
	Page
	// Authorities has one row for each country of the Union, the viewer's own first.
	Authorities Table
}

func (s *Server) showContact(w http.ResponseWriter, r *Request) error {
	p := contactPage{Page: s.page(r, "contact.title")}
	if s.Office != nil {
		authorities, err := s.Office.Authorities(r.Context(), flegt.RoleAuthority)
		if err != nil {
			return err
		}
		p.Authorities = s.authorityTable(&p.Page, authorities)
	}
	return s.show(w, &p, "contact")
}

// authorityTable lists who answers questions about FLEGT, with the addresses that count
// today.
func (s *Server) authorityTable(p *Page, authorities []flegt.Authority) Table {
	table := Table{
		Caption: p.T("contact.flegt.title"),
		Columns: []string{p.T("contact.country"), p.T("contact.authority"), p.T("contact.address")},
	}
	of := map[string]flegt.Authority{}
	for _, a := range authorities {
		of[a.Country] = a
	}
	for _, country := range p.members() {
		a, known := of[country.Value]
		if !known {
			a = flegt.Authority{Role: flegt.RoleAuthority, Country: country.Value}
		}
		address := Cell{Text: p.T("contact.address_unknown")}
		if in := a.AddressesOn(s.Office.Today()); len(in) > 0 {
			address = Cell{Text: in[0], URL: "mailto:" + in[0]}
		}
		row := []Cell{{Text: country.Label}, {Text: p.AuthorityName(a)}, address}
		if country.Value == p.Viewer.Actor.Country {
			table.Rows = append([][]Cell{row}, table.Rows...)
		} else {
			table.Rows = append(table.Rows, row)
		}
	}
	return table
}
