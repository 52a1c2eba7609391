package flegt

import (
	"slices"
	"strings"
)

// OperatorNamed tells whether a text names a company: all words of the name, whole and
// in their order, the legal form left out or not, over line breaks, without regard to
// case, accents, punctuation, or "&" written as a word.
func OperatorNamed(body, operator string) bool { return operatorNamed(body, operator) > 0 }

// operatorNamed gives the number of words that name the operator, 0 when it is not named.
func operatorNamed(body, operator string) int {
	words := bodyWords(body)
	most := 0
	for _, s := range operatorPlaces(words, operator) {
		most = max(most, s.to-s.from)
	}
	return most
}

// operatorPlaces finds the operator's name, with the legal form where it stands.
func operatorPlaces(words []bodyWord, operator string) []span {
	var places []span
	full := strings.Fields(Fold(operator))
	for _, name := range [][]string{full, strings.Fields(StripLegalForm(Fold(operator)))} {
		for i := range words {
			if s, ok := companyAt(words, i, withoutAnd(name)); ok && len(places) < mostPlaces {
				places = append(places, s)
			}
		}
	}
	return places
}

// companyAt matches a company's name at word i, passing over "og", "and", "&".
func companyAt(words []bodyWord, i int, name []string) (span, bool) {
	if len(name) == 0 || joined(words, i) {
		return span{}, false
	}
	at := i
	for k, part := range name {
		for k > 0 && at < len(words) && andWord(words[at].folded) {
			at++
		}
		if at >= len(words) || words[at].folded != part || words[at].opaque {
			return span{}, false
		}
		if k > 0 && strings.Count(words[at].before, "\n") > 1 {
			return span{}, false // another paragraph
		}
		at++
	}
	return span{i, at}, !joined(words, at)
}

func andWord(w string) bool {
	return slices.Contains([]string{"and", "og", "und", "et", "och", "en", "y"}, w)
}

func withoutAnd(name []string) []string {
	kept := slices.DeleteFunc(slices.Clone(name), andWord)
	if len(kept) == 0 {
		return name
	}
	return kept
}

// PersonNamed tells whether a text names one person by first and last name. The two
// must belong together: side by side in either order, with middle names between them,
// or each after its label ("First name: …"). "Mette Hansen" in one place and "Peter
// Sørensen" in another do not name Mette Sørensen, nor does "Mette" together with the
// "Sørensen" in a company's name; that is why the operator's name is asked for.
func PersonNamed(body, first, last, operator string) bool {
	firstName, lastName := strings.Fields(Fold(first)), strings.Fields(Fold(last))
	words := bodyWords(body)
	if len(firstName) == 0 || len(lastName) == 0 {
		// an account with one name only is named by that name
		only := append(firstName, lastName...)
		return len(only) > 0 && len(findName(words, only)) > 0
	}
	firsts, lasts := findName(words, firstName), findName(words, lastName)
	company := operatorPlaces(words, operator)
	for _, f := range firsts {
		for _, l := range lasts {
			if halfInCompany(f, l, company) {
				continue
			}
			if labelledPair(words, f, l) || f.to <= l.from && forwardPair(words, f, l) || l.to <= f.from && reversedPair(words, l, f) {
				return true
			}
		}
	}
	return false
}

// halfInCompany tells that one of the two names is a part of the company's name and the
// other is not. A company called by the last name alone does not count: "Sørensen" in
// "Mette Sørensen" is hers.
func halfInCompany(f, l span, company []span) bool {
	partOf := func(name, c span) bool { return name.inside(c) && c.to-c.from > name.to-name.from }
	return slices.ContainsFunc(company, func(c span) bool {
		return partOf(f, c) && !l.inside(c) || partOf(l, c) && !f.inside(c)
	})
}

// forwardPair: "Mette Sørensen", "Mette Louise Sørensen", a line break between.
func forwardPair(words []bodyWord, f, l span) bool {
	middle := words[f.to:l.from]
	if len(middle) > 3 {
		return false
	}
	capitals := words[f.from].upper && words[l.from].upper
	for i := f.to; i <= l.from; i++ {
		if parted(words, i) || i < l.from && !middleName(words[i], capitals) {
			return false
		}
		if len(middle) > 0 && columns(words[i].before) {
			return false
		}
	}
	if words[l.from].line == words[f.to-1].line {
		return true
	}
	// over a line break: alone, or because the mail program wrapped a long line
	return words[l.from].line == words[f.to-1].line+1 && (len(middle) == 0 || words[f.to-1].long)
}

// reversedPair: "Sørensen, Mette", "Sørensen Mette". Only where nothing says that the
// two belong to different people: "Jens Sørensen, Mette Hansen".
func reversedPair(words []bodyWord, l, f span) bool {
	if l.to != f.from || words[f.from].line > words[l.to-1].line+1 {
		return false
	}
	switch strings.TrimSpace(words[f.from].before) {
	case "", ",":
	default:
		return false
	}
	return edgeBefore(words, l.from) && edgeAfter(words, f.to)
}

// parted tells that what stands before word i parts two people or two sentences.
func parted(words []bodyWord, i int) bool {
	before := words[i].before
	if strings.Count(before, "\n") > 1 || strings.ContainsAny(before, ",;:&+()[]{}<>!?•*=") {
		return true
	}
	if strings.Contains(before, " - ") || strings.ContainsAny(before, "–—") {
		return true
	}
	// a full stop ends a sentence, except after an initial or a short form ("Chr.")
	return strings.Contains(before, ".") && len(words[i-1].folded) > 3
}

// columns tells that two things stand side by side, as two signatures do.
func columns(before string) bool {
	return strings.ContainsAny(before, "\t/|") || strings.Contains(before, "   ")
}

// middleName tells whether a word may stand between first and last name.
func middleName(w bodyWord, capitals bool) bool {
	if w.opaque {
		return false
	}
	if slices.Contains(nameParticles, w.folded) {
		return true
	}
	return (w.upper || !capitals) && !slices.Contains(plainWords, w.folded)
}

// nameParticles are small words within names.
var nameParticles = []string{"af", "von", "van", "de", "der", "den", "del", "della", "di", "da", "do", "dos", "du", "la", "le", "el", "al", "bin", "ter", "ten", "zu", "zum", "zur", "e", "y", "i"}

// plainWords are words that are no names and may stand around one.
var plainWords = []string{
	"and", "or", "is", "am", "as", "at", "by", "for", "from", "in", "my", "of", "on", "our", "the", "this", "to", "us", "we", "with", "works", "has", "have", "requsts", "user", "name", "employee", "called", "regards", "sincerely", "greetings", "dear", "hi", "hello", "that", "be", "would", "wants", "wishes", "will", "mr", "mrs", "ms", "dr",
	"og", "eller", "er", "som", "hos", "fra", "til", "med", "vi", "jeg", "mit", "min", "vores", "pa", "ved", "om", "navn", "navnet", "bruger", "brugeren", "hedder", "hilsen", "hilsner", "hej", "vil", "onsker", "har", "medarbejder", "undertegnede", "hr", "fru", "at",
	"und", "oder", "ist", "bei", "aus", "mit", "mein", "fur", "vom", "herr", "frau", "et", "est", "pour", "chez", "och", "ar",
}

// edgeBefore tells that a name may begin at word i.
func edgeBefore(words []bodyWord, i int) bool {
	if i == 0 || words[i].line != words[i-1].line {
		return true
	}
	return marked(words[i].before) || words[i-1].opaque || slices.Contains(plainWords, words[i-1].folded)
}

// edgeAfter tells that a name may end before word i.
func edgeAfter(words []bodyWord, i int) bool {
	if i >= len(words) || words[i].line != words[i-1].line {
		return true
	}
	return marked(words[i].before) || words[i].opaque || slices.Contains(plainWords, words[i].folded)
}

func marked(before string) bool { return strings.Trim(before, " \t\u00a0'’") != "" }

// Labels before names in a filled-in list, folded.
var (
	firstLabels = [][]string{{"first", "name"}, {"first", "names"}, {"forename"}, {"given", "name"}, {"given", "names"}, {"firstname"}, {"fornavn"}, {"fornavne"}, {"vorname"}, {"prenom"}, {"nombre"}, {"fornamn"}, {"voornam"}, {"imie"}}
	lastLabels  = [][]string{{"last", "name"}, {"last", "names"}, {"lastname"}, {"surname"}, {"surnames"}, {"family", "name"}, {"efternavn"}, {"efternavne"}, {"nachname"}, {"familienname"}, {"nom"}, {"apellido"}, {"apellidos"}, {"efternamn"}, {"achternam"}, {"nazwisko"}}
)

// labelledPair: "First name: Mette" and within a few lines "Last name: Sørensen", with
// no other name of either sort labelled between them.
func labelledPair(words []bodyWord, f, l span) bool {
	if !labelBefore(words, f.from, firstLabels) || !labelBefore(words, l.from, lastLabels) {
		return false
	}
	from, to := min(f.to, l.to), max(f.from, l.from)
	if to < from || words[to].line-words[from-1].line > 4 {
		return false
	}
	labels := 0
	for i := from; i <= to; i++ {
		if !isWord(words[i]) && (labelBefore(words, i, firstLabels) || labelBefore(words, i, lastLabels)) {
			labels++
		}
	}
	return labels == 1
}

// labelBefore tells whether one of the labels ends right before word i ("is", "er" and the
// ends of "name(s)" and "navn(e)" may stand between).
func labelBefore(words []bodyWord, i int, labels [][]string) bool {
	if i > 0 && isWord(words[i-1]) {
		i--
	}
	return slices.ContainsFunc(labels, func(label []string) bool { return wholeAt(words, i-len(label), label) })
}

func isWord(w bodyWord) bool { return slices.Contains([]string{"is", "er", "ist", "s", "e"}, w.folded) }
