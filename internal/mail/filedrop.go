package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// FileDrop keeps mail as files in a folder, where no relay is set up: one .eml file a
// mail, which any mail program opens. The name begins with the time, so that a listing
// is in order.
type FileDrop struct {
	Dir string
	Now func() time.Time // default time.Now
}

// Send writes one mail. The file appears whole or not at all.
func (d FileDrop) Send(_ context.Context, o Outgoing) error {
	now := d.Now
	if now == nil {
		now = time.Now
	}
	if o.Date.IsZero() {
		o.Date = now()
	}
	raw, err := Compose(o)
	if err != nil {
		return &SendError{Permanent: true, Err: err}
	}
	sum := sha256.Sum256(raw)
	name := o.Date.UTC().Format("20060102T150405.000Z") + "-" + hex.EncodeToString(sum[:4]) + ".eml"
	if err := d.write(name, raw); err != nil {
		return &SendError{Err: fmt.Errorf("keep as file: %w", err)}
	}
	return nil
}

func (d FileDrop) write(name string, raw []byte) error {
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(d.Dir, ".writing-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	if _, err := f.Write(raw); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(d.Dir, name))
}
