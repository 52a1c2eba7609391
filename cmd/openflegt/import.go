package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/openflegt/openflegt/internal/reference"
)

// importCommand brings data over from elsewhere.
type importCommand struct {
	Ecas      importEcasCommand      `cmd:"" help:"Earlier ECAS accounts, from a CSV file."`
	Reference importReferenceCommand `cmd:"" help:"Newer reference data: files of the same names as the built-in ones."`
}

// importReferenceCommand lays newer reference data over the built-in one.
type importReferenceCommand struct {
	Place
	Dir string `arg:"" help:"Folder with the files (licensing.csv, scope.csv …)." type:"existingdir"`
	Yes bool   `help:"Do it. Without this flag the command only checks the files."`
}

// Help says what happens with the files.
func (importReferenceCommand) Help() string {
	return `The files are checked as a whole, together with the built-in ones that they do not
replace; one wrong row refuses all of them. They are copied into the data folder, where
the program reads them when it starts.`
}

// Run checks and copies.
func (c *importReferenceCommand) Run(s streams) error {
	if _, err := reference.Load(os.DirFS(c.Dir)); err != nil {
		return err
	}
	names, err := filepath.Glob(filepath.Join(c.Dir, "*.csv"))
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("there are no .csv files in %s", c.Dir)
	}
	for _, name := range names {
		fmt.Fprintln(s.Out, filepath.Base(name))
	}
	if !c.Yes {
		sayDryRun(s)
		return nil
	}
	ctx := context.Background()
	db, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := layOver(names, referenceDir(db.Dir())); err != nil {
		return err
	}
	fmt.Fprintln(s.Out, "Imported. Start the program again to use it.")
	return nil
}

// layOver puts the files beside those imported earlier, and takes all back when the whole
// no longer fits together.
func layOver(names []string, dir string) error {
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "reference-new-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	earlier, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		return err
	}
	for _, name := range append(earlier, names...) {
		if err := copyTo(name, filepath.Join(fresh, filepath.Base(name))); err != nil {
			return err
		}
	}
	if _, err := reference.Load(os.DirFS(fresh)); err != nil {
		return fmt.Errorf("together with what was imported earlier: %w", err)
	}
	old := fresh + "-old"
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}

func copyTo(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
