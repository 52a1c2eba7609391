package web

import (
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// scans lists a licence's scans as a page shows them.
func (p *Page) scans(l flegt.Licence) []ScanView {
	var out []ScanView
	for _, a := range l.Scans {
		kind := strings.ToUpper(a.Type[strings.LastIndex(a.Type, "/")+1:])
		out = append(out, ScanView{ID: a.ID, PDF: a.Type == "application/pdf", Image: a.Type == "image/jpeg" || a.Type == "image/png",
			File: File{URL: p.URL("/licences/%s/scans/%s", l.ID, a.ID), Name: a.Name, Meta: p.T("scan.meta", "Kind", kind, "Size", p.bytes(a.Size))}})
	}
	return out
}

// bytes writes a file's size.
func (p *Page) bytes(n int64) string {
	if n < 1<<20 {
		return p.T("scan.kilobytes", "Size", (n+1023)>>10)
	}
	return p.T("scan.megabytes", "Size", flegt.Quantity(n*10>>20)*flegt.Million/10)
}

// showScan sends a scan to whoever may see its licence. It was told by its content when it
// came, is never run, and may stand in a frame of our own pages.
func (s *Server) showScan(w http.ResponseWriter, r *Request) error {
	scan, f, err := s.Office.Scan(r.Context(), r.Viewer.Actor, r.PathValue("id"), r.PathValue("scan"))
	if err != nil {
		return err
	}
	defer f.Close()
	allowUpload(w)
	h := w.Header()
	h.Set("Content-Type", scan.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": scan.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", `"`+scan.SHA256+`"`)
	http.ServeContent(w, r.Request, "", time.Time{}, f)
	return nil
}
