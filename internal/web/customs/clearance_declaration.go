package customs

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// declarationPage is one declaration under a licence: what a release would do, release,
// deletion, correction, and physical checks.
type declarationPage struct {
	counter.LicencePage
	Declaration declarationView
	// Items are those of its items that are shown, ItemPages lead to the others.
	Items     []string
	ItemPages counter.Pages
	// Would is what a release would do; Stops why it cannot be done.
	Would, Stops string
	Checks       []counter.Moment
	CheckPages   counter.Pages
	Outcomes     []counter.Option
	// Outcome, Remarks, Date, Found and Reason are what was typed.
	Outcome, Remarks, Date, Reason string
	Found                          []foundBox
	// Mine says that the declaration stands at an office at which the officer acts.
	Mine bool
	// NewOffice is the office that takes the declaration over, as typed or as is likely, among
	// Offices when the officer is bound to some.
	NewOffice string
	Offices   []counter.Option
	// Answer is what a dry run found.
	Answer string
}

func (s pages) declaration(r *counter.Request) (*declarationPage, error) {
	if !r.Viewer.Has(flegt.RoleCustoms) {
		return nil, flegt.Missing()
	}
	id, mrn := r.PathValue("id"), flegt.NormaliseMRN(r.PathValue("mrn"))
	c, err := s.Office.AtCounter(r.Context(), r.Viewer.Actor, id)
	if err != nil {
		return nil, err
	}
	at := linesOfDeclaration(c.Licence, mrn)
	at.Taken += counter.MostOf(bytesOfItems(c.Declarations, mrn), roomOfItems) + counter.MostOf(bytesOfChecks(c.Licence, mrn), roomOfChecks)
	p := &declarationPage{LicencePage: *s.LicencePage(r, c, "clearance.declaration.title", at, linesAsked(r)), Outcome: r.Posted("outcome"), Remarks: r.Posted("remarks"), Date: r.Posted("date"), Reason: r.Posted("reason")}
	p.Title = p.T("clearance.declaration.title", "MRN", mrn)
	p.Crumbs = []counter.Link{{URL: "/customs", Text: p.T("clearance.find.title")}, {URL: p.URL("/customs/%s", id), Text: c.Licence.Form.Number}}
	n := slices.IndexFunc(c.Declarations, func(d flegt.Declaration) bool { return d.MRN == mrn })
	if n < 0 {
		return nil, flegt.Missing()
	}
	p.Declaration = viewOf(&p.Page, c.Declarations[n])
	first, end, way := p.FirstOf(r, "items", at.Path, bytesOfItems(c.Declarations, mrn), itemsOnPage, roomOfItems)
	p.Items, p.ItemPages = p.Declaration.Items[first:end], way
	p.ItemPages.Label = p.T("clearance.items")
	if p.Date == "" {
		p.Date = string(s.Office.TodayIn(r.Viewer.Actor.Country))
	}
	p.checks(c, r, at.Path)
	p.takers(r)
	done, err := s.Office.DryRun(r.Context(), r.Viewer.Actor, registry.OpRelease, id, registry.Booking{MRN: mrn})
	if e, refused := counter.AsRefusal(err); refused {
		if len(e.Boxes) > 0 {
			p.Mine = false
			e = &flegt.Error{Key: e.Boxes[0].Key, Args: e.Boxes[0].Args}
		}
		p.Stops = p.Server().Catalog.Say(p.Lang, e.Key, p.Named(e.Args))
		return p, nil
	}
	p.Would = p.T("clearance.would_release")
	if done.Code == flegt.OutcomeLeftStatus {
		p.Would = p.T("clearance.would_release.left")
	}
	return p, err
}

// takers offers the offices of the officer that may take the declaration over.
func (p *declarationPage) takers(r *counter.Request) {
	p.Mine, p.NewOffice = true, r.Posted("office")
	for _, o := range r.Viewer.Actor.Offices {
		if o != p.Declaration.Office {
			p.Offices = append(p.Offices, counter.Option{Value: o, Label: o})
		}
	}
	if p.NewOffice == "" && len(p.Offices) == 1 {
		p.NewOffice = p.Offices[0].Value
	}
}

// TakesOver says whether the page offers to take the declaration over.
func (p *declarationPage) TakesOver() bool {
	return p.Declaration.Reserved && (len(p.Offices) > 0 || p.Mine && len(p.Viewer.Actor.Offices) == 0)
}

// foundBox is what a physical check found of a line in a unit. One of a line that is not shown brings
// along what was typed.
type foundBox struct {
	quantityBox
	Line  int
	Shown bool
}

// checks lists the physical checks of the declaration, which stands at an address, and offers the
// boxes for another.
func (p *declarationPage) checks(c registry.Case, r *counter.Request, address string) {
	for _, k := range c.Licence.PhysicalChecks {
		if k.MRN != p.Declaration.MRN {
			continue
		}
		text := k.Remarks
		for _, f := range k.Found {
			text += " · " + p.T("clearance.item", "Line", f.Line, "Quantity", f.Quantity, "Unit", f.Unit)
		}
		p.Checks = append(p.Checks, counter.Moment{When: p.Day(k.Date), Title: p.T("clearance.check." + string(k.Outcome)), Text: text + " · " + c.Names[k.By]})
	}
	first, end, way := p.LastOf(r, "checks", address, bytesOfChecks(c.Licence, p.Declaration.MRN), checksShown, roomOfChecks)
	p.Checks, p.CheckPages = p.Checks[first:end], way
	p.CheckPages.Label = p.T("clearance.check.title")
	for _, o := range flegt.CheckOutcomes {
		p.Outcomes = append(p.Outcomes, counter.Option{Value: string(o), Label: p.T("clearance.check." + string(o))})
	}
	for _, row := range bookingRows(&p.Page, r, c, p.LineWindow) {
		for _, b := range row.Boxes {
			b.Name = "found" + b.Name[len("quantity"):]
			b.Value, b.Label = r.Posted(b.Name), p.T("clearance.check.found_of", "Line", row.Line, "Unit", p.UnitName(b.Unit))
			p.Found = append(p.Found, foundBox{b, row.Line, row.Shown})
		}
	}
}

func (s pages) showDeclaration(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.declaration(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "clearance_declaration")
}

func (s pages) releaseDeclaration(w http.ResponseWriter, r *counter.Request) error {
	c, err := s.Office.Release(r.Context(), r.Viewer.Actor, r.PathValue("id"), r.PathValue("mrn"), "")
	if err == nil && c.Code == flegt.OutcomeLeftStatus {
		return s.moved(w, r, nil, "clearance.released_left")
	}
	return s.moved(w, r, err, "clearance.released")
}

func (s pages) freeDeclaration(w http.ResponseWriter, r *counter.Request) error {
	id, mrn := r.PathValue("id"), r.PathValue("mrn")
	if r.Posted("do") == "dry" {
		return s.wouldMove(w, r, registry.OpDelete, registry.Booking{MRN: mrn}, "clearance.would_free")
	}
	_, err := s.Office.Delete(r.Context(), r.Viewer.Actor, id, mrn, "")
	return s.moved(w, r, err, "clearance.freed")
}

func (s pages) correctRelease(w http.ResponseWriter, r *counter.Request) error {
	id, mrn, reason := r.PathValue("id"), r.PathValue("mrn"), counter.Clean(r.Posted("reason"))
	if r.Posted("do") == "dry" {
		return s.wouldMove(w, r, registry.OpCorrect, registry.Booking{MRN: mrn, Reason: reason}, "clearance.would_free")
	}
	_, err := s.Office.CorrectRelease(r.Context(), r.Viewer.Actor, id, mrn, "", reason)
	return s.moved(w, r, err, "clearance.corrected")
}

func (s pages) takeOverDeclaration(w http.ResponseWriter, r *counter.Request) error {
	id, mrn, office := r.PathValue("id"), r.PathValue("mrn"), r.Posted("office")
	if r.Posted("do") == "dry" {
		return s.wouldMove(w, r, registry.OpTakeOver, registry.Booking{MRN: mrn, Office: office}, "clearance.would_take_over")
	}
	_, err := s.Office.TakeOver(r.Context(), r.Viewer.Actor, id, mrn, office)
	return s.moved(w, r, err, "clearance.taken_over")
}

// wouldMove shows the declaration with what an operation on it would do.
func (s pages) wouldMove(w http.ResponseWriter, r *counter.Request, op registry.Operation, b registry.Booking, key string) error {
	p, err := s.declaration(r)
	if err != nil {
		return err
	}
	c, err := s.Office.DryRun(r.Context(), r.Viewer.Actor, op, r.PathValue("id"), b)
	if err != nil {
		return s.Again(w, p, "clearance_declaration", err)
	}
	items := inShort(&p.Page, c, func(k flegt.MovementKind) bool { return k != flegt.MoveReserve })
	p.Answer = p.T(key, "Items", items, "Office", c.Movements[0].Office)
	return s.Show(w, p, "clearance_declaration")
}

// recordCheck writes a physical check down, at the office where the declaration is booked.
func (s pages) recordCheck(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.declaration(r)
	if err != nil {
		return err
	}
	if strings.HasPrefix(r.Posted("do"), "lines:") {
		return s.Show(w, p, "clearance_declaration")
	}
	c := flegt.PhysicalCheck{MRN: p.Declaration.MRN, Office: p.Declaration.Office, Outcome: flegt.CheckOutcome(p.Outcome), Remarks: counter.Clean(p.Remarks), Date: flegt.ParseDate(p.Date)}
	var boxes []flegt.BoxError
	for _, b := range p.Found {
		if b.Value == "" {
			continue
		}
		q, err := flegt.ParseQuantity(b.Value)
		if e, ok := counter.AsRefusal(err); ok {
			boxes = append(boxes, flegt.BoxError{Box: b.Name, Key: e.Key, Args: e.Args})
		}
		c.Found = append(c.Found, flegt.Item{Line: b.Line, Unit: b.Unit, Quantity: q})
	}
	if err := flegt.InvalidBoxes(boxes); err != nil {
		if at, ok := pageOfBox(&p.LicencePage, boxes[0].Box); ok && at != p.Now {
			r.PostForm.Set("do", "lines:"+strconv.Itoa(at))
			if p, failed := s.declaration(r); failed == nil {
				return s.Again(w, p, "clearance_declaration", err)
			}
		}
		return s.Again(w, p, "clearance_declaration", err)
	}
	_, err = s.Office.PhysicalCheck(r.Context(), r.Viewer.Actor, r.PathValue("id"), c)
	return s.moved(w, r, err, "clearance.checked")
}

// moved goes back to the licence, or shows the declaration again with what was wrong.
func (s pages) moved(w http.ResponseWriter, r *counter.Request, err error, key string) error {
	if err == nil {
		return s.Done(w, r, "/customs/"+url.PathEscape(r.PathValue("id")), key, "MRN", flegt.NormaliseMRN(r.PathValue("mrn")))
	}
	p, failed := s.declaration(r)
	if failed != nil {
		return failed
	}
	return s.Again(w, p, "clearance_declaration", err)
}
