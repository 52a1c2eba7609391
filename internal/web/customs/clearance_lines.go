package customs

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// linesShown is how many goods lines the counter shows at a time, each with boxes to book from it.
const linesShown = 10

func linesAt(l flegt.Licence) counter.LinesAt {
	return counter.LinesAt{Path: "/customs/" + url.PathEscape(l.ID), Fragment: "goods", Size: linesShown, Each: 6_200, Twice: true, Taken: 12_000}
}

// linesOfDeclaration are those of which a physical check is recorded.
func linesOfDeclaration(l flegt.Licence, mrn string) counter.LinesAt {
	return counter.LinesAt{Path: "/customs/" + url.PathEscape(l.ID) + "/declarations/" + url.PathEscape(mrn), Fragment: "f-found", Size: linesShown, Each: 2_000, Taken: 16_000}
}

// linesAsked is the page of goods lines to show: the one that was gone to from the booking form,
// which brings along what was typed on the others, else the one it stood on.
func linesAsked(r *counter.Request) int {
	if n, ok := strings.CutPrefix(r.Posted("do"), "lines:"); ok {
		return counter.LinesAsked(n)
	}
	if n := r.Posted("lines"); n != "" {
		return counter.LinesAsked(n)
	}
	return counter.LinesAsked(r.Query("lines"))
}

// bookAgain shows the form again with what was wrong, on the page of the line that it is about. The
// licence is read anew: a refusal may have dropped the declaration's earlier booking.
func (s pages) bookAgain(w http.ResponseWriter, r *counter.Request, err error) error {
	p, failed := s.clearance(r)
	if failed != nil {
		return failed
	}
	err = p.refusalAtBox(err)
	if e, ok := counter.AsRefusal(err); ok && len(e.Boxes) > 0 {
		if at, ok := pageOfBox(&p.LicencePage, e.Boxes[0].Box); ok && at != p.Now {
			r.PostForm.Set("do", "lines:"+strconv.Itoa(at))
			if p, failed = s.clearance(r); failed != nil {
				return failed
			}
		}
	}
	return s.Again(w, p, "", err)
}

// pageOfBox is the page of goods lines on which a box of a line stands, by its name: quantity.12.MTQ;
// false for a box that is on every page.
func pageOfBox(p *counter.LicencePage, box string) (int, bool) {
	parts := strings.Split(box, ".")
	if len(parts) < 2 {
		return 0, false
	}
	for i, g := range p.Case.Licence.Form.Goods {
		if strconv.Itoa(g.Line) == parts[1] {
			return p.PageWith(i), true
		}
	}
	return 0, false
}
