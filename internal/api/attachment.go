package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Attachment is a scan of the paper.
type Attachment struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Type   string    `json:"type" doc:"Media type, told by the content." example:"application/pdf"`
	Size   int64     `json:"size" doc:"In bytes."`
	SHA256 string    `json:"sha256" doc:"Hex."`
	At     time.Time `json:"at"`
}

func attachmentOf(a flegt.Attachment) Attachment {
	return Attachment{a.ID, a.Name, a.Type, a.Size, a.SHA256, a.At}
}

// scanTypes are the media types of scans, for the description.
var scanTypes = []string{"application/pdf", "image/jpeg", "image/png", "image/tiff"}

func (s *Server) attachmentOperations() {
	const tag, all, one = "Attachments", "/licences/{id}/attachments", "/licences/{id}/attachments/{attachment}"
	file := fileContent(append(scanTypes, "application/octet-stream")...)
	register(s, about{id: "add-attachment", method: http.MethodPost, path: all, scope: flegt.ScopeLicencesWrite, tag: tag, status: http.StatusCreated, upload: true,
		summary: "Add a scan to a draft", text: "The body is the file itself: PDF, JPEG, PNG or TIFF, at most 50 MB; its type is told by its content.",
		body: &huma.RequestBody{Required: true, Description: "The file.", Content: file}}, s.addAttachment)
	register(s, about{id: "read-attachment", method: http.MethodGet, path: one, scope: flegt.ScopeLicencesRead, tag: tag, summary: "Fetch a scan",
		text: "Or a range of it (RFC 9110 section 14).", answers: rangeAnswer(file)}, s.readAttachment)
	register(s, about{id: "remove-attachment", method: http.MethodDelete, path: one, scope: flegt.ScopeLicencesWrite, tag: tag, status: http.StatusOK, summary: "Take a scan off a draft"}, s.removeAttachment)
}

type addAttachmentInput struct {
	IDInput
	Match
	Name string `query:"name" maxLength:"200" doc:"The file's name." example:"licence.pdf"`
}

func (s *Server) addAttachment(ctx context.Context, c *call, in *addAttachmentInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	l, err := s.Office.AddScanAt(ctx, c.actor(), in.ID, version, in.Name, asRefusal{c.request.Body})
	out, err := s.changed(ctx, c, l, err)
	if err == nil {
		out.Location = Prefix + "/licences/" + l.ID + "/attachments/" + l.Scans[len(l.Scans)-1].ID
	}
	return out, err
}

// asRefusal reads a file; what goes wrong on the way is the sender's, not ours.
type asRefusal struct{ io.Reader }

// Read implements io.Reader.
func (r asRefusal) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil && err != io.EOF {
		err = unreadable(err)
	}
	return n, err
}

// AttachmentInput names a scan of a licence.
type AttachmentInput struct {
	IDInput
	Attachment string `path:"attachment" maxLength:"60"`
}

func (s *Server) readAttachment(ctx context.Context, c *call, in *AttachmentInput) (*fileOutput, error) {
	scan, file, err := s.Office.Scan(ctx, c.actor(), in.ID, in.Attachment)
	if err != nil {
		return nil, err
	}
	return c.sent(file, scan.Name, scan.Type, scan.SHA256), nil
}

type removeAttachmentInput struct {
	AttachmentInput
	Match
}

func (s *Server) removeAttachment(ctx context.Context, c *call, in *removeAttachmentInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	l, err := s.Office.RemoveScanAt(ctx, c.actor(), in.ID, version, in.Attachment)
	return s.changed(ctx, c, l, err)
}
