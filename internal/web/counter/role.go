package counter

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// RoleOf writes a role, and for an operator whether as importer or agent.
func (p *Page) RoleOf(z flegt.Authorisation) string {
	name := p.T("role." + string(z.Role))
	if z.Capacity != "" {
		name += ", " + p.T("authorisation.capacity."+string(z.Capacity))
	}
	return name
}

// BodyOf writes the name of what a role is held for, or says whose it is when our data has
// no name.
func (p *Page) BodyOf(d registry.Desk) string {
	z := d.Authorisation
	switch z.Role {
	case flegt.RoleSupport, flegt.RoleObserver:
		return p.T("role." + string(z.Role))
	case flegt.RoleOperator:
		return d.BodyName
	}
	name := d.BodyName
	if name == z.Body {
		name = ""
	}
	return p.AuthorityName(flegt.Authority{ID: z.Body, Role: z.Role, Country: z.Country, Name: name})
}

// RoleStatus is the coloured label of where a request stands.
func (p *Page) RoleStatus(z flegt.Authorisation) Status {
	tone := "plain"
	switch z.Status {
	case flegt.Requested:
		tone = "wait"
	case flegt.Approved:
		tone = "ok"
	case flegt.Denied:
		tone = "stop"
	}
	return p.Status(tone, "authorisation.status."+string(z.Status))
}

// RoleTerms says where a request stands.
func (p *Page) RoleTerms(d registry.Desk) []Term {
	z := d.Authorisation
	terms := []Term{
		{Name: p.T("roles.body"), Lines: []Cell{{Text: p.BodyOf(d), Sub: p.CountryName(z.Country)}}},
		TermOf(p.T("roles.role"), p.RoleOf(z)), TermOf(p.T("roles.requested_at"), p.DateTime(z.RequestedAt)),
	}
	if d.Operator != nil {
		terms[0].Lines[0].URL = p.URL("/operators/%s", d.Operator.ID)
	}
	if len(z.Offices) > 0 {
		terms = append(terms, TermOf(p.T("authorisation.offices"), strings.Join(z.Offices, ", ")))
	}
	if z.Phone != "" {
		terms = append(terms, TermOf(p.T("authorisation.phone"), z.Phone))
	}
	if z.Note != "" {
		terms = append(terms, TermOf(p.T("authorisation.note"), z.Note))
	}
	switch {
	case z.Status == flegt.Requested:
		terms = append(terms, TermOf(p.T("roles.decides"), p.T("role.support")))
	case z.DecidedBy == "" && z.Status == flegt.Denied:
		terms = append(terms, TermOf(p.T("roles.decided"), p.T("roles.decided.by_rules", "When", p.DateTime(z.DecidedAt))))
	default:
		terms = append(terms, TermOf(p.T("roles.decided"), p.T("roles.decided.by", "When", p.DateTime(z.DecidedAt), "Name", d.DecidedBy)))
	}
	if z.Override != "" {
		terms = append(terms, TermOf(p.T("authorisation.override"), z.Override))
	}
	if !z.EndedAt.IsZero() {
		terms = append(terms, TermOf(p.T("roles.ended_at"), p.DateTime(z.EndedAt)))
	}
	return terms
}
