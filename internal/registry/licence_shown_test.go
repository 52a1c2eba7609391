package registry_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestNoDoorShowsWhatIsNotForCustoms asks every method of the office that gives a licence to
// customs: none says what passes between importer and authority, nor when it refuses.
func TestNoDoorShowsWhatIsNotForCustoms(t *testing.T) {
	d := openCounter(t, storetest.SQLite(t))
	const secret, returned, answered = "for the authority alone", "the stamp is faint", "it is a new stamp"
	f := form(number)
	f.Remarks, f.Office, f.Arrival = secret, "DK003103", "2016-12-07"
	f.Goods[1].Weight = "38900" // far heavier than its volume: a finding to answer
	l, err := d.NewDraft(ctx, d.mette, f, "")
	steps := []func() error{
		func() error { return err },
		func() error {
			_, err := d.AddScan(ctx, d.mette, l.ID, "s.pdf", strings.NewReader("%PDF-1.4\n"))
			return err
		},
		func() error { _, err := d.SubmitLicence(ctx, d.mette, l.ID, 0); return err },
		func() error {
			_, err := d.ReturnLicence(ctx, d.officer, l.ID, 0, returned, nil)
			return err
		},
		func() error {
			c, err := d.Office.Licence(ctx, d.mette, l.ID)
			for _, one := range c.Findings {
				if err == nil && one.Severity == flegt.Look {
					_, err = d.AnswerFinding(ctx, d.mette, l.ID, 0, one.Key, one.Field, answered)
				}
			}
			return err
		},
		func() error { _, err := d.SubmitLicence(ctx, d.mette, l.ID, 0); return err },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatal(i, err)
		}
	}
	look := func(what string, found any, err error, refused bool) {
		t.Helper()
		if (err != nil) != refused {
			t.Errorf("%s: %v", what, err)
		}
		text, failed := json.Marshal(found)
		if failed != nil {
			t.Fatal(failed)
		}
		for _, hidden := range []string{secret, returned, answered} {
			if strings.Contains(string(text), hidden) {
				t.Errorf("%s tells customs: %s", what, hidden)
			}
		}
		if !refused && !strings.Contains(string(text), l.ID) {
			t.Errorf("%s does not give the licence", what)
		}
	}
	a := d.customs
	_, err = d.AcceptLicence(ctx, d.officer, l.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	one, err := d.Office.Licence(ctx, a, l.ID)
	look("Licence", one, err, false)
	found, err := d.LookUp(ctx, a, number)
	look("LookUp", found, err, false)
	one, err = d.AtCounter(ctx, a, l.ID)
	look("AtCounter", one, err, false)
	all, err := d.Licences(ctx, a, registry.LicenceQuery{})
	look("Licences", all, err, true)
	list, licences, err := d.Expected(ctx, a, registry.LicenceQuery{})
	look("Expected", []any{list, licences}, err, false)
	done, err := d.DryRun(ctx, a, registry.OpReserve, l.ID, volume(mrnA, 1))
	look("DryRun", done, err, false)
	done, err = d.Reserve(ctx, a, l.ID, volume(mrnA, 1))
	look("Reserve", done, err, false)
	under, err := d.UnderMRN(ctx, a, mrnA)
	look("UnderMRN", under, err, false)
	done, err = d.TakeOver(ctx, a, l.ID, mrnA, "DK005600")
	look("TakeOver", done, err, false)
	held, err := d.Hold(ctx, a, l.ID, "DK003103", "odd")
	look("Hold", held, err, false)
	held, err = d.Hold(ctx, a, l.ID, "DK003103", "odd")
	look("Hold again", held, err, true)
	held, err = d.LiftHold(ctx, a, l.ID, "seen")
	look("LiftHold", held, err, false)
	held, err = d.PhysicalCheck(ctx, a, l.ID, flegt.PhysicalCheck{MRN: mrnA, Office: "DK005600", Outcome: flegt.CheckConform, Date: "2016-12-06"})
	look("PhysicalCheck", held, err, false)
	done, err = d.Release(ctx, a, l.ID, mrnA, "")
	look("Release", done, err, false)
	done, err = d.CorrectRelease(ctx, a, l.ID, mrnA, "", "the wrong one")
	look("CorrectRelease", done, err, false)
	held, err = d.AcceptLicence(ctx, a, l.ID, 0)
	look("AcceptLicence", held, err, true)
	held, err = d.MarkLicence(ctx, a, l.ID, 0, flegt.Mark{Verb: flegt.VerbCancel}, registry.Evidence{})
	look("MarkLicence", held, err, true)
	if text, _ := json.Marshal(one); !strings.Contains(string(text), "scan") {
		t.Error("customs does not see the scan")
	}
	whole, err := d.Office.Licence(ctx, d.officer, l.ID)
	if err != nil || whole.Licence.Form.Remarks != secret || whole.Licence.Return == nil || len(whole.Licence.Answers) == 0 {
		t.Errorf("the authority reads %+v, %v", whole.Licence, err)
	}
}
