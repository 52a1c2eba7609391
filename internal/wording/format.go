package wording

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Wordy is a value that knows how it is written in a language, such as a country.
type Wordy interface{ Words(lang string) string }

// Keyed is a value whose word stands in the locale files, such as a role or a state.
type Keyed interface{ WordKey() string }

// Write gives a value the way a language writes it: a time as a date, a whole number
// with its separators, a Wordy value by its own words, a Keyed one by the sentence of
// its key. Strings stay as they are, so a year or a licence number is given as a string.
func (c *Catalog) Write(lang Lang, value any) string {
	switch v := value.(type) {
	case string:
		return v
	case Wordy:
		return v.Words(string(lang))
	case Keyed:
		return c.Say(lang, v.WordKey(), nil)
	case time.Time:
		return Date(lang, v)
	case int:
		return Number(lang, int64(v))
	case int64:
		return Number(lang, v)
	case uint64:
		return group(lang, strconv.FormatUint(v, 10))
	case interface{ Time() time.Time }:
		return Date(lang, v.Time())
	case []string:
		return c.list(lang, v)
	default:
		return fmt.Sprint(v)
	}
}

// list writes "a, b and c".
func (c *Catalog) list(lang Lang, items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + c.Say(lang, "word.and", nil) + " " + items[last]
}

// months are spelt out because a date in figures is read differently from country to
// country: 05/12 is a day in December to one customs officer, in May to another.
func months(lang Lang) [12]string {
	if lang == Danish {
		return [12]string{"januar", "februar", "marts", "april", "maj", "juni",
			"juli", "august", "september", "oktober", "november", "december"}
	}
	return [12]string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"}
}

// Date writes a day: 5 December 2016, 5. december 2016. The day is that of t's own
// location: the caller says whose calendar counts. The zero time is written as a dash.
func Date(lang Lang, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	day := strconv.Itoa(t.Day())
	if lang == Danish {
		day += "."
	}
	return day + " " + months(lang)[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// DateTime writes a moment with its zone, which matters across the Union:
// 5 December 2016 at 14:03 CET, 5. december 2016 kl. 14.03 CET.
func DateTime(lang Lang, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	if lang == Danish {
		return Date(lang, t) + t.Format(" kl. 15.04 MST")
	}
	return Date(lang, t) + t.Format(" at 15:04 MST")
}

// Number writes a whole number: 1,234 and 1.234.
func Number(lang Lang, n int64) string {
	if n < 0 {
		return "−" + group(lang, strings.TrimPrefix(strconv.FormatInt(n, 10), "-"))
	}
	return group(lang, strconv.FormatInt(n, 10))
}

// Micro writes an exact amount given in millionths, without needless zeros:
// 1234500000 is 1,234.5 and 1.234,5. Amounts are never floats.
func Micro(lang Lang, millionths int64) string {
	sign, n := "", uint64(millionths)
	if millionths < 0 {
		sign, n = "−", uint64(-(millionths+1))+1 // the smallest number has no opposite
	}
	text := sign + group(lang, strconv.FormatUint(n/1_000_000, 10))
	fraction := strings.TrimRight(fmt.Sprintf("%06d", n%1_000_000), "0")
	if fraction == "" {
		return text
	}
	if lang == Danish {
		return text + "," + fraction
	}
	return text + "." + fraction
}

// Quantity writes an amount given in millionths with its unit, kept on one line:
// 12.5 m³, 12,5 m³.
func Quantity(lang Lang, millionths int64, unit string) string {
	return Micro(lang, millionths) + "\u00a0" + unit
}

// group puts separators between thousands.
func group(lang Lang, digits string) string {
	separator := byte(',')
	if lang == Danish {
		separator = '.'
	}
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(separator)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}
