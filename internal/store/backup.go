package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gocloud.dev/blob"
)

// Backup writes a copy of the registry into a folder while it is in use: the database as it
// is at one moment, then the attachments, which are there before a row speaks of them. The
// folder is then a data folder like any other. A second backup into the same folder
// replaces the database and adds only attachments that are new. Of PostgreSQL only the
// attachments are copied; pg_dump copies the rest, and must run first. tell hears of each
// file; it may be nil.
func (db *DB) Backup(ctx context.Context, dir string, tell func(done, total int)) error {
	if same, err := sameFolder(db.dir, dir); err != nil || same {
		return errors.Join(err, fmt.Errorf("%s is the data folder itself", dir))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if db.dialect == sqlite {
		if err := db.copyDatabase(ctx, filepath.Join(dir, "openflegt.db")); err != nil {
			return fmt.Errorf("copy the database: %w", err)
		}
	}
	var files []string
	if err := db.backupBucket(ctx, dir); err != nil {
		return err
	}
	for _, part := range []string{"blobs", "reference"} {
		found, err := filesIn(db.dir, part)
		if err != nil {
			return err
		}
		files = append(files, found...)
	}
	for i, name := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := copyFile(filepath.Join(db.dir, name), filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("copy %s: %w", name, err)
		}
		if tell != nil {
			tell(i+1, len(files))
		}
	}
	return syncDir(dir)
}

// backupBucket copies the attachments that lie in a bucket, those alone that the folder has
// not.
func (db *DB) backupBucket(ctx context.Context, dir string) error {
	if db.bucket == db.files {
		return nil
	}
	to := &DB{dir: dir}
	if err := to.openBlobs(ctx, ""); err != nil {
		return err
	}
	defer to.closeBlobs()
	return eachBlob(ctx, db.bucket, func(o *blob.ListObject, sum string) error {
		if info, err := os.Stat(to.blobPath(sum)); err == nil && info.Size() == o.Size {
			return nil
		}
		r, err := db.bucket.NewReader(ctx, o.Key, nil)
		if err != nil {
			return err
		}
		defer r.Close()
		copied, err := to.Spool(r, o.Size)
		if err != nil {
			return err
		}
		defer copied.Close()
		if copied.SHA256 != sum {
			return fmt.Errorf("the attachment %s has the hash %s in the bucket", sum, copied.SHA256)
		}
		return copied.Keep(ctx)
	})
}

func sameFolder(a, b string) (bool, error) {
	first, err := os.Stat(a)
	if err != nil {
		return false, err
	}
	second, err := os.Stat(b)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(first, second), err
}

// copyDatabase writes the database anew in one transaction and puts it in the place of an
// older copy. https://www.sqlite.org/lang_vacuum.html#vacuuminto
func (db *DB) copyDatabase(ctx context.Context, target string) error {
	fresh := target + ".new"
	for _, old := range []string{fresh, target + "-wal", target + "-shm"} {
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	own, err := sql.Open("sqlite", "file:"+filepath.Join(db.dir, "openflegt.db")+"?_pragma=busy_timeout(15000)") // the readers may write nowhere
	if err != nil {
		return err
	}
	_, err = own.ExecContext(ctx, `VACUUM INTO $1`, fresh)
	if err := errors.Join(err, own.Close()); err != nil {
		return err
	}
	f, err := os.OpenFile(fresh, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close(), os.Chmod(fresh, 0o600)); err != nil {
		return err
	}
	return os.Rename(fresh, target)
}

// filesIn lists the finished files under a part of the data folder, by their path in it.
func filesIn(dir, part string) (files []string, err error) {
	err = filepath.WalkDir(filepath.Join(dir, part), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		if unfinished, _ := filepath.Match("new-*", d.Name()); unfinished {
			return nil
		}
		name, err := filepath.Rel(dir, path)
		files = append(files, name)
		return err
	})
	return files, err
}

// copyFile copies a file, unless the target is there already with the same size and time.
func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if there, err := os.Stat(to); err == nil && there.Size() == info.Size() && there.ModTime().Equal(info.ModTime()) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(to), "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	return errors.Join(os.Chtimes(out.Name(), info.ModTime(), info.ModTime()), os.Rename(out.Name(), to))
}
