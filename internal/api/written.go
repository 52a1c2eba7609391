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

// jsonType and its like are headers' values that many answers share and none may change.
var jsonType = []string{"application/json"}

// writtenAlready answers with JSON as jsonOf wrote it. net/http counts a short answer itself;
// a header less keeps the answer's headers within eight, which a map of Go holds without
// growing.
func (c *call) writtenAlready(text []byte) *writtenOutput {
	return &writtenOutput{func(h huma.Context) {
		c.headers["Content-Type"] = jsonType
		if len(text) > countedByItself {
			c.headers["Content-Length"] = []string{strconv.Itoa(len(text))}
		}
		_, _ = h.BodyWriter().Write(text) // whoever went away may ask again
	}}
}

// countedByItself is how many bytes of an answer net/http counts before it sends the headers.
// https://pkg.go.dev/net/http#ResponseWriter, Write: "the total size of all written data is
// under a few KB"
const countedByItself = 2048

// jsonOf writes the body of an answer as every operation does. A body is plain data, so that it
// cannot fail.
func jsonOf(body any) []byte {
	var text bytes.Buffer
	if err := huma.DefaultJSONFormat.Marshal(&text, body); err != nil {
		panic(err)
	}
	return text.Bytes()
}

// jsonAnswer describes an answer of type T, with the version as its ETag, that the operation writes
// itself.
func jsonAnswer[T any](s *Server) map[string]*huma.Response {
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
	return map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK), Headers: map[string]*huma.Param{"ETag": {Schema: &huma.Schema{Type: huma.TypeString}}}, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
}
