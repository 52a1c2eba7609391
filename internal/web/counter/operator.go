package counter

import (
	"net/url"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// RequestPath is the page that asks for a role at a body.
func RequestPath(role flegt.Role, body string) string {
	return "/roles/request/" + url.PathEscape(string(role)) + "/" + url.PathEscape(body)
}

// OperatorTable lists companies; with ask, each leads to the page that asks for the role.
func (p *Page) OperatorTable(found []flegt.Operator, ask bool) Table {
	t := Table{Caption: p.T("operator.found"), Columns: []string{p.T("operator.name"), p.T("operator.identifiers"), p.T("operator.town"), p.T("operator.country")}}
	if ask {
		t.Columns = append(t.Columns, p.T("request.action"))
	}
	for _, op := range found {
		row := []Cell{{Text: op.FullName(), URL: p.URL("/operators/%s", op.ID)}, {Text: IdentifiersOf(op)}, {Text: op.Postcode + " " + op.Town}, {Text: p.CountryName(op.Country)}}
		if ask {
			cell := Cell{Text: p.T("request.for", "Operator", op.FullName()), URL: RequestPath(flegt.RoleOperator, op.ID)}
			if !op.MayHoldRoles() {
				cell = Cell{Text: p.T("operator.other_section")}
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// IdentifiersOf writes a company's numbers: "DK12345678, 12345678".
func IdentifiersOf(op flegt.Operator) string {
	text := ""
	for i, id := range op.Identifiers {
		if i > 0 {
			text += ", "
		}
		text += id.Value
	}
	return text
}

// OperatorTerms writes a company's data with the checks of its numbers.
func (p *Page) OperatorTerms(op flegt.Operator) []Term {
	terms := []Term{TermOf(p.T("operator.name"), op.FullName()),
		TermOf(p.T("operator.address"), strings.Trim(op.Street+", "+op.Postcode+" "+op.Town, ", ")), TermOf(p.T("operator.country"), p.CountryName(op.Country))}
	if op.Region != "" {
		terms = append(terms, TermOf(p.T("operator.region"), op.Region))
	}
	numbers := Term{Name: p.T("operator.identifiers")}
	for _, id := range op.Identifiers {
		numbers.Lines = append(numbers.Lines, p.identifierCell(id, op.Country))
	}
	return append(terms, numbers, TermOf(p.T("operator.section"), p.T("section."+op.Section)))
}

// identifierCell writes a number with what was checked in it.
func (p *Page) identifierCell(id flegt.Identifier, country string) Cell {
	check := flegt.InspectIdentifier(id, country)
	cell := Cell{Text: p.T("identifier.kind."+string(id.Kind)) + " " + id.Value}
	if check.Problem != nil {
		status := p.Status("stop", "identifier.wrong")
		cell.Status, cell.Sub = &status, p.server.Catalog.SayError(p.Lang, check.Problem)
		return cell
	}
	var done []string
	for _, key := range check.Checked {
		done = append(done, p.T(key))
	}
	status := p.Status("ok", "identifier.right")
	cell.Status, cell.Sub = &status, strings.Join(done, ", ")
	return cell
}
