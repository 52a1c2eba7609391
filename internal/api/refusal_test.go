package api

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// TestEveryRefusalSaysWhatNow provokes each refusal of the ledger, and wants its code, the numbers
// that it is about, and in both languages what to do now.
func TestEveryRefusalSaysWhatNow(t *testing.T) {
	w := newTown(t)
	const other, third = "16.00123-00457.001-ID-DK", "16.00123-00458.001-ID-DK"
	w.accepted(mette, numberOne)
	w.submitted(mette, other)
	taken := w.accepted(mette, third)
	w.ask(officer, "POST", "/api/v1/licences/"+taken.ID+"/withdraw-acceptance", `{"reason":"The stamp is not theirs."}`, "If-Match", "*").is(200)
	w.write(func(tx *store.Tx) error { // the importer's EORI, to be compared with
		op, err := tx.Operator(w.actors[mette].Body)
		if err != nil {
			return err
		}
		op.Identifiers = append(op.Identifiers, flegt.Identifier{Kind: flegt.IdentifierEORI, Value: "DK25313763"})
		return tx.SaveOperator(&op)
	})
	const released, fresh = "26DK16RF3TDPZE7BR2", "26DK16RF3TDPZE7CR2"
	at := func(number, mrn string) string {
		return "/api/v1/licences/" + number + "/declarations/" + mrn + "/reservation"
	}
	items := func(item string) string { return `{"office":"DK003103","items":[` + item + `]}` }
	w.ask(customs, "PUT", at(numberOne, released), items(`{"line":1,"unit":"MTQ","quantity":"1"}`), "Idempotency-Key", "r").is(200)
	w.ask(customs, "POST", at(numberOne, released)+"/release", "", "Idempotency-Key", "s").is(200)
	for _, c := range []struct {
		name, method, path, body, code string
		says                           []string // in both languages
		en, da                         string
	}{
		{"another code", "PUT", at(numberOne, fresh), items(`{"line":1,"commodity_code":"44079100","unit":"MTQ","quantity":"1"}`), "03", []string{fresh, "44079100", "4407.29"}, "Correct the declaration", "Ret angivelsen"},
		{"not accepted", "PUT", at(other, fresh), items(`{"line":1,"unit":"MTQ","quantity":"1"}`), "04", []string{other}, "Wait until", "Vent"},
		{"acceptance withdrawn", "PUT", at(third, fresh), items(`{"line":1,"unit":"MTQ","quantity":"1"}`), "04", []string{third}, "may still be released", "må stadig frigives"},
		{"too much", "PUT", at(numberOne, fresh), items(`{"line":1,"unit":"MTQ","quantity":"13.9"}`), "05", []string{fresh, "10 %"}, "the licence grants 8.412 m³, 10 % more is tolerated: 9.2532 m³. Left: 8.2532 m³. Correct the quantity", "8,412 m³ er licenseret, 10 % mere tåles: 9,2532 m³. Der er 8,2532 m³ tilbage. Ret mængden"},
		{"too many pieces", "PUT", at(numberOne, fresh), items(`{"line":1,"unit":"H87","quantity":"481"}`), "05", []string{fresh, "481", "480"}, "pieces have no tolerance", "styktal har ingen tolerance"},
		{"written off", "PUT", at(numberOne, released), items(`{"line":1,"unit":"MTQ","quantity":"1"}`), "06", []string{released}, "correct the release first", "ret frigivelsen først"},
		{"no such line", "PUT", at(numberOne, fresh), items(`{"line":7,"unit":"MTQ","quantity":"1"}`), "07", []string{fresh, "7"}, "correct the declaration", "ret angivelsen"},
		{"another country", "PUT", at(numberOne, fresh), `{"destination":"DE",` + items(`{"line":1,"unit":"MTQ","quantity":"1"}`)[1:], "08", []string{fresh, numberOne}, "cleared in the country where the licence is lodged", "fortoldes i det land, hvor licensen er indgivet"},
		{"another holder", "PUT", at(numberOne, fresh), `{"importer":"DK10150817",` + items(`{"line":1,"unit":"MTQ","quantity":"1"}`)[1:], "09", []string{"DK10150817", numberOne}, "Check the EORI number", "Kontrollér EORI-nummeret"},
		{"another unit", "PUT", at(numberOne, fresh), items(`{"line":1,"unit":"LTR","quantity":"1"}`), "10", []string{"1"}, "Declare it in a unit that the licence states", "Angiv den i en enhed, som licensen nævner"},
		{"no unit", "PUT", at(numberOne, fresh), items(`{"line":1,"unit":"","quantity":"1"}`), "10", []string{"1", "m³"}, "state m³, kg or pieces", "angiv m³, kg eller stk."},
		{"too fine", "PUT", at(numberOne, fresh), items(`{"line":1,"unit":"GRM","quantity":"0.000001"}`), "11", []string{"1"}, "Declare it in the licensed unit", "Angiv den i den licenserede enhed"},
		{"a part of a piece", "PUT", at(numberOne, fresh), items(`{"line":1,"unit":"H87","quantity":"1.5"}`), "11", []string{"1"}, "1.5 of line 1 is not a whole number of pieces. Enter a whole number", "1,5 på linje 1 er ikke et helt antal stykker. Angiv et helt tal"},
		{"nothing to release", "POST", at(numberOne, fresh) + "/release", "", "02", []string{fresh}, "book the declaration first", "bogfør angivelsen først"},
		{"nothing to give back", "DELETE", at(numberOne, fresh), "", "02", []string{fresh}, "Check the MRN", "Kontrollér MRN"},
		{"released twice", "POST", at(numberOne, released) + "/release", "", "03", []string{released}, "correct the release first", "ret frigivelsen først"},
		{"given back too late", "DELETE", at(numberOne, released), "", "03", []string{released}, "correct the release first", "ret frigivelsen først"},
	} {
		for lang, step := range map[string]string{"en": c.en, "da": c.da} {
			p := w.ask(customs, c.method, c.path, c.body, "Accept-Language", lang, "Idempotency-Key", strings.ReplaceAll(c.name, " ", "-")+lang).problem(409, "refused")
			if p.Code != c.code || !strings.Contains(p.Detail, step) {
				t.Errorf("%s in %s: code %s, want %s with %q: %s", c.name, lang, p.Code, c.code, step, p.Detail)
			}
			for _, part := range c.says {
				if !strings.Contains(p.Detail, part) {
					t.Errorf("%s in %s: %q is not said: %s", c.name, lang, part, p.Detail)
				}
			}
		}
	}
	w.ask(customs, "GET", at(numberOne, fresh)[:len("/api/v1/licences/"+numberOne)]+"/quantities", "").is(200).says(`"reserved":"0"`, `"consumed":"1"`)
}

// TestAmountsOfProgramsHavePoints: a comma can stand for thousands or before decimals, and nobody
// watches a program; where an amount is booked, found or charged it is refused.
func TestAmountsOfProgramsHavePoints(t *testing.T) {
	w := newTown(t)
	w.accepted(mette, numberOne)
	for _, amount := range []string{"1,5", "1,000", "1 000", "1\u202f000"} {
		for _, c := range []struct{ who, method, path, body, pointer string }{
			{customs, "PUT", booking, `{"office":"DK003103","items":[{"line":1,"unit":"KGM","quantity":"` + amount + `"}]}`, "/items/0/quantity"},
			{customs, "POST", strings.TrimSuffix(booking, "/reservation") + "/checks", `{"office":"DK003103","outcome":"quantities","date":"2016-12-06","found":[{"line":1,"unit":"KGM","quantity":"` + amount + `"}]}`, "/found/0/quantity"},
			{officer, "POST", "/api/v1/desk/fees", `{"fee":"` + amount + `","currency":"DKK","fee_from":"2016-12-06","fee_source":"Act"}`, "/fee"},
		} {
			p := w.ask(c.who, c.method, c.path, c.body, "Idempotency-Key", c.path, "If-Match", "*").problem(422, "invalid")
			if len(p.Errors) != 1 || p.Errors[0].Pointer != c.pointer || p.Errors[0].Key != "quantity.point" {
				t.Errorf("%s %s with %s: %+v", c.method, c.path, amount, p)
			}
			if p.Detail != "There is a problem with one field" {
				t.Errorf("a program has no boxes: %s", p.Detail)
			}
		}
	}
	w.ask(customs, "PUT", booking, `{"office":"DK003103","items":[{"line":1,"unit":"KGM","quantity":"1000.5"}]}`, "Idempotency-Key", "good").is(200)
	l := w.draft(mette, "16.00123-00457.001-ID-DK") // a licence is kept as it was typed
	kept := w.ask(mette, "PUT", "/api/v1/licences/"+l.ID, strings.Replace(formJSON("16.00123-00457.001-ID-DK"), "8.412", "8,412", 1), "If-Match", "*").is(200)
	kept.says(`"volume":"8,412"`)
}

// TestAPointerLeadsIntoTheBody: a field of an operation's own body that is called like a box of a
// licence is not said to be in a form.
func TestAPointerLeadsIntoTheBody(t *testing.T) {
	w := newTown(t)
	w.accepted(mette, numberOne)
	w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "1").is(200)
	for _, one := range []struct{ who, method, path, body, pointer string }{
		{customs, "POST", strings.TrimSuffix(booking, "/reservation") + "/checks", `{"office":"DK003103","outcome":"not_conform","date":"2016-12-06"}`, "/remarks"},
		{officer, "POST", "/api/v1/licences/" + w.submitted(mette, "16.00123-00457.001-ID-DK").ID + "/return", `{"words":"","remarks":[{"pointer":"/form/hs","words":""}]}`, "/remarks/0/pointer"},
	} {
		p := w.ask(one.who, one.method, one.path, one.body, "Idempotency-Key", one.path, "If-Match", "*").problem(422, "invalid")
		at := ""
		for _, e := range p.Errors {
			at += e.Pointer + " "
		}
		if !strings.Contains(at, one.pointer+" ") || strings.Contains(at, "/form") {
			t.Errorf("%s %s: at %s, want %s", one.method, one.path, at, one.pointer)
		}
	}
}
