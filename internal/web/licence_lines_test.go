package web_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// longest lodges a licence with as many goods lines as there may be, each with words of a usual
// length and all three quantities.
func longest(w *webtest.Town, a flegt.Actor) flegt.Licence {
	w.T.Helper()
	var goods []flegt.GoodsLine
	for i := range flegt.MaxLines {
		weight := flegt.Amount("5120")
		if i >= 45 && i < 50 {
			weight = "95120" // heavier than any wood: something to look at
		}
		goods = append(goods, flegt.GoodsLine{Description: fmt.Sprintf("Sawn and planed boards, 22 x 145 mm, quality %d", i+1), HS: "4407.29",
			Species: []flegt.Species{{Common: "Meranti", Scientific: "Shorea leprosula"}, {Common: "Keruing", Scientific: "Dipterocarpus alatu"}},
			Harvest: []string{"ID", "MY"}, Volume: "8.412", Weight: weight, Units: "480"})
	}
	l, err := w.Office.NewDraft(w.T.Context(), a, flegt.Form{IssuingBody: flegt.Party{Name: "PT Mutuagung Lestari"}, Importer: flegt.Party{Name: "Nordisk Træ A/S"}, Number: "16.00001-00001.001-ID-DK",
		Issued: "2016-11-18", Expires: "2017-03-17", Export: "ID", Transport: "By sea", Licensee: flegt.Party{Name: "CV Jepara Garden Living"}, IssuePlace: "Depok", Invoice: "JGL-1", Goods: goods}, "DK")
	if err == nil {
		l, err = w.Office.AddScan(w.T.Context(), a, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\n1"))
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return l
}

// TestPagesOfTheLongestLicence: no page with the goods lines of a licence grows past 100 kB, each
// line is a link away, and what is typed for one line is not lost on the way to another.
func TestPagesOfTheLongestLicence(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	officer, customs := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
	l := longest(w, mette)
	small := func(a flegt.Actor, path string, texts ...string) string {
		t.Helper()
		answer, body := w.Get(a, path)
		webtest.Wants(t, answer, body, 200, texts...)
		if len(body) > 100_000 {
			t.Errorf("%s has %d bytes", path, len(body))
		}
		return body
	}
	small(mette, "/licences/"+l.ID, "quality 12<", "Goods lines 1 to 12 of 200")
	l, err := w.Office.SubmitLicence(t.Context(), mette, l.ID, l.Version)
	if err != nil {
		t.Fatal(err)
	}
	first := small(officer, "/desk/"+l.ID, "quality 1<", "Goods lines 1 to 15 of 200", "/desk/"+l.ID+"?lines=14#compare-9-16", "Goods lines 46 to 60: 0 wrong, 5 to look at")
	if strings.Contains(first, "quality 16<") {
		t.Error("a line of the second page is on the first")
	}
	webtest.CheckHTML(t, first)
	small(officer, "/desk/"+l.ID+"?lines=14", "quality 196<", "quality 200<", "Goods lines 196 to 200 of 200")
	small(officer, "/desk/"+l.ID+"?lines=99&lang=da", "quality 200<", "Varelinje 196 til 200 af 200")
	small(officer, "/licences/"+l.ID+"/report/correct_on_paper?lines=3", "goods.30.hs", "Goods lines 31 to 45 of 200")

	// A remark on line 3 goes along to the last page of lines, and is sent with that of line 200.
	body := small(officer, "/desk/"+l.ID+"/return", `value="goods.14.units"`, `value="lines:14"`)
	webtest.CheckHTML(t, body)
	form := func(body string) url.Values {
		t.Helper()
		v := url.Values{}
		for _, m := range regexp.MustCompile(`<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			v.Set(m[1], html.UnescapeString(m[2]))
		}
		return v
	}
	boxOf := func(v url.Values, field string) string {
		t.Helper()
		for name := range v {
			if v.Get(name) == field {
				return strings.TrimSuffix(name, "field") + "words"
			}
		}
		t.Fatal("no box for", field)
		return ""
	}
	typed := form(body)
	typed.Set(boxOf(typed, "goods.2.hs"), "Another code, please")
	typed.Set("reason", "On the whole good")
	typed.Set("do", "lines:14")
	answer, body := w.Post(officer, "/desk/"+l.ID+"/return", typed.Encode())
	webtest.Wants(t, answer, body, 200, "Goods lines 196 to 200 of 200", "Another code, please", "On the whole good")
	typed = form(body)
	typed.Set(boxOf(typed, "goods.199.units"), "How many?")
	if answer, body = w.Post(officer, "/desk/"+l.ID+"/return", typed.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	c, err := w.Office.Licence(t.Context(), mette, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	l = c.Licence
	if r := l.Return.Remarks; len(r) != 2 || r[0].Field != "goods.2.hs" || r[1] != (flegt.BoxRemark{Field: "goods.199.units", Line: 200, Words: "How many?"}) {
		t.Errorf("%+v", r)
	}
	if l, err = w.Office.SubmitLicence(t.Context(), mette, l.ID, l.Version); err != nil {
		t.Fatal(err)
	}
	if l, err = w.Office.AcceptLicence(t.Context(), officer, l.ID, l.Version); err != nil {
		t.Fatal(err)
	}
	small(mette, "/licences/"+l.ID+"?lines=2", "quality 13<", "12 03 013 000  24")
	small(officer, "/desk/"+l.ID)

	// What customs typed on line 1 is booked with what it typed on line 200, in one press.
	at := "/customs/" + l.ID
	body = small(customs, at, "Goods lines 1 to 10 of 200", `name="quantity.10.MTQ"`, `value="lines:20"`)
	webtest.CheckHTML(t, body)
	typed = url.Values{"mrn": {"26DK16RF3TDPZE7AR2"}, "office": {"DK003103"}, "lines": {"1"}, "quantity.1.MTQ": {"1.5"}, "hs.1": {"440729"}, "do": {"lines:20"}}
	answer, body = w.Post(customs, at+"/book", typed.Encode())
	webtest.Wants(t, answer, body, 200, "Goods lines 191 to 200 of 200", `<input type="hidden" name="quantity.1.MTQ" value="1.5">`, `<input type="hidden" name="hs.1" value="440729">`)
	if len(body) > 100_000 {
		t.Error(len(body))
	}
	typed.Del("do")
	typed.Set("lines", "20")
	typed.Set("quantity.200.MTQ", "2.5")
	typed.Set("quantity.1.MTQ", "99") // too much: the page comes back with the line that it is about
	answer, body = w.Post(customs, at+"/book", typed.Encode())
	webtest.Wants(t, answer, body, 409, "Goods lines 1 to 10 of 200", `<input type="hidden" name="quantity.200.MTQ" value="2.5">`)
	typed.Set("quantity.1.MTQ", "1.5")
	if answer, body = w.Post(customs, at+"/book", typed.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	body = small(customs, at, "Line 1: 1.5", "Line 200: 2.5")
	typed = url.Values{"mrn": {"26DK16RF3TDPZE7AR2"}, "office": {"DK003103"}, "do": {"all"}}
	if answer, body = w.Post(customs, at+"/book", typed.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	small(customs, at, "and 170 more items")
	small(customs, at+"?lines=20", "quality 200<")

	// What a physical check found of line 1 is not lost on the way to line 200.
	at += "/declarations/26DK16RF3TDPZE7AR2"
	webtest.CheckHTML(t, small(customs, at+"?lines=20", `name="found.200.H87"`, `value="lines:1"`))
	typed = url.Values{"outcome": {"quantities"}, "date": {"2016-12-05"}, "lines": {"1"}, "found.1.MTQ": {"x"}, "do": {"lines:20"}}
	answer, body = w.Post(customs, at+"/check", typed.Encode())
	webtest.Wants(t, answer, body, 200, "Goods lines 191 to 200 of 200", `<input type="hidden" name="found.1.MTQ" value="x">`)
	typed.Del("do")
	typed.Set("lines", "20")
	typed.Set("found.200.MTQ", "2.25")
	answer, body = w.Post(customs, at+"/check", typed.Encode()) // and what is wrong is shown where it stands
	webtest.Wants(t, answer, body, 422, "Goods lines 1 to 10 of 200", `<input type="hidden" name="found.200.MTQ" value="2.25">`)
	typed.Set("found.1.MTQ", "1.25")
	if answer, body = w.Post(customs, at+"/check", typed.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	small(customs, at, "Line 1: 1.25", "Line 200: 2.25")
}
