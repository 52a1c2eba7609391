package registry

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"
	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// scanTypes are the media types a scan may have, found in its content.
var scanTypes = map[string]bool{"application/pdf": true, "image/jpeg": true, "image/png": true, tiffType: true}

const tiffType = "image/tiff"

// ReceivedScan is a scan that came in and was looked at, but is on no licence yet. Close
// it in any case: what was not kept is then gone.
type ReceivedScan struct {
	scan  flegt.Attachment
	bytes *store.Spooled
}

// Close lets go of what was received.
func (s *ReceivedScan) Close() error { return s.bytes.Close() }

// ReceiveScan takes a scan in while it arrives, for the licence with the id, or for a new
// draft when the id is empty: PDF, JPEG, PNG or TIFF up to 50 MB, told by its content, not
// by its name, and without a virus where a check is set up. Rights are looked at before
// the first byte is read.
func (o *Office) ReceiveScan(ctx context.Context, a flegt.Actor, id, name string, r io.Reader) (*ReceivedScan, error) {
	if err := o.mayReceive(ctx, a, id); err != nil {
		return nil, o.refused("add scan", a, err)
	}
	got, err := o.receive(ctx, a, r)
	if err != nil {
		return nil, o.refused("add scan", a, err)
	}
	got.scan.ID, got.scan.Name, got.scan.By, got.scan.At = o.newID(), cleanName(name), a.Account, o.now()
	return got, nil
}

// receive takes the bytes in and looks at them; whoever calls has looked at the rights.
func (o *Office) receive(ctx context.Context, a flegt.Actor, r io.Reader) (*ReceivedScan, error) {
	leave, err := o.uploads.enter(a.Account)
	if err != nil {
		return nil, err
	}
	defer leave()
	got, err := o.db.Spool(r, flegt.MaxScan)
	if errors.Is(err, store.ErrTooLarge) {
		return nil, scanError(flegt.TooLarge, "scan.too_large", flegt.Args{"Max": flegt.MaxScan >> 20})
	}
	if err != nil {
		return nil, err
	}
	s := &ReceivedScan{bytes: got, scan: flegt.Attachment{SHA256: got.SHA256, Size: got.Size}}
	if err = o.lookAt(ctx, a, s); err != nil {
		_ = s.Close() // what stays of it is swept
		return nil, err
	}
	return s, nil
}

// keepScan receives an image of another paper than the licence, such as a confirmation, and
// keeps it, for whoever calls to put it where it belongs.
func (o *Office) keepScan(ctx context.Context, a flegt.Actor, r io.Reader) (flegt.Attachment, error) {
	s, err := o.receive(ctx, a, r)
	if err != nil {
		return flegt.Attachment{}, err
	}
	return s.scan, errors.Join(s.bytes.Keep(ctx), s.Close())
}

// lookAt tells the type by the first bytes, and asks for viruses.
func (o *Office) lookAt(ctx context.Context, a flegt.Actor, s *ReceivedScan) error {
	if s.scan.Size == 0 {
		return scanError(flegt.Invalid, "scan.empty", nil)
	}
	mime, err := mimetype.DetectReader(s.bytes.Bytes())
	if err != nil {
		return err
	}
	found, _, _ := strings.Cut(mime.String(), ";")
	if !scanTypes[found] {
		return scanError(flegt.Invalid, "scan.type", flegt.Args{"Found": found})
	}
	s.scan.Type = found
	if found == tiffType {
		s.scan.Pages = len(tiffPages(s.bytes))
	}
	return o.checkViruses(ctx, a, s)
}

// mayReceive checks, before a large upload is read, that the actor may add to the licence.
func (o *Office) mayReceive(ctx context.Context, a flegt.Actor, id string) error {
	return o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		if id == "" {
			return access.MayCreateLicence(a)
		}
		l, err := tx.Licence(id)
		if err != nil {
			return err
		}
		if err := access.MayDo(a, l, flegt.VerbEdit); err != nil {
			return err
		}
		if _, ok := flegt.Next(l.State, a.Role, flegt.VerbEdit); !ok {
			return flegt.Refuse(flegt.Conflict, "licence.no_such_step", flegt.Args{"Verb": "edit", "State": string(l.State)})
		}
		return roomForScan(l)
	})
}

func roomForScan(l flegt.Licence) error {
	if len(l.Scans) >= flegt.MaxScans {
		return scanError(flegt.TooLarge, "scan.too_many", flegt.Args{"Max": flegt.MaxScans})
	}
	return nil
}

// AttachScan keeps a received scan with a draft.
func (o *Office) AttachScan(ctx context.Context, a flegt.Actor, id string, s *ReceivedScan) (flegt.Licence, error) {
	return o.attachScan(ctx, a, id, 0, s)
}

// attachScan keeps a received scan with a draft as it was looked at; version 0 means any.
func (o *Office) attachScan(ctx context.Context, a flegt.Actor, id string, version int, s *ReceivedScan) (l flegt.Licence, err error) {
	if err := o.mayReceive(ctx, a, id); err != nil {
		return l, o.refused("add scan", a, err)
	}
	if err := s.bytes.Keep(ctx); err != nil {
		return l, err
	}
	return o.changeLicence(ctx, a, id, version, flegt.VerbEdit, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		if err := roomForScan(*l); err != nil {
			return flegt.Event{}, err
		}
		e, err := l.Scanned(a, o.now(), "scan_added", s.scan)
		if err == nil {
			l.Scans = append(l.Scans[:len(l.Scans):len(l.Scans)], s.scan)
		}
		return e, err
	})
}

// AddScan receives a scan and keeps it with a draft.
func (o *Office) AddScan(ctx context.Context, a flegt.Actor, id, name string, r io.Reader) (flegt.Licence, error) {
	return o.AddScanAt(ctx, a, id, 0, name, r)
}

// AddScanAt receives a scan and keeps it with a draft as it was looked at; version 0 means
// any. When the draft was changed meanwhile, it is refused before the file is read if that is
// known by then.
func (o *Office) AddScanAt(ctx context.Context, a flegt.Actor, id string, version int, name string, r io.Reader) (l flegt.Licence, err error) {
	if err := o.unchanged(ctx, a, id, version); err != nil {
		return l, o.refused("add scan", a, err)
	}
	s, err := o.ReceiveScan(ctx, a, id, name, r)
	if err != nil {
		return l, err
	}
	defer s.Close()
	return o.attachScan(ctx, a, id, version, s)
}

// unchanged looks, before much is read, whether a licence is still in the version that was
// looked at; the change itself looks again.
func (o *Office) unchanged(ctx context.Context, a flegt.Actor, id string, version int) error {
	return o.db.View(ctx, func(tx *store.Tx) error {
		l, err := tx.Licence(id)
		if err == nil {
			err = access.MaySeeLicence(a, &l)
		}
		if err == nil && version != 0 && version != l.Version {
			err = flegt.Refuse(flegt.Conflict, "error.changed_meanwhile", nil)
		}
		return err
	})
}

func scanError(kind flegt.Kind, key string, args flegt.Args) error {
	return &flegt.Error{Kind: kind, Key: key, Args: args, Boxes: []flegt.BoxError{{Box: "scan", Key: key, Args: args}}}
}

// cleanName keeps the last part of a file's name, without control characters, at most 120.
func cleanName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '"' {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 120 {
		name = string(r[len(r)-120:])
	}
	if name == "" || name == "." || name == "/" {
		return "scan"
	}
	return name
}

// RemoveScan takes a scan off a draft.
func (o *Office) RemoveScan(ctx context.Context, a flegt.Actor, id, scanID string) (flegt.Licence, error) {
	return o.RemoveScanAt(ctx, a, id, 0, scanID)
}

// RemoveScanAt takes a scan off a draft as it was looked at; version 0 means any.
func (o *Office) RemoveScanAt(ctx context.Context, a flegt.Actor, id string, version int, scanID string) (flegt.Licence, error) {
	return o.changeLicence(ctx, a, id, version, flegt.VerbEdit, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		for i, s := range l.Scans {
			if s.ID == scanID {
				e, err := l.Scanned(a, o.now(), "scan_removed", s)
				if err == nil {
					l.Scans = append(append([]flegt.Attachment{}, l.Scans[:i]...), l.Scans[i+1:]...)
				}
				return e, err
			}
		}
		return flegt.Event{}, flegt.Missing()
	})
}

// Scan opens a scan for whoever may see its licence. A look by customs is logged. The caller closes
// it.
func (o *Office) Scan(ctx context.Context, a flegt.Actor, id, scanID string) (scan flegt.Attachment, f io.ReadSeekCloser, err error) {
	if scan, err = o.seeScan(ctx, a, id, scanID); err != nil {
		return scan, nil, err
	}
	f, err = o.db.Blob(ctx, scan.SHA256)
	return scan, f, err
}

// scanLook is how long a look by customs at a licence's scans is one look: a browser fetches a scan
// in many pieces, page by page.
const scanLook = 10 * time.Minute

// seeScan finds a scan for whoever may see its licence, and logs that customs looks at it.
func (o *Office) seeScan(ctx context.Context, a flegt.Actor, id, scanID string) (scan flegt.Attachment, err error) {
	var l flegt.Licence
	looking := false // and it is logged already
	err = o.db.View(ctx, func(tx *store.Tx) (err error) {
		if l, err = tx.Licence(id); err != nil {
			return err
		}
		if err := access.MaySeeScan(a, l); err != nil {
			return err
		}
		files := l.Files()
		i := slices.IndexFunc(files, func(s flegt.Attachment) bool { return s.ID == scanID })
		if i < 0 {
			return flegt.Missing()
		}
		scan = files[i]
		if !a.Is(flegt.RoleCustoms) {
			return nil
		}
		looks, err := tx.LastLooks(id, looksShown)
		looking = slices.ContainsFunc(looks, func(e flegt.Event) bool {
			return e.Account == a.Account && e.Data["found"] == "scan" && o.now().Sub(e.At) < scanLook
		})
		return err
	})
	if err == nil && !looking {
		err = o.looked(ctx, a, l, "scan")
	}
	if err != nil {
		return flegt.Attachment{}, err
	}
	return scan, nil
}
