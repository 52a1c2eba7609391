package flegt

import (
	"slices"
	"testing"
)

func TestMentionedIn(t *testing.T) {
	names := map[string]string{"a": "Anna Berg", "b": "Anna  Berg Hansen", "j": "Jørgen Åby", "m": "Mette Holm", "n": "Mette Holm", "e": " "}
	for _, x := range []struct {
		text     string
		already  []string
		want     []string
		doubtful string
	}{
		{text: "", want: nil},
		{text: "Look at the stamp, @Anna Berg!", want: []string{"a"}},
		{text: "@anna berg hansen, and @JØRGEN ÅBY: see box 9. @Anna Berg.", want: []string{"a", "b", "j"}},
		{text: "@Anna\n  Berg", want: []string{"a"}},
		{text: "(@Anna Berg’s list) @Anna Berg", want: []string{"a"}},
		{text: "@Anna Berg Hansenius", want: []string{"a"}},
		{text: "@Anna Bergmann, @Anna Berg-Hansen, @Anna, Anna Berg, @ Anna Berg", want: nil},
		{text: "@Anna Berg - look", want: []string{"a"}},
		{text: "@Anna Berg-", want: []string{"a"}},
		{text: "write to office@Anna Berg", want: nil},
		{text: "@@Anna Berg", want: []string{"a"}},
		{text: "@Mette Holm", want: nil, doubtful: "Mette Holm"},
		{text: "@mette holm", already: []string{"n"}, want: nil},
		{text: "@mette holm @jørgen åby", already: []string{"a"}, want: []string{"j"}, doubtful: "Mette Holm"},
	} {
		got, doubtful := MentionedIn(x.text, names, x.already)
		if !slices.Equal(got, x.want) || doubtful != x.doubtful {
			t.Errorf("%q names %v and %q, not %v and %q", x.text, got, doubtful, x.want, x.doubtful)
		}
	}
}
