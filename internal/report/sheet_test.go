package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func sheet() Sheet {
	return Sheet{Name: "Fees: 2016/17 [all] – a name that is longer than 31", Columns: []string{"Importør", "Fee", "n"}, Rows: [][]any{
		{`=HYPERLINK("http://bad.example")`, Hundredths(3150), 1}, {"+45 12", Hundredths(5), 2}, {"-1", Hundredths(-120), 3}, {"@SUM(A1)", Hundredths(100_000_000), 4},
		{"\tx", Hundredths(0), 5}, {"＝1+1", Hundredths(0), 6}, {"Træ; \"A/S\", c\nd", Hundredths(1), 7}}}
}

func TestCSVIsReadAsTextAndNumbers(t *testing.T) {
	var b bytes.Buffer
	if err := sheet().CSV(&b); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\uFEFF")
	if !marked {
		t.Error("no byte order mark")
	}
	for _, want := range []string{"Importør,Fee,n\r\n", `"'=HYPERLINK(""http://bad.example"")",31.50,1`, "'+45 12,0.05,2", "'-1,-1.20,3", "'@SUM(A1),1000000.00,4", "'\tx,", "'＝1+1,", `"Træ; ""A/S"", c`} {
		if !strings.Contains(text, want) {
			t.Errorf("missing %q in\n%s", want, text)
		}
	}
}

func TestXLSXHoldsTextsAndNumbersAndNoFormula(t *testing.T) {
	var b bytes.Buffer
	if err := sheet().XLSX(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name)
	if err != nil || len(rows) != 8 || rows[0][0] != "Importør" || rows[1][0] != `=HYPERLINK("http://bad.example")` || rows[4][0] != "@SUM(A1)" {
		t.Fatalf("%v %q", err, rows)
	}
	for _, cell := range []string{"A2", "A3", "A4", "A5", "B2"} {
		if formula, err := f.GetCellFormula(name, cell); err != nil || formula != "" {
			t.Errorf("%s is a formula: %q %v", cell, formula, err)
		}
	}
	for cell, want := range map[string]string{"B2": "31.5", "B4": "-1.2", "B5": "1000000"} {
		if got, err := f.GetCellValue(name, cell, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s holds %q, %v", cell, got, err)
		}
		if kind, err := f.GetCellType(name, cell); err != nil || kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
			t.Errorf("%s is no number: %v %v", cell, kind, err)
		}
	}
}

func FuzzSheet(f *testing.F) {
	for _, s := range []string{"", "=1", "\x00\x01", "\xff", strings.Repeat("x", 40_000), "\uFFFE", "😀", "'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x := Sheet{Name: s, Columns: []string{s}, Rows: [][]any{{s}}}
		var a, b bytes.Buffer
		if err := x.CSV(&a); err != nil {
			t.Fatal(err)
		}
		if err := x.XLSX(&b); err != nil {
			t.Fatal(err)
		}
		g, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		if formula, _ := g.GetCellFormula(g.GetSheetName(0), "A2"); formula != "" {
			t.Fatalf("a formula: %q", formula)
		}
		g.Close()
	})
}
