package operator

import (
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// checksPage is what the page shows anew while one types: the findings and the sums.
type checksPage struct {
	counter.Page
	Findings []counter.FindingLine
	Further  []partButton
	Count    findingCount
	Totals   []string
}

// findingCount is how many findings ask for what.
type findingCount struct{ Wrong, Look, OK int }

func countFindings(found []flegt.Finding) (n findingCount) {
	for _, f := range found {
		switch f.Severity {
		case flegt.Wrong:
			n.Wrong++
		case flegt.Look:
			n.Look++
		default:
			n.OK++
		}
	}
	return n
}

// totals adds up the goods lines, unit by unit; what is not an amount does not count. They
// are compared with the sums on the paper.
func totals(p *counter.Page, goods []flegt.GoodsLine) []string {
	var out []string
	for _, u := range []flegt.Unit{flegt.CubicMetre, flegt.Kilogram, flegt.Piece} {
		var sum flegt.Quantity
		for _, g := range goods {
			if q, ok := g.Granted(u); ok && sum+q >= sum {
				sum += q
			}
		}
		if sum > 0 {
			out = append(out, p.Qty(sum, u))
		}
	}
	return out
}

// checkLicence runs the checks on what stands in the form, without saving it. Lines in which
// nothing stands yet are not found fault with as long as another one is filled in: saving
// leaves them off.
func (s pages) checkLicence(w http.ResponseWriter, r *counter.Request) error {
	if err := counter.ParseForm(r); err != nil {
		return err
	}
	t := s.readLicenceForm(r)
	l := t.Kept
	switch {
	case l.ID == "" && r.FormValue("id") != "":
		return flegt.Missing()
	case l.ID == "":
		l = flegt.Licence{State: flegt.Draft, NextLine: 1}
	}
	l.Form, l.ImportCountry = t.Form, t.Country
	if !slices.ContainsFunc(t.Goods, func(g flegt.GoodsLine) bool { return !g.Empty() }) {
		l.Form.Goods, t.Part = nil, linePart{}
	}
	empty := map[string]bool{}
	for i, number := range numbersOf(l) {
		empty["goods."+strconv.Itoa(i)+"."] = l.Form.Goods[i].Empty()
		l.Form.Goods[i].Line = number
	}
	found, err := s.Office.CheckLicence(r.Context(), r.Viewer.Actor, l)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(f flegt.Finding) bool { return empty[lineOf(f.Field)] })
	p := checksPage{Page: s.Page(r, "check.title"), Count: countFindings(found), Totals: nil}
	toLine := func(i int) string { return "line:" + strconv.Itoa(l.Form.Goods[i].Line) }
	here, further := viewOfPart(&p.Page, roomsOf(l.Form, l.Return), l.Form.Goods, t.Part, toLine).elsewhere(&p.Page, found, toLine)
	p.Findings, p.Further, p.Totals = p.FindingLines(shortAnswers(here)), further, totals(&p.Page, l.Form.Goods)
	return s.Fragment(w, &p, "licence_checks", "content")
}

// lineOf gives the beginning of the name of a goods line's box, "goods.2."; empty for others.
func lineOf(field string) string {
	parts := strings.SplitN(field, ".", 3)
	if len(parts) < 3 || parts[0] != "goods" {
		return ""
	}
	return "goods." + parts[1] + "."
}

// numbersOf gives the number of each goods line: its own, or the one it gets when saved. Lines
// in which nothing stands come after all others, as saving leaves them off.
func numbersOf(l flegt.Licence) []int {
	first := max(1, l.NextLine)
	next, out := first, make([]int, len(l.Form.Goods))
	for _, empty := range []bool{false, true} {
		for i, g := range l.Form.Goods {
			if g.Empty() != empty {
				continue
			}
			out[i] = g.Line
			if g.Line <= 0 || g.Line >= first || slices.Contains(out[:i], g.Line) {
				out[i] = next
				next++
			}
		}
	}
	return out
}

// savedAnswer tells the page how its draft was kept.
type savedAnswer struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	// Title is what the page is called now.
	Title string `json:"title"`
	// Edit is the address of the draft's form, Part that of the part of it that was posted.
	Edit string `json:"edit"`
	Part string `json:"part"`
	// Lines are the numbers of the goods lines as posted; 0 for one that is empty.
	Lines []int `json:"lines"`
	// Same says that the draft stood like this already.
	Same bool `json:"same"`
}

// autosaveLicence keeps what was typed. What stands in the draft already is no conflict: an
// answer may have been lost on the way.
func (s pages) autosaveLicence(w http.ResponseWriter, r *counter.Request) error {
	if err := counter.ParseForm(r); err != nil {
		return err
	}
	t := s.readLicenceForm(r)
	id := r.PathValue("id")
	version, _ := strconv.Atoi(r.FormValue("version"))
	if version == 0 {
		version = -1 // a script that brings none is never newer than what is kept
	}
	known := id
	if known == "" {
		known = r.FormValue("key")
	}
	if l, ok := s.sameDraft(r, known, t.Form, t.Country); ok {
		return counter.Tell(w, http.StatusOK, s.answerSaved(r, l, t, true))
	}
	l, err := s.keepDraft(r, id, version, t.Form, t.Country)
	if err != nil {
		return err
	}
	return counter.Tell(w, http.StatusOK, s.answerSaved(r, l, t, false))
}

func (s pages) answerSaved(r *counter.Request, l flegt.Licence, t typedForm, same bool) savedAnswer {
	title := s.Catalog.Say(r.Lang, "licence.edit.title", flegt.Args{"Number": s.NumberOf(r, l)})
	a := savedAnswer{ID: l.ID, Version: l.Version, Title: title, Edit: editPath(l.ID), Part: editPathAt(l, t.Part.First), Lines: []int{}, Same: same}
	t.saved(l)
	for _, g := range t.Goods[t.Part.First:t.Part.End] {
		if g.Empty() {
			g.Line = 0
		}
		a.Lines = append(a.Lines, g.Line)
	}
	return a
}

// sameDraft finds the draft if it stands exactly as posted.
func (s pages) sameDraft(r *counter.Request, id string, form flegt.Form, country string) (flegt.Licence, bool) {
	if id == "" {
		return flegt.Licence{}, false
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, id)
	if err != nil {
		return flegt.Licence{}, false
	}
	_, edits := flegt.Next(c.Licence.State, r.Viewer.Actor.Role, flegt.VerbEdit)
	if !edits || country != "" && country != c.Licence.ImportCountry {
		return flegt.Licence{}, false
	}
	return c.Licence, sayForm(form) == sayForm(c.Licence.Form)
}

// sayForm writes a form so that two can be compared: the numbers of lines, which the office
// gives, and lines that are empty do not count.
func sayForm(f flegt.Form) string {
	var goods []flegt.GoodsLine
	for _, g := range f.Goods {
		if !g.Empty() {
			g.Line = 0
			if len(g.Harvest) == 0 {
				g.Harvest = nil
			}
			goods = append(goods, g)
		}
	}
	f.Goods = goods
	text, _ := json.Marshal(f) // of strings alone: it cannot fail
	return string(text)
}

// scansAnswer tells the page which scans the draft has now.
type scansAnswer struct {
	Version int           `json:"version"`
	HTML    template.HTML `json:"html"`
	// Shown is what shows the scans beside the form.
	Shown template.HTML `json:"shown"`
	Count int           `json:"count"`
}

// uploadScan keeps one scan of a draft, for a page that shows how far it is.
func (s pages) uploadScan(w http.ResponseWriter, r *counter.Request) error {
	up, err := s.TakeUpload(w, r)
	if err != nil {
		return err
	}
	defer up.Close()
	if up.Wrong == nil && len(up.Scans) != 1 {
		return flegt.Refuse(flegt.Invalid, "error.unreadable", nil)
	}
	l, err := s.attachScans(r, flegt.Licence{ID: r.PathValue("id")}, up)
	if err != nil {
		return err
	}
	p := licenceFormPage{Page: s.Page(r, "scan.title"), Licence: l}
	p.Scans = p.ScanViews(l)
	html, err := s.Render(&p, "licence_edit", "scans_editable")
	if err != nil {
		return err
	}
	shown, err := s.Render(&p, "licence_edit", "scans_shown")
	if err != nil {
		return err
	}
	return counter.Tell(w, http.StatusOK, scansAnswer{l.Version, template.HTML(html), template.HTML(shown), len(l.Scans)})
}
