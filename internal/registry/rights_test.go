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

// TestARoleThatEnded: whoever still has the page open, or a program its token, changes nothing any
// more once the role has ended, and is told why.
func TestARoleThatEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		helper := d.granted(d.citizen("helper", "Hanne", "Hjælp"), flegt.RoleSupport, flegt.SupportBody)
		draft, err := d.NewDraft(ctx, d.mette, form(licenceTwo), "")
		if err != nil {
			t.Fatal(err)
		}
		l := d.accepted(licenceOne)
		waits := d.lodged(licenceThree)
		if _, err := d.Reserve(ctx, d.customs, l.ID, volume(mrnA, 1)); err != nil {
			t.Fatal(err)
		}
		for _, a := range []flegt.Actor{d.mette, d.officer, d.customs, d.budi} {
			if err := d.EndAuthorisation(ctx, helper, a.Authorisation, 0, "left"); err != nil {
				t.Fatal(err)
			}
		}
		before := d.verbs(l.ID) + d.verbs(draft.ID) + d.verbs(waits.ID)
		ask := registry.Asking{To: flegt.ToImporter, Text: "?", Deadline: "2016-12-20"}
		mark := flegt.Mark{Verb: flegt.VerbCancel, Reason: "split"}
		for what, try := range map[string]func() error{
			"begins":      func() error { _, err := d.NewDraft(ctx, d.mette, form("x"), ""); return err },
			"saves":       func() error { _, err := d.SaveDraft(ctx, d.mette, draft.ID, 0, draft.Form, ""); return err },
			"submits":     func() error { _, err := d.SubmitLicence(ctx, d.mette, draft.ID, 0); return err },
			"throws away": func() error { return d.DiscardDraft(ctx, d.mette, draft.ID) },
			"scans": func() error {
				_, err := d.AddScan(ctx, d.mette, draft.ID, "a.pdf", strings.NewReader("%PDF-1.4"))
				return err
			},
			"withdraws":  func() error { _, err := d.WithdrawLicence(ctx, d.mette, waits.ID, 0); return err },
			"claims":     func() error { _, err := d.ClaimLicence(ctx, d.mette, licenceOne, "KAYU20160017"); return err },
			"accepts":    func() error { _, err := d.AcceptLicence(ctx, d.officer, waits.ID, 0); return err },
			"rejects":    func() error { _, err := d.RejectLicence(ctx, d.officer, waits.ID, 0, "other", "no"); return err },
			"sends back": func() error { _, err := d.ReturnLicence(ctx, d.officer, waits.ID, 0, "no", nil); return err },
			"asks":       func() error { _, err := d.AskQuestion(ctx, d.officer, waits.ID, ask); return err },
			"takes back": func() error { _, err := d.WithdrawAcceptance(ctx, d.officer, l.ID, 0, "no"); return err },
			"ticks":      func() error { _, err := d.TickBox(ctx, d.officer, waits.ID, 0, "scan", true); return err },
			"sets":       func() error { return d.EditDesk(ctx, d.officer, 0, registry.DeskEdit{}) },
			"lists":      func() error { _, err := d.WorkList(ctx, d.officer, registry.DossierQuery{}); return err },
			"books":      func() error { _, err := d.Reserve(ctx, d.customs, l.ID, volume(mrnA, 2)); return err },
			"tries": func() error {
				_, err := d.DryRun(ctx, d.customs, registry.OpReserve, l.ID, volume(mrnA, 2))
				return err
			},
			"releases": func() error { _, err := d.Release(ctx, d.customs, l.ID, mrnA, ""); return err },
			"holds":    func() error { _, err := d.Hold(ctx, d.customs, l.ID, "DK003103", "why"); return err },
			"looks":    func() error { _, err := d.LookUp(ctx, d.customs, licenceOne); return err },
			"expects":  func() error { _, _, err := d.Expected(ctx, d.customs, registry.LicenceQuery{}); return err },
			"issues": func() error {
				_, _, err := d.IssueLicence(ctx, d.budi, form("16.00123-00456.009-ID-DK"), "", "")
				return err
			},
			"marks": func() error { _, err := d.MarkLicence(ctx, d.budi, l.ID, 0, mark, registry.Evidence{}); return err },
		} {
			if e, refused := try().(*flegt.Error); !refused || e.Kind != flegt.Forbidden || e.Key != "error.role_ended" {
				t.Errorf("%s: %v", what, e)
			}
		}
		if after := d.verbs(l.ID) + d.verbs(draft.ID) + d.verbs(waits.ID); after != before {
			t.Errorf("%s, before %s", after, before)
		}
		d.agrees()
	})
}

// TestAcceptanceWithdrawnWhileHeld: a hold outlives the acceptance; what is booked is released when
// it is lifted, by either side, and nothing more is booked.
func TestAcceptanceWithdrawnWhileHeld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		for i, lift := range []func(id string) error{
			func(id string) error { _, err := d.LiftHold(ctx, d.customs, id, "it was a mistake"); return err },
			func(id string) error {
				_, err := d.AnswerHold(ctx, d.officer, id, "let these through", true)
				return err
			},
		} {
			l := d.accepted(fmt.Sprintf("16.00123-00456.01%d-ID-DK", i))
			mrn := fmt.Sprintf("16DK16RF3TDPZE7B%d2", i)
			if _, err := d.Reserve(ctx, d.customs, l.ID, volume(mrn, 1)); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Hold(ctx, d.customs, l.ID, "DK003103", "the stamp looks odd"); err != nil {
				t.Fatal(err)
			}
			if _, err := d.WithdrawAcceptance(ctx, d.officer, l.ID, 0, "it is not theirs"); err != nil {
				t.Fatal(err)
			}
			_, err := d.Release(ctx, d.customs, l.ID, mrn, "")
			no(t, err, "clearance.held")
			_, err = d.Reserve(ctx, d.customs, l.ID, volume(mrn, 2))
			no(t, err, "clearance.acceptance_withdrawn")
			if err := lift(l.ID); err != nil {
				t.Fatal(err)
			}
			if c, err := d.Release(ctx, d.customs, l.ID, mrn, ""); err != nil || c.Code != flegt.OutcomeLeftStatus {
				t.Errorf("%v, %s", err, c.Code)
			}
		}
		d.agrees()
	})
}

// TestManyWhoGuessOneNumber: twenty wrong verification numbers for one licence within the hour shut
// it, whoever gives them, and for that hour alone.
func TestManyWhoGuessOneNumber(t *testing.T) {
	d := openCounter(t, storetest.SQLite(t))
	_, number, err := d.IssueLicence(ctx, d.budi, form(licenceOne), "", "")
	if err != nil {
		t.Fatal(err)
	}
	guesser := func(i int) flegt.Actor {
		who := d.citizen(fmt.Sprintf("guesser%d", i), "G", "G")
		return d.granted(who, flegt.RoleOperator, d.rival.Body)
	}
	for i := range 4 {
		a := guesser(i)
		for range 5 {
			_, err := d.ClaimLicence(ctx, a, licenceOne, "WRONG1234567")
			no(t, err, "licence.claim.refused")
		}
	}
	_, err = d.ClaimLicence(ctx, guesser(5), strings.ToLower(licenceOne), number)
	kind(t, err, flegt.TooMany)
	_, err = d.ClaimLicence(ctx, guesser(6), licenceTwo, number) // another number is not shut
	no(t, err, "licence.claim.refused")
	d.now = d.now.Add(time.Hour + time.Minute)
	if _, err = d.ClaimLicence(ctx, d.mette, licenceOne, number); err != nil {
		t.Error(err)
	}
}

// TestASuccessorIsNoDuplicate: what was replaced has the goods, the container and the scan of its
// successor, and is not told as a second use of them.
func TestASuccessorIsNoDuplicate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		shipped := func(number string) flegt.Licence {
			f := form(number)
			f.BillOfLading, f.Containers = "MAEU570", "CSQU3054383"
			l, err := d.NewDraft(ctx, d.mette, f, "")
			if err == nil {
				l, err = d.AddScan(ctx, d.mette, l.ID, "s.pdf", strings.NewReader("%PDF-1.4\none paper"))
			}
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		old := shipped(licenceOne)
		if _, err := d.SubmitLicence(ctx, d.mette, old.ID, 0); err != nil {
			t.Fatal(err)
		}
		next := shipped(licenceTwo)
		for _, marked := range []bool{false, true} {
			if marked {
				m := flegt.Mark{Verb: flegt.VerbReplace, Reason: "box 14", Successors: []string{licenceTwo}}
				if _, err := d.MarkLicence(ctx, d.budi, old.ID, 0, m, registry.Evidence{}); err != nil {
					t.Fatal(err)
				}
			}
			for _, key := range []string{"check.same_shipment", "check.same_scan"} {
				if _, found := d.finding(d.mette, next.ID, key); found == marked {
					t.Errorf("%s, replaced %v: told %v", key, marked, found)
				}
			}
		}
	})
}

// TestTheIssuingCountryDoesNotReadDrafts: it sees that its licence was claimed, and nothing of what
// the importer types before submitting.
func TestTheIssuingCountryDoesNotReadDrafts(t *testing.T) {
	d := openCounter(t, storetest.SQLite(t))
	l, number, err := d.IssueLicence(ctx, d.budi, form(licenceOne), "", "")
	if err != nil {
		t.Fatal(err)
	}
	if l, err = d.ClaimLicence(ctx, d.mette, licenceOne, number); err != nil {
		t.Fatal(err)
	}
	f := l.Form
	f.Remarks = "between us"
	if _, err := d.SaveDraft(ctx, d.mette, l.ID, 0, f, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddScan(ctx, d.mette, l.ID, "a.pdf", strings.NewReader("%PDF-1.4")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ExtendLicence(ctx, d.budi, l.ID, 0, "2017-05-01", registry.Evidence{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SubmitLicence(ctx, d.mette, l.ID, 0); err != nil {
		t.Fatal(err)
	}
	var verbs []string
	events, _, _, err := d.Events(ctx, d.budi, 0, 500)
	for _, e := range events {
		if e.Noun == flegt.NounLicence {
			verbs = append(verbs, e.Verb)
		}
	}
	if err != nil || strings.Join(verbs, " ") != "issued claimed extended submitted" {
		t.Errorf("%v, %v", verbs, err)
	}
}

// TestHoldsAtOnesOwnOffices: who acts at one customs office holds a shipment there alone, and lifts
// no hold of another office.
func TestHoldsAtOnesOwnOffices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		helper := d.granted(d.citizen("helper", "Hanne", "Hjælp"), flegt.RoleSupport, flegt.SupportBody)
		person := d.citizen("port", "Per", "Havn")
		z, err := d.RequestRole(ctx, person, registry.RoleRequest{Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Offices: "DK005600"})
		if err == nil {
			err = d.ApproveRequest(ctx, helper, z.ID, 0, "called back")
		}
		if err != nil {
			t.Fatal(err)
		}
		roles, err := d.Roles(ctx, person.Account)
		if err != nil || len(roles) != 1 {
			t.Fatal(roles, err)
		}
		port, l := roles[0], d.accepted(licenceOne)
		for office, want := range map[string]string{"DK003103": "clearance.office_not_yours", "DE004851": "clearance.office_country", "": "customs_office.empty", "DK": "customs_office.length"} {
			_, err := d.Hold(ctx, port, l.ID, office, "the stamp looks odd")
			no(t, err, want)
		}
		if _, err := d.Hold(ctx, d.customs, l.ID, "DK003103", "the stamp looks odd"); err != nil {
			t.Fatal(err)
		}
		_, err = d.LiftHold(ctx, port, l.ID, "it is genuine")
		no(t, err, "clearance.held_elsewhere")
		if _, err := d.LiftHold(ctx, d.customs, l.ID, "it is genuine"); err != nil {
			t.Fatal(err)
		}
		if held, err := d.Hold(ctx, port, l.ID, "dk 005600", "the weight"); err != nil || held.Holds[1].Office != "DK005600" {
			t.Fatal(err, held.Holds)
		}
		if _, err := d.LiftHold(ctx, port, l.ID, "weighed again"); err != nil {
			t.Error(err)
		}
		d.agrees()
	})
}

// TestAWebhookIsToldWhatItMaySeeNow: what waits when the right to see it ends is not sent. The
// importer had written another country of export.
func TestAWebhookIsToldWhatItMaySeeNow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openCounter(t, db)
		h := d.hook(d.budi, "licence.submitted")
		l := d.lodged(licenceOne)
		if _, err := d.QueueWebhooks(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := d.ReturnLicence(ctx, d.officer, l.ID, 0, "box 6", nil); err != nil {
			t.Fatal(err)
		}
		f := l.Form
		f.Export = "GH"
		if _, err := d.SaveDraft(ctx, d.mette, l.ID, 0, f, ""); err != nil {
			t.Fatal(err)
		}
		d.sends("", worked)
		if got := d.log(d.budi, h); got != "licence.submitted given_up 0 "+flegt.ProblemRights {
			t.Errorf("%s", got)
		}
		d.lodged(licenceTwo)
		d.sends("licence.submitted", worked)
	})
}
