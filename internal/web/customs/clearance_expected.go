package customs

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// expectedPage lists the accepted licences that are expected at the officer's offices, or
// those that are over.
type expectedPage struct {
	counter.Page
	Search, CustomsOffice, Standing string
	Offices, Standings              []counter.Option
	Table                           counter.Table
	Pages                           counter.Pages
	// Narrowed says that licences which name no office are left off, NoneNamed leads to these.
	Narrowed  bool
	NoneNamed string
	Empty     *counter.Empty
	// Every leads to the whole list where the list asked for is none.
	Every *counter.Link
}

// noOffice stands in an address where a customs office would, for licences that name none.
const noOffice = "none"

func (s pages) showExpected(w http.ResponseWriter, r *counter.Request) error {
	p := expectedPage{Page: s.Page(r, "clearance.expected.title"), Search: r.Query("q"), CustomsOffice: flegt.NormaliseMRN(r.Query("office"))}
	none := r.Query("office") == noOffice
	p.Wide = true
	p.Crumbs = []counter.Link{{URL: "/customs", Text: p.T("clearance.find.title")}}
	p.chooseStanding(r.Query("standing"))
	now := counter.PageAsked(r)
	q := registry.LicenceQuery{Text: p.Search, Standing: flegt.LicenceStanding(p.Standing), Sort: "expires", Asc: true, Limit: counter.LicencesPerPage, Offset: (now - 1) * counter.LicencesPerPage, Whole: r.Query("whole") != ""}
	switch {
	case none:
		p.CustomsOffice, q.NoOffice = noOffice, true
	case p.CustomsOffice != "":
		q.Offices = []string{p.CustomsOffice}
	}
	list, found, err := s.Office.Expected(r.Context(), r.Viewer.Actor, q)
	if e, ok := counter.AsRefusal(err); ok && e.Kind == flegt.Invalid { // another's office, or none at all
		p.Problem, p.Code = e, http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	p.offer(r.Viewer.Actor.Offices)
	p.Lead = p.T("clearance.expected.lead", "Country", p.CountryName(r.Viewer.Actor.Country))
	p.Narrowed = !none && (len(p.Offices) > 0 || p.CustomsOffice != "")
	p.NoneNamed = "/customs/expected?office=" + noOffice
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("licence.number"), p.T("licence.state"), p.T("clearance.expected.used"), p.T("licence.importer"),
		p.T("clearance.expected.arrival"), p.T("licence.expires"), p.T("clearance.declarations")}}
	for i, l := range found.Rows {
		p.Table.Rows = append(p.Table.Rows, p.expectedRow(i, l, list[i]))
	}
	p.Pages = s.PagesOfLicences(r, &p.Page, now, found)
	if p.Problem != nil { // nothing was looked for
		p.Narrowed, p.Every = false, &counter.Link{URL: "/customs/expected", Text: p.T("clearance.expected.every")}
	} else if p.Empty = p.NotAmongFirst(r, found); p.Empty == nil && len(list) == 0 {
		text := p.T("clearance.expected.none." + p.Standing)
		if none {
			text = p.T("clearance.expected.none.no_office")
		}
		p.Empty = &counter.Empty{Title: p.T("clearance.expected.none"), Text: text, Link: counter.Link{URL: "/customs", Text: p.T("clearance.find.title")}}
	}
	return s.Show(w, &p, "clearance_expected")
}

// offer offers an officer his own offices, and the licences that name none.
func (p *expectedPage) offer(offices []string) {
	if len(offices) == 0 && p.CustomsOffice != noOffice {
		return // any office may be typed
	}
	for _, o := range offices {
		p.Offices = append(p.Offices, counter.Option{Value: o, Label: o})
	}
	p.Offices = append(p.Offices, counter.Option{Value: noOffice, Label: p.T("clearance.expected.no_office")})
}

// chooseStanding offers the standings; what is none is the first.
func (p *expectedPage) chooseStanding(asked string) {
	p.Standing = string(flegt.LicenceStandings[0])
	for _, one := range flegt.LicenceStandings {
		if asked == string(one) {
			p.Standing = asked
		}
		p.Standings = append(p.Standings, counter.Option{Value: string(one), Label: p.T("clearance.expected.standing." + string(one))})
	}
}

func (p *expectedPage) expectedRow(i int, l flegt.Licence, q registry.Quantities) []counter.Cell {
	status := p.LicenceStatus(q.Standing)
	if q.Held {
		status = p.Status("stop", "clearance.state.held")
	}
	arrival := p.DayCell(l.Form.Arrival)
	if arrival.Day == "" {
		arrival.Text = p.T("clearance.expected.not_given")
	}
	if arrival.Sub = l.Form.Office; arrival.Sub == "" {
		arrival.Sub = p.T("clearance.expected.office_not_given")
	}
	used := usedCell(&p.Page, l, q, strconv.Itoa(i+1))
	return []counter.Cell{{Text: l.Form.Number, URL: p.URL("/customs/%s", l.ID), Sub: p.CountryName(l.Form.Export)}, {Status: &status}, used,
		{Text: l.Form.Importer.Name}, arrival, p.DayCell(l.ValidUntil()), {Text: p.Number(len(q.Declarations)), Number: true}}
}

// linesDrawn is how many lines of a licence a list draws; the licence's own page has all.
const linesDrawn = 4

// goodsLength is how many letters of the goods' name stand in a list.
const goodsLength = 60

// usedCell draws how far a licence is used: its one line, or all lines together and each of the
// first when one asks. mark tells the meters of one licence from those of another.
func usedCell(p *counter.Page, l flegt.Licence, q registry.Quantities, mark string) counter.Cell {
	lines := lineMeters(p, l, q.Positions, mark)
	if len(l.Form.Goods) < 2 {
		return counter.Cell{Meters: lines}
	}
	cell := counter.Cell{Meters: lineMeters(p, l, q.Totals, mark), Folded: lines[:min(len(lines), linesDrawn)], FoldedWord: p.T("clearance.expected.lines")}
	if more := len(lines) - linesDrawn; more > 0 {
		cell.FoldedMore = p.TN("clearance.expected.lines.more", more)
	}
	return cell
}

// lineMeters draws one meter for each line: how far it is used in the unit that is used most, and
// in words in every unit.
func lineMeters(p *counter.Page, l flegt.Licence, positions []flegt.Position, mark string) (out []counter.QuantityMeter) {
	for i, x := range positions {
		text := p.T("clearance.meter.text", "Used", x.Used(), "Limit", x.Limit, "Unit", x.Unit)
		if i > 0 && positions[i-1].Line == x.Line {
			m := &out[len(out)-1]
			m.Text, m.Used = m.Text+"; "+text, max(m.Used, thousandths(x))
			continue
		}
		m := counter.QuantityMeter{ID: "meter" + mark + "-" + strconv.Itoa(x.Line), Label: p.T("clearance.expected.meter.total"), Text: text, Used: thousandths(x)}
		if x.Line > 0 {
			goods := []rune(goodsName(l, x.Line))
			if len(goods) > goodsLength {
				goods = append(goods[:goodsLength], '…')
			}
			m.Label = p.T("clearance.expected.meter", "Line", x.Line, "Goods", string(goods))
		}
		out = append(out, m)
	}
	return out
}
