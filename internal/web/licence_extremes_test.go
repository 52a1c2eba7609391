package web_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// full is a text of 500 characters, the most that a box takes, with a beginning of its own.
func full(beginning string) string {
	return beginning + strings.Repeat(" of the usual quality", 25)[:499-len(beginning)] + "."
}

// fullest drafts a licence in which every box is filled to its limit, with as many goods lines as
// there may be, answers of the greatest length to findings in the first of them.
func fullest(x *weighed, a flegt.Actor) flegt.Licence {
	w := x.w
	w.T.Helper()
	var goods []flegt.GoodsLine
	for i := range flegt.MaxLines {
		goods = append(goods, flegt.GoodsLine{Description: full(fmt.Sprintf("Boards %d & more", i+1)), HS: "4407.29", Species: []flegt.Species{{Common: full(fmt.Sprint("Wood ", i+1)), Scientific: full(fmt.Sprint("Lignum ", i+1))}},
			Harvest: []string{"ID", "MY", "PG", "BR", "GH", "CM", "VN", "LA", "TH", "GA"}, Volume: "8.412", Weight: "95120", Units: "480"})
	}
	p := func(name string) flegt.Party {
		return flegt.Party{Name: full(name), Address: full("Address of " + name)}
	}
	l, err := w.Office.NewDraft(w.T.Context(), a, flegt.Form{IssuingBody: p("PT Body"), Importer: p("Nordisk"), Number: "16.00001-00001.001-ID-DK", Issued: "2016-11-18", Expires: "2017-03-17", Export: "ID",
		Transport: full("By sea"), Licensee: p("CV Jepara"), IssuePlace: full("Depok"), Invoice: full("JGL"), Agent: p("Agent"), OwnInvoice: full("Own"), BarCode: full("Bar"), Lot: full("Lot"), BillOfLading: full("Bill"),
		Marks: full("Marks"), ArrivalPlace: full("Aarhus"), Remarks: full("Remarks"), Goods: goods}, "DK")
	if err == nil {
		l, err = w.Office.AddScan(w.T.Context(), a, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\n1"))
	}
	if err != nil {
		w.T.Fatal(err)
	}
	// What asks for a look is answered, page by page.
	answers := "/licences/" + l.ID + "/answers"
	left := 80 // of the first forty lines; each is kept by itself
	box := regexp.MustCompile(`name="(words\.\d+)"`)
	for page := 1; left > 0; page++ {
		body := x.get(a, fmt.Sprint(answers, "?page=", page))
		form := boxesOf(body)
		names := box.FindAllStringSubmatch(body, -1)
		if len(names) == 0 || form.Get(names[0][1]) != "" {
			w.T.Fatalf("%d answers are left on page %d", left, page)
		}
		for _, m := range names {
			if left > 0 {
				form.Set(m[1], full("It is as it is"))
				left--
			}
		}
		if answer, body := w.Post(a, answers, form.Encode()); answer.StatusCode != 303 {
			w.T.Fatal(answer.StatusCode, body)
		}
	}
	x.get(a, answers+"?page=1", "It is as it is")
	return kept(w, a, l.ID)
}

// linePages opens every page of goods lines of an address, and wants each line on one of them.
func (x *weighed) linePages(a flegt.Actor, path string, line func(n int) string) {
	x.w.T.Helper()
	seen := 0
	for page := 1; seen < flegt.MaxLines && page <= flegt.MaxLines; page++ {
		at := fmt.Sprint(path, "?lines=", page)
		answer, body := x.w.Get(a, at)
		if page == 1 {
			x.page(at, answer, body, 200)
		} else if answer.StatusCode != 200 || len(body) > mostBytes {
			x.w.T.Errorf("%s: %d, %d bytes", at, answer.StatusCode, len(body))
		}
		for seen < flegt.MaxLines && strings.Contains(body, line(seen+1)) {
			seen++
		}
	}
	if seen != flegt.MaxLines {
		x.w.T.Errorf("%s: line %d is on no page", path, seen+1)
	}
}

// boards is what stands in the description of a goods line of the fullest licence.
func boards(n int) string { return fmt.Sprintf("Boards %d &amp; more", n) }

// TestPagesOfTheFullestLicence: no page grows past 100 kB where every box of as many goods lines as
// there may be is filled to its limit, and each line is still on a page.
func TestPagesOfTheFullestLicence(t *testing.T) {
	w, x := weighing(t)
	mette := w.Importer("mette")
	officer, customs := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
	budi := w.Holder("budi", flegt.RoleLicensing, "LA-ID", "ID")
	l := fullest(x, mette)
	show, edit, desk := "/licences/"+l.ID, "/licences/"+l.ID+"/edit", "/desk/"+l.ID

	// The form, part by part.
	seen, body := 0, x.get(mette, edit)
	next := regexp.MustCompile(`value="line:(\d+)">Next lines`)
	for {
		seen += len(shownLines(body))
		m := next.FindStringSubmatch(body)
		if m == nil {
			break
		}
		body = x.get(mette, edit+"?line="+m[1])
	}
	if seen != flegt.MaxLines {
		t.Errorf("%d lines are in the parts", seen)
	}
	form := boxesOf(x.get(mette, edit+"?line=100&lang=da"))
	form.Set("expires", "")
	form.Set("do", "submit")
	answer, body := w.Post(mette, edit, form.Encode())
	x.page("POST "+edit+" (submit)", answer, body, 422)
	form.Set("expires", "2017-03-17")
	answer, body = w.Post(mette, "/licences/check", form.Encode())
	if webtest.Wants(t, answer, body, 200); len(body) > mostBytes {
		t.Errorf("the checks have %d bytes", len(body))
	}
	l = kept(w, mette, l.ID)
	l.Form.Expires = "2017-03-17"
	l, err := w.Office.SaveDraft(t.Context(), mette, l.ID, l.Version, l.Form, "")
	if err == nil {
		l, err = w.Office.SubmitLicence(t.Context(), mette, l.ID, l.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	x.linePages(mette, show, boards)
	x.linePages(officer, desk, boards)
	x.linePages(officer, desk+"/return", boards)
	x.linePages(officer, show+"/report/correct_on_paper", func(n int) string { return fmt.Sprintf(`value="goods.%d.hs"`, n-1) })
	x.get(budi, show+"?lang=da")

	// Sent back with as many remarks as there may be, each of the greatest length.
	var remarks []flegt.BoxRemark
	for i := range flegt.MaxRemarks {
		remarks = append(remarks, flegt.BoxRemark{Field: fmt.Sprintf("goods.%d.%s", i/6, []string{"description", "hs", "harvest", "volume", "weight", "units"}[i%6]), Words: full(fmt.Sprintf("Remark %d", i+1))})
	}
	if l, err = w.Office.ReturnLicence(t.Context(), officer, l.ID, l.Version, full("On the whole"), remarks); err != nil {
		t.Fatal(err)
	}
	x.get(mette, show, "Remark 40 of")
	for _, line := range []string{"1", "2", "6", "7", "150"} {
		x.get(mette, edit+"?line="+line)
	}
	if l, err = w.Office.SubmitLicence(t.Context(), mette, l.ID, l.Version); err != nil {
		t.Fatal(err)
	}
	x.get(officer, desk, "Remark 40 of")
	form = boxesOf(x.get(officer, desk+"/return"))
	for i := range flegt.MaxRemarks {
		form.Set(fmt.Sprintf("remarks.%d.field", 7+7*i), fmt.Sprintf("goods.%d.description", i))
		form.Set(fmt.Sprintf("remarks.%d.words", 7+7*i), full("Another word"))
	}
	form.Set("do", "lines:9")
	answer, body = w.Post(officer, desk+"/return", form.Encode())
	x.page("POST return", answer, body, 200)
	if l, err = w.Office.AcceptLicence(t.Context(), officer, l.ID, l.Version); err != nil {
		t.Fatal(err)
	}
	x.get(mette, show)
	x.linePages(mette, show+"/proof", boards)
	x.get(officer, desk)
	x.get(budi, show)
	at := "/customs/" + l.ID
	x.linePages(customs, at, boards)
	form = boxesOf(x.get(customs, at))
	form.Set("mrn", "26DK16RF3TDPZE7AR2")
	form.Set("office", "DK003103")
	for i := range flegt.MaxLines {
		form.Set(fmt.Sprintf("quantity.%d.MTQ", i+1), "1.5")
		form.Set(fmt.Sprintf("hs.%d", i+1), "440729")
	}
	form.Set("do", "lines:2")
	answer, body = w.Post(customs, at+"/book", form.Encode())
	x.page("POST book, to other lines", answer, body, 200)
	form.Set("do", "all")
	if answer, body = w.Post(customs, at+"/book", form.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	x.get(customs, at)
	x.linePages(customs, at+"/declarations/26DK16RF3TDPZE7AR2", func(n int) string { return fmt.Sprintf(`name="found.%d.H87"`, n) })
	for _, verb := range []string{"extend", "replace", "cancel", "report_lost"} {
		x.get(officer, show+"/report/"+verb)
	}
}

// TestPagesOfTheMostReturned: a licence that was sent back as often as there may be, with as many and
// as long remarks each time, has pages below 100 kB on which all of them are.
func TestPagesOfTheMostReturned(t *testing.T) {
	w, x := weighing(t)
	mette, officer := w.Importer("mette"), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	l, err := w.Office.SubmitLicence(t.Context(), mette, longest(w, mette).ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	for n := range flegt.MaxReturns - 1 {
		var remarks []flegt.BoxRemark
		for i := range flegt.MaxRemarks {
			remarks = append(remarks, flegt.BoxRemark{Field: fmt.Sprintf("goods.%d.hs", 5*i), Words: full(fmt.Sprintf("Remark %d.%d", n+1, i+1))})
		}
		l, err = w.Office.ReturnLicence(t.Context(), officer, l.ID, l.Version, full(fmt.Sprintf("Whole %d", n+1)), remarks)
		if err != nil {
			t.Fatal(n, err)
		}
		if n < flegt.MaxReturns-2 {
			if l, err = w.Office.SubmitLicence(t.Context(), mette, l.ID, l.Version); err != nil {
				t.Fatal(err)
			}
		}
	}
	show, desk := "/licences/"+l.ID, "/desk/"+l.ID
	for _, path := range []string{show, show + "?lang=da", show + "/edit", show + "/edit?line=196", show + "/edit?line=3&lang=da"} {
		x.get(mette, path, show+"/returns")
	}
	x.get(mette, show, "Remark 29.40 of", "All 29 times that it was sent back")
	x.get(mette, show+"/edit?line=196", "The authority says: Remark 29.40 of the usual quality", full("Remark 29.40"))
	x.get(officer, desk, "Remark 29.40 of", show+"/returns")

	// Every remark of every time is on a page of them, and every event on one of the history.
	next := regexp.MustCompile(`href="([^"]+)"[^>]*>Next`)
	through := func(a flegt.Actor, path string) (all string) {
		t.Helper()
		for n := 0; path != ""; n++ {
			body := x.get(a, path)
			all += body
			if path = ""; n < 100 {
				if m := next.FindStringSubmatch(body); m != nil {
					path = html.UnescapeString(m[1])
				}
			}
		}
		return all
	}
	for _, a := range []flegt.Actor{mette, officer} {
		all := through(a, show+"/returns")
		for n := range flegt.MaxReturns - 1 {
			for _, i := range []int{1, 17, 40} {
				if text := full(fmt.Sprintf("Remark %d.%d", n+1, i)); strings.Count(all, text) != 1 {
					t.Errorf("%q stands %d times on the pages of what was sent back", text[:20], strings.Count(all, text))
				}
			}
			if !strings.Contains(all, full(fmt.Sprintf("Whole %d", n+1))) {
				t.Errorf("the words of the %d. time are missing", n+1)
			}
		}
		x.get(a, show, "The whole history (60 entries)")
		if n := strings.Count(through(a, show+"/history"), "ecl-timeline__item"); n != 60 {
			t.Errorf("the history has %d entries", n)
		}
	}
	x.get(mette, show+"/returns?page=99", "Remark 1.40 of")
	rival := w.Importer("rival")
	for _, path := range []string{"/returns", "/history"} {
		answer, body := w.Get(rival, show+path)
		webtest.Wants(t, answer, body, 404)
	}
}
