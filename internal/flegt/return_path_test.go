package flegt

import (
	"strings"
	"testing"
)

func TestReturnPath(t *testing.T) {
	const id = "01a20e28-0169-7193-8718-2cb20d52e11e"
	for _, c := range []struct{ from, letter, want string }{
		{"flegt@x.example", id, "flegt+b-" + id + "@x.example"},
		{"sante-traces@ec.europa.eu", id, "sante-traces+b-" + id + "@ec.europa.eu"},
		{"Flegt@X.example", id, "Flegt+b-" + id + "@X.example"},
		{"a-very-long-local-part-of-an-address@x.example", id, "a-very-long-local-part-of-an-address@x.example"},
		{"flegt@x.example", "", "flegt@x.example"},
		{"nobody", id, "nobody"},
	} {
		got := ReturnPath(c.from, c.letter)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.from, got, c.want)
		}
		letter, ok := LetterOf(strings.ToLower(c.from), strings.ToUpper(got))
		if ok != (got != c.from) || ok && letter != c.letter {
			t.Errorf("%s: %q %v", got, letter, ok)
		}
	}
	for _, address := range []string{"", "flegt@x.example", "flegt+b-@x.example", "flegt+b-01@y.example", "other+b-01@x.example", "flegt+b-zz@x.example", "flegt+c-01@x.example", "flegt+b-01", "flegt+b-" + strings.Repeat("0", 60) + "@x.example"} {
		if letter, ok := LetterOf("flegt@x.example", address); ok {
			t.Errorf("%q is the return path of %q", address, letter)
		}
	}
}
