package flegt

import (
	"testing"
	"time"
)

// FuzzDate: what is read as a day is that day however it is written again.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2016-12-05", "5.12.2016", "05/12/2016", "5 December 2016", "2016-02-30", "", "0000-00-00", "9999-12-31", "20161205"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := ParseDate(s)
		if !d.Valid() {
			return
		}
		if again := ParseDate(string(d)); again != d {
			t.Errorf("%q: %q, then %q", s, d, again)
		}
		if _, err := time.Parse(time.DateOnly, string(d)); err != nil {
			t.Errorf("%q is no day: %v", d, err)
		}
	})
}

// FuzzReturnPath: a return path says which letter it is of, and fits RFC 5321.
func FuzzReturnPath(f *testing.F) {
	f.Add("flegt@x.example", "01a20e28-0169-7193-8718-2cb20d52e11e", "flegt+b-01@x.example")
	f.Add("a@b", "", "@")
	f.Fuzz(func(t *testing.T, from, letter, address string) {
		if path := ReturnPath(from, letter); path != from {
			if got, ok := LetterOf(from, path); ok && got != letter {
				t.Errorf("%q: %q", path, got)
			}
		}
		if got, ok := LetterOf(from, address); ok && (got == "" || len(got) > longestLocal) {
			t.Errorf("%q: %q", address, got)
		}
	})
}
