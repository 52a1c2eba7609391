package counter

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// Markup is a part of a page that code writes: what stands on a page in many rows. A template
// looks up each name and calls each escaper by reflection, which took half of the time of a list.
// What comes out is what html/template makes of the same part.
type Markup struct{ b []byte }

// literal is what stands in the program's text: only a constant can be one outside this room.
type literal string

// Raw puts HTML as it stands in the program.
func (m *Markup) Raw(html literal) *Markup {
	m.b = append(m.b, html...)
	return m
}

// Text puts words, between tags or in a quoted attribute that is no address.
func (m *Markup) Text(words string) *Markup {
	done := 0
	for i := range len(words) {
		if instead := escapes[words[i]]; instead != "" {
			m.b = append(append(m.b, words[done:i]...), instead...)
			done = i + 1
		}
	}
	m.b = append(m.b, words[done:]...)
	return m
}

// escapes are how html/template writes characters that HTML or UTF-7 would read otherwise.
var escapes = [256]string{0: "\uFFFD", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;"}

// Number puts a whole number without separators, as attributes have it.
func (m *Markup) Number(n int64) *Markup {
	m.b = strconv.AppendInt(m.b, n, 10)
	return m
}

// Link puts an address into a quoted attribute. One that would do more than lead somewhere, such as
// javascript:, is not put there.
func (m *Markup) Link(address string) *Markup {
	if scheme, _, ok := strings.Cut(address, ":"); ok && !strings.Contains(scheme, "/") &&
		!strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "mailto") {
		return m.Raw("#ZgotmplZ")
	}
	written := 0
	for i := range len(address) {
		if plainInAddress(address, i) {
			continue
		}
		m.Text(address[written:i])
		m.b = fmt.Appendf(m.b, "%%%02x", address[i])
		written = i + 1
	}
	return m.Text(address[written:])
}

// plainInAddress says whether a byte of an address stands for itself (RFC 3986 section 2; quotes
// and brackets are written by number).
func plainInAddress(address string, i int) bool {
	c := address[i]
	if c == '%' {
		return i+2 < len(address) && hexDigit(address[i+1]) && hexDigit(address[i+2])
	}
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~!#$&*+,/:;=?@[]", c) >= 0
}

func hexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// HTML is what was put together.
func (m *Markup) HTML() template.HTML { return template.HTML(m.b) }

// roomy is a sheet with room for so many bytes.
func roomy(bytes int) *Markup { return &Markup{make([]byte, 0, bytes)} }

// parts are those that templates call by name.
func parts() template.FuncMap {
	return template.FuncMap{
		"write_table":    func(t Table) template.HTML { return roomy(512 + 1024*len(t.Rows)).Table(t).HTML() },
		"write_terms":    func(terms []Term) template.HTML { return roomy(64 + 256*len(terms)).Terms(terms).HTML() },
		"write_timeline": func(moments []Moment) template.HTML { return roomy(64 + 384*len(moments)).Timeline(moments).HTML() },
		"write_cell":     func(c Cell) template.HTML { return new(Markup).cell(c).HTML() },
		"write_status":   func(s Status) template.HTML { return new(Markup).Status(s).HTML() },
	}
}

// Table puts a list in columns.
func (m *Markup) Table(t Table) *Markup {
	m.Raw(`<div class="ecl-table-responsive" tabindex="0"`)
	if t.Caption != "" {
		m.Raw(` role="group" aria-label="`).Text(t.Caption).Raw(`"`)
	}
	m.Raw(`><table class="ecl-table ecl-table--zebra of-table">`)
	if t.Caption != "" {
		m.Raw(`<caption class="of-hidden">`).Text(t.Caption).Raw(`</caption>`)
	}
	m.Raw("\n" + `<thead class="ecl-table__head"><tr class="ecl-table__row">`)
	for i, column := range t.Columns {
		m.Raw(`<th scope="col" class="ecl-table__header`)
		if t.NumberColumn(i) {
			m.Raw(` of-number`)
		}
		m.Raw(`">`).Text(column).Raw(`</th>`)
	}
	m.Raw("</tr></thead>\n" + `<tbody class="ecl-table__body">`)
	for _, row := range t.Rows {
		m.Raw(`<tr class="ecl-table__row">`)
		for i, c := range row {
			m.Raw(`<td class="ecl-table__cell`)
			if c.Number {
				m.Raw(` of-number`)
			}
			m.Raw(`" data-ecl-table-header="`).Text(t.Columns[i]).Raw(`">`).cell(c).Raw(`</td>`)
		}
		m.Raw("</tr>\n")
	}
	return m.Raw(`</tbody></table></div>`)
}

func (m *Markup) cell(c Cell) *Markup {
	if len(c.Folded) == 0 {
		return m.Raw(`<span class="of-cell">`).cellText(c).Raw(`</span>`)
	}
	m.Raw(`<div class="of-cell">`).cellText(c).Raw(`<details class="of-folded"><summary>`).Text(c.FoldedWord).Raw(`</summary>`)
	for _, q := range c.Folded {
		m.Meter(q)
	}
	return m.Sub(c.FoldedMore).Raw(`</details></div>`)
}

func (m *Markup) cellText(c Cell) *Markup {
	if c.Day != "" {
		m.Raw(`<span class="of-nowrap">`).Text(c.Day).Raw(`</span>`)
	}
	if c.URL == "" {
		m.Text(c.Text)
	} else {
		m.Raw(`<a class="ecl-link" href="`).Link(c.URL).Raw(`">`).Text(c.Text)
		if c.Hidden != "" {
			m.Raw(` <span class="of-hidden">`).Text(c.Hidden).Raw(`</span>`)
		}
		m.Raw(`</a>`)
	}
	if c.Status != nil {
		m.Raw(` `).Status(*c.Status)
	}
	m.Sub(c.Sub)
	for _, q := range c.Meters {
		m.Meter(q)
	}
	return m
}

// Sub puts a second line in small letters, if there is one.
func (m *Markup) Sub(words string) *Markup {
	if words == "" {
		return m
	}
	return m.Raw(`<span class="of-sub">`).Text(words).Raw(`</span>`)
}

// Status puts a coloured label.
func (m *Markup) Status(s Status) *Markup {
	return m.Raw(`<span class="ecl-label of-status of-status--`).Text(s.Tone).Raw(`">`).Text(s.Text).Raw(`</span>`)
}

// Meter puts a meter of what is used.
func (m *Markup) Meter(q QuantityMeter) *Markup {
	m.Raw(`<span class="of-measure"><label for="`).Text(q.ID).Raw(`">`).Text(q.Label).Raw(`</label> <span class="of-sub">`).Text(q.Text)
	return m.Raw(`</span><meter class="of-meter" id="`).Text(q.ID).Raw(`" min="0" max="1000" value="`).Number(q.Used).Raw(`"></meter></span>`)
}

// TableTerms puts a table's rows as lists of terms, one below the other.
func (m *Markup) TableTerms(t Table) *Markup {
	for _, row := range t.Rows {
		m.Raw(`<dl class="ecl-description-list ecl-description-list--horizontal of-terms of-terms--row">`)
		for i, c := range row {
			m.Raw(`<dt class="ecl-description-list__term">`).Text(t.Columns[i]).Raw(`</dt><dd class="ecl-description-list__definition">`).cell(c).Raw("</dd>\n")
		}
		m.Raw(`</dl>`)
	}
	return m
}

// Terms puts a description list.
func (m *Markup) Terms(terms []Term) *Markup {
	m.Raw(`<dl class="ecl-description-list ecl-description-list--horizontal of-terms">`)
	for _, t := range terms {
		m.Raw(`<dt class="ecl-description-list__term">`).Text(t.Name).Raw(`</dt><dd class="ecl-description-list__definition">`)
		for _, c := range t.Lines {
			m.Raw(`<div>`).cell(c).Raw(`</div>`)
		}
		m.Raw("</dd>\n")
	}
	return m.Raw(`</dl>`)
}

// Timeline puts a history.
func (m *Markup) Timeline(moments []Moment) *Markup {
	m.Raw(`<ol class="ecl-timeline of-timeline">`)
	for _, at := range moments {
		m.Raw(`<li class="ecl-timeline__item"><div class="ecl-timeline__tooltip"><div class="ecl-timeline__tooltip-arrow"></div><div class="ecl-timeline__label">`).Text(at.When)
		m.Raw(`</div><div class="ecl-timeline__title">`).Text(at.Title).Raw(`</div>`)
		if at.Text != "" {
			m.Raw(`<div class="ecl-timeline__content">`).Text(at.Text).Raw(`</div>`)
		}
		m.Raw("</div></li>\n")
	}
	return m.Raw(`</ol>`)
}
