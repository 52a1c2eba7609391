package counter

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// How long a form with scans may take to arrive: 50 MB at 1 Mbit/s need seven minutes. A
// visitor who sends nothing for a while is let go sooner.
const (
	uploadTime  = 20 * time.Minute
	uploadPause = time.Minute
)

// MaxFields is how many fields a form may have.
const MaxFields = 10_000

// Upload is a form as it arrived: its fields are in r.Form, its scans are looked at and
// wait to be put on the licence. What was wrong with a scan is told after the fields are
// kept, so that nothing typed is lost.
type Upload struct {
	Scans []*registry.ReceivedScan
	Wrong error
}

// Close drops what was received and not put on anything.
func (u *Upload) Close() {
	for _, s := range u.Scans {
		_ = s.Close()
	}
}

// paced gives a visitor a minute for each piece, and all pieces together uploadTime.
type paced struct {
	body  io.Reader
	c     *http.ResponseController
	until time.Time
}

// Read implements io.Reader. Where no deadline can be set there is none: the server's own
// counts.
func (p *paced) Read(b []byte) (int, error) {
	pause := time.Now().Add(uploadPause)
	if p.until.Before(pause) {
		pause = p.until
	}
	_ = p.c.SetReadDeadline(pause)
	return p.body.Read(b)
}

// PacedBody is what a visitor sends, for as long as it keeps coming; the answer has as much time.
func PacedBody(w http.ResponseWriter, r *Request) io.Reader {
	return &paced{body: r.Body, c: AllowTime(w), until: time.Now().Add(uploadTime)}
}

// AllowTime lets a form, or an answer, be on its way for as long as a scan needs.
func AllowTime(w http.ResponseWriter) *http.ResponseController {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Now().Add(uploadTime))
	_ = c.SetWriteDeadline(time.Now().Add(uploadTime + uploadPause))
	return c
}

// TakeUpload reads a form with scans as it arrives. An upload that breaks off, or whose
// fields are too large, is an error, and nothing of it is left.
func (s *Server) TakeUpload(w http.ResponseWriter, r *Request) (*Upload, error) {
	return s.TakeFiles(w, r, func(name string, part io.Reader) (*registry.ReceivedScan, error) {
		return s.Office.ReceiveScan(r.Context(), r.Viewer.Actor, r.PathValue("id"), name, part)
	})
}

// receiver takes one file of a form in, for what the form is about.
type receiver func(name string, part io.Reader) (*registry.ReceivedScan, error)

// TakeFiles is TakeUpload for any form whose files come in its box "scan".
func (s *Server) TakeFiles(w http.ResponseWriter, r *Request, receive receiver) (*Upload, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return &Upload{}, ParseForm(r)
	}
	body := PacedBody(w, r)
	u := &Upload{}
	fields, err := readUpload(multipart.NewReader(body, params["boundary"]), func(name string, part io.Reader) error {
		return u.take(receive, name, part)
	})
	var more *http.MaxBytesError
	if errors.As(err, &more) && len(fields) > 0 { // what stood before the scan is here
		u.Wrong, err = tooLarge(), nil
	}
	if err != nil {
		u.Close()
		if _, refused := AsRefusal(err); !refused {
			err = BadBody(err)
		}
		return nil, err
	}
	r.Form, r.PostForm = fields, fields
	return u, nil
}

func tooLarge() error {
	args := flegt.Args{"Max": flegt.MaxScan >> 20}
	return &flegt.Error{Kind: flegt.TooLarge, Key: "scan.too_large", Args: args,
		Boxes: []flegt.BoxError{{Box: "scan", Key: "scan.too_large", Args: args}}}
}

// take receives one scan. A refused one is remembered, and the rest of the form goes on.
func (u *Upload) take(receive receiver, name string, part io.Reader) error {
	if u.Wrong != nil {
		return nil
	}
	in := &remembering{r: part}
	scan, err := receive(name, in)
	if err == nil {
		u.Scans = append(u.Scans, scan)
		return nil
	}
	var refusal *flegt.Error
	if in.failed != nil || !errors.As(err, &refusal) {
		return errors.Join(in.failed, err)
	}
	if len(refusal.Boxes) == 0 { // not about the scan: the licence is not theirs to change
		return err
	}
	u.Wrong = err
	return nil
}

// remembering keeps the error with which a body broke off, apart from what was wrong with
// what it carried.
type remembering struct {
	r      io.Reader
	failed error
}

// Read implements io.Reader.
func (r *remembering) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.failed = err
	}
	return n, err
}

// readUpload reads the parts of a form in the order in which they come: fields, of FormLimit
// together, and files, which go to take one by one. Fields that came before an error are
// given with it.
func readUpload(parts *multipart.Reader, take func(name string, part io.Reader) error) (url.Values, error) {
	fields := url.Values{}
	left, count := int64(FormLimit), 0
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, nil
		}
		if err != nil {
			return fields, err
		}
		if count++; count > MaxFields {
			return nil, &flegt.Error{Kind: flegt.TooLarge, Key: "error.too_large"}
		}
		if name, isFile := fileOf(part); isFile {
			if name != "" { // an empty box for a file sends an empty part
				err = take(name, part)
			}
			if err == nil {
				_, err = io.Copy(io.Discard, part) // what was refused goes by, so that the rest can come
			}
			if err != nil {
				return fields, err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return fields, err
		}
		if left -= int64(len(value)); left < 0 {
			return nil, &flegt.Error{Kind: flegt.TooLarge, Key: "error.too_large"}
		}
		if part.FormName() != "" {
			fields.Add(part.FormName(), strings.ToValidUTF8(string(value), ""))
		}
	}
}

// fileOf says whether a part is a file in the box "scan", and under which name it was sent.
func fileOf(part *multipart.Part) (name string, isFile bool) {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	_, isFile = params["filename"]
	if err != nil || !isFile {
		return "", isFile
	}
	if part.FormName() != "scan" {
		return "", true
	}
	return params["filename"], true
}

// ParseForm reads a form whole; files larger than FormLimit are put on disk.
func ParseForm(r *Request) error {
	err := r.ParseForm()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(FormLimit)
	}
	if err != nil {
		return BadBody(err)
	}
	return nil
}
