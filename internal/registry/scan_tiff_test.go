package registry

import (
	"bytes"
	"io"
	"testing"
)

// FuzzTIFF: whatever a TIFF says of itself, its pages are counted and shown or refused, and
// nothing breaks.
func FuzzTIFF(f *testing.F) {
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x00\x00\x03\x00\x00\x00\x01\xff\xff\x00\x00\x00\x00\x00\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		pages := tiffPages(r)
		if len(pages) > maxTIFFPages {
			t.Fatalf("%d pages", len(pages))
		}
		for n := range min(len(pages), 3) + 2 {
			err := writeTIFFPage(io.Discard, r, n)
			if (n == 0 || n > len(pages)) && err == nil {
				t.Errorf("page %d of %d was shown", n, len(pages))
			}
		}
	})
}
