package flegt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bodyWord is one word of a mail's body with what stands around it, which is what tells
// "Mette Sørensen" from "Mette Hansen, Peter Sørensen".
type bodyWord struct {
	folded string
	before string // what stands between the word before and this one
	line   int    // counted without empty lines
	long   bool   // the line is long enough to have been wrapped by a mail program
	upper  bool   // written with a capital first
	opaque bool   // an e-mail address or a web address: names nobody
}

// mostBodyWords bounds the work for one mail; a request for a role is a few lines.
const mostBodyWords = 20000

// bodyWords cuts a text into words. Words joined by a hyphen or an underscore stay
// separate words with "-" between them, see wholeAt.
func bodyWords(text string) []bodyWord {
	var words []bodyWord
	line, gap := 0, ""
	for _, raw := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if strings.TrimSpace(raw) == "" {
			if len(gap) < 1000 {
				gap += "\n"
			}
			continue
		}
		long := utf8.RuneCountInString(raw) >= 50
		for _, piece := range cutPieces(raw) {
			if !piece.word {
				if len(gap) < 1000 { // what stands there, not how often
					gap += piece.text
				}
				continue
			}
			folded := Fold(piece.text)
			if folded == "" {
				continue
			}
			if len(words) >= mostBodyWords {
				return words
			}
			first, _ := utf8.DecodeRuneInString(piece.text)
			words = append(words, bodyWord{
				folded: folded, before: gap, line: line, long: long,
				upper: unicode.IsUpper(first) || unicode.IsTitle(first), opaque: piece.opaque,
			})
			gap = ""
		}
		gap += "\n"
		line++
	}
	return words
}

// bodyPiece is a word or what stands between two.
type bodyPiece struct {
	text         string
	word, opaque bool
}

// cutPieces cuts a line into words and the marks between them. E-mail and web addresses
// are taken whole.
func cutPieces(line string) []bodyPiece {
	var pieces []bodyPiece
	for line != "" {
		n, word := 0, false
		if addr := addressLength(line); addr > 0 {
			pieces = append(pieces, bodyPiece{line[:addr], true, true})
			line = line[addr:]
			continue
		}
		for i, r := range line {
			in := unicode.IsLetter(r) || unicode.IsDigit(r) || i > 0 && ignorable(r)
			if i == 0 {
				word = in
			} else if in != word {
				break
			}
			n = i + utf8.RuneLen(r)
			if r == utf8.RuneError {
				n = i + 1
			}
			if !word {
				break // marks one by one: an address may begin after any of them
			}
		}
		pieces = append(pieces, bodyPiece{line[:n], word, false})
		line = line[n:]
	}
	return pieces
}

// addressLength gives the length of the e-mail or web address that a text starts with,
// 0 when it starts with none.
func addressLength(s string) int {
	const most = 320 // longest address there is (RFC 3696 erratum: 254), with room
	end := chunkEnd(s[:min(len(s), most)])
	chunk := s[:end]
	at, colon := strings.IndexByte(chunk, '@'), strings.IndexByte(chunk, ':')
	switch {
	case strings.Contains(chunk, "://"), strings.HasPrefix(strings.ToLower(chunk), "www."):
		return chunkEnd(s)
	case at > 0 && at < len(chunk)-1 && (colon < 0 || colon > at):
		return chunkEnd(s)
	}
	return 0 // also for "E-mail:mette@…": the address begins after the colon
}

// chunkEnd gives where a run without spaces, brackets and quotes ends.
func chunkEnd(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("<>()[]{}\"',;|", r)
	})
	if end < 0 {
		return len(s)
	}
	return end
}

// wholeAt tells whether the words of a name stand at i as a whole: "Sørensen" is not
// named by "Sørensen-Hansen" nor "Træ" by "Træ-import".
func wholeAt(words []bodyWord, i int, name []string) bool {
	if len(name) == 0 || i < 0 || i+len(name) > len(words) {
		return false
	}
	for k, part := range name {
		if words[i+k].folded != part || words[i+k].opaque {
			return false
		}
	}
	return !joined(words, i) && !joined(words, i+len(name))
}

// joined tells whether word i is joined to the one before it.
func joined(words []bodyWord, i int) bool {
	if i <= 0 || i >= len(words) {
		return false
	}
	switch words[i].before {
	case "-", "_", "\u2010", "\u2011":
		return true
	}
	return false
}

// span is the range of words [from, to).
type span struct{ from, to int }

func (s span) inside(outer span) bool { return s.from >= outer.from && s.to <= outer.to }

// mostPlaces bounds how many places of one name are looked at.
const mostPlaces = 100

// findName gives the places where a name stands as a whole.
func findName(words []bodyWord, name []string) []span {
	var found []span
	for i := range words {
		if len(found) < mostPlaces && wholeAt(words, i, name) {
			found = append(found, span{i, i + len(name)})
		}
	}
	return found
}
