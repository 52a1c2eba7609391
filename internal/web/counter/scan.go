package counter

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// pdfWorker is the part of pdf.js that reads PDFs, apart from the page.
const pdfWorker = "pdfjs/pdf.worker.js"

// allowWasm lets the worker, whose rights are those of its own answer, unpack what office
// scanners write (JBIG2, CCITT, JPEG 2000, colour profiles) by WebAssembly. Pages are not allowed it, and
// neither is allowed eval.
func allowWasm(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'")
}

// ScanView is a scan as a page shows it.
type ScanView struct {
	File
	ID    string
	Image bool
	PDF   bool
	TIFF  bool
	// Download is the address under which the browser keeps the file instead of showing it.
	Download string
	// Pages are the addresses of pictures of a TIFF's pages.
	Pages []ScanPage
	page  *Page
}

// ScanPage is one page of a TIFF.
type ScanPage struct {
	Name string // "Page 3"
	URL  string
}

// T says a sentence of the viewer.
func (v ScanView) T(key string, args ...any) string { return v.page.T(key, args...) }

// Static gives the address of one of the viewer's own files.
func (v ScanView) Static(name string) string { return v.page.Static(name) }

// ScanViews lists a licence's scans as a page shows them.
func (p *Page) ScanViews(l flegt.Licence) []ScanView {
	var out []ScanView
	for _, a := range l.Scans {
		v := ScanView{ID: a.ID, page: p, PDF: a.Type == "application/pdf", Image: a.Type == "image/jpeg" || a.Type == "image/png", TIFF: a.Type == "image/tiff",
			File: File{URL: p.URL("/licences/%s/scans/%s", l.ID, a.ID), Name: a.Name, Meta: p.fileMeta(a)}}
		v.Download = v.URL + "?download=1"
		for n := 1; v.TIFF && n <= max(a.Pages, 1); n++ {
			v.Pages = append(v.Pages, ScanPage{Name: p.T("scan.viewer.page_number", "Page", n), URL: p.URL("/licences/%s/scans/%s/pages/%s", l.ID, a.ID, strconv.Itoa(n))})
		}
		out = append(out, v)
	}
	return out
}

// fileMeta writes a file's kind and size.
func (p *Page) fileMeta(a flegt.Attachment) string {
	return p.T("scan.meta", "Kind", strings.ToUpper(a.Type[strings.LastIndex(a.Type, "/")+1:]), "Size", p.bytes(a.Size))
}

// bytes writes a file's size.
func (p *Page) bytes(n int64) string {
	if n < 1<<20 {
		return p.T("scan.kilobytes", "Size", (n+1023)>>10)
	}
	return p.T("scan.megabytes", "Size", flegt.Quantity(n*10>>20)*flegt.Million/10)
}

// SendScan sends what strangers made: it was told by its content when it came, it is never
// run, it may load nothing, and it may stand in a frame of our own pages alone. A picture is
// put into a sandbox too; for a PDF that would switch off the reader built into browsers,
// which runs what a PDF carries apart from any page.
func SendScan(w http.ResponseWriter, r *Request, f io.ReadSeeker, how, name string, pdf bool) {
	AllowTime(w)
	policy := "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
	if !pdf {
		policy += "; sandbox"
	}
	h := w.Header()
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r.Request, "", time.Time{}, f)
}
