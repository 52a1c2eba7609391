package counter

import (
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// LinesAt says where the goods lines of a licence are shown, and how many of them at a time: a
// licence may have flegt.MaxLines, and a page stays below 100 kB.
type LinesAt struct {
	Path, Fragment string
	// Size is how many lines the page shows at most; it shows fewer where much stands in them.
	Size int
	// Each is about how many bytes the page has for a line, apart from what stands in its boxes;
	// Twice says that it tells that twice.
	Each  int
	Twice bool
	// Taken is about how many bytes the page has besides its lines.
	Taken int
	// Findings are those that the page tells of a line.
	Findings []flegt.Finding
}

// bytesOfFinding is about how many bytes a finding has, and a link to where others are, apart from
// what is quoted in it.
const bytesOfFinding = 450

// bytesOfLine is how many bytes have the boxes of a goods line.
func bytesOfLine(g flegt.GoodsLine) int {
	n := BytesOf(g.Description, g.HS, string(g.Volume), string(g.Weight), string(g.Units))
	for _, h := range g.Harvest {
		n += BytesOf(h) + 2
	}
	for _, sp := range g.Species {
		n += BytesOf(sp.Common, sp.Scientific) + 5
	}
	return n
}

// ends are the indices at which the pages of goods lines end.
func (at LinesAt) ends(goods []flegt.GoodsLine) (out []int) {
	bytes := make([]int, len(goods))
	for i, g := range goods {
		bytes[i] = at.Each + bytesOfLine(g)
		if at.Twice {
			bytes[i] += bytesOfLine(g)
		}
	}
	for _, f := range at.Findings {
		i, ofLine := indexOfLine(f.Field)
		if !ofLine || i >= len(goods) {
			continue
		}
		bytes[i] += bytesOfFinding + BytesOf(f.Answer)
		for _, arg := range f.Args {
			if text, quoted := arg.(string); quoted {
				bytes[i] += BytesOf(text)
			}
		}
	}
	room := roomOfPage - at.Taken
	out = endsOf(bytes, at.Size, room)
	if at.Findings != nil && len(out) > 1 { // the page names the other pages on which something was found
		out = endsOf(bytes, at.Size, room-bytesOfFinding/2*len(out))
	}
	return out
}

// LineWindow is the part of a licence's goods lines that a page shows; the others are a link away.
type LineWindow struct {
	// First and End are the indices of the lines shown: First <= i < End. Now counts the pages
	// of lines from 1.
	First, End, Now int
	// LinePages leads to the other lines; it is empty when all are shown.
	LinePages Pages
	// Elsewhere are the lines not shown in which the checks found something.
	Elsewhere []Link
	lines     map[int]bool // numbers of the lines shown
	ends      []int        // the indices at which the pages of lines end
}

// LinesAsked reads which page of goods lines is asked for; 1 when it says nothing sensible.
func LinesAsked(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > flegt.MaxLines {
		return 1
	}
	return n
}

// LinesOf is the part of a licence's goods lines on page now.
func (p *Page) LinesOf(l flegt.Licence, at LinesAt, now int) LineWindow {
	ends := at.ends(l.Form.Goods)
	now = min(now, len(ends))
	w := LineWindow{End: ends[now-1], Now: now, lines: map[int]bool{}, ends: ends}
	if now > 1 {
		w.First = ends[now-2]
	}
	for _, g := range l.Form.Goods[w.First:w.End] {
		w.lines[g.Line] = true
	}
	if len(ends) > 1 {
		w.LinePages = p.pages(now, 1, len(ends), at.address)
		w.LinePages.Label = p.T("licence.lines.label")
		w.LinePages.Summary = p.T("licence.lines.summary", "From", w.First+1, "To", w.End, "Count", len(l.Form.Goods))
	}
	return w
}

// PageWith is the page of lines on which the line at an index stands; it counts from 1.
func (w LineWindow) PageWith(i int) int {
	for n, end := range w.ends {
		if i < end {
			return n + 1
		}
	}
	return len(w.ends)
}

func (at LinesAt) address(n int) string {
	return at.Path + "?lines=" + strconv.Itoa(n) + "#" + at.Fragment
}

// Has says whether the line with a number is shown.
func (w LineWindow) Has(line int) bool { return w.lines[line] }

// ShowsBox says whether a box of the form is shown: one of a line shown, or of no line.
func (w LineWindow) ShowsBox(field string) bool {
	i, ofLine := indexOfLine(field)
	return !ofLine || w.First <= i && i < w.End
}

// indexOfLine is the index of the goods line that a finding is about; false when it is about none.
func indexOfLine(field string) (int, bool) {
	rest, ok := strings.CutPrefix(field, "goods.")
	index, _, _ := strings.Cut(rest, ".")
	i, err := strconv.Atoi(index)
	return i, ok && err == nil
}

// FindingsShown are the findings of the lines shown and of no line. Of the others it tells how
// many there are on which page, so that nothing that asks for a look is out of sight.
func (p *Page) FindingsShown(w *LineWindow, at LinesAt, list []flegt.Finding) (out []flegt.Finding) {
	wrong, look := map[int]int{}, map[int]int{}
	for _, f := range list {
		if w.ShowsBox(f.Field) {
			out = append(out, f)
			continue
		}
		i, _ := indexOfLine(f.Field)
		switch f.Severity {
		case flegt.Wrong:
			wrong[w.PageWith(i)]++
		case flegt.Look:
			look[w.PageWith(i)]++
		}
	}
	from := 1
	for i, to := range w.ends {
		if n := i + 1; wrong[n]+look[n] > 0 {
			w.Elsewhere = append(w.Elsewhere, Link{at.address(n), p.T("licence.lines.elsewhere", "From", from, "To", to, "Wrong", wrong[n], "Look", look[n])})
		}
		from = to + 1
	}
	return out
}

// positionsShown are the positions of the lines shown.
func (w LineWindow) positionsShown(list []flegt.Position) (out []flegt.Position) {
	for _, x := range list {
		if w.Has(x.Line) {
			out = append(out, x)
		}
	}
	return out
}

// GoodsShown lists the goods lines shown.
func (p *Page) GoodsShown(l flegt.Licence, w LineWindow) Table {
	l.Form.Goods = l.Form.Goods[w.First:w.End]
	return p.GoodsTable(l)
}
