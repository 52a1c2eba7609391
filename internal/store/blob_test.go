package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

func keep(t *testing.T, db *store.DB, text string) string {
	t.Helper()
	s, err := db.Spool(strings.NewReader(text), 100)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Keep(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s.SHA256
}

func readBlob(t *testing.T, db *store.DB, sum string) string {
	t.Helper()
	f, err := db.Blob(context.Background(), sum)
	if flegt.KindOf(err) == flegt.NotFound {
		return "gone"
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// left lists what lies in the folder of attachments.
func left(t *testing.T, db *store.DB) (names []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(db.Dir(), "blobs"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// broken gives some bytes and then the error of a line that broke.
type broken struct{ r io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestSpoolLeavesNothingBehind(t *testing.T) {
	db := storetest.SQLite(t)
	if _, err := db.Spool(strings.NewReader("123456"), 5); !errors.Is(err, store.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := db.Spool(broken{strings.NewReader("123")}, 5); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("broken off: %v", err)
	}
	s, err := db.Spool(strings.NewReader("12345"), 5)
	if err != nil || s.Size != 5 {
		t.Fatalf("%+v %v", s, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if names := left(t, db); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
	if _, err := db.Blob(context.Background(), "../../openflegt.db"); flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("a name that is no hash: %v", err)
	}
}

// TestSweepTakesWhatNobodySpeaksOf is about drafts that drop a scan, drafts that are given
// up, and what was lodged.
func TestSweepTakesWhatNobodySpeaksOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		stray, dropped, lodged, young := keep(t, db, "stray"), keep(t, db, "dropped"), keep(t, db, "lodged"), keep(t, db, "young")
		draft := flegt.Licence{ID: "d", State: flegt.Draft, Version: 1, CreatedAt: day, UpdatedAt: day, Scans: []flegt.Attachment{{SHA256: dropped}}}
		sent := flegt.Licence{ID: "s", State: flegt.Draft, Version: 1, CreatedAt: day, UpdatedAt: day, Scans: []flegt.Attachment{{SHA256: lodged}}}
		update(t, db, func(tx *store.Tx) error { return errors.Join(tx.AddLicence(draft), tx.AddLicence(sent)) })
		old := time.Now().Add(-48 * time.Hour)
		unfinished := filepath.Join(db.Dir(), "blobs", "new-1")
		if err := os.WriteFile(unfinished, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, sum := range []string{stray, dropped, lodged} {
			age(t, filepath.Join(db.Dir(), "blobs", sum[:2], sum), old)
		}
		age(t, unfinished, old)
		sweep := func(want int, texts ...string) {
			t.Helper()
			gone, err := db.SweepBlobs(ctx, time.Now().Add(-24*time.Hour))
			if err != nil || gone != want {
				t.Errorf("%d went, %v", gone, err)
			}
			for i, sum := range []string{stray, dropped, lodged, young} {
				if got := readBlob(t, db, sum); got != texts[i] {
					t.Errorf("%d: %q, want %q", i, got, texts[i])
				}
			}
		}
		sweep(1, "gone", "dropped", "lodged", "young")
		if _, err := os.Stat(unfinished); err == nil {
			t.Error("an unfinished upload is still there")
		}
		// A lodged licence that lets a scan go keeps it on record; a draft does not.
		before := sent
		sent.SubmittedAt, sent.Scans = time.Now(), nil
		less := draft
		less.Scans = nil
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.SaveLicence(before, &sent), tx.SaveLicence(draft, &less))
		})
		sweep(1, "gone", "gone", "lodged", "young")
	})
}

func age(t *testing.T, file string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(file, at, at); err != nil {
		t.Fatal(err)
	}
}

// TestBucket keeps scans in something that speaks like S3: an upload, a range, a backup, a
// folder that becomes a bucket, and the sweep.
func TestBucket(t *testing.T) {
	ctx := context.Background()
	s3 := startBucket(t)
	dir := t.TempDir()
	db := openIn(t, dir, "")
	earlier := keep(t, db, "earlier")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openIn(t, dir, s3.address)
	defer db.Close()
	sum := keep(t, db, "in the bucket")
	if readBlob(t, db, sum) != "in the bucket" || readBlob(t, db, earlier) != "earlier" {
		t.Error("a scan is not found")
	}
	f, err := db.Blob(ctx, sum)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	part := make([]byte, 6)
	if _, err := f.Seek(7, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(f, part); err != nil || string(part) != "bucket" {
		t.Errorf("%q %v", part, err)
	}
	backup := filepath.Join(t.TempDir(), "copy")
	if err := db.Backup(ctx, backup, nil); err != nil {
		t.Fatal(err)
	}
	again := openIn(t, backup, "")
	defer again.Close()
	if readBlob(t, again, sum) != "in the bucket" || readBlob(t, again, earlier) != "earlier" {
		t.Error("the backup has not all scans")
	}
	update(t, db, func(tx *store.Tx) error {
		return tx.AddLicence(flegt.Licence{ID: "l", State: flegt.Draft, Version: 1, CreatedAt: day, UpdatedAt: day, Scans: []flegt.Attachment{{SHA256: sum}}})
	})
	if gone, err := db.SweepBlobs(ctx, time.Now().Add(time.Hour)); err != nil || gone != 1 {
		t.Errorf("%d went, %v", gone, err)
	}
	if names := left(t, db); len(names) != 0 {
		t.Errorf("still in the folder: %v", names)
	}
	if !bytes.Equal(s3.object(sum[:2]+"/"+sum), []byte("in the bucket")) || readBlob(t, db, earlier) != "gone" {
		t.Error("the sweep took the wrong one")
	}
	for _, wrong := range []string{"mem://", "s3://", "scans", "s3://%"} {
		if _, err := store.Open(ctx, store.Options{Dir: t.TempDir(), Scans: wrong}); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
	s3.close()
	if _, err := db.Blob(ctx, sum); err == nil || flegt.KindOf(err) == flegt.NotFound {
		t.Errorf("a bucket that does not answer: %v", err)
	}
}

func openIn(t *testing.T, dir, scans string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), store.Options{Dir: dir, Scans: scans})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestPagesAreKeptForAWhile(t *testing.T) {
	db := storetest.SQLite(t)
	sum := strings.Repeat("ab", 32)
	write := func(w io.Writer) error { _, err := io.WriteString(w, "picture"); return err }
	if err := db.KeepPage(sum, 2, write); err != nil {
		t.Fatal(err)
	}
	f, err := db.Page(sum, 2)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := db.KeepPage(sum, 3, func(io.Writer) error { return io.ErrClosedPipe }); err == nil {
		t.Error("a page that failed was kept")
	}
	age(t, filepath.Join(db.Dir(), "pages", sum), time.Now().Add(-8*24*time.Hour))
	if _, err := db.SweepBlobs(context.Background(), time.Now().Add(-24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Page(sum, 2); flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("after the sweep: %v", err)
	}
}
