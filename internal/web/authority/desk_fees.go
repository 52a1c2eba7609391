package authority

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// feesPerPage is how many fees the list shows at a time.
const feesPerPage = 50

// deskFeesPage lists what the authority charged in a period.
type deskFeesPage struct {
	counter.Page
	// From and Until are the days as typed, Importer a part of the name.
	From, Until, Importer string
	Sums, Table           counter.Table
	Pages                 counter.Pages
	Empty                 *counter.Empty
	// CSV and XLSX are the addresses of the same list to take away; empty when there is none.
	CSV, XLSX string
}

// feesOf reads what is asked for: this year when nothing is.
func (s pages) feesOf(r *counter.Request) (*deskFeesPage, registry.FeeQuery, error) {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return nil, registry.FeeQuery{}, flegt.Missing()
	}
	p := &deskFeesPage{Page: s.Page(r, "desk.fees.title"), From: r.Query("from"), Until: r.Query("until"), Importer: counter.Clean(r.Query("importer"))}
	p.Crumbs = []counter.Link{{URL: "/desk", Text: p.T("desk.title")}}
	p.Wide = true
	if p.From == "" && p.Until == "" {
		p.From, p.Until = p.Local(s.Clock()).Format("2006")+"-01-01", p.Local(s.Clock()).Format(time.DateOnly)
	}
	q := registry.FeeQuery{Importer: p.Importer}
	var err error
	q.From, q.Until, err = report.FeePeriod(p.From, p.Until, s.Location)
	return p, q, err
}

func (s pages) showFees(w http.ResponseWriter, r *counter.Request) error {
	p, q, err := s.feesOf(r)
	if p == nil {
		return err
	}
	if err != nil {
		return s.Again(w, p, "desk_fees", err)
	}
	now := counter.PageAsked(r)
	q.Limit, q.Offset = feesPerPage, (now-1)*feesPerPage
	rows, sums, err := s.Office.Fees(r.Context(), r.Viewer.Actor, q)
	if err != nil {
		return err
	}
	total := 0
	p.Sums = counter.Table{Caption: p.T("desk.fees.sums"), Columns: []string{p.T("desk.settings.currency_box"), p.T("desk.fees.count"), p.T("desk.fees.sum")}}
	for _, x := range sums {
		total += x.Count
		p.Sums.Rows = append(p.Sums.Rows, []counter.Cell{{Text: x.Currency}, {Text: p.Number(x.Count), Number: true}, {Text: money(&p.Page, x.Cents, x.Currency), Number: true}})
	}
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("licence.number"), p.T("licence.importer"), p.T("desk.fees.lodged"), p.T("desk.fee")}}
	for _, d := range rows {
		p.Table.Rows = append(p.Table.Rows, []counter.Cell{{Text: d.Facts.Number, URL: p.URL("/desk/%s", d.Licence)}, {Text: d.Facts.Importer}, {Text: p.Date(d.LodgedAt)}, {Text: money(&p.Page, d.Fee.Cents, d.Fee.Currency), Number: true}})
	}
	p.Pages = s.PagesOf(r, &p.Page, now, feesPerPage, total)
	if total == 0 {
		p.Empty = &counter.Empty{Title: p.T("desk.fees.none"), Text: p.T("desk.fees.none.text"), Link: counter.Link{URL: "/desk/settings", Text: p.T("desk.settings.title")}}
	} else {
		query := "?" + url.Values{"from": {p.From}, "until": {p.Until}, "importer": {p.Importer}}.Encode()
		p.CSV, p.XLSX = "/desk/fees/export.csv"+query, "/desk/fees/export.xlsx"+query
	}
	return s.Show(w, p, "desk_fees")
}

// exportFees sends the fees of the period as a file.
func (s pages) exportFees(kind, media string, write func(report.Sheet, io.Writer) error) counter.Handler {
	return func(w http.ResponseWriter, r *counter.Request) error {
		p, q, err := s.feesOf(r)
		if p == nil {
			return err
		}
		var rows []flegt.Dossier
		if err == nil {
			rows, err = s.Office.AllFees(r.Context(), r.Viewer.Actor, q)
		}
		if err != nil {
			return s.Again(w, p, "desk_fees", err)
		}
		var b bytes.Buffer
		if err := write(report.FeeSheet(s.Catalog, p.Lang, s.Location, rows), &b); err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", media)
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.T("desk.fees.file") + "-" + p.From + "-" + p.Until + kind}))
		h.Set("Cache-Control", "private, no-store")
		http.ServeContent(w, r.Request, "", time.Time{}, bytes.NewReader(b.Bytes()))
		return nil
	}
}
