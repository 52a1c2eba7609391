package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/openflegt/openflegt/internal/flegt"
)

// sums finds the hashes of all attachments that a noun's body speaks of, wherever in it.
var sums = regexp.MustCompile(`"SHA256":"([0-9a-f]{64})"`)

func sumsIn(body string) (out []string) {
	for _, m := range sums.FindAllStringSubmatch(body, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// useBlobs notes which attachments a licence speaks of. What a licence has once been lodged
// with stays noted, so that it stays on record; a draft lets go of what it drops.
func (tx *Tx) useBlobs(before, after string, l flegt.Licence) error {
	had, has := sumsIn(before), sumsIn(after)
	for _, sum := range has {
		if slices.Contains(had, sum) {
			continue
		}
		if _, err := tx.exec(`INSERT INTO blob_use (sha256, licence) VALUES ($1, $2) ON CONFLICT DO NOTHING`, sum, l.ID); err != nil {
			return err
		}
	}
	if !l.SubmittedAt.IsZero() {
		return nil
	}
	for _, sum := range had {
		if slices.Contains(has, sum) {
			continue
		}
		if _, err := tx.exec(`DELETE FROM blob_use WHERE sha256 = $1 AND licence = $2`, sum, l.ID); err != nil {
			return err
		}
	}
	return nil
}

// BlobUsed says whether any licence speaks of the bytes with this hash.
func (tx *Tx) BlobUsed(sum string) (bool, error) {
	var n int
	err := tx.row(`SELECT count(*) FROM blob_use WHERE sha256 = $1`, sum).Scan(&n)
	return n > 0, err
}

// SweepBlobs deletes attachments that no licence speaks of and that came before the moment,
// with what was left of uploads and pictures of pages; it says how many attachments went.
// With a bucket it first moves there what lies in the data folder.
func (db *DB) SweepBlobs(ctx context.Context, before time.Time) (gone int, err error) {
	if err := errors.Join(db.sweepUnfinished(before), db.moveBlobs(ctx), db.sweepPages(time.Now().Add(-keepPages))); err != nil {
		return 0, err
	}
	err = eachBlob(ctx, db.bucket, func(o *blob.ListObject, sum string) error {
		if !o.ModTime.Before(before) {
			return nil
		}
		swept, err := db.sweepBlob(ctx, sum, before)
		if swept {
			gone++
		}
		return err
	})
	return gone, err
}

// sweepBlob looks twice: an upload of the same bytes may have put them anew meanwhile. Two
// servers on one bucket have no lock between them; there the second look is what protects.
func (db *DB) sweepBlob(ctx context.Context, sum string, before time.Time) (bool, error) {
	used := func() (used bool, err error) {
		err = db.View(ctx, func(tx *Tx) error {
			used, err = tx.BlobUsed(sum)
			return err
		})
		return used, err
	}
	if used, err := used(); err != nil || used {
		return false, err
	}
	db.keeping.Lock()
	defer db.keeping.Unlock()
	at, err := db.bucket.Attributes(ctx, blobKey(sum))
	if gcerrors.Code(err) == gcerrors.NotFound {
		return false, nil
	}
	if err != nil || !at.ModTime.Before(before) {
		return false, err
	}
	if used, err := used(); err != nil || used {
		return false, err
	}
	if err := db.bucket.Delete(ctx, blobKey(sum)); err != nil {
		return false, err
	}
	return true, os.RemoveAll(db.pagesDir(sum))
}

// eachBlob hands every attachment in a bucket to fn.
func eachBlob(ctx context.Context, b *blob.Bucket, fn func(o *blob.ListObject, sum string) error) error {
	for list := b.List(nil); ; {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if two, sum, _ := strings.Cut(o.Key, "/"); sumForm.MatchString(sum) && two == sum[:2] {
			if err := fn(o, sum); err != nil {
				return err
			}
		}
	}
}

// sweepUnfinished takes away temporary files of uploads that ended with the machine.
func (db *DB) sweepUnfinished(before time.Time) error {
	left, err := filepath.Glob(filepath.Join(db.dir, "blobs", "new-*"))
	if err != nil {
		return err
	}
	for _, name := range left {
		info, err := os.Stat(name)
		if err == nil && info.ModTime().Before(before) {
			err = os.Remove(name)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// moveBlobs puts into the bucket what still lies in the data folder.
func (db *DB) moveBlobs(ctx context.Context) error {
	if db.bucket == db.files {
		return nil
	}
	return eachBlob(ctx, db.files, func(o *blob.ListObject, sum string) error {
		if err := copyBlob(ctx, db.files, db.bucket, sum); err != nil {
			return err
		}
		return db.files.Delete(ctx, o.Key)
	})
}

func copyBlob(ctx context.Context, from, to *blob.Bucket, sum string) error {
	r, err := from.NewReader(ctx, blobKey(sum), nil)
	if err != nil {
		return err
	}
	defer r.Close()
	return to.Upload(ctx, blobKey(sum), r, &blob.WriterOptions{ContentType: "application/octet-stream"})
}
