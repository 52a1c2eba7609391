package flegt

import "testing"

// TestASecondPairOfEyes: a proposal is confirmed by the same decision of another officer about the
// same version of the licence, and by nothing else.
func TestASecondPairOfEyes(t *testing.T) {
	first, second := Actor{Account: "first", Role: RoleAuthority}, Actor{Account: "second", Role: RoleAuthority}
	var d Dossier
	if d.Confirms(second, VerbAccept, 3) {
		t.Error("confirmed though nothing is proposed")
	}
	d.Propose(first, noon, Proposal{Verb: VerbAccept, Version: 3})
	for _, c := range []struct {
		name    string
		by      Actor
		verb    Verb
		version int
		want    bool
	}{
		{"another officer", second, VerbAccept, 3, true},
		{"the same officer", first, VerbAccept, 3, false},
		{"another decision", second, VerbReject, 3, false},
		{"another version", second, VerbAccept, 4, false},
	} {
		if got := d.Confirms(c.by, c.verb, c.version); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestOneOfTwoTakesADossier: who takes it from somebody else than he saw there is told.
func TestOneOfTwoTakesADossier(t *testing.T) {
	d := Dossier{Standing: DossierOpen}
	if _, err := d.Assign(by(RoleAuthority), noon, "ane", ""); err != nil || d.Officer != "ane" {
		t.Fatal(err, d.Officer)
	}
	if _, err := d.Assign(by(RoleAuthority), noon, "bo", ""); key(err) != "dossier.taken" || d.Officer != "ane" {
		t.Errorf("%v, %s", err, d.Officer)
	}
	if _, err := d.Assign(by(RoleAuthority), noon, "bo", "ane"); err != nil || d.Officer != "bo" {
		t.Errorf("%v, %s", err, d.Officer)
	}
	if _, err := d.Assign(by(RoleAuthority), noon, "", "bo"); err != nil || d.Officer != "" || !d.TakenAt.IsZero() {
		t.Errorf("%v, %s", err, d.Officer)
	}
}

// TestFeesByTheirDays: a fee counts from its day on, until the day of the next one; nought ends it.
func TestFeesByTheirDays(t *testing.T) {
	var s DeskSettings
	for _, f := range []Fee{{"2017-01-01", 25000, "DKK", "order"}, {"2016-07-01", 10000, "DKK", "order"}, {"2018-01-01", 0, "DKK", "order"}} {
		if err := s.AddFee(f); err != nil {
			t.Fatal(err)
		}
	}
	for day, want := range map[Date]int64{"2016-06-30": 0, "2016-07-01": 10000, "2016-12-31": 10000, "2017-01-01": 25000, "2017-12-31": 25000, "2018-01-01": 0, "2019-01-01": 0} {
		f, charged := s.FeeOn(day)
		if f.Cents != want || charged != (want > 0) {
			t.Errorf("%s: %d, %v, want %d", day, f.Cents, charged, want)
		}
		d := Dossier{LodgedAt: noon.AddDate(5, 0, 0)}
		if d.Bill(noon, day, s); (d.Fee != nil) != (want > 0) || d.Fee != nil && d.Fee.Cents != want {
			t.Errorf("lodged on %s: %+v", day, d.Fee)
		}
	}
	d := Dossier{Fee: &Charge{Cents: 1}}
	if d.Bill(noon, "2017-01-01", s); d.Fee.Cents != 1 {
		t.Error("what was charged is charged anew")
	}
}

// TestDeadlines: an answer may be asked for today and up to a year ahead; the issuing country is
// given 21 days. Reg. (EC) 1024/2008 art. 10 (to be verified)
func TestDeadlines(t *testing.T) {
	if ToIssuing.AnswerDays() != 21 || ToImporter.AnswerDays() != 7 {
		t.Error(ToIssuing.AnswerDays(), ToImporter.AnswerDays())
	}
	for deadline, want := range map[Date]string{"2016-12-30": "question.deadline_past", "2016-12-31": "", "2017-01-21": "", "2018-01-01": "", "2018-01-02": "question.deadline_far",
		"": "error.required", "2017-02-30": "check.date_form"} {
		q := Question{To: ToIssuing, Text: "Is it yours?", Deadline: deadline}
		if _, err := q.Ask(by(RoleAuthority), noon, "2016-12-31"); boxKey(err) != want {
			t.Errorf("%s: %v, want %q", deadline, err, want)
		}
	}
	for today, late := range map[Date]bool{"2016-12-31": false, "2017-01-21": false, "2017-01-22": true} {
		q := Question{State: QuestionOpen, Deadline: "2017-01-21"}
		if _, err := q.Answer(by(RoleLicensing), noon, today, Reply{Text: "Yes."}); err != nil || q.Answers[0].Late != late || q.Overdue(today) || q.State != QuestionAnswered {
			t.Errorf("%s: %v, late %v", today, err, q.Answers)
		}
		if open := (Question{State: QuestionOpen, Deadline: "2017-01-21"}); open.Overdue(today) != late {
			t.Errorf("%s: overdue %v", today, !late)
		}
	}
}

// TestSentBackStaysWithItsAuthority: what was sent back is put right where it was lodged.
func TestSentBackStaysWithItsAuthority(t *testing.T) {
	for state, want := range map[LicenceState]string{Draft: "", Returned: "licence.return.country"} {
		l := Licence{State: state, ImportCountry: "DK"}
		if err := l.LodgeIn("DE"); boxKey(err) != want || (l.ImportCountry == "DE") != (want == "") {
			t.Errorf("%s: %v, %s", state, err, l.ImportCountry)
		}
		if err := l.LodgeIn(""); err != nil {
			t.Error(err)
		}
	}
}
