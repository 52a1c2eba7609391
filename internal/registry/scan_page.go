package registry

import (
	"context"
	"errors"
	"io"

	"github.com/openflegt/openflegt/internal/flegt"
)

// ScanPage opens a picture of one page of a TIFF, numbered from 1, for whoever may see its
// licence: PNG or JPEG, made when it is first asked for. Invalid when no picture can be
// made of it, NotFound for other kinds of scan. The caller closes it.
func (o *Office) ScanPage(ctx context.Context, a flegt.Actor, id, scanID string, number int) (flegt.Attachment, io.ReadSeekCloser, error) {
	scan, err := o.seeScan(ctx, a, id, scanID)
	if err == nil && (scan.Type != tiffType || number < 1 || number > max(scan.Pages, 1)) {
		err = flegt.Missing()
	}
	if err != nil {
		return scan, nil, err
	}
	f, err := o.db.Page(scan.SHA256, number)
	if flegt.KindOf(err) == flegt.NotFound {
		if err := o.makePage(ctx, scan.SHA256, number); err != nil {
			return scan, nil, err
		}
		f, err = o.db.Page(scan.SHA256, number)
	}
	return scan, f, err
}

// makePage unpacks one page at a time, because a page can be large.
func (o *Office) makePage(ctx context.Context, sum string, number int) error {
	select {
	case o.unpacking <- struct{}{}:
		defer func() { <-o.unpacking }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if f, err := o.db.Page(sum, number); err == nil { // made while we waited
		return f.Close()
	}
	r, err := o.db.LocalBlob(ctx, sum)
	if err != nil {
		return err
	}
	defer r.Close()
	err = o.db.KeepPage(sum, number, func(w io.Writer) error { return writeTIFFPage(w, r, number) })
	if errors.Is(err, errNoPicture) {
		return &flegt.Error{Kind: flegt.Invalid, Key: "scan.no_picture", Cause: err}
	}
	return err
}
