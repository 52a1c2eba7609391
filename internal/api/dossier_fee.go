package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
)

// Charge is a fee as it was recorded for a licence.
type Charge struct {
	Fee      string    `json:"fee" doc:"Two decimals." example:"31.00"`
	Currency string    `json:"currency" doc:"ISO 4217." example:"DKK"`
	At       time.Time `json:"at"`
}

// amountOf writes hundredths of a currency as a number with two decimals.
func amountOf(cents int64) string { return report.Hundredths(cents).String() }

// FeeEntry is a licence for which a fee was recorded.
type FeeEntry struct {
	Licence  string    `json:"licence"`
	Number   string    `json:"number"`
	Importer string    `json:"importer,omitempty"`
	Exporter string    `json:"exporter,omitempty"`
	LodgedAt time.Time `json:"lodged_at"`
	Charge
}

// FeeSum is what was charged in one currency.
type FeeSum struct {
	Currency string `json:"currency"`
	Count    int    `json:"count"`
	Sum      string `json:"sum" example:"6300.00"`
}

func (s *Server) feeOperations() {
	const tag, read = "Fees and settings of the desk", flegt.ScopeDeskRead
	register(s, about{id: "list-fees", method: http.MethodGet, path: "/desk/fees", scope: read, tag: tag, summary: "Fees recorded in a period", text: "In the order in which the licences were lodged."}, s.fees)
	register(s, about{id: "sum-fees", method: http.MethodGet, path: "/desk/fees/sums", scope: read, tag: tag, summary: "Fees of a period, added up by currency"}, s.feeSums)
	register(s, about{id: "export-fees", method: http.MethodGet, path: "/desk/fees/export", scope: read, tag: tag, summary: "Fees of a period as a file",
		text: "At most 20,000.", answers: fileAnswer("The fees.", csvType, xlsxType)}, s.exportFees)
}

// FeePeriod narrows fees.
type FeePeriod struct {
	From     string `query:"from" maxLength:"40" doc:"The first day on which the licence was lodged."`
	Until    string `query:"until" maxLength:"40" doc:"The last one."`
	Importer string `query:"importer" maxLength:"200" doc:"Part of the importer's name."`
}

func (s *Server) feeQuery(in FeePeriod) (registry.FeeQuery, error) {
	from, until, err := report.FeePeriod(in.From, in.Until, s.Location)
	return registry.FeeQuery{From: from, Until: until, Importer: in.Importer}, err
}

type feesInput struct {
	Paged
	FeePeriod
}

func (s *Server) fees(ctx context.Context, c *call, in *feesInput) (*page[FeeEntry], error) {
	q, err := s.feeQuery(in.FeePeriod)
	if err != nil {
		return nil, err
	}
	question := strings.Join([]string{"fees", in.From, in.Until, in.Importer}, "|")
	if q.After, err = in.after(question); err != nil {
		return nil, err
	}
	q.Limit = in.Limit + 1
	rows, _, err := s.Office.Fees(ctx, c.actor(), q)
	if err != nil {
		return nil, err
	}
	return pageOf(c, in.Paged, question, rows, func(d flegt.Dossier) string { return d.Licence }, func(d flegt.Dossier) FeeEntry {
		return FeeEntry{d.Licence, d.Facts.Number, d.Facts.Importer, d.Facts.Exporter, d.LodgedAt, Charge{amountOf(d.Fee.Cents), d.Fee.Currency, d.Fee.At}}
	}), nil
}

func (s *Server) feeSums(ctx context.Context, c *call, in *FeePeriod) (*list[FeeSum], error) {
	q, err := s.feeQuery(*in)
	if err != nil {
		return nil, err
	}
	q.Limit = 1
	_, sums, err := s.Office.Fees(ctx, c.actor(), q)
	var out []FeeSum
	for _, f := range sums {
		out = append(out, FeeSum{f.Currency, f.Count, amountOf(f.Cents)})
	}
	return listOf(out), err
}

// Format is the kind of file in which a table is taken away.
type Format struct {
	Format string `query:"format" enum:"csv,xlsx" default:"csv" doc:"csv: RFC 4180, UTF-8."`
}

type exportFeesInput struct {
	FeePeriod
	Format
}

func (s *Server) exportFees(ctx context.Context, c *call, in *exportFeesInput) (*fileOutput, error) {
	q, err := s.feeQuery(in.FeePeriod)
	if err != nil {
		return nil, err
	}
	rows, err := s.Office.AllFees(ctx, c.actor(), q)
	if err != nil {
		return nil, err
	}
	return sheetFile(report.FeeSheet(s.Catalog, c.lang, s.Location, rows), in.Format.Format, c.say("desk.fees.file", nil))
}
