package operator

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// showScan sends a scan, or the range of it that was asked for (RFC 9110 section 14), to
// whoever may see its licence.
func (s pages) showScan(w http.ResponseWriter, r *counter.Request) error {
	scan, f, err := s.Office.Scan(r.Context(), r.Viewer.Actor, r.PathValue("id"), r.PathValue("scan"))
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", scan.Type)
	h.Set("ETag", `"`+scan.SHA256+`"`)
	how := "inline"
	if r.Query("download") != "" {
		how = "attachment"
	}
	counter.SendScan(w, r, f, how, scan.Name, scan.Type == "application/pdf")
	return nil
}

// showScanPage sends the picture of one page of a TIFF.
func (s pages) showScanPage(w http.ResponseWriter, r *counter.Request) error {
	number, err := strconv.Atoi(r.PathValue("page"))
	if err != nil {
		return flegt.Missing()
	}
	scan, f, err := s.Office.ScanPage(r.Context(), r.Viewer.Actor, r.PathValue("id"), r.PathValue("scan"), number)
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("ETag", `"`+scan.SHA256+"-"+strconv.Itoa(number)+`"`)
	counter.SendScan(w, r, f, "inline", scan.Name+"-"+strconv.Itoa(number), false) // PNG or JPEG, told by its first bytes
	return nil
}

// attachScans puts what was received on the licence, and then tells what was refused.
func (s pages) attachScans(r *counter.Request, l flegt.Licence, u *counter.Upload) (flegt.Licence, error) {
	for _, scan := range u.Scans {
		added, err := s.Office.AttachScan(r.Context(), r.Viewer.Actor, l.ID, scan)
		if err != nil {
			return l, err
		}
		l = added
	}
	return l, u.Wrong
}
