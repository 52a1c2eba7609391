package identity

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Person is what somebody tells of himself.
type Person struct {
	FirstName string
	LastName  string
	Email     string
	Lang      string // "en", "da"; "en" when empty
}

// maxName is the longest first or last name, in characters.
const maxName = 80

// check trims what was entered and refuses what cannot be a person.
func (p *Person) check() error {
	boxes := p.checkNames()
	p.Email = strings.TrimSpace(p.Email)
	if key := wrongAddress(p.Email); key != "" {
		boxes = append(boxes, flegt.BoxError{Box: "email", Key: key})
	}
	return flegt.InvalidBoxes(boxes)
}

func (p *Person) checkNames() (boxes []flegt.BoxError) {
	if p.Lang == "" {
		p.Lang = "en"
	}
	for _, n := range []struct {
		box  string
		text *string
	}{{"first_name", &p.FirstName}, {"last_name", &p.LastName}} {
		*n.text = strings.Join(strings.Fields(*n.text), " ")
		switch {
		case *n.text == "":
			boxes = append(boxes, flegt.BoxError{Box: n.box, Key: "error.required"})
		case utf8.RuneCountInString(*n.text) > maxName:
			boxes = append(boxes, flegt.BoxError{Box: n.box, Key: "error.too_long", Args: flegt.Args{"Max": maxName}})
		case !isName(*n.text):
			boxes = append(boxes, flegt.BoxError{Box: n.box, Key: "account.not_a_name"})
		}
	}
	return boxes
}

// isName keeps out what would make our mails carry somebody else's message: addresses and
// control characters. A name has at least one letter.
func isName(s string) bool {
	letter := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letter = true
		case unicode.IsMark(r), unicode.IsDigit(r), strings.ContainsRune(" .,'’`´-–()", r):
		default:
			return false
		}
	}
	low := strings.ToLower(s)
	return letter && utf8.ValidString(s) && !strings.Contains(low, "www.") && !strings.Contains(low, ".com")
}

// wrongAddress gives the key of what is wrong with an e-mail address; empty when nothing is.
func wrongAddress(s string) string {
	if s == "" {
		return "error.required"
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || len(s) > 254 || strings.ContainsAny(s, "\"<>()[]\\,;: \t\r\n") {
		return "error.email"
	}
	at := strings.LastIndexByte(s, '@')
	domain := s[at+1:]
	if at > 64 || !strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, "..") {
		return "error.email"
	}
	return ""
}
