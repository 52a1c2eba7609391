package customs

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// clearanceFindPage is where customs looks a licence up by its number, or by the MRN of a declaration.
type clearanceFindPage struct {
	counter.Page
	Number string
	// Several are the licences under which a declaration was booked, when it was more than one.
	Several *counter.Table
}

func (s pages) findForCustoms(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleCustoms) {
		return flegt.Missing()
	}
	p := clearanceFindPage{Page: s.Page(r, "clearance.find.title"), Number: r.Query("number")}
	if p.Number == "" {
		return s.Show(w, &p, "clearance_find")
	}
	if found, err := s.Office.UnderMRN(r.Context(), r.Viewer.Actor, p.Number); err == nil && len(found) > 1 {
		p.choose(found)
		return s.Show(w, &p, "clearance_find")
	}
	l, err := s.Office.LookUp(r.Context(), r.Viewer.Actor, p.Number)
	if e, ok := counter.AsRefusal(err); ok && e.Kind == flegt.NotFound {
		p.Problem = &flegt.Error{Kind: flegt.NotFound, Key: e.Key, Args: e.Args, Boxes: []flegt.BoxError{{Box: "number", Key: e.Key, Args: e.Args}}}
		p.Code = http.StatusNotFound
		return s.Show(w, &p, "clearance_find")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, "/customs/"+url.PathEscape(l.ID), http.StatusSeeOther)
	return nil
}

// choose lists the licences under which the declaration was booked, with what it has of each.
func (p *clearanceFindPage) choose(found []registry.Quantities) {
	mrn := flegt.NormaliseMRN(p.Number)
	p.Several = &counter.Table{Caption: p.T("clearance.find.several", "MRN", mrn, "Count", len(found)),
		Columns: []string{p.T("licence.number"), p.T("licence.state"), p.T("clearance.find.of_it"), p.T("clearance.office")}}
	for _, q := range found {
		status := p.LicenceStatus(q.Standing)
		if q.Held {
			status = p.Status("stop", "clearance.state.held")
		}
		of, office := counter.Cell{}, ""
		for _, d := range q.Declarations {
			if d.MRN != mrn {
				continue
			}
			view := viewOf(&p.Page, d)
			of, office = counter.Cell{Status: &view.Status, Sub: strings.Join(view.Items, "; ")}, d.Office
		}
		p.Several.Rows = append(p.Several.Rows, []counter.Cell{{Text: q.Number, URL: p.URL("/customs/%s", q.ID)}, {Status: &status}, of, {Text: office}})
	}
}

// clearancePage is a licence at the customs officer's counter: state, quantities, the
// declarations booked, and the form to book one.
type clearancePage struct {
	counter.LicencePage
	// MRN, CustomsOffice and Importer are what was typed.
	MRN, CustomsOffice, Importer string
	// HoldOffice is the office that holds the shipment, as typed or as is likely.
	HoldOffice   string
	Rows         []bookingRow
	Meters       []counter.QuantityMeter
	Declarations []declarationView
	// DeclarationPages lead to the declarations before and after those.
	DeclarationPages counter.Pages
	// Refusal says why nothing can be booked, under its title; empty when it can.
	Refusal, RefusalTitle string
	// Answer is what a dry run found, Hold the hold that stands.
	Answer string
	Hold   *flegt.Hold
	// Reason, LiftWords are what was typed for a hold and for its lifting.
	Reason, LiftWords string
}

// declarationView is a declaration with what it holds.
type declarationView struct {
	MRN, Office        string
	Items              []string
	First              []string // of the items, as many as the licence's page shows
	Further            string   // how many items there are beside them; empty when there are none
	Status             counter.Status
	Reserved, Released bool
}

func (s pages) clearance(r *counter.Request) (*clearancePage, error) {
	if !r.Viewer.Has(flegt.RoleCustoms) {
		return nil, flegt.Missing()
	}
	c, err := s.Office.AtCounter(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	bytes := bytesOfDeclarations(c.Declarations)
	at := linesAt(c.Licence)
	at.Taken += counter.MostOf(bytes, roomOfDeclarations)
	p := &clearancePage{LicencePage: *s.LicencePage(r, c, "clearance.case.title", at, linesAsked(r)), MRN: r.Posted("mrn"), CustomsOffice: r.Posted("office"),
		Importer: r.Posted("importer"), Reason: r.Posted("reason"), LiftWords: r.Posted("words")}
	p.Crumbs = []counter.Link{{URL: "/customs", Text: p.T("clearance.find.title")}}
	p.Family = p.Relatives(c.Family, "/customs/%s") // where a booking belongs when this one is replaced
	if p.CustomsOffice == "" {
		p.CustomsOffice = likelyOffice(r.Viewer.Actor.Offices, c)
	}
	if p.HoldOffice = r.Posted("hold_office"); p.HoldOffice == "" {
		p.HoldOffice = p.CustomsOffice
	}
	first, end, way := p.LastOf(r, "declarations", at.Path, bytes, declarationsShown, roomOfDeclarations)
	p.Rows, p.Declarations, p.DeclarationPages = bookingRows(&p.Page, r, c, p.LineWindow), declarations(&p.Page, c)[first:end], way
	p.DeclarationPages.Label = p.T("clearance.declarations")
	p.Meters = meters(&p.Page, c.Licence, c.Positions, c.Totals)
	if e, ok := counter.AsRefusal(c.Licence.Clearable()); ok {
		p.Refusal = s.Catalog.SayError(r.Lang, &flegt.Error{Kind: e.Kind, Key: e.Key, Args: p.Named(e.Args)})
		if p.RefusalTitle = p.T("clearance.no"); c.Licence.State == flegt.AcceptanceWithdrawn {
			p.RefusalTitle = p.T("clearance.no_more") // what is booked may still be released
			p.Refusal = p.T("clearance.no_more.reason", "Refusal", p.Refusal, "Reason", c.Licence.Reason)
		}
	}
	if h, held := c.Licence.StandingHold(); held {
		p.Hold = &h
	}
	return p, nil
}

// likelyOffice is the customs office that an officer most likely means: the one at which the
// goods are expected when it is his, else his first, else the one that booked here last.
func likelyOffice(own []string, c registry.Case) string {
	expected := c.Licence.Form.Office
	switch {
	case expected != "" && (len(own) == 0 || slices.Contains(own, expected)):
		return expected
	case len(own) > 0:
		return own[0]
	case len(c.Declarations) > 0:
		return c.Declarations[len(c.Declarations)-1].Office
	}
	return ""
}

// How many declarations are shown at a time, and how many bytes they may have.
const (
	declarationsShown  = 10
	roomOfDeclarations = 12_000
)

// bytesOfDeclarations is about how many bytes each declaration has on the page of its licence.
func bytesOfDeclarations(all []flegt.Declaration) []int {
	out := make([]int, len(all))
	for i, d := range all {
		out[i] = 800 + 120*min(len(d.Items), itemsShown)
	}
	return out
}

func declarations(p *counter.Page, c registry.Case) []declarationView {
	var out []declarationView
	for _, d := range c.Declarations {
		out = append(out, viewOf(p, d))
	}
	return out
}

func viewOf(p *counter.Page, d flegt.Declaration) declarationView {
	v := declarationView{MRN: d.MRN, Office: d.Office, Reserved: d.State == flegt.DeclarationReserved, Released: d.State == flegt.DeclarationReleased}
	switch d.State {
	case flegt.DeclarationReserved:
		v.Status = p.Status("wait", "clearance.state.reserved")
	case flegt.DeclarationReleased:
		v.Status = p.Status("ok", "clearance.state.released")
	default:
		v.Status = p.Status("plain", "clearance.state.freed")
	}
	for _, m := range d.Items {
		v.Items = append(v.Items, p.T("clearance.item", "Line", m.Line, "Quantity", m.Quantity, "Unit", m.Unit))
	}
	v.First, v.Further = firstOf(p, v.Items)
	return v
}

func (s pages) showClearance(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.clearance(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "")
}

// bookDeclaration books what the officer typed, a quantity beside each line that the
// declaration takes from, or everything that is left; or says what that would do.
func (s pages) bookDeclaration(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.clearance(r)
	if err != nil {
		return err
	}
	if strings.HasPrefix(r.Posted("do"), "lines:") {
		return s.Show(w, p, "")
	}
	b, boxes := p.booking(r)
	if err := flegt.InvalidBoxes(boxes); err != nil {
		return s.bookAgain(w, r, err)
	}
	ctx, id := r.Context(), r.PathValue("id")
	if r.Posted("do") == "dry" {
		b.Everything = b.Everything || len(b.Items) == 0
		c, err := s.Office.DryRun(ctx, r.Viewer.Actor, registry.OpReserve, id, b)
		if err != nil {
			return s.bookAgain(w, r, err)
		}
		p.Answer = p.wouldBook(c)
		return s.Show(w, p, "")
	}
	if _, err := s.Office.Reserve(ctx, r.Viewer.Actor, id, b); err != nil {
		return s.bookAgain(w, r, err)
	}
	return s.Done(w, r, "/customs/"+url.PathEscape(id), "clearance.booked", "MRN", flegt.NormaliseMRN(b.MRN))
}
