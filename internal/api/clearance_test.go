package api

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// port is a customs officer who acts at one office alone.
func (w *town) port() string {
	w.t.Helper()
	w.account("port")
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-port", Account: "port", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK",
			Offices: []string{"DK005600"}, Status: flegt.Approved, RequestedAt: w.now, Version: 1})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	roles, err := w.Office.Roles(w.t.Context(), "port")
	if err != nil || len(roles) != 1 {
		w.t.Fatal(roles, err)
	}
	w.actors["port"] = roles[0]
	w.tokens["port"] = w.token("port", flegt.TokenPlain, flegt.ScopesOf(flegt.RoleCustoms)...)
	return "port"
}

// agrees lets the registry verify itself; the people were put in without events.
func (w *town) agrees() {
	w.t.Helper()
	v, err := registry.Verify(w.t.Context(), w.db, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range v.Disagreements {
		if !strings.HasPrefix(d.What, "account ") && !strings.HasPrefix(d.What, "authorisation ") {
			w.t.Error(d)
		}
	}
}

// TestTakingOver: an officer of another office goes on with a declaration, after asking what
// would happen; then it is released there.
func TestTakingOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		w.accepted(mette, numberOne)
		port := w.port()
		w.ask(customs, "PUT", booking, strings.Replace(reserveTen, `"line":1`, `"line":1,"goods_item":7,"commodity_code":"44072915"`, 1), "Idempotency-Key", "1").is(200)
		for i, r := range [][2]string{{"POST", "/release"}, {"POST", "/release?office=DK005600"}, {"DELETE", ""}, {"DELETE", "?office=DK005600"}} {
			p := w.ask(port, r[0], booking+r[1], "", "Idempotency-Key", "2"+strconv.Itoa(i)).problem(409, "refused")
			if p.Key != "clearance.stands_elsewhere" || !strings.Contains(p.Detail, "DK003103") || p.Errors[0].Parameter != "office" || p.Errors[0].Pointer != "" {
				t.Errorf("%+v", p)
			}
		}
		if p := w.ask(port, "PUT", booking, strings.Replace(reserveTen, "DK003103", "DK005600", 1), "Idempotency-Key", "2r").problem(409, "refused"); p.Key != "clearance.stands_elsewhere" || p.Errors[0].Pointer != "/office" {
			t.Errorf("%+v", p)
		}
		over := booking + "/takeover"
		w.ask(port, "POST", over+"?dry_run=true", `{"office":"DK005600"}`, "Idempotency-Key", "3").is(200).says(`"dry_run":true`, `"reserved":"8"`)
		w.ask(customs, "GET", quantities, "").is(200).says(`"office":"DK003103"`)
		if p := w.ask(port, "POST", over, `{"office":"DK003103"}`, "Idempotency-Key", "4").problem(422, "invalid"); p.Errors[0].Pointer != "/office" {
			t.Errorf("%+v", p.Errors)
		}
		w.ask(tull, "POST", over, `{"office":"SE000500"}`, "Idempotency-Key", "5").is(409).says(`"code":"08"`)
		w.ask(port, "POST", over, `{"office":"DK005600"}`, "Idempotency-Key", "6").is(200).says(`"reserved":"8"`)
		w.ask(port, "POST", over, `{"office":"DK005600"}`, "Idempotency-Key", "7").problem(409, "conflict")
		w.ask(customs, "GET", quantities, "").is(200).says(`"office":"DK005600","state":"reserved"`, `"goods_item":7,"commodity_code":"44072915"`)
		w.ask(port, "POST", booking+"/release?dry_run=true", "", "Idempotency-Key", "8").is(200).says(`"outcome":"01"`, `"consumed":"8"`)
		w.ask(port, "DELETE", booking+"?dry_run=true", "", "Idempotency-Key", "9").is(200).says(`"reserved":"0"`)
		w.ask(port, "POST", booking+"/release", "", "Idempotency-Key", "10").is(200).says(`"outcome":"01"`)
		w.ask(port, "POST", over, `{"office":"DK005600"}`, "Idempotency-Key", "11").is(409).says(`"code":"03"`)
		w.ask(port, "POST", booking+"/correction?dry_run=true", `{"reason":"x"}`, "Idempotency-Key", "12").is(200).says(`"consumed":"0"`)
		w.ask(port, "GET", quantities, "").is(200).says(`"consumed":"8"`)
		w.agrees()
	})
}

// TestEverything: one declaration for the whole shipment names no items.
func TestEverything(t *testing.T) {
	w := newTown(t)
	w.accepted(mette, numberOne)
	for _, body := range []string{`{"office":"DK003103"}`, `{"office":"DK003103","items":[]}`, `{"office":"DK003103","everything":false}`, strings.Replace(reserveTen, `{"office"`, `{"everything":true,"office"`, 1)} {
		if p := w.ask(customs, "PUT", booking, body, "Idempotency-Key", "x").problem(422, "invalid"); p.Errors[0].Pointer != "/items" {
			t.Errorf("%s: %+v", body, p.Errors)
		}
	}
	w.ask(customs, "PUT", booking, `{"office":"DK003103","items":[],"everything":true}`, "Idempotency-Key", "0").is(200).says(`"reserved":"8.412"`)
	w.ask(customs, "PUT", booking, `{"office":"DK003103","everything":true}`, "Idempotency-Key", "1").is(200).says(`"reserved":"8.412"`)
	second := strings.Replace(booking, mrn, "16DK16RF3TDPZE7AS2", 1)
	for lang, sentence := range map[string]string{"en": "may exceed it by up to 10 %", "da": "med op til 10 %"} {
		p := w.ask(customs, "PUT", second, `{"office":"DK003103","everything":true}`, "Idempotency-Key", "2", "Accept-Language", lang).problem(409, "refused")
		if p.Key != "clearance.nothing_left" || p.Code != "" || !strings.Contains(p.Detail, sentence) {
			t.Errorf("%+v", p)
		}
	}
	w.ask(customs, "PUT", second, strings.Replace(reserveTen, `"8"`, `"0.8"`, 1), "Idempotency-Key", "3").is(200)
}

// TestADryRunSaysWouldBe: a refusal that drops or tells something says in a dry run that it would,
// and does not.
func TestADryRunSaysWouldBe(t *testing.T) {
	w := newTown(t)
	w.accepted(mette, numberOne)
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "1").is(200)
	tooMuch := strings.Replace(reserveTen, `"quantity":"8"`, `"quantity":"80"`, 1)
	before := w.ask(customs, "GET", quantities, "").is(200).text
	if p := w.ask(customs, "PUT", booking+"?dry_run=true", tooMuch, "Idempotency-Key", "2").problem(409, "refused"); p.Code != "05" || !strings.Contains(p.Detail, "would be dropped") {
		t.Errorf("%+v", p)
	}
	swedish := strings.Replace(reserveTen, "DK003103", "SE000500", 1)
	if p := w.ask(tull, "PUT", booking+"?dry_run=true", swedish, "Idempotency-Key", "3").problem(409, "refused"); p.Code != "08" || !strings.Contains(p.Detail, "would be told") {
		t.Errorf("%+v", p)
	}
	if now := w.ask(customs, "GET", quantities, "").is(200).text; now != before {
		t.Errorf("%s, before %s", now, before)
	}
	if p := w.ask(tull, "PUT", booking, swedish, "Idempotency-Key", "4").problem(409, "refused"); !strings.Contains(p.Detail, "are told") {
		t.Errorf("%+v", p)
	}
	if p := w.ask(customs, "PUT", booking, tooMuch, "Idempotency-Key", "5").problem(409, "refused"); !strings.Contains(p.Detail, "is dropped") {
		t.Errorf("%+v", p)
	}
	w.agrees()
}

// TestVersionsOfTheLedger: the ETag of an answer, of one given again too, is good for the next
// write, and no longer after it.
func TestVersionsOfTheLedger(t *testing.T) {
	w := newTown(t)
	w.accepted(mette, numberOne)
	looked := w.ask(customs, "GET", quantities, "").is(200).Header.Get("ETag")
	dry := w.ask(customs, "PUT", booking+"?dry_run=true", reserveTen, "Idempotency-Key", "1", "If-Match", looked).is(200).Header.Get("ETag")
	booked := w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "2", "If-Match", looked).is(200).Header.Get("ETag")
	again := w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "2", "If-Match", looked).is(200).Header
	if dry != looked || booked == looked || booked == "" || again.Get("ETag") != booked || again.Get("Idempotency-Replayed") != "true" {
		t.Errorf("looked at %s, dry %s, booked %s, again %v", looked, dry, booked, again)
	}
	w.ask(customs, "POST", booking+"/release", "", "Idempotency-Key", "3", "If-Match", looked).problem(412, "stale")
	w.ask(customs, "POST", booking+"/release", "", "Idempotency-Key", "4", "If-Match", booked).is(200)
}

// TestPositionsAddUp: what a program reads of each line and unit adds up to the limit, when the line
// is booked in several units too.
func TestPositionsAddUp(t *testing.T) {
	w := newTown(t)
	w.accepted(mette, numberOne)
	w.ask(customs, "PUT", booking, `{"office":"DK003103","items":[{"line":1,"unit":"MTQ","quantity":"2"},{"line":1,"unit":"KGM","quantity":"1000"}]}`, "Idempotency-Key", "1").is(200)
	w.ask(customs, "POST", booking+"/release", "", "Idempotency-Key", "2").is(200)
	booked := into[Cleared](w.ask(customs, "PUT", strings.Replace(booking, mrn, "26DK16RF3TDPZE7BR2", 1), `{"office":"DK003103","items":[{"line":1,"unit":"MTQ","quantity":"1.5"}]}`, "Idempotency-Key", "3").is(200))
	taken := false
	for _, p := range append(booked.Positions, booked.Totals...) {
		var sum flegt.Quantity
		for _, text := range []string{p.Available, p.Reserved, p.Consumed, p.Elsewhere} {
			q, err := flegt.ParseQuantity(text)
			if err != nil {
				t.Fatal(err)
			}
			sum += q
		}
		taken = taken || p.Elsewhere != "0"
		if sum.String() != p.Limit {
			t.Errorf("%+v adds up to %s", p, sum)
		}
	}
	if !taken {
		t.Errorf("nothing is taken elsewhere: %+v", booked.Positions)
	}
}

// TestWrongNumbersAtCustoms: whoever names what there is not is told what he named.
func TestWrongNumbersAtCustoms(t *testing.T) {
	w := newTown(t)
	w.accepted(mette, numberOne)
	other := strings.Replace(booking, numberOne, "16.00123-00999.001-ID-DK", 1)
	for i, r := range [][3]string{{"PUT", other, reserveTen}, {"PUT", other + "?dry_run=true", reserveTen}, {"POST", other + "/release", ""}, {"DELETE", other, ""}} {
		if p := w.ask(customs, r[0], r[1], r[2], "Idempotency-Key", strconv.Itoa(i)).problem(404, "not-found"); p.Key != "licence.no_such_number" || !strings.Contains(p.Detail, "16.00123-00999.001-ID-DK") {
			t.Errorf("%s %s: %+v", r[0], r[1], p)
		}
	}
	if p := w.ask(customs, "GET", "/api/v1/declarations/26DK16RF3TDPZE7BR2", "").problem(404, "not-found"); !strings.Contains(p.Detail, "declaration 26DK16RF3TDPZE7BR2") {
		t.Errorf("%+v", p)
	}
	none := strings.Replace(reserveTen, `"quantity":"8"`, `"quantity":"0"`, 1)
	if p := w.ask(customs, "PUT", booking, none, "Idempotency-Key", "none").problem(422, "invalid"); p.Errors[0].Pointer != "/items/0/quantity" {
		t.Errorf("%+v", p.Errors)
	}
}

// TestPhysicalCheck records checks and what follows from them.
func TestPhysicalCheck(t *testing.T) {
	w := newTown(t)
	l := w.accepted(mette, numberOne)
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "1").is(200)
	checks := strings.TrimSuffix(booking, "reservation") + "checks"
	bad := `{"office":"DK003103","outcome":"quantities","date":"2016-12-05","found":[{"line":1,"unit":"MTQ","quantity":"many"}]}`
	if p := w.ask(customs, "POST", checks, bad, "Idempotency-Key", "2").problem(422, "invalid"); p.Errors[0].Pointer != "/found/0/quantity" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(customs, "POST", checks, strings.ReplaceAll(bad, "quantities", "conform"), "Idempotency-Key", "3").problem(422, "invalid")
	w.ask(officer, "POST", checks, strings.ReplaceAll(bad, "many", "8"), "Idempotency-Key", "4").problem(403, "scope")
	w.ask(tull, "POST", checks, strings.ReplaceAll(bad, "DK003103", "SE000500"), "Idempotency-Key", "5").problem(422, "invalid")
	w.ask(customs, "POST", checks, `{"office":"DK003103","outcome":"not_conform","date":"2016-12-05","remarks":"meranti"}`, "Idempotency-Key", "6").is(201).says(`"outcome":"not_conform"`, `"mrn":"`+mrn)
	w.ask(customs, "POST", booking+"/release", "", "Idempotency-Key", "7").problem(409, "refused")
	w.ask(customs, "POST", checks, strings.ReplaceAll(bad, "many", "8.1"), "Idempotency-Key", "8").is(201).says(`"quantity":"8.1"`)
	w.ask(customs, "POST", booking+"/release", "", "Idempotency-Key", "9").is(200)
	one := "/api/v1/licences/" + l.ID
	w.ask(customs, "GET", one, "").is(200).says("meranti", `"quantity":"8.1"`)
	w.ask(officer, "GET", one, "").is(200).says("meranti")
	for _, who := range []string{mette, licensing} {
		if text := w.ask(who, "GET", one, "").is(200).text; strings.Contains(text, "meranti") {
			t.Errorf("%s reads of customs' checks", who)
		}
	}
	w.agrees()
}

// TestFindingADeclaration: a declaration may take from several licences; a stranger finds none.
func TestFindingADeclaration(t *testing.T) {
	w := newTown(t)
	const two = "16.00123-00457.001-ID-DK"
	w.accepted(mette, numberOne)
	w.accepted(mette, two)
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "1").is(200)
	w.ask(customs, "PUT", strings.Replace(booking, numberOne, two, 1), reserveTen, "Idempotency-Key", "2").is(200)
	found := into[struct{ Items []Quantities }](w.ask(customs, "GET", "/api/v1/declarations/"+mrn, "").is(200)).Items
	if len(found) != 2 || found[0].Number != two || found[1].Number != numberOne || found[0].Declarations[0].MRN != mrn {
		t.Errorf("%+v", found)
	}
	for path, slug := range map[string]string{"26DK16RF3TDPZE7BR2": "not-found", "x": "invalid"} {
		p := into[Problem](w.ask(customs, "GET", "/api/v1/declarations/"+path, ""))
		if p.Type != "/api/problems/"+slug || p.Detail == "" {
			t.Errorf("%s: %+v", path, p)
		}
	}
	w.ask(tull, "GET", "/api/v1/declarations/"+mrn, "").problem(404, "not-found")
	w.ask(mette, "GET", "/api/v1/declarations/"+mrn, "").problem(403, "scope")
	if text := w.ask(officer, "GET", "/api/v1/licences/"+found[0].Licence+"/history", "").is(200).text; !strings.Contains(text, "looked_up") {
		t.Error("the look is not logged")
	}
}

// TestWhyNothingCanBeBooked: a licence that cannot be reserved against says why, with the code
// and the sentence of the refusal that trying it gets, in the language of who asks each time.
func TestWhyNothingCanBeBooked(t *testing.T) {
	w := newTown(t)
	l := w.submitted(mette, numberOne)
	why := func(key string, sentences map[string]string) {
		t.Helper()
		refused := w.ask(customs, "PUT", "/api/v1/licences/"+numberOne+"/declarations/"+mrn+"/reservation", reserveTen, "Idempotency-Key", key).problem(409, "refused")
		for range 2 { // what is written down for one must not be given to another
			for lang, sentence := range sentences {
				q := into[Quantities](w.ask(customs, "GET", quantities, "", "Accept-Language", lang).is(200))
				if q.Clearable || q.NotClearable == nil || q.NotClearable.Code != "04" || q.NotClearable.Key != key || !strings.Contains(q.NotClearable.Detail, sentence) {
					t.Errorf("%s: %+v", lang, q.NotClearable)
				} else if lang == "en" && (q.NotClearable.Detail != refused.Detail || refused.Key != key || refused.Code != "04") {
					t.Errorf("%q, but trying it says %+v", q.NotClearable.Detail, refused)
				}
			}
		}
	}
	why("clearance.not_accepted", map[string]string{"en": "is not accepted", "da": "er ikke godkendt"})
	l = into[Licence](w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/accept", "", "If-Match", "*").is(200))
	if q := w.ask(customs, "GET", quantities, "").is(200).says(`"clearable":true`); strings.Contains(q.text, "not_clearable") {
		t.Error(q.text)
	}
	w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/withdraw-acceptance", `{"reason":"The stamp is not theirs."}`, "If-Match", "*").is(200)
	why("clearance.acceptance_withdrawn", map[string]string{"en": "has withdrawn its acceptance", "da": "trukket sin godkendelse"})
}

// TestExpected reads what comes, page by page, and what is over under its own names.
func TestExpected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		var numbers []string
		for i := range 3 {
			number := fmt.Sprintf("16.00123-0050%d.001-ID-DK", i)
			numbers = append(numbers, number)
			w.accepted(mette, number)
		}
		path := strings.Replace(booking, numberOne, numbers[1], 1)
		w.ask(customs, "PUT", path, strings.Replace(reserveTen, `"8"`, `"8.412"`, 1), "Idempotency-Key", "1").is(200)
		w.ask(customs, "POST", path+"/release", "", "Idempotency-Key", "2").is(200)
		read := func(who, query string) (out []string) {
			t.Helper()
			for address := "/api/v1/customs/expected?limit=1&" + query; address != ""; {
				answer := w.ask(who, "GET", address, "").is(200)
				one := into[struct {
					Items []ExpectedLicence
					Next  string
				}](answer)
				for _, l := range one.Items {
					out = append(out, l.Number+" "+l.Standing)
				}
				address = ""
				if one.Next != "" {
					address, _, _ = strings.Cut(strings.TrimPrefix(answer.Header.Get("Link"), "<"), ">")
				}
			}
			return out
		}
		is := func(who, query, want string) {
			t.Helper()
			if got := strings.Join(read(who, query), ", "); got != want {
				t.Errorf("%s, %s: %q, want %q", who, query, got, want)
			}
		}
		is(customs, "", numbers[0]+" accepted, "+numbers[2]+" accepted")
		is(customs, "standing=used_up", numbers[1]+" used_up")
		is(customs, "standing=expired", "")
		is(customs, "office=DK003103", "")
		is(tull, "", "")
		w.now = w.now.AddDate(1, 0, 0)
		for _, who := range people { // their tokens are over by then
			w.tokens[who] = w.token(who, flegt.TokenPlain, flegt.ScopesOf(w.actors[who].Role)...)
		}
		is(customs, "", "")
		is(customs, "standing=expired", numbers[0]+" expired, "+numbers[2]+" expired")
		w.ask(customs, "POST", path+"/correction", `{"reason":"the wrong licence"}`, "Idempotency-Key", "3").is(200)
		is(customs, "standing=used_up", "")
		is(customs, "standing=expired&q="+numbers[1], numbers[1]+" expired")
		w.ask(customs, "GET", "/api/v1/customs/expected?standing=all", "").problem(422, "invalid")
		w.ask(officer, "GET", "/api/v1/customs/expected", "").problem(403, "scope")
		w.agrees()
	})
}

// TestCustomsSeesWhatItNeeds: customs finds licences by number or MRN and lists those expected at
// its own offices, and whatever it reads of a licence is on record.
func TestCustomsSeesWhatItNeeds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		l := w.accepted(mette, numberOne)
		looks := func() (n int) {
			t.Helper()
			for _, e := range into[struct{ Items []HistoryEntry }](w.ask(officer, "GET", "/api/v1/licences/"+l.ID+"/history", "").is(200)).Items {
				if e.Verb == "looked_up" {
					n++
				}
			}
			return n
		}
		scan := "/attachments/" + l.Attachments[0].ID
		was := looks()
		for _, one := range []struct {
			path string
			more int
		}{
			{"", 1}, {"/findings", 1}, {"/history", 1}, {"/extract.pdf", 1}, {scan, 1},
			{scan, 0}, // its next piece
		} {
			w.ask(customs, "GET", "/api/v1/licences/"+l.ID+one.path, "").is(200)
			if now := looks(); now != was+one.more {
				t.Errorf("%q: %d looks on record, want %d", one.path, now, was+one.more)
			}
			was = looks()
		}
		w.now = w.now.Add(time.Hour)
		w.ask(customs, "GET", "/api/v1/licences/"+l.ID+scan, "").is(200)
		w.ask(tull, "GET", "/api/v1/licences/"+l.ID+scan, "").problem(404, "not-found")
		w.ask(officer, "GET", "/api/v1/licences/"+l.ID+scan, "").is(200)
		if now := looks(); now != was+1 {
			t.Errorf("an hour later: %d looks on record, want %d", now, was+1)
		}
		if p := w.ask(customs, "GET", "/api/v1/licences", "").problem(403, "forbidden"); p.Key != "licence.list.customs" {
			t.Errorf("the list: %+v", p)
		}
		w.agrees()
	})
}

// TestExpectedAtOnesOwnOffices: an officer of one office lists what comes there, and what names no
// office, and not what comes to another.
func TestExpectedAtOnesOwnOffices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		w.accepted(mette, numberOne)
		at := func(office, number string) {
			l := into[Licence](w.ask(mette, "POST", "/api/v1/licences", strings.Replace(formJSON(number), `"export"`, `"office":"`+office+`","export"`, 1)).is(201))
			l = into[Licence](w.ask(mette, "POST", "/api/v1/licences/"+l.ID+"/attachments?name=s.pdf", "%PDF-1.4 "+number, "Content-Type", "application/pdf", "If-Match", "*").is(201))
			w.ask(mette, "POST", "/api/v1/licences/"+l.ID+"/submit", "", "If-Match", "*").is(200)
			w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/accept", "", "If-Match", "*").is(200)
		}
		here, there := "16.00123-00457.001-ID-DK", "16.00123-00458.001-ID-DK"
		at("DK003103", here)
		at("DK005600", there)
		w.account("port")
		if err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			return tx.AddAuthorisation(flegt.Authorisation{ID: "z-port", Account: "port", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK",
				Offices: []string{"DK003103"}, Status: flegt.Approved, RequestedAt: w.now, Version: 1})
		}); err != nil {
			t.Fatal(err)
		}
		roles, err := w.Office.Roles(t.Context(), "port")
		if err != nil {
			t.Fatal(err)
		}
		w.actors["port"] = roles[0]
		w.tokens["port"] = w.token("port", flegt.TokenPlain, flegt.ScopesOf(flegt.RoleCustoms)...)
		for query, want := range map[string]string{"": here, "office=dk003103": here, "office=none": numberOne} {
			found := into[struct{ Items []ExpectedLicence }](w.ask("port", "GET", "/api/v1/customs/expected?"+query, "").is(200)).Items
			if len(found) != 1 || found[0].Number != want {
				t.Errorf("%q: %+v, want %s", query, found, want)
			}
		}
		for office, key := range map[string]string{"DK005600": "clearance.office_not_yours", "DE005600": "clearance.office_country", "x": "customs_office.length"} {
			p := w.ask("port", "GET", "/api/v1/customs/expected?office="+office, "").problem(422, "invalid")
			if len(p.Errors) != 1 || p.Errors[0].Parameter != "office" || p.Errors[0].Key != key {
				t.Errorf("%s: %+v", office, p)
			}
		}
		if found := into[struct{ Items []ExpectedLicence }](w.ask(customs, "GET", "/api/v1/customs/expected?office=none", "").is(200)).Items; len(found) != 1 {
			t.Errorf("of the whole country: %+v", found)
		}
	})
}
