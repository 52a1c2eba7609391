package flegt

import "strings"

// bounceTag stands between the local part of the address that letters come from and the id
// of a letter.
const bounceTag = "+b-"

// longestLocal is the most octets a local part may have (RFC 5321 section 4.5.3.1.1).
const longestLocal = 64

// ReturnPath gives the envelope sender of a letter: the address that letters come from, with
// the letter's id as a tag, so that what comes back says which letter it was. The id holds
// more chance than anybody can guess. An address with no room for it stays as it is.
func ReturnPath(from, letter string) string {
	at := strings.LastIndexByte(from, '@')
	if at <= 0 || !tag(letter) || at+len(bounceTag)+len(letter) > longestLocal {
		return from
	}
	return from[:at] + bounceTag + letter + from[at:]
}

// LetterOf gives the id of the letter whose return path an address is; ok is false for any
// other address.
func LetterOf(from, address string) (letter string, ok bool) {
	at, end := strings.LastIndexByte(from, '@'), strings.LastIndexByte(address, '@')
	if at <= 0 || end < 0 || !strings.EqualFold(from[at:], address[end:]) {
		return "", false
	}
	local := strings.ToLower(address[:end])
	letter, ok = strings.CutPrefix(local, strings.ToLower(from[:at])+bounceTag)
	if !ok || !tag(letter) || len(local) > longestLocal {
		return "", false
	}
	return letter, true
}

// tag tells whether a letter's id can stand in an address: a UUID in small letters, since
// mail servers may change the case.
func tag(letter string) bool {
	return letter != "" && strings.Trim(letter, "0123456789abcdef-") == ""
}
