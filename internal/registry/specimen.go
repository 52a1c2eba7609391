package registry

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/store"
)

// AddSpecimen enters a specimen with its image, PNG or JPEG, which goes the way of every
// upload: told by its content, looked at for viruses, kept by its hash.
func (o *Office) AddSpecimen(ctx context.Context, a flegt.Actor, s flegt.Specimen, name string, image io.Reader) (flegt.Specimen, error) {
	if err := access.MayEnterSpecimen(a); err != nil {
		return s, o.refused("add specimen", a, err)
	}
	if err := o.db.View(ctx, func(tx *store.Tx) error { return holds(tx, a) }); err != nil {
		return s, o.refused("add specimen", a, err)
	}
	s.Body, s.Source, s.Note = strings.TrimSpace(s.Body), strings.TrimSpace(s.Source), strings.TrimSpace(s.Note)
	if s.Body == "" {
		s.Body = s.Known
	}
	boxes := s.Check()
	if s.Known != "" && !o.issues(s.Country, s.Known) {
		boxes = append(boxes, flegt.BoxError{Box: "known_body", Key: "specimen.known.other"})
	}
	if len(s.Country) == 2 {
		if _, partner := o.ref.LicensingOf(s.Country); !partner {
			boxes = append(boxes, flegt.BoxError{Box: "country", Key: "error.choose_country"})
		}
	}
	if image == nil {
		boxes = append(boxes, flegt.BoxError{Box: "image", Key: "error.required"})
	}
	if err := flegt.InvalidBoxes(boxes); err != nil {
		return s, o.refused("add specimen", a, err)
	}
	kept, err := o.keepPicture(ctx, a, image)
	if err != nil {
		return s, o.refused("add specimen", a, err)
	}
	kept.ID, kept.Name, kept.By, kept.At = o.newID(), cleanName(name), a.Account, o.now()
	s.ID, s.Image, s.Version = o.newID(), kept, 1
	s.EnteredBy, s.ForBody, s.EnteredAt = a.Account, a.Body, o.now()
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if err := tx.AddSpecimen(s); err != nil {
			return err
		}
		_, err := tx.Append(s.Entered(a, o.now()), s)
		return err
	})
	return s, o.refused("add specimen", a, err)
}

// issues says whether our list has a body of exactly this name that issues licences in a country.
func (o *Office) issues(country, name string) bool {
	return slices.ContainsFunc(o.ref.IssuingBodies(country), func(b reference.LicensingBody) bool { return b.Name == name })
}

// keepPicture receives a picture and keeps it; other kinds of scan are refused.
func (o *Office) keepPicture(ctx context.Context, a flegt.Actor, r io.Reader) (flegt.Attachment, error) {
	got, err := o.receive(ctx, a, r)
	if err != nil {
		return flegt.Attachment{}, inBox(err, "image")
	}
	defer got.Close()
	if got.scan.Type != "image/png" && got.scan.Type != "image/jpeg" {
		return got.scan, flegt.InvalidBoxes([]flegt.BoxError{{Box: "image", Key: "specimen.picture"}})
	}
	return got.scan, got.bytes.Keep(ctx)
}

// EndSpecimen sets the last day on which a specimen was in use. version is the one that was
// looked at.
func (o *Office) EndSpecimen(ctx context.Context, a flegt.Actor, id string, version int, last flegt.Date) error {
	err := o.db.Update(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if err := access.MayEnterSpecimen(a); err != nil {
			return err
		}
		s, err := tx.Specimen(id)
		if err != nil {
			return err
		}
		if err := access.MayEndSpecimen(a, s); err != nil {
			return err
		}
		if version != 0 && version != s.Version {
			return flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		e, err := s.End(a, o.now(), last)
		if err != nil {
			return err
		}
		if err := tx.SaveSpecimen(&s); err != nil {
			return err
		}
		e.Version = s.Version
		_, err = tx.Append(e, s)
		return err
	})
	return o.refused("end specimen", a, err)
}

// Specimens lists a page of the specimens, and says how many there are in all.
func (o *Office) Specimens(ctx context.Context, a flegt.Actor, q SpecimenQuery) (out []flegt.Specimen, count int, err error) {
	if err := access.MaySeeSpecimens(a); err != nil {
		return nil, 0, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if count, err = tx.CountSpecimens(q.Country); err != nil {
			return err
		}
		out, err = tx.Specimens(q)
		return err
	})
	return out, count, err
}

// SpecimensFor lists what to compare a licence with: specimens of its country and issuing body
// that were in use on its day of issue. The body is the same whichever of its known names the
// paper and the specimen have; where it was chosen from our list, its name in the specimen tells
// nothing. They come by the body's name, the newest first, limit of them at most, after the one
// whose id is after; empty begins.
func (o *Office) SpecimensFor(ctx context.Context, a flegt.Actor, l flegt.Licence, after string, limit int) (out []flegt.Specimen, err error) {
	if err := access.MaySeeSpecimens(a); err != nil {
		return nil, err
	}
	body := o.ref.IssuingBody(l.Form.Export, l.Form.IssuingBody.Name)
	if l.Form.Export == "" || body == "" {
		return nil, nil
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		out = nil
		for q := (store.SpecimenQuery{Country: l.Form.Export, After: after, Limit: specimensAtOnce}); ; {
			found, err := tx.Specimens(q)
			if err != nil {
				return err
			}
			for _, s := range found {
				if s.ValidOn(l.Form.Issued) && o.ref.IssuingBody(s.Country, cmp.Or(s.Known, s.Body)) == body {
					out = append(out, s)
				}
			}
			if len(out) >= limit || len(found) < q.Limit {
				out = out[:min(len(out), limit)]
				return nil
			}
			q.After = found[len(found)-1].ID
		}
	})
	return out, err
}

// specimensAtOnce is how many specimens of a country are looked through at a time.
const specimensAtOnce = 1000

// SpecimenImage opens a specimen's image. The caller closes it.
func (o *Office) SpecimenImage(ctx context.Context, a flegt.Actor, id string) (s flegt.Specimen, f io.ReadSeekCloser, err error) {
	if err := access.MaySeeSpecimens(a); err != nil {
		return s, nil, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		s, err = tx.Specimen(id)
		return err
	})
	if err != nil {
		return s, nil, err
	}
	f, err = o.db.Blob(ctx, s.Image.SHA256)
	return s, f, err
}
