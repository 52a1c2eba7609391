package document

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// Extract is what the register holds of a licence, box by box under the numbers of the paper
// form (Annex to Reg. (EC) 1024/2008 (to be verified)), in words.
type Extract struct {
	About
	Licence string   // its id
	Status  string   // where it stands
	Boxes   []Box    // in the order of the paper
	Columns []string // of the goods: what each column holds
	Goods   [][]string
}

// Box is one box of the paper form, or what stands beside it.
type Box struct {
	Number string // empty for what stands beside the paper
	Name   string // with its number
	Lines  []string
}

// shares is how wide each of the eight columns of goods is: line, description, heading,
// species, harvest, volume, weight, units.
var shares = []float64{9, 38, 19, 38, 20, 16, 17, 13}

// Extract writes the extract. It says on every page that it is not the licence.
func (d Desk) Extract(x Extract) ([]byte, error) {
	lang := wording.Lang(x.Lang)
	say := func(key string) string { return d.Catalog.Say(lang, key, nil) }
	x.Subject = say("document.extract.subject")
	s := newSheet(x.About)
	const size = 26.0
	if err := s.code(left+column-size, top-4, size, d.BaseURL+"/licences/"+x.Licence); err != nil {
		return nil, err
	}
	s.text(left, column-size-4, 15, true, x.Title)
	s.y++
	s.text(left, column-size-4, 10, false, x.Status)
	s.y = max(s.y+3, top+size-2)
	s.pdf.SetDrawColor(150, 40, 30)
	s.pdf.SetLineWidth(0.5)
	from := s.y
	s.y += 2
	s.text(left+3, column-6, 10, true, say("document.extract.not_the_licence"))
	s.y += 2
	s.pdf.Rect(left, from, column, s.y-from, "D")
	s.y += 3
	for _, b := range x.Boxes {
		s.row(9, []cell{{x: left, width: 56, text: b.Name, heavy: true}, {x: left + 60, width: column - 60, text: strings.Join(b.Lines, "\n")}})
	}
	s.heading(say("licence.goods"))
	s.table(x.Columns, x.Goods)
	return s.finish(say("document.extract.not_the_licence"), func(page, pages int) string { return d.pageOf(lang, page, pages) })
}

// table writes the goods, the first columns to the left and amounts to the right.
func (s *sheet) table(columns []string, rows [][]string) {
	line := func(texts []string, heavy bool) {
		x := left
		var cells []cell
		for i, t := range texts {
			if i >= len(shares) {
				break
			}
			cells = append(cells, cell{x: x, width: shares[i] - 1.5, text: t, heavy: heavy, right: i > 4})
			x += shares[i]
		}
		s.row(7.5, cells)
	}
	line(columns, true)
	for _, r := range rows {
		line(r, false)
	}
}

func (d Desk) pageOf(lang wording.Lang, page, pages int) string {
	return d.Catalog.Say(lang, "document.page", flegt.Args{"Page": page, "Pages": pages})
}
