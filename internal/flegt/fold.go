package flegt

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold gives the form in which names are compared and searched: lower case, without
// accents, every punctuation mark and run of white space one space, none at the ends.
//
// The same name is written in several ways on a keyboard that lacks a letter: ø, o and
// oe; å, aa and a; æ, ä, ae and a; ü, ue and u; ß and ss. All of them fold to one form,
// which is why the result is for comparing only and never shown: "Sørensen" and
// "Soerensen" both give "sorensen", "Træ" gives "tra". Folding twice changes nothing.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune // the last rune written, 0 at the start
	gap := false
	for _, r := range s {
		plain, is := plainASCII(r)
		switch {
		case is: // most of all names, and the same as below
		case r < utf8.RuneSelf:
			gap = true
			continue
		case ignorable(r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = true
			continue
		}
		if gap && last != 0 {
			b.WriteByte(' ')
			last = ' '
		}
		gap = false
		if is {
			if !swallowed(last, plain) {
				b.WriteByte(byte(plain))
				last = plain
			}
			continue
		}
		for _, plain := range plainLetters(r) {
			if swallowed(last, plain) {
				continue
			}
			b.WriteRune(plain)
			last = plain
		}
	}
	return b.String()
}

// plainASCII gives the lower case of a letter or digit of ASCII; false for whatever else.
func plainASCII(r rune) (rune, bool) {
	switch {
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		return r, true
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A', true
	}
	return 0, false
}

// ignorable runes stand inside words without parting them: combining accents, soft
// hyphens, zero-width marks.
func ignorable(r rune) bool {
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r)
}

// swallowed tells that a letter only repeats how the one before it may be written: the
// second half of aa, ae, oe, ue and ss.
func swallowed(last, r rune) bool {
	switch last {
	case 'a':
		return r == 'a' || r == 'e'
	case 'o', 'u':
		return r == 'e'
	case 's':
		return r == 's'
	}
	return false
}

// plainLetters gives the lower-case letters without accent that stand for r.
func plainLetters(r rune) string {
	r = unicode.ToLower(r)
	if r < 0x80 {
		return string(r)
	}
	switch r {
	case 'æ', 'ǽ', 'ä':
		return "ae"
	case 'œ':
		return "oe"
	case 'ß':
		return "ss"
	case 'þ':
		return "th"
	case 'ĳ':
		return "ij"
	}
	for _, row := range accented {
		if strings.ContainsRune(row.letters, r) {
			return row.plain
		}
	}
	return string(r)
}

// accented lists, for each plain letter, the letters of Europe's Latin alphabets (and
// the accented ones of Greek) that are read as it when the accent is lost.
var accented = []struct{ plain, letters string }{
	{"a", "àáâãåāăąǎǻạảấầẩẫậắằẳẵặ"},
	{"b", "ḃ"},
	{"c", "çćĉċč"},
	{"d", "ďđðḋ"},
	{"e", "èéêëēĕėęěẹẻẽếềểễệ"},
	{"f", "ḟ"},
	{"g", "ĝğġģǧ"},
	{"h", "ĥħ"},
	{"i", "ìíîïĩīĭįıǐịỉ"},
	{"j", "ĵ"},
	{"k", "ķǩĸ"},
	{"l", "ĺļľŀł"},
	{"m", "ṁ"},
	{"n", "ñńņňŉŋ"},
	{"o", "òóôõöøōŏőơǒǿọỏốồổỗộớờởỡợ"},
	{"p", "ṗ"},
	{"r", "ŕŗř"},
	{"s", "śŝşšșṡſ"},
	{"t", "ţťŧțṫ"},
	{"u", "ùúûüũūŭůűųưǔụủứừửữự"},
	{"w", "ŵẁẃẅ"},
	{"y", "ýÿŷỳỵỷỹ"},
	{"z", "źżž"},
	{"α", "ά"}, {"ε", "έ"}, {"η", "ή"}, {"ι", "ίϊΐ"}, {"ο", "ό"}, {"υ", "ύϋΰ"}, {"ω", "ώ"}, {"σ", "ς"},
}

// legalForms are the company forms met among importers in the EU and exporters in
// Indonesia and Ghana, folded ("A/S" is "a s"). Longer ones stand before those they
// end with.
var legalForms = []string{
	"gmbh co kga", "gmbh co kg", "gmbh co ohg", "ag co kg", "sp z o o sp k", "sp z o o sp j",
	"spolka z ograniczona odpowiedzialnoscia", "sp z o o", "sp z oo", "spolka akcyjna", "sp k", "sp j",
	"aktieselskab", "anpartselskab", "partnerselskab", "kommanditselskab", "interesentskab",
	"a s", "as", "aps", "a p s", "p s", "ps", "i s", "is", "k s", "ks", "ivs", "amba", "a m b a", "fmba", "f m b a", "smba", "s m b a",
	"gesmbh", "ges m b h", "gmbh", "g m b h", "mbh", "m b h", "ug haftungsbeschrankt", "ug", "kga", "ag", "kg", "ohg", "gbr", "e k", "ek", "e v", "ev", "eg",
	"private limited", "public limited company", "limited", "ltd", "plc", "llp", "llc", "l l c", "inc", "incorporated", "corporation", "corp", "dac", "clg", "co",
	"bvba", "b v", "bv", "n v", "nv", "v o f", "vof", "c v", "cv", "srl", "s r l", "sprl", "scrl", "asbl", "vzw",
	"sasu", "s a s", "sas", "sarl", "s a r l", "eurl", "e u r l", "snc", "s n c", "s c a", "sca", "s a", "sa", "s e", "se",
	"spa", "s p a", "sapa", "s a p a", "soc coop", "aktiebolag", "ab", "a b", "hb", "handelsbolag",
	"oyj", "oy ab", "oy", "o y", "ky", "ou", "o u", "tu", "uab", "sia", "mb", "vsi",
	"spol s r o", "s r o", "sro", "v o s", "k s", "d o o", "doo", "j d o o", "jdoo", "d d", "dd", "d n o",
	"kft", "zrt", "nyrt", "bt", "kkt", "eood", "ood", "ead", "ad", "lda", "ld a", "unipesoal lda", "unipesoal", "s l u", "slu", "s l", "sl", "sau", "s a u", "cb", "scoop", "s coop",
	"asa", "ans", "da", "hf", "ehf", "epe", "ike", "tbk", "persero", "pt", "p t", "ud", "u d", "firma",
}

// leadingForms are those also written before the name ("PT Rimba Jaya", "UAB Mediena").
var leadingForms = []string{
	"aktieselskabet", "anpartselskabet", "firmat", "firma", "pt", "p t", "cv", "c v", "ud", "u d",
	"uab", "sia", "as", "ou", "ab", "oy", "mb", "vsi", "sc", "s c", "sarl", "sas", "eood", "ood", "ets", "etablisements", "societe",
}

// StripLegalForm takes the company form off the end and the start of a folded name, so
// that "nordisk tra a s" and "nordisk tra" compare equal. A name that is nothing but a
// form stays as it is.
func StripLegalForm(folded string) string {
	for changed := true; changed; {
		changed = false
		for _, form := range legalForms {
			if rest, ok := strings.CutSuffix(folded, " "+form); ok && rest != "" {
				folded, changed = rest, true
				break
			}
		}
	}
	i := slices.IndexFunc(leadingForms, func(form string) bool {
		return strings.HasPrefix(folded, form+" ")
	})
	if i >= 0 {
		folded = folded[len(leadingForms[i])+1:]
	}
	return folded
}

// SameName tells whether two company names are the same but for case, accents,
// punctuation and legal form.
func SameName(a, b string) bool {
	a, b = StripLegalForm(Fold(a)), StripLegalForm(Fold(b))
	return a != "" && a == b
}
