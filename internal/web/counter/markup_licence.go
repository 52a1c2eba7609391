package counter

import (
	"github.com/openflegt/openflegt/internal/flegt"
)

// What several pages show of a licence besides its boxes, see the parts of the same names.

// Marks puts what the issuing country reported.
func (m *Markup) Marks(v CycleView) *Markup {
	for _, words := range v.Marks {
		m.Notification(Notice{Tone: "error", Text: words})
	}
	return m
}

// Remarks puts what the authority wants put right, and what it wanted before.
func (m *Markup) Remarks(p *Page, v CycleView) *Markup {
	if v.Return == nil {
		return m
	}
	m.Raw(`<section class="of-returned"><h2>`).Text(p.T("licence.returned.title")).Raw(`</h2>`).returned(*v.Return).Raw("\n")
	if len(v.Earlier) > 0 {
		m.Raw(`<details class="of-details"><summary>`).Text(v.EarlierWord).Raw(`</summary><ol class="of-earlier">`)
		for _, r := range v.Earlier {
			m.Raw(`<li>`).returned(r).Raw("</li>\n")
		}
		m.Raw(`</ol></details>`)
	}
	if v.Returns.URL != "" {
		m.Raw(`<p>`).A(v.Returns).Raw(`</p>`)
	}
	return m.Raw(`</section>`)
}

func (m *Markup) returned(r ReturnView) *Markup {
	m.Raw(`<p class="of-sub">`).Text(r.When).Raw(`</p>`)
	if r.Words != "" {
		m.Raw(`<p>`).Text(r.Words).Raw(`</p>`)
	}
	m.Raw("\n")
	if len(r.Remarks) == 0 {
		return m
	}
	m.Raw(`<ul>`)
	for _, x := range r.Remarks {
		m.Raw(`<li>`)
		switch {
		case x.Do != "":
			m.Raw(`<button class="of-link" type="submit" form="licence-form" name="do" value="`).Text(x.Do).Raw(`">`).Text(x.Name).Raw(`</button>`)
		case x.URL != "":
			m.A(Link{x.URL, x.Name})
		default:
			m.Text(x.Name)
		}
		words := x.Short
		if words == "" {
			words = x.Words
		}
		m.Raw(`: `).Text(words).Raw("</li>\n")
	}
	return m.Raw(`</ul>`)
}

// Cycle puts confirmations, the steps the viewer may take, and relatives.
func (m *Markup) Cycle(p *Page, v CycleView) *Markup {
	m.Raw("\n")
	if len(v.Confirmations) > 0 {
		m.Raw(`<section><h2>`).Text(p.T("licence.confirmations")).Raw(`</h2>`).Terms(v.Confirmations).Raw(`</section>`)
	}
	m.Raw("\n")
	if len(v.Steps) > 0 {
		m.Raw(`<section><h2>`).Text(p.T("licence.steps")).Raw(`</h2><ul>`)
		for _, step := range v.Steps {
			m.Raw(`<li>`).A(step).Raw(`</li>`)
		}
		m.Raw(`</ul></section>`)
	}
	m.Raw("\n")
	if len(v.Family) > 0 {
		m.Raw(`<section><h2 id="family-title">`).Text(p.T("licence.family")).Raw(`</h2><p>`).Text(p.T("licence.family.text")).Raw(`</p>`).Family(v.Family).Raw(`</section>`)
	}
	return m
}

// Family puts a tree of licences.
func (m *Markup) Family(lines []RelativeLine) *Markup {
	m.Raw(`<ul class="of-family">`)
	for _, r := range lines {
		m.Raw(`<li`).flag(r.Self, ` aria-current="page"`).Raw(`>`)
		switch {
		case r.URL != "":
			m.A(Link{r.URL, r.Number})
		case r.Self:
			m.Raw(`<strong>`).Text(r.Number).Raw(`</strong>`)
		default:
			m.Text(r.Number)
		}
		for _, s := range []*Status{r.Status, r.Mark} {
			if s != nil {
				m.Raw(` `).Status(*s)
			}
		}
		if r.More != "" {
			m.Raw(` `).Sub(r.More)
		}
		if len(r.Successors) > 0 {
			m.Family(r.Successors)
		}
		m.Raw("</li>\n")
	}
	return m.Raw(`</ul>`)
}

// Questions puts what was asked and answered, and the ways to ask.
func (m *Markup) Questions(p *LicencePage) *Markup {
	v := p.questionsView
	if len(v.Questions)+len(v.Ask) == 0 {
		return m
	}
	m.Raw(`<section id="questions"><h2>`).Text(p.T("question.list")).Raw(`</h2>`).Pages(v.QuestionPages).Raw("\n")
	for _, q := range v.Questions {
		m.question(&p.Page, q)
	}
	if len(v.Questions) == 0 {
		m.Raw(`<p>`).Text(p.T("question.none")).Raw(`</p>`)
	}
	m.Raw("\n")
	if len(v.Ask) > 0 {
		m.Raw(`<p class="of-buttons">`)
		for _, l := range v.Ask {
			m.Raw(`<a class="ecl-link ecl-link--secondary" href="`).Link(l.URL).Raw(`">`).Text(l.Text).Raw(`</a> `)
		}
		m.Raw(`</p>`)
	}
	return m.Raw(`</section>`)
}

func (m *Markup) question(p *Page, q QuestionView) *Markup {
	m.Raw(`<article class="of-note" id="`).Text(q.ID).Raw(`"><p class="of-sub"><strong>`).Text(q.To).Raw(`</strong> · `).Text(q.Asked).Raw(` `).Status(q.Status).Raw("</p>\n")
	if q.Box != "" {
		m.Raw(`<p class="of-sub">`).Text(q.Box).Raw(`</p>`)
	}
	if q.Continued {
		m.Raw(`<p class="of-sub">`).Text(p.T("question.continued")).Raw("</p>\n")
	} else {
		m.Raw(`<p class="of-note__text">`).Text(q.Text).Raw("</p>\n")
	}
	m.Raw(`<p class="of-sub`).flag(q.Over, ` of-late`).Raw(`">`).Text(p.T("question.until", "Day", q.Deadline))
	if q.Over {
		m.Raw(` `).Text(p.T("question.overdue"))
	}
	m.Raw("</p>\n")
	for _, a := range q.Answers {
		m.answer(p, a)
	}
	if q.CloseURL != "" {
		m.Raw(`<form method="post" action="`).Link(q.CloseURL).Raw(`"><button class="ecl-button ecl-button--tertiary" type="submit">`).Text(p.T("question.close")).Raw(`</button></form>`)
	}
	m.Raw("\n")
	if q.AnswerURL != "" && q.AnswerURL != p.Path {
		m.Raw(`<p><a class="ecl-link ecl-link--primary" href="`).Link(q.AnswerURL).Raw(`">`).Text(p.T("question.answer")).Raw(`</a></p>`)
	}
	return m.Raw("</article>\n")
}

func (m *Markup) answer(p *Page, a answerView) *Markup {
	m.Raw(`<div class="of-note"><p class="of-sub"><strong>`).Text(a.By).Raw(`</strong>`)
	for _, mark := range a.Marks {
		m.Raw(` `).Status(mark)
	}
	m.Raw(`</p>`)
	if a.Text != "" {
		m.Raw(`<p class="of-note__text">`).Text(a.Text).Raw(`</p>`)
	}
	m.Raw("\n")
	for _, f := range a.Files {
		m.File(f)
	}
	for _, words := range a.Refused {
		m.Raw(`<p class="of-sub">`).Text(words).Raw(`</p>`)
	}
	m.Raw("\n")
	if a.RawURL != "" {
		m.Raw(`<p class="of-sub">`).Text(a.Checks).Raw(` `).A(Link{a.RawURL, p.T("question.raw")}).Raw(`</p>`)
	}
	return m.Raw("</div>\n")
}

// Paperwork puts the ways to the PDFs of a licence.
func (m *Markup) Paperwork(p *Page, l flegt.Licence) *Markup {
	m.Raw(`<p class="of-buttons">`)
	if l.State.Decided() {
		m.A(Link{p.URL("/licences/%s/decision.pdf", l.ID), p.T("document.decision.link")})
	}
	return m.Raw("\n").A(Link{p.URL("/licences/%s/form.pdf", l.ID), p.T("document.extract.link")}).Raw(`</p>`)
}

// LedgerOf puts what is licensed, used and left.
func (m *Markup) LedgerOf(p *LicencePage) *Markup {
	m.Raw(`<section><h2>`).Text(p.T("clearance.positions")).Raw(`</h2>`).Table(*p.Ledger)
	return m.LinesShown(p.LineWindow).Tolerance(p).Raw(`</section>`)
}

// LinesShown says which goods lines are shown, where not all are.
func (m *Markup) LinesShown(w LineWindow) *Markup {
	if words := w.LinePages.Summary; words != "" {
		m.Raw(`<p class="of-sub">`).Text(words).Raw(`</p>`)
	}
	return m
}

// Tolerance says what may be cleared beyond what is licensed.
func (m *Markup) Tolerance(p *LicencePage) *Markup {
	if p.ToleranceLeft() {
		m.Raw(`<p>`).Text(p.T("clearance.used_up")).Raw(`</p>`)
	}
	return m.Raw(`<p class="of-sub">`).Text(p.T("clearance.tolerance")).Raw(`</p>`)
}

// HistoryOf puts a licence's history.
func (m *Markup) HistoryOf(p *LicencePage) *Markup {
	if p.Earliest.URL != "" {
		m.Raw(`<p>`).A(p.Earliest).Raw(`</p>`)
	}
	return m.Timeline(p.History)
}
