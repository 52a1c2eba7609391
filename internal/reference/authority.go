package reference

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AuthorityNameUnknown and CustomsNameUnknown are the keys of what a page writes where an
// Authority's Name is empty; the argument is Country.
const (
	AuthorityNameUnknown = "authority.name_unknown"
	CustomsNameUnknown   = "authority.customs_name"
)

// Authority is a body of a country together with how sure our data is of it.
type Authority struct {
	flegt.Authority
	// Note says in English what else is known: postal address, earlier names, hints.
	Note string
	// Status is sourced, hint (seen only in a list for another regulation) or gap.
	Status string
	// Unconfirmed are addresses seen in public whose FLEGT role is not confirmed; they
	// are shown to Support and never count as official.
	Unconfirmed []flegt.OfficialAddress
}

func readAuthority(d *Data, w row, role flegt.Role, id func(string) string) Authority {
	country := w.country(d, "country")
	a := Authority{
		Authority: flegt.Authority{ID: id(country), Role: role, Country: country, Name: w.text("name"), Source: w.text("source")},
		Note:      w.text("note"),
		Status:    w.oneOf("status", "sourced", "hint", "gap"),
	}
	if a.Status == "sourced" && (a.Name == "" || a.Source == "") {
		w.wrong("a sourced body has a name and a source")
	}
	if a.Status != "sourced" && a.Name != "" {
		w.wrong("a name whose status is %s is not official", a.Status)
	}
	return a
}

func addAuthority(d *Data, w row) {
	a := readAuthority(d, w, flegt.RoleAuthority, flegt.AuthorityID)
	if _, twice := d.AuthorityOf(a.Country); twice {
		w.wrong("%s stands here twice", a.Country)
	}
	d.authorities = append(d.authorities, a)
}

func addCustoms(d *Data, w row) {
	a := readAuthority(d, w, flegt.RoleCustoms, flegt.CustomsID)
	if _, twice := d.CustomsOf(a.Country); twice {
		w.wrong("%s stands here twice", a.Country)
	}
	d.customs = append(d.customs, a)
}

func addAddress(d *Data, w row) {
	country := w.country(d, "country")
	p := w.days("from", "until")
	o := flegt.OfficialAddress{Email: strings.ToLower(w.need("email")), From: p.from, Until: p.until, Source: w.need("source")}
	if note := w.text("note"); note != "" {
		o.Source += "; " + note
	}
	if !flegt.GoodAddress(o.Email) {
		w.wrong("%q is not an e-mail address", o.Email)
	}
	official := w.oneOf("status", "official", "not_confirmed") == "official"
	for i := range d.authorities {
		a := &d.authorities[i]
		switch {
		case a.Country != country:
		case official:
			a.Addresses = append(a.Addresses, o)
			return
		default:
			a.Unconfirmed = append(a.Unconfirmed, o)
			return
		}
	}
	w.wrong("%s has no row in authorities.csv", country)
}

// Authorities lists the competent authorities, one for every country that takes part or
// did. Where our data has no name, Name is empty, and where it has no address, none.
func (d *Data) Authorities() []Authority { return cloneAuthorities(d.authorities) }

// CustomsBodies lists the customs of every country that takes part or did.
func (d *Data) CustomsBodies() []Authority { return cloneAuthorities(d.customs) }

// AuthorityOf gives a country's competent authority. Reg. (EC) 2173/2005 art. 7 (to be
// verified)
func (d *Data) AuthorityOf(country string) (Authority, bool) {
	return ofCountry(d.authorities, country)
}

// CustomsOf gives a country's customs.
func (d *Data) CustomsOf(country string) (Authority, bool) { return ofCountry(d.customs, country) }

func ofCountry(list []Authority, country string) (Authority, bool) {
	for _, a := range list {
		if a.Country == CountryCode(country) {
			return a.clone(), true
		}
	}
	return Authority{}, false
}

func cloneAuthorities(list []Authority) []Authority {
	out := make([]Authority, len(list))
	for i, a := range list {
		out[i] = a.clone()
	}
	return out
}

// clone keeps callers from changing our rows through the slices.
func (a Authority) clone() Authority {
	a.Addresses = append([]flegt.OfficialAddress(nil), a.Addresses...)
	a.Unconfirmed = append([]flegt.OfficialAddress(nil), a.Unconfirmed...)
	return a
}
