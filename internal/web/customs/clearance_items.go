package customs

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// itemsShown is how many items of a declaration the page of its licence shows, and an answer names.
const itemsShown = 3 * linesShown

// How many items and physical checks the page of a declaration shows at a time, and how many bytes
// they may have. A licence has up to 600 items, and a check may find something of each.
const (
	itemsOnPage  = 60
	roomOfItems  = 12_000
	checksShown  = 10
	roomOfChecks = 12_000
)

// bytesOfItem is about how many bytes an item of a declaration has; one of a check has half of them.
const bytesOfItem = 60

// bytesOfItems is about how many bytes the items of a declaration have.
func bytesOfItems(all []flegt.Declaration, mrn string) (out []int) {
	for _, d := range all {
		if d.MRN == mrn {
			for range d.Items {
				out = append(out, bytesOfItem)
			}
		}
	}
	return out
}

// bytesOfChecks is about how many bytes each physical check of a declaration has.
func bytesOfChecks(l flegt.Licence, mrn string) (out []int) {
	for _, k := range l.PhysicalChecks {
		if k.MRN == mrn {
			out = append(out, 400+counter.BytesOf(k.Remarks)+len(k.Found)*bytesOfItem/2)
		}
	}
	return out
}

// firstOf gives as many items as are shown, and says how many there are beside them.
func firstOf(p *counter.Page, items []string) ([]string, string) {
	shown := items[:min(len(items), itemsShown)]
	if n := len(items) - len(shown); n > 0 {
		return shown, p.TN("clearance.items.further", n)
	}
	return shown, ""
}

// inShort names the first items of the movements of some kinds that an operation would make.
func inShort(p *counter.Page, c registry.Cleared, wanted func(flegt.MovementKind) bool) string {
	var items []string
	for _, m := range c.Movements {
		if wanted(m.Kind) {
			items = append(items, p.T("clearance.item", "Line", m.Line, "Quantity", m.Quantity, "Unit", m.Unit))
		}
	}
	shown, further := firstOf(p, items)
	if further != "" {
		shown = append(shown[:len(shown):len(shown)], further)
	}
	return strings.Join(shown, "; ")
}
