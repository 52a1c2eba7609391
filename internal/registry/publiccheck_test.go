package registry_test

import (
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestPublicCheck walks a licence through its life and asks of it what anybody may: it is usable
// as long as customs would book it, and no other time.
func TestPublicCheck(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		fact := registry.Paper{Expires: "2017-03-17"}
		asked := func(number string, p registry.Paper) string {
			usable, err := d.CheckPaper(ctx, number, p)
			switch {
			case flegt.KindOf(err) == flegt.NotFound && err != nil:
				return "not found"
			case err != nil:
				return err.Error()
			case usable:
				return "usable"
			}
			return "not usable"
		}
		is := func(when, number string, p registry.Paper, want string) {
			t.Helper()
			if got := asked(number, p); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
		draft, err := d.NewDraft(ctx, d.mette, form(licenceOne), "")
		if err != nil {
			t.Fatal(err)
		}
		is("a draft", licenceOne, fact, "not found")
		if err := d.DiscardDraft(ctx, d.mette, draft.ID); err != nil {
			t.Fatal(err)
		}
		l := d.lodged(licenceOne)
		is("lodged", licenceOne, fact, "not usable")
		if _, err := d.AcceptLicence(ctx, d.officer, l.ID, 0); err != nil {
			t.Fatal(err)
		}
		is("accepted", licenceOne, fact, "usable")
		is("as people type it", " 16.00123–00456.001-id-dk ", registry.Paper{Licensee: "cv  JEPARA garden living", Invoice: "jgl-2016-1107"}, "usable")
		for name, p := range map[string]registry.Paper{"day": {Expires: "2017-03-18"}, "licensee": {Licensee: "CV Jepara"}, "invoice": {Invoice: "JGL-2016-1108"},
			"one of two": {Expires: "2017-03-17", Invoice: "x"}} {
			is("a wrong "+name, licenceOne, p, "not found")
		}
		is("another number", licenceTwo, fact, "not found")
		for name, p := range map[string]registry.Paper{"no fact": {}, "signs alone": {Licensee: " - ", Invoice: " "}} {
			if _, err := d.CheckPaper(ctx, licenceOne, p); flegt.KindOf(err) != flegt.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		after := d.now
		d.now = time.Date(2017, 3, 17, 23, 30, 0, 0, time.UTC) // half past midnight in Copenhagen
		is("after its last day", licenceOne, fact, "not usable")
		d.now = after
		if _, err := d.MarkLicence(ctx, d.budi, l.ID, 0, flegt.Mark{Verb: flegt.VerbReportLost, Reason: "burnt"}, registry.Evidence{}); err != nil {
			t.Fatal(err)
		}
		is("lost", licenceOne, fact, "not usable")

		cancelled := d.lodged(licenceTwo)
		if _, err := d.AcceptLicence(ctx, d.officer, cancelled.ID, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := d.MarkLicence(ctx, d.budi, cancelled.ID, 0, flegt.Mark{Verb: flegt.VerbCancel, Reason: "split"}, registry.Evidence{}); err != nil {
			t.Fatal(err)
		}
		is("cancelled", licenceTwo, fact, "not usable")

		taken := d.lodged(licenceThree)
		if _, err := d.AcceptLicence(ctx, d.officer, taken.ID, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := d.WithdrawAcceptance(ctx, d.officer, taken.ID, 0, "doubts"); err != nil {
			t.Fatal(err)
		}
		is("acceptance withdrawn", licenceThree, fact, "not usable")

		const four = "16.00123-00456.004-ID-DK"
		used := d.lodged(four)
		if _, err := d.AcceptLicence(ctx, d.officer, used.ID, 0); err != nil {
			t.Fatal(err)
		}
		b := registry.Booking{MRN: "16DK16RF3TDPZE7AR2", Office: "DK003103", Everything: true}
		if _, err := d.Reserve(ctx, d.customs, used.ID, b); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Release(ctx, d.customs, used.ID, b.MRN, ""); err != nil {
			t.Fatal(err)
		}
		is("used up", four, fact, "not usable")
	})
}
