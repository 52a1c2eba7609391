package operator

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// issueLicence puts the licence in, or goes to other goods lines, adds and takes away lines without
// keeping anything.
func (s pages) issueLicence(w http.ResponseWriter, r *counter.Request) error {
	t := s.readLicenceForm(r)
	rest, err := unpackLines(r.Posted("lines.rest"))
	if err != nil {
		return err
	}
	first, _ := strconv.Atoi(r.Posted("lines.first"))
	first = min(max(0, first), len(rest))
	goods, part := slices.Concat(rest[:first], t.Goods, rest[first:]), linePart{first, first + len(t.Goods)}
	do, arg, _ := strings.Cut(r.Posted("do"), ":")
	next := ""
	if do != "issue" {
		goods, part, next = changedLines(roomsOf(t.Form, nil), goods, part, do, arg)
	} else { // lines in which nothing stands are left off, so that what is wrong is found at its place
		before, here := filled(goods[:part.First]), filled(goods[part.First:part.End])
		goods, part = slices.Concat(before, here, filled(goods[part.End:])), linePart{len(before), len(before) + len(here)}
		if part.First == part.End {
			part = roomsOf(t.Form, nil).partWith(goods, part.First)
		}
	}
	t.Goods = goods
	p, err := s.issueForm(r, t.Form, part, t.Country, counter.Clean(r.Posted("verification")))
	if err != nil {
		return err
	}
	if do != "issue" {
		p.FocusOn = next
		if err := p.fields(); err != nil {
			return err
		}
		return s.Show(w, p, "licence_issue")
	}
	l, number, err := s.Office.IssueLicence(r.Context(), r.Viewer.Actor, p.Form, t.Country, p.Verification)
	if err != nil {
		return s.issueAgain(w, p, err)
	}
	return s.showIssued(w, r, l, number)
}

// issueAgain shows the form again with what was wrong, and with the part of the first box that is
// when nothing is in the part that was posted.
func (s pages) issueAgain(w http.ResponseWriter, p *issuePage, err error) error {
	refusal, ok := counter.AsRefusal(err)
	if !ok {
		return err
	}
	p.Problem = refusal
	if len(refusal.Boxes) > 0 && !slices.ContainsFunc(refusal.Boxes, func(b flegt.BoxError) bool { return p.shows(b.Box) }) {
		if part, ok := p.partOf(refusal.Boxes[0].Box); ok {
			p.show(p.Form.Goods, part)
		}
	}
	if err := p.fields(); err != nil {
		return err
	}
	return s.Again(w, p, "licence_issue", err)
}

// changedLines gives the goods with a line or a species more, or a line less, the part to show, and
// the box to go on with.
func changedLines(r rooms, goods []flegt.GoodsLine, part linePart, do, arg string) (all []flegt.GoodsLine, shown linePart, next string) {
	i, err := strconv.Atoi(arg)
	switch {
	case do == "add_line" && len(goods) < flegt.MaxLines:
		return r.oneMore(goods, part)
	case err != nil || i < 0 || i >= len(goods):
	case do == "lines":
		part = r.partWith(goods, i)
		return goods, part, boxOfLine(part.First, "description")
	case i < part.First || i >= part.End:
	case do == "add_species":
		return r.oneSpeciesMore(goods, part, i)
	case do == "remove_line":
		goods = slices.Delete(goods, i, i+1)
		if part.End--; part.First == part.End {
			part = r.partWith(goods, part.First)
		}
		return goods, part, boxOfLine(max(part.First, min(i, part.End-1)), "description")
	}
	return goods, part, ""
}

// maxPacked is the most that goods lines may have when unpacked, in bytes: with every box as long as
// the checks let it be, flegt.MaxLines have less.
const maxPacked = 8 << 20

// packLines writes goods lines into a hidden box, small enough that the page stays below 100 kB.
func packLines(goods []flegt.GoodsLine) string {
	if len(goods) == 0 {
		return ""
	}
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // fails for a level that is none
	if err := json.NewEncoder(w).Encode(goods); err != nil {
		return "" // of strings alone: it cannot fail
	}
	w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// unpackLines reads what packLines wrote.
func unpackLines(text string) (goods []flegt.GoodsLine, err error) {
	if text == "" {
		return nil, nil
	}
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxPacked)).Decode(&goods)
	}
	if err != nil || len(goods) > flegt.MaxLines {
		return nil, flegt.Refuse(flegt.Invalid, "error.unreadable", nil)
	}
	return goods, nil
}
