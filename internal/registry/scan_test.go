package registry_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// eicar is the test virus that every checker knows; taken apart, so that none takes this
// file for one. https://www.eicar.org/download-anti-malware-testfile/
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// clamd speaks clamd's INSTREAM (clamd(8)): chunks with their lengths, an empty one at the
// end, and the answer. says may change the answer.
func clamd(t *testing.T, says func(body []byte) string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answer(c, says)
		}
	}()
	return "tcp://" + l.Addr().String()
}

func answer(c net.Conn, says func([]byte) string) {
	defer c.Close()
	in := bufio.NewReader(c)
	if command, err := in.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		io.WriteString(c, "UNKNOWN COMMAND\x00")
		return
	}
	var body []byte
	for {
		var n uint32
		if binary.Read(in, binary.BigEndian, &n) != nil {
			return
		}
		if n == 0 {
			break
		}
		chunk := make([]byte, n)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return
		}
		body = append(body, chunk...)
	}
	io.WriteString(c, says(body))
}

func honest(body []byte) string {
	if bytes.Contains(body, []byte(eicar)) {
		return "stream: Eicar-Test-Signature FOUND\x00"
	}
	return "stream: OK\x00"
}

// guarded is a town whose scans are checked, with an importer, a draft of hers and the log.
func guarded(t *testing.T, address string) (*town, flegt.Actor, string, *bytes.Buffer) {
	t.Helper()
	w := open(t, storetest.SQLite(t))
	check, err := registry.Clamd(address)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	w.Office, err = registry.New(ctx, registry.Options{DB: w.db, Reference: ref, Viruses: check, Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	me, id := importer(t, w)
	return w, me, id, log
}

func importer(t *testing.T, w *town) (flegt.Actor, string) {
	t.Helper()
	op := w.company(w.person("mette", "Mette", "Sørensen"), "Nordisk Træ", "12345674")
	me := w.holder("m", flegt.RoleOperator, op.ID, "DK")
	l, err := w.NewDraft(ctx, me, form("DK-1"), "DK")
	if err != nil {
		t.Fatal(err)
	}
	return me, l.ID
}

// kept counts the files of scans.
func (w *town) kept() (n int) {
	w.t.Helper()
	err := filepath.WalkDir(filepath.Join(w.db.Dir(), "blobs"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func key(err error) string {
	var refusal *flegt.Error
	if errors.As(err, &refusal) {
		return refusal.Key
	}
	return ""
}

func TestInfectedScansAreRefused(t *testing.T) {
	w, me, id, log := guarded(t, clamd(t, honest))
	_, err := w.AddScan(ctx, me, id, "secret-name.pdf", strings.NewReader("%PDF-1.4\n"+eicar))
	if key(err) != "scan.infected" || w.kept() != 0 {
		t.Errorf("%v, %d kept", err, w.kept())
	}
	if !strings.Contains(log.String(), "virus=Eicar-Test-Signature") || strings.Contains(log.String(), "EICAR-STANDARD") || strings.Contains(log.String(), "secret-name") {
		t.Errorf("log: %s", log)
	}
	large := "%PDF-1.4\n" + strings.Repeat("a clean scan of many chunks ", 10_000)
	if l, err := w.AddScan(ctx, me, id, "clean.pdf", strings.NewReader(large)); err != nil || len(l.Scans) != 1 || l.Scans[0].Size != int64(len(large)) {
		t.Errorf("%+v %v", l.Scans, err)
	}
}

func TestNothingIsLetThroughUnchecked(t *testing.T) {
	gone := clamd(t, honest)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "tcp://" + l.Addr().String()
	l.Close()
	for name, address := range map[string]string{
		"nobody there": closed,
		"an error":     clamd(t, func([]byte) string { return "INSTREAM size limit exceeded. ERROR\x00" }),
		"nothing said": clamd(t, func([]byte) string { return "" }),
		"half an OK":   clamd(t, func([]byte) string { return "stream: OKAY\x00" }),
		"no socket":    "unix:" + filepath.Join(t.TempDir(), "clamd"),
	} {
		t.Run(name, func(t *testing.T) {
			w, me, id, _ := guarded(t, address)
			if _, err := w.AddScan(ctx, me, id, "s.pdf", strings.NewReader("%PDF-1.4\n")); key(err) != "scan.unchecked" || w.kept() != 0 {
				t.Errorf("%v, %d kept", err, w.kept())
			}
		})
	}
	for _, wrong := range []string{"clamd", "tcp://host", "unix:", "http://host:1", gone + "%"} {
		if _, err := registry.Clamd(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}

func TestScansThatAreNone(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	me, id := importer(t, w)
	for name, tt := range map[string]struct{ body, key string }{
		"empty":     {"", "scan.empty"},
		"a program": {"MZ\x90\x00" + strings.Repeat("x", 5000), "scan.type"},
		"a page":    {"<!doctype html><script>alert(1)</script>", "scan.type"},
		"an svg":    {`<svg xmlns="http://www.w3.org/2000/svg"></svg>`, "scan.type"},
		"too large": {"%PDF-1.4\n" + strings.Repeat(" ", flegt.MaxScan), "scan.too_large"},
	} {
		if _, err := w.AddScan(ctx, me, id, name, strings.NewReader(tt.body)); key(err) != tt.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w.kept() != 0 {
		t.Errorf("%d kept", w.kept())
	}
	stranger := w.holder("c", flegt.RoleCustoms, "customs:DK", "DK")
	unread := io.MultiReader(readerFunc(func([]byte) (int, error) { t.Error("it was read before rights were looked at"); return 0, io.EOF }))
	if _, err := w.ReceiveScan(ctx, stranger, id, "s.pdf", unread); flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("customs: %v", err)
	}
	if _, err := w.ReceiveScan(ctx, stranger, "", "s.pdf", unread); flegt.KindOf(err) != flegt.Forbidden {
		t.Errorf("customs, new: %v", err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func TestFewScansArriveAtOnce(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	me, id := importer(t, w)
	var lines []*io.PipeWriter
	done := make(chan error)
	for range 4 {
		r, line := io.Pipe()
		lines = append(lines, line)
		go func() {
			_, err := w.AddScan(ctx, me, id, "s.pdf", r)
			done <- err
		}()
		if _, err := line.Write([]byte("%PDF-1.4\n")); err != nil { // it has its place now
			t.Fatal(err)
		}
	}
	if _, err := w.AddScan(ctx, me, id, "s.pdf", strings.NewReader("%PDF-1.4\n")); key(err) != "scan.busy" {
		t.Errorf("the fifth: %v", err)
	}
	for i, line := range lines {
		if i == 0 {
			line.CloseWithError(io.ErrUnexpectedEOF)
		} else {
			line.Close()
		}
		if err := <-done; (err != nil) != (i == 0) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if _, err := w.AddScan(ctx, me, id, "s.pdf", strings.NewReader("%PDF-1.4\nanother")); err != nil || w.kept() != 2 {
		t.Errorf("afterwards: %v, %d kept", err, w.kept())
	}
}

// manyPages makes an uncompressed grey TIFF (TIFF 6.0, section 4) whose page n is n × 10
// pixels wide.
func manyPages(pages int) []byte {
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4
	for n := 1; n <= pages; n++ {
		width, height := uint32(10*n), uint32(8)
		strip := uint32(len(out))
		out = append(out, bytes.Repeat([]byte{byte(20 * n)}, int(width*height))...)
		if len(out)%2 == 1 {
			out = append(out, 0)
		}
		binary.LittleEndian.PutUint32(out[link:], uint32(len(out)))
		tags := [][2]uint32{{256, width}, {257, height}, {258, 8}, {259, 1}, {262, 1}, {273, strip}, {277, 1}, {278, height}, {279, width * height}}
		out = binary.LittleEndian.AppendUint16(out, uint16(len(tags)))
		for _, tag := range tags {
			out = binary.LittleEndian.AppendUint16(out, uint16(tag[0]))
			out = binary.LittleEndian.AppendUint16(out, 4)
			out = binary.LittleEndian.AppendUint32(out, 1)
			out = binary.LittleEndian.AppendUint32(out, tag[1])
		}
		link = len(out)
		out = append(out, 0, 0, 0, 0)
	}
	return out
}

func TestTIFFPageByPage(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	me, id := importer(t, w)
	l, err := w.AddScan(ctx, me, id, "s.tif", bytes.NewReader(manyPages(3)))
	if err != nil || l.Scans[0].Pages != 3 || l.Scans[0].Type != "image/tiff" {
		t.Fatalf("%+v %v", l.Scans, err)
	}
	for range 2 { // made, and then taken from what was made
		for n := 1; n <= 3; n++ {
			_, f, err := w.ScanPage(ctx, me, id, l.Scans[0].ID, n)
			if err != nil {
				t.Fatal(err)
			}
			picture, err := png.Decode(f)
			f.Close()
			if err != nil || picture.Bounds() != image.Rect(0, 0, 10*n, 8) || picture.At(1, 1) != (color.Gray{Y: byte(20 * n)}) {
				t.Errorf("page %d: %v %v %v", n, err, picture.Bounds(), picture.At(1, 1))
			}
		}
	}
	for _, n := range []int{-1, 0, 4} {
		if _, _, err := w.ScanPage(ctx, me, id, l.Scans[0].ID, n); flegt.KindOf(err) != flegt.NotFound {
			t.Errorf("page %d: %v", n, err)
		}
	}
	rival := w.holder("r", flegt.RoleOperator, w.company(w.person("rival", "R", "R"), "Rival", "10150817").ID, "DK")
	if _, _, err := w.ScanPage(ctx, rival, id, l.Scans[0].ID, 1); flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("a rival: %v", err)
	}
}

// TestTIFFBombs are files that say they are huge or never end. They are kept, since they may
// be somebody's real scan, but no picture is made of them.
func TestTIFFBombs(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	me, id := importer(t, w)
	huge := manyPages(1)
	ifd := binary.LittleEndian.Uint32(huge[4:])
	binary.LittleEndian.PutUint32(huge[ifd+2+8:], 60_000)    // width
	binary.LittleEndian.PutUint32(huge[ifd+2+12+8:], 60_000) // height
	loop := manyPages(2)
	binary.LittleEndian.PutUint32(loop[len(loop)-4:], binary.LittleEndian.Uint32(loop[4:]))
	for name, tt := range map[string]struct {
		body  []byte
		pages int
	}{"huge": {huge, 1}, "loop": {loop, 2}, "cut": {manyPages(1)[:100], 0}} {
		l, err := w.AddScan(ctx, me, id, name+".tif", bytes.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		scan := l.Scans[len(l.Scans)-1]
		if scan.Pages != tt.pages {
			t.Errorf("%s: %d pages", name, scan.Pages)
		}
		_, f, err := w.ScanPage(ctx, me, id, scan.ID, 1)
		if name == "loop" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else {
				f.Close()
			}
		} else if key(err) != "scan.no_picture" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
