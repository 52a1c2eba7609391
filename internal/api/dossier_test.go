package api

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// colleague is a second officer of Denmark's authority.
const colleague = "colleague"

func (w *town) colleague() {
	w.t.Helper()
	w.holder(colleague, flegt.RoleAuthority, "CA-DK", "DK")
}

func (w *town) dossier(who, id string) Dossier {
	w.t.Helper()
	return into[Dossier](w.ask(who, "GET", "/api/v1/dossiers/"+id, "").is(200))
}

// step makes a change of a dossier in its present version.
func (w *town) step(who, method, id, what, body string) reply {
	w.t.Helper()
	return w.ask(who, method, "/api/v1/dossiers/"+id+what, body, "If-Match", etag(w.dossier(who, id).Version))
}

// TestWorkListIsNarrowedAndPaged: every filter, every order, page by page without a gap.
func TestWorkListIsNarrowedAndPaged(t *testing.T) {
	w := newTown(t)
	var ids []string
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		ids = append(ids, w.submitted(mette, "16.00123-0045"+n+".001-ID-DK").ID)
		w.now = w.now.AddDate(0, 0, 1)
	}
	w.step(officer, "POST", ids[1], "/take", "").is(200)
	w.ask(officer, "POST", "/api/v1/licences/"+ids[4]+"/accept", "", "If-Match", "*").is(200)
	for _, id := range []string{ids[3], ids[4]} {
		w.ask(customs, "POST", "/api/v1/licences/"+id+"/hold", `{"office":"DK003103","reason":"Is the stamp theirs?"}`, "Idempotency-Key", id).is(200)
	}
	for query, want := range map[string][]string{
		"part=held":                       ids[3:],
		"part=held&number=16.00123-00455": ids[4:],
		"":                                ids[:4],
		"part=mine":                       {ids[1]},
		"part=nobody":                     {ids[0], ids[2], ids[3]},
		"part=decided":                    {ids[4]},
		"part=waiting":                    nil,
		"number=16.00123-00453":           {ids[2]},
		"importer=nordisk":                ids[:4],
		"importer=x":                      nil,
		"exporter=jepara":                 ids[:4],
		"issuing=mutuagung":               ids[:4],
		"heading=4407":                    ids[:4],
		"heading=9403":                    nil,
		"age=3":                           {ids[0]}, // lodged on Tuesday; it is Sunday
		"age=4":                           nil,
		"sort=importer":                   ids[:4],
		"arrival_from=2016-01-01":         nil,
	} {
		var got []string
		for _, d := range walk[DossierEntry](w, officer, "/api/v1/dossiers?"+query) {
			got = append(got, d.Licence)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	for _, order := range []string{"lodged", "arrival", "importer", "warnings"} {
		for _, part := range []string{"all", "decided"} {
			path := "/api/v1/dossiers?limit=1&part=" + part + "&sort=" + order
			seen := map[string]bool{}
			for _, d := range walk[DossierEntry](w, officer, path) {
				seen[d.Licence] = true
			}
			if len(seen) != map[string]int{"all": 4, "decided": 1}[part] {
				t.Errorf("%s: %d dossiers", path, len(seen))
			}
		}
	}
	p := w.ask(officer, "GET", "/api/v1/dossiers?arrival_from=tomorrow&arrival_until=x", "").problem(422, "invalid")
	if len(p.Errors) != 2 || p.Errors[0].Parameter != "arrival_from" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(officer, "GET", "/api/v1/dossiers?cursor=x", "").problem(422, "invalid")
	w.ask(officer, "GET", "/api/v1/dossiers?part=everything", "").problem(422, "invalid")
}

// walk reads a list to its end.
func walk[T any](w *town, who, path string) (out []T) {
	w.t.Helper()
	at, _ := url.Parse(path)
	query := at.Query()
	for range 100 {
		at.RawQuery = query.Encode()
		p := into[struct {
			Items []T
			Next  string
		}](w.ask(who, "GET", at.String(), "").is(200))
		out = append(out, p.Items...)
		if p.Next == "" {
			return out
		}
		query.Set("cursor", p.Next)
	}
	w.t.Fatal("the list has no end")
	return nil
}

// TestADossierIsWorked takes a dossier through everything an officer does with it.
func TestADossierIsWorked(t *testing.T) {
	w := newTown(t)
	w.colleague()
	l := w.submitted(mette, numberOne)
	path := "/api/v1/dossiers/" + l.ID

	first := w.dossier(officer, l.ID)
	if first.Number != numberOne || first.Standing != flegt.DossierOpen || first.Officer != "" || len(first.Headings) != 1 {
		t.Errorf("%+v", first)
	}
	w.ask(officer, "POST", path+"/take", "").problem(428, "if-match-needed")
	taken := w.ask(officer, "POST", path+"/take", "", "If-Match", etag(first.Version), "Idempotency-Key", "take").is(200)
	again := w.ask(officer, "POST", path+"/take", "", "If-Match", etag(first.Version), "Idempotency-Key", "take").is(200)
	if taken.text != again.text || again.Header.Get("Idempotency-Replayed") != "true" || into[Dossier](taken).OfficerName != "Firstofficer Lastofficer" {
		t.Errorf("%s\n%s", taken.text, again.text)
	}
	w.ask(colleague, "POST", path+"/take", "", "If-Match", etag(first.Version)).problem(412, "stale")
	w.step(officer, "POST", l.ID, "/take", "").problem(409, "conflict")

	p := w.step(officer, "POST", l.ID, "/assign", `{"officer":"mette"}`).problem(422, "invalid")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/officer" {
		t.Errorf("%+v", p.Errors)
	}
	w.step(officer, "POST", l.ID, "/assign", `{"officer":"colleague"}`).is(200).says(`"officer":"colleague"`)
	p = w.step(officer, "POST", l.ID, "/notes", `{"note":"look","mentions":["mette"]}`).problem(422, "invalid")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/mentions" {
		t.Errorf("%+v", p.Errors)
	}
	p = w.step(officer, "POST", l.ID, "/notes", `{"note":" "}`).problem(422, "invalid")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/note" {
		t.Errorf("%+v", p.Errors)
	}
	w.step(officer, "POST", l.ID, "/notes", `{"note":"The stamp is odd.","mentions":["colleague"]}`).is(201).says("The stamp is odd.", `"name":"Firstofficer Lastofficer"`)
	noted := into[Dossier](w.step(officer, "POST", l.ID, "/notes", `{"note":"@firstcolleague LASTCOLLEAGUE, look at box 9; @Firstmette Lastmette and @Firstofficer Lastofficer need not."}`).is(201))
	if told := noted.Notes[len(noted.Notes)-1].Mentions; !slices.Equal(told, []string{"colleague"}) {
		t.Errorf("told are %v", told)
	}
	for _, group := range flegt.TickGroups {
		w.step(colleague, "PUT", l.ID, "/ticks/"+group, "").is(200).says(`"group":"` + group + `"`)
	}
	w.step(colleague, "PUT", l.ID, "/ticks/99", "").problem(404, "not-found")
	if d := into[Dossier](w.step(colleague, "DELETE", l.ID, "/ticks/17", "").is(200)); len(d.Ticks) != len(flegt.TickGroups)-1 {
		t.Errorf("%+v", d.Ticks)
	}
	w.step(officer, "POST", l.ID, "/assign", `{"officer":""}`).is(200)
	history := into[list[HistoryEntry]](w.ask(officer, "GET", path+"/history", "").is(200).list()).Body.Items
	if len(history) < 8 || history[0].Verb != "opened" || history[1].Who != "Firstofficer Lastofficer" {
		t.Errorf("%+v", history)
	}
	if events := w.ask(officer, "GET", "/api/v1/events?limit=500", "").is(200); !strings.Contains(events.text, `"noun":"dossier"`) {
		t.Error("no event of the dossier")
	}
	if events := w.ask(mette, "GET", "/api/v1/events?limit=500", "").is(200); strings.Contains(events.text, `"noun":"dossier"`) {
		t.Error("the importer learns of the dossier")
	}
}

// list makes of the text of a list what into can read.
func (r reply) list() reply {
	r.text = `{"Body":` + r.text + `}`
	return r
}

// TestSeveralDossiersAreHandedOver: all of them or none.
func TestSeveralDossiersAreHandedOver(t *testing.T) {
	w := newTown(t)
	w.colleague()
	a, b := w.submitted(mette, numberOne), w.submitted(mette, "16.00123-00457.001-ID-DK")
	body := func(va, vb string) string {
		return `{"officer":"colleague","dossiers":[{"licence":"` + a.ID + `","version":` + va + `},{"licence":"` + b.ID + `","version":` + vb + `}]}`
	}
	w.ask(officer, "POST", "/api/v1/dossiers/assign", body("1", "7")).problem(412, "stale")
	if w.dossier(officer, a.ID).Officer != "" {
		t.Error("one of two was handed over")
	}
	w.ask(officer, "POST", "/api/v1/dossiers/assign", `{"officer":"colleague","dossiers":[]}`).problem(422, "invalid")
	w.ask(officer, "POST", "/api/v1/dossiers/assign", body("1", "1")).is(200).says(`"officer":"colleague"`)
	w.ask(swede, "POST", "/api/v1/dossiers/assign", strings.ReplaceAll(body("2", "2"), "colleague", "swede")).problem(404, "not-found")
}

// TestASecondPairOfEyes: the first officer's decision is a proposal in the dossier.
func TestASecondPairOfEyes(t *testing.T) {
	w := newTown(t)
	w.colleague()
	desk := w.ask(officer, "GET", "/api/v1/desk", "").is(200)
	w.ask(officer, "PUT", "/api/v1/desk", `{"target_days":2,"second_eyes":true}`, "If-Match", desk.Header.Get("ETag")).is(200).says(`"second_eyes":true`, `"target_days":2`, `"holidays_known":true`)
	w.ask(officer, "PUT", "/api/v1/desk", `{"target_days":2,"second_eyes":true,"appeal":{"da":"Klag inden fire uger."}}`, "If-Match", "*").is(200).says(`"appeal":{"da":"Klag inden fire uger."}`)
	w.ask(officer, "PUT", "/api/v1/desk", `{"target_days":2,"second_eyes":true}`, "If-Match", "*").is(200).says(`"appeal":{"da":"Klag inden fire uger."}`)
	w.ask(officer, "PUT", "/api/v1/desk", `{"target_days":2,"second_eyes":true,"appeal":{"xx":"?"}}`, "If-Match", "*").is(422).says(`"pointer":"/appeal"`)
	w.ask(officer, "PUT", "/api/v1/desk", `{"target_days":2,"second_eyes":true,"appeal":{"da":"`+strings.Repeat("æ", flegt.MaxAppeal+1)+`"}}`, "If-Match", "*").is(422).says(`"pointer":"/appeal/da"`)
	w.ask(officer, "PUT", "/api/v1/desk", `{"target_days":2,"second_eyes":false}`, "If-Match", desk.Header.Get("ETag")).problem(412, "stale")
	if p := w.ask(officer, "PUT", "/api/v1/desk", `{"target_days":-1,"second_eyes":false}`, "If-Match", "*").problem(422, "invalid"); p.Errors[0].Pointer != "/target_days" {
		t.Errorf("%+v", p)
	}
	l := w.submitted(mette, numberOne)
	w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/accept", "", "If-Match", etag(l.Version)).is(200).says(`"state":"submitted"`)
	if d := w.dossier(colleague, l.ID); d.Proposal == nil || d.Proposal.Verb != flegt.VerbAccept || d.Proposal.Name != "Firstofficer Lastofficer" || d.Proposal.LicenceVersion != l.Version || !d.Proposed {
		t.Errorf("%+v", d.Proposal)
	}
	w.ask(colleague, "POST", "/api/v1/licences/"+l.ID+"/accept", "", "If-Match", etag(l.Version)).is(200).says(`"state":"accepted"`)
	w.now = w.now.AddDate(0, 0, 7)
	late := w.submitted(mette, "16.00123-00457.001-ID-DK")
	w.now = w.now.AddDate(0, 0, 7)
	if d := w.dossier(officer, late.ID); d.WorkingDays != 5 || !d.OverTarget {
		t.Errorf("%d working days, over the target: %v", d.WorkingDays, d.OverTarget)
	}
}

// TestFeesOverTheInterface: charged from a day on, listed, added up and taken away.
func TestFeesOverTheInterface(t *testing.T) {
	w := newTown(t)
	p := w.ask(officer, "POST", "/api/v1/desk/fees", `{"fee":"31.001","currency":"","fee_from":"","fee_source":""}`, "If-Match", "*").problem(422, "invalid")
	if p.Errors[0].Pointer != "/fee" {
		t.Errorf("%+v", p.Errors)
	}
	if p := w.ask(officer, "POST", "/api/v1/desk/fees", `{"fee":"31","currency":"x","fee_from":"y","fee_source":""}`, "If-Match", "*").problem(422, "invalid"); len(p.Errors) != 3 {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(officer, "POST", "/api/v1/desk/fees", `{"fee":"31.50","currency":"dkk","fee_from":"2016-01-01","fee_source":"BEK 1"}`, "If-Match", "*").is(201).says(`"fee":"31.50","currency":"DKK"`)
	a := w.submitted(mette, numberOne)
	w.submitted(mette, "16.00123-00457.001-ID-DK")
	if d := w.dossier(officer, a.ID); d.Fee == nil || d.Fee.Fee != "31.50" {
		t.Errorf("%+v", d.Fee)
	}
	if found := walk[FeeEntry](w, officer, "/api/v1/desk/fees?limit=1"); len(found) != 2 || found[0].Licence != a.ID || found[0].Charge.Fee != "31.50" {
		t.Errorf("%+v", found)
	}
	w.ask(officer, "GET", "/api/v1/desk/fees/sums?from=2016-12-06&until=2016-12-06&importer=nordisk", "").is(200).says(`{"currency":"DKK","count":2,"sum":"63.00"}`)
	w.ask(officer, "GET", "/api/v1/desk/fees?from=2017-01-01", "").is(200).says(`"items":[]`)
	if p := w.ask(officer, "GET", "/api/v1/desk/fees?from=2017-01-01&until=2016-01-01", "").problem(422, "invalid"); p.Errors[0].Parameter != "until" {
		t.Errorf("%+v", p.Errors)
	}
	answer := w.ask(officer, "GET", "/api/v1/desk/fees/export", "").is(200)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.text, "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][4] != "31.50" || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%v %v %s", err, rows, answer.Header)
	}
	if answer := w.ask(officer, "GET", "/api/v1/desk/fees/export?format=xlsx", "").is(200); !strings.HasPrefix(answer.text, "PK") {
		t.Error("no workbook")
	}
	w.ask(swede, "GET", "/api/v1/desk/fees", "").is(200).says(`"items":[]`)
}

// TestViewsAndArrivals: one's own views, and what comes when.
func TestViewsAndArrivals(t *testing.T) {
	w := newTown(t)
	w.colleague()
	w.ask(officer, "POST", "/api/v1/desk/views", `{"view":"mine first","query":"part=mine&sort=arrival"}`).is(200)
	if p := w.ask(officer, "POST", "/api/v1/desk/views", `{"view":"x","query":"colour=red"}`).problem(422, "invalid"); p.Errors[0].Pointer != "/query" {
		t.Errorf("%+v", p)
	}
	views := into[list[SavedView]](w.ask(officer, "GET", "/api/v1/desk/views", "").is(200).list()).Body.Items
	if len(views) != 1 {
		t.Fatal(views)
	}
	w.ask(officer, "GET", "/api/v1/dossiers?"+views[0].Query, "").is(200)
	w.ask(colleague, "GET", "/api/v1/desk/views", "").is(200).says(`"items":[]`)
	w.ask(officer, "DELETE", "/api/v1/desk/views?view="+url.QueryEscape("mine first"), "").is(204)
	w.ask(officer, "GET", "/api/v1/desk/views", "").is(200).says(`"items":[]`)
	w.ask(officer, "GET", "/api/v1/desk/officers", "").is(200).says(`{"account":"colleague","name":"Firstcolleague Lastcolleague"}`)

	arrives := func(number, day string) Licence {
		l := into[Licence](w.ask(mette, "POST", "/api/v1/licences", strings.Replace(formJSON(number), `"form":{`, `"form":{"arrival":"`+day+`",`, 1)).is(201))
		l = into[Licence](w.ask(mette, "POST", "/api/v1/licences/"+l.ID+"/attachments?name=x.pdf", "%PDF-1.4 "+number, "Content-Type", "application/pdf", "If-Match", "*").is(201))
		return into[Licence](w.ask(mette, "POST", "/api/v1/licences/"+l.ID+"/submit", "", "If-Match", "*").is(200))
	}
	late, soon, decided := arrives(numberOne, "2016-12-07"), arrives("16.00123-00457.001-ID-DK", "2016-12-20"), arrives("16.00123-00458.001-ID-DK", "2016-12-12")
	w.ask(officer, "POST", "/api/v1/licences/"+decided.ID+"/accept", "", "If-Match", "*").is(200)
	w.ask(officer, "GET", "/api/v1/desk/tally", "").is(200).says(`{"all":2,"nobody":2,"mine":0,"waiting":0}`)
	w.now = w.now.AddDate(0, 0, 2)
	found := walk[DossierEntry](w, officer, "/api/v1/desk/arrivals?limit=1&from=2016-12-01")
	if len(found) != 3 || found[0].Licence != late.ID || found[0].ArrivalState != "late" || found[1].ArrivalState != "decided" || found[2].Licence != soon.ID || found[2].ArrivalState != "expected" {
		t.Errorf("%+v", found)
	}
	if found[1].Outcome != "accepted" || found[0].Outcome != "" {
		t.Errorf("%+v", found)
	}
	if found := walk[DossierEntry](w, officer, "/api/v1/dossiers?part=decided&outcome=unaccepted"); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	w.ask(officer, "POST", "/api/v1/licences/"+decided.ID+"/withdraw-acceptance", `{"reason":"A second look."}`, "If-Match", "*").is(200)
	if found := walk[DossierEntry](w, officer, "/api/v1/dossiers?part=decided&outcome=unaccepted&limit=1"); len(found) != 1 || found[0].Outcome != "acceptance_withdrawn" {
		t.Errorf("%+v", found)
	}
	if found := w.dossier(officer, decided.ID); found.Outcome != "acceptance_withdrawn" {
		t.Errorf("%+v", found)
	}
	if found := walk[DossierEntry](w, officer, "/api/v1/desk/arrivals"); len(found) != 2 {
		t.Errorf("from today on: %+v", found)
	}
	again := w.submitted(mette, "16.00123-00459.001-ID-DK")
	w.ask(officer, "GET", "/api/v1/dossiers/"+again.ID+"/previous", "").is(200).says(decided.ID, `"elsewhere":0`)
}

// TestTheDeskIsTheAuthoritysAlone calls every operation of the desk as everybody else.
func TestTheDeskIsTheAuthoritysAlone(t *testing.T) {
	w := newTown(t)
	l := w.submitted(mette, numberOne)
	called := 0
	for pattern, op := range w.operations {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.HasPrefix(path, Prefix+"/desk") && !strings.HasPrefix(path, Prefix+"/dossiers") {
			continue
		}
		called++
		if op.scope != flegt.ScopeDeskRead && op.scope != flegt.ScopeDeskWrite {
			t.Errorf("%s: scope %q", pattern, op.scope)
		}
		address := strings.NewReplacer("{id}", l.ID, "{group}", "17").Replace(path)
		body := map[string]string{"/assign": `{"officer":"swede"}`, "/notes": `{"note":"x"}`}[strings.TrimPrefix(address, Prefix+"/dossiers/"+l.ID)]
		for _, who := range []string{mette, rival, customs, tull, support, licensing, observer} {
			w.ask(who, method, address, body).problem(http.StatusForbidden, "scope")
		}
		if strings.Contains(path, "{id}") { // another authority: it does not exist
			there := w.ask(swede, method, address, body, "If-Match", "*").problem(http.StatusNotFound, "not-found")
			nowhere := w.ask(swede, method, strings.ReplaceAll(address, l.ID, "0199aaaa-0000-7000-8000-000000000000"), body, "If-Match", "*").problem(http.StatusNotFound, "not-found")
			if there.Detail != nowhere.Detail {
				t.Errorf("%s tells that it exists", pattern)
			}
		}
	}
	if called < 20 {
		t.Errorf("%d operations", called)
	}
	if len(walk[DossierEntry](w, swede, "/api/v1/dossiers")) != 0 {
		t.Error("another authority's work list")
	}
}

// TestWorkingDaysAreTheAuthoritys: they are counted by the clock of the authority's country, wherever
// the machine stands.
func TestWorkingDaysAreTheAuthoritys(t *testing.T) {
	w := newTown(t)
	w.Location = time.FixedZone("far away", -10*3600)
	w.now = time.Date(2016, 12, 6, 9, 30, 0, 0, time.UTC) // half past eleven at night there, half past ten in Copenhagen
	l := w.submitted(mette, numberOne)
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{time.Hour, 0}, {14 * time.Hour, 1}} { // half past midnight in Copenhagen
		lodged := w.now
		w.now = w.now.Add(c.after)
		if got := into[Dossier](w.ask(officer, "GET", "/api/v1/dossiers/"+l.ID, "").is(200)).WorkingDays; got != c.want {
			t.Errorf("after %s: %d working days, want %d", c.after, got, c.want)
		}
		w.now = lodged
	}
}
