package authority

import (
	"net/http"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// comparison is a group of boxes that an officer holds against the scan and ticks: those
// that stand together on the paper.
type comparison struct {
	// Box is what is ticked, ID where it stands on the page.
	Box, ID, Title string
	Terms          []counter.Term
	Goods          *counter.Table
	LinePages      counter.Pages  // to the goods lines not shown
	Elsewhere      []counter.Link // those of them in which the checks found something
	Findings       []counter.FindingLine
	Ticked         bool
	Paper          bool   // it stands on the paper, so it can be compared
	By             string // who ticked it and when, in words
}

// group is what of the form stands in a comparison: numbers of the paper form, and fields
// that are not on it but belong there.
type group struct {
	box    string
	boxes  []string
	fields []string
}

// comparisons are the groups, in the order in which desks look: what importers get wrong
// most often comes first.
var comparisons = []group{
	{"scan", nil, []string{"scan"}},
	{"3-4", []string{"3", "4"}, nil},
	{"18", []string{"1", "18"}, nil},
	{"2-8", []string{"2", "5, 6", "5", "6", "7", "8"}, nil},
	{"9-16", []string{"9", "10", "11", "12", "13", "12, 13", "14", "15", "16"}, []string{"goods"}},
	{"17", []string{"17"}, nil},
	{"other", nil, nil},
}

// compare sorts boxes and findings into their groups. What belongs to no group comes last,
// so that nothing is left out.
func (p *deskCasePage) compare(d registry.DossierCase) []comparison {
	var out []comparison
	boxes, findings := slices.Clone(p.Boxes), slices.Clone(p.Findings)
	for _, group := range comparisons {
		c := comparison{Box: group.box, ID: "compare-" + group.box, Title: p.T("desk.compare." + group.box), Ticked: d.Dossier.Ticked(group.box)}
		rest := group.box == "other"
		c.Paper = !rest
		boxes = slices.DeleteFunc(boxes, func(t counter.Term) bool {
			mine := rest || slices.Contains(group.boxes, t.Box)
			if mine {
				c.Terms = append(c.Terms, t)
			}
			return mine
		})
		findings = slices.DeleteFunc(findings, func(f counter.FindingLine) bool {
			field, _, _ := strings.Cut(f.Field, ".")
			mine := rest || f.Box != "" && slices.Contains(group.boxes, f.Box) || slices.Contains(group.fields, field)
			if mine {
				c.Findings = append(c.Findings, f)
			}
			return mine
		})
		if group.box == "9-16" {
			c.Goods, c.LinePages, c.Elsewhere = &p.Goods, p.LinePages, p.Elsewhere
		}
		for _, t := range d.Dossier.Ticks {
			if t.Box == group.box {
				c.By = p.T("desk.compare.by", "Name", d.Names[t.Account], "When", p.DateTime(t.At))
			}
		}
		if rest && len(c.Terms)+len(c.Findings) == 0 {
			continue
		}
		out = append(out, c)
	}
	return out
}

// tickBox notes that a group of boxes agrees with the scan, or takes that back, and goes on
// to the next one.
func (s pages) tickBox(w http.ResponseWriter, r *counter.Request) error {
	id, box := r.PathValue("id"), r.Posted("box")
	agrees := r.Posted("agrees") == "yes"
	at := slices.IndexFunc(comparisons, func(g group) bool { return g.box == box })
	if at < 0 || box == "other" {
		return flegt.Missing()
	}
	if _, err := s.Office.TickBox(r.Context(), r.Viewer.Actor, id, 0, box, agrees); err != nil {
		return s.caseAgain(w, r, err)
	}
	to := "compare-" + box
	if agrees && at+1 < len(comparisons) {
		to = "compare-" + comparisons[at+1].box
	}
	http.Redirect(w, r.Request, s.caseAddress(r)+"#"+to, http.StatusSeeOther)
	return nil
}
