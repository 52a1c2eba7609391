package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/openflegt/openflegt/internal/flegt"
)

// ErrTooLarge is what PutBlob gives when the reader has more than the limit.
var ErrTooLarge = errors.New("larger than the limit")

// PutBlob keeps bytes outside the database, by their SHA-256, and gives hash and size. They
// are on disk when it returns. Bytes that are there already are not written again.
func (db *DB) PutBlob(r io.Reader, limit int64) (sum string, size int64, err error) {
	dir := filepath.Join(db.dir, "blobs")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", 0, err
	}
	f, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, h), io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, err
	}
	if size > limit {
		return "", 0, ErrTooLarge
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return "", 0, err
	}
	sum = hex.EncodeToString(h.Sum(nil))
	target := db.blobPath(sum)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return "", 0, err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return "", 0, fmt.Errorf("keep attachment: %w", err)
	}
	return sum, size, syncDir(filepath.Dir(target))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Blob opens bytes by their hash; NotFound when there are none. The caller closes it.
func (db *DB) Blob(sum string) (*os.File, error) {
	if len(sum) != 64 {
		return nil, flegt.Missing()
	}
	f, err := os.Open(db.blobPath(sum))
	if errors.Is(err, os.ErrNotExist) {
		return nil, flegt.Missing()
	}
	return f, err
}

func (db *DB) blobPath(sum string) string { return filepath.Join(db.dir, "blobs", sum[:2], sum) }
