package mail

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzHeader: whatever a header holds, its words are UTF-8 of one line, and its addresses
// are written the same when read once more.
func FuzzHeader(f *testing.F) {
	for _, s := range []string{
		"Mette =?utf-8?Q?S=C3=B8rensen?= <mette@nordisktrae.example>", "Sørensen, Mette <mette@nordisktrae.example>", "Support: a@x.example, b@x.example;",
		"=?iso-8859-1?B?+A==?= =?x-unknown?Q?=F8?=", "\"a \\\" b\" <@r.example:c@d.example> (x (y) z)", "<mailto:a@b.example>, 'c@d.example'", "((((", "\"", "<", "=?utf-8?b?!!!?=", "a@xn--nordisktr-o3a.example.",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		value = toUTF8(value)
		if words := decodeWords(value); !utf8.ValidString(words) {
			t.Errorf("%q", words)
		}
		list := parseAddresses(value)
		if len(list) > maxAddresses+1 {
			t.Errorf("%d addresses", len(list))
		}
		for _, a := range list {
			if !strings.Contains(a.Email, "@") || !utf8.ValidString(a.Email) {
				t.Errorf("%q of %q", a.Email, value)
			}
			_ = normalAddress(a.Email)
		}
		h, _ := splitHeader([]byte("From: " + value + "\r\n\r\n"))
		_ = h.automatic()
	})
}

// FuzzOwnText: what is the sender's own is a part of the text, line by line.
func FuzzOwnText(f *testing.F) {
	for _, s := range []string{
		"Own\n\nOn Tue, 6 Dec 2016 at 09:12, Support <s@x.example> wrote:\n> q\nbelow", "Own\n-----Original Message-----\nFrom: x", "Egen\nFra: a\nSendt: b\nTil: c\n", "> a\n >b\nc", "On\nOn\nOn a 1:1 wrote:\n", "\n\n:", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := map[string]bool{}
		for _, l := range strings.Split(text, "\n") {
			lines[strings.TrimSpace(l)] = true
		}
		for _, l := range strings.Split(ownText(text), "\n") {
			if l = strings.TrimSpace(l); l != "" && (!lines[l] || strings.HasPrefix(l, ">")) {
				t.Errorf("%q is not of the text", l)
			}
		}
	})
}

// FuzzHTMLText: no markup of a hidden part is shown, and the text is UTF-8 within bounds.
func FuzzHTMLText(f *testing.F) {
	for _, s := range []string{
		"<p>Mette <b>S&oslash;rensen</b></p>", "<div style='font-size:0'>x</div>y", "<blockquote>q</blockquote>below", "<div id=divRplyFwdMsg>q", "<!-- <p>", "<pre> a\n b</pre>", "<table><tr><td>a<td>b</table>", "<style>x", "<br><br><hr>", "<p hidden>x</p",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		source = toUTF8(source)
		for _, own := range []bool{false, true} {
			if text := htmlText(source, own); !utf8.ValidString(text) || len(text) > maxTextBytes {
				t.Errorf("%q", text)
			}
		}
		if text := htmlText("<script>secretmark</script>"+source, false); strings.Count(text, "secretmark") > strings.Count(source, "secretmark") {
			t.Errorf("a script is shown: %q", text)
		}
	})
}
