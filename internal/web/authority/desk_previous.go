package authority

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// previousView is the earlier cases of one party beside the licence.
type previousView struct {
	Title, Elsewhere string
	Table            counter.Table
}

// previous puts the earlier cases of the importer and of the exporter into words.
func (s pages) previous(r *counter.Request, p *counter.Page, l flegt.Licence) ([]previousView, error) {
	operator, exporter, err := s.Office.PreviousBriefly(r.Context(), r.Viewer.Actor, l.ID)
	if err != nil {
		return nil, err
	}
	return []previousView{
		previousOf(p, p.T("desk.previous.importer", "Name", l.Form.Importer.Name), operator),
		previousOf(p, p.T("desk.previous.exporter", "Name", l.Form.Licensee.Name), exporter),
	}, nil
}

func previousOf(p *counter.Page, title string, c registry.Previous) previousView {
	v := previousView{Title: title, Elsewhere: p.TN("desk.previous.elsewhere", c.Elsewhere)}
	if c.Elsewhere > registry.CountedElsewhere {
		v.Elsewhere = p.TN("desk.previous.elsewhere_more", registry.CountedElsewhere)
	}
	v.Table = counter.Table{Caption: title, Columns: []string{p.T("licence.number"), p.T("licence.state"), p.T("desk.previous.date"), p.T("desk.reason_code")}}
	for _, l := range c.Licences {
		status, at := p.LicenceStatus(p.Server().Office.StandingOf(l)), l.SubmittedAt
		if !l.DecidedAt.IsZero() {
			at = l.DecidedAt
		}
		reason := counter.Cell{Text: "–"}
		switch l.State {
		case flegt.Rejected:
			reason = counter.Cell{Text: p.T("licence.reason." + l.ReasonCode), Sub: l.Reason}
		case flegt.AcceptanceWithdrawn:
			reason = counter.Cell{Text: l.Reason}
		}
		v.Table.Rows = append(v.Table.Rows, []counter.Cell{{Text: l.Form.Number, URL: p.URL("/desk/%s", l.ID)}, {Status: &status}, {Day: p.Date(at)}, reason})
	}
	return v
}
