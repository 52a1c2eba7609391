package authority

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// deskCasePage is a licence at the authority's desk: the scan beside the data, the checks,
// and the decision.
type deskCasePage struct {
	counter.LicencePage
	Reasons []counter.Option
	// ReasonCode and Reason are what was chosen and typed.
	ReasonCode, Reason string
	Version            int
	Age                string // how long it has waited, or when it was decided, in words
	// Compare are the groups of boxes to hold against the scan; Dossier is the authority's
	// own work.
	Compare    []comparison
	Dossier    dossierView
	HoldAnswer string // to customs, as typed
	Previous   []previousView
	Specimens  []specimenView
}

// linesShown is how many goods lines the desk shows at a time.
const linesShown = 15

func (s pages) deskCase(r *counter.Request) (*deskCasePage, error) {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return nil, flegt.Missing()
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	d, err := s.Office.Dossier(r.Context(), r.Viewer.Actor, c.Licence.ID)
	if err != nil {
		return nil, err
	}
	at := counter.LinesAt{Path: "/desk/" + url.PathEscape(c.Licence.ID), Fragment: "compare-9-16", Size: linesShown, Each: 1_300, Taken: 33_000 + roomTaken(d), Findings: c.Findings}
	if c.Licence.State.Decided() { // the ledger is there as well
		at.Each = 4_000
	}
	p := &deskCasePage{LicencePage: *s.LicencePage(r, c, "desk.case.title", at, counter.LinesAsked(r.Query("lines"))), Version: c.Licence.Version}
	p.Crumbs = []counter.Link{{URL: "/desk", Text: p.T("desk.title")}}
	for _, code := range flegt.RejectionReasons {
		p.Reasons = append(p.Reasons, counter.Option{Value: code, Label: p.T("licence.reason." + code)})
	}
	p.Compare, p.Dossier = p.compare(d), p.dossier(r, d, c.Licence)
	switch l := c.Licence; {
	case p.Dossier.Open:
		p.Age = p.T("desk.waits", "Days", p.TN("desk.days", workingDays(&p.Page, r.Viewer.Actor.Country, l.SubmittedAt, s.Clock())))
	case !l.DecidedAt.IsZero():
		p.Age = p.T("desk.decided_on", "When", p.DateTime(l.DecidedAt))
	}
	if p.Specimens, err = s.specimensBeside(r, &p.Page, c.Licence); err != nil {
		return nil, err
	}
	if p.Previous, err = s.previous(r, &p.Page, c.Licence); err != nil {
		return nil, err
	}
	if x := d.Dossier.Proposal; x != nil && x.Verb == flegt.VerbReject && p.Dossier.MayConfirm {
		p.ReasonCode, p.Reason = x.Code, x.Words
	}
	return p, nil
}

func (s pages) showDeskCase(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.deskCase(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "")
}

func (s pages) acceptLicence(w http.ResponseWriter, r *counter.Request) error {
	version, _ := strconv.Atoi(r.Posted("version"))
	l, err := s.Office.AcceptLicence(r.Context(), r.Viewer.Actor, r.PathValue("id"), version)
	return s.decided(w, r, err, decisionSaid(l, "desk.accepted"))
}

func (s pages) rejectLicence(w http.ResponseWriter, r *counter.Request) error {
	version, _ := strconv.Atoi(r.Posted("version"))
	l, err := s.Office.RejectLicence(r.Context(), r.Viewer.Actor, r.PathValue("id"), version, r.Posted("reason_code"), counter.Clean(r.Posted("reason")))
	return s.decided(w, r, err, decisionSaid(l, "desk.rejected"))
}

// decisionSaid is what the page says after a decision: a first officer's, which a second one
// must confirm, decides nothing yet.
func decisionSaid(l flegt.Licence, key string) string {
	if l.State == flegt.Submitted {
		return "desk.proposed"
	}
	return key
}

// decided goes on to the case, or shows the desk again with what was wrong.
func (s pages) decided(w http.ResponseWriter, r *counter.Request, err error, key string) error {
	if err == nil {
		return s.Done(w, r, "/desk/"+url.PathEscape(r.PathValue("id")), key)
	}
	p, failed := s.deskCase(r)
	if failed != nil {
		return failed
	}
	p.ReasonCode, p.Reason, p.HoldAnswer = r.Posted("reason_code"), r.Posted("reason"), r.Posted("answer")
	return s.Again(w, p, "", err)
}
