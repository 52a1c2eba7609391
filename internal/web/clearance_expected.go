package web

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// expectedPage lists the accepted licences that are expected at the officer's offices, or
// those that are over.
type expectedPage struct {
	Page
	Search, CustomsOffice, Standing string
	Offices, Standings              []Option
	Table                           Table
	Pages                           Pages
	Empty                           *Empty
}

func (s *Server) showExpected(w http.ResponseWriter, r *Request) error {
	p := expectedPage{Page: s.page(r, "clearance.expected.title"), Search: r.Query("q"), CustomsOffice: flegt.NormaliseMRN(r.Query("office"))}
	p.Wide = true
	p.Crumbs = []Link{{"/customs", p.T("clearance.find.title")}}
	p.chooseStanding(r.Query("standing"))
	now := pageNumber(r)
	q := registry.LicenceQuery{Text: p.Search, Standing: flegt.LicenceStanding(p.Standing), Sort: "expires", Asc: true, Limit: licencesPerPage, Offset: (now - 1) * licencesPerPage}
	if p.CustomsOffice != "" {
		q.Offices = []string{p.CustomsOffice}
	}
	list, found, err := s.Office.Expected(r.Context(), r.Viewer.Actor, q)
	if err != nil {
		return err
	}
	for _, o := range r.Viewer.Actor.Offices {
		p.Offices = append(p.Offices, Option{Value: o, Label: o})
	}
	p.Lead = p.T("clearance.expected.lead", "Country", p.CountryName(r.Viewer.Actor.Country))
	p.Table = Table{Caption: p.Title, Columns: []string{p.T("licence.number"), p.T("licence.state"), p.T("clearance.expected.used"), p.T("licence.importer"),
		p.T("licence.arrival"), p.T("licence.office"), p.T("licence.expires"), p.T("clearance.declarations")}}
	for i, l := range found.Rows {
		p.Table.Rows = append(p.Table.Rows, p.expectedRow(i, l, list[i]))
	}
	p.Pages = s.pagesOfLicences(r, &p.Page, now, found)
	if len(list) == 0 {
		p.Empty = &Empty{Title: p.T("clearance.expected.none"), Text: p.T("clearance.expected.none." + p.Standing), Link: Link{"/customs", p.T("clearance.find.title")}}
	}
	return s.show(w, &p, "clearance_expected")
}

// chooseStanding offers the standings; what is none is the first.
func (p *expectedPage) chooseStanding(asked string) {
	p.Standing = string(flegt.LicenceStandings[0])
	for _, one := range flegt.LicenceStandings {
		if asked == string(one) {
			p.Standing = asked
		}
		p.Standings = append(p.Standings, Option{Value: string(one), Label: p.T("clearance.expected.standing." + string(one))})
	}
}

func (p *expectedPage) expectedRow(i int, l flegt.Licence, q registry.Quantities) []Cell {
	status := p.licenceStatus(q.Standing)
	if q.Held {
		status = p.Status("stop", "clearance.state.held")
	}
	used := Cell{Meters: p.meters(l, q.Positions, q.Totals, strconv.Itoa(i+1)), FoldedWord: p.T("clearance.expected.lines")}
	if all := used.Meters; len(all) > 1 { // one is seen at once: of all lines when there are several
		first := 0
		if len(l.Form.Goods) > 1 {
			first = min(len(all)-len(q.Totals), len(all)-1)
		}
		used.Meters, used.Folded = all[first:first+1], append(all[:first:first], all[first+1:]...)
	}
	return []Cell{{Text: l.Form.Number, URL: p.URL("/customs/%s", l.ID), Sub: p.CountryName(l.Form.Export)}, {Status: &status}, used,
		{Text: l.Form.Importer.Name}, {Text: p.day(l.Form.Arrival)}, {Text: l.Form.Office}, {Text: p.day(l.ValidUntil())}, {Text: p.Number(len(q.Declarations)), Number: true}}
}
