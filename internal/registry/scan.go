package registry

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// scanTypes are the media types a scan may have, found in its content.
var scanTypes = map[string]bool{"application/pdf": true, "image/jpeg": true, "image/png": true, "image/tiff": true}

// AddScan keeps a scan with a draft: PDF, JPEG, PNG or TIFF up to 50 MB, told by its
// content, not by its name.
func (o *Office) AddScan(ctx context.Context, a flegt.Actor, id, name string, r io.Reader) (l flegt.Licence, err error) {
	if l, err = o.draftFor(ctx, a, id); err != nil {
		return l, o.refused("add scan", a, err)
	}
	if len(l.Scans) >= flegt.MaxScans {
		return l, flegt.Refuse(flegt.TooLarge, "scan.too_many", flegt.Args{"Max": flegt.MaxScans})
	}
	scan, err := o.keepScan(r)
	if err != nil {
		return l, o.refused("add scan", a, err)
	}
	scan.ID, scan.Name, scan.By, scan.At = o.newID(), cleanName(name), a.Account, o.now()
	return o.changeLicence(ctx, a, id, 0, flegt.VerbEdit, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
		if len(l.Scans) >= flegt.MaxScans {
			return flegt.Event{}, flegt.Refuse(flegt.TooLarge, "scan.too_many", flegt.Args{"Max": flegt.MaxScans})
		}
		e, err := l.Scanned(a, o.now(), "scan_added", scan)
		if err == nil {
			l.Scans = append(l.Scans[:len(l.Scans):len(l.Scans)], scan)
		}
		return e, err
	})
}

// draftFor checks, before a large upload is read, that the actor may add to the licence.
func (o *Office) draftFor(ctx context.Context, a flegt.Actor, id string) (l flegt.Licence, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if l, err = tx.Licence(id); err != nil {
			return err
		}
		return access.MayDo(a, l, flegt.VerbEdit)
	})
	if _, ok := flegt.Next(l.State, a.Role, flegt.VerbEdit); err == nil && !ok {
		err = flegt.Refuse(flegt.Conflict, "licence.no_such_step", flegt.Args{"Verb": "edit", "State": string(l.State)})
	}
	return l, err
}

// keepScan tells the type by the first bytes and keeps the rest without holding it all.
func (o *Office) keepScan(r io.Reader) (scan flegt.Attachment, err error) {
	head := make([]byte, 3072)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return scan, err
	}
	head = head[:n]
	if n == 0 {
		return scan, scanError("scan.empty", nil)
	}
	found, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	if !scanTypes[found] {
		return scan, scanError("scan.type", flegt.Args{"Found": found})
	}
	scan.Type = found
	scan.SHA256, scan.Size, err = o.db.PutBlob(io.MultiReader(bytes.NewReader(head), r), flegt.MaxScan)
	if errors.Is(err, store.ErrTooLarge) {
		return scan, &flegt.Error{Kind: flegt.TooLarge, Key: "scan.too_large", Args: flegt.Args{"Max": flegt.MaxScan >> 20},
			Boxes: []flegt.BoxError{{Box: "scan", Key: "scan.too_large", Args: flegt.Args{"Max": flegt.MaxScan >> 20}}}}
	}
	return scan, err
}

func scanError(key string, args flegt.Args) error {
	return &flegt.Error{Kind: flegt.Invalid, Key: key, Args: args, Boxes: []flegt.BoxError{{Box: "scan", Key: key, Args: args}}}
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
	return o.changeLicence(ctx, a, id, 0, flegt.VerbEdit, func(_ *store.Tx, l *flegt.Licence) (flegt.Event, error) {
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

// Scan opens a scan for whoever may see its licence. The caller closes the file.
func (o *Office) Scan(ctx context.Context, a flegt.Actor, id, scanID string) (scan flegt.Attachment, f *os.File, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		l, err := tx.Licence(id)
		if err != nil {
			return err
		}
		if err := access.MaySeeScan(a, l); err != nil {
			return err
		}
		for _, s := range l.Files() {
			if s.ID == scanID {
				scan = s
				return nil
			}
		}
		return flegt.Missing()
	})
	if err != nil {
		return scan, nil, err
	}
	f, err = o.db.Blob(scan.SHA256)
	return scan, f, err
}
