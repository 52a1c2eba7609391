package registry_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// unit is the official address of Indonesia's licensing authority in these tests.
const unit = "liu@silk.example"

// address enters it, by Support.
func (d *desk) address() {
	d.t.Helper()
	lars := d.holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	err := d.EditAuthority(ctx, lars, flegt.LicensingID("ID"), 0, registry.AuthorityEdit{Address: flegt.OfficialAddress{Email: unit, From: "2016-01-01", Source: "letter"}})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) asks(l flegt.Licence, to flegt.Addressee, deadline flegt.Date) flegt.Question {
	d.t.Helper()
	q, err := d.AskQuestion(ctx, d.anders, l.ID, registry.Asking{To: to, Box: "17", Text: "Which invoice is it?", Deadline: deadline})
	if err != nil {
		d.t.Fatal(err)
	}
	return q
}

func (d *desk) dossier(l flegt.Licence) flegt.Dossier {
	d.t.Helper()
	c, err := d.Dossier(ctx, d.anders, l.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return c.Dossier
}

// file receives a file of an answer.
func (d *desk) file(a flegt.Actor, q flegt.Question, content string) (*registry.ReceivedScan, error) {
	return d.ReceiveAnswerFile(ctx, a, q.ID, "invoice.pdf", strings.NewReader(content))
}

func TestACaseWaitsForAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		d.address()
		la := d.holder("siti", flegt.RoleLicensing, flegt.LicensingID("ID"), "ID")
		l := d.lodge(first)
		one, two := d.asks(l, flegt.ToImporter, "2016-12-13"), d.asks(l, flegt.ToIssuing, "2016-12-27")
		if x := d.dossier(l); x.Standing != flegt.DossierWaiting || len(x.Waits) != 2 || x.Waits[1] != (flegt.Wait{Question: two.ID, To: flegt.ToIssuing, Until: "2016-12-27"}) {
			t.Errorf("the dossier stands at %s and waits for %v", x.Standing, x.Waits)
		}
		if got := d.list(d.anders, registry.DossierQuery{Standing: flegt.DossierWaiting}); len(got) != 1 {
			t.Errorf("waiting are %v", got)
		}

		f, err := d.file(d.importer, one, "%PDF-1.4\ninvoice")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		one, err = d.AnswerQuestion(ctx, d.importer, one.ID, "It is JGL-2016-1107.", []*registry.ReceivedScan{f})
		if err != nil || one.State != flegt.QuestionAnswered || one.Answers[0].Late || !one.Answers[0].Known || one.Answers[0].By != d.importer.Account {
			t.Fatalf("%+v, %v", one, err)
		}
		if x := d.dossier(l); x.Standing != flegt.DossierWaiting || len(x.Waits) != 1 {
			t.Errorf("with one answer of two: %s, %v", x.Standing, x.Waits)
		}
		d.now = d.now.AddDate(0, 1, 0)
		two, err = d.AnswerQuestion(ctx, la, two.ID, "It is genuine.", nil)
		if err != nil || !two.Answers[0].Late {
			t.Fatalf("%+v, %v", two, err)
		}
		if x := d.dossier(l); x.Standing != flegt.DossierOpen || len(x.Waits) != 0 {
			t.Errorf("with both answers: %s, %v", x.Standing, x.Waits)
		}
		scan, r, err := d.AnswerFile(ctx, d.anders, one.ID, one.Answers[0].Files[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if r.Close(); err != nil || string(content) != "%PDF-1.4\ninvoice" || scan.Name != "invoice.pdf" {
			t.Errorf("the file is %s %q, %v", scan.Name, content, err)
		}
		d.agrees()
	})
}

func TestQuestionsAreClosed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		l := d.lodge(first)
		q := d.asks(l, flegt.ToImporter, "2016-12-13")
		if _, err := d.CloseQuestion(ctx, d.birgitte, q.ID); err != nil {
			t.Fatal(err)
		}
		if x := d.dossier(l); x.Standing != flegt.DossierOpen {
			t.Errorf("the dossier stands at %s", x.Standing)
		}
		_, err := d.CloseQuestion(ctx, d.anders, q.ID)
		kind(t, err, flegt.Conflict)
		_, err = d.AnswerQuestion(ctx, d.importer, q.ID, "too late", nil)
		kind(t, err, flegt.Conflict)

		q = d.asks(l, flegt.ToImporter, "2016-12-13")
		if _, err := d.ReturnLicence(ctx, d.anders, l.ID, 0, "Look at box 17", nil); err != nil {
			t.Fatal(err)
		}
		if q, err = d.AnswerQuestion(ctx, d.importer, q.ID, "I will.", nil); err != nil {
			t.Fatal(err)
		}
		if x := d.dossier(l); x.Standing != flegt.DossierWaiting {
			t.Errorf("sent back and answered: %s", x.Standing)
		}
		if _, err := d.SubmitLicence(ctx, d.importer, l.ID, 0); err != nil {
			t.Fatal(err)
		}
		q = d.asks(l, flegt.ToImporter, "2016-12-13")
		if _, err := d.RejectLicence(ctx, d.anders, l.ID, 0, "data_differ", "It differs."); err != nil {
			t.Fatal(err)
		}
		if q, err = d.Question(ctx, d.importer, q.ID); err != nil || q.State != flegt.QuestionClosed {
			t.Errorf("after the decision it is %s, %v", q.State, err)
		}
		if x := d.dossier(l); x.Standing != flegt.DossierDecided || len(x.Waits) != 0 {
			t.Errorf("decided: %s, %v", x.Standing, x.Waits)
		}
		_, err = d.AskQuestion(ctx, d.anders, l.ID, registry.Asking{To: flegt.ToImporter, Text: "And now?", Deadline: "2016-12-20"})
		kind(t, err, flegt.Conflict)
		d.agrees()
	})
}

func TestWhatCannotBeAsked(t *testing.T) {
	d := openDesk(t, storetest.SQLite(t))
	l := d.lodge(first)
	for name, c := range map[string]struct {
		ask registry.Asking
		box string
	}{
		"no text":          {registry.Asking{To: flegt.ToImporter, Deadline: "2016-12-13"}, "text"},
		"a long text":      {registry.Asking{To: flegt.ToImporter, Deadline: "2016-12-13", Text: strings.Repeat("x", 4001)}, "text"},
		"no deadline":      {registry.Asking{To: flegt.ToImporter, Text: "x"}, "deadline"},
		"a past deadline":  {registry.Asking{To: flegt.ToImporter, Text: "x", Deadline: "2016-12-05"}, "deadline"},
		"a far deadline":   {registry.Asking{To: flegt.ToImporter, Text: "x", Deadline: "2018-12-05"}, "deadline"},
		"no day":           {registry.Asking{To: flegt.ToImporter, Text: "x", Deadline: "soon"}, "deadline"},
		"nobody":           {registry.Asking{Text: "x", Deadline: "2016-12-13"}, "to"},
		"a box that isn't": {registry.Asking{To: flegt.ToImporter, Box: "19", Text: "x", Deadline: "2016-12-13"}, "box"},
	} {
		_, err := d.AskQuestion(ctx, d.anders, l.ID, c.ask)
		e, ok := err.(*flegt.Error)
		if !ok || e.Kind != flegt.Invalid || len(e.Boxes) != 1 || e.Boxes[0].Box != c.box {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := d.AskQuestion(ctx, d.anders, l.ID, registry.Asking{To: flegt.ToIssuing, Text: "x", Deadline: "2016-12-13"})
	kind(t, err, flegt.Refused) // no address is known
	draft, err := d.NewDraft(ctx, d.importer, form(second), "DK")
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.AskQuestion(ctx, d.anders, draft.ID, registry.Asking{To: flegt.ToImporter, Text: "x", Deadline: "2016-12-13"})
	kind(t, err, flegt.NotFound)
	if x := d.dossier(l); x.Standing != flegt.DossierOpen || x.Version != 1 {
		t.Errorf("what was refused changed the dossier: %+v", x)
	}
}

// TestWhoSeesWhichQuestion: what passes between the two authorities is never for the importer.
func TestWhoSeesWhichQuestion(t *testing.T) {
	d := openDesk(t, storetest.SQLite(t))
	d.address()
	l := d.lodge(first)
	toImporter, toIssuing := d.asks(l, flegt.ToImporter, "2016-12-13"), d.asks(l, flegt.ToIssuing, "2016-12-27")
	other := d.company(d.person("owner2", "Jens", "Holm"), "Fyns Træ", "10150817")
	for _, c := range []struct {
		who      flegt.Actor
		sees     string
		answers  string
		finds404 bool
	}{
		{d.anders, "importer issuing", "", false},
		{d.importer, "importer", "importer", false},
		{d.holder("siti", flegt.RoleLicensing, flegt.LicensingID("ID"), "ID"), "issuing", "issuing", false},
		{d.holder("gh", flegt.RoleLicensing, flegt.LicensingID("GH"), "GH"), "", "", true},
		{d.holder("rival", flegt.RoleOperator, other.ID, "DK"), "", "", true},
		{d.holder("told", flegt.RoleCustoms, "CUSTOMS-DK", "DK"), "", "", false},
		{d.holder("de", flegt.RoleAuthority, "CA-DE", "DE"), "", "", true},
		{d.holder("sup", flegt.RoleSupport, flegt.SupportBody, ""), "", "", false},
		{d.holder("obs", flegt.RoleObserver, flegt.ObserverBody, ""), "", "", false},
	} {
		name := string(c.who.Role) + " " + c.who.Body
		found, err := d.Licence(ctx, c.who, l.ID)
		if (flegt.KindOf(err) == flegt.NotFound && err != nil) != c.finds404 {
			t.Errorf("%s: %v", name, err)
		}
		var sees []string
		for _, q := range found.Questions {
			sees = append(sees, string(q.To))
		}
		if got := strings.Join(sees, " "); got != c.sees {
			t.Errorf("%s sees %q", name, got)
		}
		var waits []flegt.Wait
		if c.who.Role == flegt.RoleAuthority && !c.finds404 || c.who.Account == d.importer.Account { // who waits for whom, not what was asked
			waits = []flegt.Wait{{To: flegt.ToImporter, Until: "2016-12-13", Question: toImporter.ID}, {To: flegt.ToIssuing, Until: "2016-12-27"}}
			if c.who.Account == d.anders.Account {
				waits[1].Question = toIssuing.ID
			}
		}
		if !slices.Equal(found.Waits, waits) {
			t.Errorf("%s knows of %+v, not %+v", name, found.Waits, waits)
		}
		for _, e := range found.History {
			if to, _ := e.Data["to"].(string); e.Noun == flegt.NounQuestion && !strings.Contains(c.sees, to) {
				t.Errorf("the history of %s speaks of the question to %s", name, to)
			}
		}
		for _, q := range []flegt.Question{toImporter, toIssuing} {
			_, err := d.Question(ctx, c.who, q.ID)
			if seen := strings.Contains(c.sees, string(q.To)); seen != (err == nil) || !seen && flegt.KindOf(err) != flegt.NotFound {
				t.Errorf("%s, question to %s: %v", name, q.To, err)
			}
			_, err = d.file(c.who, q, "%PDF-1.4\nx")
			if (err == nil) != (c.answers == string(q.To)) {
				t.Errorf("%s, a file for the question to %s: %v", name, q.To, err)
			}
			if c.who.Account != d.anders.Account {
				if _, err := d.CloseQuestion(ctx, c.who, q.ID); err == nil {
					t.Errorf("%s closes the question to %s", name, q.To)
				}
			}
		}
	}
}

func TestAFileThatIsNoScanIsRefused(t *testing.T) {
	d := openDesk(t, storetest.SQLite(t))
	q := d.asks(d.lodge(first), flegt.ToImporter, "2016-12-13")
	_, err := d.file(d.importer, q, "MZ\x00 a program")
	kind(t, err, flegt.Invalid)
	_, err = d.AnswerQuestion(ctx, d.importer, q.ID, "  ", nil)
	kind(t, err, flegt.Invalid)
}

func TestRemindersGoOutOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := openDesk(t, db)
		l := d.lodge(first)
		q := d.asks(l, flegt.ToImporter, "2016-12-13")
		d.asks(l, flegt.ToImporter, "2016-12-07") // asked when it would be reminded of already
		twoDaysBefore := func(country string, deadline flegt.Date) flegt.Date {
			if country != "DK" {
				t.Errorf("by the calendar of %s", country)
			}
			return flegt.DateOf(deadline.Time().AddDate(0, 0, -2))
		}
		for _, c := range []struct{ days, want int }{{0, 0}, {4, 0}, {1, 1}, {0, 0}, {1, 0}, {9, 0}} {
			d.now = d.now.AddDate(0, 0, c.days)
			if n, err := d.RemindQuestions(ctx, twoDaysBefore); err != nil || n != c.want {
				t.Errorf("on %s %d reminders, %v", d.now, n, err)
			}
		}
		if q, err := d.Question(ctx, d.importer, q.ID); err != nil || q.RemindedAt.IsZero() {
			t.Errorf("%+v, %v", q, err)
		}
		d.agrees()
	})
}

// TestVerifyReadsQuestions changes a question behind the program's back.
func TestVerifyReadsQuestions(t *testing.T) {
	for name, c := range map[string]struct{ change, says string }{
		"its text":     {`UPDATE question SET body = replace(body, 'Which', 'What')`, "it is not as event"},
		"its deadline": {`UPDATE question SET deadline = '2017-01-01'`, "deadline not as its body says"},
		"whom it asks": {`UPDATE question SET addressee = 'issuing'`, "addressee not as its body says"},
		"whose it is":  {`UPDATE question SET operator = 'rival'`, "operator not as its body says"},
		"its country":  {`UPDATE question SET export = 'GH'`, "export not as its body says"},
		"its file":     {`DELETE FROM blob_use WHERE sha256 IN (SELECT substr(body, instr(body, '"SHA256":"') + 10, 64) FROM question)`, "is not noted as in use"},
		"itself":       {`DELETE FROM question`, "but it is gone"},
	} {
		d := openDesk(t, storetest.SQLite(t))
		q := d.asks(d.lodge(first), flegt.ToImporter, "2016-12-13")
		f, err := d.file(d.importer, q, "%PDF-1.4\nanother")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.AnswerQuestion(ctx, d.importer, q.ID, "", []*registry.ReceivedScan{f}); err != nil {
			t.Fatal(err)
		}
		d.agrees()
		tamper(t, d.db, c.change)
		if found := verify(t, d.db); !strings.Contains(found, c.says) {
			t.Errorf("%s: found %q, want %q", name, found, c.says)
		}
	}
}
