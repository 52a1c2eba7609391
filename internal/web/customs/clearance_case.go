package customs

import (
	"github.com/openflegt/openflegt/internal/web/counter"
)

// Customs' page of a licence is what every look-up leads to: code writes it. See counter.Markup.

// Scripts are the page's own: see counter.Written.
func (p *clearancePage) Scripts() []string {
	if len(p.Scans) > 0 {
		return []string{"scan.js"}
	}
	return nil
}

// Content writes the page: see counter.Written.
func (p *clearancePage) Content(m *counter.Markup) {
	m.Raw(`<p>`).Status(p.Status)
	if p.Case.Split {
		m.Raw(` `).Status(p.Page.Status("wait", "clearance.split"))
	}
	if len(p.Scans) > 0 {
		m.Raw(` <a class="ecl-link of-to-scan" href="#scans">`).Text(p.T("clearance.see_scan")).Raw(`</a>`)
	}
	m.Raw("</p>\n")
	if p.Refusal != "" {
		m.Notification(counter.Notice{Tone: "warning", Title: p.RefusalTitle, Text: p.Refusal})
	}
	m.Raw("\n")
	if len(p.Family) > 0 {
		m.Raw(`<section id="family"><h2>`).Text(p.T("licence.family")).Raw(`</h2><p>`).Text(p.T("licence.family.text")).Raw(`</p>`).Family(p.Family).Raw(`</section>`)
	}
	m.Raw("\n")
	if p.Answer != "" {
		m.Notification(counter.Notice{Tone: "info", Title: p.T("clearance.dry.title"), Text: p.Answer})
	}
	m.Raw("\n")
	p.lift(m)
	m.Raw("\n<section><h2>").Text(p.T("clearance.positions")).Raw("</h2>\n")
	for _, q := range p.Meters {
		m.Raw(`<p>`).Meter(q).Raw(`</p>`)
	}
	m.Raw("\n")
	if p.Ledger != nil {
		m.Table(*p.Ledger)
	}
	m.LinesShown(p.LineWindow).Tolerance(&p.LicencePage).Raw("</section>\n")
	p.booked(m)
	m.Raw("\n<div class=\"of-desk of-desk--read\"><div>\n")
	p.book(m)
	m.Raw("\n")
	p.hold(m)
	m.Raw("\n" + `<section id="goods"><h2>`).Text(p.T("licence.goods")).Raw(`</h2>`).TableTerms(p.Goods)
	if p.Refusal != "" {
		m.Pages(p.LinePages)
	} else {
		m.LinesShown(p.LineWindow)
	}
	m.Raw("</section>\n<section><h2>").Text(p.T("licence.part.boxes")).Raw(`</h2>`).Terms(p.Boxes)
	m.Raw("</section></div>\n" + `<section class="of-desk__scan" id="scans"><h2>`).Text(p.T("scan.title")).Raw(`</h2>`)
	if len(p.Scans) > 0 {
		m.Scans(p.Scans)
	} else {
		m.Raw(`<p>`).Text(p.T("scan.none")).Raw(`</p>`)
	}
	m.Raw("</section></div>\n<section><h2>").Text(p.T("licence.history.title")).Raw(`</h2>`).HistoryOf(&p.LicencePage).Raw(`</section>`)
}

// at begins a form that is sent to a part of the licence's address.
func (p *clearancePage) at(m *counter.Markup, part string) *counter.Markup {
	return m.Raw(`<form method="post" action="`).Link(p.URL("/customs/%s/"+part, p.Case.Licence.ID)).Raw(`" novalidate>`)
}

// office puts a box for a customs office.
func (p *clearancePage) office(m *counter.Markup, box, label, value string) *counter.Markup {
	return m.TextBox(p.Box(box, label, value, "hint", "clearance.office.hint", "required", true, "width", "s"))
}

// lift shows the hold that stands, and lifts it.
func (p *clearancePage) lift(m *counter.Markup) {
	h := p.Hold
	if h == nil {
		return
	}
	m.Notification(counter.Notice{Tone: "warning", Title: p.T("clearance.state.held"), Text: h.Reason})
	m.Raw("\n<section><h2>").Text(p.T("clearance.hold.answer")).Raw(`</h2><p>`)
	if h.Answer != "" {
		m.Text(h.Answer)
	} else {
		m.Text(p.T("clearance.hold.waits"))
	}
	m.Raw("</p>\n")
	p.at(m, "lift").TextArea(p.Box("words", "clearance.hold.words", p.LiftWords, "required", true, "maxLength", 2000))
	m.Raw("\n").Button(p.Button("clearance.hold.lift", "style", "secondary")).Raw(`</form></section>`)
}

// booked shows the declarations under the licence.
func (p *clearancePage) booked(m *counter.Markup) {
	if len(p.Declarations) == 0 {
		return
	}
	m.Raw(`<section id="declarations"><h2>`).Text(p.T("clearance.declarations")).Raw(`</h2>`).Pages(p.DeclarationPages).Raw("\n")
	for _, d := range p.Declarations {
		m.Raw(`<div class="of-declaration"><h3>`).Text(d.MRN).Raw(` `).Status(d.Status).Raw(`</h3><p>`).Text(p.T("clearance.at_office", "Office", d.Office)).Raw(`</p>`)
		if len(d.Items) > 0 {
			m.Raw(`<ul>`)
			for _, item := range d.First {
				m.Raw(`<li>`).Text(item).Raw(`</li>`)
			}
			if d.Further != "" {
				m.Raw(`<li>`).Text(d.Further).Raw(`</li>`)
			}
			m.Raw(`</ul>`)
		}
		m.Raw("\n" + `<p class="of-buttons"><a class="ecl-link`)
		words := "clearance.declaration.title"
		if d.Reserved {
			m.Raw(` ecl-link--primary`)
			words = "clearance.release"
		}
		m.Raw(`" href="`).Link(p.URL("/customs/%s/declarations/%s", p.Case.Licence.ID, d.MRN)).Raw(`">`).Text(p.T(words, "MRN", d.MRN)).Raw(`</a></p></div>`)
	}
	m.Raw(`</section>`)
}

// book is the form to book a declaration.
func (p *clearancePage) book(m *counter.Markup) {
	if p.Refusal != "" {
		return
	}
	m.Raw(`<section><h2>`).Text(p.T("clearance.book.title")).Raw(`</h2><p>`).Text(p.T("clearance.book.text")).Raw("</p>\n")
	p.at(m, "book").Raw(`<button class="of-hidden" type="submit" tabindex="-1" aria-hidden="true"></button><input type="hidden" name="lines" value="`).Number(int64(p.Now)).Raw("\">\n")
	m.TextBox(p.Box("mrn", "clearance.mrn", p.MRN, "hint", "clearance.mrn.hint", "required", true, "width", "m")).Raw("\n")
	p.office(m, "office", "clearance.office", p.CustomsOffice).Raw("\n")
	m.TextBox(p.Box("importer", "clearance.importer", p.Importer, "hint", "clearance.importer.hint", "width", "m"))
	m.Raw("\n<p>").Button(p.Button("clearance.book.all", "style", "secondary", "name", "do", "value", "all")).Raw(`</p><p>`).Text(p.T("clearance.book.part")).Raw("</p>\n")
	for _, row := range p.Rows {
		p.line(m, row)
	}
	m.Raw("\n").LineButtons(p.LinePages).Raw("\n" + `<p class="of-buttons">`).Button(p.Button("clearance.book"))
	m.Raw(` `).Button(p.Button("clearance.dry", "style", "tertiary", "name", "do", "value", "dry")).Raw(`</p></form></section>`)
}

// line puts a line's boxes, or what was typed in them when they are not shown.
func (p *clearancePage) line(m *counter.Markup, row bookingRow) {
	if !row.Shown {
		for _, typed := range row.typed() {
			m.Raw(`<input type="hidden" name="`).Text(typed.Name).Raw(`" value="`).Text(typed.Value).Raw(`">`)
		}
		return
	}
	m.Raw(`<fieldset class="of-fieldset"><legend class="ecl-form-label">`).Text(p.T("clearance.line", "Line", row.Line, "Goods", row.Goods)).Raw("</legend>\n")
	for _, b := range row.Boxes {
		m.TextBox(p.Box(b.Name, "", b.Value, "labelText", b.Label, "width", "s", "inputMode", "decimal"))
		if b.UnitBox != "" {
			m.Select(p.Box(b.UnitBox, "clearance.unit_of_weight", b.UnitValue, "options", b.Units, "width", "s"))
		}
	}
	m.Raw("\n").TextBox(p.Box(row.HS, "clearance.hs", row.HSValue, "width", "s", "inputMode", "numeric", "maxLength", 20)).Raw(`</fieldset>`)
}

// hold is the form to hold the shipment.
func (p *clearancePage) hold(m *counter.Markup) {
	if p.Hold != nil {
		return
	}
	m.Raw(`<details class="of-more"`)
	if p.Err("reason") != "" || p.Err("hold_office") != "" {
		m.Raw(` open`)
	}
	m.Raw(`><summary>`).Text(p.T("clearance.hold.title")).Raw(`</summary><p>`).Text(p.T("clearance.hold.text")).Raw("</p>\n")
	p.office(p.at(m, "hold"), "hold_office", "clearance.hold.office", p.HoldOffice).Raw("\n")
	m.TextArea(p.Box("reason", "clearance.hold.reason", p.Reason, "required", true, "maxLength", 2000))
	m.Raw("\n").Button(p.Button("clearance.hold", "style", "secondary")).Raw(`</form></details>`)
}
