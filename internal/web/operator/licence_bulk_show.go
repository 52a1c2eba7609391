package operator

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// bulkLinesPerPage is how many findings, or licences, of a table are shown at a time.
const bulkLinesPerPage = 100

// bulkShowPage is a table of licences: how far it is, what was found, what became of it.
type bulkShowPage struct {
	counter.Page
	Bulk registry.Bulk
	// OK, Look and Wrong count the licences; Good are those that can be imported, Drafts those
	// of them that stand as drafts already.
	OK, Look, Wrong, Good, Drafts int
	// Progress says how far it is, in words.
	Progress string
	// Problems are the findings, Results the licences after the import; Pages the way through.
	Problems, Results counter.Table
	Pages             counter.Pages
	// Outcomes count the licences by what became of them, in words; Why says why the import
	// broke off, when that can be told.
	Outcomes []string
	Why      string
}

// bulkLine is one finding of a table in words.
type bulkLine struct {
	Row            int
	Column, Number string
	Status         counter.Status
	Text, Law      string
}

func (s pages) showBulk(w http.ResponseWriter, r *counter.Request) error {
	b, err := s.Office.Bulk(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if flegt.KindOf(err) == flegt.NotFound && r.Viewer.Has(flegt.RoleOperator) {
		return s.bulkGone(w, r)
	}
	if err != nil {
		return err
	}
	p := &bulkShowPage{Page: s.Page(r, "bulk.of", "Name", b.Name), Bulk: b}
	p.Wide = true
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}, {URL: "/licences/import", Text: p.T("bulk.title")}}
	p.OK, p.Look, p.Wrong = b.Count()
	p.Good = p.OK + p.Look
	for _, i := range b.Items {
		if i.Draft != "" && i.Severity != flegt.Wrong {
			p.Drafts++
		}
	}
	p.Progress = p.TN("bulk.progress", b.Total, "Done", b.Done)
	switch {
	case b.Working():
	case b.Stage == flegt.BulkChecked:
		p.showProblems(r, s.Server)
	case b.Outcomes != nil:
		err = p.showResults(r, s.Server)
	}
	if err != nil {
		return err
	}
	if b.Stage == flegt.BulkFailed {
		p.Why = p.T("bulk.our_error")
		if b.Refused != nil {
			p.Why = s.Catalog.SayError(p.Lang, b.Refused)
		}
	}
	return s.Show(w, p, "bulk_show")
}

func (p *bulkShowPage) showProblems(r *counter.Request, s *counter.Server) {
	lines := bulkProblems(&p.Page, p.Bulk)
	now := counter.PageAsked(r)
	p.Pages = s.PagesOf(r, &p.Page, now, bulkLinesPerPage, len(lines))
	p.Problems = counter.Table{Caption: p.T("bulk.findings"), Columns: []string{p.T("bulk.row"), p.T("bulk.column"), p.T("licence.number"), p.T("bulk.found"), p.T("bulk.sentence")}}
	from := min((now-1)*bulkLinesPerPage, len(lines))
	for _, l := range lines[from:min(from+bulkLinesPerPage, len(lines))] {
		p.Problems.Rows = append(p.Problems.Rows, []counter.Cell{{Text: p.Number(l.Row), Number: true}, {Text: l.Column}, {Text: l.Number}, {Status: &l.Status}, {Text: l.Text, Sub: l.Law}})
	}
}

// bulkProblems puts the findings of a table into words, in the order of its rows.
func bulkProblems(p *counter.Page, b registry.Bulk) []bulkLine {
	var out []bulkLine
	tone := map[flegt.Severity]string{flegt.Look: "wait", flegt.Wrong: "stop"}
	for _, i := range b.Items {
		for _, c := range i.Cells {
			line := bulkLine{Row: c.Row, Number: i.Number, Status: p.Status(tone[c.Severity], "check.severity."+string(c.Severity)),
				Text: p.Server().Catalog.Say(p.Lang, c.Key, p.Named(c.Args)), Law: p.Server().Catalog.Law(p.Lang, c.Law)}
			if c.Column != "" {
				line.Column = c.Column + " – " + p.T(report.BulkLabel(c.Column))
			}
			out = append(out, line)
		}
	}
	return out
}

// showResults shows what became of a page of an import's licences.
func (p *bulkShowPage) showResults(r *counter.Request, s *counter.Server) error {
	now := counter.PageAsked(r)
	items, err := s.Office.BulkResults(r.Context(), r.Viewer.Actor, p.Bulk.ID, (now-1)*bulkLinesPerPage, bulkLinesPerPage)
	if err != nil {
		return err
	}
	p.Pages = s.PagesOf(r, &p.Page, now, bulkLinesPerPage, p.Bulk.Total)
	p.Results = counter.Table{Caption: p.T("bulk.results"), Columns: []string{p.T("bulk.row"), p.T("licence.number"), p.T("bulk.outcome")}}
	for _, i := range items {
		number := counter.Cell{Text: i.Number}
		if i.Licence != "" {
			number.URL = p.URL("/licences/%s/edit", i.Licence)
		}
		p.Results.Rows = append(p.Results.Rows, []counter.Cell{{Text: strconv.Itoa(i.Row), Number: true}, number, p.outcome(i)})
	}
	for _, outcome := range []string{"created", "updated", "left", "skipped", "refused", ""} {
		n := p.Bulk.Outcomes[outcome]
		if outcome == "" {
			n = p.Bulk.Total - p.Bulk.Done
		}
		if n > 0 {
			p.Outcomes = append(p.Outcomes, p.T("bulk.outcome."+outcomeName(outcome))+" ("+p.Number(n)+")")
		}
	}
	return nil
}

func outcomeName(outcome string) string {
	if outcome == "" {
		return "not_reached"
	}
	return outcome
}

func (p *bulkShowPage) outcome(i flegt.BulkItem) counter.Cell {
	tone := map[string]string{"created": "ok", "updated": "ok", "left": "plain", "skipped": "stop", "refused": "stop"}[i.Outcome]
	if tone == "" {
		tone = "plain"
	}
	status := p.Status(tone, "bulk.outcome."+outcomeName(i.Outcome))
	c := counter.Cell{Status: &status}
	if i.Refused != nil {
		c.Sub = p.Server().Catalog.SayError(p.Lang, i.Refused)
	}
	return c
}
