package flegt

import (
	"net/mail"
	"strings"
	"time"
)

// SectionTimber is the one section chapter that leads to a FLEGT role (the letter, L4).
const SectionTimber = "imported_timber_products"

// Operator is an economic operator: the company that imports, or the agent's company.
type Operator struct {
	ID           string
	Name         string
	LegalForm    string
	Country      string // ISO 3166-1 alpha-2
	Region       string
	Postcode     string
	Town         string
	Street       string
	ContactName  string
	ContactEmail string
	ContactPhone string
	Identifiers  []Identifier
	Section      string // section chapter key; see reference
	CreatedBy    string // account id
	CreatedAt    time.Time
	Version      int
}

// FullName gives name and legal form as one: "Nordisk Træ A/S".
func (o Operator) FullName() string {
	if o.LegalForm == "" || strings.HasSuffix(Fold(o.Name), " "+Fold(o.LegalForm)) {
		return o.Name
	}
	return o.Name + " " + o.LegalForm
}

// MayHoldRoles says whether a FLEGT role can come of this operator's section chapter.
func (o Operator) MayHoldRoles() bool { return o.Section == SectionTimber }

// Check looks at every box of the operator's form and says what is wrong in each.
func (o Operator) Check() []BoxError {
	var out []BoxError
	need := func(box, value string, max int) {
		switch {
		case strings.TrimSpace(value) == "":
			out = append(out, BoxError{Box: box, Key: "error.required"})
		case len([]rune(value)) > max:
			out = append(out, BoxError{Box: box, Key: "error.too_long", Args: Args{"Max": max}})
		}
	}
	limit := func(box, value string, max int) {
		if len([]rune(value)) > max {
			out = append(out, BoxError{Box: box, Key: "error.too_long", Args: Args{"Max": max}})
		}
	}
	need("name", o.Name, 200)
	limit("legal_form", o.LegalForm, 60)
	if len(o.Country) != 2 {
		out = append(out, BoxError{Box: "country", Key: "error.choose_country"})
	}
	limit("region", o.Region, 100)
	limit("postcode", o.Postcode, 20)
	need("town", o.Town, 100)
	need("street", o.Street, 200)
	need("contact_name", o.ContactName, 150)
	if !GoodAddress(o.ContactEmail) {
		out = append(out, BoxError{Box: "contact_email", Key: "error.email"})
	}
	limit("contact_phone", o.ContactPhone, 40)
	if len(o.Identifiers) == 0 {
		out = append(out, BoxError{Box: "identifier.0.value", Key: "operator.identifier.required"})
	}
	return out
}

// GoodAddress says whether s is one bare e-mail address (RFC 5322 addr-spec, at most 254
// octets as RFC 5321 allows).
func GoodAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && strings.Contains(s[strings.LastIndex(s, "@")+1:], ".")
}
