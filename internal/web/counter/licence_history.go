package counter

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// onceMore says that an event is one more look of the same person at the same licence on a day, or
// one more change of a draft, which saves itself while one types. A history need not tell these line
// by line; the log has each.
func onceMore(a, b flegt.Event) bool {
	return (a.Verb == "looked_up" || a.Verb == "edited") && a.Verb == b.Verb && a.Noun == b.Noun && a.Account == b.Account && flegt.DateOf(a.At) == flegt.DateOf(b.At)
}

// doubtful says that an answer came by mail from somebody who was not asked, or whose domain
// disowns it: nobody may read that who was asked has answered.
func doubtful(e flegt.Event) bool {
	known, _ := e.Data["known"].(bool)
	forged, _ := e.Data["forged"].(bool)
	return e.Verb == "answered" && (!known || forged)
}

// eventTitle says what happened to a licence, or to a question about it.
func (p *Page) eventTitle(e flegt.Event) string {
	if to, _ := e.Data["to"].(string); e.Noun == flegt.NounQuestion {
		if doubtful(e) {
			return p.T("question.event.answered.doubtful")
		}
		return p.T("question.event." + e.Verb + "." + to)
	}
	return p.T("licence.event." + e.Verb)
}

// history puts the events of a licence into words, oldest first. Where older looks are left out
// it says so, before those that are there.
func (p *Page) history(c registry.Case) []Moment {
	var out []Moment
	older := c.Looks
	for i := 0; i < len(c.History); i++ {
		e := c.History[i]
		if older && e.Verb == "looked_up" {
			out, older = append(out, Moment{Title: p.T("licence.history.looks")}), false
		}
		times := 1
		for i+1 < len(c.History) && onceMore(e, c.History[i+1]) {
			i++
			times++
		}
		m := Moment{When: p.DateTime(e.At), Title: p.eventTitle(e)}
		if mailed, _ := e.Data["mail"].(string); mailed != "" && e.Noun == flegt.NounQuestion {
			m.Text = p.T("question.by_mail")
		} else if e.Account == "" {
			m.Text = p.T("licence.history.system")
		} else if c.Names[e.Account] == "" {
			m.Text = p.T("role." + string(e.Role))
		} else {
			m.Text = p.T("licence.history.by", "Name", c.Names[e.Account], "Role", p.T("role."+string(e.Role)))
		}
		if times > 1 {
			m.Text += " · " + p.TN("licence.history.times", times)
		}
		if mrn, ok := e.Data["mrn"].(string); ok {
			m.Text += " · " + p.T("licence.history.mrn", "MRN", mrn)
		}
		if words, ok := e.Data["reason"].(string); ok {
			m.Text += " · " + words
		}
		if code, ok := e.Data["reason_code"].(string); ok {
			m.Text += " · " + p.T("licence.reason."+code)
		}
		out = append(out, m)
	}
	if older {
		out = append(out, Moment{Title: p.T("licence.history.looks")})
	}
	return out
}
