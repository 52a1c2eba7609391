package flegt

import (
	"strings"
	"testing"
)

// Each letter of ASCII is kept, made a capital or left out, wherever it stands.
func TestLettersOfALicenceNumber(t *testing.T) {
	for c := range byte(128) {
		want := string(c)
		switch {
		case c <= ' ', c == 127:
			want = ""
		case 'a' <= c && c <= 'z':
			want = string(c - 32)
		}
		for _, around := range [][2]string{{"", ""}, {"16.00123-A", ""}, {"", "Z9"}, {"a", "-z"}} {
			if got := NormaliseLicenceNumber(around[0] + string(c) + around[1]); got != strings.ToUpper(around[0])+want+strings.ToUpper(around[1]) {
				t.Errorf("%q between %q becomes %q", c, around, got)
			}
		}
	}
}
