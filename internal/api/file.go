package api

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/openflegt/openflegt/internal/report"
)

// The media types of tables and documents that we write.
const (
	csvType  = "text/csv"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pdfType  = "application/pdf"
)

// fileContent describes a body that is a file, of one of some media types.
func fileContent(types ...string) map[string]*huma.MediaType {
	out := map[string]*huma.MediaType{}
	for _, t := range types {
		out[t] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	return out
}

// fileAnswer describes an answer that is a file.
func fileAnswer(what string, types ...string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: what, Content: fileContent(types...)}}
}

// rangeAnswer describes an answer that is a file, or a range of it.
func rangeAnswer(file map[string]*huma.MediaType) map[string]*huma.Response {
	parts := map[string]*huma.MediaType{"multipart/byteranges": {}}
	for t, content := range file {
		parts[t] = content
	}
	return map[string]*huma.Response{"200": {Description: "The file.", Content: file}, "206": {Description: "The range that was asked for.", Content: parts},
		"304": {Description: "It is the one that If-None-Match names."}, "416": {Description: "There is no such range.", Content: map[string]*huma.MediaType{problemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}}}}
}

// fileOutput is an answer that the operation writes itself.
type fileOutput struct{ Body func(huma.Context) }

// sent answers with a file that is kept, or the range of it that was asked for (RFC 9110 section
// 14). It is closed when it is sent.
func (c *call) sent(f io.ReadSeekCloser, name, mediaType, tag string) *fileOutput {
	return &fileOutput{func(h huma.Context) {
		defer f.Close()
		_, w := humago.Unwrap(h)
		if mediaType != "" {
			w.Header().Set("Content-Type", mediaType)
		}
		w.Header().Set("ETag", `"`+tag+`"`)
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		r := c.request.Clone(c.request.Context())
		r.Header.Del("If-Match") // a file is never another one
		http.ServeContent(&ranged{ResponseWriter: w, c: c}, r, "", time.Time{}, f)
	}}
}

// made answers with a file that was just made.
func made(content []byte, name, mediaType string) *fileOutput {
	return &fileOutput{func(h huma.Context) {
		_, w := humago.Unwrap(h)
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(content)
	}}
}

// sheetFile answers with a table as the file asked for.
func sheetFile(sheet report.Sheet, format, name string) (*fileOutput, error) {
	mediaType, write := csvType+"; charset=utf-8; header=present", sheet.CSV
	if format == "xlsx" {
		mediaType, write = xlsxType, sheet.XLSX
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	return made(b.Bytes(), strings.ReplaceAll(name, " ", "-")+"."+format, mediaType), nil
}

// ranged answers by a problem document when there is no such range.
type ranged struct {
	http.ResponseWriter
	c       *call
	refused bool
}

// WriteHeader implements http.ResponseWriter.
func (w *ranged) WriteHeader(status int) {
	if status != http.StatusRequestedRangeNotSatisfiable {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.refused = true
	w.Header().Del("Content-Disposition")
	w.c.refuse(w.ResponseWriter, refuse(kindRange, nil))
}

// Write implements io.Writer.
func (w *ranged) Write(b []byte) (int, error) {
	if w.refused {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}
