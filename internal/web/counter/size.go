package counter

import (
	"net/url"
	"strconv"
	"strings"
)

// No page is to have more than 100 kB. What may be long is shown in pages that are cut by about how
// many bytes it has: usual texts are shown by the number of them that is good to read.

// roomOfPage is how many bytes are planned for a page, its head and foot included. What is planned is
// not exact: 100 kB is what is allowed.
const roomOfPage = 92_000

// BytesOf is how many bytes a text has in HTML.
func BytesOf(texts ...string) (n int) {
	for _, text := range texts {
		n += len(text)
		for i := range len(text) {
			if strings.IndexByte(`<>&"'`, text[i]) >= 0 {
				n += 4
			}
		}
	}
	return n
}

// beginningOf is as much of a text as has so many bytes in HTML, and whether that is not all of it.
func beginningOf(text string, room int) (string, bool) {
	if BytesOf(text) <= room {
		return text, false
	}
	n := 0
	for i, c := range text {
		if n += BytesOf(string(c)); n > room {
			return text[:i], true
		}
	}
	return text, false
}

// endsOf cuts what has so many bytes each into pages of size at most, or of as many as there is room
// for, at least one; it gives the indices at which they end. What is nothing is one page.
func endsOf(bytes []int, size, room int) (ends []int) {
	sum, n := 0, 0
	for i, b := range bytes {
		if n > 0 && (n == size || sum+b > room) {
			ends, sum, n = append(ends, i), 0, 0
		}
		sum, n = sum+b, n+1
	}
	return append(ends, len(bytes))
}

// pageOf is the page asked for of those that end at the indices: what is on it, and the way to the
// others, which is nothing when there is one. summary says from which to which is shown.
func (p *Page) pageOf(r *Request, ends []int, summary string) (first, end int, way Pages) {
	now := min(PageAsked(r), len(ends))
	if end = ends[now-1]; now > 1 {
		first = ends[now-2]
	}
	if len(ends) > 1 {
		way = p.pages(now, 1, len(ends), func(n int) string { return (&url.URL{Path: r.URL.Path, RawQuery: "page=" + strconv.Itoa(n)}).String() })
		way.Summary = p.T(summary, "From", first+1, "To", end, "Count", ends[len(ends)-1])
	}
	return first, end, way
}

// LastOf cuts what has so many bytes each into pages, as endsOf does, for a part of the page at an
// address. It gives the page that the query asks for under a name, or else the last, and the way to the others.
func (p *Page) LastOf(r *Request, name, address string, bytes []int, size, room int) (first, end int, way Pages) {
	ends := endsOf(bytes, size, room)
	return p.partOf(r, name, address, ends, len(ends))
}

// FirstOf is LastOf for what is read from its beginning: the first page is given when none is asked for.
func (p *Page) FirstOf(r *Request, name, address string, bytes []int, size, room int) (first, end int, way Pages) {
	return p.partOf(r, name, address, endsOf(bytes, size, room), 1)
}

// partOf is the page asked for of a part of a page whose pages end at the indices, or else another.
func (p *Page) partOf(r *Request, name, address string, ends []int, other int) (first, end int, way Pages) {
	now, err := strconv.Atoi(r.Query(name))
	if err != nil || now < 1 || now > len(ends) {
		now = other
	}
	if end = ends[now-1]; now > 1 {
		first = ends[now-2]
	}
	if len(ends) > 1 {
		before := "?"
		if strings.Contains(address, before) {
			before = "&"
		}
		way = p.pages(now, 1, len(ends), func(n int) string { return address + before + name + "=" + strconv.Itoa(n) + "#" + name })
		way.Summary = p.T("licence.history.summary", "From", first+1, "To", end, "Count", ends[len(ends)-1])
	}
	return first, end, way
}

// MostOf is how many bytes a page has at most for what has so many bytes each, when it is shown in pages
// with such a room.
func MostOf(bytes []int, room int) int {
	sum := 0
	for _, n := range bytes {
		room, sum = max(room, n), sum+n
	}
	return min(sum, room)
}

// bytesOfMoments is about how many bytes a history has.
func bytesOfMoments(list []Moment) (n int) {
	for _, m := range list {
		n += 270 + BytesOf(m.When, m.Title, m.Text)
	}
	return n
}

// BytesOfTerms is about how many bytes a description list has.
func BytesOfTerms(list []Term) (n int) {
	for _, t := range list {
		n += 150 + BytesOf(t.Name)
		for _, line := range t.Lines {
			n += 60 + BytesOf(line.Text, line.URL)
		}
	}
	return n
}
