package flegt

import "strings"

// vatRule is one country's rule. In a form, 9 stands for a digit, A for a letter, X for
// either, ? for a letter, + or *; everything else stands for itself. check gets the body
// without prefix, already of one of the forms; nil where no algorithm is published.
type vatRule struct {
	forms []string
	check func(body string) bool
}

// formProblem gives the key of what is wrong with a body's form, or "".
func (r vatRule) formProblem(body string) string {
	length := false
	for _, f := range r.forms {
		if matches(f, body) {
			return ""
		}
		length = length || len(f) == len([]rune(body))
	}
	if length {
		return "identifier.characters"
	}
	return "identifier.length"
}

// matches holds a string against a form.
func matches(form, s string) bool {
	if len(form) != len(s) {
		return false
	}
	for i := 0; i < len(form); i++ {
		if !matchByte(form[i], s[i]) {
			return false
		}
	}
	return true
}

func matchByte(f, c byte) bool {
	digit, letter := c >= '0' && c <= '9', c >= 'A' && c <= 'Z'
	switch f {
	case '9':
		return digit
	case 'A':
		return letter
	case 'X':
		return digit || letter
	case '?':
		return letter || c == '+' || c == '*'
	default:
		return f == c
	}
}

// vatRules are the VAT numbers of the EU, Northern Ireland (XI) and, for the years in
// which it was a member, the United Kingdom, by their prefix in VIES. The forms are the
// Commission's (VIES, "What is the format of a VAT number?"), the check digits those the
// countries' tax authorities have published (to be verified one by one).
var vatRules = map[string]vatRule{
	"AT": {[]string{"U99999999"}, vatAT},
	"BE": {[]string{"0999999999", "1999999999"}, vatBE},
	"BG": {[]string{"999999999", "9999999999"}, vatBG},
	"CY": {[]string{"99999999A"}, vatCY},
	"CZ": {[]string{"99999999", "999999999", "9999999999"}, vatCZ},
	"DE": {[]string{"999999999"}, func(s string) bool { return s[0] != '0' && iso7064(s) }},
	"DK": {[]string{"99999999"}, cvrDigits},
	"EE": {[]string{"999999999"}, func(s string) bool { return weigh(s, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0 }},
	"EL": {[]string{"999999999"}, vatEL},
	"ES": {[]string{"A9999999X", "99999999A"}, vatES},
	"FI": {[]string{"99999999"}, func(s string) bool { return weigh(s, 7, 9, 10, 5, 8, 4, 2, 1)%11 == 0 }},
	"FR": {[]string{"XX999999999"}, vatFR},
	"GB": {[]string{"999999999", "999999999999", "GD999", "HA999"}, vatGB},
	"HR": {[]string{"99999999999"}, iso7064},
	"HU": {[]string{"99999999"}, func(s string) bool { return weigh(s, 9, 7, 3, 1, 9, 7, 3, 1)%10 == 0 }},
	"IE": {[]string{"9999999A", "9999999AA", "9?99999A"}, vatIE},
	"IT": {[]string{"99999999999"}, func(s string) bool { return s[:7] != "0000000" && luhn(s) }},
	"LT": {[]string{"999999999", "999999999999"}, vatLT},
	"LU": {[]string{"99999999"}, func(s string) bool { return number(s[:6])%89 == number(s[6:]) }},
	"LV": {[]string{"99999999999"}, vatLV},
	"MT": {[]string{"99999999"}, func(s string) bool { return s[0] != '0' && weigh(s, 3, 4, 6, 7, 8, 9, 10, 1)%37 == 0 }},
	"NL": {[]string{"999999999B99"}, vatNL},
	"PL": {[]string{"9999999999"}, func(s string) bool { return weigh(s, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == digit(s, 9) }},
	"PT": {[]string{"999999999"}, vatPT},
	"RO": {[]string{"99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"}, vatRO},
	"SE": {[]string{"999999999999"}, func(s string) bool { return s[10:] != "00" && luhn(s[:10]) }},
	"SI": {[]string{"99999999"}, vatSI},
	"SK": {[]string{"9999999999"}, func(s string) bool { return number(s)%11 == 0 }},
	"XI": {[]string{"999999999", "999999999999", "GD999", "HA999"}, vatGB},
}

// digit gives the i-th character's value; the form has made sure it is a digit.
func digit(s string, i int) int { return int(s[i] - '0') }

// number reads digits.
func number(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + digit(s, i)
	}
	return n
}

// weigh adds digits times weights; characters beyond the weights do not count.
func weigh(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * digit(s, i)
	}
	return sum
}

// luhn is the check of ISO/IEC 7812 over all digits, the last being the check digit.
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := digit(s, len(s)-1-i)
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}

// iso7064 is the hybrid system MOD 11,10 of ISO 7064.
func iso7064(s string) bool {
	p := 10
	for i := range len(s) - 1 {
		p = (p + digit(s, i)) % 10
		if p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (p+digit(s, len(s)-1))%10 == 1
}

// cvrDigits checks a Danish CVR number, which is the VAT number too.
func cvrDigits(s string) bool {
	return s[0] != '0' && weigh(s, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
}

func vatAT(s string) bool {
	s, sum := s[1:], 4
	for i := range 7 {
		d := digit(s, i) * (1 + i%2)
		sum += d/10 + d%10
	}
	return (10-sum%10)%10 == digit(s, 7)
}

func vatBE(s string) bool { return 97-number(s[:8])%97 == number(s[8:]) }

func vatBG(s string) bool {
	if len(s) == 9 {
		r := weigh(s, 1, 2, 3, 4, 5, 6, 7, 8) % 11
		if r == 10 {
			r = weigh(s, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10
		}
		return r == digit(s, 8)
	}
	last := digit(s, 9) // persons, foreigners, others: each has its own weights
	return weigh(s, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10 == last ||
		weigh(s, 21, 19, 17, 13, 11, 9, 7, 3, 1)%10 == last ||
		(11-weigh(s, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11)%11 == last
}

func vatCY(s string) bool {
	odd := [10]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21}
	sum := 0
	for i := range 8 {
		if d := digit(s, i); i%2 == 0 {
			sum += odd[d]
		} else {
			sum += d
		}
	}
	return s[:2] != "12" && s[8] == byte('A'+sum%26)
}

func vatCZ(s string) bool {
	switch {
	case len(s) == 8:
		c := (11 - weigh(s, 8, 7, 6, 5, 4, 3, 2)%11) % 11
		if c == 0 {
			c = 1
		}
		return s[0] != '9' && c%10 == digit(s, 7)
	case len(s) == 10: // a person's number (since 1954)
		return number(s[:9])%11%10 == digit(s, 9)
	case s[0] == '6':
		return (8+weigh(s[1:], 8, 7, 6, 5, 4, 3, 2)%11)%10 == digit(s, 8)
	default: // a person's number from before 1954 has no check digit
		return number(s[:2]) <= 53
	}
}

func vatEL(s string) bool {
	return weigh(s, 256, 128, 64, 32, 16, 8, 4, 2)%11%10 == digit(s, 8)
}

func vatES(s string) bool {
	const letters = "TRWAGMYFPDXBNJZSQVHLCKE"
	switch first := s[0]; {
	case first >= '0' && first <= '9':
		return s[8] == letters[number(s[:8])%23]
	case strings.IndexByte("XYZ", first) >= 0:
		n := strings.IndexByte("XYZ", first)*10_000_000 + number(s[1:8])
		return s[8] == letters[n%23]
	case strings.IndexByte("KLM", first) >= 0:
		return s[8] == letters[number(s[1:8])%23]
	case strings.IndexByte("ABCDEFGHJNPQRSUVW", first) >= 0:
		return vatEScompany(s)
	}
	return false
}

// vatEScompany: the control character is a digit or the letter that stands for it.
func vatEScompany(s string) bool {
	sum := 0
	for i := range 7 {
		d := digit(s, i+1) * (2 - i%2)
		sum += d/10 + d%10
	}
	c := (10 - sum%10) % 10
	return s[8] == byte('0'+c) || s[8] == "JABCDEFGHI"[c]
}

func vatFR(s string) bool {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	a, b := strings.IndexByte(alphabet, s[0]), strings.IndexByte(alphabet, s[1])
	if a < 0 || b < 0 {
		return false
	}
	siren := s[2:]
	if siren[:3] != "000" && !luhn(siren) { // Monaco's numbers are no SIREN
		return false
	}
	switch {
	case a < 10 && b < 10:
		return (number(siren)*100+12)%97 == a*10+b
	case a < 10:
		a = a*24 + b - 10
	default:
		a = a*34 + b - 100
	}
	return (number(siren)+1+a/11)%11 == a%11
}

func vatGB(s string) bool {
	switch s[:2] {
	case "GD":
		return number(s[2:]) < 500
	case "HA":
		return number(s[2:]) >= 500
	}
	r := weigh(s, 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97
	return r == 0 || (number(s[:3]) >= 100 && (r == 42 || r == 55))
}

func vatIE(s string) bool {
	const letters = "WABCDEFGHIJKLMNOPQRSTUV"
	if s[1] < '0' || s[1] > '9' { // numbers from before 1994
		s = "0" + s[2:7] + s[:1] + s[7:]
	}
	sum := weigh(s, 8, 7, 6, 5, 4, 3, 2)
	if len(s) == 9 {
		second := strings.IndexByte(letters, s[8])
		if second < 0 {
			return false
		}
		sum += 9 * second
	}
	return s[7] == letters[sum%23]
}

func vatLT(s string) bool {
	n := len(s) - 1
	if s[n-1] != '1' {
		return false
	}
	first, second := 0, 0
	for i := range n {
		first += (1 + i%9) * digit(s, i)
		second += (1 + (i+2)%9) * digit(s, i)
	}
	r := first % 11
	if r == 10 {
		r = second % 11 % 10
	}
	return r == digit(s, n)
}

func vatLV(s string) bool {
	if s[0] > '3' { // a firm
		return weigh(s, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)%11 == 3
	}
	return (1+weigh(s, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9))%11%10 == digit(s, 10)
}

// vatNL: numbers until 2019 contain the firm's BSN/RSIN (eleven test); those of sole
// traders since 2020 are checked by ISO 7064 MOD 97-10 over all characters.
func vatNL(s string) bool {
	if s[:9] == "000000000" || s[10:] == "00" {
		return false
	}
	if weigh(s, 9, 8, 7, 6, 5, 4, 3, 2)%11 == digit(s, 8) {
		return true
	}
	r := 0
	for _, c := range "NL" + s {
		if c >= 'A' {
			r = (r*100 + int(c-'A') + 10) % 97
		} else {
			r = (r*10 + int(c-'0')) % 97
		}
	}
	return r == 1
}

func vatPT(s string) bool {
	c := 11 - weigh(s, 9, 8, 7, 6, 5, 4, 3, 2)%11
	if c >= 10 {
		c = 0
	}
	return s[0] != '0' && c == digit(s, 8)
}

func vatRO(s string) bool {
	padded := strings.Repeat("0", 10-len(s)) + s
	return s[0] != '0' && weigh(padded, 7, 5, 3, 2, 1, 7, 5, 3, 2)*10%11%10 == digit(padded, 9)
}

func vatSI(s string) bool {
	c := 11 - weigh(s, 8, 7, 6, 5, 4, 3, 2)%11
	if c == 10 {
		c = 0
	}
	return s[0] != '0' && c == digit(s, 7)
}
