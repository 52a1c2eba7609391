package operator

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"time"

	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/wording"
)

// showDecision sends the letter of decision, in the language of the importer's country, or in
// the one asked for (?in=da).
func (s pages) showDecision(w http.ResponseWriter, r *counter.Request) error {
	d, err := s.Office.Decision(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	lang := wording.Lang(r.Query("in"))
	if !s.Catalog.Speaks(lang) {
		lang = s.Catalog.LangOf(d.Operator.Country)
	}
	b, err := s.Documents().Decision(lang, d)
	if err != nil {
		return err
	}
	sendPDF(w, r, s.Documents().DecisionFile(lang, d.Licence), b)
	return nil
}

// showExtract sends what the register holds of a licence, box by box, in the reader's language.
func (s pages) showExtract(w http.ResponseWriter, r *counter.Request) error {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	b, err := s.Documents().Extract(s.Documents().ExtractOf(r.Lang, c.Licence, c.Standing))
	if err != nil {
		return err
	}
	sendPDF(w, r, s.Documents().ExtractFile(r.Lang, c.Licence), b)
	return nil
}

// sendPDF sends a document of our own, which nobody else may keep or frame.
func sendPDF(w http.ResponseWriter, r *counter.Request, name string, b []byte) {
	how := "inline"
	if r.Query("download") != "" {
		how = "attachment"
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": fmt.Sprintf("%s.pdf", name)}))
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r.Request, "", time.Time{}, bytes.NewReader(b))
}
