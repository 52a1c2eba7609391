package counter

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"

	"github.com/openflegt/openflegt/internal/flegt"
)

// staticFile is one file as it is sent.
type staticFile struct {
	kind       string
	plain      []byte // nil when only the compressed forms are kept
	brotli, gz []byte
}

// staticFiles are style sheets, scripts, fonts and pictures. Their address holds a hash
// of all of them, so a browser may keep them for ever: a new version has new addresses.
// One hash for all lets a style sheet name its font by a relative address.
type staticFiles struct {
	hash  string
	files map[string]*staticFile
}

func loadStatic(files fs.FS) (*staticFiles, error) {
	s := &staticFiles{files: map[string]*staticFile{}}
	sum := sha256.New()
	root, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		sum.Write([]byte(name))
		sum.Write(data)
		return s.add(name, data)
	})
	if err != nil {
		return nil, fmt.Errorf("web: static files: %w", err)
	}
	s.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return s, nil
}

func (s *staticFiles) add(name string, data []byte) error {
	base := strings.TrimSuffix(strings.TrimSuffix(name, ".br"), ".gz")
	f := s.files[base]
	if f == nil {
		f = &staticFile{kind: kindOf(base)}
		s.files[base] = f
	}
	switch path.Ext(name) {
	case ".br":
		f.brotli = data
	case ".gz":
		f.gz = data
	case ".woff2", ".png": // compressed in itself
		f.plain = data
	default:
		f.plain = data
		var err error
		f.gz, err = squeeze(data)
		return err
	}
	return nil
}

// squeeze compresses one of our own small files at start.
func squeeze(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func kindOf(name string) string {
	if strings.HasSuffix(name, ".woff2") {
		return "font/woff2"
	}
	if strings.HasSuffix(name, ".js") {
		return "text/javascript; charset=utf-8"
	}
	if strings.HasSuffix(name, ".wasm") {
		return "application/wasm"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// HasStatic says whether there is a static file of that name.
func (s *Server) HasStatic(name string) bool { return s.static.files[name] != nil }

// Static gives the address of a static file; an unknown name leads to 404.
func (s *Server) Static(name string) string { return s.static.url(name) }

// url gives a file's address; an unknown name leads to 404 and is found by a test.
func (s *staticFiles) url(name string) string { return "/static/" + s.hash + "/" + name }

// choose picks the smallest form that the browser takes.
func (f *staticFile) choose(accepts string) (data []byte, encoding string) {
	takes := func(name string) bool {
		for _, part := range strings.Split(accepts, ",") {
			coding, q, _ := strings.Cut(strings.TrimSpace(part), ";")
			if coding == name && strings.ReplaceAll(q, " ", "") != "q=0" {
				return true
			}
		}
		return false
	}
	switch {
	case f.brotli != nil && takes("br"):
		return f.brotli, "br"
	case f.gz != nil && takes("gzip"):
		return f.gz, "gzip"
	case f.plain != nil:
		return f.plain, ""
	}
	return nil, "unpack"
}

// serveStatic sends a file. An old hash gets the file too, but is told not to keep it:
// a page from before a new version must not lose its looks.
func (s *Server) serveStatic(w http.ResponseWriter, r *Request) error {
	f := s.static.files[r.PathValue("path")]
	if f == nil {
		return flegt.Missing()
	}
	keep := "public, max-age=31536000, immutable"
	if r.PathValue("hash") != s.static.hash {
		keep = "no-cache"
	}
	if r.PathValue("path") == pdfWorker {
		allowWasm(w)
	}
	return f.send(w, r, keep)
}

func (f *staticFile) send(w http.ResponseWriter, r *Request, keep string) error {
	h := w.Header()
	h.Set("Cache-Control", keep)
	h.Set("Content-Type", f.kind)
	h.Add("Vary", "Accept-Encoding")
	data, encoding := f.choose(r.Header.Get("Accept-Encoding"))
	if encoding == "unpack" {
		if r.Method == http.MethodHead {
			return nil
		}
		_, err := io.Copy(w, brotli.NewReader(bytes.NewReader(f.brotli)))
		return err
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(data)
	return err
}

// serveFavicon sends our own small picture where browsers look for one unasked.
func (s *Server) serveFavicon(w http.ResponseWriter, r *Request) error {
	return s.static.files["favicon.svg"].send(w, r, "public, max-age=86400")
}

// serveRobots asks search engines to stay with the open pages.
func (s *Server) serveRobots(w http.ResponseWriter, _ *Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, "User-agent: *\nAllow: /$\nAllow: /user-guide\nAllow: /contact\nDisallow: /\n")
	return err
}
