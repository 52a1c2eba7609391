package e2e

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestTheAuthoritysDesk: an authority sets a fee and a second pair of eyes; cases are handed over
// many at once and looked at through a saved view; one officer proposes and another decides; the
// letter of decision is in the importer's language, and the fee is taken away as files. One
// officer reads English, the other one and the importer Danish.
func TestTheAuthoritysDesk(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	people := d.people("competent_authority", "DK")
	anders, birgitte := newVisitor(t, p.Base, "en"), newVisitor(t, p.Base, "da")
	bodil := newVisitor(t, p.Base, "da")
	anders.arrives(people[0])
	birgitte.arrives(people[1])
	bodil.arrives(d.person(t, "operator", "DK"))
	number, refused := d.numbered(t, "00713"), d.numbered(t, "00473")
	second := people[1].FirstName + " " + people[1].LastName

	setsTheDesk(anders)
	lodges(bodil, number)
	handsOver(anders, second, number, refused, d.numbered(t, "00466"))
	birgitte.open("/desk?part=mine")
	for _, mine := range []string{number, refused, d.numbered(t, "00466")} {
		birgitte.sees(mine)
	}
	birgitte.seesNot(d.numbered(t, "00522"))
	keepsAView(t, birgitte)
	desk := tellsAColleague(birgitte, anders, number, people[0].FirstName+" "+people[0].LastName)

	birgitte.press(birgitte.T("desk.accept"))
	birgitte.sees(birgitte.T("desk.proposed"))
	birgitte.sees(birgitte.T("desk.accept.text.proposed"))
	bodil.open(strings.Replace(desk, "/desk/", "/licences/", 1))
	bodil.sees(bodil.w.Start(t, "licence.waits"))
	anders.open("/desk")
	anders.sees(anders.T("desk.standing.proposed"))
	anders.press(number)
	anders.sees(second)
	anders.press(anders.T("desk.accept"))
	anders.sees(anders.T("desk.accepted"))
	rejects(anders, birgitte, refused)

	letterSays(t, anders, number, bodil.T("document.decision.title.accepted", "Number", number), bodil.T("document.decision.now"), "Anders Holm")
	letterSays(t, bodil, refused, bodil.T("document.decision.title.rejected", "Number", refused), bodil.T("licence.reason.data_differ"), "Felt 17")
	takesTheFees(t, anders, number)
}

// setsTheDesk sets a target, a fee and a second pair of eyes.
func setsTheDesk(v *visitor) {
	v.open("/desk/settings")
	v.fill(v.T("desk.settings.target"), "3")
	v.tick(v.T("desk.settings.second_eyes"))
	v.fill(v.T("desk.settings.fee_from"), inDays(0))
	v.fill(v.T("desk.settings.fee"), "31.50")
	v.fill(v.T("desk.settings.currency_box"), "DKK")
	v.press(v.T("authority.save"))
	v.answered(422)
	v.fill(v.T("authority.source"), "Order 12 of 2026, made up")
	v.press(v.T("authority.save"))
	v.sees(v.T("desk.settings.saved"))
}

// lodges submits a draft.
func lodges(v *visitor, number string) {
	v.open("/licences?q=" + number)
	v.press(number)
	v.press(v.T("licence.go_on"))
	v.fill(v.T("licence.form.arrival"), inDays(6))
	v.press(v.T("licence.submit"))
	v.sees(v.T("licence.submitted"))
}

// handsOver ticks cases in the work list and hands them to an officer.
func handsOver(v *visitor, officer string, numbers ...string) {
	v.open("/desk?part=nobody")
	for _, n := range numbers {
		v.find("field", v.T("desk.pick.one", "Number", n))
		ask[bool](v, `() => document.querySelector("[data-e2e=found]").checked = true`)
	}
	v.fill(v.T("desk.assign.to"), officer)
	v.press(v.T("desk.assign"))
	v.sees(v.T("desk.assigned", "Count", len(numbers)))
	for _, n := range numbers {
		v.seesNot(n)
	}
}

// keepsAView narrows the list to one importer, keeps that under a name, comes back by it, and
// forgets it.
func keepsAView(t *testing.T, v *visitor) {
	v.open("/desk")
	v.click(v.T("desk.narrow"))
	v.fill(v.T("licence.importer"), "Fyns")
	v.press(v.T("support.filter"))
	v.fill(v.T("desk.view.name"), "Fra Fyn")
	v.press(v.T("desk.view.save"))
	v.sees(v.T("desk.view.saved", "Name", "Fra Fyn"))
	v.photograph("desk_view")
	for _, found := range check(v) {
		t.Error(found)
	}
	v.open("/desk")
	v.sees("Papirhuset ApS")
	v.press("Fra Fyn")
	v.sees("Fyns Trælast A/S")
	v.seesNot("Papirhuset ApS")
	v.press(v.T("desk.view.drop", "Name", "Fra Fyn"))
	v.sees(v.T("desk.view.dropped", "Name", "Fra Fyn"))
}

// tellsAColleague writes a note that names a colleague with an @, who is told of it and no operator is.
// It gives the address of the case, which stays open.
func tellsAColleague(v, colleague *visitor, number, name string) string {
	v.open("/desk?part=mine")
	v.press(number)
	desk := v.path()
	v.click(v.T("desk.note.add"))
	v.fill(v.T("desk.note"), "@"+strings.ToUpper(name)+": Nummeret blev læst op i telefonen.")
	ask[bool](v, `() => { document.querySelector("[name=note]").closest("form").querySelector("button[type=submit]").setAttribute("aria-label", "save the note"); return true }`)
	v.press("save the note")
	v.sees(v.T("desk.note.added"))
	v.sees("Nummeret blev læst op i telefonen.")
	v.sees(v.T("desk.note.told", "Names", name))
	v.photograph("desk_dossier")
	colleague.open("/notices")
	colleague.seesSoon(number)
	return desk
}

// rejects proposes a rejection as one officer and decides the same as another.
func rejects(first, second *visitor, number string) {
	for _, v := range []*visitor{first, second} {
		v.open("/desk?number=" + number)
		v.press(number)
		v.fill(v.T("desk.reason_code"), v.T("licence.reason.data_differ"))
		v.fill(v.T("desk.reason"), "Felt 17: fakturanummeret er et andet end på papiret.")
		v.press(v.T("desk.reject"))
	}
	second.sees(second.T("desk.rejected"))
}

// readPDF reads the text of a document with the scan viewer's own library.
const readPDF = `async (address, library, worker) => {
	const lib = await import(library);
	lib.GlobalWorkerOptions.workerSrc = worker;
	const doc = await lib.getDocument({url: address, isEvalSupported: false}).promise;
	const words = [];
	for (let n = 1; n <= doc.numPages; n++) words.push(...(await (await doc.getPage(n)).getTextContent()).items.map(i => i.str));
	return words.join(" ");
}`

// letterSays fetches the letter of decision and reads it.
func letterSays(t *testing.T, v *visitor, number string, words ...string) {
	t.Helper()
	v.open("/licences?q=" + number)
	v.press(number)
	v.find("button", v.T("document.decision.link"))
	address := ask[string](v, `() => document.querySelector("[data-e2e=found]").getAttribute("href")`)
	media := ask[string](v, `a => fetch(a).then(r => r.status + " " + r.headers.get("Content-Type"))`, address)
	if media != "200 application/pdf" {
		v.fail("has a letter that answers %s", media)
	}
	v.open("/licences?state=submitted")
	v.open(ask[string](v, `() => document.querySelector("main table a[href^='/licences/']").getAttribute("href")`)) // a page with the viewer
	library := ask[[]string](v, `() => { const d = document.querySelector("[data-of-viewer]").dataset; return [d.ofPdf, d.ofWorker]; }`)
	text := plain(ask[string](v, readPDF, address, library[0], library[1]))
	for _, w := range words {
		if !strings.Contains(text, plain(w)) {
			t.Errorf("the letter about %s does not say %q: %s", number, w, text)
		}
	}
}

// takesTheFees sees the fee of the licence that was lodged since, and takes it away as files.
func takesTheFees(t *testing.T, v *visitor, number string) {
	v.open("/desk/fees")
	v.sees(number)
	v.sees("31.50")
	v.photograph("desk_fees")
	for _, found := range check(v) {
		t.Error(found)
	}
	fetch := func(name string) []byte {
		t.Helper()
		v.find("button", name)
		raw := ask[string](v, `() => fetch(document.querySelector("[data-e2e=found]").href).then(r => r.arrayBuffer()).then(b => btoa(String.fromCharCode(...new Uint8Array(b))))`)
		body, err := base64.StdEncoding.DecodeString(raw)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	today := time.Now().Format(time.DateOnly)
	if csv := string(fetch(v.T("desk.fees.csv"))); !strings.Contains(csv, number) || !strings.Contains(csv, today) || !strings.Contains(csv, "31.5") {
		t.Errorf("the CSV is %q", csv)
	}
	book, err := excelize.OpenReader(bytes.NewReader(fetch(v.T("desk.fees.xlsx"))))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetList()[0])
	mine := slices.IndexFunc(rows, func(row []string) bool { return row[0] == number })
	if err != nil || mine < 1 || rows[mine][4] != "31.50" && rows[mine][4] != "31.5" || rows[mine][5] != "DKK" {
		t.Errorf("the spreadsheet has %q: %v", rows, err)
	}
}
