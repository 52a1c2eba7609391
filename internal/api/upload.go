package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Bounds of a body in parts.
const (
	maxParts   = 60
	fieldLimit = 64 << 10 // bytes of one field
	filesLimit = 4*flegt.MaxScan + 1<<20
)

// formBody describes a body in parts: fields, and a file that may stand several times. Without
// a file it may be JSON.
func formBody(what, file string, many bool, fields map[string]*huma.Schema) *huma.RequestBody {
	parts := map[string]*huma.Schema{file: {Type: "string", Format: "binary", Description: "The file."}}
	if many {
		parts[file] = &huma.Schema{Type: "array", Items: parts[file]}
	}
	for name, s := range fields {
		parts[name] = s
	}
	content := map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: "object", Properties: parts}}}
	if many {
		content["application/json"] = &huma.MediaType{Schema: &huma.Schema{Type: "object", Properties: fields}}
	}
	return &huma.RequestBody{Required: true, Description: what, Content: content}
}

// field describes a field of text.
func field(doc string, most int) *huma.Schema {
	return &huma.Schema{Type: "string", Description: doc, MaxLength: &most}
}

// form reads a body in parts as it comes: fields by name, of which no others are known, and
// files, which go to take one by one. A JSON object is a body of fields alone.
func (c *call) form(fields []string, take func(name string, r io.Reader) error) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range fields {
		out[name] = ""
	}
	kind, params, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "application/json":
		return out, c.jsonFields(out)
	case err != nil || kind != "multipart/form-data" || params["boundary"] == "":
		return nil, refuse(kindMediaType, flegt.Args{"Wanted": "multipart/form-data"})
	}
	parts := multipart.NewReader(c.request.Body, params["boundary"])
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		if part.FileName() != "" {
			err = take(part.FileName(), asRefusal{part})
		} else {
			err = c.takeField(out, part.FormName(), part)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, refuse(kindUnreadable, nil)
}

func (c *call) takeField(out map[string]string, name string, r io.Reader) error {
	if _, known := out[name]; !known {
		return c.unexpected(name)
	}
	text, err := io.ReadAll(io.LimitReader(r, fieldLimit+1))
	if err != nil {
		return unreadable(err)
	}
	if !goodText(string(text)) {
		return refuse(kindUnreadable, nil)
	}
	out[name] = string(text)
	return nil
}

func (c *call) jsonFields(out map[string]string) error {
	var found map[string]any
	text, err := io.ReadAll(http.MaxBytesReader(nil, io.NopCloser(c.request.Body), bodyLimit))
	if err != nil {
		return unreadable(err)
	}
	if json.Unmarshal(text, &found) != nil {
		return refuse(kindUnreadable, nil)
	}
	for name, v := range found {
		text, isText := v.(string)
		if _, known := out[name]; !known {
			return c.unexpected(name)
		}
		if !isText {
			return flegt.InvalidBoxes([]flegt.BoxError{{Box: name, Key: "api.field.string"}})
		}
		if !goodText(text) {
			return refuse(kindUnreadable, nil)
		}
		out[name] = text
	}
	return nil
}

func goodText(text string) bool {
	for _, r := range text {
		if r == 0 {
			return false
		}
	}
	return utf8.ValidString(text)
}

func (c *call) unexpected(name string) error {
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60])
	}
	if !utf8.ValidString(name) {
		return refuse(kindUnreadable, nil)
	}
	return flegt.InvalidBoxes([]flegt.BoxError{{Box: name, Key: "api.field.unexpected"}})
}
