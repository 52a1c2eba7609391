package api

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/document"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

func (s *Server) documentOperations() {
	const tag = "Documents"
	register(s, about{id: "read-decision-letter", method: http.MethodGet, path: "/licences/{id}/decision.pdf", scope: flegt.ScopeLicencesRead, tag: tag, summary: "Fetch the letter of decision",
		text: "As PDF, in the language of the importer's country or the one asked for. Before a decision there is none.", answers: fileAnswer("The letter.", pdfType)}, s.readDecision)
	register(s, about{id: "read-extract", method: http.MethodGet, path: "/licences/{id}/extract.pdf", scope: flegt.ScopeLicencesRead, tag: tag, summary: "Fetch an extract of the register",
		text: "What the register holds of the licence, box by box, as PDF in the language of Accept-Language. It is not the licence.", answers: fileAnswer("The extract.", pdfType)}, s.readExtract)
	register(s, about{id: "read-attachment-page", method: http.MethodGet, path: "/licences/{id}/attachments/{attachment}/pages/{page}", scope: flegt.ScopeLicencesRead, tag: "Attachments",
		summary: "Fetch one page of a scan that is TIFF", text: "As a picture that every browser shows. Pages of other scans are not made.", answers: rangeAnswer(fileContent("image/png", "image/jpeg"))}, s.readAttachmentPage)
}

// documents is the desk at which PDFs are written.
func (s *Server) documents() document.Desk {
	return document.Desk{Catalog: s.Catalog, Reference: s.Office.Reference(), Location: s.Location, BaseURL: s.BaseURL}
}

type decisionInput struct {
	IDInput
	In string `query:"in" maxLength:"8" doc:"A language of the register, as in IETF BCP 47; that of the importer's country without it." example:"da"`
}

func (s *Server) readDecision(ctx context.Context, c *call, in *decisionInput) (*fileOutput, error) {
	d, err := s.Office.Decision(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	lang := wording.Lang(in.In)
	if !s.Catalog.Speaks(lang) {
		lang = s.Catalog.LangOf(d.Operator.Country)
	}
	b, err := s.documents().Decision(lang, d)
	if err != nil {
		return nil, err
	}
	return made(b, s.documents().DecisionFile(lang, d.Licence)+".pdf", pdfType), nil
}

func (s *Server) readExtract(ctx context.Context, c *call, in *IDInput) (*fileOutput, error) {
	l, err := s.Office.Licence(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	b, err := s.documents().Extract(s.documents().ExtractOf(c.lang, l.Licence, l.Standing))
	if err != nil {
		return nil, err
	}
	return made(b, s.documents().ExtractFile(c.lang, l.Licence)+".pdf", pdfType), nil
}

type attachmentPageInput struct {
	AttachmentInput
	Page int `path:"page" minimum:"1" maximum:"10000" doc:"Counted from 1." example:"1"`
}

func (s *Server) readAttachmentPage(ctx context.Context, c *call, in *attachmentPageInput) (*fileOutput, error) {
	scan, page, err := s.Office.ScanPage(ctx, c.actor(), in.ID, in.Attachment, in.Page)
	if err != nil {
		return nil, err
	}
	kind, err := typeOf(page)
	if err != nil {
		page.Close()
		return nil, err
	}
	n := strconv.Itoa(in.Page)
	return c.sent(page, scan.Name+"-"+n, kind, scan.SHA256+"-"+n), nil
}

// typeOf tells the media type of a picture by its first bytes, and goes back to its beginning.
func typeOf(f io.ReadSeeker) (string, error) {
	b := make([]byte, 512)
	n, err := io.ReadFull(f, b)
	if err != nil && err != io.ErrUnexpectedEOF {
		return "", err
	}
	_, err = f.Seek(0, io.SeekStart)
	return http.DetectContentType(b[:n]), err
}
