package registry_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// counter is a town with somebody of every role and a competitor.
type counter struct {
	*town
	mette, rival, officer, customs, budi, ama flegt.Actor
}

func openCounter(t testing.TB, db *store.DB) counter {
	t.Helper()
	w := open(t, db)
	mette := w.citizen("mette", "Mette", "Sørensen")
	rival := w.citizen("rival", "Ria", "Val")
	return counter{town: w,
		mette:   w.granted(mette, flegt.RoleOperator, w.company(mette, "Nordisk Træ", "37606030").ID),
		rival:   w.granted(rival, flegt.RoleOperator, w.company(rival, "Rival Wood", "10150817").ID),
		officer: w.granted(w.citizen("officer", "Ole", "Holm"), flegt.RoleAuthority, "CA-DK"),
		customs: w.granted(w.citizen("customs", "Karen", "Told"), flegt.RoleCustoms, "CUSTOMS-DK"),
		budi:    w.granted(w.citizen("budi", "Budi", "Santoso"), flegt.RoleLicensing, "LA-ID"),
		ama:     w.granted(w.citizen("ama", "Ama", "Mensah"), flegt.RoleLicensing, "LA-GH"),
	}
}

// lodged enters and submits a licence on paper.
func (d counter) lodged(number string) flegt.Licence {
	d.t.Helper()
	l, err := d.NewDraft(ctx, d.mette, form(number), "")
	if err == nil {
		_, err = d.AddScan(ctx, d.mette, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\n"+number))
	}
	if err == nil {
		l, err = d.SubmitLicence(ctx, d.mette, l.ID, 0)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return l
}

func (d counter) agrees() {
	d.t.Helper()
	if got := verify(d.t, d.db); got != "" {
		d.t.Errorf("verify: %s", got)
	}
}

func no(t *testing.T, err error, key string) {
	t.Helper()
	e, ok := err.(*flegt.Error)
	if !ok || e.Key != key && (len(e.Boxes) == 0 || e.Boxes[0].Key != key) {
		t.Errorf("got %v, want %s", err, key)
	}
}

func evidence() registry.Evidence {
	return registry.Evidence{Reference: "LIU 17 of 5 December 2016", Name: "letter.pdf", File: strings.NewReader("%PDF-1.4\nconfirmed")}
}

const licenceOne, licenceTwo, licenceThree = "16.00123-00456.001-ID-DK", "16.00123-00456.002-ID-DK", "16.00123-00456.003-ID-DK"

// TestSentBackAndPutRight: the licence keeps its place in the queue and the remarks.
func TestSentBackAndPutRight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		l := d.lodged(licenceOne)
		_, err := d.ReturnLicence(ctx, d.mette, l.ID, 0, "no", nil)
		kind(t, err, flegt.Forbidden)
		_, err = d.ReturnLicence(ctx, d.rival, l.ID, 0, "no", nil)
		kind(t, err, flegt.NotFound)
		_, err = d.ReturnLicence(ctx, d.officer, l.ID, 0, " ", nil)
		no(t, err, "licence.return.nothing")
		back, err := d.ReturnLicence(ctx, d.officer, l.ID, l.Version, "", []flegt.BoxRemark{{Field: "goods.0.volume", Words: "change box 14"}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.AcceptLicence(ctx, d.officer, l.ID, 0)
		kind(t, err, flegt.Conflict)
		_, err = d.SaveDraft(ctx, d.mette, l.ID, 0, back.Form, "DE")
		no(t, err, "licence.return.country")
		f := back.Form
		f.Goods[0].Volume = "8.5"
		if _, err = d.SaveDraft(ctx, d.mette, l.ID, back.Version, f, ""); err != nil {
			t.Fatal(err)
		}
		if _, err = d.AddScan(ctx, d.mette, l.ID, "page2.pdf", strings.NewReader("%PDF-1.4\npage 2")); err != nil {
			t.Fatal(err)
		}
		again, err := d.SubmitLicence(ctx, d.mette, l.ID, 0)
		if err != nil || !again.SubmittedAt.Equal(l.SubmittedAt) || again.State != flegt.Submitted || again.Return == nil {
			t.Errorf("%v %+v", err, again)
		}
		if _, err = d.ReturnLicence(ctx, d.officer, l.ID, 0, "the scan", nil); err != nil {
			t.Fatal(err)
		}
		if _, err = d.WithdrawLicence(ctx, d.mette, l.ID, 0); err != nil {
			t.Fatal(err)
		}
		d.agrees()
	})
}

// TestAcceptanceWithdrawn: not once goods are released; what is booked may be released.
func TestAcceptanceWithdrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		booking := registry.Booking{MRN: "16DK16RF3TDPZE7AR2", Office: "DK003103", Items: []flegt.Item{{Line: 1, Unit: flegt.CubicMetre, Quantity: 1_000_000}}}
		for i, released := range []bool{false, true} {
			l := d.lodged(fmt.Sprintf("16.00123-00456.00%d-ID-DK", i+1))
			if _, err := d.AcceptLicence(ctx, d.officer, l.ID, 0); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Reserve(ctx, d.customs, l.ID, booking); err != nil {
				t.Fatal(err)
			}
			if released {
				if _, err := d.Release(ctx, d.customs, l.ID, booking.MRN, ""); err != nil {
					t.Fatal(err)
				}
				_, err := d.WithdrawAcceptance(ctx, d.officer, l.ID, 0, "the issuing country doubts it")
				no(t, err, "licence.released_already")
				continue
			}
			_, err := d.WithdrawAcceptance(ctx, d.officer, l.ID, 0, "")
			no(t, err, "error.reason_required")
			_, err = d.WithdrawAcceptance(ctx, d.customs, l.ID, 0, "why not")
			kind(t, err, flegt.Forbidden)
			if _, err := d.WithdrawAcceptance(ctx, d.officer, l.ID, 0, "the issuing country doubts it"); err != nil {
				t.Fatal(err)
			}
			more := booking
			more.MRN = "16DK16RF3TDPZE7AS2"
			_, err = d.Reserve(ctx, d.customs, l.ID, more)
			no(t, err, "clearance.acceptance_withdrawn")
			if _, err := d.Release(ctx, d.customs, l.ID, booking.MRN, ""); err != nil {
				t.Errorf("what was booked: %v", err)
			}
		}
		d.agrees()
	})
}

// TestElectronicWayIn: put in by the issuing country, claimed, submitted, accepted; the
// issuing country sees what became of it and never the importer's remarks.
func TestElectronicWayIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		_, _, err := d.IssueLicence(ctx, d.mette, form(licenceOne), "", "")
		kind(t, err, flegt.Forbidden)
		bad := form("nonsense")
		bad.Goods[0].HS = ""
		_, _, err = d.IssueLicence(ctx, d.budi, bad, "DK", "")
		kind(t, err, flegt.Invalid)
		_, _, err = d.IssueLicence(ctx, d.budi, form(licenceOne), "", "short")
		no(t, err, "licence.verification.form")
		l, number, err := d.IssueLicence(ctx, d.budi, form(licenceOne), "", "")
		if err != nil || len(number) != 12 || l.State != flegt.Issued || l.ImportCountry != "DK" || l.Verification != "" {
			t.Fatal(err, number, l)
		}
		_, _, err = d.IssueLicence(ctx, d.budi, form(licenceOne), "", "")
		kind(t, err, flegt.Invalid) // one number once
		for name, a := range map[string]flegt.Actor{"operator": d.mette, "authority": d.officer, "customs": d.customs, "Ghana": d.ama} {
			if _, err := d.Licence(ctx, a, l.ID); flegt.KindOf(err) != flegt.NotFound {
				t.Errorf("%s sees an unclaimed licence: %v", name, err)
			}
		}
		_, err = d.ClaimLicence(ctx, d.officer, licenceOne, number)
		kind(t, err, flegt.Forbidden)
		mine, err := d.ClaimLicence(ctx, d.mette, " 16.00123-00456.001-id-dk ", strings.ToLower(number[:4])+"-"+number[4:])
		if err != nil || mine.State != flegt.Draft || mine.Operator != d.mette.Body {
			t.Fatal(err, mine)
		}
		_, err = d.ClaimLicence(ctx, d.rival, licenceOne, number)
		no(t, err, "licence.claim.refused")
		changed := mine.Form
		changed.Invoice = "other"
		_, err = d.SaveDraft(ctx, d.mette, l.ID, 0, changed, "")
		no(t, err, "licence.locked")
		facts := mine.Form
		facts.Arrival, facts.Remarks, facts.OwnInvoice = "2016-12-20", "between us", "MINE-1"
		if _, err = d.SaveDraft(ctx, d.mette, l.ID, 0, facts, ""); err != nil {
			t.Fatal(err)
		}
		no(t, d.DiscardDraft(ctx, d.mette, l.ID), "licence.electronic_discard")
		// typed from the paper by somebody else, it cannot be lodged too
		paper, err := d.NewDraft(ctx, d.rival, form(licenceOne), "")
		if err == nil {
			_, err = d.AddScan(ctx, d.rival, paper.ID, "s.pdf", strings.NewReader("%PDF-1.4\n"))
		}
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.SubmitLicence(ctx, d.rival, paper.ID, 0)
		no(t, err, "check.number_taken")
		if _, err = d.SubmitLicence(ctx, d.mette, l.ID, 0); err != nil { // no scan is needed
			t.Fatal(err)
		}
		if _, err = d.AcceptLicence(ctx, d.officer, l.ID, 0); err != nil {
			t.Fatal(err)
		}
		c, err := d.Licence(ctx, d.budi, l.ID)
		if err != nil || c.Licence.State != flegt.Accepted || c.Licence.Form.Remarks+c.Licence.Form.OwnInvoice != "" || c.Names["mette"] != "" || c.Names["budi"] == "" {
			t.Errorf("the issuing country: %v %+v %v", err, c.Licence.Form, c.Names)
		}
		for name, want := range map[string]int{"budi": 1, "ama": 0} {
			page, err := d.Licences(ctx, map[string]flegt.Actor{"budi": d.budi, "ama": d.ama}[name], store.LicenceQuery{})
			list := page.Rows
			if err != nil || len(list) != want || want == 1 && list[0].Form.Remarks != "" {
				t.Errorf("%s lists %v, %v", name, list, err)
			}
		}
		d.agrees()
	})
}

// TestClaimsAreLimited: by account and by number, and the answer never tells what was wrong.
func TestClaimsAreLimited(t *testing.T) {
	d := openCounter(t, storetest.SQLite(t))
	_, number, err := d.IssueLicence(ctx, d.budi, form(licenceOne), "", "KAYU 2016 0017")
	if err != nil || number != "KAYU20160017" {
		t.Fatal(err, number)
	}
	german := flegt.Actor{}
	{
		hanna := d.citizen("hanna", "Hanna", "Holz")
		op := operator("Holz", "31573688")
		op.Country, op.Identifiers = "DE", []flegt.Identifier{{Kind: flegt.IdentifierEORI, Value: "DE224538323640562"}}
		made, err := d.CreateOperator(ctx, hanna, op, true)
		if err != nil {
			t.Fatal(err)
		}
		german = d.granted(hanna, flegt.RoleOperator, made.ID)
	}
	var answers []string
	for _, c := range []struct {
		a                    flegt.Actor
		number, verification string
	}{{d.rival, licenceOne, "KAYU20160018"}, {d.rival, licenceTwo, number}, {d.rival, licenceOne, ""}, {d.rival, "", number}, {german, licenceOne, number}} {
		_, err := d.ClaimLicence(ctx, c.a, c.number, c.verification)
		answers = append(answers, fmt.Sprint(flegt.KindOf(err), err))
	}
	for _, a := range answers {
		if a != answers[0] || !strings.Contains(a, "licence.claim.refused") {
			t.Errorf("the answers differ: %q", answers)
			break
		}
	}
	if _, err = d.ClaimLicence(ctx, d.rival, licenceOne, "KAYU20160019"); err == nil {
		t.Fatal("claimed")
	}
	_, err = d.ClaimLicence(ctx, d.rival, licenceOne, number)
	kind(t, err, flegt.TooMany)
	d.now = d.now.Add(2 * time.Hour)
	l, err := d.ClaimLicence(ctx, d.rival, licenceOne, number)
	if err != nil {
		t.Fatal(err)
	}
	// given back, the right one claims it, and finds nothing of the first
	f := l.Form
	f.Remarks = "secret"
	if _, err := d.SaveDraft(ctx, d.rival, l.ID, 0, f, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddScan(ctx, d.rival, l.ID, "s.pdf", strings.NewReader("%PDF-1.4\n")); err != nil {
		t.Fatal(err)
	}
	kind(t, d.UnclaimLicence(ctx, d.mette, l.ID, 0), flegt.NotFound)
	if err := d.UnclaimLicence(ctx, d.rival, l.ID, 0); err != nil {
		t.Fatal(err)
	}
	l, err = d.ClaimLicence(ctx, d.mette, licenceOne, number)
	if err != nil || l.Form.Remarks != "" || len(l.Scans) != 0 || l.Operator != d.mette.Body {
		t.Error(err, l)
	}
	d.agrees()
}

// TestFamily: predecessor and successor are linked whichever comes in first.
func TestFamily(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		old := d.lodged(licenceOne)
		if _, err := d.AcceptLicence(ctx, d.officer, old.ID, 0); err != nil {
			t.Fatal(err)
		}
		mark := flegt.Mark{Verb: flegt.VerbReplace, Reason: "split before export", Successors: []string{licenceTwo, licenceThree}}
		_, err := d.MarkLicence(ctx, d.officer, old.ID, 0, mark, registry.Evidence{})
		no(t, err, "licence.confirmation.reference")
		_, err = d.MarkLicence(ctx, d.mette, old.ID, 0, mark, evidence())
		kind(t, err, flegt.Forbidden)
		_, err = d.MarkLicence(ctx, d.ama, old.ID, 0, mark, evidence())
		kind(t, err, flegt.NotFound)
		ev := evidence()
		ev.File = strings.NewReader("just words")
		_, err = d.MarkLicence(ctx, d.officer, old.ID, 0, mark, ev)
		no(t, err, "scan.type")
		marked, err := d.MarkLicence(ctx, d.officer, old.ID, 0, mark, evidence())
		if err != nil || marked.State != flegt.Accepted {
			t.Fatal(err, marked.State)
		}
		_, err = d.Reserve(ctx, d.customs, old.ID, registry.Booking{MRN: "16DK16RF3TDPZE7AR2", Office: "DK003103", Items: []flegt.Item{{Line: 1, Unit: flegt.CubicMetre, Quantity: 1}}})
		no(t, err, "licence.marked.replaced")
		_, file, err := d.Scan(ctx, d.mette, old.ID, marked.Marks[0].Confirmation.File.ID)
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
		tree := func(a flegt.Actor, id string) string {
			c, err := d.Licence(ctx, a, id)
			if err != nil {
				t.Fatal(err)
			}
			return treeText(c.Family)
		}
		if got := tree(d.mette, old.ID); got != "[*"+licenceOne+" replaced("+licenceTwo+"? "+licenceThree+"?)]" {
			t.Errorf("before the successors come: %s", got)
		}
		next := d.lodged(licenceTwo)
		if got := tree(d.mette, next.ID); got != "["+licenceOne+" replaced(*"+licenceTwo+" "+licenceThree+"?)]" {
			t.Errorf("from the successor: %s", got)
		}
		// the issuing country itself needs no paper of its own
		if _, err := d.MarkLicence(ctx, d.budi, next.ID, 0, flegt.Mark{Verb: flegt.VerbReportLost, Reason: "burnt"}, registry.Evidence{}); err != nil {
			t.Fatal(err)
		}
		_, err = d.AcceptLicence(ctx, d.officer, next.ID, 0)
		no(t, err, "licence.marked.lost")
		// a ring made by mistake ends
		if _, err := d.MarkLicence(ctx, d.budi, next.ID, 0, flegt.Mark{Verb: flegt.VerbReplace, Reason: "mistaken", Successors: []string{licenceOne}}, registry.Evidence{}); err != nil {
			t.Fatal(err)
		}
		if got := tree(d.customs, old.ID); !strings.Contains(got, "*"+licenceOne) || !strings.Contains(got, licenceTwo) {
			t.Errorf("a ring: %s", got)
		}
		if _, err := d.CorrectOnPaper(ctx, d.officer, old.ID, 0, "goods.0.volume", "8.412 instead of 8.421", evidence()); err != nil {
			t.Fatal(err)
		}
		if _, err := d.ExtendLicence(ctx, d.officer, old.ID, 0, "2017-05-17", evidence()); err != nil {
			t.Fatal(err)
		}
		d.agrees()
	})
}

// TestLongFamily: of a family without end those near the licence are shown, what stands in its place
// first, and it is said where others lie.
func TestLongFamily(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		number := func(n int) string { return fmt.Sprintf("16.00123-%05d.001-ID-DK", n) }
		replace := func(l flegt.Licence, by ...string) {
			t.Helper()
			if _, err := d.MarkLicence(ctx, d.budi, l.ID, 0, flegt.Mark{Verb: flegt.VerbReplace, Reason: "again", Successors: by}, registry.Evidence{}); err != nil {
				t.Fatal(err)
			}
		}
		tree := func(id string) string {
			c, err := d.Licence(ctx, d.budi, id)
			if err != nil {
				t.Fatal(err)
			}
			return strings.ReplaceAll(strings.NewReplacer("16.00123-000", "", ".001-ID-DK", "", "replaced", "r").Replace(treeText(c.Family)), " …", "…")
		}
		var chain []flegt.Licence
		for n := range 20 {
			chain = append(chain, d.lodged(number(n)))
			if n < 19 {
				replace(chain[n], number(n+1))
			}
		}
		for n, want := range map[int]string{
			0:  "[*00 r(01 r(02 r(03 r(04 r(05 r(06 r…))))))]",
			10: "[04 r…(05 r(06 r(07 r(08 r(09 r(*10 r(11 r(12 r(13 r(14 r(15 r(16 r…))))))))))))]",
			19: "[13 r…(14 r(15 r(16 r(17 r(18 r(*19))))))]",
		} {
			if got := tree(chain[n].ID); got != want {
				t.Errorf("from the %dth: %s, want %s", n, got, want)
			}
		}
		// split into twenty, each of which is split again, and two that are one again
		var twenty, more []string
		for n := range 20 {
			twenty, more = append(twenty, number(20+n)), append(more, number(60+n))
		}
		replace(chain[19], twenty...)
		split := d.lodged(twenty[0])
		replace(split, more...)
		again := d.lodged(twenty[1])
		replace(again, more...)
		if got := tree(chain[19].ID); strings.Count(got, "?") != 48 || !strings.Contains(got, "21 r…") {
			t.Errorf("split twice: %s", got)
		}
		one := d.lodged(more[0])
		if got := tree(one.ID); strings.Count(got, "*60") != 2 || strings.Count(got, "20 r") != 1 || strings.Count(got, "21 r") != 1 {
			t.Errorf("one again: %s", got)
		}
	})
}

func treeText(list []registry.Relative) string {
	var out []string
	for _, r := range list {
		s := r.Number
		if r.Self {
			s = "*" + s
		}
		if r.ID == "" {
			s += "?"
		}
		if r.Mark != "" {
			s += " " + r.Mark
		}
		if r.More {
			s += " …"
		}
		if len(r.Successors) > 0 {
			s += strings.NewReplacer("[", "(", "]", ")").Replace(treeText(r.Successors))
		}
		out = append(out, s)
	}
	return "[" + strings.Join(out, " ") + "]"
}
