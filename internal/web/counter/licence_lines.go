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
	Size           int
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
	total := len(l.Form.Goods)
	now = min(now, max(1, (total+at.Size-1)/at.Size))
	w := LineWindow{First: (now - 1) * at.Size, End: min(now*at.Size, total), Now: now, lines: map[int]bool{}}
	for _, g := range l.Form.Goods[w.First:w.End] {
		w.lines[g.Line] = true
	}
	if total > at.Size {
		w.LinePages = p.pages(now, at.Size, total, at.address)
		w.LinePages.Label = p.T("licence.lines.label")
		w.LinePages.Summary = p.T("licence.lines.summary", "From", w.First+1, "To", w.End, "Count", total)
	}
	return w
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
			wrong[i/at.Size+1]++
		case flegt.Look:
			look[i/at.Size+1]++
		}
	}
	for n := 1; n <= flegt.MaxLines; n++ {
		if wrong[n]+look[n] > 0 {
			w.Elsewhere = append(w.Elsewhere, Link{at.address(n), p.T("licence.lines.elsewhere", "From", (n-1)*at.Size+1, "To", n*at.Size, "Wrong", wrong[n], "Look", look[n])})
		}
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
