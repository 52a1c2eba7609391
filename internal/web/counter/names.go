package counter

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/wording"
)

// CountryName writes a country's name by its code; the code itself when it is unknown.
func (p *Page) CountryName(code string) string {
	if code == "" || p.server.Office == nil {
		return code
	}
	return p.server.CountryName(p.Lang, code)
}

// CountryName writes a country's name in a language; the code itself when it is unknown.
func (s *Server) CountryName(lang wording.Lang, code string) string {
	if !reference.HasNames(string(lang)) {
		return wording.Region(lang, code)
	}
	return s.Office.Reference().CountryName(code, string(lang))
}

// AuthorityName writes an authority's name, or says whose it is when our data has none.
func (p *Page) AuthorityName(a flegt.Authority) string {
	if a.Name != "" {
		return a.Name
	}
	return p.BodyName(a.ID)
}

// BodyName writes a body's name as it stands, or whose it is when it stands there by its id.
func (p *Page) BodyName(name string) string {
	if key, country, ok := flegt.GenericName(name); ok {
		return p.T(key, "Country", p.CountryName(country))
	}
	return name
}

// Named writes the countries and bodies among a sentence's variables by name.
func (p *Page) Named(args flegt.Args) flegt.Args {
	out := flegt.Args{}
	for k, v := range args {
		if text, ok := v.(string); ok {
			switch k {
			case "Country", "Destination", "Export":
				v = p.CountryName(text)
			case "Body":
				v = p.BodyName(text)
			}
		}
		out[k] = v
	}
	return out
}

// RoleName writes a role with what it is held for: "Operator, Nordisk Træ A/S".
func (p *Page) RoleName(r RoleChoice) string {
	name := p.T("role." + string(r.Role))
	if _, _, generic := flegt.GenericName(r.Body); generic {
		r.Body = "" // its country says as much
	}
	switch {
	case r.Role == flegt.RoleSupport || r.Role == flegt.RoleObserver:
		return name // there is one body only
	case r.Body != "":
		return name + ", " + r.Body
	case r.Country != "":
		return name + ", " + p.CountryName(r.Country)
	}
	return name
}

// CountryOptions offers countries in a select, by their names.
func (p *Page) CountryOptions(codes []string) []Option {
	var options []Option
	for _, code := range codes {
		options = append(options, Option{Value: code, Label: p.CountryName(code)})
	}
	return options
}

// Members offers the countries that belong to the Union today, by name.
func (p *Page) Members() []Option {
	if p.server.Office == nil {
		return nil
	}
	var codes []string
	for _, c := range p.server.Office.Reference().Members(p.server.Office.Today()) {
		codes = append(codes, c.Code)
	}
	options := p.CountryOptions(codes)
	wording.SortBy(p.Lang, options, func(o Option) string { return o.Label })
	return options
}

// Day writes a day as typed: in the page's language when it is one.
func (p *Page) Day(d flegt.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return p.Date(d.Time())
}

// UnitName writes a unit's short name.
func (p *Page) UnitName(u flegt.Unit) string {
	if p.server.Office == nil {
		return string(u)
	}
	if _, known := p.server.Office.Reference().Unit(u); !known {
		return string(u)
	}
	return p.T("unit.name." + string(u))
}

// EveryCountry offers all countries, by name.
func (p *Page) EveryCountry() []Option {
	var options []Option
	if p.server.Office == nil {
		return nil
	}
	for _, c := range p.server.Office.Reference().Countries(string(p.Lang)) {
		options = append(options, Option{Value: c.Code, Label: p.CountryName(c.Code)})
	}
	return options
}
