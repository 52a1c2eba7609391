package authority

import (
	"html/template"

	"github.com/openflegt/openflegt/internal/web/counter"
)

// RowsHTML is the work list's rows, which code writes: see counter.Markup.
func (p *workListPage) RowsHTML() template.HTML {
	var m counter.Markup
	words := map[string]string{}
	for _, key := range []string{"desk.pick", "licence.number", "desk.age", "licence.importer", "licence.licensee", "licence.arrival", "desk.officer", "desk.over"} {
		words[key] = p.T(key)
	}
	nobody := p.T("desk.officer.not_yet")
	if p.Which == "decided" {
		nobody = p.T("desk.officer.none")
	}
	cell := func(column string) *counter.Markup {
		return m.Raw(`<td class="ecl-table__cell" data-ecl-table-header="`).Text(words[column]).Raw(`">`)
	}
	for _, row := range p.Rows {
		m.Raw("<tr class=\"ecl-table__row\">\n" + `<td class="ecl-table__cell of-pick" data-ecl-table-header="`).Text(words["desk.pick"])
		m.Raw(`"><input type="checkbox" name="pick" value="`).Text(row.Licence).Raw(" ").Text(row.Before).Raw(`"`)
		if row.Picked {
			m.Raw(" checked")
		}
		m.Raw(` aria-label="`).Text(p.T("desk.pick.one", "Number", row.Number)).Raw("\"></td>\n")
		cell("licence.number").Raw(`<span class="of-cell"><a class="ecl-link of-nowrap" href="`).Link(row.URL).Raw(`">`).Text(row.Number).Raw(`</a> `).Status(row.State)
		if row.Held != nil {
			m.Raw(" ").Status(*row.Held)
		}
		m.Sub(row.Warnings)
		for _, wait := range row.Waits {
			late(&m, wait.Text, wait.Over)
		}
		m.Raw("</span></td>\n")
		cell("desk.age").Raw(`<span class="of-cell">`).Text(row.Clock.Days)
		drawn(&m, row.Clock)
		if row.Clock.Over {
			late(&m, words["desk.over"], true)
		}
		m.Raw("</span></td>\n")
		cell("licence.importer").Text(row.Importer).Raw(`</td>`)
		cell("licence.licensee").Text(row.Exporter).Raw("</td>\n")
		cell("licence.arrival").Raw(`<span class="of-cell"><span class="of-nowrap">`).Text(row.Arrival).Raw(`</span>`)
		if row.Late != "" {
			late(&m, row.Late, true)
		}
		m.Raw("</span></td>\n")
		cell("desk.officer").Text(row.Officer)
		if row.Officer == "" {
			m.Sub(nobody)
		}
		m.Raw("</td></tr>\n")
	}
	return m.HTML()
}

// late puts a second line that is red where something is over.
func late(m *counter.Markup, words string, over bool) {
	m.Raw(`<span class="of-sub`)
	if over {
		m.Raw(` of-late`)
	}
	m.Raw(`">`).Text(words).Raw(`</span>`)
}
