package registry

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/tiff"
)

// Limits on a TIFF: pages that are counted, and what a page may take when it is unpacked.
// A page of A4 in colour at 600 dots per inch is 140 MB.
const (
	maxTIFFPages = 500
	maxTIFFBytes = 144 << 20
)

// tiffPages walks over the directories of a TIFF (TIFF 6.0, section 2), each of which is a
// page, and gives the offset of each. It ends where the file makes no sense any more.
func tiffPages(r io.ReaderAt) (pages []uint32) {
	order, next := tiffHead(r)
	if order == nil {
		return nil
	}
	seen := map[uint32]bool{}
	for next != 0 && !seen[next] && len(pages) < maxTIFFPages {
		seen[next] = true
		var b [4]byte
		if _, err := r.ReadAt(b[:2], int64(next)); err != nil {
			break
		}
		entries := int64(order.Uint16(b[:2]))
		if _, err := r.ReadAt(b[:], int64(next)+2+12*entries); err != nil {
			break
		}
		pages, next = append(pages, next), order.Uint32(b[:])
	}
	return pages
}

// tiffHead reads the order of bytes and where the first directory is.
func tiffHead(r io.ReaderAt) (binary.ByteOrder, uint32) {
	var head [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return nil, 0
	}
	switch string(head[:4]) {
	case "II*\x00":
		return binary.LittleEndian, binary.LittleEndian.Uint32(head[4:])
	case "MM\x00*":
		return binary.BigEndian, binary.BigEndian.Uint32(head[4:])
	}
	return nil, 0
}

// tiffPage is a TIFF that seems to begin with the page whose directory is at first.
type tiffPage struct {
	io.ReaderAt
	first [4]byte
}

// ReadAt gives the file's bytes, except where the header names the first directory.
func (p tiffPage) ReadAt(b []byte, at int64) (int, error) {
	n, err := p.ReaderAt.ReadAt(b, at)
	for i := range p.first {
		if j := int64(4+i) - at; j >= 0 && j < int64(n) {
			b[j] = p.first[i]
		}
	}
	return n, err
}

// Read is never used by a decoder that reads at places.
func (p tiffPage) Read([]byte) (int, error) { return 0, io.ErrNoProgress }

// errNoPicture says that a page is not such as can be shown; the file can still be taken
// as it is.
var errNoPicture = errors.New("no picture can be made of the page")

// writeTIFFPage makes a picture of one page, numbered from 1, that every browser shows: PNG
// when it is grey, JPEG when it has colours. A file that is out of order or too large
// when unpacked is an errNoPicture.
func writeTIFFPage(w io.Writer, r io.ReaderAt, number int) (err error) {
	defer func() {
		if p := recover(); p != nil { // a file made to break the decoder breaks nothing else
			err = fmt.Errorf("%w: %v", errNoPicture, p)
		}
	}()
	page, err := onePageOf(r, number)
	if err != nil {
		return err
	}
	config, err := tiff.DecodeConfig(page)
	if err != nil {
		return errors.Join(errNoPicture, err)
	}
	// The decoder unpacks to at most 8 bytes a pixel; 4 for 8 bits a colour.
	if config.Width <= 0 || config.Height <= 0 || int64(config.Width)*int64(config.Height)*bytesOf(config) > maxTIFFBytes {
		return fmt.Errorf("%w: %d × %d", errNoPicture, config.Width, config.Height)
	}
	picture, err := tiff.Decode(page)
	if err != nil {
		return errors.Join(errNoPicture, err)
	}
	return encodePage(w, picture)
}

func onePageOf(r io.ReaderAt, number int) (tiffPage, error) {
	pages := tiffPages(r)
	if number < 1 || number > len(pages) {
		return tiffPage{}, fmt.Errorf("%w: page %d of %d", errNoPicture, number, len(pages))
	}
	order, _ := tiffHead(r)
	p := tiffPage{ReaderAt: r}
	order.PutUint32(p.first[:], pages[number-1])
	return p, nil
}

// bytesOf gives how many bytes a pixel of the picture takes when it is unpacked.
func bytesOf(c image.Config) int64 {
	switch c.ColorModel {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBAModel, color.NRGBAModel, color.CMYKModel:
		return 4
	}
	if _, palette := c.ColorModel.(color.Palette); palette {
		return 1
	}
	return 8
}

func encodePage(w io.Writer, picture image.Image) error {
	switch picture.(type) {
	case *image.Gray, *image.Gray16, *image.Paletted:
		return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, picture)
	}
	return jpeg.Encode(w, picture, &jpeg.Options{Quality: 85})
}
