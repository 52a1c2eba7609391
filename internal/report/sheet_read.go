package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sheetRow is a row of a table: its number as a spreadsheet shows it, and its cells.
type sheetRow struct {
	number   int
	cells    []string
	workbook bool // the cells are as Excel keeps them: a day is a number
	from1904 bool // days are counted from 1904
}

// eachRow reads a table row by row: a workbook (XLSX, its first sheet) or a text (CSV), told
// apart by content. What is neither is refused, as a *flegt.Error of kind Invalid.
func eachRow(data []byte, fn func(sheetRow) error) error {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return eachWorkbookRow(data, fn)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return flegt.Refuse(flegt.Invalid, "bulk.old_excel", nil)
	}
	text, ok := decoded(data)
	if !ok {
		return flegt.Refuse(flegt.Invalid, "bulk.no_table", nil)
	}
	return eachTextRow(data, text, fn)
}

// decoded finds out how a text is written: UTF-16 or UTF-8 by its mark, UTF-8 by its bytes,
// otherwise Windows-1252. What holds zero bytes or begins like a PDF is no text.
func decoded(data []byte) (io.Reader, bool) {
	raw := bytes.NewReader(data)
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return transform.NewReader(raw, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()), true
	case bytes.HasPrefix(data, []byte("%PDF")), bytes.IndexByte(data, 0) >= 0:
		return nil, false
	case utf8.Valid(data):
		return transform.NewReader(raw, unicode.UTF8BOM.NewDecoder()), true
	}
	return transform.NewReader(raw, charmap.Windows1252.NewDecoder()), true
}

func eachTextRow(data []byte, text io.Reader, fn func(sheetRow) error) error {
	head := make([]byte, 64<<10)
	n, _ := io.ReadFull(text, head)
	comma, skip := separator(string(head[:n]))
	r := csv.NewReader(io.MultiReader(bytes.NewReader(head[skip:n]), text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	inside := 0 // lines that are inside cells
	if skip > 0 {
		inside--
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &flegt.Error{Kind: flegt.Invalid, Key: "bulk.no_table", Cause: err}
		}
		line, _ := r.FieldPos(0)
		row := sheetRow{number: line - inside, cells: record}
		for _, cell := range record {
			inside += strings.Count(cell, "\n")
		}
		if err := fn(row); err != nil {
			return err
		}
	}
}

// separator finds what stands between the cells of the first line that holds anything:
// semicolon, comma or tab. A line "sep=;", as Excel writes it, says it; skip is its length.
func separator(head string) (comma rune, skip int) {
	first, rest, more := strings.Cut(head, "\n")
	if told, ok := strings.CutPrefix(strings.TrimRight(first, "\r"), "sep="); ok && len(told) == 1 && more && strings.Contains(";,\t", told) {
		return rune(told[0]), len(head) - len(rest)
	}
	quoted, best := false, ';'
	counts := map[rune]int{}
	for _, c := range strings.TrimLeft(head, "\r\n ") {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted && c == '\n' {
			break
		}
		if !quoted && (c == ';' || c == ',' || c == '\t') {
			counts[c]++
		}
	}
	for _, c := range ";,\t" {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best, 0
}

// The most that a workbook may hold when it is unpacked, and what of a sheet is kept in
// memory; the rest waits in a temporary file.
const (
	unpackedWorkbook = 200 << 20
	unpackedSheet    = 16 << 20
)

func eachWorkbookRow(data []byte, fn func(sheetRow) error) (err error) {
	bad := func(cause error) error {
		return &flegt.Error{Kind: flegt.Invalid, Key: "bulk.no_workbook", Cause: cause}
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: unpackedWorkbook, UnzipXMLSizeLimit: unpackedSheet})
	if err != nil {
		return bad(err)
	}
	defer book.Close()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return bad(nil)
	}
	props, err := book.GetWorkbookProps()
	if err != nil {
		return bad(err)
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		return bad(err)
	}
	defer rows.Close()
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return bad(err)
		}
		if err := fn(sheetRow{number: n, cells: cells, workbook: true, from1904: props.Date1904 != nil && *props.Date1904}); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return bad(err)
	}
	return nil
}

// workbookDay reads a day as Excel keeps it, a number of days since 1900 or 1904.
func workbookDay(cell string, from1904 bool) (flegt.Date, bool) {
	days, err := strconv.ParseFloat(cell, 64)
	if err != nil || days < 10_000 || days > 100_000 {
		return "", false
	}
	t, err := excelize.ExcelDateToTime(days, from1904)
	return flegt.DateOf(t), err == nil
}

// workbookNumber writes a number as a person would: Excel keeps 4407.29 as
// 4407.2900000000001 and long ones with an exponent. Other cells stay as they are.
func workbookNumber(cell string, decimals int) string {
	if len(cell) < 12 && !strings.ContainsAny(cell, "Ee") || !strings.ContainsAny(cell, ".Ee") {
		return cell
	}
	if strings.Trim(cell, "0123456789.Ee+-") != "" {
		return cell
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || v > 1e15 || v < -1e15 {
		return cell
	}
	if decimals < 0 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
