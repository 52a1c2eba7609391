package flegt

// mrnForm: two digits of the year, two letters of the country, fourteen characters.
// The last one is a digit, worked out from the others.
const mrnForm = "99AAXXXXXXXXXXXXX9"

// customsOfficeForm: two letters of the country and six characters (DK003103), as in
// the EU's list of customs offices.
const customsOfficeForm = "AAXXXXXX"

// MRNDigitWarning is the key of what a page says where MRNDigitAgrees is false.
const MRNDigitWarning = "mrn.digit"

// NormaliseMRN gives a movement reference number as it is kept and compared: upper case,
// without spaces, dots and dashes.
func NormaliseMRN(mrn string) string { return squeeze(mrn) }

// CheckMRN says whether a string has the form of a customs declaration's number, 18
// characters such as 26DK16RF3TDPZE7AR2. It gives the number as it is kept; the error is
// an *Error of kind Invalid. The check digit is not a reason to refuse, see
// MRNDigitAgrees. Source: UCC Annex B, data element 12 01 (to be verified).
func CheckMRN(mrn string) (string, error) {
	return checkForm(squeeze(mrn), mrnForm, formKeys{"mrn.empty", "mrn.length", "mrn.characters"})
}

// MRNDigitAgrees says whether the last character of a well-formed MRN is the check digit
// of the others: the sum of the characters' values times 1, 2, 4, 8 … modulo 11, then
// modulo 10, letters valued as in ISO 6346 (A = 10, 11 and its multiples left out).
// Where it is false a page warns and goes on: not every declaration system follows it,
// and customs knows its numbers best. Source: the Commission's working document
// DGXXI/0879/99 Rev. 1 on the check character of MRN and GRN.
func MRNDigitAgrees(mrn string) bool {
	if !matches(mrnForm, mrn) {
		return false
	}
	sum := 0
	for i := range len(mrn) - 1 {
		sum += mrnValue(mrn[i]) << i
	}
	return sum%11%10 == digit(mrn, len(mrn)-1)
}

// mrnValue gives a character's value in ISO 6346.
func mrnValue(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	n := int(c-'A') + 10
	return n + (n-1)/10 // steps over 11, 22 and 33
}

// CheckCustomsOffice says whether a string has the form of a customs office's reference
// number, and gives it as it is kept. The error is an *Error of kind Invalid.
func CheckCustomsOffice(office string) (string, error) {
	return checkForm(squeeze(office), customsOfficeForm,
		formKeys{"customs_office.empty", "customs_office.length", "customs_office.characters"})
}

// formKeys are the sentences about a value that is not of the one form it must have.
type formKeys struct{ empty, length, characters string }

// checkForm holds a value against one form.
func checkForm(value, form string, keys formKeys) (string, error) {
	problem := (vatRule{forms: []string{form}}).formProblem(value)
	switch {
	case value == "":
		return "", Refuse(Invalid, keys.empty, nil)
	case problem == "identifier.length":
		return "", Refuse(Invalid, keys.length, Args{"Value": value})
	case problem != "":
		return "", Refuse(Invalid, keys.characters, Args{"Value": value})
	}
	return value, nil
}
