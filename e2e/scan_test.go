package e2e

import (
	"bufio"
	"bytes"
	"context"
	endian "encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestScanPageByPage is an importer with a scan of 50 MB and 200 pages: it arrives, opens at
// any page without being fetched whole, and is enlarged and turned by keys, while the
// program grows by less than 100 MB.
func TestScanPageByPage(t *testing.T) {
	p := startProgram(t, "demo", "--log-level", "info")
	dir := t.TempDir()
	large, many := filepath.Join(dir, "large.pdf"), filepath.Join(dir, "many.tif")
	write(t, large, manyPagesPDF(200))
	write(t, many, manyPagesTIFF(3))
	v := newVisitor(t, p.Base, "en")
	v.open(p.demo().person(t, "operator", "DK").SignInURL)
	v.open("/licences/new?lang=en")
	before := p.residentMemory()
	v.fill(v.T("licence.form.invoice"), "INV-SCAN")
	v.fill(v.T("scan.add"), large) // sent at once, and shown without leaving the page
	v.says(v.T("scan.uploaded", "Name", "large.pdf"))
	v.drawn("1/0/100")
	v.sees("Page 1 of 200")
	for _, found := range check(v) {
		t.Errorf("axe: %s", found)
	}
	v.photograph("scan-beside-the-form")
	v.fill("Page", "180")
	v.pressKey("Enter")
	v.drawn("180/0/100")
	ask[bool](v, `() => { document.querySelector(".of-viewer__stage").focus(); return true; }`)
	for _, step := range []struct{ key, drawn string }{{"PageDown", "181/0/100"}, {"PageUp", "180/0/100"}, {"End", "200/0/100"}, {"Home", "1/0/100"},
		{"+", "1/0/125"}, {"-", "1/0/100"}, {"-", "1/0/80"}, {"0", "1/0/100"}, {"r", "1/90/100"}, {"R", "1/0/100"}} {
		v.pressKey(step.key)
		v.drawn(step.drawn)
	}
	for _, step := range []struct{ button, drawn string }{{"scan.viewer.next", "2/0/100"}, {"scan.viewer.larger", "2/0/125"}, {"scan.viewer.turn", "2/90/125"},
		{"scan.viewer.fit", "2/90/100"}, {"scan.viewer.previous", "1/90/100"}} {
		v.click(v.T(step.button))
		v.drawn(step.drawn)
	}
	if grown := p.residentMemory() - before; grown > 100<<20 {
		t.Errorf("the program grew by %d MB", grown>>20)
	} else {
		t.Logf("the program grew by %d MB", grown>>20)
	}
	if sent := p.sentScans(); sent > 20<<20 {
		t.Errorf("%d MB of 50 were sent for a handful of pages", sent>>20)
	} else {
		t.Logf("%.1f MB were sent", float64(sent)/(1<<20))
	}
	// A second scan has a tab of its own.
	v.fill(v.T("scan.add"), many)
	v.says(v.T("scan.uploaded", "Name", "many.tif"))
	v.drawn("1/0/100")
	v.sees("Page 1 of 3")
	v.click(v.T("scan.viewer.next"))
	v.drawn("2/0/100")
	v.sees("Page 2 of 3")
	v.wide(320)
	if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("%d pixels wider than the screen", over)
	}
	for _, found := range check(v) {
		t.Errorf("axe at 320: %s", found)
	}
	v.photograph("scan-narrow")
	v.wide(1280)
	v.withoutScripts()
	v.open(v.path())
	if shown := ask[int](v, `() => document.querySelectorAll(".of-scan iframe, .of-scan img").length`); shown != 2 {
		t.Errorf("without scripts %d of 2 scans are shown", shown)
	}
	if !v.has("Page 3") || !v.has(v.T("scan.download", "Name", "large.pdf")) {
		t.Error("without scripts a page or the file cannot be reached")
	}
}

// TestScanWhenTheViewerFails loses a part of the viewer on the way, the script itself or the
// part that reads PDFs: the scan is left to the browser, as without scripts.
func TestScanWhenTheViewerFails(t *testing.T) {
	p := startProgram(t, "demo")
	file := filepath.Join(t.TempDir(), "short.pdf")
	write(t, file, manyPagesPDF(2))
	for _, lost := range []string{"*/scan.js", "*/pdf.worker.js", "*/pdf.js"} {
		v := newVisitor(t, p.Base, "en")
		v.open(p.demo().person(t, "operator", "DK").SignInURL)
		v.withoutCache()
		v.loses(lost)
		v.open("/licences/new?lang=en")
		v.fill(v.T("scan.add"), file)
		v.becomes("the scan in a frame, "+lost+" lost", `() => {
			const frame = document.querySelector(".of-scan iframe"), tools = document.querySelector(".of-viewer__tools");
			return !!frame && frame.getBoundingClientRect().height > 100 && tools.hidden;
		}`)
	}
}

// withoutCache makes the browser fetch everything anew.
func (v *visitor) withoutCache() {
	v.t.Helper()
	v.call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
		return err
	})
}

// TestRefusedScans are told beside the box, and nothing that was typed is lost.
func TestRefusedScans(t *testing.T) {
	p := startProgram(t, "demo", "--clamd", startClamd(t))
	dir := t.TempDir()
	person := p.demo().person(t, "operator", "DK")
	v := newVisitor(t, p.Base, "da")
	v.open(person.SignInURL)
	kept := p.blobs()
	v.withoutScripts() // with them most of this is said before anything is sent
	v.open("/licences/new")
	v.fill(v.T("licence.form.invoice"), "INV-REFUSED")
	for name, tt := range map[string]struct {
		body   []byte
		status int
		says   string
	}{
		"words.pdf":    {[]byte("only words"), 422, v.T("scan.type", "Found", "text/plain")},
		"large.pdf":    {append([]byte("%PDF-1.4\n"), make([]byte, 50<<20)...), 413, v.T("scan.too_large", "Max", "50")},
		"infected.pdf": {[]byte("%PDF-1.4\n" + virus), 422, v.T("scan.infected", "Virus", "Eicar-Test-Signature")},
	} {
		file := filepath.Join(dir, name)
		write(t, file, tt.body)
		v.fill(v.T("scan.add"), file)
		v.press(v.T("licence.save"))
		v.answered(tt.status)
		v.sees(tt.says)
		if got := ask[string](v, `() => document.querySelector("[name=invoice]").value`); got != "INV-REFUSED" {
			t.Errorf("%s: the invoice is %q now", name, got)
		}
	}
	breakOff(t, p, person)
	if !p.until(func() bool { return p.blobs() == kept }) {
		t.Errorf("%d files more than before", p.blobs()-kept)
	}
}

// breakOff sends half a form and goes away.
func breakOff(t *testing.T, p *program, person demoPerson) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	signedIn, err := client.Get(person.SignInURL)
	if err != nil {
		t.Fatal(err)
	}
	signedIn.Body.Close()
	body, line := io.Pipe()
	form := multipart.NewWriter(line)
	gone := errors.New("gone")
	go func() {
		part, err := form.CreateFormFile("scan", "half.pdf")
		if err == nil {
			_, err = io.WriteString(part, "%PDF-1.4\n"+strings.Repeat("half ", 200_000))
		}
		line.CloseWithError(errors.Join(gone, err))
	}()
	answer, err := client.Post(p.Base+"/licences/new", form.FormDataContentType(), body)
	if err == nil {
		answer.Body.Close()
	}
	if !errors.Is(err, gone) {
		t.Errorf("half a form was taken: %v", err)
	}
}

// drawn waits until the viewer has drawn a page: its number, how it is turned, and how large
// it is in per cent.
func (v *visitor) drawn(want string) {
	v.t.Helper()
	got := ask[string](v, `want => new Promise(resolve => {
		const until = Date.now() + 20000;
		(function look() {
			const viewer = document.querySelector("[data-of-viewer]"), now = viewer && viewer.dataset.ofDrawn || "nothing";
			if (now === want || Date.now() > until) resolve(now); else requestAnimationFrame(look);
		})();
	})`, want)
	if got != want {
		v.fail("shows %s, not %s", got, want)
	}
}

// pressKey presses one key where the focus is.
func (v *visitor) pressKey(key string) {
	v.t.Helper()
	named := map[string]string{"PageDown": "\u0307", "PageUp": "\u0308", "Home": "\u0306", "End": "\u0305", "Enter": "\r"}
	if code, special := named[key]; special {
		key = code
	}
	v.do(chromedp.KeyEvent(key))
}

var sentBytes = regexp.MustCompile(`method=GET route=/licences/\{id\}/scans/\{scan\} .* bytes=(\d+)`)

// sentScans adds up what was sent of scans, as the log has it.
func (p *program) sentScans() (sum int) {
	for _, line := range sentBytes.FindAllStringSubmatch(p.log.String(), -1) {
		n, _ := strconv.Atoi(line[1])
		sum += n
	}
	return sum
}

// blobs counts the files that hold scans.
func (p *program) blobs() (n int) {
	_ = filepath.WalkDir(filepath.Join(p.Dir, "blobs"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil
	})
	return n
}

func write(t testing.TB, file string, body []byte) {
	t.Helper()
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
}

// manyPagesPDF makes a PDF (ISO 32000-1) of pages that hold a picture of 250 kB each.
func manyPagesPDF(pages int) []byte {
	const side = 500
	out := bytes.NewBufferString("%PDF-1.4\n")
	var at []int
	add := func(format string, args ...any) {
		at = append(at, out.Len())
		fmt.Fprintf(out, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(at)}, args...)...)
	}
	add("<< /Type /Catalog /Pages 2 0 R >>")
	var kids strings.Builder
	for n := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 3+3*n)
	}
	add("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), pages)
	noise, source := make([]byte, side*side), rand.NewChaCha8([32]byte{1})
	for n := range pages {
		add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /XObject << /Im %d 0 R >> >> >>", 4+3*n, 5+3*n)
		add("<< /Length 31 >>\nstream\nq 500 0 0 500 40 %03d cm /Im Do Q\nendstream", 100+n%200)
		_, _ = source.Read(noise)
		add("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d >>\nstream\n%s\nendstream", side, side, len(noise), noise)
	}
	table := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return out.Bytes()
}

// manyPagesTIFF makes an uncompressed grey TIFF (TIFF 6.0, section 4).
func manyPagesTIFF(pages int) []byte {
	const width, height = 300, 400
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4
	for n := 1; n <= pages; n++ {
		strip := uint32(len(out))
		out = append(out, bytes.Repeat([]byte{byte(60 * n)}, width*height)...)
		endian.LittleEndian.PutUint32(out[link:], uint32(len(out)))
		tags := [][2]uint32{{256, width}, {257, height}, {258, 8}, {259, 1}, {262, 1}, {273, strip}, {277, 1}, {278, height}, {279, width * height}}
		out = endian.LittleEndian.AppendUint16(out, uint16(len(tags)))
		for _, tag := range tags {
			out = endian.LittleEndian.AppendUint16(out, uint16(tag[0]))
			out = endian.LittleEndian.AppendUint16(out, 4)
			out = endian.LittleEndian.AppendUint32(out, 1)
			out = endian.LittleEndian.AppendUint32(out, tag[1])
		}
		link = len(out)
		out = append(out, 0, 0, 0, 0)
	}
	return out
}

// virus is what startClamd finds: the middle of the test file that every checker knows.
const virus = "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

// startClamd speaks clamd's INSTREAM (clamd(8)).
func startClamd(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go look(c)
		}
	}()
	return "tcp://" + l.Addr().String()
}

func look(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	if command, err := in.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		return
	}
	var body []byte
	for n := uint32(1); n > 0; {
		if endian.Read(in, endian.BigEndian, &n) != nil {
			return
		}
		chunk := make([]byte, n)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return
		}
		body = append(body, chunk...)
	}
	says := "stream: OK\x00"
	if bytes.Contains(body, []byte(virus)) {
		says = "stream: Eicar-Test-Signature FOUND\x00"
	}
	_, _ = io.WriteString(c, says)
}
