package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // s3://…
	"gocloud.dev/gcerrors"

	"github.com/openflegt/openflegt/internal/flegt"
)

// ErrTooLarge is what Spool gives when the reader has more than the limit.
var ErrTooLarge = errors.New("larger than the limit")

// openBlobs opens where attachments lie: the folder "blobs" of the data folder, or the
// bucket of an address that gocloud.dev/blob understands, such as s3://name?region=….
// What lies in the folder stays readable with a bucket, so that a restored backup works.
func (db *DB) openBlobs(ctx context.Context, address string) (err error) {
	dir := filepath.Join(db.dir, "blobs")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	options := &fileblob.Options{DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite}
	if db.files, err = fileblob.OpenBucket(dir, options); err != nil {
		return err
	}
	db.bucket = db.files
	if address != "" {
		if db.bucket, err = openBucket(ctx, address); err != nil {
			return errors.Join(fmt.Errorf("place of the scans: %w", err), db.files.Close())
		}
	}
	return nil
}

// openBucket leaves out the checksums that only Amazon's own S3 knows, unless the address
// asks for them: every attachment is held against its SHA-256 anyway.
func openBucket(ctx context.Context, address string) (*blob.Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return nil, fmt.Errorf("%q is not s3://BUCKET", address)
	}
	q := u.Query()
	for _, name := range []string{"request_checksum_calculation", "response_checksum_validation"} {
		if !q.Has(name) {
			q.Set(name, "when_required")
		}
	}
	u.RawQuery = q.Encode()
	return blob.OpenBucket(ctx, u.String())
}

func (db *DB) closeBlobs() error {
	if db.bucket != db.files {
		return errors.Join(db.bucket.Close(), db.files.Close())
	}
	return db.files.Close()
}

// Spooled are bytes that came in and are not kept yet. Close lets them go; after Keep it
// takes away what is left of the way.
type Spooled struct {
	SHA256 string // hex
	Size   int64  // bytes
	db     *DB
	file   *os.File
}

// Spool takes bytes in, in one temporary file and never whole in memory, and finds their
// hash on the way. ErrTooLarge when there are more than limit; nothing is left then.
func (db *DB) Spool(r io.Reader, limit int64) (*Spooled, error) {
	f, err := os.CreateTemp(filepath.Join(db.dir, "blobs"), "new-*")
	if err != nil {
		return nil, err
	}
	s := &Spooled{db: db, file: f}
	h := sha256.New()
	s.Size, err = io.Copy(io.MultiWriter(f, h), io.LimitReader(r, limit+1))
	if err == nil && s.Size > limit {
		err = ErrTooLarge
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.SHA256 = hex.EncodeToString(h.Sum(nil))
	return s, nil
}

// Bytes reads what came in, from the start or anywhere.
func (s *Spooled) Bytes() *io.SectionReader { return io.NewSectionReader(s.file, 0, s.Size) }

// ReadAt implements io.ReaderAt.
func (s *Spooled) ReadAt(p []byte, at int64) (int, error) { return s.file.ReadAt(p, at) }

// Close drops the temporary file.
func (s *Spooled) Close() error {
	err := errors.Join(s.file.Close(), os.Remove(s.file.Name()))
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// Keep puts the bytes where they stay, by their hash. They are there for good when it
// returns. Bytes that are there already are put anew, so that no sweep takes them for old.
func (s *Spooled) Keep(ctx context.Context) error {
	s.db.keeping.RLock()
	defer s.db.keeping.RUnlock()
	if s.db.bucket != s.db.files {
		return s.db.bucket.Upload(ctx, blobKey(s.SHA256), s.Bytes(), &blob.WriterOptions{ContentType: "application/octet-stream"})
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	target := s.db.blobPath(s.SHA256)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	if err := os.Rename(s.file.Name(), target); err != nil {
		return fmt.Errorf("keep attachment: %w", err)
	}
	return errors.Join(syncDir(filepath.Dir(target)), syncDir(filepath.Join(s.db.dir, "blobs")))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Blob opens bytes by their hash; NotFound when there are none. Reading any part of them
// reads no more than that part. The caller closes it.
func (db *DB) Blob(ctx context.Context, sum string) (io.ReadSeekCloser, error) {
	if !sumForm.MatchString(sum) {
		return nil, flegt.Missing()
	}
	r, err := db.bucket.NewReader(ctx, blobKey(sum), nil)
	if gcerrors.Code(err) == gcerrors.NotFound && db.bucket != db.files {
		r, err = db.files.NewReader(ctx, blobKey(sum), nil)
	}
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, flegt.Missing()
	}
	if err != nil {
		return nil, fmt.Errorf("open attachment: %w", err)
	}
	return r, nil
}

// LocalBlob gives bytes as a file that can be read at any place, copied from the bucket
// first where they lie in one. The caller closes it, and no copy is left.
func (db *DB) LocalBlob(ctx context.Context, sum string) (interface {
	io.ReaderAt
	io.Closer
}, error) {
	if sumForm.MatchString(sum) {
		if f, err := os.Open(db.blobPath(sum)); err == nil {
			return f, nil
		}
	}
	r, err := db.Blob(ctx, sum)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return db.Spool(r, flegt.MaxScan)
}

var sumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// blobKey is the same in every place: two letters of the hash, then the hash.
func blobKey(sum string) string { return sum[:2] + "/" + sum }

func (db *DB) blobPath(sum string) string { return filepath.Join(db.dir, "blobs", sum[:2], sum) }
