package e2e

import "testing"

// languages are those every page must speak.
var languages = []string{"en", "da"}

// TestOpenPages walks what everybody may see, in both languages.
func TestOpenPages(t *testing.T) {
	p := startProgram(t, "serve")
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			v := newVisitor(t, p.Base, lang)
			v.open("/")
			v.answered(200)
			v.sees(v.T("landing.title"))
			v.press(v.T("contact.title"))
			v.answered(200)
			v.sees(v.T("contact.title"))
		})
	}
}
