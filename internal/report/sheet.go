package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Sheet is a list to be taken away: into a spreadsheet or another program.
type Sheet struct {
	Name    string // of the sheet; at most 31 characters are kept
	Columns []string
	Rows    [][]any // strings, Hundredths, ints
}

// Hundredths is an amount of money in hundredths of its currency. It is written as a number.
type Hundredths int64

// String writes the amount with a point and two decimals.
func (h Hundredths) String() string {
	sign := ""
	if h < 0 {
		sign, h = "-", -h
	}
	return fmt.Sprintf("%s%d.%02d", sign, int64(h)/100, int64(h)%100)
}

// CSV writes the sheet as RFC 4180 has it, in UTF-8 with a byte order mark, by which
// spreadsheets know it. A text that a spreadsheet would take for a formula gets an apostrophe
// before it, so that what an importer typed computes nothing on an officer's machine.
func (s Sheet) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		line[i] = harmless(c)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for _, row := range s.Rows {
		line = line[:0]
		for _, v := range row {
			line = append(line, textOf(v))
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return harmless(v)
	case int:
		return strconv.Itoa(v)
	}
	return fmt.Sprint(v)
}

// harmless keeps a text from being read as a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}

// XLSX writes the sheet as Office Open XML (ISO/IEC 29500). Texts are cells of text, whatever
// they begin with; amounts are numbers.
func (s Sheet) XLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	name := sheetName(s.Name)
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	money, err := f.NewStyle(&excelize.Style{NumFmt: 4})
	if err != nil {
		return err
	}
	heavy, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, max(1, len(s.Columns)), 22); err != nil {
		return err
	}
	cells := make([]any, 0, len(s.Columns))
	for _, c := range s.Columns {
		cells = append(cells, excelize.Cell{StyleID: heavy, Value: c})
	}
	if err := out.SetRow("A1", cells); err != nil {
		return err
	}
	for n, row := range s.Rows {
		cells = cells[:0]
		for _, v := range row {
			if h, ok := v.(Hundredths); ok {
				v = excelize.Cell{StyleID: money, Value: float64(h) / 100}
			}
			cells = append(cells, v)
		}
		if err := out.SetRow("A"+strconv.Itoa(n+2), cells); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// sheetName keeps of a name what a spreadsheet takes.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 31 {
		name = string(r[:31])
	}
	if name == "" {
		return "Sheet1"
	}
	return name
}
