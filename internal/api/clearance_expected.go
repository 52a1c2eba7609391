package api

import (
	"context"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// ExpectedLicence is a licence under which goods are to come, with what is left of it.
type ExpectedLicence struct {
	Quantities
	Export   string     `json:"export" doc:"The country of export, ISO 3166-1 alpha-2." example:"ID"`
	Importer string     `json:"importer" doc:"Box 2, the name."`
	Licensee string     `json:"licensee" doc:"Box 8, the name."`
	Office   string     `json:"office,omitempty" doc:"The customs office of clearance, as the importer entered it." example:"DK003103"`
	Arrival  flegt.Date `json:"arrival,omitempty" doc:"The day on which the goods are expected, as the importer entered it."`
	Expires  flegt.Date `json:"expires" doc:"The last day, also when it was extended."`
}

type expectedInput struct {
	Paged
	Q        string                `query:"q" maxLength:"200" doc:"Words, or how they begin: number, licensee, importer, invoice, bill of lading."`
	Office   string                `query:"office" maxLength:"20" doc:"Customs office reference number, one of yours; none: licences that name no customs office; absent: all of your offices." example:"DK003103"`
	Standing flegt.LicenceStanding `query:"standing" enum:"open,used_up,expired" default:"open" doc:"open: something can still come; used_up: all is released; expired: before anything was released."`
}

func (s *Server) expected(ctx context.Context, c *call, in *expectedInput) (*page[ExpectedLicence], error) {
	question := strings.Join([]string{"expected", in.Q, in.Office, string(in.Standing)}, "|")
	last, err := in.after(question)
	if err != nil {
		return nil, err
	}
	q := registry.LicenceQuery{Text: in.Q, Standing: in.Standing, Sort: "expires", Asc: true, Limit: in.Limit + 1, Uncounted: true, Whole: true}
	if last != "" {
		day, id, _ := strings.Cut(last, " ")
		q.AfterExpiry, q.After = flegt.Date(day), id
	}
	switch {
	case in.Office == "none":
		q.NoOffice = true
	case in.Office != "":
		q.Offices = []string{flegt.NormaliseMRN(in.Office)}
	}
	found, list, err := s.Office.Expected(ctx, c.actor(), q)
	if err != nil {
		return nil, err
	}
	out := &page[ExpectedLicence]{}
	out.Body.Items = []ExpectedLicence{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = cursorTo(question, string(list.Rows[in.Limit-1].ValidUntil())+" "+list.Rows[in.Limit-1].ID)
		out.Link = c.linkNext(out.Body.Next)
	}
	for i, one := range found {
		l := list.Rows[i]
		out.Body.Items = append(out.Body.Items, ExpectedLicence{c.quantities(one), l.Form.Export, l.Form.Importer.Name, l.Form.Licensee.Name,
			l.Form.Office, l.Form.Arrival, l.ValidUntil()})
	}
	return out, nil
}

type mrnInput struct {
	MRN string `path:"mrn" maxLength:"40" doc:"The declaration's movement reference number (MRN), 18 characters." example:"26DK16RF3TDPZE7AR2"`
}

func (s *Server) findDeclaration(ctx context.Context, c *call, in *mrnInput) (*list[Quantities], error) {
	found, err := s.Office.UnderMRN(ctx, c.actor(), in.MRN)
	if err != nil {
		return nil, err
	}
	var out []Quantities
	for _, one := range found {
		out = append(out, c.quantities(one))
	}
	return listOf(out), nil
}
