package api

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// DossierVersion is a dossier as it was looked at.
type DossierVersion struct {
	Licence string `json:"licence" maxLength:"60"`
	Version int    `json:"version" minimum:"1" doc:"The dossier's version that you looked at. When one of them changed since, nothing is handed over."`
}

type assignManyInput struct {
	Body struct {
		Officer  string           `json:"officer" maxLength:"60" doc:"Account of an officer from /desk/officers; empty puts them back to nobody."`
		Dossiers []DossierVersion `json:"dossiers" nullable:"false" minItems:"1" maxItems:"200"`
	}
}

func (s *Server) assignDossiers(ctx context.Context, c *call, in *assignManyInput) (*list[DossierEntry], error) {
	var over []registry.Handover
	for _, d := range in.Body.Dossiers {
		over = append(over, registry.Handover{Licence: d.Licence, Version: d.Version})
	}
	if err := s.Office.AssignDossiers(ctx, c.actor(), in.Body.Officer, over); err != nil {
		return nil, err
	}
	var out []DossierEntry
	for _, d := range in.Body.Dossiers {
		found, err := s.Office.Dossier(ctx, c.actor(), d.Licence)
		if err != nil {
			return nil, err
		}
		out = append(out, s.dossierEntry(found.Dossier, found.Held, found.Outcome, found.Desk, found.Names))
	}
	return listOf(out), nil
}

func (s *Server) takeDossier(ctx context.Context, c *call, in *stepInput) (*dossierOutput, error) {
	return s.handOver(ctx, c, in.ID, in.Match, c.actor().Account)
}

type assignInput struct {
	IDInput
	Match
	Body struct {
		Officer string `json:"officer" maxLength:"60" doc:"Account of an officer from /desk/officers; empty puts it back to nobody."`
	}
}

func (s *Server) assignDossier(ctx context.Context, c *call, in *assignInput) (*dossierOutput, error) {
	return s.handOver(ctx, c, in.ID, in.Match, in.Body.Officer)
}

func (s *Server) handOver(ctx context.Context, c *call, id string, match Match, officer string) (*dossierOutput, error) {
	version, err := match.version()
	if err != nil {
		return nil, err
	}
	err = s.Office.AssignDossiers(ctx, c.actor(), officer, []registry.Handover{{Licence: id, Version: version, Any: version == 0}})
	return s.changedDossier(ctx, c, id, err)
}

type noteInput struct {
	IDInput
	Match
	Body struct {
		Note     string   `json:"note" maxLength:"4000" doc:"Colleagues whom it names as @Full Name are told as well, in small or capital letters; where several have the name, mentions must say who is meant."`
		Mentions []string `json:"mentions,omitempty" nullable:"false" maxItems:"50" doc:"Accounts of colleagues from /desk/officers who are to be told."`
	}
}

func (s *Server) noteDossier(ctx context.Context, c *call, in *noteInput) (*dossierOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	_, err = s.Office.NoteDossier(ctx, c.actor(), in.ID, version, in.Body.Note, in.Body.Mentions)
	return s.changedDossier(ctx, c, in.ID, err)
}

type tickInput struct {
	IDInput
	Match
	Group string `path:"group" maxLength:"12" doc:"scan, 3-4, 18, 2-8, 9-16 or 17: boxes that stand together on the paper, by their numbers." example:"9-16"`
}

// tick makes an operation that notes an agreement, or takes it back.
func (s *Server) tick(agrees bool) func(context.Context, *call, *tickInput) (*dossierOutput, error) {
	return func(ctx context.Context, c *call, in *tickInput) (*dossierOutput, error) {
		version, err := in.version()
		if err != nil {
			return nil, err
		}
		_, err = s.Office.TickBox(ctx, c.actor(), in.ID, version, in.Group, agrees)
		return s.changedDossier(ctx, c, in.ID, err)
	}
}

// parameters gathers what is wrong with several parameters; nil when nothing is.
func parameters(errs ...error) error {
	var boxes []flegt.BoxError
	for _, err := range errs {
		if e, ok := err.(*flegt.Error); ok {
			boxes = append(boxes, e.Boxes...)
		} else if err != nil {
			return err
		}
	}
	return flegt.InvalidBoxes(boxes)
}
