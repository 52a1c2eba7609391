package authority

import (
	"net/url"

	"github.com/openflegt/openflegt/internal/web/counter"
)

// The work list's page is written by code: see counter.Written.

// Scripts are none of its own.
func (p *workListPage) Scripts() []string { return nil }

// Content writes the page.
func (p *workListPage) Content(m *counter.Markup) {
	m.Raw(`<nav class="of-tabs" aria-label="`).Text(p.T("desk.parts")).Raw("\"><ul class=\"of-tabs__list\">\n")
	for _, tab := range p.Tabs {
		m.Raw(`<li><a href="`).Link(tab.URL).Raw(`"`)
		if tab.Current {
			m.Raw(` aria-current="page"`)
		}
		m.Raw(`>`).Text(tab.Text)
		if tab.Count != "" {
			m.Raw(` <span class="of-count of-count--soft">`).Text(tab.Count).Raw(`</span>`)
		}
		m.Raw("</a></li>\n")
	}
	m.Raw("</ul></nav>\n<p class=\"of-buttons\"><a class=\"ecl-link ecl-link--primary\" href=\"/desk/next\">").Text(p.T("desk.open_next")).Raw(`</a> `)
	m.A(counter.Link{URL: "/desk/arrivals", Text: p.T("desk.arrivals.title")}).Raw(` `).A(counter.Link{URL: "/desk/fees", Text: p.T("desk.fees.title")})
	m.Raw(` `).A(counter.Link{URL: "/desk/settings", Text: p.T("desk.settings.title")}).Raw("</p>\n")
	p.saved(m)
	m.Raw("\n<details class=\"of-more\"")
	if p.Filtered || p.Err("view") != "" {
		m.Raw(` open`)
	}
	m.Raw(`><summary>`).Text(p.T("desk.narrow")).Raw("</summary>\n")
	p.filters(m)
	m.Raw("</details>\n")
	if p.Empty != nil {
		m.Empty(*p.Empty)
		return
	}
	m.Raw(`<form class="of-wide" method="post" action="/desk/assign" novalidate><input type="hidden" name="back" value="`).Text(p.Query)
	m.Raw("\">\n<div class=\"ecl-table-responsive\" tabindex=\"0\" role=\"group\" aria-label=\"").Text(p.Title)
	m.Raw(`"><table class="ecl-table ecl-table--zebra of-table" id="f-pick"><caption class="of-hidden">`).Text(p.Title)
	m.Raw("</caption>\n<thead class=\"ecl-table__head\"><tr class=\"ecl-table__row\">")
	if p.assigns() {
		m.Raw(`<th scope="col" class="ecl-table__header of-pick"><span class="of-hidden">`).Text(p.T("desk.pick")).Raw(`</span></th>`)
	}
	for _, column := range []string{"licence.number", p.age(), "licence.importer", "licence.licensee", "licence.arrival", "desk.officer"} {
		m.Raw(`<th scope="col" class="ecl-table__header">`).Text(p.T(column)).Raw(`</th>`)
	}
	m.Raw("</tr></thead>\n<tbody class=\"ecl-table__body\">")
	p.rows(m)
	m.Raw("</tbody></table></div>\n").Pages(p.Pages).Raw("\n")
	if p.assigns() {
		m.Raw(`<div class="of-assign">`).Select(p.Box("officer", "desk.assign.to", "", "options", p.Officers, "width", "m", "empty", "desk.assign.choose", "required", true)).Raw("\n")
		m.Button(p.Button("desk.assign", "style", "secondary")).Raw(` <button class="ecl-button ecl-button--tertiary" type="submit" name="nobody" value="yes">`).Text(p.T("desk.assign.nobody")).Raw(`</button></div>`)
	}
	m.Raw("</form>\n<p class=\"of-sub\">")
	if p.HolidaysKnown {
		m.Text(p.T("desk.age.holidays"))
	} else {
		m.Text(p.T("desk.age.weekends"))
	}
	if p.Target != "" {
		m.Raw(` `).Text(p.T("desk.target", "Days", p.Target))
	}
	m.Raw(`</p>`)
}

// assigns says whether the list's licences can be handed to somebody, so that they can be picked.
func (p *workListPage) assigns() bool { return p.Which != "decided" && p.Which != "held" }

// age is the heading of the working days.
func (p *workListPage) age() string {
	if p.Which == "decided" {
		return "desk.age.taken"
	}
	return "desk.age"
}

// saved puts the officer's saved views.
func (p *workListPage) saved(m *counter.Markup) {
	if len(p.Views) == 0 {
		return
	}
	m.Raw(`<section aria-labelledby="views-title"><h2 id="views-title" class="of-hidden">`).Text(p.T("desk.views")).Raw(`</h2><ul class="of-views">`)
	for _, v := range p.Views {
		m.Raw(`<li>`).A(v.Link).Raw(`<form method="post" action="/desk/views/drop"><input type="hidden" name="back" value="`).Text(p.Query)
		m.Raw(`"><input type="hidden" name="view" value="`).Text(v.Name).Raw(`"><button class="of-drop" type="submit" aria-label="`).Text(p.T("desk.view.drop", "Name", v.Name)).Raw("\">×</button></form></li>\n")
	}
	m.Raw(`</ul></section>`)
}

// filters puts what the list can be narrowed by.
func (p *workListPage) filters(m *counter.Markup) {
	m.Raw(`<form class="of-filter" method="get" action="/desk"><input type="hidden" name="part" value="`).Text(p.Which).Raw("\">\n<div class=\"of-pair\">")
	m.TextBox(p.Box("number", "licence.number", p.LicenceNumber)).Raw("\n").TextBox(p.Box("importer", "licence.importer", p.Importer)).Raw("\n")
	m.TextBox(p.Box("exporter", "licence.licensee", p.Exporter)).Raw("\n").TextBox(p.Box("issuing", "licence.issuing_body", p.Issuing)).Raw("\n")
	m.TextBox(p.Box("heading", "desk.heading", p.Heading, "inputMode", "numeric", "maxLength", 12)).Raw("\n")
	m.TextBox(p.Box("age", "desk.age.least", p.Age, "inputMode", "numeric", "maxLength", 3)).Raw("\n")
	m.DateBox(p.Box("arrival_from", "desk.arrival.from", p.ArrivalFrom)).Raw("\n").DateBox(p.Box("arrival_until", "desk.arrival.until", p.ArrivalUntil)).Raw("\n")
	m.Select(p.Box("sort", "licence.list.sort", p.Sort, "options", p.Sorts)).Raw("\n")
	if len(p.Outcomes) > 0 {
		m.Select(p.Box("outcome", "desk.outcome", "", "options", p.Outcomes, "empty", "desk.outcome.any")).Raw("\n")
	}
	m.Raw("</div>\n")
	m.CheckBox(p.Box("warnings", "desk.warnings.only", "yes", "checked", p.Warnings)).Raw("\n" + `<p class="of-buttons">`).Button(p.Button("support.filter", "style", "secondary"))
	if p.Filtered {
		m.Raw(` `).A(counter.Link{URL: "/desk?part=" + url.QueryEscape(p.Which), Text: p.T("desk.filter.clear")})
	}
	m.Raw("</p></form>\n")
	if p.Query != "" {
		m.Raw(`<form class="of-filter" method="post" action="/desk/views" novalidate><input type="hidden" name="back" value="`).Text(p.Query).Raw("\">\n")
		m.TextBox(p.Box("view", "desk.view.name", p.ViewName, "required", true, "width", "m", "maxLength", 60)).Button(p.Button("desk.view.save", "style", "secondary")).Raw(`</form>`)
	}
}

// rows puts the list's rows.
func (p *workListPage) rows(m *counter.Markup) {
	words := map[string]string{}
	age := p.age()
	for _, key := range []string{"desk.pick", "licence.number", age, "licence.importer", "licence.licensee", "licence.arrival", "desk.officer", "desk.over"} {
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
		m.Raw("<tr class=\"ecl-table__row\">\n")
		if p.assigns() {
			m.Raw(`<td class="ecl-table__cell of-pick" data-ecl-table-header="`).Text(words["desk.pick"])
			m.Raw(`"><input type="checkbox" name="pick" value="`).Text(row.Licence).Raw(" ").Text(row.Before).Raw(`"`)
			if row.Picked {
				m.Raw(" checked")
			}
			m.Raw(` aria-label="`).Text(p.T("desk.pick.one", "Number", row.Number)).Raw("\"></td>\n")
		}
		cell("licence.number").Raw(`<span class="of-cell"><a class="ecl-link of-nowrap" href="`).Link(row.URL).Raw(`">`).Text(row.Number).Raw(`</a> `).Status(row.State)
		if row.Held != nil {
			m.Raw(" ").Status(*row.Held)
		}
		m.Sub(row.Warnings)
		for _, wait := range row.Waits {
			late(m, wait.Text, wait.Over)
		}
		m.Raw("</span></td>\n")
		cell(age).Raw(`<span class="of-cell">`).Text(row.Clock.Days)
		drawn(m, row.Clock)
		if row.Clock.Over {
			late(m, words["desk.over"], true)
		}
		m.Raw("</span></td>\n")
		cell("licence.importer").Text(row.Importer).Raw(`</td>`)
		cell("licence.licensee").Text(row.Exporter).Raw("</td>\n")
		cell("licence.arrival").Raw(`<span class="of-cell"><span class="of-nowrap">`).Text(row.Arrival).Raw(`</span>`)
		if row.Late != "" {
			late(m, row.Late, true)
		}
		m.Raw("</span></td>\n")
		cell("desk.officer").Text(row.Officer)
		if row.Officer == "" {
			m.Sub(nobody)
		}
		m.Raw("</td></tr>\n")
	}
}

// late puts a second line that is red where something is over.
func late(m *counter.Markup, words string, over bool) {
	m.Raw(`<span class="of-sub`)
	if over {
		m.Raw(` of-late`)
	}
	m.Raw(`">`).Text(words).Raw(`</span>`)
}
