package flegt

import "strings"

// Authority is a body for which officers act: a country's competent authority (CA-DK), its
// customs (CUSTOMS-DK), or a partner country's licensing authority (LA-ID).
type Authority struct {
	ID        string
	Role      Role // the role that its officers hold
	Country   string
	Name      string // empty when our data does not know it
	Addresses []OfficialAddress
	Source    string
	Desk      DeskSettings // of a competent authority
	Version   int
}

// OfficialAddress is an e-mail address at which the authority is officially reached, with
// the days on which it counts. Until is empty while it is in force.
type OfficialAddress struct {
	Email  string
	From   Date // empty: since ever
	Until  Date // last day; empty: still
	Source string
}

// In says whether the address counts on a day.
func (o OfficialAddress) In(day Date) bool {
	return (o.From == "" || o.From <= day) && (o.Until == "" || day <= o.Until)
}

// AddressesOn lists the addresses that count on a day, in lower case.
func (a Authority) AddressesOn(day Date) []string {
	var out []string
	for _, o := range a.Addresses {
		if o.In(day) {
			out = append(out, strings.ToLower(o.Email))
		}
	}
	return out
}

// AuthorityID gives the id of a country's competent authority.
func AuthorityID(country string) string { return "CA-" + country }

// CustomsID gives the id of a country's customs.
func CustomsID(country string) string { return "CUSTOMS-" + country }

// GenericName says by which sentence a body is named whose own name our data does not have:
// "Customs, Denmark" for CUSTOMS-DK. ok is false for what is not the id of an authority.
func GenericName(id string) (key, country string, ok bool) {
	for _, g := range []struct{ prefix, key string }{
		{"CUSTOMS-", "authority.customs_name"}, {"CA-", "authority.name_unknown"}, {"LA-", "authority.licensing_name"},
	} {
		if country, ok := strings.CutPrefix(id, g.prefix); ok && len(country) == 2 {
			return g.key, country, true
		}
	}
	return "", "", false
}

// LicensingID gives the id of a partner country's licensing authority.
func LicensingID(country string) string { return "LA-" + country }
