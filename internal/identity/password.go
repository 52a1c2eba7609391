package identity

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Limits on a password, in characters.
const (
	MinPassword = 12
	MaxPassword = 256
)

// leastOwn is how much of a password must be left when the person's own names are taken out.
const leastOwn = 8

//go:embed common.txt
var commonText string

// commonWords are the commonest passwords and the words they are made of, read when the
// first password is chosen.
type commonWords struct {
	once  sync.Once
	words map[string]bool
}

func (c *commonWords) has(s string) bool {
	c.once.Do(func() {
		c.words = map[string]bool{}
		for line := range strings.Lines(commonText) {
			if w := strings.TrimSpace(line); w != "" && !strings.HasPrefix(w, "#") {
				c.words[w] = true
			}
		}
	})
	return c.words[s]
}

// checkPassword refuses a password that is short, endless, common or made of the person's
// own names.
func (id *Identity) checkPassword(password string, acc flegt.Account) error {
	box := func(key string, args flegt.Args) error {
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: "password", Key: key, Args: args}})
	}
	n := utf8.RuneCountInString(password)
	switch {
	case password == "":
		return box("error.required", nil)
	case !utf8.ValidString(password):
		return box("error.unreadable", nil)
	case n > MaxPassword || len(password) > 4*MaxPassword:
		return box("error.too_long", flegt.Args{"Max": MaxPassword})
	case n < MinPassword:
		return box("account.password.short", flegt.Args{"Min": MinPassword})
	case personal(password, acc):
		return box("account.password.personal", nil)
	case id.common.match(password):
		return box("account.password.common", nil)
	}
	return nil
}

// match says whether a password is one that guessers try early: on the list, or made of the
// list's words with digits put for letters, with something before or after, repeated, or two
// of them together; or a run over the keyboard; or hardly any different characters.
func (c *commonWords) match(password string) bool {
	s := strings.ToLower(strings.TrimSpace(password))
	if fewCharacters(s) || runs(s) {
		return true
	}
	bare := letters(s)
	for _, form := range []string{s, bare, letters(unleet(s, 'i')), letters(unleet(s, 'l')), unleet(bare, 'i'), unleet(bare, 'l')} {
		if c.has(form) || c.has(unit(form)) || c.two(form) {
			return true
		}
	}
	return false
}

// letters cuts what is no letter off both ends.
func letters(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// unleet puts letters where digits and signs stand for them.
func unleet(s string, one rune) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '0':
			return 'o'
		case '1', '!', '|':
			return one
		case '3', '€':
			return 'e'
		case '4', '@':
			return 'a'
		case '5', '$':
			return 's'
		case '7', '+':
			return 't'
		}
		return r
	}, s)
}

// unit gives the shortest text of which s is made by repeating.
func unit(s string) string {
	for n := 1; n <= len(s)/2; n++ {
		if len(s)%n == 0 && strings.Repeat(s[:n], len(s)/n) == s {
			return s[:n]
		}
	}
	return s
}

// two says whether s is two of the list's words, with at most a sign between.
func (c *commonWords) two(s string) bool {
	for i := 3; i <= len(s)-3; i++ {
		rest := strings.TrimLeftFunc(s[i:], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if c.has(s[:i]) && c.has(rest) {
			return true
		}
	}
	return false
}

// fewCharacters says that a text has fewer than five different characters.
func fewCharacters(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) < 5
}

// rows are what a finger runs along.
const rows = "abcdefghijklmnopqrstuvwxyzæøå 01234567890 qwertyuiopå asdfghjklæø zxcvbnm qwertzuiop azertyuiop"

// runs says that more than three quarters of a text are steps along a row, back or forth.
func runs(s string) bool {
	r := []rune(s)
	steps := 0
	for i := 1; i < len(r); i++ {
		if r[i] == r[i-1] || strings.Contains(rows, string(r[i-1:i+1])) || strings.Contains(rows, string([]rune{r[i], r[i-1]})) {
			steps++
		}
	}
	return len(r) > 1 && steps*4 > (len(r)-1)*3
}

// personal says whether a password is little more than the person's names, address or the
// name of this system.
func personal(password string, acc flegt.Account) bool {
	s := flegt.Fold(password)
	words := []string{"openflegt", "flegt", "traces"}
	for _, text := range []string{acc.FirstName, acc.LastName, acc.Email, acc.EcasName} {
		words = append(words, strings.FieldsFunc(flegt.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	rest := s
	for _, w := range words {
		if len(w) >= 3 {
			rest = strings.ReplaceAll(rest, w, "")
		}
	}
	return rest != s && utf8.RuneCountInString(rest) < leastOwn
}
