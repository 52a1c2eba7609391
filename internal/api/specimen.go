package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// Specimen is a stamp or a signature of an issuing body, with the days on which it is in use.
type Specimen struct {
	ID        string             `json:"id"`
	Country   string             `json:"country" example:"ID"`
	Body      string             `json:"body" doc:"Name of the issuing body, as in box 1."`
	KnownBody string             `json:"known_body,omitempty" doc:"The body of /reference/issuing-bodies that was chosen; absent: its name alone tells."`
	Kind      flegt.SpecimenKind `json:"kind"`
	From      flegt.Date         `json:"from" doc:"The first day on which it was in use."`
	Until     flegt.Date         `json:"until,omitempty" doc:"The last day; absent: it is still in use."`
	Source    string             `json:"source"`
	Note      string             `json:"note,omitempty"`
	EnteredBy string             `json:"entered_by" doc:"The authority, or Support, that entered it." example:"CA-DK"`
	EnteredAt time.Time          `json:"entered_at"`
	Image     Attachment         `json:"image"`
	Version   int                `json:"version" doc:"Rises with each change; it is also the ETag."`
}

func specimenOf(s flegt.Specimen) Specimen {
	return Specimen{s.ID, s.Country, s.Body, s.Known, s.Kind, s.From, s.Until, s.Source, s.Note, s.ForBody, s.EnteredAt, attachmentOf(s.Image), s.Version}
}

func (s *Server) specimenOperations() {
	const tag, one = "Specimens", "/specimens/{id}"
	read, write := flegt.ScopeSpecimensRead, flegt.ScopeSpecimensWrite
	register(s, about{id: "list-specimens", method: http.MethodGet, path: "/specimens", scope: read, tag: tag, summary: "List specimens of stamps and signatures",
		text: "By country and issuing body, the newest of each body first."}, s.specimens)
	register(s, about{id: "list-licence-specimens", method: http.MethodGet, path: "/licences/{id}/specimens", scope: read, tag: tag, summary: "Specimens to hold against a licence",
		text: "Of its issuing body, in use on its day of issue, the newest of each name first."}, s.licenceSpecimens)
	register(s, about{id: "add-specimen", method: http.MethodPost, path: "/specimens", scope: write, tag: tag, status: http.StatusCreated, upload: true, summary: "Add a specimen",
		text: "The picture is PNG or JPEG. Sent again under its Idempotency-Key, it must be the same byte by byte, the boundary of the parts included.",
		body: formBody("The specimen with its picture.", "image", false, map[string]*huma.Schema{"country": field("ISO 3166-1 alpha-2.", 2), "body": field("Name of the issuing body, as in box 1; may be left out when known_body is given.", 300),
			"known_body": field("Its name in /reference/issuing-bodies. Licences that have any of the body's names are then compared with the specimen, whatever body says.", 300),
			"kind":       field("stamp, signature, or form: the body's own print of the form.", 40), "from": field("The first day on which it is in use.", 40),
			"until": field("The last day; empty: still.", 40), "source": field("Where it comes from.", 300), "note": field("A remark.", 1000)})}, s.addSpecimen)
	register(s, about{id: "read-specimen", method: http.MethodGet, path: one, scope: read, tag: tag, summary: "Read a specimen"}, s.readSpecimen)
	register(s, about{id: "end-specimen", method: http.MethodPost, path: one + "/end", scope: write, tag: tag, summary: "Note the last day on which a specimen was in use"}, s.endSpecimen)
	register(s, about{id: "read-specimen-image", method: http.MethodGet, path: one + "/image", scope: read, tag: tag, summary: "Fetch the picture of a specimen",
		answers: rangeAnswer(fileContent("image/png", "image/jpeg"))}, s.specimenImage)
}

type specimensInput struct {
	Paged
	Country string `query:"country" maxLength:"2" doc:"Of the issuing body; absent: all."`
}

func (s *Server) specimens(ctx context.Context, c *call, in *specimensInput) (*page[Specimen], error) {
	question := "specimens|" + in.Country
	after, err := in.after(question)
	if err != nil {
		return nil, err
	}
	found, _, err := s.Office.Specimens(ctx, c.actor(), registry.SpecimenQuery{Country: in.Country, After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	return pageOf(c, in.Paged, question, found, func(x flegt.Specimen) string { return x.ID }, specimenOf), nil
}

func (s *Server) licenceSpecimens(ctx context.Context, c *call, in *PagedOf) (*page[Specimen], error) {
	question := "licence specimens|" + in.ID
	after, err := in.after(question)
	if err != nil {
		return nil, err
	}
	l, err := s.Office.Licence(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	found, err := s.Office.SpecimensFor(ctx, c.actor(), l.Licence, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(c, in.Paged, question, found, func(x flegt.Specimen) string { return x.ID }, specimenOf), nil
}

type specimenOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Specimen
}

// maxPicture is how large the picture of a specimen may be, in bytes: it is held while it is
// looked at.
const maxPicture = 10 << 20

func (s *Server) addSpecimen(ctx context.Context, c *call, _ *struct{}) (*specimenOutput, error) {
	var image io.Reader
	name := ""
	f, err := c.form([]string{"country", "body", "known_body", "kind", "from", "until", "source", "note"}, func(file string, r io.Reader) error {
		content, err := io.ReadAll(io.LimitReader(r, maxPicture+1))
		if err == nil && len(content) > maxPicture {
			err = refuse(kindTooLarge, flegt.Args{"Max": maxPicture})
		}
		image, name = bytes.NewReader(content), file
		return err
	})
	if err != nil {
		return nil, err
	}
	x, err := s.Office.AddSpecimen(ctx, c.actor(), flegt.Specimen{Country: f["country"], Body: f["body"], Known: f["known_body"], Kind: flegt.SpecimenKind(f["kind"]),
		From: flegt.ParseDate(f["from"]), Until: flegt.ParseDate(f["until"]), Source: f["source"], Note: f["note"]}, name, image)
	if err != nil {
		return nil, err
	}
	return &specimenOutput{etag(x.Version), Prefix + "/specimens/" + x.ID, specimenOf(x)}, nil
}

func (s *Server) readSpecimen(ctx context.Context, c *call, in *IDInput) (*specimenOutput, error) {
	x, f, err := s.Office.SpecimenImage(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	return &specimenOutput{ETag: etag(x.Version), Body: specimenOf(x)}, f.Close()
}

type endSpecimenInput struct {
	IDInput
	Match
	Body struct {
		Until string `json:"until" maxLength:"40" doc:"The last day on which it was in use."`
	}
}

func (s *Server) endSpecimen(ctx context.Context, c *call, in *endSpecimenInput) (*specimenOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.Office.EndSpecimen(ctx, c.actor(), in.ID, version, flegt.ParseDate(in.Body.Until)); err != nil {
		return nil, err
	}
	return s.readSpecimen(ctx, c, &in.IDInput)
}

func (s *Server) specimenImage(ctx context.Context, c *call, in *IDInput) (*fileOutput, error) {
	x, f, err := s.Office.SpecimenImage(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	return c.sent(f, x.Image.Name, x.Image.Type, x.Image.SHA256), nil
}
