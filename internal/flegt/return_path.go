package flegt

import "strings"

// Between the local part of the address that letters come from and an id stands bounceTag
// where it is that of a letter, and answerTag where it is that of a question.
const (
	bounceTag = "+b-"
	answerTag = "+q-"
)

// longestLocal is the most octets a local part may have (RFC 5321 section 4.5.3.1.1).
const longestLocal = 64

// ReturnPath gives the envelope sender of a letter: the address that letters come from, with
// the letter's id as a tag, so that what comes back says which letter it was. The id holds
// more chance than anybody can guess. An address with no room for it stays as it is.
func ReturnPath(from, letter string) string {
	if address, ok := tagged(from, bounceTag, letter); ok {
		return address
	}
	return from
}

// LetterOf gives the id of the letter whose return path an address is; ok is false for any
// other address.
func LetterOf(from, address string) (letter string, ok bool) {
	return untagged(from, bounceTag, address)
}

// AnswerAddress gives the address to which a question is answered by mail: the one that
// letters come from, with the question's id as a tag, which holds more chance than anybody can
// guess; ok is false for an address with no room for it.
func AnswerAddress(from, question string) (address string, ok bool) {
	return tagged(from, answerTag, question)
}

// QuestionOf gives the id of the question that mail to an address answers; ok is false for any
// other address.
func QuestionOf(from, address string) (question string, ok bool) {
	return untagged(from, answerTag, address)
}

func tagged(from, mark, id string) (string, bool) {
	at := strings.LastIndexByte(from, '@')
	if at <= 0 || !tag(id) || at+len(mark)+len(id) > longestLocal {
		return "", false
	}
	return from[:at] + mark + id + from[at:], true
}

func untagged(from, mark, address string) (id string, ok bool) {
	at, end := strings.LastIndexByte(from, '@'), strings.LastIndexByte(address, '@')
	if at <= 0 || end < 0 || !strings.EqualFold(from[at:], address[end:]) {
		return "", false
	}
	local := strings.ToLower(address[:end])
	id, ok = strings.CutPrefix(local, strings.ToLower(from[:at])+mark)
	if !ok || !tag(id) || len(local) > longestLocal {
		return "", false
	}
	return id, true
}

// tag tells whether an id can stand in an address: a UUID in small letters, since
// mail servers may change the case.
func tag(id string) bool {
	return id != "" && strings.Trim(id, "0123456789abcdef-") == ""
}
