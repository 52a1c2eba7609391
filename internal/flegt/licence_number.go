package flegt

import (
	"strings"
	"unicode"
)

// indonesianForm is the pattern of Indonesia's licence numbers (source: the Dutch
// authority): two digits of the year, running parts, ID, the country of destination.
const indonesianForm = "99.99999-99999.999-ID-AA"

// The shortest and longest number taken from a country whose pattern is not known.
const (
	shortestLicenceNumber = 3
	longestLicenceNumber  = 40
)

// NormaliseLicenceNumber gives a licence number as it is kept and compared: upper case,
// no white space, every kind of dash a hyphen.
func NormaliseLicenceNumber(number string) string {
	if normalLicenceNumber(number) {
		return number
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == '\u00ad', r == '\u200b', r == '\ufeff':
			return -1
		case unicode.Is(unicode.Dash, r):
			return '-'
		}
		return unicode.ToUpper(r)
	}, strings.ToValidUTF8(number, "?"))
}

// normalLicenceNumber says whether a number is written in ASCII as it is kept.
func normalLicenceNumber(number string) bool {
	for i := range len(number) {
		if c := number[i]; c <= ' ' || c > '~' || 'a' <= c && c <= 'z' {
			return false
		}
	}
	return true
}

// CheckLicenceNumber says whether a number is well-formed for the licensing country
// (ISO 3166-1 alpha-2). Indonesia's tells the country of destination and the year of
// issue; for others, whose pattern is not in our data, destination is "" and year 0, and
// only characters and length are looked at. The error is an *Error of kind Invalid.
// Reg. (EC) 1024/2008 Annex, box 3.
func CheckLicenceNumber(country, number string) (destination string, year int, err error) {
	number = NormaliseLicenceNumber(number)
	args := Args{"Number": number, "CountryCode": country}
	switch {
	case number == "":
		return "", 0, Refuse(Invalid, "licence_number.empty", nil)
	case country == "ID":
		return indonesianNumber(number, args)
	case !saneLicenceNumber(number):
		return "", 0, Refuse(Invalid, "licence_number.form", args)
	}
	return "", 0, nil
}

// indonesianNumber reads 16.00123-00456.001-ID-DK. Indonesia writes V-Legal documents of
// the same pattern for shipments to other parts of the world: those are no FLEGT licences.
func indonesianNumber(number string, args Args) (string, int, error) {
	if !matches(indonesianForm, number) {
		return "", 0, Refuse(Invalid, "licence_number.indonesia", args)
	}
	destination := canonicalCountry(number[len(number)-2:])
	if !isEU(destination) && destination != "GB" && destination != "XI" {
		args["Destination"] = destination
		return "", 0, Refuse(Invalid, "licence_number.destination", args)
	}
	return destination, 2000 + digit(number, 0)*10 + digit(number, 1), nil
}

// saneLicenceNumber takes letters, digits and . - / with at least one digit.
func saneLicenceNumber(number string) bool {
	if len(number) < shortestLicenceNumber || len(number) > longestLicenceNumber {
		return false
	}
	digits := 0
	for i := range len(number) {
		switch c := number[i]; {
		case c >= '0' && c <= '9':
			digits++
		case !matchByte('A', c) && strings.IndexByte(".-/", c) < 0:
			return false
		}
	}
	return digits > 0
}
