package operator

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// A form shows as many goods lines as keep its page below 100 kB. A line with one species and its
// boxes empty has about bytesOfLine bytes of HTML, each further species bytesOfSpecies, and what is
// typed comes on top.
const (
	bytesOfLine    = 3_500
	bytesOfSpecies = 1_000
)

// room is how many goods lines stand on one page, and how many bytes their boxes have.
type room struct{ lines, bytes int }

// A usual licence is typed on one page. One with more lines than fit is cut into smaller parts, as
// its page has to name what is wrong and what was remarked in all the others.
var (
	onePage = room{10, 47_000}
	oneOf   = room{8, 38_000}
)

// linePart is the part of a licence's goods lines that a form shows, by their indices:
// First <= i < End. The other parts stay in the draft as they are.
type linePart struct{ First, End int }

// rooms is how much room the goods lines of one licence have on its form.
type rooms struct {
	page, part room
	// remarked is how many bytes the authority's remarks beside a line's boxes have, by its number.
	remarked map[int]int
}

// What stands in the other boxes and in the list of remarks leaves less room for lines, when it is
// more than usual; a few always have theirs.
const (
	usualTexts = 3_000
	leastRoom  = 8_000
)

// roomsOf is how much room lines have beside the other boxes of a form and the authority's remarks.
func roomsOf(f flegt.Form, back *flegt.Return) rooms {
	r := rooms{onePage, oneOf, map[int]int{}}
	texts := counter.BytesOf(f.IssuingBody.Name, f.IssuingBody.Address, f.Importer.Name, f.Importer.Address, f.Transport, f.Licensee.Name, f.Licensee.Address, f.Invoice, f.BarCode, f.Lot,
		f.BillOfLading, f.Containers, f.Marks, f.IssuePlace, f.ArrivalPlace, f.OwnInvoice, f.Agent.Name, f.Agent.Address, f.Remarks)
	if back != nil {
		texts += counter.BytesOf(back.Words)
		for _, x := range back.Remarks {
			texts += 300 + min(counter.BytesOf(x.Words), wordsInList)
			r.remarked[x.Line] += 150 + counter.BytesOf(x.Words)
		}
		texts += r.remarked[0]
	}
	if more := texts - usualTexts; more > 0 {
		r.page.bytes, r.part.bytes = max(leastRoom, r.page.bytes-more), max(leastRoom, r.part.bytes-more)
	}
	return r
}

// bytesOf is about how many bytes a line's boxes have in HTML. The checks quote its species once more.
func bytesOf(g flegt.GoodsLine) int {
	n := bytesOfLine + counter.BytesOf(g.Description, g.HS, string(g.Volume), string(g.Weight), string(g.Units)) + 4*len(g.Harvest)
	for i, sp := range g.Species {
		n += 2 * counter.BytesOf(sp.Common, sp.Scientific)
		if i > 0 {
			n += bytesOfSpecies
		}
	}
	return n
}

// fit counts the goods lines that fit, from the first on; at least one when there are any.
func (r rooms) fit(goods []flegt.GoodsLine, in room) int {
	sum := 0
	for i, g := range goods {
		if sum += bytesOf(g) + r.remarked[g.Line]; i > 0 && (i >= in.lines || sum > in.bytes) {
			return i
		}
	}
	return len(goods)
}

// partsOf cuts goods lines into parts that fit on a page. The lines begin at index first.
func (r rooms) partsOf(goods []flegt.GoodsLine, first int) (out []linePart) {
	if n := len(goods); n > 0 && r.fit(goods, r.page) == n {
		return []linePart{{first, first + n}}
	}
	for len(goods) > 0 {
		n := r.fit(goods, r.part)
		out = append(out, linePart{first, first + n})
		goods, first = goods[n:], first+n
	}
	return out
}

// partWith is the part in which the line at index i stands; the last one when there is none.
func (r rooms) partWith(goods []flegt.GoodsLine, i int) linePart {
	part := linePart{}
	for _, part = range r.partsOf(goods, 0) {
		if i < part.End {
			break
		}
	}
	return part
}

// fitting keeps a part as it is when it fits on a page; else it is what fits from line i on. Lines
// in which nothing stands are then left off beside it, as they are not saved.
func (r rooms) fitting(goods []flegt.GoodsLine, part linePart, i int) ([]flegt.GoodsLine, linePart) {
	if r.fit(goods[part.First:part.End], r.page) == part.End-part.First {
		return goods, part
	}
	end := i + r.fit(goods[i:part.End], r.part)
	before, after := filled(goods[:i]), filled(goods[end:])
	return slices.Concat(before, goods[i:end], after), linePart{len(before), len(before) + end - i}
}

// oneMore adds a line at the end of the licence. It gives the part in which it stands, the one shown
// when it is the last and has room, and the box to go on with.
func (r rooms) oneMore(goods []flegt.GoodsLine, part linePart) (all []flegt.GoodsLine, shown linePart, next string) {
	if part.End == len(goods) {
		all, shown = r.fitting(append(slices.Clone(goods), flegt.GoodsLine{}), linePart{part.First, part.End + 1}, part.End)
	} else {
		all = append(filled(goods), flegt.GoodsLine{})
		shown = r.partWith(all, len(all)-1)
	}
	return all, shown, boxOfLine(shown.End-1, "description")
}

// oneSpeciesMore adds a species to the line at index i of the part, and gives what oneMore gives.
func (r rooms) oneSpeciesMore(goods []flegt.GoodsLine, part linePart, i int) (all []flegt.GoodsLine, shown linePart, next string) {
	j := max(1, len(goods[i].Species)) // one without a name is shown already
	goods[i].Species = slices.Grow(slices.Clone(goods[i].Species), 2)[:j+1]
	if all, shown = r.fitting(goods, part, i); shown != part {
		i = shown.First
	}
	return all, shown, boxOfLine(i, "species."+strconv.Itoa(j)+".common")
}

// boxOfLine names a box of the goods line at index i.
func boxOfLine(i int, box string) string { return "goods." + strconv.Itoa(i) + "." + box }

// filled are the lines in which something stands.
func filled(goods []flegt.GoodsLine) []flegt.GoodsLine {
	return slices.DeleteFunc(slices.Clone(goods), flegt.GoodsLine.Empty)
}

// shows says whether a box of the form stands on the page: one of a line shown, or of no line.
func (part linePart) shows(box string) bool {
	return counter.LineWindow{First: part.First, End: part.End}.ShowsBox(box)
}

// placed puts the lines posted in the place of those that the form showed: what lies after the line
// numbered after and before the one numbered before; 0 is the beginning and the end. When one of
// the two is gone meanwhile, which only somebody else can have done, the place is that of the
// lines posted.
func placed(kept, posted []flegt.GoodsLine, after, before int) ([]flegt.GoodsLine, linePart) {
	at := func(number int) int {
		return slices.IndexFunc(kept, func(g flegt.GoodsLine) bool { return g.Line == number })
	}
	first, last := len(kept), -1
	for i, g := range kept {
		if slices.ContainsFunc(posted, func(p flegt.GoodsLine) bool { return p.Line == g.Line }) {
			first, last = min(first, i), i
		}
	}
	from, to := 0, len(kept)
	if after != 0 {
		if from = at(after) + 1; from == 0 {
			from = first
		}
	}
	if before != 0 {
		if to = at(before); to < 0 {
			to = last + 1
		}
	}
	to = max(from, to)
	return slices.Concat(kept[:from], posted, kept[to:]), linePart{from, from + len(posted)}
}

// partView is the part of the goods lines that a form shows, and the way to the others.
type partView struct {
	linePart
	// FirstLine is the index of its first line.
	FirstLine int
	// After and Before are the numbers of the lines around it; 0 at the ends.
	After, Before int
	// Others is how many lines stand in other parts.
	Others int
	// Parts are all parts, empty when there is one; Previous and Next those beside this one.
	Parts          []partButton
	Previous, Next *partButton
	// ShownLines says which are shown; empty when all are.
	ShownLines string
	all        []linePart
}

// partButton leads to a part, and has what was typed kept on the way.
type partButton struct {
	// Text is short, Label says it whole; Do is what the button posts.
	Text, Label, Do string
	Current, Gap    bool
}

// viewOfPart shows a part; do names what a button that leads to a line posts.
func viewOfPart(p *counter.Page, r rooms, goods []flegt.GoodsLine, part linePart, do func(i int) string) partView {
	v := partView{linePart: part, FirstLine: part.First, Others: len(goods) - (part.End - part.First)}
	if part.First > 0 {
		v.After = goods[part.First-1].Line
	}
	if part.End < len(goods) {
		v.Before = goods[part.End].Line
	}
	v.all = slices.Concat(r.partsOf(goods[:part.First], 0), []linePart{part}, r.partsOf(goods[part.End:], part.End))
	if len(v.all) == 1 {
		return v
	}
	v.ShownLines = p.T("licence.lines.shown", "From", part.First+1, "To", part.End, "Count", len(goods))
	now := slices.Index(v.all, part)
	button := func(n int, key string) partButton {
		x := v.all[n]
		return partButton{Text: p.T(key, "From", x.First+1, "To", x.End), Label: p.T("licence.lines.go", "From", x.First+1, "To", x.End), Do: do(x.First), Current: n == now}
	}
	for n := range v.all {
		if n != 0 && n != len(v.all)-1 && (n < now-2 || n > now+2) {
			if !v.Parts[len(v.Parts)-1].Gap {
				v.Parts = append(v.Parts, partButton{Text: "…", Gap: true})
			}
			continue
		}
		v.Parts = append(v.Parts, button(n, "licence.lines.part"))
	}
	if now > 0 {
		b := button(now-1, "licence.lines.previous")
		v.Previous = &b
	}
	if now < len(v.all)-1 {
		b := button(now+1, "licence.lines.next")
		v.Next = &b
	}
	return v
}

// partOf is the part in which the line of a box stands; false for a box of no line.
func (v partView) partOf(box string) (linePart, bool) {
	rest, ok := strings.CutPrefix(box, "goods.")
	index, _, _ := strings.Cut(rest, ".")
	i, err := strconv.Atoi(index)
	if !ok || err != nil {
		return linePart{}, false
	}
	for _, part := range v.all {
		if part.First <= i && i < part.End {
			return part, true
		}
	}
	return linePart{}, false
}

// problemLinks are the links to the boxes that are wrong. For those in other parts it tells how many
// there are in which, with a button of the form that leads there.
func (v partView) problemLinks(p *counter.Page, form string, do func(i int) string) (out []counter.ProblemLink) {
	all, count := p.ProblemLinks(), map[linePart]int{}
	for i, link := range all {
		part, ofLine := v.partOf(p.Problem.Boxes[i].Box)
		if !ofLine || part == v.linePart {
			out = append(out, link)
			continue
		}
		count[part]++
	}
	for _, part := range v.all {
		if n := count[part]; n > 0 {
			link := counter.ProblemLink{Form: form, Do: do(part.First)}
			link.Text = p.TN("licence.lines.wrong", n, "From", part.First+1, "To", part.End)
			out = append(out, link)
		}
	}
	return out
}

// elsewhere are the findings of the part shown and of no line, and of the others how many there are
// in which part, so that nothing that asks for a look is out of sight.
func (v partView) elsewhere(p *counter.Page, list []flegt.Finding, do func(i int) string) (here []flegt.Finding, out []partButton) {
	wrong, look := map[linePart]int{}, map[linePart]int{}
	for _, f := range list {
		part, ofLine := v.partOf(f.Field)
		switch {
		case !ofLine || part == v.linePart:
			here = append(here, f)
		case f.Severity == flegt.Wrong:
			wrong[part]++
		case f.Severity == flegt.Look:
			look[part]++
		}
	}
	for _, part := range v.all {
		if wrong[part]+look[part] > 0 {
			out = append(out, partButton{Do: do(part.First), Text: p.T("licence.lines.elsewhere", "From", part.First+1, "To", part.End, "Wrong", wrong[part], "Look", look[part])})
		}
	}
	return here, out
}
