package authority_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

func TestTheWorkList(t *testing.T) {
	w := webtest.NewTown(t)
	id := w.Lodged(w.Importer("importer"), "16.00001-00001.001-ID-DK")
	officer, colleague := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("colleague", flegt.RoleAuthority, "CA-DK", "DK")

	answer, body := w.Get(officer, "/desk")
	webtest.Wants(t, answer, body, 200, "16.00001-00001.001-ID-DK", "Nordisk Træ A/S", "Arrived, not decided", "Unassigned")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(officer, "/desk?importer=fyns&lang=da")
	webtest.Wants(t, answer, body, 200, "Intet her", "Gem visning")
	webtest.CheckHTML(t, body)

	answer, body = w.Get(officer, "/desk?part=all")
	webtest.Wants(t, answer, body, 200, "Nobody yet")
	pick := "pick=" + url.QueryEscape(id+" ")
	answer, body = w.Post(officer, "/desk/assign", "back=part%3Dall&"+pick)
	webtest.Wants(t, answer, body, 422, "Choose an officer", `value="`+id+` " checked`)
	answer, body = w.Post(officer, "/desk/assign", "officer="+colleague.Account)
	webtest.Wants(t, answer, body, 422, "Tick at least one licence")
	answer, _ = w.Post(officer, "/desk/assign", "officer="+colleague.Account+"&back=part%3Dall&"+pick)
	if answer.StatusCode != 303 || answer.Header.Get("Location") != "/desk?part=all" {
		t.Errorf("handing over answers %d and leads to %s", answer.StatusCode, answer.Header.Get("Location"))
	}
	answer, body = w.Post(officer, "/desk/assign", "officer="+officer.Account+"&"+pick)
	webtest.Wants(t, answer, body, 409, "A colleague handles one of these")
	if _, body = w.Get(officer, "/desk?part=nobody"); !strings.Contains(body, "Nothing here") {
		t.Error("it is handled and stands among the unassigned")
	}
	if _, body = w.Get(colleague, "/desk?part=all"); strings.Contains(body, "Nobody yet") {
		t.Error("it is handled and nobody handles it yet")
	}
	if answer, _ = w.Get(colleague, "/desk/next"); answer.Header.Get("Location") != "/desk/"+id {
		t.Errorf("the next one is %s", answer.Header.Get("Location"))
	}

	answer, body = w.Post(officer, "/desk/views", "back=importer%3Dnordisk&view=")
	webtest.Wants(t, answer, body, 422, "Keep this view under the name")
	if answer, _ = w.Post(officer, "/desk/views", "back=importer%3Dnordisk%26evil%3D%3Cscript%3E&view=Nordisk"); answer.StatusCode != 303 {
		t.Errorf("keeping a view answers %d", answer.StatusCode)
	}
	answer, body = w.Get(officer, "/desk")
	webtest.Wants(t, answer, body, 200, ">Nordisk<", `"/desk?importer=nordisk"`)
	if strings.Contains(body, "evil") {
		t.Error("a view keeps what narrows nothing")
	}
}

// TestTheWorkListShowsWhatCustomsHolds: in a part of its own, decided or not, and marked in the others.
func TestTheWorkListShowsWhatCustomsHolds(t *testing.T) {
	w := webtest.NewTown(t)
	importer := w.Importer("importer")
	officer, customs := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
	open, decided := w.Lodged(importer, "16.00001-00001.001-ID-DK"), w.Lodged(importer, "16.00001-00002.001-ID-DK")
	w.Lodged(importer, "16.00001-00003.001-ID-DK")
	if answer, body := w.Post(officer, "/desk/"+decided+"/accept", ""); answer.StatusCode != 303 {
		t.Fatal(body)
	}
	answer, body := w.Get(officer, "/desk?part=held")
	webtest.Wants(t, answer, body, 200, "Nothing here", "Held by customs")
	for _, id := range []string{open, decided} {
		if answer, body := w.Post(customs, "/customs/"+id+"/hold", "hold_office=DK003103&reason=odd+stamp"); answer.StatusCode != 303 {
			t.Fatal(body)
		}
	}
	answer, body = w.Get(officer, "/desk?part=held")
	webtest.Wants(t, answer, body, 200, "16.00001-00001.001-ID-DK", "16.00001-00002.001-ID-DK", `Held by customs <span class="of-count of-count--soft">2</span>`, `of-status--stop">Held by customs`)
	webtest.CheckHTML(t, body)
	if strings.Contains(body, "16.00001-00003.001-ID-DK") || strings.Contains(body, "Hand the ticked ones to") {
		t.Error("it lists what nobody holds, or hands over what is decided")
	}
	answer, body = w.Get(officer, "/desk")
	webtest.Wants(t, answer, body, 200, "16.00001-00003.001-ID-DK")
	if strings.Count(body, `of-status--stop">Held by customs`) != 1 {
		t.Error("among the open ones the one that is held is not marked, or others are")
	}
	if answer, _ := w.Post(officer, "/desk/"+decided+"/hold", "answer=genuine&do=lift"); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode)
	}
	if _, body = w.Get(officer, "/desk?part=held"); strings.Contains(body, "16.00001-00002.001-ID-DK") {
		t.Error("it is not held any more")
	}
}

func TestExpectedArrivals(t *testing.T) {
	w := webtest.NewTown(t)
	w.Lodged(w.Importer("importer"), "16.00001-00001.001-ID-DK")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	answer, body := w.Get(officer, "/desk/arrivals")
	webtest.Wants(t, answer, body, 200, "December 2016", "Not decided in time", "16.00001-00001.001-ID-DK")
	webtest.CheckHTML(t, body)
	importer := w.Importer("second")
	for number, decide := range map[string]func(id string) error{
		"16.00001-00002.001-ID-DK": func(id string) error { _, err := w.Office.AcceptLicence(t.Context(), officer, id, 0); return err },
		"16.00001-00003.001-ID-DK": func(id string) error {
			_, err := w.Office.RejectLicence(t.Context(), officer, id, 0, "other", "Unreadable.")
			return err
		},
		"16.00001-00004.001-ID-DK": func(id string) error { _, err := w.Office.WithdrawLicence(t.Context(), importer, id, 0); return err },
	} {
		if err := decide(w.Lodged(importer, number)); err != nil {
			t.Fatal(err)
		}
	}
	answer, body = w.Get(officer, "/desk/arrivals")
	webtest.Wants(t, answer, body, 200)
	for number, want := range map[string]string{"00002": `ok`, "00003": `end`, "00004": `end`} {
		word := map[string]string{"00002": "Accepted", "00003": "Rejected", "00004": "Withdrawn"}[number]
		if !regexp.MustCompile(`of-arrival--` + want + `"><a href="[^"]*">16.00001-` + number + `.001-ID-DK</a><span class="of-sub">` + word + `</span>`).MatchString(body) {
			t.Errorf("%s is not shown as %s", number, word)
		}
	}
	answer, body = w.Get(officer, "/desk?part=decided")
	webtest.Wants(t, answer, body, 200, `of-status--ok">Accepted`, `of-status--stop">Rejected`, `of-status--plain">Withdrawn`, "lodged in Denmark that were decided", ">Time taken</th>")
	if strings.Contains(body, `name="pick"`) || strings.Contains(body, "wait for a decision") {
		t.Error("what is decided can be picked, or waits")
	}
	answer, body = w.Get(officer, "/desk?part=all")
	webtest.Wants(t, answer, body, 200, `name="pick"`, "that wait for a decision", ">Waiting</th>")
	answer, body = w.Get(officer, "/desk?part=held&lang=da")
	webtest.Wants(t, answer, body, 200, "hvis sendinger holdes tilbage af tolden")
	answer, body = w.Get(officer, "/desk/arrivals?month=2016-08&lang=da")
	webtest.Wants(t, answer, body, 200, "August 2016", "Ingen ankomster")
	answer, body = w.Get(officer, "/desk/arrivals?month=nonsense")
	webtest.Wants(t, answer, body, 200, "December 2016")
}

// TestManyArrivals is a calendar with more licences than it can name: it counts them, and each
// number leads to just those licences.
func TestManyArrivals(t *testing.T) {
	w := webtest.NewTown(t)
	importer, officer := w.Importer("importer"), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	var all []string
	for i := range 82 { // more than it names
		all = append(all, w.Lodged(importer, fmt.Sprintf("16.00001-%05d.001-ID-DK", i+1)))
	}
	if _, err := w.Office.AcceptLicence(t.Context(), officer, all[0], 0); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Office.RejectLicence(t.Context(), officer, all[1], 0, "other", "Unreadable."); err != nil {
		t.Fatal(err)
	}
	answer, body := w.Get(officer, "/desk/arrivals")
	open, decided := "/desk?part=all&amp;arrival_from=2016-12-03&amp;arrival_until=2016-12-03", "/desk?part=decided&amp;arrival_from=2016-12-03&amp;arrival_until=2016-12-03&amp;outcome="
	webtest.Wants(t, answer, body, 200, "too many to name", open, "80 licences", "Not decided in time",
		`of-arrival--ok"><a href="`+decided+`accepted">1 licence</a><span class="of-sub">Accepted</span>`,
		`of-arrival--end"><a href="`+decided+`unaccepted">1 licence</a><span class="of-sub">Rejected or withdrawn</span>`)
	webtest.CheckHTML(t, body)
	if strings.Contains(body, "16.00001-00001") {
		t.Error("it names a licence all the same")
	}
	for outcome, number := range map[string]string{"accepted": "16.00001-00001.001-ID-DK", "unaccepted": "16.00001-00002.001-ID-DK"} {
		answer, body = w.Get(officer, strings.ReplaceAll(decided, "&amp;", "&")+outcome)
		webtest.Wants(t, answer, body, 200, number, `value="`+outcome+`" selected`)
		webtest.CheckHTML(t, body)
		if n := strings.Count(body, "16.00001-"); n != strings.Count(body, number) {
			t.Errorf("the number of what is %s leads to others", outcome)
		}
	}
}

func TestTheDesksSettings(t *testing.T) {
	w := webtest.NewTown(t)
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	for form, sentence := range map[string]string{
		"target_days=many":     "Write a whole number from 0 to 60.",
		"target_days=61":       "Write a whole number from 0 to 60.",
		"fee=1.234&fee_from=x": "at most two decimals",
		"fee=31&currency=kr":   "three letters",
	} {
		answer, body := w.Post(officer, "/desk/settings", form)
		webtest.Wants(t, answer, body, 422, sentence)
		webtest.CheckHTML(t, body)
	}
	answer, _ := w.Post(officer, "/desk/settings", "target_days=2&second_eyes=yes&fee=31,50&currency=dkk&fee_from=2016-12-01&fee_source=BEK+1")
	if answer.StatusCode != 303 {
		t.Fatalf("saving answers %d", answer.StatusCode)
	}
	answer, body := w.Get(officer, "/desk/settings?lang=da")
	webtest.Wants(t, answer, body, 200, "31,50\u00a0DKK", "BEK 1", "checked", "Klagevejledning: Dansk")
	for _, a := range []flegt.Actor{w.Holder("s", flegt.RoleSupport, flegt.SupportBody, ""), w.Importer("o"), w.Holder("c", flegt.RoleCustoms, "CUSTOMS-DK", "DK")} {
		for _, path := range []string{"/desk", "/desk/arrivals", "/desk/settings", "/desk/next"} {
			if answer, _ := w.Get(a, path); answer.StatusCode != 404 {
				t.Errorf("%s gets %d at %s", a.Role, answer.StatusCode, path)
			}
		}
	}
}

// TestARejectionSaysHowToAppeal: what the authority set when it decided is said ever after, in the
// reader's language or else in another one.
func TestARejectionSaysHowToAppeal(t *testing.T) {
	w := webtest.NewTown(t)
	importer := w.Importer("importer")
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	reject := func(number string) string {
		id := w.Lodged(importer, number)
		c, err := w.Office.Licence(t.Context(), officer, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Office.RejectLicence(t.Context(), officer, id, c.Licence.Version, flegt.RejectionReasons[0], "Box 14."); err != nil {
			t.Fatal(err)
		}
		return "/licences/" + id
	}
	save := func(form url.Values) {
		t.Helper()
		if answer, body := w.Post(officer, "/desk/settings", form.Encode()); answer.StatusCode != 303 {
			t.Fatal(answer.StatusCode, body)
		}
		w.Now = w.Now.Add(time.Minute)
	}
	says := func(path, sentence string) {
		t.Helper()
		answer, body := w.Get(importer, path+"?lang=en")
		webtest.Wants(t, answer, body, 200, "The goods cannot be cleared", "Questions about this decision go to ", "@")
		if strings.Contains(body, "With tolerance") {
			t.Errorf("quantities are left on a rejected licence: %s", body)
		}
		if sentence == "" && strings.Contains(body, "How to appeal") || !strings.Contains(body, sentence) {
			t.Errorf("%s does not say %q: %s", path, sentence, body)
		}
		webtest.CheckHTML(t, body)
	}
	silent := reject("16.00001-00001.001-ID-DK")
	w.Now = w.Now.Add(time.Minute)
	save(url.Values{"appeal.da": {"Klag inden fire uger."}})
	danish := reject("16.00001-00002.001-ID-DK")
	save(url.Values{"appeal.en": {"Within four weeks,\nto the board."}})
	both := reject("16.00001-00003.001-ID-DK")
	save(url.Values{"appeal.en": {""}, "appeal.da": {""}})
	none := reject("16.00001-00004.001-ID-DK")
	says(silent, "")
	says(danish, "Klag inden fire uger.")
	says(both, "Within four weeks,\nto the board.")
	says(none, "")
	answer, body := w.Post(officer, "/desk/settings", url.Values{"target_days": {"3"}, "appeal.da": {strings.Repeat("æ", flegt.MaxAppeal+1)}}.Encode())
	webtest.Wants(t, answer, body, 422, "at most 2,000 characters", `id="f-appeal.da"`, "æææ")
}

func TestACaseIsComparedNotedAndHandedOver(t *testing.T) {
	w := webtest.NewTown(t)
	importer := w.Importer("importer")
	id := w.Lodged(importer, "16.00001-00001.001-ID-DK")
	officer, colleague := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("colleague", flegt.RoleAuthority, "CA-DK", "DK")
	page := "/desk/" + id
	answer, body := w.Get(officer, page)
	webtest.Wants(t, answer, body, 200, "Compare with the scan", "Goods (boxes 9 to 16)", "Tectona grandis", "Nobody handles it yet", `id="compare-17"`)
	webtest.CheckHTML(t, body)

	answer, _ = w.Post(officer, page+"/tick", "box=3-4&agrees=yes")
	if to := answer.Header.Get("Location"); answer.StatusCode != 303 || to != page+"#compare-18" {
		t.Errorf("ticking answers %d and goes on to %s", answer.StatusCode, to)
	}
	for _, box := range []string{"other", "99", ""} {
		if answer, _ = w.Post(officer, page+"/tick", "agrees=yes&box="+box); answer.StatusCode != 404 {
			t.Errorf("the box %q answers %d", box, answer.StatusCode)
		}
	}
	answer, body = w.Post(officer, page+"/note", "note=")
	webtest.Wants(t, answer, body, 422, "Add a note")
	if answer, _ = w.Post(officer, page+"/note", "note=Look+at+the+stamp&mention="+colleague.Account); answer.StatusCode != 303 {
		t.Fatalf("a note answers %d", answer.StatusCode)
	}
	namesake := w.Holder("namesake", flegt.RoleAuthority, "CA-DK", "DK")
	answer, body = w.Post(officer, page+"/note", "note=%40METTE+S%C3%98RENSEN+look&mention=nobody")
	webtest.Wants(t, answer, body, 422, "not an officer of your authority")
	answer, body = w.Post(officer, page+"/note", "note=%40METTE+S%C3%98RENSEN+look")
	webtest.Wants(t, answer, body, 422, "Several colleagues are called Mette Sørensen", "@METTE SØRENSEN look</textarea>", "<details class=\"of-more\" open")
	if answer, _ = w.Post(officer, page+"/note", "note=%40METTE+S%C3%98RENSEN+look&mention="+namesake.Account); answer.StatusCode != 303 {
		t.Fatalf("a note for one of two of the same name answers %d", answer.StatusCode)
	}
	if answer, _ = w.Post(officer, page+"/hand-over", "officer="+colleague.Account); answer.StatusCode != 303 {
		t.Fatalf("handing over answers %d", answer.StatusCode)
	}
	answer, body = w.Post(officer, page+"/hand-over", "officer="+officer.Account)
	webtest.Wants(t, answer, body, 409, "A colleague handles")
	answer, body = w.Get(colleague, page+"?lang=da")
	webtest.Wants(t, answer, body, 200, "Look at the stamp", "har fået besked: Mette Sørensen", "Afkrydset af", "Fjern krydset")

	for _, a := range []flegt.Actor{importer, w.Holder("de", flegt.RoleAuthority, "CA-DE", "DE")} {
		for path, form := range map[string]string{"/tick": "box=17&agrees=yes", "/note": "note=x", "/hand-over": "officer=" + a.Account} {
			if answer, _ := w.Post(a, page+path, form); answer.StatusCode != 404 {
				t.Errorf("%s of %s gets %d at %s", a.Role, a.Country, answer.StatusCode, path)
			}
		}
	}
}

func TestASecondOfficerConfirms(t *testing.T) {
	w := webtest.NewTown(t)
	officer, colleague := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("colleague", flegt.RoleAuthority, "CA-DK", "DK")
	if answer, _ := w.Post(officer, "/desk/settings", "second_eyes=yes"); answer.StatusCode != 303 {
		t.Fatalf("saving answers %d", answer.StatusCode)
	}
	const first, now = "A second officer must confirm it; then customs may release", "Customs may release the goods from now on"
	page := "/desk/" + w.Lodged(w.Importer("importer"), "16.00001-00002.001-ID-DK")
	accepts := func(who flegt.Actor, says, says2 string) {
		t.Helper()
		if _, body := w.Get(who, page); !strings.Contains(body, says) || strings.Contains(body, says2) {
			t.Errorf("beside Accept does not stand %q", says)
		}
	}
	accepts(officer, first, now)
	if answer, _ := w.Post(officer, page+"/accept", ""); answer.StatusCode != 303 {
		t.Fatalf("a first yes answers %d", answer.StatusCode)
	}
	accepts(officer, "You proposed to accept this licence", first)
	if _, body := w.Get(officer, page); strings.Contains(body, "data-of-accept") {
		t.Error("who proposed it is asked for the same again")
	}
	if answer, _ := w.Post(officer, page+"/accept", ""); answer.StatusCode != 409 {
		t.Errorf("a second yes of the same officer answers %d", answer.StatusCode)
	}
	accepts(colleague, now, first)
	page = "/desk/" + w.Lodged(w.Importer("importer2"), "16.00001-00001.001-ID-DK")
	if answer, _ := w.Post(officer, page+"/reject", "reason_code=expired&reason=Out+of+date"); answer.StatusCode != 303 {
		t.Fatalf("a first no answers %d", answer.StatusCode)
	}
	answer, body := w.Post(officer, page+"/reject", "reason_code=expired&reason=Out+of+date")
	webtest.Wants(t, answer, body, 409, "A second officer of your authority must confirm it")
	answer, body = w.Get(colleague, page)
	webtest.Wants(t, answer, body, 200, "proposed on", ">Out of date</textarea>", "Accept", first)
	if answer, _ = w.Post(colleague, page+"/reject", "reason_code=expired&reason=Out+of+date"); answer.StatusCode != 303 {
		t.Fatalf("the second no answers %d", answer.StatusCode)
	}
	answer, body = w.Get(colleague, page)
	webtest.Wants(t, answer, body, 200, "Rejected")
}
