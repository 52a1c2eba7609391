package flegt

import (
	"slices"
	"strings"
	"time"
)

// RoleMail is what the five rules of the letter look at in an e-mail that asks for a
// role. Addresses are bare addr-specs without display name; Body is the sender's own
// text, quoted text left out.
type RoleMail struct {
	FromAddrs []string // every address of every From header
	To        []string
	Cc        []string
	Subject   string // decoded
	Body      string
	// DMARCFail says that the From domain asks to reject or quarantine what fails
	// DMARC, and that this mail failed.
	DMARCFail  bool
	ReceivedAt time.Time
}

// RoleMailExpect is what the mail for one request must say.
type RoleMailExpect struct {
	AccountEmail   string
	FirstName      string
	LastName       string
	OperatorName   string
	SupportAddress string
	// AuthorityAddresses are the official addresses, valid on the day the mail came,
	// of the competent authority of the operator's country. Empty: none is known.
	AuthorityAddresses []string
	Country            string // the operator's country, ISO 3166-1 alpha-2
}

// RuleVerdict is the outcome of one rule for one mail. It is stored with the mail, so
// that Support, the applicant and the answer all say the same.
type RuleVerdict struct {
	Rule int  `json:"rule"` // 1 to 5, as in the letter
	Kept bool `json:"kept"`
	// Key names the sentence "Rule 3: …"; RemedyKey the one that says what to write
	// instead, empty when the rule is kept.
	Key       string `json:"key"`
	RemedyKey string `json:"remedy_key,omitempty"`
	Found     string `json:"found,omitempty"`   // what the mail says, shortened
	Wanted    string `json:"wanted,omitempty"`  // what it should say
	Country   string `json:"country,omitempty"` // of the authority, rule 3
}

// Args are the values for the sentences of Key and RemedyKey.
func (v RuleVerdict) Args() Args {
	return Args{"Rule": v.Rule, "Found": v.Found, "Wanted": v.Wanted, "Country": v.Country}
}

// AllKept tells whether all five rules are kept.
func AllKept(verdicts [5]RuleVerdict) bool { return RulesKept(verdicts) == len(verdicts) }

// RulesKept counts the rules that are kept.
func RulesKept(verdicts [5]RuleVerdict) int {
	n := 0
	for _, v := range verdicts {
		if v.Kept {
			n++
		}
	}
	return n
}

// CheckRoleMail applies the five rules that the letter of 5 December 2016 lays down for
// the mail that asks the Support Team for a role. Each has its own verdict; a mail that
// breaks any of them is rejected.
func CheckRoleMail(m RoleMail, want RoleMailExpect) [5]RuleVerdict {
	return [5]RuleVerdict{
		checkFrom(m, want),
		checkTo(m, want),
		checkCc(m, want),
		checkSubject(m),
		checkBody(m, want),
	}
}

// BestRequest chooses among several pending requests of one account the one that a mail
// is about: one whose operator the body names goes before all others (of those, the
// longer name, since "Nordisk Træ" also stands in "Nordisk Træ Import"), then the one
// for which most rules are kept, then the first. The index is -1 when there is none.
func BestRequest(m RoleMail, requests []RoleMailExpect) (int, [5]RuleVerdict) {
	best, bestNamed, bestKept := -1, 0, 0
	var bestVerdicts [5]RuleVerdict
	for i, want := range requests {
		verdicts := CheckRoleMail(m, want)
		named, kept := operatorNamed(m.Body, want.OperatorName), RulesKept(verdicts)
		if best < 0 || named > bestNamed || named == bestNamed && kept > bestKept {
			best, bestNamed, bestKept, bestVerdicts = i, named, kept, verdicts
		}
	}
	return best, bestVerdicts
}

// checkFrom is rule 1: the mail comes from the address of the account itself. Case and
// display name do not matter, a plus-tag does: it is another address.
func checkFrom(m RoleMail, want RoleMailExpect) RuleVerdict {
	v := RuleVerdict{Rule: 1, Found: listAddresses(m.FromAddrs), Wanted: want.AccountEmail}
	switch {
	case len(m.FromAddrs) == 0:
		return v.broken("rolemail.rule1.none", "rolemail.rule1.remedy")
	case len(m.FromAddrs) > 1:
		return v.broken("rolemail.rule1.several", "rolemail.rule1.remedy")
	case !sameAddress(m.FromAddrs[0], want.AccountEmail):
		return v.broken("rolemail.rule1.other", "rolemail.rule1.remedy")
	case m.DMARCFail:
		return v.broken("rolemail.rule1.forged", "rolemail.rule1.remedy_forged")
	}
	return v.kept("rolemail.rule1.kept")
}

// checkTo is rule 2: the mail is written to the Support Team. Cc or a blind copy is not
// enough.
func checkTo(m RoleMail, want RoleMailExpect) RuleVerdict {
	v := RuleVerdict{Rule: 2, Found: listAddresses(m.To), Wanted: want.SupportAddress}
	switch {
	case hasAddress(m.To, want.SupportAddress):
		v.Found = want.SupportAddress
		return v.kept("rolemail.rule2.kept")
	case hasAddress(m.Cc, want.SupportAddress):
		return v.broken("rolemail.rule2.only_cc", "rolemail.rule2.remedy")
	case len(m.To) == 0:
		return v.broken("rolemail.rule2.none", "rolemail.rule2.remedy")
	}
	return v.broken("rolemail.rule2.other", "rolemail.rule2.remedy")
}

// checkCc is rule 3: the national competent authority gets a copy at its official
// address. While none is known for a country nobody there can keep the rule, and the
// sentence says so instead of blaming the sender.
func checkCc(m RoleMail, want RoleMailExpect) RuleVerdict {
	v := RuleVerdict{
		Rule: 3, Found: listAddresses(m.Cc),
		Country: want.Country,
	}
	if len(want.AuthorityAddresses) == 0 {
		return v.broken("rolemail.rule3.unknown", "rolemail.rule3.remedy_unknown")
	}
	v.Wanted = want.AuthorityAddresses[0] // any of them keeps the rule; one is advice enough
	inTo := false
	for _, official := range want.AuthorityAddresses {
		if hasAddress(m.Cc, official) {
			v.Found = official
			return v.kept("rolemail.rule3.kept")
		}
		inTo = inTo || hasAddress(m.To, official)
	}
	switch {
	case inTo:
		return v.broken("rolemail.rule3.only_to", "rolemail.rule3.remedy")
	case len(m.Cc) == 0:
		return v.broken("rolemail.rule3.none", "rolemail.rule3.remedy")
	}
	return v.broken("rolemail.rule3.other", "rolemail.rule3.remedy")
}

// checkSubject is rule 4: the subject says that a role is wanted.
func checkSubject(m RoleMail) RuleVerdict {
	v := RuleVerdict{Rule: 4, Found: shorten(m.Subject), Wanted: RoleMailSubject}
	switch {
	case SubjectAsksForRole(m.Subject):
		return v.kept("rolemail.rule4.kept")
	case Fold(m.Subject) == "":
		return v.broken("rolemail.rule4.none", "rolemail.rule4.remedy")
	}
	return v.broken("rolemail.rule4.other", "rolemail.rule4.remedy")
}

// checkBody is rule 5: the mail itself names the user, first and last name, and the
// company for which the role is wanted.
func checkBody(m RoleMail, want RoleMailExpect) RuleVerdict {
	person := shorten(want.FirstName + " " + want.LastName)
	v := RuleVerdict{Rule: 5}
	named, company := PersonNamed(m.Body, want.FirstName, want.LastName, want.OperatorName), OperatorNamed(m.Body, want.OperatorName)
	switch {
	case named && company:
		v.Found = person + ", " + want.OperatorName
		v.Wanted = v.Found
		return v.kept("rolemail.rule5.kept")
	case company:
		v.Found, v.Wanted = want.OperatorName, person
		return v.broken("rolemail.rule5.person", "rolemail.rule5.remedy")
	case named:
		v.Found, v.Wanted = person, want.OperatorName
		return v.broken("rolemail.rule5.operator", "rolemail.rule5.remedy")
	}
	v.Wanted = person + ", " + want.OperatorName
	return v.broken("rolemail.rule5.both", "rolemail.rule5.remedy")
}

func (v RuleVerdict) kept(key string) RuleVerdict {
	v.Kept, v.Key = true, key
	return v
}

// broken gives the verdict with the sentence that tells how the rule was broken, and
// the one that says what to do instead.
func (v RuleVerdict) broken(key, remedy string) RuleVerdict {
	v.Key, v.RemedyKey = key, remedy
	return v
}

// sameAddress compares as people do: local parts differ by case in theory alone
// (RFC 5321 section 2.4), but a plus-tag makes another address.
func sameAddress(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && strings.EqualFold(a, b)
}

func hasAddress(list []string, address string) bool {
	return slices.ContainsFunc(list, func(a string) bool { return sameAddress(a, address) })
}

// listAddresses writes addresses for a sentence, at most five of them.
func listAddresses(list []string) string {
	const most = 5
	if len(list) > most {
		list = append(slices.Clone(list[:most]), "…")
	}
	return shorten(strings.Join(list, ", "))
}

// shorten makes one line of at most 200 letters of what a stranger wrote.
func shorten(s string) string {
	const most = 200
	line := []rune(strings.Join(strings.Fields(s), " "))
	if len(line) > most {
		line = append(line[:most-1], '…')
	}
	return string(line)
}
