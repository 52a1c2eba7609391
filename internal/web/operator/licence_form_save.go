package operator

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// editPath is the address of a draft's form.
func editPath(id string) string { return "/licences/" + url.PathEscape(id) + "/edit" }

// editPathAt is the address of a draft's form with the goods line at index i.
func editPathAt(l flegt.Licence, i int) string {
	if i <= 0 || i >= len(l.Form.Goods) {
		return editPath(l.ID)
	}
	return editPath(l.ID) + "?line=" + strconv.Itoa(l.Form.Goods[i].Line)
}

// saved takes over the numbers that the goods lines were given when the form was kept as the draft l.
// Lines in which nothing stands are not kept, but stay in the form.
func (t *typedForm) saved(l flegt.Licence) {
	t.Kept, t.Country = l, l.ImportCountry
	kept := l.Form.Goods
	t.Goods = slices.Clone(t.Goods)
	for i, g := range t.Goods {
		if !g.Empty() && len(kept) > 0 {
			t.Goods[i].Line, kept = kept[0].Line, kept[1:]
		}
	}
}

// afterSave does what the button says.
func (s pages) afterSave(w http.ResponseWriter, r *counter.Request, t typedForm) error {
	do, arg, _ := strings.Cut(r.FormValue("do"), ":")
	l := t.Kept
	edit := editPathAt(l, t.Part.First)
	switch do {
	case "submit":
		if _, err := s.Office.SubmitLicence(r.Context(), r.Viewer.Actor, l.ID, l.Version); err != nil {
			return s.licenceAgain(w, r, t.atFirstError(err), err)
		}
		return s.Done(w, r, "/licences/"+url.PathEscape(l.ID), "licence.submitted")
	case "remove_scan":
		if _, err := s.Office.RemoveScan(r.Context(), r.Viewer.Actor, l.ID, arg); err != nil {
			return s.licenceAgain(w, r, t, err)
		}
		return s.Done(w, r, edit+"#scans", "scan.removed")
	case "line":
		return s.Done(w, r, toLine(l, arg), "licence.saved")
	case "add_line", "remove_line", "add_species":
		return s.changeLines(w, r, t, do, arg)
	}
	return s.Done(w, r, edit, "licence.saved")
}

// toLine is the address of the part of the form that a button leads to: "21" is the part with line
// 21, "21:wrong" the same with what is wrong marked, "21:f-goods.20.hs" a box in it.
func toLine(l flegt.Licence, arg string) string {
	number, box, _ := strings.Cut(arg, ":")
	at, fragment := url.Values{"line": {number}}, "f-goods"
	switch {
	case box == "wrong":
		at.Set("wrong", "1")
		fragment = ""
	case box != "":
		fragment = box
	}
	return (&url.URL{Path: editPath(l.ID), RawQuery: at.Encode(), Fragment: fragment}).String()
}

// atFirstError is the draft as it was kept, with the part that was posted; when nothing in it is
// wrong, nor in a box of no line, with the part of the first box that is.
func (t typedForm) atFirstError(err error) typedForm {
	part := linePart{t.Part.First, t.Part.First + len(filled(t.Goods[t.Part.First:t.Part.End]))}
	t.Form, t.Country = t.Kept.Form, t.Kept.ImportCountry
	if part.First == part.End {
		part = t.rooms().partWith(t.Goods, part.First)
	}
	t.Goods, t.Part = t.rooms().fitting(t.Goods, part, part.First)
	refusal, ok := counter.AsRefusal(err)
	if !ok || len(refusal.Boxes) == 0 || slices.ContainsFunc(refusal.Boxes, func(b flegt.BoxError) bool { return t.Part.shows(b.Box) }) {
		return t
	}
	index, _, _ := strings.Cut(strings.TrimPrefix(refusal.Boxes[0].Box, "goods."), ".")
	i, _ := strconv.Atoi(index)
	t.Part = t.rooms().partWith(t.Goods, i)
	return t
}

// rooms is how much room the goods lines have on the form.
func (t typedForm) rooms() rooms { return roomsOf(t.Form, t.Kept.Return) }

// changeLines shows the form with a line or a species more, or a line less.
func (s pages) changeLines(w http.ResponseWriter, r *counter.Request, t typedForm, do, arg string) error {
	i, err := strconv.Atoi(arg)
	part := t.Part
	here := err == nil && part.First <= i && i < part.End
	next := ""
	switch {
	case do == "add_line" && len(t.Goods) >= flegt.MaxLines:
		return s.licenceAgain(w, r, t, flegt.Refuse(flegt.TooLarge, "licence.too_many_lines", flegt.Args{"Max": flegt.MaxLines}))
	case do == "add_line":
		t.Goods, t.Part, next = t.rooms().oneMore(t.Goods, part)
	case !here:
	case do == "add_species":
		t.Goods, t.Part, next = t.rooms().oneSpeciesMore(t.Goods, part, i)
	default:
		t.Goods = slices.Delete(t.Goods, i, i+1)
		l, err := s.Office.SaveDraft(r.Context(), r.Viewer.Actor, t.Kept.ID, t.Kept.Version, t.Form, "")
		if err != nil {
			return s.licenceAgain(w, r, t, err)
		}
		t.saved(l)
		if t.Part.End--; t.Part.First == t.Part.End {
			t.Part = t.rooms().partWith(t.Goods, t.Part.First)
		}
	}
	t.Kept.Form = t.Form
	p, err := s.licenceForm(r, t.Kept, t.Part)
	if err != nil {
		return err
	}
	p.FocusOn = next
	return s.Show(w, p, "licence_edit")
}

// licenceAgain shows the form with everything typed and what was wrong with it.
func (s pages) licenceAgain(w http.ResponseWriter, r *counter.Request, t typedForm, wrong error) error {
	if _, ok := counter.AsRefusal(wrong); !ok {
		return wrong
	}
	l := t.Kept
	if l.ID == "" {
		l.ID = r.PathValue("id")
	}
	if l.State == "" {
		l.State = flegt.Draft
	}
	l.Form = t.Form
	if t.Country != "" {
		l.ImportCountry = t.Country
	}
	p, err := s.licenceForm(r, l, t.Part)
	if err != nil {
		return err
	}
	return s.Again(w, p, p.template(), wrong)
}
