package operator_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// longDraft keeps a draft with so many goods lines, described "line 1" and so on.
func longDraft(w *webtest.Town, a flegt.Actor, lines int) flegt.Licence {
	w.T.Helper()
	var goods []flegt.GoodsLine
	for i := range lines {
		goods = append(goods, flegt.GoodsLine{Description: fmt.Sprintf("line %d", i+1)})
	}
	l, err := w.Office.NewDraft(w.T.Context(), a, flegt.Form{Invoice: "INV-1", Goods: goods}, "")
	if err != nil {
		w.T.Fatal(err)
	}
	return l
}

// now is the draft as it stands, and its lines' descriptions.
func now(w *webtest.Town, a flegt.Actor, id string) (flegt.Licence, string) {
	w.T.Helper()
	c, err := w.Office.Licence(w.T.Context(), a, id)
	if err != nil {
		w.T.Fatal(err)
	}
	var out []string
	for _, g := range c.Licence.Form.Goods {
		out = append(out, strings.TrimPrefix(g.Description, "line "))
	}
	return c.Licence, strings.Join(out, " ")
}

// partForm is the form of the lines at indices first to end, as the page posts it.
func partForm(l flegt.Licence, first, end int) url.Values {
	v := url.Values{"version": {strconv.Itoa(l.Version)}, "id": {l.ID}, "invoice": {l.Form.Invoice}, "lines.first": {strconv.Itoa(first)}}
	if first > 0 {
		v.Set("lines.after", strconv.Itoa(l.Form.Goods[first-1].Line))
	}
	if end < len(l.Form.Goods) {
		v.Set("lines.before", strconv.Itoa(l.Form.Goods[end].Line))
	}
	for i := first; i < end; i++ {
		g := l.Form.Goods[i]
		v.Set(fmt.Sprintf("goods.%d.line", i), strconv.Itoa(g.Line))
		v.Set(fmt.Sprintf("goods.%d.description", i), g.Description)
	}
	return v
}

// TestPartOfTheLines: a form that shows some goods lines changes these, and none of the others.
func TestPartOfTheLines(t *testing.T) {
	w := webtest.NewTown(t)
	me := trader(w, "u1", "o1")
	l := longDraft(w, me, 30)
	edit := "/licences/" + l.ID + "/edit"
	press := func(form url.Values, do string, status int, texts ...string) string {
		t.Helper()
		form.Set("do", do)
		answer, body := w.Post(me, edit, form.Encode())
		webtest.Wants(t, answer, body, status, texts...)
		return answer.Header.Get("Location")
	}
	holds := func(want string) {
		t.Helper()
		var have string
		if l, have = now(w, me, l.ID); have != want {
			t.Fatalf("the lines are %s, not %s", have, want)
		}
	}

	// Going to another part keeps what was typed in this one.
	form := partForm(l, 8, 16)
	form.Set("goods.9.description", "ten")
	form.Set("invoice", "INV-2")
	if to := press(form, "line:17", 303); to != edit+"?line=17#f-goods" {
		t.Error(to)
	}
	holds("1 2 3 4 5 6 7 8 9 ten 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30")
	if l.Form.Invoice != "INV-2" {
		t.Error(l.Form.Invoice)
	}
	// Saved, the page that comes is that of the part.
	if to := press(partForm(l, 8, 16), "save", 303); to != edit+"?line=9" {
		t.Error(to)
	}
	l, _ = now(w, me, l.ID)

	// A line more stands at the end of the licence, whichever part is shown, and one goes on typing there.
	// What was typed is kept, and the line has a number of its own.
	form = partForm(l, 8, 16)
	form.Set("goods.8.description", "line nine")
	press(form, "add_line", 200, `name="goods.30.description" type="text" value="" autofocus`, `name="lines.after" value="24"`, "Goods lines 25 to 31 of 31")
	l, _ = now(w, me, l.ID)
	form = partForm(l, 24, 30)
	form.Set("goods.30.line", "0")
	form.Set("goods.30.description", "line new")
	press(form, "save", 303)
	holds("1 2 3 4 5 6 7 8 nine ten 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 new")
	if l.Form.Goods[30].Line != 31 {
		t.Errorf("%+v", l.Form.Goods[30])
	}
	// A line more than fits is typed on a page of its own, and nothing that was typed is lost.
	form = partForm(l, 21, 31)
	form.Set("goods.21.description", "line two and twenty")
	press(form, "add_line", 200, `name="lines.first" value="31"`, `name="lines.after" value="31"`, "Goods lines 32 to 32 of 32")
	holds("1 2 3 4 5 6 7 8 nine ten 11 12 13 14 15 16 17 18 19 20 21 two and twenty 23 24 25 26 27 28 29 30 new")
	l, _ = now(w, me, l.ID)
	press(partForm(l, 24, 31), "add_species:26", 200, `name="goods.26.species.1.common" type="text" value="" autofocus`)

	l, _ = now(w, me, l.ID)

	// A line less in the last part; the others stay. Empty lines of the form stay in the form.
	form = partForm(l, 24, 31)
	form.Set("goods.25.description", "")
	press(form, "remove_line:26", 200, `name="goods.29.description" type="text" value="line new"`, `name="goods.25.description" type="text" value=""`)
	holds("1 2 3 4 5 6 7 8 nine ten 11 12 13 14 15 16 17 18 19 20 21 two and twenty 23 24 25 28 29 30 new")
	// All lines of a part less: the part before it is shown.
	form = partForm(l, 28, 29)
	press(form, "remove_line:28", 200, `value="line 30"`)
	holds("1 2 3 4 5 6 7 8 nine ten 11 12 13 14 15 16 17 18 19 20 21 two and twenty 23 24 25 28 29 30")
	if answer, body := w.Get(me, edit+"?line=9999"); answer.StatusCode != 200 || !strings.Contains(body, `value="line 1"`) {
		t.Error("the number of no line", answer.StatusCode)
	}

	// What cannot be submitted in another part is named, and its button leads there, marked.
	press(partForm(l, 0, 8), "submit", 422, "The licence cannot be submitted yet", `name="do" value="line:9:wrong"`, `href="#f-goods.0.hs"`)
	l, _ = now(w, me, l.ID)
	if to := press(partForm(l, 0, 8), "line:9:wrong", 303); to != edit+"?line=9&wrong=1" {
		t.Error(to)
	}
	answer, body := w.Get(me, edit+"?line=9&wrong=1")
	webtest.Wants(t, answer, body, 200, "The licence cannot be submitted yet", "f-goods.8.hs-error", `name="do" value="line:1:wrong"`)
}

// TestPartsAndAutosave: what the page's script keeps of a part leaves the others alone, also when an
// answer was lost, and a colleague's change is told.
func TestPartsAndAutosave(t *testing.T) {
	w := webtest.NewTown(t)
	me := trader(w, "u1", "o1")
	l := longDraft(w, me, 20)
	path := "/licences/" + l.ID + "/autosave"
	form := partForm(l, 8, 16)
	form.Set("goods.16.line", "0")
	form.Set("goods.16.description", "line new")
	form.Set("goods.17.line", "0")
	form.Set("goods.17.description", "")
	code, saved, _ := autosave(w, me, path, form)
	if code != 200 || saved.Version != 2 || len(saved.Lines) != 10 || saved.Lines[0] != 9 || saved.Lines[8] != 21 || saved.Lines[9] != 0 {
		t.Fatalf("%d %+v", code, saved)
	}
	// The answer was lost: the same again is no conflict and makes no second line.
	if code, again, _ := autosave(w, me, path, form); code != 200 || !again.Same || again.Version != 2 {
		t.Fatalf("%d %+v", code, again)
	}
	l, have := now(w, me, l.ID)
	if have != "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 new 17 18 19 20" {
		t.Fatal(have)
	}
	// A colleague took lines away meanwhile, those around my part as well.
	mine := partForm(l, 8, 17)
	mine.Set("goods.8.description", "line mine")
	theirs := l.Form
	theirs.Goods = append(append([]flegt.GoodsLine{}, l.Form.Goods[:7]...), l.Form.Goods[9:16]...)
	if _, err := w.Office.SaveDraft(t.Context(), me, l.ID, l.Version, theirs, ""); err != nil {
		t.Fatal(err)
	}
	if code, _, refused := autosave(w, me, path, mine); code != 409 || !refused.Conflict {
		t.Fatalf("%d %+v", code, refused)
	}
	mine.Set("do", "save")
	answer, body := w.Post(me, "/licences/"+l.ID+"/edit", mine.Encode())
	webtest.Wants(t, answer, body, 409, "Someone else changed this in the meantime", `value="line mine"`, `name="version" value="3"`)
	if _, have := now(w, me, l.ID); have != "1 2 3 4 5 6 7 10 11 12 13 14 15 16" {
		t.Error(have)
	}
}
