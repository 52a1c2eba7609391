package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// keepPages is how long a picture of a page is kept ready.
const keepPages = 7 * 24 * time.Hour

// Page opens the picture of one page of an attachment that KeepPage made; NotFound when
// there is none. The caller closes it.
func (db *DB) Page(sum string, number int) (*os.File, error) {
	if !sumForm.MatchString(sum) {
		return nil, flegt.Missing()
	}
	f, err := os.Open(db.pagePath(sum, number))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, flegt.Missing()
	}
	return f, err
}

// KeepPage keeps the picture of a page ready for the next who asks. It can be made again at
// any time: no backup has it, and after a week it is dropped.
func (db *DB) KeepPage(sum string, number int, write func(io.Writer) error) (err error) {
	if !sumForm.MatchString(sum) {
		return flegt.Missing()
	}
	if err := os.MkdirAll(db.pagesDir(sum), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(db.pagesDir(sum), "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), db.pagePath(sum, number))
}

func (db *DB) pagesDir(sum string) string { return filepath.Join(db.dir, "pages", sum) }

func (db *DB) pagePath(sum string, number int) string {
	return filepath.Join(db.pagesDir(sum), strconv.Itoa(number))
}

// sweepPages drops pictures that were made before the moment.
func (db *DB) sweepPages(before time.Time) error {
	root := filepath.Join(db.dir, "pages")
	dirs, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, d := range dirs {
		info, err := d.Info()
		if err == nil && info.ModTime().Before(before) {
			err = os.RemoveAll(filepath.Join(root, d.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
