package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// demoScan makes a page that stands in for a scan: a PDF with what the made-up licence says.
func demoScan(f flegt.Form) []byte {
	lines := []string{"FLEGT LICENCE  (made up for the demonstration)", "",
		"1 Issuing authority: " + f.IssuingBody.Name, "2 Importer: " + f.Importer.Name, "3 FLEGT licence number: " + f.Number,
		"4 Date of expiry: " + string(f.Expires), "5 Country of export: " + f.Export, "7 Means of transport: " + f.Transport,
		"8 Licensee: " + f.Licensee.Name, ""}
	for i, g := range f.Goods {
		species := ""
		for _, s := range g.Species {
			species += s.Common + " (" + s.Scientific + ") "
		}
		lines = append(lines, fmt.Sprintf("Line %d", i+1), "9 Commercial description: "+g.Description, "10 HS heading: "+g.HS, "11 Species: "+species,
			"12 Country of harvest: "+strings.Join(g.Harvest, ", "), "14 Volume (m3): "+string(g.Volume)+"   15 Net weight (kg): "+string(g.Weight)+"   16 Number of units: "+string(g.Units), "")
	}
	lines = append(lines, "17 Distinguishing marks: "+f.Invoice+", "+f.BillOfLading+", "+f.Containers, "18 Place and date: "+f.IssuePlace+", "+string(f.Issued))
	return onePage(lines)
}

// onePage writes lines of text as a PDF of one page (ISO 32000-1).
func onePage(lines []string) []byte {
	var text bytes.Buffer
	text.WriteString("BT /F1 11 Tf 15 TL 60 780 Td\n")
	for _, line := range lines {
		text.WriteString("(" + pdfText(line) + ") Tj T*\n")
	}
	text.WriteString("ET")
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}

// pdfText writes a text as a PDF string in Latin-1, other letters without their accents.
func pdfText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteByte('\\')
			b.WriteByte(byte(r))
		case r >= ' ' && r < 0x7f || r >= 0xa0 && r <= 0xff:
			b.WriteByte(byte(r))
		default:
			b.WriteString(flegt.Fold(string(r)))
		}
	}
	return b.String()
}
