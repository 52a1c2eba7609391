package api

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
)

// Import is a table of licences: how far it is, and what was found.
type Import struct {
	ID       string          `json:"id"`
	Name     string          `json:"name,omitempty" doc:"The file's name."`
	Stage    flegt.BulkStage `json:"stage" enum:"checking,checked,importing,done,cancelled,failed" doc:"checked: the dry run is done and nothing is stored."`
	Total    int             `json:"total" doc:"Licences in the table."`
	Done     int             `json:"done" doc:"Licences that the present stage is through with."`
	OK       int             `json:"ok" doc:"Before the import: licences without findings."`
	Look     int             `json:"look" doc:"Before the import: licences with something to look at."`
	Wrong    int             `json:"wrong" doc:"Before the import: licences with an error, which are left out."`
	Unknown  []string        `json:"unknown_headings,omitempty" doc:"Headings that mean no column."`
	Outcomes map[string]int  `json:"outcomes,omitempty" doc:"After the import: how many licences were created, updated, left, skipped or refused."`
	Refused  string          `json:"refused,omitempty" doc:"Why the import broke off."`
}

// ImportFinding is what was found about a cell of the table.
type ImportFinding struct {
	Row      int            `json:"row" doc:"Of the table, from 1."`
	Column   string         `json:"column,omitempty" doc:"Heading; absent when the whole row is meant."`
	Number   string         `json:"number,omitempty" doc:"Of the licence."`
	Severity flegt.Severity `json:"severity" enum:"ok,look,wrong"`
	Text     string         `json:"text"`
	Key      string         `json:"key" doc:"The name of the sentence."`
	Law      string         `json:"law,omitempty" doc:"What it rests on, in the language of Accept-Language."`
}

// ImportResult is what became of one licence of the table.
type ImportResult struct {
	Row     int    `json:"row" doc:"In which it begins."`
	Number  string `json:"number,omitempty"`
	Outcome string `json:"outcome,omitempty" enum:"created,updated,left,skipped,refused" doc:"Absent while it was not reached."`
	Licence string `json:"licence,omitempty" doc:"Id of the draft."`
	Refused string `json:"refused,omitempty" doc:"Why it was refused."`
}

func (s *Server) bulkOperations() {
	const tag, one = "Import", "/imports/{id}"
	write := flegt.ScopeLicencesWrite
	register(s, about{id: "import-template", method: http.MethodGet, path: "/imports/template", scope: write, tag: tag, summary: "An empty table to fill in",
		text: "The row beginning with # says what the columns mean, and is not read.", answers: fileAnswer("The table.", csvType, xlsxType)}, s.importTemplate)
	register(s, about{id: "begin-import", method: http.MethodPost, path: "/imports", scope: write, tag: tag, status: http.StatusCreated, upload: true, limit: flegt.MaxBulkSize + 1<<10,
		summary: "Have a table of licences looked at", text: "The dry run: every licence is checked, nothing is stored. The body is the file itself, CSV or XLSX, at most 50 MB; what it is is told by its content. An earlier table of the same account that was only looked at is forgotten; one that nobody asks for is forgotten after an hour.",
		body: &huma.RequestBody{Required: true, Description: "The file.", Content: fileContent(csvType, xlsxType, "application/octet-stream")}}, s.beginImport)
	register(s, about{id: "read-last-import", method: http.MethodGet, path: "/imports", scope: write, tag: tag, summary: "The table of one's own account"}, s.lastImport)
	register(s, about{id: "read-import", method: http.MethodGet, path: one, scope: write, tag: tag, summary: "How far a table is"}, s.readImport)
	register(s, about{id: "list-import-findings", method: http.MethodGet, path: one + "/findings", scope: write, tag: tag, summary: "What the dry run found, by row and column"}, s.importFindings)
	register(s, about{id: "export-import-findings", method: http.MethodGet, path: one + "/findings/export", scope: write, tag: tag, summary: "What the dry run found, as a file",
		answers: fileAnswer("The findings.", csvType, xlsxType)}, s.exportImportFindings)
	register(s, about{id: "start-import", method: http.MethodPost, path: one + "/start", scope: write, tag: tag, summary: "Make drafts of the licences without errors",
		text: "In the background; each licence whole or not at all. An import that was stopped goes on."}, s.startImport)
	register(s, about{id: "stop-import", method: http.MethodDelete, path: one, scope: write, tag: tag, status: http.StatusNoContent, summary: "Stop an import, or forget a table",
		text: "What was imported already stays."}, s.stopImport)
	register(s, about{id: "list-import-results", method: http.MethodGet, path: one + "/results", scope: write, tag: tag, summary: "What became of each licence"}, s.importResults)
}

type importOutput struct {
	Location string `header:"Location"`
	Body     Import
}

func (c *call) importOf(b registry.Bulk, err error) (*importOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &importOutput{Body: Import{ID: b.ID, Name: b.Name, Stage: b.Stage, Total: b.Total, Done: b.Done, Unknown: b.Unknown, Outcomes: b.Outcomes}}
	out.Body.OK, out.Body.Look, out.Body.Wrong = b.Count()
	if b.Refused != nil {
		out.Body.Refused = c.say(b.Refused.Key, b.Refused.Args)
	}
	return out, nil
}

func (s *Server) importTemplate(_ context.Context, c *call, in *Format) (*fileOutput, error) {
	if !c.actor().Is(flegt.RoleOperator) {
		return nil, flegt.Missing()
	}
	return sheetFile(report.BulkTemplate(s.Catalog, c.lang), in.Format, "licences")
}

type beginImportInput struct {
	Name string `query:"name" maxLength:"200" doc:"The file's name." example:"licences.csv"`
}

func (s *Server) beginImport(ctx context.Context, c *call, in *beginImportInput) (*importOutput, error) {
	if !c.actor().Is(flegt.RoleOperator) {
		return nil, flegt.Refuse(flegt.Forbidden, "licence.operators_only", nil)
	}
	data, err := io.ReadAll(asRefusal{c.request.Body})
	switch {
	case err != nil:
		return nil, err
	case len(data) == 0:
		return nil, flegt.Refuse(flegt.Invalid, "bulk.no_file", nil)
	case len(data) > flegt.MaxBulkSize:
		return nil, flegt.Refuse(flegt.TooLarge, "bulk.too_large", flegt.Args{"Max": flegt.MaxBulkSize >> 20})
	}
	found, unknown, err := s.readTable(ctx, data)
	if err != nil {
		return nil, err
	}
	b, err := s.Office.BeginBulk(ctx, c.actor(), in.Name, found, unknown)
	out, err := c.importOf(b, err)
	if err == nil {
		out.Location = Prefix + "/imports/" + b.ID
	}
	return out, err
}

// readTable reads one table at a time: a workbook unpacks to many times its size.
func (s *Server) readTable(ctx context.Context, data []byte) ([]flegt.BulkLicence, []string, error) {
	select {
	case s.tables <- struct{}{}:
		defer func() { <-s.tables }()
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	return s.bulkReader().Read(data)
}

func (s *Server) lastImport(ctx context.Context, c *call, _ *struct{}) (*importOutput, error) {
	return c.importOf(s.Office.Bulk(ctx, c.actor(), ""))
}

func (s *Server) readImport(ctx context.Context, c *call, in *IDInput) (*importOutput, error) {
	return c.importOf(s.Office.Bulk(ctx, c.actor(), in.ID))
}

// importCells puts the findings of a table into words, in the order of its rows.
func (s *Server) importCells(ctx context.Context, c *call, id string) ([]ImportFinding, error) {
	b, err := s.Office.Bulk(ctx, c.actor(), id)
	var out []ImportFinding
	for _, i := range b.Items {
		for _, f := range i.Cells {
			out = append(out, ImportFinding{f.Row, f.Column, i.Number, f.Severity, strings.TrimSpace(c.say(f.Key, f.Args)), f.Key, c.server.Catalog.Law(c.lang, f.Law)})
		}
	}
	return out, err
}

// place reads a cursor that is a place in a list which does not change.
func (p Paged) place(question string) (int, error) {
	last, err := p.after(question)
	if err != nil || last == "" {
		return 0, err
	}
	n, err := strconv.Atoi(last)
	if err != nil || n < 0 {
		return 0, flegt.InvalidBoxes([]flegt.BoxError{{Box: "cursor", Key: "api.bad_cursor"}})
	}
	return n, nil
}

func (s *Server) importFindings(ctx context.Context, c *call, in *PagedOf) (*page[ImportFinding], error) {
	question := "findings|" + in.ID
	from, err := in.place(question)
	if err != nil {
		return nil, err
	}
	all, err := s.importCells(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	from = min(from, len(all))
	return pageOf(c, in.Paged, question, all[from:min(from+in.Limit+1, len(all))], func(ImportFinding) string { return strconv.Itoa(from + in.Limit) },
		func(f ImportFinding) ImportFinding { return f }), nil
}

type exportFindingsInput struct {
	IDInput
	Format
}

func (s *Server) exportImportFindings(ctx context.Context, c *call, in *exportFindingsInput) (*fileOutput, error) {
	all, err := s.importCells(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	sheet := report.Sheet{Name: "findings"}
	for _, key := range []string{"bulk.row", "bulk.column", "licence.number", "bulk.found", "bulk.sentence", "bulk.law"} {
		sheet.Columns = append(sheet.Columns, c.say(key, nil))
	}
	for _, f := range all {
		sheet.Rows = append(sheet.Rows, []any{strconv.Itoa(f.Row), f.Column, f.Number, c.say("check.severity."+string(f.Severity), nil), f.Text, f.Law})
	}
	return sheetFile(sheet, in.Format.Format, "findings")
}

type startImportInput struct {
	IDInput
	Body struct {
		Update bool `json:"update,omitempty" doc:"Drafts that stand under the same number are changed; otherwise they are left alone."`
	}
}

func (s *Server) startImport(ctx context.Context, c *call, in *startImportInput) (*importOutput, error) {
	if err := s.Office.ImportBulk(ctx, c.actor(), in.ID, in.Body.Update); err != nil {
		return nil, err
	}
	return s.readImport(ctx, c, &in.IDInput)
}

func (s *Server) stopImport(ctx context.Context, c *call, in *IDInput) (*struct{}, error) {
	return nil, s.Office.CancelBulk(ctx, c.actor(), in.ID)
}

func (s *Server) importResults(ctx context.Context, c *call, in *PagedOf) (*page[ImportResult], error) {
	question := "results|" + in.ID
	from, err := in.place(question)
	if err != nil {
		return nil, err
	}
	found, err := s.Office.BulkResults(ctx, c.actor(), in.ID, from, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(c, in.Paged, question, found, func(flegt.BulkItem) string { return strconv.Itoa(from + in.Limit) }, c.importResult), nil
}

func (c *call) importResult(i flegt.BulkItem) ImportResult {
	out := ImportResult{Row: i.Row, Number: i.Number, Outcome: i.Outcome, Licence: i.Licence}
	if i.Refused != nil {
		out.Refused = c.say(i.Refused.Key, i.Refused.Args)
	}
	return out
}
