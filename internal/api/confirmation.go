package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
)

func (s *Server) confirmationOperations() {
	const tag, one = "Licences", "/licences/{id}"
	register(s, about{id: "hand-in-confirmation", method: http.MethodPost, path: one + "/confirmations", scope: flegt.ScopeLicencesIssue, tag: tag, status: http.StatusCreated, upload: true,
		summary: "Hand in the issuing authority's confirmation", text: "The body is the file itself: PDF, JPEG, PNG or TIFF, at most 50 MB. The receipt is given to the mark, extension or correction that it is for, within the hour.",
		body: &huma.RequestBody{Required: true, Description: "The file.", Content: fileContent(append(scanTypes[:len(scanTypes):len(scanTypes)], "application/octet-stream")...)}}, s.handInConfirmation)
	register(s, about{id: "correct-licence-on-paper", method: http.MethodPost, path: one + "/correct-on-paper", scope: flegt.ScopeLicencesIssue, tag: tag,
		summary: "Record a correction on the paper", text: "By the licensing authority, or by the competent authority with that country's confirmation."}, s.correctOnPaper)
}

// ConfirmationReceipt is the word for a file that was handed in.
type ConfirmationReceipt struct {
	Receipt string    `json:"receipt" doc:"Give it as confirmation.receipt. It works for this licence alone, and for you."`
	Until   time.Time `json:"until" doc:"The first moment at which it is of no use."`
	Name    string    `json:"name"`
	Type    string    `json:"type" doc:"Media type, told by the content." example:"application/pdf"`
	Size    int64     `json:"size" doc:"In bytes."`
	SHA256  string    `json:"sha256" doc:"Hex."`
}

type handInInput struct {
	IDInput
	Name string `query:"name" maxLength:"200" doc:"The file's name." example:"extension.pdf"`
}

type receiptOutput struct{ Body ConfirmationReceipt }

func (s *Server) handInConfirmation(ctx context.Context, c *call, in *handInInput) (*receiptOutput, error) {
	got, err := s.Office.ReceiveConfirmation(ctx, c.actor(), in.ID, in.Name, asRefusal{c.request.Body})
	if err != nil {
		return nil, err
	}
	f := got.File
	return &receiptOutput{ConfirmationReceipt{got.Text, got.Until, f.Name, f.Type, f.Size, f.SHA256}}, nil
}

type correctOnPaperInput struct {
	IDInput
	Match
	Body struct {
		Pointer      string       `json:"pointer" maxLength:"60" doc:"JSON pointer to the corrected field in the body of a licence." example:"/form/goods/0/volume"`
		Words        string       `json:"words" maxLength:"2000" doc:"What was corrected."`
		Confirmation Confirmation `json:"confirmation,omitempty"`
	}
}

func (s *Server) correctOnPaper(ctx context.Context, c *call, in *correctOnPaperInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	l, err := s.Office.CorrectOnPaper(ctx, c.actor(), in.ID, version, boxOf(in.Body.Pointer), in.Body.Words, in.Body.Confirmation.evidence())
	return s.changed(ctx, c, l, err)
}
