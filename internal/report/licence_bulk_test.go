package report

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/wording"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func bulkReader(t testing.TB) *BulkReader {
	t.Helper()
	words, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return NewBulkReader(words, ref)
}

const semicolons = "number;issued;expires;export;description;hs;common;scientific;harvest;volume;licensee.name\r\n" +
	"# Licence number;;;;;;;;;;\r\n" +
	"16.1;18.11.2016;2017-03-17;Indonesien;Stol;4407.29;Jati;Tectona grandis;ID;8,412;Træ A/S\r\n" +
	"16.1;;;;Bord;4407.29;\"Jati;Mahoni\";\"Tectona grandis;Swietenia macrophylla\";\"Indonesia; Malaysia\";6.03;\r\n" +
	";;;;;;;;;;\r\n" +
	"16.2;;;id;Chair;4407;;Tectona grandis;ID;1;X\r\n"

// TestReadingTables: the same table however a spreadsheet writes it.
func TestReadingTables(t *testing.T) {
	b := bulkReader(t)
	latin, err := charmap.Windows1252.NewEncoder().String(semicolons)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(e unicode.Endianness) string {
		s, err := unicode.UTF16(e, unicode.UseBOM).NewEncoder().String(semicolons)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	tabs := strings.NewReplacer(`"Jati;Mahoni"`, "Jati;Mahoni", `"Tectona grandis;Swietenia macrophylla"`, "Tectona grandis;Swietenia macrophylla",
		`"Indonesia; Malaysia"`, "Indonesia; Malaysia")
	for name, text := range map[string]string{"UTF-8": semicolons, "UTF-8 with a mark": "\ufeff" + semicolons, "Windows-1252": latin,
		"UTF-16 LE": wide(unicode.LittleEndian), "UTF-16 BE": wide(unicode.BigEndian), "Excel's separator": "sep=;\r\n" + semicolons,
		"tabs": tabs.Replace(strings.ReplaceAll(strings.ReplaceAll(semicolons, ";", "\t"), "\"Jati\tMahoni\"", "Jati;Mahoni"))} {
		if name == "tabs" {
			text = strings.NewReplacer("\"Tectona grandis\tSwietenia macrophylla\"", "Tectona grandis;Swietenia macrophylla", "\"Indonesia\t Malaysia\"", "Indonesia; Malaysia").Replace(text)
		}
		found, unknown, err := b.Read([]byte(text))
		if err != nil || len(found) != 2 || len(unknown) != 0 {
			t.Errorf("%s: %v %v %+v", name, err, unknown, found)
			continue
		}
		l := found[0]
		if l.Form.Number != "16.1" || l.Form.Issued != "2016-11-18" || l.Form.Expires != "2017-03-17" || l.Form.Export != "ID" || l.Form.Licensee.Name != "Træ A/S" ||
			len(l.Form.Goods) != 2 || len(l.Cells) != 0 || l.Form.Goods[0].Volume != "8,412" {
			t.Errorf("%s: %+v", name, l)
			continue
		}
		second := l.Form.Goods[1]
		if len(second.Species) != 2 || second.Species[1] != (flegt.Species{Common: "Mahoni", Scientific: "Swietenia macrophylla"}) || strings.Join(second.Harvest, " ") != "ID MY" {
			t.Errorf("%s: %+v", name, second)
		}
		shift := 0
		if name == "Excel's separator" {
			shift = 1
		}
		if row, column := l.Place("goods.1.species.1.scientific"); row != 4+shift || column != "scientific" {
			t.Errorf("%s: %d %s", name, row, column)
		}
		if row, column := found[1].Place("number"); row != 6+shift || column != "number" {
			t.Errorf("%s: %d %s", name, row, column)
		}
	}
}

// workbook writes a sheet as Excel does, with days and numbers as such.
func workbook(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = book.SetSheetRow("Sheet1", at, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReadingWorkbooks: days are days, 0.1 + 0.2 is 0.3, and a code keeps its digits.
func TestReadingWorkbooks(t *testing.T) {
	third := 0.1
	data := workbook(t, []any{"Number", "ISSUED", "Licence number (box 3)x", "hs", "volume", "weight", "invoice", "Lande, træet er fældet i (felt 12 og 13)"},
		[]any{"16.1", time.Date(2016, 11, 18, 0, 0, 0, 0, time.UTC), "", 4407.29, third + 0.2, 5120, 20161107, "ID"},
		[]any{"16.1", "", "", "440729", 1, 2, "", "ID"})
	found, unknown, err := bulkReader(t).Read(data)
	if err != nil || len(found) != 1 || len(unknown) != 1 {
		t.Fatal(err, unknown, found)
	}
	f := found[0].Form
	if f.Issued != "2016-11-18" || f.Invoice != "20161107" || len(f.Goods) != 2 || f.Goods[0].HS != "4407.29" || f.Goods[0].Volume != "0.3" || f.Goods[0].Weight != "5120" || f.Goods[1].HS != "440729" {
		t.Errorf("%+v", f)
	}
}

// TestTablesThatCannotBeRead: each with its sentence.
func TestTablesThatCannotBeRead(t *testing.T) {
	b := bulkReader(t)
	for text, key := range map[string]string{
		"%PDF-1.4": "bulk.no_table", "a\x00b": "bulk.no_table", "\xd0\xcf\x11\xe0": "bulk.old_excel", "PK\x03\x04nothing": "bulk.no_workbook",
		"": "bulk.empty", "number\n": "bulk.empty", "issued\n1\n": "bulk.no_heading", "number;number\n1;2\n": "bulk.column_twice",
		"number\n" + strings.Repeat("1\n", flegt.MaxBulkRows+1): "bulk.too_many_rows",
	} {
		_, _, err := b.Read([]byte(text))
		var refusal *flegt.Error
		if !errors.As(err, &refusal) || refusal.Key != key {
			t.Errorf("%.20q: %v, want %s", text, err, key)
		}
	}
}

// TestCellsThatDisagree: the licence's own cells in its later rows, a number in two places,
// too many lines and species.
func TestCellsThatDisagree(t *testing.T) {
	text := "number,transport,description,scientific\n1,By sea,a,\n1,By air,b,\n2,,c,\n1,,d,\n3,,e," + strings.Repeat("A b;", maxSpecies+1) + "\n" + strings.Repeat("4,,x,\n", flegt.MaxLines+1)
	found, _, err := bulkReader(t).Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range found {
		for _, c := range l.Cells {
			if c.Severity != flegt.Wrong {
				t.Errorf("%+v", c)
			}
			got = append(got, c.Key+"@"+c.Column)
		}
	}
	want := "bulk.differs@transport bulk.number_other@number bulk.too_many_species@scientific licence.too_many_lines@"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
}

// TestOneWrongNumberIsOneFault: a wrong number within a licence's rows is told in its row alone, and
// what follows is read as if it were right; licences that merely follow each other stay apart.
func TestOneWrongNumberIsOneFault(t *testing.T) {
	const own, again, other = ",2016-11-18,2017-03-17,Jepara,By sea", ",,,,", ",2016-11-18,2017-03-17,Jepara,By air"
	for name, c := range map[string]struct {
		rows []string // number and own cells
		want string   // licences with their rows, and what is wrong where
	}{
		"as it should be":                    {[]string{"1" + own, "1" + again, "2" + own, "2" + again}, "1:2,3 2:4,5"},
		"in the middle":                      {[]string{"1" + own, "7" + again, "1" + again, "2" + own}, "1:2,3,4 bulk.number_other@3 2:5"},
		"in the middle, boxes repeated":      {[]string{"1" + own, "7" + own, "1" + own, "2" + own}, "1:2,3,4 bulk.number_other@3 2:5"},
		"twice in the middle":                {[]string{"1" + own, "7" + own, "7" + own, "1" + own, "8" + own, "1" + own}, "1:2,3,4,5,6,7 bulk.number_other@3 bulk.number_other@6"},
		"in the last row":                    {[]string{"1" + own, "1" + again, "7" + again, "2" + own}, "1:2,3,4 bulk.number_other@4 2:5"},
		"in the first row":                   {[]string{"7" + own, "1" + again, "1" + again, "2" + own}, "7:2,3,4 bulk.number_other@3 2:5"},
		"the next one's":                     {[]string{"1" + own, "2" + again, "1" + again, "2" + own, "2" + again}, "1:2,3,4 bulk.number_other@3 2:5,6"},
		"the next one's, boxes repeated":     {[]string{"1" + own, "2" + own, "1" + own, "2" + own}, "1:2,3,4 bulk.number_other@3 2:5"},
		"none":                               {[]string{"1" + own, again, "1" + again, again}, "1:2,3,4,5 bulk.number_missing@3 bulk.number_missing@5"},
		"none, boxes repeated":               {[]string{"1" + own, own, "1" + own}, "1:2,3,4 bulk.number_missing@3"},
		"none, and nothing follows":          {[]string{"1" + own, own}, "1:2 :3"},
		"other licences between":             {[]string{"1" + own, "7" + other, "1" + own}, "1:2 bulk.number_twice@2 7:3 1:4 bulk.number_twice@4"},
		"licences of which nothing is known": {[]string{"1,,,,By sea", "2" + again, "3" + again}, "1:2 2:3 3:4"},
	} {
		found, _, err := bulkReader(t).Read([]byte("number,issued,expires,licensee.name,transport,description\n" + strings.Join(c.rows, ",goods\n") + ",goods\n"))
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, l := range found {
			rows := strings.ReplaceAll(strings.Trim(fmt.Sprint(l.LineRows), "[]"), " ", ",")
			got = append(got, l.Form.Number+":"+rows)
			for _, cell := range l.Cells {
				got = append(got, fmt.Sprintf("%s@%d", cell.Key, cell.Row))
				if cell.Column != "number" {
					t.Errorf("%s: %+v", name, cell)
				}
			}
			for i, g := range l.Form.Goods {
				if g.Line != i+1 {
					t.Errorf("%s: line %d is %d", name, i+1, g.Line)
				}
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, " "), c.want)
		}
	}
}

// TestListsAreReadAgain: what Sheet writes is a table that can be read.
func TestListsAreReadAgain(t *testing.T) {
	sheet := Sheet{Name: "Licences", Columns: []string{"number", "invoice"}, Rows: [][]any{{"# Licence number", "Invoice"}, {"16.1", "A;1"}, {"16.2", "B\n2"}, {"16.3", "C"}}}
	for name, write := range map[string]func(io.Writer) error{"CSV": sheet.CSV, "XLSX": sheet.XLSX} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		found, _, err := bulkReader(t).Read(b.Bytes())
		if err != nil || len(found) != 3 || found[0].Form.Invoice != "A;1" || found[2].Row != 5 {
			t.Errorf("%s: %v %+v", name, err, found)
		}
	}
}

// FuzzReadCSV: no text makes the reader fail, and every row lies within the table.
func FuzzReadCSV(f *testing.F) {
	b := bulkReader(f)
	for _, s := range []string{semicolons, "\ufeffnumber\n1", "\xff\xfen\x00", "sep=,\nnumber,hs\n\"1\n2\",3", "number\t\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
			return
		}
		sound(t, b, data)
	})
}

// FuzzReadXLSX: neither does a damaged workbook.
func FuzzReadXLSX(f *testing.F) {
	b := bulkReader(f)
	f.Add(workbook(f, []any{"number", "issued"}, []any{"16.1", 42692}))
	f.Fuzz(func(t *testing.T, data []byte) {
		sound(t, b, append([]byte("PK\x03\x04"), bytes.TrimPrefix(data, []byte("PK\x03\x04"))...))
	})
}

// FuzzReadSheet: nor does a sound workbook whose sheet, shared texts or formats are not.
func FuzzReadSheet(f *testing.F) {
	b := bulkReader(f)
	parts := unzipped(f, workbook(f, []any{"number", "issued"}, []any{"16.1", 42692}))
	const sheet, texts, styles = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
	f.Add(parts[sheet], parts[texts], parts[styles])
	f.Add([]byte(`<worksheet><sheetData><row r="1048576"><c r="XFD9" t="s"><v>7</v></c><c t="inlineStr"><is><t>number</t></is></c></row><row r="2"/></sheetData></worksheet>`),
		[]byte(`<sst count="9"><si><r><t>number</t></r></si></sst>`), []byte(`<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`))
	f.Fuzz(func(t *testing.T, s, w, y []byte) {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for name, part := range parts {
			if of, fuzzed := map[string][]byte{sheet: s, texts: w, styles: y}[name]; fuzzed {
				part = of
			}
			into, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err == nil {
				_, err = into.Write(part)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		sound(t, b, out.Bytes())
	})
}

// unzipped are the parts of a workbook.
func unzipped(f *testing.F, book []byte) map[string][]byte {
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		f.Fatal(err)
	}
	out := map[string][]byte{}
	for _, part := range z.File {
		r, err := part.Open()
		if err == nil {
			out[part.Name], err = io.ReadAll(r)
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	return out
}

func sound(t *testing.T, b *BulkReader, data []byte) {
	found, _, err := b.Read(data)
	if err != nil {
		if flegt.KindOf(err) == flegt.Internal {
			t.Fatal(err)
		}
		return
	}
	last := 0
	for _, l := range found {
		if l.Row <= last || len(l.LineRows) != len(l.Form.Goods) || len(l.Form.Goods) > flegt.MaxLines {
			t.Fatalf("row %d after %d: %+v", l.Row, last, l)
		}
		last = l.Row
	}
}
