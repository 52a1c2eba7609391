package api

import (
	"runtime"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// table is two licences, the second without what is needed.
const table = "number;issuing_body.name;importer.name;issued;expires;export;transport;licensee.name;issue_place;invoice;description;hs;common;scientific;harvest;volume;weight;units\n" +
	"16.00123-00456.001-ID-DK;PT Mutuagung Lestari;Nordisk Træ A/S;2016-11-18;2017-03-17;ID;By sea;CV Jepara Garden Living;Depok;JGL-2016-1107;Teak garden chair;4407.29;Jati;Tectona grandis;ID;8.412;5120;480\n" +
	"16.00123-00457.001-ID-DK;;;not a day;;XX;;;;;;;;;;;;\n"

func (w *town) sendTable(who, text string, headers ...string) reply {
	w.t.Helper()
	return w.ask(who, "POST", "/api/v1/imports?name=licences.csv", text, append([]string{"Content-Type", "text/csv"}, headers...)...)
}

// reaches asks until a table has come to a stage.
func (w *town) reaches(who, id string, stage flegt.BulkStage) Import {
	w.t.Helper()
	for {
		b := into[Import](w.ask(who, "GET", "/api/v1/imports/"+id, "").is(200))
		if b.Stage == stage {
			return b
		}
		if b.Stage == flegt.BulkFailed || b.Stage == flegt.BulkCancelled {
			w.t.Fatalf("%+v", b)
		}
		runtime.Gosched()
	}
}

// TestATableIsImported: the dry run with every finding by row and column, the import under a
// key, and what became of each licence.
func TestATableIsImported(t *testing.T) {
	w := newTown(t)
	w.sendTable(mette, "").problem(422, "invalid")
	w.sendTable(mette, "colour;size\nred;1\n").problem(422, "invalid")
	w.sendTable(officer, table).problem(403, "scope")
	begun := w.sendTable(mette, table).is(201)
	b := into[Import](begun)
	one := "/api/v1/imports/" + b.ID
	if begun.Header.Get("Location") != one {
		t.Error(begun.Header)
	}
	b = w.reaches(mette, b.ID, flegt.BulkChecked)
	if b.Total != 2 || b.Wrong != 1 || b.OK+b.Look != 1 || b.Name != "licences.csv" {
		t.Errorf("%+v", b)
	}
	findings := walk[ImportFinding](w, mette, one+"/findings?limit=2")
	wrong := map[string]bool{}
	for _, f := range findings {
		if f.Row == 3 && f.Severity == flegt.Wrong {
			wrong[f.Column] = true
		}
		if f.Text == "" || f.Key == "" {
			t.Errorf("%+v", f)
		}
	}
	if !wrong["issued"] || !wrong["issuing_body.name"] || len(findings) < 5 {
		t.Errorf("%+v", findings)
	}
	w.ask(mette, "GET", one+"/findings/export", "", "Accept-Language", "da").is(200).says("issued", numberOne[:8])
	if licences := walk[Licence](w, mette, "/api/v1/licences"); len(licences) != 0 {
		t.Errorf("the dry run made %d licences", len(licences))
	}
	w.ask(rival, "GET", one, "").problem(404, "not-found")
	w.ask(rival, "POST", one+"/start", `{}`).problem(404, "not-found")
	w.ask(rival, "DELETE", one, "").problem(404, "not-found")

	w.ask(mette, "POST", one+"/start", `{"update":false}`, "Idempotency-Key", "start").is(200)
	w.ask(mette, "POST", one+"/start", `{"update":false}`, "Idempotency-Key", "start").is(200)
	b = w.reaches(mette, b.ID, flegt.BulkDone)
	if b.Outcomes["created"] != 1 || b.Outcomes["skipped"] != 1 || b.Done != 2 {
		t.Errorf("%+v", b)
	}
	results := walk[ImportResult](w, mette, one+"/results?limit=1")
	if len(results) != 2 || results[0].Outcome != "created" || results[1].Outcome != "skipped" {
		t.Fatalf("%+v", results)
	}
	w.ask(mette, "GET", "/api/v1/licences/"+results[0].Licence, "").is(200).says(numberOne, `"state":"draft"`)
	w.ask(mette, "POST", one+"/start", `{}`).problem(409, "conflict")
	w.ask(mette, "GET", "/api/v1/imports", "").is(200).says(b.ID)
}

// TestATableIsForgotten, and the template can be filled in.
func TestATableIsForgotten(t *testing.T) {
	w := newTown(t)
	b := into[Import](w.sendTable(mette, table).is(201))
	w.ask(mette, "DELETE", "/api/v1/imports/"+b.ID, "").is(204)
	w.ask(mette, "GET", "/api/v1/imports/"+b.ID, "").problem(404, "not-found")
	template := w.ask(mette, "GET", "/api/v1/imports/template", "").is(200).text
	if !strings.HasPrefix(strings.TrimPrefix(template, "\uFEFF"), flegt.BulkColumns[0]) {
		t.Errorf("%q", template)
	}
	if book := w.ask(mette, "GET", "/api/v1/imports/template?format=xlsx", "").is(200).text; !strings.HasPrefix(book, "PK") {
		t.Error("no workbook")
	}
}

// TestOneWrongNumberIsOneFinding: the middle one of a licence's three rows has another number. That
// row is told, and nothing else is wrong.
func TestOneWrongNumberIsOneFinding(t *testing.T) {
	w := newTown(t)
	head, rows, _ := strings.Cut(table, "\n")
	row, _, _ := strings.Cut(rows, "\n")
	b := into[Import](w.sendTable(mette, head+"\n"+row+"\n"+strings.Replace(row, "00456", "00465", 1)+"\n"+row+"\n").is(201))
	b = w.reaches(mette, b.ID, flegt.BulkChecked)
	if b.Total != 1 || b.Wrong != 1 {
		t.Errorf("%+v", b)
	}
	var wrong []ImportFinding
	for _, f := range walk[ImportFinding](w, mette, "/api/v1/imports/"+b.ID+"/findings") {
		if f.Severity == flegt.Wrong {
			wrong = append(wrong, f)
		}
	}
	if len(wrong) != 1 || wrong[0].Row != 3 || wrong[0].Column != "number" || !strings.Contains(wrong[0].Text, "from row 2 on") {
		t.Errorf("%+v", wrong)
	}
}
