package flegt

import (
	"strings"
	"unicode"
)

// IdentifierKind says by which system of numbers an operator is named.
type IdentifierKind string

const (
	// IdentifierEORI is the customs number of an economic operator in the EU.
	IdentifierEORI IdentifierKind = "EORI"
	// IdentifierVAT is a VAT number as VIES knows it, with its country prefix.
	IdentifierVAT IdentifierKind = "VAT"
	// IdentifierNational is a country's company number, in Denmark the CVR number.
	IdentifierNational IdentifierKind = "NATIONAL"
)

// IdentifierKinds gives the kinds in the order in which forms offer them.
func IdentifierKinds() []IdentifierKind {
	return []IdentifierKind{IdentifierEORI, IdentifierVAT, IdentifierNational}
}

// Identifier is one number by which an operator is known. Country is the ISO 3166-1
// alpha-2 code of the country whose number it is; empty means the operator's own.
// Greece is GR here; its VAT prefix EL is understood and kept in Value.
type Identifier struct {
	Kind    IdentifierKind
	Country string
	Value   string
}

// The checks that an IdentifierCheck may name in Checked, as keys of their sentences.
const (
	// CheckedForm: length and characters follow the country's pattern.
	CheckedForm = "identifier.checked.form"
	// CheckedCountry: the prefix is that of the country.
	CheckedCountry = "identifier.checked.country"
	// CheckedDigit: the check digit was worked out and agrees.
	CheckedDigit = "identifier.checked.check_digit"
)

// IdentifierCheck tells Support what was looked at in an identifier, and what was
// found. That a number is well-formed does not prove that anybody holds it.
type IdentifierCheck struct {
	OK bool
	// Value is the identifier as it is kept and compared: upper case, no spaces,
	// dots, dashes or slashes, with its country prefix (EORI, VAT).
	Value string
	// Checked names the checks that were passed, in order.
	Checked []string
	// Problem is what is wrong, nil when OK.
	Problem *Error
}

// CheckIdentifier says whether an identifier can be right for an operator of a country
// (ISO 3166-1 alpha-2). The error is an *Error of kind Invalid whose Key names the
// problem: identifier.empty, .kind, .length, .characters, .check_digit, .country.
func CheckIdentifier(id Identifier, operatorCountry string) error {
	if p := InspectIdentifier(id, operatorCountry).Problem; p != nil {
		return p
	}
	return nil
}

// Normalise gives the identifier as it is kept and compared, so that two spellings of
// one number are found to be the same.
func (id Identifier) Normalise() Identifier {
	id.Country = canonicalCountry(squeeze(id.Country))
	id.Value = squeeze(id.Value)
	if id.Kind == IdentifierVAT && id.Country != "" {
		id.Value = withPrefix(id.Value, id.Country)
	}
	return id
}

// InspectIdentifier checks an identifier and says what was checked.
func InspectIdentifier(id Identifier, operatorCountry string) IdentifierCheck {
	home := canonicalCountry(squeeze(operatorCountry))
	if id.Country == "" {
		id.Country = home
	}
	id = id.Normalise()
	c := IdentifierCheck{Value: id.Value}
	switch {
	case id.Value == "":
		c.Problem = identifierProblem("identifier.empty", id, nil)
	case id.Kind == IdentifierEORI:
		c.eori(id, home)
	case id.Kind == IdentifierVAT:
		c.vat(id)
	case id.Kind == IdentifierNational:
		c.national(id)
	default:
		c.Problem = identifierProblem("identifier.kind", id, nil)
	}
	c.OK = c.Problem == nil
	return c
}

// eori checks country prefix and up to 15 further characters. An operator established
// in the EU is registered where it is established, so there the prefix must be its own
// country's. Reg. (EU) 952/2013 art. 9(1) (to be verified); the form: UCC Annex B,
// data element 13 01 017 (to be verified).
func (c *IdentifierCheck) eori(id Identifier, home string) {
	form := id.Country + " + 15"
	if n := len([]rune(id.Value)); n < 3 || n > 17 {
		c.Problem = identifierProblem("identifier.length", id, Args{"Form": form})
		return
	}
	if !matches("AA", id.Value[:2]) || !allAlnum(id.Value) {
		c.Problem = identifierProblem("identifier.characters", id, Args{"Form": form})
		return
	}
	c.pass(CheckedForm)
	prefix := canonicalCountry(id.Value[:2])
	if prefix == "XI" && (home == "GB" || id.Country == "XI") {
		prefix = id.Country
	}
	if prefix != id.Country || (isEU(home) && prefix != home) {
		c.Problem = identifierProblem("identifier.country", id, Args{"Prefix": prefix})
		return
	}
	c.pass(CheckedCountry)
	if prefix == "DK" { // "DK" + the CVR number
		c.apply(id, "DK", vatRule{forms: []string{"99999999"}, check: cvrDigits}, id.Value[2:])
	}
}

// vat checks prefix, form and, where the country has published one, the check digit.
func (c *IdentifierCheck) vat(id Identifier) {
	prefix := vatPrefix(id.Country)
	if !strings.HasPrefix(id.Value, prefix) {
		c.Problem = identifierProblem("identifier.country", id, Args{"Prefix": id.Value[:min(2, len(id.Value))]})
		return
	}
	rule, known := vatRules[prefix]
	if !known {
		c.freeForm(id, 30)
		return
	}
	body := id.Value[len(prefix):]
	if prefix == "BE" && len(body) == 9 { // numbers from before 2005 lack the leading 0
		body = "0" + body
		c.Value = prefix + body
	}
	c.pass(CheckedCountry)
	c.apply(id, prefix, rule, body)
}

// national checks a company number: Denmark's CVR by its rule, others within sane limits.
func (c *IdentifierCheck) national(id Identifier) {
	if id.Country == "DK" {
		body := strings.TrimPrefix(strings.TrimPrefix(id.Value, "DK"), "CVR")
		c.Value = body
		c.apply(id, "", vatRule{forms: []string{"99999999"}, check: cvrDigits}, body)
		return
	}
	c.freeForm(id, 30)
}

// apply holds a body against a rule and notes what was passed.
func (c *IdentifierCheck) apply(id Identifier, prefix string, rule vatRule, body string) {
	args := Args{"Form": prefix + strings.Join(rule.forms, " / "+prefix)}
	if key := rule.formProblem(body); key != "" {
		c.Problem = identifierProblem(key, id, args)
		return
	}
	c.passOnce(CheckedForm)
	if rule.check == nil {
		return
	}
	if !rule.check(body) {
		c.Problem = identifierProblem("identifier.check_digit", id, args)
		return
	}
	c.pass(CheckedDigit)
}

// freeForm takes letters and digits up to a length, for numbers whose rule is not known.
func (c *IdentifierCheck) freeForm(id Identifier, most int) {
	n, digits := 0, 0
	for _, r := range id.Value {
		n++
		if unicode.IsDigit(r) {
			digits++
		} else if !unicode.IsLetter(r) {
			c.Problem = identifierProblem("identifier.characters", id, Args{"Form": "A–Z 0–9"})
			return
		}
	}
	if n < 2 || n > most || digits == 0 {
		c.Problem = identifierProblem("identifier.length", id, Args{"Form": "A–Z 0–9"})
		return
	}
	c.pass(CheckedForm)
}

func (c *IdentifierCheck) pass(check string) { c.Checked = append(c.Checked, check) }

func (c *IdentifierCheck) passOnce(check string) {
	for _, done := range c.Checked {
		if done == check {
			return
		}
	}
	c.pass(check)
}

func identifierProblem(key string, id Identifier, extra Args) *Error {
	args := Args{"Kind": string(id.Kind), "Value": id.Value, "CountryCode": id.Country}
	for k, v := range extra {
		args[k] = v
	}
	return Refuse(Invalid, key, args)
}

// squeeze upper-cases and drops what people put between the characters of a number.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Dash, r) ||
			unicode.Is(unicode.Cf, r) || strings.ContainsRune("./,:_'", r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, strings.ToValidUTF8(s, "?"))
}

// canonicalCountry reads Greece's VAT prefix as its ISO code.
func canonicalCountry(code string) string {
	if code == "EL" {
		return "GR"
	}
	return code
}

// vatPrefix gives the prefix of a country's VAT numbers: Greece writes EL.
func vatPrefix(country string) string {
	if country == "GR" {
		return "EL"
	}
	return country
}

// withPrefix puts the country in front of a VAT number written without it.
func withPrefix(value, country string) string {
	prefix := vatPrefix(country)
	if value == "" || strings.HasPrefix(value, prefix) {
		return value
	}
	if prefix == "EL" && strings.HasPrefix(value, "GR") {
		return prefix + value[2:]
	}
	if len(value) > 2 && matches("AA", value[:2]) && foreignPrefix(value[:2]) {
		return value
	}
	return prefix + value
}

// foreignPrefix says whether two letters are the prefix of some EU country's VAT number.
func foreignPrefix(two string) bool {
	_, known := vatRules[two]
	return known
}

// isEU says whether VAT rules name the country as a member: every EU country has one,
// and beside them only GB and XI do.
func isEU(country string) bool {
	_, known := vatRules[vatPrefix(country)]
	return known && country != "GB" && country != "XI"
}

func allAlnum(s string) bool {
	for i := 0; i < len(s); i++ {
		if !matches("X", s[i:i+1]) {
			return false
		}
	}
	return true
}
