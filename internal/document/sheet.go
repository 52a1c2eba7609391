package document

import (
	"bytes"
	_ "embed"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode/qr"
)

//go:embed font/DejaVuSansCondensed.ttf
var regular []byte

//go:embed font/DejaVuSansCondensed-Bold.ttf
var bold []byte

// Measures of a page in millimetres.
const (
	pageWidth, pageHeight = 210.0, 297.0
	left, right           = 22.0, 18.0
	top, bottom           = 18.0, 24.0
	column                = pageWidth - left - right
)

// About says what a document is; readers and archives show it.
type About struct {
	Title, Author, Subject string
	Lang                   string    // ISO 639-1
	Made                   time.Time // of what is written about, not of the writing
}

// sheet is a document while it is written, from top to bottom.
type sheet struct {
	pdf *fpdf.Fpdf
	y   float64 // where the next line begins, mm from the top
}

func newSheet(a About) *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(a.Made.UTC())
	pdf.SetModificationDate(a.Made.UTC())
	pdf.SetTitle(clean(a.Title), true)
	pdf.SetAuthor(clean(a.Author), true)
	pdf.SetSubject(clean(a.Subject), true)
	pdf.SetCreator("OpenFLEGT", true)
	pdf.SetLang(a.Lang)
	pdf.SetDisplayMode("fullpage", "single")
	pdf.SetMargins(left, top, right)
	pdf.SetCellMargin(0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes("text", "", regular)
	pdf.AddUTF8FontFromBytes("text", "B", bold)
	pdf.SetFont("text", "", 10)
	s := &sheet{pdf: pdf}
	s.page()
	return s
}

func (s *sheet) page() {
	s.pdf.AddPage()
	s.y = top
}

// room turns the page when less than height is left on it.
func (s *sheet) room(height float64) {
	if s.y+height > pageHeight-bottom {
		s.page()
	}
}

// font chooses a size in points, bold or not, and gives the height of a line in mm.
func (s *sheet) font(size float64, heavy bool) float64 {
	style := ""
	if heavy {
		style = "B"
	}
	s.pdf.SetFont("text", style, size)
	return size * 0.47
}

// text writes lines in a column, from one page to the next.
func (s *sheet) text(x, width, size float64, heavy bool, text string) {
	height := s.font(size, heavy)
	for _, line := range s.wrap(text, width) {
		s.room(height)
		s.pdf.SetXY(x, s.y)
		s.pdf.CellFormat(width, height, line, "", 0, "L", false, 0, "")
		s.y += height
	}
}

// heading writes a line over what follows and keeps it with that.
func (s *sheet) heading(text string) {
	s.y += 3
	s.room(16)
	s.text(left, column, 11, true, text)
	s.y++
}

// cells are texts side by side, each in a column of its own; a long one goes on over the page.
type cell struct {
	x, width float64
	text     string
	heavy    bool
	right    bool
}

// row writes cells side by side and draws a line under them.
func (s *sheet) row(size float64, cells []cell) {
	lines := make([][]string, len(cells))
	most, height := 0, 0.0
	for i, c := range cells {
		height = s.font(size, c.heavy)
		lines[i] = s.wrap(c.text, c.width)
		most = max(most, len(lines[i]))
	}
	s.room(min(float64(most), 4)*height + 1.6)
	s.y += 0.8
	for n := range most {
		s.room(height)
		for i, c := range cells {
			if n >= len(lines[i]) {
				continue
			}
			s.font(size, c.heavy)
			align := "L"
			if c.right {
				align = "R"
			}
			s.pdf.SetXY(c.x, s.y)
			s.pdf.CellFormat(c.width, height, lines[i][n], "", 0, align, false, 0, "")
		}
		s.y += height
	}
	s.y += 0.8
	s.rule()
}

// rule draws a thin line across the column.
func (s *sheet) rule() {
	s.pdf.SetDrawColor(190, 190, 190)
	s.pdf.SetLineWidth(0.15)
	s.pdf.Line(left, s.y, left+column, s.y)
}

// wrap breaks a text into lines no wider than width; a word that is wider is broken. It
// looks at each character once.
func (s *sheet) wrap(text string, width float64) []string {
	var out []string
	for _, paragraph := range strings.Split(clean(text), "\n") {
		line := make([]rune, 0, 128)
		space, used, tail := -1, 0.0, 0.0 // tail is the width behind the last space
		for _, r := range paragraph {
			w := s.pdf.GetStringWidth(string(r))
			if used+w > width && len(line) > 0 {
				if space < 0 {
					out, line, used, tail = append(out, string(line)), line[:0], 0, 0
				} else {
					out = append(out, string(line[:space]))
					line, used = append(line[:0], line[space+1:]...), tail
				}
				space = -1
			}
			line, used, tail = append(line, r), used+w, tail+w
			if r == ' ' {
				space, tail = len(line)-1, 0
			}
		}
		out = append(out, string(line))
	}
	return out
}

// clean makes a text fit for a page: line ends as \n, no control characters, and for what
// lies beyond the Basic Multilingual Plane of Unicode, which the typeface does not hold, the
// replacement character.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r):
			return -1
		case r >= 0xFFFE:
			return utf8.RuneError
		}
		return r
	}, text)
}

// code draws a QR code (ISO/IEC 18004) of an address in a square, quiet zone included.
func (s *sheet) code(x, y, size float64, address string) error {
	symbol, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return err
	}
	const quiet = 4 // modules, as the standard wants
	n := symbol.Bounds().Dx()
	module := size / float64(n+2*quiet)
	dark := func(col, row int) bool {
		r, _, _, _ := symbol.At(col, row).RGBA()
		return r == 0
	}
	s.pdf.SetFillColor(0, 0, 0)
	for row := range n {
		for col := 0; col < n; {
			end := col
			for end < n && dark(end, row) {
				end++
			}
			if end > col {
				s.pdf.Rect(x+float64(col+quiet)*module, y+float64(row+quiet)*module, float64(end-col)*module, module, "F")
			}
			col = end + 1
		}
	}
	s.pdf.LinkString(x, y, size, size, address)
	return nil
}

// finish writes the foot of every page and gives the bytes.
func (s *sheet) finish(foot string, number func(page, pages int) string) ([]byte, error) {
	pages := s.pdf.PageCount()
	for page := 1; page <= pages; page++ {
		s.pdf.SetPage(page)
		s.y = pageHeight - bottom + 6
		s.rule()
		height := s.font(7.5, false)
		s.y++
		for n, line := range s.wrap(foot, column-32) {
			if n > 2 {
				break
			}
			s.pdf.SetXY(left, s.y+float64(n)*height)
			s.pdf.CellFormat(column-32, height, line, "", 0, "L", false, 0, "")
		}
		s.pdf.SetXY(left+column-30, s.y)
		s.pdf.CellFormat(30, height, clean(number(page, pages)), "", 0, "R", false, 0, "")
	}
	var b bytes.Buffer
	err := s.pdf.Output(&b)
	return b.Bytes(), err
}
