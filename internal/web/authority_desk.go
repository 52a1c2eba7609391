package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
)

// deskPage is the queue of a country's competent authority: what was submitted, the oldest
// first.
type deskPage struct {
	Page
	Search string
	Table  Table
	Pages  Pages
	Empty  *Empty
	// HolidaysKnown says whether the ages leave out the country's public holidays.
	HolidaysKnown bool
}

func (s *Server) showDesk(w http.ResponseWriter, r *Request) error {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return flegt.Missing()
	}
	country := r.Viewer.Actor.Country
	p := deskPage{Page: s.page(r, "desk.title"), Search: r.Query("q"), HolidaysKnown: report.HolidaysKnown(country)}
	p.Wide = true
	p.Lead = p.T("desk.lead", "Country", p.country(country))
	now := pageNumber(r)
	found, count, err := s.Office.Licences(r.Context(), r.Viewer.Actor, registry.LicenceQuery{Text: p.Search, States: []string{string(flegt.Submitted)},
		Sort: "submitted", Asc: true, Limit: licencesPerPage, Offset: (now - 1) * licencesPerPage})
	if err != nil {
		return err
	}
	p.Table = Table{Caption: p.Title, Columns: []string{p.T("licence.number"), p.T("desk.age"), p.T("licence.importer"), p.T("licence.licensee"), p.T("licence.expires"), p.T("licence.arrival"), p.T("desk.submitted")}}
	for _, l := range found {
		age := report.WorkingDays(country, p.local(l.SubmittedAt), p.local(s.Clock()))
		p.Table.Rows = append(p.Table.Rows, []Cell{{Text: l.Form.Number, URL: p.URL("/desk/%s", l.ID), Sub: p.country(l.Form.Export)},
			{Text: p.TN("desk.days", age)}, {Text: l.Form.Importer.Name}, {Text: l.Form.Licensee.Name}, {Text: p.day(l.Form.Expires)}, {Text: p.day(l.Form.Arrival)}, {Text: p.DateTime(l.SubmittedAt)}})
	}
	p.Pages = s.pagesOf(r, &p.Page, now, licencesPerPage, count)
	if len(found) == 0 {
		p.Empty = &Empty{Title: p.T("desk.none"), Text: p.T("desk.none.text"), Link: Link{"/licences", p.T("licence.list.title")}}
	}
	return s.show(w, &p, "desk_queue")
}

// deskCasePage is a licence at the authority's desk: the scan beside the data, the checks,
// and the decision.
type deskCasePage struct {
	licencePage
	Reasons []Option
	// ReasonCode and Reason are what was chosen and typed.
	ReasonCode, Reason string
	Version            int
	Age                string
}

func (s *Server) deskCase(r *Request) (*deskCasePage, error) {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return nil, flegt.Missing()
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &deskCasePage{licencePage: *s.licencePage(r, c, "desk.case.title"), Version: c.Licence.Version}
	p.Crumbs = []Link{{"/desk", p.T("desk.title")}}
	for _, code := range flegt.RejectionReasons {
		p.Reasons = append(p.Reasons, Option{Value: code, Label: p.T("licence.reason." + code)})
	}
	p.Age = p.TN("desk.days", report.WorkingDays(r.Viewer.Actor.Country, p.local(c.Licence.SubmittedAt), p.local(s.Clock())))
	return p, nil
}

func (s *Server) showDeskCase(w http.ResponseWriter, r *Request) error {
	p, err := s.deskCase(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "desk_case")
}

func (s *Server) acceptLicence(w http.ResponseWriter, r *Request) error {
	version, _ := strconv.Atoi(r.Posted("version"))
	_, err := s.Office.AcceptLicence(r.Context(), r.Viewer.Actor, r.PathValue("id"), version)
	return s.decided(w, r, err, "desk.accepted")
}

func (s *Server) rejectLicence(w http.ResponseWriter, r *Request) error {
	version, _ := strconv.Atoi(r.Posted("version"))
	_, err := s.Office.RejectLicence(r.Context(), r.Viewer.Actor, r.PathValue("id"), version, r.Posted("reason_code"), clean(r.Posted("reason")))
	return s.decided(w, r, err, "desk.rejected")
}

// decided goes on to the case, or shows the desk again with what was wrong.
func (s *Server) decided(w http.ResponseWriter, r *Request, err error, key string) error {
	if err == nil {
		return s.done(w, r, "/desk/"+url.PathEscape(r.PathValue("id")), key)
	}
	p, failed := s.deskCase(r)
	if failed != nil {
		return failed
	}
	p.ReasonCode, p.Reason = r.Posted("reason_code"), r.Posted("reason")
	return s.again(w, p, "desk_case", err)
}
