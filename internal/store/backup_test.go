package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// TestBackup copies a registry in use twice and opens the copy.
func TestBackup(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	dir := filepath.Join(t.TempDir(), "copy")
	var sums []string
	for i, text := range []string{"one", "two"} {
		sums = append(sums, keep(t, db, text))
		err := db.Update(ctx, func(tx *store.Tx) error {
			return tx.AddAccount(flegt.Account{ID: text, Email: text + "@x.example", Version: 1})
		})
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		if err := db.Backup(ctx, dir, func(done, total int) { told = total }); err != nil {
			t.Fatal(err)
		}
		if told != i+1 {
			t.Errorf("told of %d files", told)
		}
	}
	if err := db.Backup(ctx, db.Dir(), nil); err == nil {
		t.Error("a registry was copied onto itself")
	}
	again, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for _, sum := range sums {
		f, err := again.Blob(ctx, sum)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	err = again.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Accounts()
		if len(all) != 2 {
			t.Errorf("%d accounts in the copy", len(all))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "openflegt.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}
