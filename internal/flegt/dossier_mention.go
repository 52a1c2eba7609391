package flegt

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MentionedIn finds the colleagues whom a note names as "@Full Name", in the order of their
// accounts. names are the full names by account; small and capital letters are one, and so are a
// space and a line's end. Of "@Anna Berg Hansen" the longest name that somebody has counts. An @
// within a word, as in an e-mail address, names nobody.
//
// Where several have the name, already (those whom the writer chose otherwise) says who is meant;
// when it holds none of them, the name is given back as doubtful.
func MentionedIn(text string, names map[string]string, already []string) (accounts []string, doubtful string) {
	text = smallWords(text)
	before := ' '
	for i, r := range text {
		if r == '@' && !wordRune(before) {
			called := longestName(text[i+1:], names)
			switch {
			case len(called) == 1:
				accounts = append(accounts, called[0])
			case len(called) > 1 && !slices.ContainsFunc(called, func(a string) bool { return slices.Contains(already, a) }):
				doubtful = names[called[0]]
			}
		}
		before = r
	}
	slices.Sort(accounts)
	return slices.Compact(accounts), doubtful
}

// longestName gives the accounts whose name the text begins with; of several names the longest.
func longestName(text string, names map[string]string) (accounts []string) {
	longest := 0
	for account, name := range names {
		name = smallWords(name)
		rest, begins := strings.CutPrefix(text, name)
		if name == "" || !begins || goesOn(rest) || len(name) < longest {
			continue
		}
		if len(name) > longest {
			longest, accounts = len(name), nil
		}
		accounts = append(accounts, account)
	}
	slices.Sort(accounts)
	return accounts
}

// goesOn says whether what comes behind a name still belongs to its last word: "Berg" is not
// meant by "Bergmann", nor by "Berg-Hansen".
func goesOn(rest string) bool {
	r, n := utf8.DecodeRuneInString(rest)
	if r == '-' {
		r, _ = utf8.DecodeRuneInString(rest[n:])
	}
	return rest != "" && wordRune(r)
}

func wordRune(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.M) }

// smallWords writes words in small letters with one space between them.
func smallWords(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
