package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Paper is what somebody reads on the paper beside the licence number; at least one of these
// must be given, and all that are given must be right.
type Paper struct {
	Expires  flegt.Date // box 4
	Licensee string     // box 8, the name
	Invoice  string     // box 17
}

// CheckPaper says to anybody whether the licence on a paper in his hand can be used for
// clearance today. It needs the number and one more fact from the paper, and gives nothing
// else away: a wrong fact is answered like an unknown number. A draft does not exist.
func (o *Office) CheckPaper(ctx context.Context, number string, p Paper) (usable bool, err error) {
	if flegt.Fold(p.Licensee) == "" {
		p.Licensee = ""
	}
	p.Invoice = flegt.NumberKey(p.Invoice)
	if p.Expires == "" && p.Licensee == "" && p.Invoice == "" {
		return false, &flegt.Error{Kind: flegt.Invalid, Key: "check_paper.fact_needed",
			Boxes: []flegt.BoxError{{Box: "expires", Key: "check_paper.fact_needed"}}}
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.LicencesNumbered(number)
		if err != nil {
			return err
		}
		for _, l := range all {
			if !p.fits(l.Form) {
				continue
			}
			moved, err := tx.Movements(l.ID)
			usable = l.Clearable() == nil && flegt.Ledger{Licence: l, Movements: moved}.Standing(o.TodayIn(l.ImportCountry)) == string(flegt.Accepted)
			return err
		}
		return flegt.Refuse(flegt.NotFound, "check_paper.not_found", nil)
	})
	return usable, err
}

// fits compares what was given with what stands in the boxes, without regard to case,
// accents and spaces.
func (p Paper) fits(f flegt.Form) bool {
	if p.Expires != "" && p.Expires != f.Expires {
		return false
	}
	if p.Licensee != "" && flegt.Fold(p.Licensee) != flegt.Fold(f.Licensee.Name) {
		return false
	}
	return p.Invoice == "" || p.Invoice == flegt.NumberKey(f.Invoice)
}
