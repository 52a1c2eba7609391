package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// clearanceFindPage is where customs looks a licence up by its number.
type clearanceFindPage struct {
	Page
	Number string
}

func (s *Server) findForCustoms(w http.ResponseWriter, r *Request) error {
	if !r.Viewer.Has(flegt.RoleCustoms) {
		return flegt.Missing()
	}
	p := clearanceFindPage{Page: s.page(r, "clearance.find.title"), Number: r.Query("number")}
	if p.Number == "" {
		return s.show(w, &p, "clearance_find")
	}
	c, err := s.Office.LookUp(r.Context(), r.Viewer.Actor, p.Number)
	if e, ok := asRefusal(err); ok && e.Kind == flegt.NotFound {
		p.Problem = &flegt.Error{Kind: flegt.NotFound, Key: e.Key, Args: e.Args, Boxes: []flegt.BoxError{{Box: "number", Key: e.Key, Args: e.Args}}}
		p.Code = http.StatusNotFound
		return s.show(w, &p, "clearance_find")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, "/customs/"+url.PathEscape(c.Licence.ID), http.StatusSeeOther)
	return nil
}

// clearancePage is a licence at the customs officer's counter: state, quantities, the
// declarations booked, and the form to book one.
type clearancePage struct {
	licencePage
	MRN, CustomsOffice string
	Rows               []bookingRow
	Declarations       []declarationView
	// Refusal says why nothing can be booked; empty when it can.
	Refusal string
}

// bookingRow is a line of the licence in the booking form.
type bookingRow struct {
	Position flegt.Position
	Name     string // of the box: "quantity.1.MTQ"
	Label    string
	Value    string
	Used     int64 // thousandths of the limit, for the meter
	Goods    string
}

// declarationView is a declaration with what it holds.
type declarationView struct {
	MRN, Office string
	Items       []string
	Status      Status
	Reserved    bool
}

func (s *Server) clearance(r *Request) (*clearancePage, error) {
	if !r.Viewer.Has(flegt.RoleCustoms) {
		return nil, flegt.Missing()
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &clearancePage{licencePage: *s.licencePage(r, c, "clearance.case.title"), MRN: r.Posted("mrn"), CustomsOffice: r.Posted("office")}
	p.Crumbs = []Link{{"/customs", p.T("clearance.find.title")}}
	if p.CustomsOffice == "" {
		p.CustomsOffice = c.Licence.Form.Office
	}
	for _, x := range c.Positions {
		name := fmt.Sprintf("quantity.%d.%s", x.Line, x.Unit)
		row := bookingRow{Position: x, Name: name, Value: r.Posted(name), Goods: goodsName(c.Licence, x.Line),
			Label: p.T("clearance.quantity_of", "Line", x.Line, "Unit", p.unit(x.Unit), "Left", x.Available)}
		if x.Limit > 0 {
			row.Used = int64((x.Reserved+x.Consumed)/1000) * 1000 / int64(max(1, x.Limit/1000))
		}
		p.Rows = append(p.Rows, row)
	}
	p.Declarations = p.declarations(c)
	if c.Licence.State != flegt.Accepted {
		p.Refusal = p.T("clearance.not_accepted", "Number", c.Licence.Form.Number, "State", p.T("licence.state."+string(c.Licence.State)))
	}
	return p, nil
}

func goodsName(l flegt.Licence, line int) string {
	for _, g := range l.Form.Goods {
		if g.Line == line {
			return strings.TrimSpace(g.HS + " " + g.Description)
		}
	}
	return ""
}

func (p *Page) declarations(c registry.Case) []declarationView {
	var out []declarationView
	seen := map[string]bool{}
	g := flegt.Ledger{Licence: c.Licence, Movements: c.Movements}
	for _, m := range c.Movements {
		if seen[m.MRN] {
			continue
		}
		seen[m.MRN] = true
		held, state := g.Held(m.MRN)
		d := declarationView{MRN: m.MRN, Office: m.Office, Reserved: state == flegt.DeclarationReserved}
		switch state {
		case flegt.DeclarationReserved:
			d.Status = p.Status("wait", "clearance.state.reserved")
		case flegt.DeclarationReleased:
			d.Status = p.Status("ok", "clearance.state.released")
			held = consumed(c.Movements, m.MRN)
		default:
			d.Status = p.Status("plain", "clearance.state.freed")
		}
		for _, h := range held {
			d.Items = append(d.Items, p.T("clearance.item", "Line", h.Line, "Quantity", h.Quantity, "Unit", p.unit(h.Unit)))
		}
		out = append(out, d)
	}
	return out
}

func consumed(moves []flegt.Movement, mrn string) []flegt.Movement {
	var out []flegt.Movement
	for _, m := range moves {
		if m.MRN == mrn && m.Kind == flegt.MoveConsume {
			out = append(out, m)
		}
	}
	return out
}

func (s *Server) showClearance(w http.ResponseWriter, r *Request) error {
	p, err := s.clearance(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "clearance_case")
}

// bookDeclaration books what the officer typed: a quantity beside each line that the
// declaration takes from.
func (s *Server) bookDeclaration(w http.ResponseWriter, r *Request) error {
	p, err := s.clearance(r)
	if err != nil {
		return err
	}
	b := registry.Booking{MRN: p.MRN, Office: p.CustomsOffice}
	var boxes []flegt.BoxError
	for _, row := range p.Rows {
		if row.Value == "" {
			continue
		}
		q, err := flegt.ParseQuantity(row.Value)
		if e, ok := asRefusal(err); ok {
			boxes = append(boxes, flegt.BoxError{Box: row.Name, Key: e.Key, Args: e.Args})
			continue
		}
		b.Items = append(b.Items, flegt.Item{Line: row.Position.Line, Unit: row.Position.Unit, Quantity: q})
	}
	if err := flegt.InvalidBoxes(boxes); err != nil {
		return s.again(w, p, "clearance_case", err)
	}
	if _, err := s.Office.Reserve(r.Context(), r.Viewer.Actor, r.PathValue("id"), b); err != nil {
		return s.again(w, p, "clearance_case", p.refusalAtBox(err))
	}
	return s.done(w, r, "/customs/"+url.PathEscape(r.PathValue("id")), "clearance.booked", "MRN", strings.ToUpper(b.MRN))
}

// refusalAtBox puts a refusal about a line beside that line's box.
func (p *clearancePage) refusalAtBox(err error) error {
	e, ok := asRefusal(err)
	if !ok || len(e.Boxes) > 0 {
		return err
	}
	line, _ := e.Args["Line"].(int)
	if line == 0 {
		return err
	}
	known, _ := e.Args["Unit"].(flegt.Unit)
	unit := string(known)
	shown := *e
	args := flegt.Args{}
	for k, v := range e.Args {
		args[k] = v
	}
	if unit != "" {
		args["Unit"] = p.unit(flegt.Unit(unit))
	}
	shown.Args = args
	shown.Boxes = []flegt.BoxError{{Box: "quantity." + strconv.Itoa(line) + "." + unit, Key: e.Key, Args: args}}
	return &shown
}

func (s *Server) releaseDeclaration(w http.ResponseWriter, r *Request) error {
	_, err := s.Office.Release(r.Context(), r.Viewer.Actor, r.PathValue("id"), r.PathValue("mrn"), "")
	return s.moved(w, r, err, "clearance.released")
}

func (s *Server) freeDeclaration(w http.ResponseWriter, r *Request) error {
	_, err := s.Office.Delete(r.Context(), r.Viewer.Actor, r.PathValue("id"), r.PathValue("mrn"), "")
	return s.moved(w, r, err, "clearance.freed")
}

func (s *Server) moved(w http.ResponseWriter, r *Request, err error, key string) error {
	if err == nil {
		return s.done(w, r, "/customs/"+url.PathEscape(r.PathValue("id")), key, "MRN", r.PathValue("mrn"))
	}
	p, failed := s.clearance(r)
	if failed != nil {
		return failed
	}
	return s.again(w, p, "clearance_case", err)
}
