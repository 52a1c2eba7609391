package report

import "github.com/openflegt/openflegt/internal/flegt"

// A wrong number in one row of a licence is one fault. Taken as it stands, the row would be a
// licence of which nothing is known but goods, and the rows below it the same number twice.

func sameNumber(a, b string) bool { return flegt.NumberKey(a) == flegt.NumberKey(b) }

// telling are boxes of a licence without which none can be imported.
var telling = []string{"issued", "expires", "issuing_body.name", "licensee.name"}

// goesOn says whether a row whose number is missing or another one goes on with the licence above
// it all the same: that licence has said what it is, and the row says nothing but goods.
func (t *bulkTable) goesOn(r sheetRow) bool {
	said := false
	for _, column := range telling {
		said = said || t.begun[column] != ""
	}
	return said && !t.ownCells(r)
}

// ownCells says whether a row says anything of its licence besides the number.
func (t *bulkTable) ownCells(r sheetRow) bool {
	for _, column := range flegt.BulkColumns {
		if column != "number" && !ofGoods[column] && t.cell(r, column) != "" {
			return true
		}
	}
	return false
}

// misnumbered notes a row of a licence that has another number, once for rows of the same number.
func (t *bulkTable) misnumbered(r sheetRow, number string, l *flegt.BulkLicence) {
	key := flegt.NumberKey(number)
	if key == "" || key != t.stray {
		l.Cells = append(l.Cells, wrongNumber(r.number, number, *l))
	}
	t.stray = key
}

// wrongNumber is the finding about a row of a licence that has another number or none.
func wrongNumber(row int, number string, l flegt.BulkLicence) flegt.BulkCell {
	key := "bulk.number_other"
	if number == "" {
		key = "bulk.number_missing"
	}
	return wrongCell(row, "number", key, flegt.Args{"Number": l.Form.Number, "Row": l.Row})
}

// between says whether the last licence, which stands between rows of the one above it, says nothing
// else of itself than that one, so that its number is what is wrong.
func (t *bulkTable) between() bool {
	for column, text := range t.begun {
		if column != "number" && text != "" && text != t.before[column] {
			return false
		}
	}
	return true
}

// rejoin takes the last licence's rows into the one above it.
func (t *bulkTable) rejoin() {
	last := len(t.found) - 1
	l, from := &t.found[last-1], t.found[last]
	l.Cells = append(append(l.Cells, wrongNumber(from.Row, from.Form.Number, *l)), from.Cells...)
	for i, goods := range from.Form.Goods {
		addLine(l, goods, from.LineRows[i])
	}
	t.found, t.begun, t.before, t.stray = t.found[:last], t.before, nil, flegt.NumberKey(from.Form.Number)
}
