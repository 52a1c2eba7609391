package api

import (
	"bytes"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// writtenOutput is an answer that was written down before it was asked for.
type writtenOutput struct{ Body func(huma.Context) }

// writtenAlready answers with JSON as jsonOf wrote it.
func writtenAlready(text []byte) *writtenOutput {
	return &writtenOutput{func(h huma.Context) {
		h.SetHeader("Content-Type", "application/json")
		h.SetHeader("Content-Length", strconv.Itoa(len(text)))
		_, _ = h.BodyWriter().Write(text) // whoever went away may ask again
	}}
}

// jsonOf writes the body of an answer as every operation does. A body is plain data, so that it
// cannot fail.
func jsonOf(body any) []byte {
	var text bytes.Buffer
	if err := huma.DefaultJSONFormat.Marshal(&text, body); err != nil {
		panic(err)
	}
	return text.Bytes()
}

// jsonAnswer describes an answer of type T that the operation writes itself.
func jsonAnswer[T any](s *Server) map[string]*huma.Response {
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
	return map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK), Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
}
