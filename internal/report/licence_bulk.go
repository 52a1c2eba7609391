package report

import (
	"slices"
	"strings"
	"unicode"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/wording"
)

// maxSpecies is how many species a goods line in a table may have, as in the form.
const maxSpecies = 20

// BulkReader reads tables of licences. It is made once and safe for use by many.
type BulkReader struct {
	columns   map[string]string // folded heading, name or label in any language: the column
	countries map[string]string // folded name in any language: the code
}

// NewBulkReader learns the headings and the countries' names in every language.
func NewBulkReader(words *wording.Catalog, ref *reference.Data) *BulkReader {
	b := &BulkReader{columns: map[string]string{}, countries: map[string]string{}}
	for _, column := range flegt.BulkColumns {
		b.columns[flegt.Fold(column)] = column
		for _, lang := range words.Langs() {
			b.columns[flegt.Fold(words.Say(lang, BulkLabel(column), nil))] = column
		}
	}
	for _, c := range ref.Countries("en") {
		for _, lang := range words.Langs() {
			b.countries[flegt.Fold(ref.CountryName(c.Code, string(lang)))] = c.Code
			b.countries[flegt.Fold(wording.Region(lang, c.Code))] = c.Code
		}
	}
	return b
}

// BulkLabel is the key of a column's name in words, the same as of the form's box.
func BulkLabel(column string) string {
	if column == "import_country" {
		return "licence.import_country"
	}
	return "licence.form." + strings.TrimSuffix(column, ".name")
}

// Read reads a table of licences, CSV or XLSX: one row for each goods line, rows with the
// same number that stand together make one licence. Rows that begin with # and empty ones do
// not count. unknown are headings that mean no column. What is no such table at all is
// refused, kind Invalid or TooLarge; what is wrong with a cell stands in its licence.
func (b *BulkReader) Read(data []byte) (found []flegt.BulkLicence, unknown []string, err error) {
	t := &bulkTable{reader: b}
	rows := 0
	err = eachRow(data, func(r sheetRow) error {
		first := slices.IndexFunc(r.cells, func(c string) bool { return cleanCell(c) != "" })
		if first < 0 || strings.HasPrefix(cleanCell(r.cells[first]), "#") {
			return nil
		}
		if t.at == nil {
			unknown, err = t.head(r.cells)
			return err
		}
		if rows++; rows > flegt.MaxBulkRows {
			return flegt.Refuse(flegt.TooLarge, "bulk.too_many_rows", flegt.Args{"Max": flegt.MaxBulkRows})
		}
		t.row(r)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if len(t.found) == 0 {
		return nil, nil, flegt.Refuse(flegt.Invalid, "bulk.empty", nil)
	}
	t.doubled()
	return t.found, unknown, nil
}

// bulkTable is a table while it is read.
type bulkTable struct {
	reader *BulkReader
	at     map[string]int // where each column stands
	found  []flegt.BulkLicence
	begun  map[string]string // the licence's own cells, as first read
	before map[string]string // those of the licence above it
	stray  string            // the number, folded, under which rows of the licence were found that are told already
}

func (t *bulkTable) head(cells []string) (unknown []string, err error) {
	t.at = map[string]int{}
	for i, cell := range cells {
		cell = cleanCell(cell)
		column, known := t.reader.columns[flegt.Fold(cell)]
		switch _, twice := t.at[column]; {
		case cell == "":
		case !known:
			unknown = append(unknown, cell)
		case twice:
			return nil, flegt.Refuse(flegt.Invalid, "bulk.column_twice", flegt.Args{"Column": cell})
		default:
			t.at[column] = i
		}
	}
	if _, there := t.at["number"]; !there {
		return nil, flegt.Refuse(flegt.Invalid, "bulk.no_heading", flegt.Args{"Column": "number"})
	}
	return unknown, nil
}

// dated and numeric are the columns that a workbook keeps as numbers.
var (
	dated   = map[string]bool{"issued": true, "expires": true, "arrival": true}
	numeric = map[string]int{"hs": -1, "volume": 6, "weight": 6, "units": 6, "invoice": -1, "own_invoice": -1, "bar_code": -1, "lot": -1}
	ofGoods = map[string]bool{"description": true, "hs": true, "common": true, "scientific": true, "harvest": true, "volume": true, "weight": true, "units": true}
)

// cell reads a cell of a row; empty where the table has no such column.
func (t *bulkTable) cell(r sheetRow, column string) string {
	i, there := t.at[column]
	if !there || i >= len(r.cells) {
		return ""
	}
	text := cleanCell(r.cells[i])
	if decimals, is := numeric[column]; is && r.workbook {
		text = workbookNumber(text, decimals)
	}
	if dated[column] {
		if day, is := workbookDay(text, r.from1904); is && r.workbook {
			return string(day)
		}
		text = string(flegt.ParseDate(text))
	}
	return text
}

// cleanCell takes spaces around a cell and control characters inside it away.
func cleanCell(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\ufeff' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
}

func (t *bulkTable) row(r sheetRow) {
	number := t.cell(r, "number")
	last := len(t.found) - 1
	switch {
	case last >= 0 && number != "" && sameNumber(number, t.found[last].Form.Number):
		t.compare(r, &t.found[last])
	case last >= 1 && number != "" && sameNumber(number, t.found[last-1].Form.Number) && t.between():
		t.rejoin()
		last--
		t.compare(r, &t.found[last])
	case last >= 0 && t.goesOn(r):
		t.misnumbered(r, number, &t.found[last])
	default:
		t.begin(r)
		last++
	}
	l := &t.found[last]
	goods, wrong := t.line(r)
	l.Cells = append(l.Cells, wrong...)
	if !goods.Empty() {
		addLine(l, goods, r.number)
	}
}

// addLine adds a goods line that stands in a row to its licence.
func addLine(l *flegt.BulkLicence, goods flegt.GoodsLine, row int) {
	if len(l.Form.Goods) == flegt.MaxLines {
		l.Cells = append(l.Cells, wrongCell(row, "", "licence.too_many_lines", flegt.Args{"Max": flegt.MaxLines}))
		return
	}
	goods.Line = len(l.Form.Goods) + 1
	l.Form.Goods = append(l.Form.Goods, goods)
	l.LineRows = append(l.LineRows, row)
}

func wrongCell(row int, column, key string, args flegt.Args) flegt.BulkCell {
	return flegt.BulkCell{Row: row, Column: column, Finding: flegt.Finding{Severity: flegt.Wrong, Field: column, Key: key, Args: args}}
}

func (t *bulkTable) begin(r sheetRow) {
	t.before, t.begun, t.stray = t.begun, map[string]string{}, ""
	for _, column := range flegt.BulkColumns {
		if !ofGoods[column] {
			t.begun[column] = t.cell(r, column)
		}
	}
	v := func(column string) string { return t.begun[column] }
	t.found = append(t.found, flegt.BulkLicence{Row: r.number, ImportCountry: t.reader.country(v("import_country")), Form: t.form(v)})
}

func (t *bulkTable) form(v func(string) string) flegt.Form {
	return flegt.Form{
		IssuingBody: flegt.Party{Name: v("issuing_body.name"), Address: v("issuing_body.address")},
		Importer:    flegt.Party{Name: v("importer.name"), Address: v("importer.address")},
		Licensee:    flegt.Party{Name: v("licensee.name"), Address: v("licensee.address")},
		Number:      v("number"), Issued: flegt.Date(v("issued")), Expires: flegt.Date(v("expires")),
		Export: t.reader.country(v("export")), Transport: v("transport"), IssuePlace: v("issue_place"),
		Invoice: v("invoice"), BillOfLading: v("bill_of_lading"), Containers: v("containers"), BarCode: v("bar_code"), Lot: v("lot"), Marks: v("marks"),
		Arrival: flegt.Date(v("arrival")), ArrivalPlace: v("arrival_place"), Office: v("office"),
		Agent: flegt.Party{Name: v("agent.name")}, OwnInvoice: v("own_invoice"), Remarks: v("remarks"),
	}
}

// compare looks whether the licence's own cells say the same in each of its rows as in the
// first; an empty cell says nothing.
func (t *bulkTable) compare(r sheetRow, l *flegt.BulkLicence) {
	for _, column := range flegt.BulkColumns {
		if ofGoods[column] || column == "number" {
			continue
		}
		if again := t.cell(r, column); again != "" && again != t.begun[column] {
			l.Cells = append(l.Cells, wrongCell(r.number, column, "bulk.differs", flegt.Args{"Row": l.Row}))
		}
	}
}

func (t *bulkTable) line(r sheetRow) (g flegt.GoodsLine, wrong []flegt.BulkCell) {
	v := func(column string) string { return t.cell(r, column) }
	g = flegt.GoodsLine{Description: v("description"), HS: v("hs"), Volume: flegt.Amount(v("volume")), Weight: flegt.Amount(v("weight")), Units: flegt.Amount(v("units"))}
	common, scientific := parts(v("common"), ";\n"), parts(v("scientific"), ";\n")
	if n := max(len(common), len(scientific)); n > maxSpecies {
		return g, []flegt.BulkCell{wrongCell(r.number, "scientific", "bulk.too_many_species", flegt.Args{"Max": maxSpecies})}
	}
	for i := range max(len(common), len(scientific)) {
		var s flegt.Species
		if i < len(common) {
			s.Common = common[i]
		}
		if i < len(scientific) {
			s.Scientific = scientific[i]
		}
		g.Species = append(g.Species, s)
	}
	for _, c := range parts(v("harvest"), ";,/\n") {
		g.Harvest = append(g.Harvest, t.reader.country(c))
	}
	return g, wrong
}

// parts cuts a cell at each of the marks; empty parts at its end do not count.
func parts(text, marks string) []string {
	if text == "" {
		return nil
	}
	var out []string
	for _, part := range strings.Split(strings.Map(func(r rune) rune {
		if strings.ContainsRune(marks, r) {
			return ';'
		}
		return r
	}, text), ";") {
		out = append(out, strings.TrimSpace(part))
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// country gives the code of a country written as code or as name in any of our languages;
// what is neither stays as it is, for the checks to find.
func (b *BulkReader) country(text string) string {
	if code, named := b.countries[flegt.Fold(text)]; named {
		return code
	}
	if len(text) == 2 {
		return reference.CountryCode(text)
	}
	return text
}

// doubled marks licences whose number stands in two places of the table.
func (t *bulkTable) doubled() {
	first := map[string]int{}
	for i := range t.found {
		l := &t.found[i]
		key := flegt.NumberKey(l.Form.Number)
		j, twice := first[key]
		switch {
		case key == "":
		case !twice:
			first[key] = i
		default:
			other := &t.found[j]
			l.Cells = append(l.Cells, wrongCell(l.Row, "number", "bulk.number_twice", flegt.Args{"Number": l.Form.Number, "Row": other.Row}))
			other.Cells = append(other.Cells, wrongCell(other.Row, "number", "bulk.number_twice", flegt.Args{"Number": other.Form.Number, "Row": l.Row}))
		}
	}
}
