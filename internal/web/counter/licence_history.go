package counter

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// onceMore says that an event is one more look of the same person at the same licence on a day, one
// more change of a draft, which saves itself while one types, or one more answer to a finding. A history need not tell these line
// by line; the log has each.
func onceMore(a, b flegt.Event) bool {
	often := a.Verb == "looked_up" || a.Verb == "edited" || a.Verb == "answered" && a.Noun == flegt.NounLicence
	return often && a.Verb == b.Verb && a.Noun == b.Noun && a.Account == b.Account && flegt.DateOf(a.At) == flegt.DateOf(b.At)
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

// historyShown and roomOfHistory are how much of a history stands on the page of its licence: entries,
// and bytes.
const (
	historyShown  = 40
	roomOfHistory = 14_000
)

// lastOf are the last entries of a history, and the way to the whole of it where that is longer.
func (p *Page) lastOf(all []Moment, l flegt.Licence) ([]Moment, Link) {
	first, sum := len(all), 0
	for first > 0 && len(all)-first < historyShown {
		if sum += bytesOfMoments(all[first-1 : first]); sum > roomOfHistory && first < len(all) {
			break
		}
		first--
	}
	if first == 0 {
		return all, Link{}
	}
	return all[first:], Link{p.URL("/licences/%s/history", l.ID), p.T("licence.history.whole", "Count", len(all))}
}

// recordPage is a long record of a licence, in pages: its history, or what was sent back.
type recordPage struct {
	Page
	Moments []Moment
	Returns []ReturnView
	Pages   Pages
}

// recordOf reads a licence for a page of a record of it. A look by customs is logged, as at its own
// counter.
func (s *Server) recordOf(r *Request, title string) (*recordPage, registry.Case, error) {
	read := s.Office.Licence
	if r.Viewer.Has(flegt.RoleCustoms) {
		read = s.Office.AtCounter
	}
	c, err := read(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, c, err
	}
	p := &recordPage{Page: s.Page(r, title)}
	p.Lead = p.T("licence.step.of", "Number", s.NumberOf(r, c.Licence))
	at := "/licences/%s"
	if r.Viewer.Has(flegt.RoleCustoms) {
		at = "/customs/%s"
	} else if r.Viewer.Has(flegt.RoleAuthority) {
		at = "/desk/%s"
	}
	p.Crumbs = []Link{{p.URL(at, c.Licence.ID), s.NumberOf(r, c.Licence)}}
	return p, c, nil
}

// ShowHistory shows the whole history of a licence, oldest first.
func (s *Server) ShowHistory(w http.ResponseWriter, r *Request) error {
	p, c, err := s.recordOf(r, "licence.history.title")
	if err != nil {
		return err
	}
	all := p.history(c)
	bytes := make([]int, len(all))
	for i := range all {
		bytes[i] = bytesOfMoments(all[i : i+1])
	}
	first, end, way := p.pageOf(r, endsOf(bytes, 100, 80_000), "licence.history.summary")
	p.Moments, p.Pages = all[first:end], way
	return s.Show(w, p, "licence_record")
}

// ShowReturns shows each time that a licence was sent back, the last first.
func (s *Server) ShowReturns(w http.ResponseWriter, r *Request) error {
	p, c, err := s.recordOf(r, "licence.returned.all.title")
	if err != nil {
		return err
	}
	all := p.returns(c.Licence)
	bytes := make([]int, len(all))
	for i, one := range all {
		bytes[i] = one.bytes()
	}
	first, end, way := p.pageOf(r, endsOf(bytes, 10, 80_000), "licence.returned.summary")
	p.Returns, p.Pages = all[first:end], way
	return s.Show(w, p, "licence_record")
}
