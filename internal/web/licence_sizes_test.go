package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// mostBytes is how large a page may be, scans apart.
const mostBytes = 100_000

// weighed collects how large pages are.
type weighed struct {
	w    *webtest.Town
	rows []string
}

// weighing opens a town whose pages are weighed; in the end the test tells what they weighed.
func weighing(t *testing.T) (*webtest.Town, *weighed) {
	w := webtest.NewTown(t)
	x := &weighed{w: w}
	t.Cleanup(func() { t.Log("\n" + strings.Join(x.rows, "\n")) })
	return w, x
}

// inPages opens all pages of the part of an address that a name stands for, and gives what they say in
// that part, up to the last of an end.
func (x *weighed) inPages(a flegt.Actor, path, name, end string) (all string) {
	x.w.T.Helper()
	for page := 1; page <= 200; page++ {
		body := x.get(a, fmt.Sprint(path, "?", name, "=", page))
		_, part, found := strings.Cut(body, `id="`+name+`"`)
		if !found {
			x.w.T.Fatalf("%s has no %s", path, name)
		}
		all += part[:max(0, strings.LastIndex(part, end))]
		if !strings.Contains(body, fmt.Sprintf("%s=%d#%s", name, page+1, name)) {
			return all
		}
	}
	x.w.T.Fatalf("the pages of %s at %s have no end", name, path)
	return ""
}

// page notes the size of an answer, which is to be a whole page below mostBytes.
func (x *weighed) page(what string, answer *http.Response, body string, status int, texts ...string) string {
	x.w.T.Helper()
	webtest.Wants(x.w.T, answer, body, status, texts...)
	webtest.CheckHTML(x.w.T, body)
	x.rows = append(x.rows, fmt.Sprintf("%6.1f kB  %s", float64(len(body))/1000, what))
	if len(body) > mostBytes {
		x.w.T.Errorf("%s has %d bytes", what, len(body))
	}
	return body
}

func (x *weighed) get(a flegt.Actor, path string, texts ...string) string {
	x.w.T.Helper()
	answer, body := x.w.Get(a, path)
	return x.page(path, answer, body, 200, texts...)
}

// boxOf reads a page's boxes and hidden ones with what stands in them.
func boxesOf(body string) url.Values {
	v := url.Values{}
	body = regexp.MustCompile(`(?s)<template.*?</template>`).ReplaceAllString(body, "")
	for _, m := range regexp.MustCompile(`<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		v.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	for _, m := range regexp.MustCompile(`(?s)<select[^>]* name="([^"]+)".*?</select>`).FindAllStringSubmatch(body, -1) {
		if chosen := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[0]); chosen != nil {
			v.Set(m[1], chosen[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(body, -1) {
		v.Set(m[1], html.UnescapeString(m[2]))
	}
	return v
}

// shownLines are the indices of the goods lines with boxes on a page.
func shownLines(body string) (out []int) {
	for _, m := range regexp.MustCompile(`name="goods\.(\d+)\.description"`).FindAllStringSubmatch(body, -1) {
		i, _ := strconv.Atoi(m[1])
		out = append(out, i)
	}
	return out
}

// TestPagesOfTheLongestForm: the form of a licence with as many goods lines as there may be is shown
// in parts, each below 100 kB, and so is every other page on which its importer works.
func TestPagesOfTheLongestForm(t *testing.T) {
	w, x := weighing(t)
	mette := w.Importer("mette")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	l := longest(w, mette)
	edit := "/licences/" + l.ID + "/edit"
	x.get(mette, "/licences/new")
	x.get(mette, "/licences/"+l.ID)

	// Every line stands in exactly one part, and the way leads from each part to the next.
	seen, body := 0, x.get(mette, edit, `quality 1"`, "Goods lines 1 to ")
	next := regexp.MustCompile(`value="line:(\d+)">Next lines`)
	for {
		for _, i := range shownLines(body) {
			if i != seen {
				t.Fatalf("line %d comes after %d lines", i+1, seen)
			}
			seen++
		}
		if len(shownLines(body)) < 8 {
			t.Log("a part of few lines", shownLines(body))
		}
		m := next.FindStringSubmatch(body)
		if m == nil {
			break
		}
		body = x.get(mette, edit+"?line="+m[1])
	}
	if seen != flegt.MaxLines {
		t.Fatalf("%d lines are in the parts", seen)
	}
	x.get(mette, edit+"?line=47&lang=da", "Varelinje ")
	x.get(mette, edit+"?line=1&wrong=1")

	// With all boxes empty or wrong, the page names those of other parts by their part.
	bad := l.Form
	bad.Goods = nil
	for i := range flegt.MaxLines {
		bad.Goods = append(bad.Goods, flegt.GoodsLine{Line: i + 1, Description: fmt.Sprint("Nothing known of ", i+1)})
	}
	var err error
	if l, err = w.Office.SaveDraft(t.Context(), mette, l.ID, l.Version, bad, ""); err != nil {
		t.Fatal(err)
	}
	form := boxesOf(x.get(mette, edit+"?line=40"))
	form.Set("do", "submit")
	answer, body := w.Post(mette, edit, form.Encode())
	x.page("POST "+edit+" (submit)", answer, body, 422, `form="licence-form" name="do" value="line:1:wrong"`, "boxes need your attention", "f-goods.39.hs-error")
	answer, body = w.Post(mette, "/licences/check", form.Encode())
	if webtest.Wants(t, answer, body, 200, `data-of-field="goods.39.hs"`, `value="line:1"`); len(body) > mostBytes || strings.Contains(body, `data-of-field="goods.0.hs"`) {
		t.Errorf("the checks have %d bytes", len(body))
	}

	// Findings that ask for a look are answered page by page.
	heavy := l.Form
	heavy.Goods = nil
	for i := range flegt.MaxLines {
		heavy.Goods = append(heavy.Goods, flegt.GoodsLine{Line: i + 1, Description: fmt.Sprintf("Boards, quality %d", i+1), HS: "4407.29", Species: []flegt.Species{{Scientific: "Shorea leprosula"}},
			Harvest: []string{"ID"}, Volume: "8.412", Weight: "95120", Units: "480"})
	}
	l = kept(w, mette, l.ID)
	if l, err = w.Office.SaveDraft(t.Context(), mette, l.ID, l.Version, heavy, ""); err != nil {
		t.Fatal(err)
	}
	answers := "/licences/" + l.ID + "/answers"
	form = boxesOf(x.get(mette, answers, `value="lines:2"`))
	form.Set("words.3", "Green wood")
	form.Set("do", "lines:5")
	if answer, body = w.Post(mette, answers, form.Encode()); answer.StatusCode != 303 || answer.Header.Get("Location") != answers+"?page=5" {
		t.Fatal(answer.StatusCode, answer.Header, body)
	}
	form = boxesOf(x.get(mette, answers+"?page=5"))
	form.Set("words.199", "Green as well")
	if answer, body = w.Post(mette, answers, form.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	x.get(mette, edit+"?line=4", "Green wood")
	x.get(mette, edit+"?line=200", "Green as well")
	x.get(mette, "/licences/"+l.ID+"/copy")

	// Sent back, the remarks lead to their boxes in this part or in another.
	l = kept(w, mette, l.ID)
	if l, err = w.Office.SubmitLicence(t.Context(), mette, l.ID, l.Version); err != nil {
		t.Fatal(err)
	}
	var remarks []flegt.BoxRemark
	for i := range flegt.MaxRemarks {
		remarks = append(remarks, flegt.BoxRemark{Field: fmt.Sprintf("goods.%d.hs", 5*i), Words: strings.Repeat("Another code, please. ", 5)})
	}
	for i := range 2 {
		if l, err = w.Office.ReturnLicence(t.Context(), officer, l.ID, l.Version, "", remarks); err != nil {
			t.Fatal(err)
		}
		x.get(mette, edit, `href="#f-goods.0.hs"`, `value="line:196:f-goods.195.hs"`)
		if i == 0 {
			if l, err = w.Office.SubmitLicence(t.Context(), mette, l.ID, l.Version); err != nil {
				t.Fatal(err)
			}
		}
	}
	x.get(mette, "/licences/"+l.ID, edit+"?line=196#f-goods.195.hs")
	if l, err = w.Office.SubmitLicence(t.Context(), mette, l.ID, l.Version); err != nil {
		t.Fatal(err)
	}
	x.get(officer, "/desk/"+l.ID)
	form = boxesOf(x.get(officer, "/desk/"+l.ID+"/return"))
	form.Set("do", "lines:13")
	for i := range flegt.MaxRemarks {
		form.Set(fmt.Sprintf("remarks.%d.field", 7+7*i), fmt.Sprintf("goods.%d.description", i))
		form.Set(fmt.Sprintf("remarks.%d.words", 7+7*i), strings.Repeat("Another word, please. ", 20))
	}
	answer, body = w.Post(officer, "/desk/"+l.ID+"/return", form.Encode())
	x.page("POST return, to line 181", answer, body, 200)
	if l, err = w.Office.AcceptLicence(t.Context(), officer, l.ID, l.Version); err != nil {
		t.Fatal(err)
	}
	x.get(mette, "/licences/"+l.ID+"/proof", "/form.pdf", "quality 60<")
	x.get(mette, "/licences/"+l.ID+"/proof?lines=4", "quality 200<")
	x.get(officer, "/desk/"+l.ID+"/withdraw-acceptance")
	for _, verb := range []string{"extend", "correct_on_paper", "replace", "cancel", "report_lost"} {
		x.get(officer, "/licences/"+l.ID+"/report/"+verb)
	}
}

// TestPagesOfTheLongestIssue: the authority that issues a licence types as many goods lines as there
// may be, part by part, on pages below 100 kB; all of them are in the licence that it puts in.
func TestPagesOfTheLongestIssue(t *testing.T) {
	w, x := weighing(t)
	budi := w.Holder("budi", flegt.RoleLicensing, "LA-ID", "ID")
	form := boxesOf(x.get(budi, "/licences/issue"))
	press := func(do string, status int, texts ...string) string {
		t.Helper()
		form.Set("do", do)
		answer, body := w.Post(budi, "/licences/issue", form.Encode())
		x.page("POST /licences/issue ("+do+")", answer, body, status, texts...)
		form = boxesOf(body)
		return body
	}
	for i := range flegt.MaxLines {
		at := fmt.Sprintf("goods.%d.", i)
		for box, text := range map[string]string{"description": fmt.Sprintf("Sawn and planed boards, 22 x 145 mm, quality %d", i+1), "hs": "4407.29", "species.0.common": "Meranti", "species.0.scientific": "Shorea leprosula",
			"harvest": "ID", "volume": "8.412", "weight": "5120", "units": "480"} {
			if _, there := form[at+box]; !there {
				t.Fatalf("there is no box %s", at+box)
			}
			form.Set(at+box, text)
		}
		if i < flegt.MaxLines-1 {
			press("add_line", 200)
		}
	}
	full := press("add_line", 200, "of 200")
	if lines := shownLines(full); len(lines) == 0 || lines[len(lines)-1] != flegt.MaxLines-1 {
		t.Errorf("lines %v are shown", lines)
	}
	press("lines:16", 200, `quality 17"`, "Goods lines 17 to 24 of 200")
	form.Set("goods.16.hs", "")
	press("lines:199", 200, `quality 200"`)
	for box, text := range map[string]string{"number": "16.00001-00001.001-ID-DK", "issuing_body.name": "PT Mutuagung Lestari", "importer.name": "Nordisk Træ A/S", "expires": "2017-03-17", "transport": "By sea",
		"licensee.name": "CV Jepara Garden Living", "issue_place": "Depok", "issued": "2016-11-18"} {
		form.Set(box, text)
	}
	press("issue", 422, "f-goods.16.hs-error", "Goods lines 17 to 24 of 200") // where the first wrong box is
	form.Set("goods.16.hs", "4407.29")
	form.Set("do", "issue")
	rest := form.Get("lines.rest")
	form.Set("lines.rest", rest[1:])
	if answer, _ := w.Post(budi, "/licences/issue", form.Encode()); answer.StatusCode != 422 {
		t.Errorf("lines that cannot be read: %d", answer.StatusCode)
	}
	form.Set("lines.rest", rest)
	answer, body := w.Post(budi, "/licences/issue", form.Encode())
	x.page("POST /licences/issue (issue)", answer, body, 200)
	found, err := w.Office.Licences(t.Context(), budi, registry.LicenceQuery{Limit: 10})
	if err != nil || len(found.Rows) != 1 {
		t.Fatal(found, err)
	}
	l := kept(w, budi, found.Rows[0].ID)
	if len(l.Form.Goods) != flegt.MaxLines {
		t.Fatalf("%d lines are on record", len(l.Form.Goods))
	}
	for i, g := range l.Form.Goods {
		if !strings.HasSuffix(g.Description, fmt.Sprintf(" quality %d", i+1)) || g.HS != "4407.29" || g.Species[0].Common != "Meranti" {
			t.Errorf("line %d is %+v", i+1, g)
		}
	}

	// Its importer claims it, adds the facts beside it, and cannot change a line.
	mette := w.Importer("mette")
	claimed, err := w.Office.ClaimLicence(t.Context(), mette, l.Form.Number, verification(t, body))
	if err != nil {
		t.Fatal(err)
	}
	edit := "/licences/" + claimed.ID + "/edit"
	form = boxesOf(x.get(mette, edit, "quality 12<", "Goods lines 1 to 12 of 200"))
	form.Set("arrival_place", "Aarhus")
	form.Set("import_country", "DK")
	form.Set("do", "save")
	if answer, body = w.Post(mette, edit, form.Encode()); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	if l = kept(w, mette, claimed.ID); l.Form.ArrivalPlace != "Aarhus" || len(l.Form.Goods) != flegt.MaxLines {
		t.Errorf("%s with %d lines", l.Form.ArrivalPlace, len(l.Form.Goods))
	}
	x.get(mette, "/licences/"+claimed.ID)
}

// verification reads the verification number off the page that tells it.
func verification(t *testing.T, body string) string {
	t.Helper()
	m := regexp.MustCompile(`<strong>([^<]+)</strong></dd>`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal(body)
	}
	return m[1]
}

// kept is a licence as it stands.
func kept(w *webtest.Town, a flegt.Actor, id string) flegt.Licence {
	w.T.Helper()
	c, err := w.Office.Licence(w.T.Context(), a, id)
	if err != nil {
		w.T.Fatal(err)
	}
	return c.Licence
}
