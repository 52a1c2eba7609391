package e2e

import (
	"bytes"
	endian "encoding/binary"
	"fmt"
	"path/filepath"
	"testing"
)

// TestScansThatOfficesMake shows what office scanners write, CCITT and JBIG2 (ITU-T T.6 and T.88)
// in a PDF, and says of a page that cannot be drawn that it cannot, with the file to take away;
// so it does of a TIFF whose second page is packed in a way that no browser reads.
func TestScansThatOfficesMake(t *testing.T) {
	p := startProgram(t, "demo")
	dir := t.TempDir()
	packed, odd := filepath.Join(dir, "packed.pdf"), filepath.Join(dir, "odd.tif")
	black := blackFax(64, 64)
	write(t, packed, picturesPDF([][2]string{
		{"/CCITTFaxDecode /DecodeParms << /K -1 /Columns 64 /Rows 64 >>", string(black)}, {"/JBIG2Decode", string(blackJBIG2(64, 64, black))},
		{"/JBIG2Decode", "this was never packed"}, {"", string(bytes.Repeat([]byte{0xff}, 8*64))}}))
	tiff := manyPagesTIFF(3)
	plainly := []byte{3, 1, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0} // tag 259, compression: none
	second := bytes.Index(tiff, plainly) + len(plainly)
	second += bytes.Index(tiff[second:], plainly)
	endian.LittleEndian.PutUint32(tiff[second+8:], 34712) // JPEG 2000
	write(t, odd, tiff)

	v := newVisitor(t, p.Base, "da")
	v.arrives(p.demo().person(t, "operator", "DK"))
	v.open("/licences/new")
	v.fill(v.T("scan.add"), packed)
	v.drawn("1/0/100")
	v.inked(true)
	v.warns("")
	v.click(v.T("scan.viewer.next"))
	v.drawn("2/0/100")
	v.inked(true)
	v.warns("")
	v.click(v.T("scan.viewer.next"))
	v.drawn("3/0/100")
	v.warns("Et billede på side 3 kan ikke tegnes. Hent filen for at se det hele. " + v.T("scan.download", "Name", "packed.pdf"))
	for _, found := range check(v) {
		t.Error(found)
	}
	v.photograph("scan-lacking")
	v.click(v.T("scan.viewer.next"))
	v.drawn("4/0/100")
	v.warns("Side 4 er tom, eller den kan ikke tegnes. " + v.T("scan.download", "Name", "packed.pdf"))
	v.click(v.T("scan.viewer.previous"))
	v.click(v.T("scan.viewer.previous"))
	v.drawn("2/0/100")
	v.warns("")

	v.expects(422) // a page of which no picture can be made
	v.fill(v.T("scan.add"), odd)
	v.drawn("1/0/100")
	v.warns("")
	v.click(v.T("scan.viewer.next"))
	v.warns("Side 2 kan ikke tegnes. Hent filen for at se den. " + v.T("scan.download", "Name", "odd.tif"))
	got := ask[string](v, `() => fetch(document.querySelector("[data-of-missing] a").href).then(r => r.status + " " + r.headers.get("Content-Disposition"))`)
	if got != "200 attachment; filename=odd.tif" {
		t.Errorf("the file answers %q", got)
	}
	v.click(v.T("scan.viewer.next"))
	v.drawn("3/0/100")
	v.warns("")
}

// warns waits until the viewer says of the page that stands open what cannot be seen of it;
// nothing when all of it can.
func (v *visitor) warns(text string) {
	v.t.Helper()
	v.becomes("warned: "+text, `text => { const p = document.querySelector("[data-of-missing]"); return p.hidden === (text === "") && p.textContent.trim() === text; }`, text)
}

// inked checks that the page that stands open is drawn in black in its middle.
func (v *visitor) inked(want bool) {
	v.t.Helper()
	got := ask[bool](v, `() => {
		const sheet = document.querySelector(".of-viewer__sheet canvas");
		return sheet.getContext("2d").getImageData(sheet.width / 2, sheet.height / 2, 1, 1).data[0] < 64;
	}`)
	if got != want {
		v.fail("has ink in the middle of the scan: %v", got)
	}
}

// picturesPDF makes a PDF with a page for each picture of 64 by 64 dots in black and white: how
// it is packed, and its bytes.
func picturesPDF(pictures [][2]string) []byte {
	out := bytes.NewBufferString("%PDF-1.4\n")
	var at []int
	add := func(format string, args ...any) {
		at = append(at, out.Len())
		fmt.Fprintf(out, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(at)}, args...)...)
	}
	kids := ""
	for i := range pictures {
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
	}
	add("<< /Type /Catalog /Pages 2 0 R >>")
	add("<< /Type /Pages /Kids [%s] /Count %d >>", kids, len(pictures))
	for i, picture := range pictures {
		filter := picture[0]
		if filter != "" {
			filter = "/Filter " + filter
		}
		add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /XObject << /Im %d 0 R >> >> >>", 4+3*i, 5+3*i)
		add("<< /Length 30 >>\nstream\nq 595 0 0 842 0 000 cm /Im Do Q\nendstream")
		add("<< /Type /XObject /Subtype /Image /Width 64 /Height 64 /ColorSpace /DeviceGray /BitsPerComponent 1 %s /Length %d >>\nstream\n%s\nendstream", filter, len(picture[1]), picture[1])
	}
	table := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return out.Bytes()
}

// blackFax packs a black picture 64 dots wide (ITU-T T.6): the first line as a run of no white and
// a run of 64 black, the others as the line above, then the end of the block.
func blackFax(width, height int) []byte {
	if width != 64 {
		panic("the run's code is that of 64 dots")
	}
	bits := "001" + "00110101" + "0000001111" + "0000110111"
	for range height - 1 {
		bits += "1" + "1"
	}
	bits += "000000000001" + "000000000001"
	out := make([]byte, (len(bits)+7)/8)
	for i, bit := range bits {
		if bit == '1' {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	return out
}

// blackJBIG2 packs the same in the way of ITU-T T.88, as PDFs hold it: a segment that tells of the
// page, and one region of it that is coded like a fax.
func blackJBIG2(width, height uint32, fax []byte) []byte {
	number := endian.BigEndian.AppendUint32
	page := number(number(nil, width), height)
	page = append(page, make([]byte, 8+1+2)...) // resolutions, flags and stripes
	region := append(number(number(make([]byte, 0, 32), width), height), make([]byte, 8+1)...)
	region = append(append(region, 1), fax...) // coded by T.6
	out := append(number(nil, 0), 48, 0, 1)
	out = append(number(out, uint32(len(page))), page...)
	out = append(number(out, 1), 38, 0, 1)
	return append(number(out, uint32(len(region))), region...)
}
