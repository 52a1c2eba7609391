package wording

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
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
	case flegt.Quantity:
		return c.Micro(lang, int64(v))
	case flegt.Unit:
		return c.unit(lang, v, nil)
	case Wordy:
		return v.Words(string(lang))
	case Keyed:
		return c.Say(lang, v.WordKey(), nil)
	case time.Time:
		return c.Date(lang, v)
	case int:
		return c.Number(lang, int64(v))
	case int64:
		return c.Number(lang, v)
	case uint64:
		return c.group(lang, strconv.FormatUint(v, 10))
	case interface{ Time() time.Time }:
		return c.Date(lang, v.Time())
	case []string:
		return c.list(lang, v)
	default:
		return fmt.Sprint(v)
	}
}

// unit writes a unit as it stands behind an amount, by the language's plural rules: 1 piece,
// 1.5 pieces. Without an amount it names what is counted: pieces. A unit that has no word is
// written as its code.
func (c *Catalog) unit(lang Lang, u flegt.Unit, amount *flegt.Quantity) string {
	key := "unit.short." + string(u)
	if !c.Has(English, key) {
		return string(u)
	}
	args := flegt.Args{"Count": "2"}
	if amount != nil {
		args["Count"] = strings.TrimPrefix(amount.String(), "-")
	}
	return c.Say(lang, key, args)
}

// list writes "a, b and c".
func (c *Catalog) list(lang Lang, items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + c.Say(lang, "word.and", nil) + " " + items[last]
}

// Date writes a day: 5 December 2016, 5. december 2016. The month is spelt out because a
// date in figures is read differently from country to country: 05/12 is a day in December to
// one customs officer, in May to another. The day is that of t's own location: the caller
// says whose calendar counts. The zero time is written as a dash.
func (c *Catalog) Date(lang Lang, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return c.Say(lang, "format.day", flegt.Args{"Day": strconv.Itoa(t.Day()), "Month": c.Month(lang, t.Month()), "Year": strconv.Itoa(t.Year())})
}

// Month writes the name of a month as it stands within a date.
func (c *Catalog) Month(lang Lang, m time.Month) string {
	return c.Say(lang, fmt.Sprintf("format.month.%02d", m), nil)
}

// DateTime writes a moment with its zone, which matters across the Union:
// 5 December 2016 at 14:03 CET, 5. december 2016 kl. 14.03 CET.
func (c *Catalog) DateTime(lang Lang, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return c.Say(lang, "format.moment", flegt.Args{"Date": c.Date(lang, t), "Hour": t.Format("15"), "Minute": t.Format("04"), "Zone": t.Format("MST")})
}

// Number writes a whole number: 1,234 and 1.234.
func (c *Catalog) Number(lang Lang, n int64) string {
	if n < 0 {
		return "−" + c.group(lang, strings.TrimPrefix(strconv.FormatInt(n, 10), "-"))
	}
	return c.group(lang, strconv.FormatInt(n, 10))
}

// Micro writes an exact amount given in millionths, without needless zeros:
// 1234500000 is 1,234.5 and 1.234,5. Amounts are never floats.
func (c *Catalog) Micro(lang Lang, millionths int64) string {
	sign, n := "", uint64(millionths)
	if millionths < 0 {
		sign, n = "−", uint64(-(millionths+1))+1 // the smallest number has no opposite
	}
	text := sign + c.group(lang, strconv.FormatUint(n/1_000_000, 10))
	if n%1_000_000 == 0 {
		return text
	}
	fraction := strings.TrimRight(fmt.Sprintf("%06d", n%1_000_000), "0")
	return text + c.Say(lang, "format.decimal", nil) + fraction
}

// Money writes an amount given in hundredths with its currency: 31.50 DKK, 31,50 DKK.
func (c *Catalog) Money(lang Lang, hundredths int64, currency string) string {
	return c.Number(lang, hundredths/100) + c.Say(lang, "format.decimal", nil) + fmt.Sprintf("%02d", hundredths%100) + "\u00a0" + currency
}

// Quantity writes an amount with its unit, kept on one line: 12.5 m³, 12,5 m³, 1 piece.
func (c *Catalog) Quantity(lang Lang, amount flegt.Quantity, unit flegt.Unit) string {
	return c.Micro(lang, int64(amount)) + "\u00a0" + c.unit(lang, unit, &amount)
}

// group puts separators between thousands.
func (c *Catalog) group(lang Lang, digits string) string {
	if len(digits) < 4 {
		return digits
	}
	separator := c.Say(lang, "format.group", nil)
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}
