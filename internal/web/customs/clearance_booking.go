package customs

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// bookingRow is a line of the licence in the booking form.
type bookingRow struct {
	Line  int
	Goods string
	// Shown says whether its boxes stand on the page, or only what was typed in them.
	Shown bool
	// HS is the box of the declared commodity code, with what was typed.
	HS, HSValue string
	Boxes       []quantityBox
}

// typedBox is what was typed in a box of a line that is not shown.
type typedBox struct{ Name, Value string }

// typed is what was typed in the row's boxes.
func (row bookingRow) typed() (out []typedBox) {
	for _, b := range row.Boxes {
		if b.Value == "" {
			continue
		}
		out = append(out, typedBox{b.Name, b.Value})
		if b.UnitBox != "" {
			out = append(out, typedBox{b.UnitBox, b.UnitValue})
		}
	}
	if row.HSValue != "" {
		out = append(out, typedBox{row.HS, row.HSValue})
	}
	return out
}

// quantityBox is one unit of a line: a quantity, and for weight the unit it is typed in.
type quantityBox struct {
	Unit        flegt.Unit
	Name, Value string // of the box: "quantity.1.MTQ"
	Label       string
	UnitBox     string // of the choice of unit; empty when there is none
	UnitValue   string
	Units       []counter.Option
}

func bookingRows(p *counter.Page, r *counter.Request, c registry.Case, w counter.LineWindow) []bookingRow {
	var out []bookingRow
	for _, x := range c.Positions {
		if n := len(out); n == 0 || out[n-1].Line != x.Line {
			hs := fmt.Sprintf("hs.%d", x.Line)
			out = append(out, bookingRow{Line: x.Line, Shown: w.Has(x.Line), Goods: goodsName(c.Licence, x.Line), HS: hs, HSValue: r.Posted(hs)})
		}
		row := &out[len(out)-1]
		b := quantityBox{Unit: x.Unit, Name: fmt.Sprintf("quantity.%d.%s", x.Line, x.Unit)}
		b.Value = r.Posted(b.Name)
		b.Label = p.T("clearance.quantity_of", "Line", x.Line, "Unit", p.UnitName(x.Unit), "Left", x.Available)
		if x.Unit == flegt.Kilogram {
			b.UnitBox = fmt.Sprintf("unit.%d", x.Line)
			if b.UnitValue = r.Posted(b.UnitBox); b.UnitValue == "" {
				b.UnitValue = string(flegt.Kilogram)
			}
			for _, u := range []flegt.Unit{flegt.Kilogram, "TNE", "GRM"} {
				b.Units = append(b.Units, counter.Option{Value: string(u), Label: p.UnitName(u)})
			}
		}
		row.Boxes = append(row.Boxes, b)
	}
	return out
}

// meters draws each line's positions and, when there are several lines, the totals; those alone
// when there are more lines than are shown at a time.
func meters(p *counter.Page, l flegt.Licence, positions, totals []flegt.Position) []counter.QuantityMeter {
	var out []counter.QuantityMeter
	all := positions
	if len(l.Form.Goods) > linesShown {
		all = totals
	} else if lines := len(l.Form.Goods); lines > 1 {
		all = append(all[:len(all):len(all)], totals...)
	}
	for _, x := range all {
		m := counter.QuantityMeter{ID: fmt.Sprintf("meter-%d-%s", x.Line, x.Unit), Text: p.T("clearance.meter.text", "Used", x.Used(), "Limit", x.Limit, "Unit", x.Unit)}
		m.Label = p.T("clearance.meter", "Line", x.Line, "Goods", goodsName(l, x.Line), "Unit", p.UnitName(x.Unit))
		if x.Line == 0 {
			m.Label = p.T("clearance.meter.total", "Unit", p.UnitName(x.Unit))
		}
		m.Used = thousandths(x)
		out = append(out, m)
	}
	return out
}

// thousandths is how far a position is used, in thousandths of its limit.
func thousandths(x flegt.Position) int64 {
	if x.Limit <= 0 {
		return 0
	}
	return min(1000, int64(x.Used()/1000)*1000/int64(max(1, x.Limit/1000)))
}

func goodsName(l flegt.Licence, line int) string {
	for _, g := range l.Form.Goods {
		if g.Line == line {
			return strings.TrimSpace(g.HS + " " + g.Description)
		}
	}
	return ""
}

// booking reads the form.
func (p *clearancePage) booking(r *counter.Request) (b registry.Booking, boxes []flegt.BoxError) {
	b = registry.Booking{MRN: p.MRN, Office: p.CustomsOffice, Importer: p.Importer, Everything: r.Posted("do") == "all"}
	if b.Everything {
		return b, nil
	}
	for _, row := range p.Rows {
		for _, box := range row.Boxes {
			if box.Value == "" {
				continue
			}
			q, err := flegt.ParseQuantity(box.Value)
			if e, ok := counter.AsRefusal(err); ok {
				boxes = append(boxes, flegt.BoxError{Box: box.Name, Key: e.Key, Args: e.Args})
				continue
			}
			unit := box.Unit
			if box.UnitBox != "" {
				unit = flegt.Unit(box.UnitValue)
			}
			b.Items = append(b.Items, flegt.Item{Line: row.Line, HS: row.HSValue, Unit: unit, Quantity: q})
		}
	}
	return b, boxes
}

// wouldBook says what a booking would take.
func (p *clearancePage) wouldBook(c registry.Cleared) string {
	return p.T("clearance.would_book", "Items", inShort(&p.Page, c, func(k flegt.MovementKind) bool { return k == flegt.MoveReserve }))
}

// refusalAtBox puts a refusal about a line beside the box that it is about.
func (p *clearancePage) refusalAtBox(err error) error {
	e, ok := counter.AsRefusal(err)
	if !ok {
		return err
	}
	line, _ := e.Args["Line"].(int)
	unit, _ := e.Args["Unit"].(flegt.Unit)
	shown := *e
	shown.Args = p.Named(e.Args)
	if len(e.Boxes) > 0 || line == 0 {
		if len(e.Boxes) == 1 && e.Boxes[0].Box == "quantity" { // nothing entered: beside the first box
			if len(p.Rows) > 0 {
				shown.Boxes = []flegt.BoxError{{Box: p.Rows[0].Boxes[0].Name, Key: e.Boxes[0].Key, Args: e.Boxes[0].Args}}
			}
		}
		return &shown
	}
	box := "quantity." + strconv.Itoa(line) + "." + string(unit)
	switch {
	case flegt.CodeOf(err) == flegt.CodeCommodity:
		box = "hs." + strconv.Itoa(line)
	case unit == "GRM" || unit == "TNE":
		box = "quantity." + strconv.Itoa(line) + "." + string(flegt.Kilogram)
	}
	shown.Boxes = []flegt.BoxError{{Box: box, Key: e.Key, Args: shown.Args}}
	return &shown
}
