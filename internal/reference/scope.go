package reference

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// ScopeFinding is the answer to whether a code falls under the scheme, with its reason.
type ScopeFinding struct {
	Verdict flegt.Verdict
	// Rule is the key of the sentence that says why; its arguments are Code and Country.
	Rule string
	// Qualifier narrows a code in English ("not of bamboo or rattan"), often empty.
	Qualifier   string
	Law, Source string
}

type scopeRow struct {
	country, code string // country "*" means every partner country
	period        period
	finding       ScopeFinding
}

func addScope(d *Data, w row) {
	s := scopeRow{country: w.text("country"), code: w.need("code"), period: w.days("from", "until"), finding: ScopeFinding{
		Verdict: flegt.Verdict(w.oneOf("verdict", string(flegt.UnderFLEGT), string(flegt.NotUnderFLEGT), string(flegt.ScopeUnknown))),
		Rule:    w.oneOf("rule", "scope.annex_ii", "scope.annex_iii", "scope.leave_off", "scope.list_incomplete"),
		Law:     w.need("law"), Source: w.need("source"), Qualifier: w.text("qualifier"),
	}}
	if s.country != "*" {
		w.country(d, "country")
		if _, ok := d.licensing[s.country]; !ok {
			w.wrong("%s is not in licensing.csv", s.country)
		}
	}
	if HSDigits(s.code) != s.code {
		w.wrong("code: %q is not 4, 6, 8 or 10 digits", s.code)
	}
	for _, other := range d.scope {
		if other.country == s.country && other.code == s.code && other.period == s.period {
			w.wrong("%s %s stands here twice", s.country, s.code)
		}
	}
	d.scope = append(d.scope, s)
}

// Scope says whether goods of a code from a country fall under the scheme on a day, and
// why. The longest row that the code begins with decides; among rows of one length the
// country's own comes before the one for all. A code that no row names is to be checked,
// never "not under": our lists are not complete. Reg. (EC) 2173/2005 art. 4(1), Annexes
// II and III. Goods of listed species are another matter, see CITES.
func (d *Data) Scope(country, hs string, on flegt.Date) ScopeFinding {
	country = CountryCode(country)
	digits := HSDigits(hs)
	if digits == "" {
		return ScopeFinding{Verdict: flegt.ScopeUnknown, Rule: "scope.no_code"}
	}
	if !d.Licenses(country, on) {
		return ScopeFinding{Verdict: flegt.ScopeUnknown, Rule: "scope.not_licensing", Law: "Reg. (EC) 2173/2005 art. 1, Annex I"}
	}
	best := ScopeFinding{Verdict: flegt.ScopeUnknown, Rule: "scope.unlisted", Law: "Reg. (EC) 2173/2005 art. 4(1), Annexes II and III"}
	length := 0
	for _, s := range d.scope {
		own := s.country == country
		if !own && s.country != "*" || !s.period.has(on) || !strings.HasPrefix(digits, s.code) {
			continue
		}
		rank := 2 * len(s.code)
		if own {
			rank++
		}
		if rank > length {
			best, length = s.finding, rank
		}
	}
	return best
}
