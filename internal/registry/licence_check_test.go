package registry_test

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// finding looks a finding up in what somebody reads of a licence.
func (d counter) finding(a flegt.Actor, id, key string) (flegt.Finding, bool) {
	d.t.Helper()
	c, err := d.Licence(ctx, a, id)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, f := range c.Findings {
		if f.Key == key {
			return f, true
		}
	}
	return flegt.Finding{}, false
}

// TestDuplicatesAreFound: the same shipment and the same scan under another number, named to
// whoever may see the other licence and to nobody else; and a number that was lodged before.
func TestDuplicatesAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		shipment := func(a flegt.Actor, number, containers string) flegt.Licence {
			f := form(number)
			f.BillOfLading, f.Containers = "MAEU 570", containers
			l, err := d.NewDraft(ctx, a, f, "")
			if err == nil {
				l, err = d.AddScan(ctx, a, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\nthe same"))
			}
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		one := shipment(d.mette, licenceOne, "CSQU3054383, MSKU1234565")
		if _, err := d.SubmitLicence(ctx, d.mette, one.ID, 0); err != nil {
			t.Fatal(err)
		}
		two := shipment(d.rival, licenceTwo, "csqu 305438 3")
		for _, key := range []string{"check.same_shipment.hidden", "check.same_scan.hidden"} {
			if f, found := d.finding(d.rival, two.ID, key); !found || strings.Contains(f.Args["Number"].(string), "16") {
				t.Errorf("%s for a competitor: %v %+v", key, found, f)
			}
		}
		if _, err := d.SubmitLicence(ctx, d.rival, two.ID, 0); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"check.same_shipment", "check.same_scan"} {
			if f, found := d.finding(d.officer, two.ID, key); !found || f.Args["Number"] != licenceOne {
				t.Errorf("%s for the officer: %v %+v", key, found, f)
			}
		}
		other := shipment(d.rival, licenceThree, "TGHU1234567")
		if _, found := d.finding(d.rival, other.ID, "check.same_shipment.hidden"); found {
			t.Error("another container is the same shipment")
		}
		if _, err := d.WithdrawLicence(ctx, d.mette, one.ID, 0); err != nil {
			t.Fatal(err)
		}
		again := shipment(d.mette, licenceOne, "CSQU3054383")
		if _, found := d.finding(d.mette, again.ID, "check.number_earlier"); !found {
			t.Error("nobody says that the number was lodged before")
		}
		d.agrees()
	})
}

// TestOneNumberInEverySpelling: what is one number on paper is lodged once, however it is typed:
// with the dashes that a word processor puts, in small letters, with blanks and what is invisible.
func TestOneNumberInEverySpelling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		d.lodged(licenceOne)
		for name, number := range map[string]string{
			"small letters": "16.00123-00456.001-id-dk", "blanks": "16.00123 - 00456.001 - ID - DK", "en dash": "16.00123\u201300456.001\u2013ID\u2013DK",
			"hyphen that does not break": "16.00123\u201100456.001-ID-DK", "minus": "16.00123\u221200456.001-ID-DK", "soft hyphen": "16.00123-00456.\u00ad001-ID-DK",
			"no width": "16.00123-00456.001-ID-DK\u200b", "no break": "16.00123-00456.001\u00a0-ID-DK",
		} {
			l, err := d.NewDraft(ctx, d.rival, form(number), "")
			if err == nil {
				_, err = d.AddScan(ctx, d.rival, l.ID, "s.pdf", strings.NewReader("%PDF-1.4\n"+name))
			}
			if err != nil {
				t.Fatal(err)
			}
			if f, found := d.finding(d.rival, l.ID, "check.number_taken"); !found {
				t.Errorf("%s: nobody says that it is taken: %+v", name, f)
			}
			if _, err = d.SubmitLicence(ctx, d.rival, l.ID, 0); err == nil {
				t.Errorf("%s: lodged twice", name)
			}
		}
		d.agrees()
	})
}

// TestOneBillInEverySpelling: a bill of lading is the same with hyphens, points and blanks.
func TestOneBillInEverySpelling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		shipped := func(number, bill string) flegt.Licence {
			f := form(number)
			f.BillOfLading, f.Containers = bill, "CSQU 305438-3"
			l, err := d.NewDraft(ctx, d.mette, f, "")
			if err == nil {
				_, err = d.AddScan(ctx, d.mette, l.ID, "s.pdf", strings.NewReader("%PDF-1.4\n"+number))
			}
			if err == nil {
				l, err = d.SubmitLicence(ctx, d.mette, l.ID, 0)
			}
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		shipped(licenceOne, "MAEU-570.123/A")
		for bill, want := range map[string]bool{"maeu570123a": true, "MAEU 570 123 A": true, "MAEU\u2013570123/a": true, "MAEU570124A": false, "-": false} {
			f := form(licenceTwo)
			f.BillOfLading, f.Containers = bill, "CSQU3054383"
			l, err := d.NewDraft(ctx, d.mette, f, "")
			if err != nil {
				t.Fatal(err)
			}
			if _, found := d.finding(d.mette, l.ID, "check.same_shipment"); found != want {
				t.Errorf("%q: %v, want %v", bill, found, want)
			}
		}
		d.agrees()
	})
}

// TestAnswersReachTheOfficer: a look is answered, the officer reads it, the issuing country
// does not; what is answered may be submitted.
func TestAnswersReachTheOfficer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		f := form(licenceOne)
		f.IssuingBody.Name = "PT Kayu"
		l, err := d.NewDraft(ctx, d.mette, f, "")
		if err == nil {
			_, err = d.AddScan(ctx, d.mette, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\n"))
		}
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.AnswerFinding(ctx, d.rival, l.ID, 0, "check.issuing_unknown", "issuing_body.name", "x")
		kind(t, err, flegt.NotFound)
		_, err = d.AnswerFinding(ctx, d.mette, l.ID, 0, "check.number_ok", "number", "x")
		no(t, err, "licence.answer.gone")
		if _, err = d.AnswerFinding(ctx, d.mette, l.ID, 0, "check.issuing_unknown", "issuing_body.name", "accredited in May"); err != nil {
			t.Fatal(err)
		}
		if _, err = d.SubmitLicence(ctx, d.mette, l.ID, 0); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"officer": "accredited in May", "mette": "accredited in May", "budi": "", "customs": ""} {
			a := map[string]flegt.Actor{"officer": d.officer, "mette": d.mette, "budi": d.budi, "customs": d.customs}[name]
			if f, found := d.finding(a, l.ID, "check.issuing_unknown"); !found || f.Answer != want {
				t.Errorf("%s reads %q (%v)", name, f.Answer, found)
			}
		}
		d.agrees()
	})
}
