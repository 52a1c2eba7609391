package counter

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Status is a coloured label for a state. Made by Page.Status.
type Status struct {
	// Tone is ok, wait, stop or plain; the word says the same, colour is only help.
	Tone, Text string
}

// Status makes a label: a tone (ok, wait, stop, plain) and a key or a Keyed value.
func (p *Page) Status(tone string, word any) Status {
	if key, ok := word.(string); ok {
		return Status{tone, p.T(key)}
	}
	return Status{tone, p.Words(word)}
}

// Table is a list in columns; on a narrow screen each row becomes a block in which the
// column's name stands before the value. Shown by the part "table".
type Table struct {
	// Caption names the table for those who do not see it.
	Caption string
	// Columns are the headings, in words.
	Columns []string
	// Rows have one cell for each column.
	Rows [][]Cell
}

// NumberColumn says whether amounts stand in a column, as the first row has them. For templates.
func (t Table) NumberColumn(i int) bool {
	return len(t.Rows) > 0 && i < len(t.Rows[0]) && t.Rows[0][i].Number
}

// Cell is one cell: text, a link, a label, or several of these.
type Cell struct {
	// Text stands in it; URL makes it a link. Hidden goes on with the text for those who hear
	// a link without the row around it.
	Text, URL, Hidden string
	// Day stands before the text, on one line where the page is wide enough.
	Day string
	// Sub is a second line in small letters.
	Sub string
	// Status is a label behind the text; nil when there is none.
	Status *Status
	// Number sets it to the right.
	Number bool
	// Meters draw quantities; Folded are those that are seen when one asks for them.
	Meters, Folded []QuantityMeter
	// FoldedWord is what one asks for them by, FoldedMore what stands below them.
	FoldedWord, FoldedMore string
}

// DayCell is a day in a table. It stays on one line, however narrow its column is.
func (p *Page) DayCell(d flegt.Date) Cell { return Cell{Day: p.Day(d)} }

// MomentCell is a moment in a table; its hour may stand on a line below its day.
func (p *Page) MomentCell(t time.Time) Cell {
	moment, day := p.DateTime(t), p.Date(t)
	if rest, ok := strings.CutPrefix(moment, day); ok {
		return Cell{Day: day, Text: rest}
	}
	return Cell{Text: moment}
}

// Term is a line of a description list: what it is, and what it is here.
type Term struct {
	Name string
	// Box is the number on the paper form; empty for what is not on it.
	Box string
	// Lines are the values; mostly one.
	Lines []Cell
}

// TermOf makes one line with one text.
func TermOf(name, text string) Term { return Term{Name: name, Lines: []Cell{{Text: text}}} }

// Moment is one entry of a history. Shown by the part "timeline", newest first or
// oldest first as given.
type Moment struct {
	When, Title, Text string
}

// File is a link to a file. Shown by the part "file_link".
type File struct {
	URL, Name string
	// Meta is its kind and size in words: "PDF, 1.2 MB".
	Meta string
	// Action is the link's text, such as "Download".
	Action string
}

// Step is one step of a way: what to do, and how far one is ("", "done", "current").
type Step struct {
	Title, Text, State string
	Link               Link
}

// Empty is what stands where a list has nothing: a sentence and what to do about it.
type Empty struct {
	Title, Text string
	Link        Link
}

// Pages leads through a long list. Made by Server.PagesOf.
type Pages struct {
	// Label names the navigation; Summary says which entries are shown.
	Label, Summary string
	// Further leads on from the summary; empty mostly.
	Further Link
	// Previous and Next are empty at the ends.
	Previous, Next Link
	// Numbers are the pages near this one; one with Text "…" is a gap.
	Numbers []PageNumber
}

// PageNumber is one page's number.
type PageNumber struct {
	Link
	Label   string
	Page    int // its number; 0 for a gap
	Current bool
}

// PagesOf leads through total entries of which size are shown at a time; now counts
// from 1. The address keeps its other fields.
func (s *Server) PagesOf(r *Request, p *Page, now, size, total int) Pages {
	return p.pages(now, size, total, func(n int) string {
		query := r.URL.Query()
		query.Del("lang")
		query.Set("page", strconv.Itoa(n))
		return (&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).String()
	})
}

// pages leads through total entries, to the address of each page.
func (p *Page) pages(now, size, total int, address func(n int) string) Pages {
	last := max(1, (total+size-1)/size)
	now = min(max(1, now), last)
	pages := Pages{Label: p.T("pages.label")}
	if total == 0 {
		return pages
	}
	pages.Summary = p.TN("pages.summary", total, "From", (now-1)*size+1, "To", min(now*size, total))
	if now > 1 {
		pages.Previous = Link{address(now - 1), p.T("pages.previous")}
	}
	if now < last {
		pages.Next = Link{address(now + 1), p.T("pages.next")}
	}
	before := 0
	for n := 1; n <= last; n++ {
		if n != 1 && n != last && (n < now-2 || n > now+2) {
			continue
		}
		if n > before+1 {
			pages.Numbers = append(pages.Numbers, PageNumber{Link: Link{Text: "…"}})
		}
		before = n
		pages.Numbers = append(pages.Numbers, PageNumber{
			Link: Link{address(n), p.Number(n)}, Label: p.T("pages.go", "Page", n), Page: n, Current: n == now,
		})
	}
	return pages
}

// PageAsked reads which page of a list is asked for; 1 when it says nothing sensible.
func PageAsked(r *Request) int {
	n, err := strconv.Atoi(r.Query("page"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

// QuantityMeter draws how much of a position is used.
type QuantityMeter struct {
	ID, Label, Text string
	Used            int64 // thousandths of the limit
}

// Tab is one part of the list with how much lies in it.
type Tab struct {
	Link
	Count   string
	Current bool
}
