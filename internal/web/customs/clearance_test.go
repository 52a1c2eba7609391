package customs_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// shipment is an accepted licence with one line, and officers of customs and the authority.
func shipment(w *webtest.Town) (l flegt.Licence, customs, officer flegt.Actor) {
	return shipmentOf(w, 1)
}

// shipmentOf is shipment with so many lines.
func shipmentOf(w *webtest.Town, lines int) (l flegt.Licence, customs, officer flegt.Actor) {
	w.T.Helper()
	customs, officer = w.Holder("k", flegt.RoleCustoms, "CUSTOMS-DK", "DK"), w.Holder("o", flegt.RoleAuthority, "CA-DK", "DK")
	op := flegt.Operator{ID: "op", Name: "Nordisk Træ", Country: "DK", Section: flegt.SectionTimber, ContactEmail: "secret@nordisktrae.example", Version: 1}
	if err := w.DB.Update(w.T.Context(), func(tx *store.Tx) error { return tx.AddOperator(op) }); err != nil {
		w.T.Fatal(err)
	}
	importer := w.Holder("i", flegt.RoleOperator, "op", "DK")
	form := flegt.Form{IssuingBody: flegt.Party{Name: "PT Mutuagung Lestari"}, Importer: flegt.Party{Name: "Nordisk Træ A/S"}, Number: "16.00123-00456.001-ID-DK",
		Issued: "2016-11-18", Expires: "2017-03-17", Export: "ID", Transport: "By sea", Licensee: flegt.Party{Name: "CV Jepara Garden Living"}, IssuePlace: "Depok", Invoice: "JGL-1",
		Office: "DK003103", Remarks: "for the authority alone", Goods: []flegt.GoodsLine{{Description: "Teak", HS: "4407.29", Harvest: []string{"ID"},
			Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}}, Volume: "8.412", Weight: "5120", Units: "480"}}}
	for i := 1; i < lines; i++ {
		form.Goods = append(form.Goods, form.Goods[0])
		form.Goods[i].Description = strings.Repeat("Teak, planed ", 10)
	}
	ctx := w.T.Context()
	l, err := w.Office.NewDraft(ctx, importer, form, "")
	if err == nil {
		_, err = w.Office.AddScan(ctx, importer, l.ID, "s.pdf", strings.NewReader("%PDF-1.4\n"))
	}
	if err == nil {
		_, err = w.Office.SubmitLicence(ctx, importer, l.ID, 0)
	}
	if err == nil {
		l, err = w.Office.AcceptLicence(ctx, officer, l.ID, 0)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return l, customs, officer
}

// TestTheCounter walks an officer through the pages: expected, look-up, dry run, everything
// in one press, too much, hold and answer, check, release, correction.
func TestTheCounter(t *testing.T) {
	w := webtest.NewTown(t)
	l, customs, officer := shipment(w)
	const mrn = "26DK16RF3TDPZE7AR2"
	counter, declaration := "/customs/"+l.ID, "/customs/"+l.ID+"/declarations/"+mrn
	answer, body := w.Get(flegt.Actor{Account: "i"}, "/licences/"+l.ID)
	webtest.Wants(t, answer, body, 200, "12 03 002 000  C690\n12 03 001 000  "+l.Form.Number+"\n12 03 013 000  1\n12 03 005 000  MTQ\n12 03 006 000  8.412\n12 03 011 000  2017-03-17")
	form := func(pairs ...string) string {
		v := url.Values{"mrn": {mrn}, "office": {"DK003103"}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v.Encode()
	}
	answer, body = w.Get(customs, "/customs/expected?office=dk003103")
	webtest.Wants(t, answer, body, 200, l.Form.Number)
	webtest.CheckHTML(t, body)
	answer, body = w.Get(customs, "/customs/expected?office=DK005600")
	webtest.Wants(t, answer, body, 200, "Nothing is expected")
	answer, body = w.Get(officer, "/customs/expected")
	webtest.Wants(t, answer, body, 404)

	answer, _ = w.Get(customs, "/customs?number="+l.Form.Number)
	if answer.Header.Get("Location") != counter {
		t.Fatalf("the look-up leads to %q", answer.Header.Get("Location"))
	}
	answer, body = w.Post(customs, counter+"/book", form("do", "dry"))
	webtest.Wants(t, answer, body, 200, "This would happen", "Line 1: 8.412 m³")
	webtest.CheckHTML(t, body)
	if strings.Contains(body, "for the authority alone") || strings.Contains(body, "secret@") {
		t.Error("customs reads what is not for it")
	}
	for name, c := range map[string]struct {
		pairs []string
		code  int
		says  string
	}{
		"no quantity":    {nil, 422, "Enter a quantity"},
		"not a number":   {[]string{"quantity.1.MTQ", "many"}, 422, "many"},
		"too much":       {[]string{"quantity.1.MTQ", "13.9"}, 409, "asks for 13.9 m³ on line 1; the licence grants 8.412 m³, 10 % more is tolerated: 9.2532 m³"},
		"tonnes":         {[]string{"quantity.1.KGM", "6", "unit.1", "TNE"}, 409, "asks for 6,000 kg on line 1"},
		"a part of one":  {[]string{"quantity.1.H87", "1.5"}, 409, "1.5 of line 1 is not a whole number of pieces. Enter a whole number."},
		"other code":     {[]string{"quantity.1.MTQ", "1", "hs.1", "44079100"}, 409, "must begin with the licensed one"},
		"other office":   {[]string{"quantity.1.MTQ", "1", "office", "DE004851"}, 422, "your own country"},
		"other importer": {[]string{"quantity.1.MTQ", "1", "importer", "DK10150817"}, 409, "no EORI number"},
	} {
		answer, body = w.Post(customs, counter+"/book", form(c.pairs...))
		if answer.StatusCode != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d, without %q", name, answer.StatusCode, c.says)
		}
		webtest.CheckHTML(t, body)
	}
	went := func(to, form string, back string) {
		t.Helper()
		if answer, body := w.Post(customs, to, form); answer.StatusCode != 303 || answer.Header.Get("Location") != back {
			t.Fatalf("%s: %d to %q\n%s", to, answer.StatusCode, answer.Header.Get("Location"), body)
		}
	}
	went(counter+"/book", form("do", "all"), counter)
	answer, body = w.Post(customs, counter+"/book", form("quantity.1.MTQ", "99"))
	webtest.Wants(t, answer, body, 409, "had booked before is dropped")
	went(counter+"/book", form("quantity.1.KGM", "1", "unit.1", "TNE", "hs.1", "44072915"), counter)
	went(counter+"/book", form("do", "all"), counter)

	answer, body = w.Post(customs, counter+"/hold", "hold_office=DK003103&reason=")
	webtest.Wants(t, answer, body, 422, "reason")
	went(counter+"/hold", "hold_office=DK003103&reason=odd+stamp", counter)
	answer, body = w.Get(customs, counter)
	webtest.Wants(t, answer, body, 200, "Held by customs", "odd stamp", "There is no answer yet.", `action="`+counter+`/lift"`)
	webtest.CheckHTML(t, body)
	if strings.Contains(body, counter+"/hold") {
		t.Error("what is held can be held again")
	}
	answer, body = w.Post(customs, counter+"/lift", "words=")
	webtest.Wants(t, answer, body, 422, "Why the hold is lifted")
	answer, body = w.Get(customs, declaration)
	webtest.Wants(t, answer, body, 200, "is held")
	answer, body = w.Get(officer, "/desk/"+l.ID)
	webtest.Wants(t, answer, body, 200, "odd stamp", "Your answer to customs")
	webtest.CheckHTML(t, body)
	if answer, _ = w.Post(officer, "/desk/"+l.ID+"/hold", "answer=genuine&do=lift"); answer.StatusCode != 303 {
		t.Fatalf("the answer: %d", answer.StatusCode)
	}
	answer, body = w.Post(customs, declaration+"/check", "outcome=quantities&date=2016-12-05")
	webtest.Wants(t, answer, body, 422, "quantities found")
	answer, body = w.Post(customs, declaration+"/check", "outcome=quantities&date=2016-12-05&found.1.H87=478.5")
	webtest.Wants(t, answer, body, 422, "478.5 of line 1 is not a whole number of pieces")
	went(declaration+"/check", "outcome=quantities&date=2016-12-05&found.1.H87=479&remarks=one+missing", counter)
	answer, body = w.Get(customs, declaration)
	webtest.Wants(t, answer, body, 200, "Release these goods", "one missing", "Line 1: 479 pieces")
	webtest.CheckHTML(t, body)
	answer, body = w.Post(customs, declaration+"/free", "do=dry")
	webtest.Wants(t, answer, body, 200, "This would be available again: Line 1: 8.412 m³")
	webtest.CheckHTML(t, body)
	answer, body = w.Post(customs, declaration+"/take-over", "office=DE004851")
	webtest.Wants(t, answer, body, 422, "your own country")
	answer, body = w.Post(customs, declaration+"/take-over", "do=dry&office=dk005600")
	webtest.Wants(t, answer, body, 200, "would stand at customs office DK005600: Line 1: 8.412 m³")
	webtest.CheckHTML(t, body)
	went(declaration+"/take-over", "office=dk005600", counter)
	answer, body = w.Get(customs, counter)
	webtest.Wants(t, answer, body, 200, "Customs office DK005600", "Booking taken over by another customs office")
	went(declaration+"/release", "", counter)
	answer, body = w.Get(customs, "/customs/expected?standing=used_up")
	webtest.Wants(t, answer, body, 200, l.Form.Number, "9.2532 m³; ", "</span><meter")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(customs, "/customs/expected?lang=da")
	webtest.Wants(t, answer, body, 200, "Intet ventes")
	answer, body = w.Post(customs, declaration+"/release", "")
	webtest.Wants(t, answer, body, 409, "released already")
	answer, body = w.Get(customs, counter)
	webtest.Wants(t, answer, body, 200, "Used up", "<meter", "All that the paper grants is released", `<section class="of-desk__scan" id="scans">`)
	answer, _ = w.Get(customs, "/customs?number="+mrn)
	if answer.Header.Get("Location") != counter {
		t.Errorf("by MRN: %q", answer.Header.Get("Location"))
	}
	answer, body = w.Post(customs, declaration+"/correct", "do=dry")
	webtest.Wants(t, answer, body, 422, "reason")
	answer, body = w.Post(customs, declaration+"/correct", "do=dry&reason=x")
	webtest.Wants(t, answer, body, 200, "This would be available again: Line 1: 8.412 m³", ">x</textarea>")
	went(declaration+"/correct", "reason=the+wrong+licence", counter)
	answer, body = w.Get(customs, counter+"?lang=da")
	webtest.Wants(t, answer, body, 200, "the wrong licence", "Frigivelse rettet")
	webtest.CheckHTML(t, body)
}

// TestAnotherOffice: an officer who is bound to one office is offered to take over what stands
// at another, and nothing else of it.
func TestAnotherOffice(t *testing.T) {
	w := webtest.NewTown(t)
	l, customs, _ := shipment(w)
	const mrn = "26DK16RF3TDPZE7AR2"
	if answer, body := w.Post(customs, "/customs/"+l.ID+"/book", "do=all&office=DK003103&mrn="+mrn); answer.StatusCode != 303 {
		t.Fatal(body)
	}
	w.Person("port", "Per", "Havn")
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-port", Account: "port", Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK",
			Offices: []string{"DK005600"}, Status: flegt.Approved, RequestedAt: w.Now, Version: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	port := flegt.Actor{Account: "port"}
	declaration := "/customs/" + l.ID + "/declarations/" + mrn
	answer, body := w.Get(port, declaration)
	webtest.Wants(t, answer, body, 200, "stands at customs office DK003103, and only that office goes on with it", "Another customs office takes over", `<option value="DK005600" selected>`)
	webtest.CheckHTML(t, body)
	if strings.Contains(body, declaration+"/free") || strings.Contains(body, declaration+"/check") {
		t.Error("what stands at another office is offered")
	}
	for _, step := range []string{"/release", "/free", "/check"} {
		answer, body = w.Post(port, declaration+step, "outcome=conform&date=2016-12-05")
		if answer.StatusCode != 409 && answer.StatusCode != 422 {
			t.Errorf("%s at another office: %d %s", step, answer.StatusCode, body)
		}
	}
	answer, body = w.Post(port, "/customs/"+l.ID+"/book", "do=all&office=DK005600&mrn="+mrn)
	webtest.Wants(t, answer, body, 409, "stands at customs office DK003103")
	webtest.CheckHTML(t, body)
	if answer, body := w.Post(port, declaration+"/take-over", "office=DK005600"); answer.StatusCode != 303 {
		t.Fatal(body)
	}
	answer, body = w.Get(port, declaration)
	webtest.Wants(t, answer, body, 200, "Release these goods", declaration+"/free")
	if strings.Contains(body, "take-over") {
		t.Error("there is no other office to take it over")
	}
}

// TestAListDrawsTheFirstLines: of a licence with many lines the list draws all together and the
// first ones, and says how many more there are; the licence's own page draws each in every unit.
func TestAListDrawsTheFirstLines(t *testing.T) {
	w := webtest.NewTown(t)
	l, customs, _ := shipmentOf(w, 7)
	answer, body := w.Get(customs, "/customs/expected")
	webtest.Wants(t, answer, body, 200, l.Form.Number, "All lines: used", "0 of 64.7724 m³", "Line 4, 4407.29 Teak, planed Teak", "…: used", "and 3 further lines")
	webtest.CheckHTML(t, body)
	if n := strings.Count(body, "<meter"); n != 5 || strings.Contains(body, "Line 5,") {
		t.Errorf("%d meters:\n%s", n, body)
	}
	answer, body = w.Get(customs, "/customs/"+l.ID)
	webtest.Wants(t, answer, body, 200, "Line 7, 4407.29 Teak, planed")
	if n := strings.Count(body, "<meter"); n != 7*3+3 {
		t.Errorf("%d meters on the licence's page", n)
	}
}

// TestTheHistoryTellsTheLastLooks: a page says that older looks are left out; programs get all.
func TestTheHistoryTellsTheLastLooks(t *testing.T) {
	w := webtest.NewTown(t)
	l, customs, officer := shipment(w)
	const older = "Earlier looks by customs are not listed here"
	for range 40 {
		if _, err := w.Office.LookUp(t.Context(), customs, l.Form.Number); err != nil {
			t.Fatal(err)
		}
	}
	answer, body := w.Get(officer, "/desk/"+l.ID)
	webtest.Wants(t, answer, body, 200, "40 times")
	if strings.Contains(body, older) {
		t.Error("it says that looks are left out, and none is")
	}
	if _, err := w.Office.AtCounter(t.Context(), customs, l.ID); err != nil {
		t.Fatal(err)
	}
	answer, body = w.Get(officer, "/desk/"+l.ID)
	webtest.Wants(t, answer, body, 200, "40 times", older)
	if answer, body = w.Get(flegt.Actor{Account: "i"}, "/licences/"+l.ID); strings.Contains(body, older) {
		t.Errorf("the importer is told of looks: %s", answer.Status)
	}
	events, _, err := w.Office.History(t.Context(), officer, l.ID)
	looks := 0
	for _, e := range events {
		if e.Verb == "looked_up" {
			looks++
		}
	}
	if err != nil || looks != 41 {
		t.Errorf("programs get %d looks, %v", looks, err)
	}
}

// TestOneDeclarationUnderSeveralLicences: the look-up by MRN gives all of them to choose from.
func TestOneDeclarationUnderSeveralLicences(t *testing.T) {
	w := webtest.NewTown(t)
	l, customs, officer := shipment(w)
	const mrn = "26DK16RF3TDPZE7AR2"
	importer, err := w.Office.Roles(t.Context(), "i")
	if err != nil || len(importer) != 1 {
		t.Fatal(importer, err)
	}
	other := w.Lodged(importer[0], "16.00123-00456.002-ID-DK")
	if _, err := w.Office.AcceptLicence(t.Context(), officer, other, 0); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{l.ID, other} {
		if answer, body := w.Post(customs, "/customs/"+id+"/book", "do=all&office=DK003103&mrn="+mrn); answer.StatusCode != 303 {
			t.Fatal(body)
		}
	}
	if answer, body := w.Post(customs, "/customs/"+other+"/declarations/"+mrn+"/free", ""); answer.StatusCode != 303 {
		t.Fatal(body)
	}
	answer, body := w.Get(customs, "/customs?number=26dk16rf3tdpze7ar2")
	webtest.Wants(t, answer, body, 200, "is booked under 2 licences", "/customs/"+l.ID, "/customs/"+other, "16.00123-00456.002-ID-DK", "Line 1: 8.412", "Given back", "DK003103")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(customs, "/customs?lang=da&number="+mrn)
	webtest.Wants(t, answer, body, 200, "er bogført på 2 licenser")
	answer, body = w.Get(customs, "/customs?number=26DK16RF3TDPZE7BR2")
	webtest.Wants(t, answer, body, 404, "26DK16RF3TDPZE7BR2")
}

// TestAReplacedLicenceLeadsToItsSuccessor: the officer at the counter learns which licence stands in
// the place of one that was replaced, and gets to it by a link when it is here.
func TestAReplacedLicenceLeadsToItsSuccessor(t *testing.T) {
	w := webtest.NewTown(t)
	l, customs, officer := shipment(w)
	ctx, importer, budi := t.Context(), w.Importer("mette"), w.Holder("budi", flegt.RoleLicensing, "LA-ID", "ID")
	const next, missing = "16.00123-00457.001-ID-DK", "16.00123-00458.001-ID-DK"
	form := l.Form
	form.Number = next
	second, err := w.Office.NewDraft(ctx, importer, form, "DK")
	if err == nil {
		_, err = w.Office.AddScan(ctx, importer, second.ID, "s.pdf", strings.NewReader("%PDF-1.4\n2"))
	}
	if err == nil {
		_, err = w.Office.SubmitLicence(ctx, importer, second.ID, 0)
	}
	if err == nil {
		_, err = w.Office.MarkLicence(ctx, budi, l.ID, 0, flegt.Mark{Verb: flegt.VerbReplace, Reason: "split before export", Successors: []string{next, missing}}, registry.Evidence{})
	}
	if err != nil {
		t.Fatal(err)
	}
	answer, body := w.Get(customs, "/customs/"+l.ID)
	webtest.Wants(t, answer, body, 200, "Nothing can be cleared under it", "Family of this licence", missing)
	webtest.CheckHTML(t, body)
	if !strings.Contains(body, next) {
		t.Error("the successor is not named")
	}
	if _, err = w.Office.AcceptLicence(ctx, officer, second.ID, 0); err != nil {
		t.Fatal(err)
	}
	answer, body = w.Get(customs, "/customs/"+l.ID)
	webtest.Wants(t, answer, body, 200, `href="/customs/`+second.ID+`">`+next+"</a>")
}
