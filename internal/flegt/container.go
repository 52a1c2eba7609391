package flegt

import "strings"

// ContainerNumbers takes the container numbers out of a text as people write them: with
// commas, semicolons, strokes or lines between them; without the hyphens and blanks that are
// painted between the parts. Each stands once, in upper case.
func ContainerNumbers(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return strings.ContainsRune(",;/\n\r\t", r) }) {
		for _, n := range joinParts(strings.Fields(strings.ReplaceAll(part, "-", " "))) {
			if !contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// joinParts puts together what blanks tore apart: "MSKU 123456 5" is one number, and
// "MSKU1234565 TGHU1234567" are two: each begins with letters.
func joinParts(words []string) (out []string) {
	for _, w := range words {
		if len(out) > 0 && w[0] >= '0' && w[0] <= '9' {
			out[len(out)-1] += w
			continue
		}
		out = append(out, w)
	}
	return out
}

// CheckContainer says whether a text has the form of a container number, three letters of
// the owner, U, J or Z, six digits and the check digit, and whether the digit agrees.
// ISO 6346.
func CheckContainer(number string) (form, digit bool) {
	if len(number) != 11 || !strings.ContainsRune("UJZ", rune(number[3])) {
		return false, false
	}
	sum := 0
	for i := range 10 {
		v := containerValue(number[i])
		if v < 0 || (i < 4) != (number[i] >= 'A') {
			return false, false
		}
		sum += v << i
	}
	last := number[10]
	if last < '0' || last > '9' {
		return false, false
	}
	return true, sum%11%10 == int(last-'0')
}

// containerValue is the value of a character: digits their own; letters from A = 10 on,
// leaving out the multiples of 11.
func containerValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		i := int(c - 'A')
		return 10 + i + (i+9)/10
	}
	return -1
}
