package authority

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// A case's page is the longest that is opened most: code writes it. See counter.Markup.

// Scripts are the page's own: see counter.Written.
func (p *deskCasePage) Scripts() []string {
	if len(p.Scans) > 0 {
		return []string{"desk.js", "scan.js"}
	}
	return []string{"desk.js"}
}

// Content writes the page: see counter.Written.
func (p *deskCasePage) Content(m *counter.Markup) {
	l := p.Case.Licence
	m.Raw(`<p>`).Status(p.Status).Raw(` `).Text(p.Age).Raw(` `)
	if p.Dossier.Open || p.Dossier.Before != "" {
		m.Raw(`<span class="of-sub">`).Text(p.Dossier.Officer).Raw(`</span>`)
	}
	m.Raw("</p>\n")
	if p.Dossier.Proposal != "" {
		m.Notification(counter.Notice{Tone: "info", Text: p.Dossier.Proposal})
	}
	m.Raw("\n").Marks(p.CycleView).Remarks(&p.Page, p.CycleView)
	p.hold(m)
	m.Raw("\n" + `<div class="of-desk"><div class="of-desk__scan" id="scans"><h2>`).Text(p.T("scan.title")).Raw(`</h2>`)
	if len(p.Scans) > 0 {
		m.Scans(p.Scans)
	} else {
		m.Raw(`<p>`).Text(p.T("scan.none")).Raw(`</p>`)
	}
	m.Raw("</div>\n<div class=\"of-desk__data\" data-of-desk data-of-next=\"").Text(p.URL("/desk/next?after=%s", l.ID)).Raw(`"><h2>`).Text(p.T("desk.compare")).Raw(`</h2>`)
	p.comparisons(m)
	m.Raw("</div></div>\n")
	if p.MayDecide {
		p.decide(m)
	} else {
		p.decided(m)
	}
	if l.State.Decided() && p.Ledger != nil {
		m.LedgerOf(&p.LicencePage)
	}
	m.Raw("\n")
	p.previous(m)
	m.Raw("\n").Questions(&p.LicencePage).Raw("\n").Paperwork(&p.Page, l).Raw("\n")
	p.work(m)
	m.Raw("\n").Cycle(&p.Page, p.CycleView).Raw("\n<section><h2>").Text(p.T("licence.history.title")).Raw(`</h2>`).HistoryOf(&p.LicencePage).Raw(`</section>`)
}

// at begins a form that is sent to a part of the case's address.
func (p *deskCasePage) at(m *counter.Markup, part string) *counter.Markup {
	return m.Raw(`<form method="post" action="`).Link(p.URL("/desk/%s/"+part, p.Case.Licence.ID)).Raw(`"`)
}

// hold asks what customs asked.
func (p *deskCasePage) hold(m *counter.Markup) {
	h := p.StandingHold()
	if h == nil {
		return
	}
	m.Raw(`<section class="of-decide"><h2>`).Text(p.T("clearance.hold.asked")).Raw(`</h2><p>`).Text(h.Reason).Raw(`</p><p class="of-sub">`).Text(p.T("clearance.at_office", "Office", h.Office)).Raw("</p>\n")
	if h.Answer != "" {
		m.Raw(`<p>`).Text(p.T("clearance.hold.so_far", "Answer", h.Answer)).Raw(`</p>`)
	}
	m.Raw("\n")
	p.at(m, "hold").Raw(` novalidate>`).TextArea(p.Box("answer", "clearance.hold.your_answer", p.HoldAnswer, "required", true, "maxLength", 2000))
	m.Raw("\n" + `<p class="of-buttons">`).Button(p.Button("clearance.hold.answer_lift", "name", "do", "value", "lift")).Raw(` `)
	m.Button(p.Button("clearance.hold.answer_keep", "style", "secondary", "name", "do", "value", "keep")).Raw(`</p></form></section>`)
}

// decide puts the two decisions.
func (p *deskCasePage) decide(m *counter.Markup) {
	version := int64(p.Version)
	m.Raw(`<section class="of-decide" id="decide"><h2>`).Text(p.T("desk.decide")).Raw("</h2>\n")
	p.at(m, "accept").Raw(`><input type="hidden" name="version" value="`).Number(version).Raw("\">\n<p>")
	switch {
	case p.Dossier.Proposed:
		m.Text(p.T("desk.accept.text.proposed"))
	case p.Dossier.AcceptFirst:
		m.Text(p.T("desk.accept.text.first"))
	default:
		m.Text(p.T("desk.accept.text"))
	}
	m.Raw(`</p>`)
	if !p.Dossier.Proposed {
		m.Raw(`<button class="ecl-button ecl-button--primary" type="submit" data-of-accept>`).Text(p.T("desk.accept")).Raw(`</button>`)
	}
	if p.Case.Licence.State == flegt.Submitted {
		m.Raw("\n" + `<p class="of-buttons">`).Text(p.T("desk.accept.or_return")).Raw(` `).A(counter.Link{URL: p.URL("/desk/%s/return", p.Case.Licence.ID), Text: p.T("licence.step.return")}).Raw(`</p>`)
	}
	m.Raw("</form>\n")
	p.at(m, "reject").Raw(` novalidate><input type="hidden" name="version" value="`).Number(version).Raw("\">\n<h3>").Text(p.T("desk.reject.title")).Raw("</h3>\n")
	m.Select(p.Box("reason_code", "desk.reason_code", p.ReasonCode, "options", p.Reasons, "empty", "desk.reason_code.choose", "required", true)).Raw("\n")
	m.TextArea(p.Box("reason", "desk.reason", p.Reason, "hint", "desk.reason.hint", "required", true, "maxLength", 2000)).Raw("\n")
	m.Button(p.Button("desk.reject", "style", "secondary")).Raw("</form></section>\n\n")
}

// decided says why it was decided against the importer, and leads on.
func (p *deskCasePage) decided(m *counter.Markup) {
	switch l := p.Case.Licence; l.State {
	case flegt.Rejected:
		m.Notification(counter.Notice{Tone: "error", Title: p.T("licence.reason." + l.ReasonCode), Text: l.Reason})
	case flegt.AcceptanceWithdrawn:
		m.Notification(counter.Notice{Tone: "error", Title: p.T("licence.state.acceptance_withdrawn"), Text: l.Reason})
	}
	m.Raw("\n<p class=\"of-buttons\"><a class=\"ecl-link ecl-link--primary\" href=\"").Link(p.URL("/desk/next?after=%s", p.Case.Licence.ID)).Raw(`">`).Text(p.T("desk.open_next")).Raw(`</a> `)
	m.A(counter.Link{URL: "/desk", Text: p.T("desk.next")}).Raw("</p>\n")
}

// previous puts the earlier cases of the importer and of the exporter.
func (p *deskCasePage) previous(m *counter.Markup) {
	m.Raw(`<section id="previous"><h2>`).Text(p.T("desk.previous")).Raw(`</h2>`)
	for _, v := range p.Previous {
		m.Raw("\n<h3>").Text(v.Title).Raw(`</h3>`)
		if len(v.Table.Rows) > 0 {
			m.Table(v.Table)
		} else {
			m.Raw(`<p>`).Text(p.T("desk.previous.none")).Raw(`</p>`)
		}
		m.Raw(`<p class="of-sub">`).Text(v.Elsewhere).Raw(`</p>`)
	}
	m.Raw(`</section>`)
}

// comparisons puts the groups of boxes that are held against the scan.
func (p *deskCasePage) comparisons(m *counter.Markup) {
	m.Raw(`<p class="of-sub" data-of-keys="`).Text(p.T("desk.keys.on")).Raw(`" data-of-keys-off="`).Text(p.T("desk.keys.off")).Raw(`" data-of-undo="`).Text(p.T("desk.compare.undo"))
	m.Raw(`">`).Text(p.T("desk.compare.lead")).Raw("</p>\n")
	for _, c := range p.Compare {
		p.comparison(m, c)
	}
}

func (p *deskCasePage) comparison(m *counter.Markup, c comparison) {
	m.Raw(`<section class="of-compare`)
	if c.Ticked {
		m.Raw(` of-compare--ticked`)
	}
	m.Raw(`" id="`).Text(c.ID).Raw(`"`)
	if c.Paper {
		m.Raw(` data-of-compare="`).Text(c.Box).Raw(`" tabindex="-1"`)
	}
	m.Raw(`><h3>`).Text(c.Title).Raw("</h3>\n")
	if len(c.Findings) > 0 {
		m.Findings(c.Findings)
	}
	if c.Box == "18" {
		p.specimens(m)
	}
	if len(c.Terms) > 0 {
		m.Terms(c.Terms)
	}
	if c.Goods != nil && len(c.Goods.Rows) < 5 {
		m.TableTerms(*c.Goods)
	} else if c.Goods != nil {
		m.Table(*c.Goods)
	}
	m.Pages(c.LinePages).Elsewhere(c.Elsewhere).Raw("\n")
	if !p.Dossier.Open || !c.Paper {
		if c.By != "" {
			m.Raw(`<p class="of-sub">`).Text(c.By).Raw(`</p>`)
		}
		m.Raw("</section>\n")
		return
	}
	p.at(m, "tick").Raw(`><input type="hidden" name="box" value="`).Text(c.Box).Raw(`"><input type="hidden" name="agrees" value="`)
	if c.Ticked {
		m.Raw("no\">\n<button class=\"ecl-button ecl-button--tertiary of-tick\" type=\"submit\">").Text(p.T("desk.compare.undo"))
	} else {
		m.Raw("yes\">\n<button class=\"ecl-button ecl-button--secondary of-tick\" type=\"submit\">").Text(p.T("desk.compare.agrees"))
	}
	m.Raw(`<span class="of-hidden">: `).Text(c.Title).Raw(`</span></button>`)
	if c.By != "" {
		m.Raw(` `).Sub(c.By)
	}
	m.Raw("</form></section>\n")
}

// specimens puts the specimens beside box 18.
func (p *deskCasePage) specimens(m *counter.Markup) {
	m.Raw(`<div id="specimens">`)
	if len(p.Specimens) == 0 {
		m.Raw(`<p class="of-sub">`).Text(p.T("specimen.beside.none")).Raw(`</p></div>`)
		return
	}
	m.Raw(`<h4>`).Text(p.T("specimen.beside")).Raw(`</h4><p class="of-sub">`).Text(p.T("specimen.beside.text")).Raw(`</p><ul class="of-specimens">`)
	for _, s := range p.Specimens {
		m.Raw(`<li><figure><img class="of-specimens__image" src="`).Link(s.Image).Raw(`" alt="" loading="lazy"><figcaption>`).A(counter.Link{URL: s.Address, Text: s.Name})
		m.Raw(`<span class="of-sub">`).Text(s.Country).Raw(`</span><span class="of-sub">`).Text(s.Days).Raw("</span></figcaption></figure></li>\n")
	}
	m.Raw(`</ul></div>`)
}

// work puts the authority's own work on the licence.
func (p *deskCasePage) work(m *counter.Markup) {
	d := &p.Dossier
	m.Raw(`<section class="of-dossier" aria-labelledby="dossier-title"><h2 id="dossier-title">`).Text(p.T("desk.dossier")).Raw(`</h2><p class="of-sub">`).Text(p.T("desk.dossier.lead"))
	m.Raw("</p>\n<dl class=\"ecl-description-list ecl-description-list--horizontal of-terms\"><dt class=\"ecl-description-list__term\">").Text(p.T("desk.officer"))
	m.Raw(`</dt><dd class="ecl-description-list__definition">`).Text(d.Officer).Raw("</dd>\n<dt class=\"ecl-description-list__term\">").Text(p.T("desk.age"))
	m.Raw(`</dt><dd class="ecl-description-list__definition">`).Text(d.Clock.Days)
	drawn(m, d.Clock)
	if d.Clock.Over {
		m.Raw(` <span class="of-late">`).Text(p.T("desk.over")).Raw(`</span>`)
	}
	m.Raw("</dd>\n")
	if d.Fee != "" {
		m.Raw(`<dt class="ecl-description-list__term">`).Text(p.T("desk.fee")).Raw(`</dt><dd class="ecl-description-list__definition">`).Text(d.Fee).Raw(`</dd>`)
	}
	m.Raw("</dl>\n")
	if d.Open {
		m.Raw(`<form class="of-assign" method="post" action="`).Link(p.URL("/desk/%s/hand-over", p.Case.Licence.ID)).Raw(`"><input type="hidden" name="before" value="`).Text(d.Before).Raw("\">\n")
		m.Select(p.Box("officer", "desk.hand_over.to", "", "options", d.Officers, "width", "m", "readOnly", true)).Button(p.Button("desk.assign", "style", "secondary"))
		if d.Before != "" {
			m.Raw(` <button class="ecl-button ecl-button--tertiary" type="submit" name="nobody" value="yes">`).Text(p.T("desk.assign.nobody")).Raw(`</button>`)
		}
		m.Raw(`</form>`)
	}
	m.Raw("\n<h3 id=\"notes\">").Text(p.T("desk.notes")).Raw(`</h3>`).Pages(d.NotePages)
	for _, n := range d.Notes {
		m.Raw(`<div class="of-note"><p class="of-sub"><strong>`).Text(n.By).Raw(`</strong> `).Text(n.When)
		if n.Told != "" {
			m.Raw(` · `).Text(n.Told)
		}
		m.Raw(`</p><p class="of-note__text">`).Text(n.Text).Raw(`</p></div>`)
	}
	if len(d.Notes) == 0 {
		m.Raw(`<p>`).Text(p.T("desk.notes.none")).Raw(`</p>`)
	}
	m.Raw("\n<details class=\"of-more\"")
	if p.Err("note") != "" {
		m.Raw(` open`)
	}
	m.Raw(`><summary>`).Text(p.T("desk.note.add")).Raw(`</summary>`)
	p.at(m, "note").Raw(" novalidate>\n").TextArea(p.Box("note", "desk.note", d.Note, "hint", "desk.note.hint", "required", true, "maxLength", 4000)).Raw("\n")
	if len(d.Mentions) > 0 {
		m.CheckBoxes(p.Box("mention", "desk.note.mention", "", "options", d.Mentions))
	}
	m.Raw("\n").Button(p.Button("desk.note.add", "style", "secondary")).Raw("</form></details>\n<details class=\"of-more\" id=\"work\"")
	if d.WorkAsked {
		m.Raw(` open`)
	}
	m.Raw(`><summary>`).Text(p.T("desk.dossier.history")).Raw(`</summary>`).Timeline(d.History).Pages(d.WorkPages).Raw(`</details></section>`)
}

// drawn puts a clock as it is drawn, where there is a target.
func drawn(m *counter.Markup, c clock) {
	if c.Target == 0 {
		return
	}
	m.Raw(`<meter class="of-clock" min="0" max="`).Number(int64(c.Limit())).Raw(`" high="`).Number(int64(c.Target)).Raw(`" optimum="0" value="`).Number(int64(c.Used)).Raw(`" aria-hidden="true"></meter>`)
}
