package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"time"

	"github.com/openflegt/openflegt/internal/document"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/wording"
)

// documents is the desk at which PDFs are written.
func (s *Server) documents() document.Desk {
	return document.Desk{Catalog: s.Catalog, Reference: s.Office.Reference(), Location: s.Location, BaseURL: s.BaseURL}
}

// showDecision sends the letter of decision, in the language of the importer's country, or in
// the one asked for (?in=da).
func (s *Server) showDecision(w http.ResponseWriter, r *Request) error {
	d, err := s.Office.Decision(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	lang := wording.Lang(r.Query("in"))
	if !s.Catalog.Speaks(lang) {
		lang = s.Catalog.LangOf(d.Operator.Country)
	}
	b, err := s.documents().Decision(lang, d)
	if err != nil {
		return err
	}
	sendPDF(w, r, s.Catalog.Say(lang, "document.decision.file", nil)+"-"+fileName(d.Licence.Form.Number), b)
	return nil
}

// showExtract sends what the register holds of a licence, box by box, in the reader's language.
func (s *Server) showExtract(w http.ResponseWriter, r *Request) error {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := s.page(r, "document.extract.title", "Number", s.numberOr(r, c.Licence))
	b, err := s.documents().Extract(p.extract(c))
	if err != nil {
		return err
	}
	sendPDF(w, r, p.T("document.extract.file")+"-"+fileName(c.Licence.Form.Number), b)
	return nil
}

// extract puts a licence into words as its page shows it.
func (p *Page) extract(c registry.Case) document.Extract {
	x := document.Extract{Licence: c.Licence.ID, Status: p.T("licence.state") + ": " + p.T("licence.state."+c.Standing),
		About: document.About{Title: p.Title, Author: p.T("site.name"), Lang: string(p.Lang), Made: c.Licence.UpdatedAt}}
	for _, t := range p.boxes(c.Licence) {
		b := document.Box{Name: t.Name}
		for _, line := range t.Lines {
			b.Lines = append(b.Lines, line.Text)
		}
		x.Boxes = append(x.Boxes, b)
	}
	goods := p.goodsTable(c.Licence)
	x.Columns = goods.Columns
	for _, row := range goods.Rows {
		var texts []string
		for _, cell := range row {
			texts = append(texts, cell.Text)
		}
		x.Goods = append(x.Goods, texts)
	}
	return x
}

// fileName keeps of a text what every file system takes.
func fileName(text string) string {
	var out []rune
	for _, c := range flegt.NumberKey(text) {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '.' || c == '-' {
			out = append(out, c)
		}
	}
	return string(out[:min(len(out), 60)])
}

// sendPDF sends a document of our own, which nobody else may keep or frame.
func sendPDF(w http.ResponseWriter, r *Request, name string, b []byte) {
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
