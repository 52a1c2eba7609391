package operator

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// bulkPage is where a table of licences is chosen.
type bulkPage struct {
	counter.Page
	// Current is the table that the account has here already; nil when it has none.
	Current *registry.Bulk
	// CurrentText says how that table stands.
	CurrentText string
	// Columns are the headings with what they mean.
	Columns counter.Table
	// MaxMB and MaxRows are what a file may have.
	MaxMB, MaxRows int
}

// bulkForm makes the page in which a table is chosen, for operators alone.
func (s pages) bulkForm(r *counter.Request) (*bulkPage, error) {
	if !r.Viewer.Has(flegt.RoleOperator) {
		return nil, flegt.Refuse(flegt.Forbidden, "licence.operators_only", nil)
	}
	p := &bulkPage{Page: s.Page(r, "bulk.title"), MaxMB: flegt.MaxBulkSize >> 20, MaxRows: flegt.MaxBulkRows}
	p.Wide = true
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}}
	if b, err := s.Office.Bulk(r.Context(), r.Viewer.Actor, ""); err == nil {
		p.Current, p.CurrentText = &b, p.T(currentBulk(b), "Name", b.Name)
	}
	p.Columns = counter.Table{Caption: p.T("bulk.columns"), Columns: []string{p.T("bulk.heading"), p.T("bulk.meaning")}}
	for _, column := range flegt.BulkColumns {
		p.Columns.Rows = append(p.Columns.Rows, []counter.Cell{{Text: column}, {Text: p.T(report.BulkLabel(column))}})
	}
	return p, nil
}

// currentBulk is the key of the sentence that says how the account's table stands.
func currentBulk(b registry.Bulk) string {
	switch {
	case b.Resumable():
		return "bulk.current.stopped"
	case b.Outcomes != nil && !b.Working():
		return "bulk.current.done"
	}
	return "bulk.current"
}

func (s pages) showBulkForm(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.bulkForm(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "bulk_new")
}

// giveBulkTemplate hands out an empty table: the headings, and what they mean in the reader's
// language in a row that is not read.
func (s pages) giveBulkTemplate(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleOperator) {
		return flegt.Missing()
	}
	return sendSheet(w, r.PathValue("file"), report.BulkTemplate(s.Catalog, s.Page(r, "bulk.title").Lang))
}

// giveSheet hands out a table as the file asked for: name.csv or name.xlsx.
func giveSheet(w http.ResponseWriter, file, name string, rows [][]string) error {
	sheet := report.Sheet{Name: name, Columns: rows[0]}
	for _, row := range rows[1:] {
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = cell
		}
		sheet.Rows = append(sheet.Rows, cells)
	}
	return sendSheet(w, file, sheet)
}

// sendSheet hands out a table as the file asked for.
func sendSheet(w http.ResponseWriter, file string, sheet report.Sheet) error {
	var media string
	var write func(io.Writer) error
	switch file {
	case sheet.Name + ".csv":
		media, write = "text/csv; charset=utf-8; header=present", sheet.CSV
	case sheet.Name + ".xlsx":
		media, write = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet.XLSX
	default:
		return flegt.Missing()
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file}))
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write(b.Bytes())
	return err
}

// takeBulk reads the file of a form, at most flegt.MaxBulkSize.
func takeBulk(w http.ResponseWriter, r *counter.Request) (name string, data []byte, err error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return "", nil, bulkFile("bulk.no_file", flegt.Invalid)
	}
	body := counter.PacedBody(w, r)
	name, data, err = firstFile(multipart.NewReader(body, params["boundary"]))
	var more *http.MaxBytesError
	switch {
	case errors.As(err, &more):
		return "", nil, bulkFile("bulk.too_large", flegt.TooLarge)
	case err == nil && len(data) == 0:
		return "", nil, bulkFile("bulk.no_file", flegt.Invalid)
	}
	return name, data, err
}

// firstFile reads the first part that is a file; nil when there is none.
func firstFile(parts *multipart.Reader) (name string, data []byte, err error) {
	for range counter.MaxFields {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, nil
		}
		if err != nil {
			return "", nil, counter.BadBody(err)
		}
		if part.FileName() == "" {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(part, flegt.MaxBulkSize+1))
		switch {
		case err != nil:
			return "", nil, counter.BadBody(err)
		case len(data) > flegt.MaxBulkSize:
			return "", nil, bulkFile("bulk.too_large", flegt.TooLarge)
		}
		return counter.Clean(part.FileName()), data, nil
	}
	return "", nil, nil
}

// bulkFile is a refusal of the file, beside its box.
func bulkFile(key string, kind flegt.Kind) error {
	return aboutFile(flegt.Refuse(kind, key, flegt.Args{"Max": flegt.MaxBulkSize >> 20}))
}

func aboutFile(e *flegt.Error) *flegt.Error {
	if len(e.Boxes) == 0 {
		e.Boxes = []flegt.BoxError{{Box: "file", Key: e.Key, Args: e.Args}}
	}
	return e
}

func (s pages) beginBulk(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.bulkForm(r)
	if err != nil {
		return err
	}
	b, err := s.readBulk(w, r)
	if refusal, ok := counter.AsRefusal(err); ok {
		return s.Again(w, p, "bulk_new", aboutFile(refusal))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, bulkPath(b.ID), http.StatusSeeOther)
	return nil
}

// readBulk reads the table and has the office look at it.
func (s pages) readBulk(w http.ResponseWriter, r *counter.Request) (b registry.Bulk, err error) {
	name, data, err := takeBulk(w, r)
	if err != nil {
		return b, err
	}
	found, unknown, err := s.parseBulk(data)
	if err != nil {
		return b, err
	}
	return s.Office.BeginBulk(r.Context(), r.Viewer.Actor, name, found, unknown)
}

// parseBulk reads two tables at a time: a workbook unpacks to many times its size.
func (s pages) parseBulk(data []byte) ([]flegt.BulkLicence, []string, error) {
	s.tables <- struct{}{}
	defer func() { <-s.tables }()
	return s.bulkReader().Read(data)
}

// bulkGone tells an operator's user of a table that is not here: it was forgotten, or the
// program was started anew.
func (s pages) bulkGone(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.bulkForm(r)
	if err != nil {
		return err
	}
	p.Problem, p.Code = aboutFile(flegt.Refuse(flegt.NotFound, "bulk.gone", nil)), http.StatusNotFound
	return s.Show(w, p, "bulk_new")
}

func bulkPath(id string) string { return "/imports/" + url.PathEscape(id) }

// importBulk goes from the dry run to the drafts.
func (s pages) importBulk(w http.ResponseWriter, r *counter.Request) error {
	id := r.PathValue("id")
	err := s.Office.ImportBulk(r.Context(), r.Viewer.Actor, id, r.Posted("update") != "")
	if refusal, ok := counter.AsRefusal(err); ok && refusal.Key == "bulk.begun" {
		err = nil // a second press: the page shows how far the first is
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, bulkPath(id), http.StatusSeeOther)
	return nil
}

func (s pages) cancelBulk(w http.ResponseWriter, r *counter.Request) error {
	id := r.PathValue("id")
	if err := s.Office.CancelBulk(r.Context(), r.Viewer.Actor, id); err != nil {
		return err
	}
	if _, err := s.Office.Bulk(r.Context(), r.Viewer.Actor, id); err != nil {
		return s.Done(w, r, "/licences/import", "bulk.cancelled")
	}
	http.Redirect(w, r.Request, bulkPath(id), http.StatusSeeOther)
	return nil
}

// giveBulkReport hands out every finding as a table, with its sentence and its article.
func (s pages) giveBulkReport(w http.ResponseWriter, r *counter.Request) error {
	b, err := s.Office.Bulk(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := s.Page(r, "bulk.title")
	rows := [][]string{{p.T("bulk.row"), p.T("bulk.column"), p.T("licence.number"), p.T("bulk.found"), p.T("bulk.sentence"), p.T("bulk.law")}}
	for _, l := range bulkProblems(&p, b) {
		rows = append(rows, []string{strconv.Itoa(l.Row), l.Column, l.Number, l.Status.Text, strings.TrimSpace(l.Text), l.Law})
	}
	return giveSheet(w, r.PathValue("file"), "findings", rows)
}
