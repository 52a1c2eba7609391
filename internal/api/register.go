package api

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
)

// about is one operation as its noun's list has it.
type about struct {
	id      string // of the operation, stable: clients are made from it
	path    string // without Prefix
	method  string
	scope   flegt.APIScope // empty: any token
	public  bool
	upload  bool
	limit   int64 // of an upload, in bytes; 0 means uploadLimit
	keyed   bool
	secret  bool // the answer holds a secret, which is not kept
	cached  bool // the answer is the same for a long time
	whole   bool // all it does is one change, see operation
	status  int  // of success; 0 means 200, or 204 without a body
	tag     string
	summary string
	text    string // further words; may be empty
	// body describes a body that the operation reads itself.
	body *huma.RequestBody
	// answers describes answers that the operation writes itself.
	answers map[string]*huma.Response
}

// register adds an operation: its description, and how it is carried out. Errors become
// problem documents here.
func register[I, O any](s *Server, a about, do func(context.Context, *call, *I) (*O, error)) {
	op := huma.Operation{
		OperationID: a.id, Method: a.method, Path: a.path, DefaultStatus: a.status, Tags: []string{a.tag},
		Summary: a.summary, Description: a.text, BodyReadTimeout: -1, RequestBody: a.body, Responses: a.answers,
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	switch {
	case a.public:
		op.Security = []map[string][]string{}
	case a.scope == "":
		op.Security = []map[string][]string{{"token": {}}, {"clientCredentials": {}}}
	default:
		op.Security = []map[string][]string{{"token": {}}, {"clientCredentials": {string(a.scope)}}}
		op.Description = joinText(op.Description, "Scope: `"+string(a.scope)+"`.")
	}
	if writes(a.method) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Required: a.keyed,
			Description: "A name of your choice for this very request, kept for 48 hours: sent again with the same body, it is answered again and not carried out twice.",
			Schema:      &huma.Schema{Type: "string", MinLength: intp(1), MaxLength: intp(keyLimit)}})
	}
	if a.cached {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "If-None-Match", In: "header", Schema: &huma.Schema{Type: "string"},
			Description: "The ETag of the answer that you have: if it is still the same, the answer is 304 without a body."})
		op.Responses[strconv.Itoa(http.StatusNotModified)] = &huma.Response{Description: http.StatusText(http.StatusNotModified)}
	}
	s.describeProblems(&op, a)
	pattern := a.method + " " + Prefix + a.path
	s.operations[pattern] = operation{scope: a.scope, public: a.public, upload: a.upload, keyed: a.keyed, secret: a.secret, cached: a.cached, whole: a.whole,
		limit: cmp.Or(a.limit, uploadLimit)}
	if a.parts() {
		op.RequestBody = nil // huma would read it
		defer func() { s.api.OpenAPI().Paths[a.path].Post.RequestBody = a.body }()
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		c := callOf(ctx)
		out, err := do(ctx, c, in)
		if err != nil {
			return nil, c.problem(err)
		}
		return out, nil
	})
}

// parts says whether the body comes in parts, which the operation reads itself.
func (a about) parts() bool { return a.body != nil && a.body.Content["multipart/form-data"] != nil }

func joinText(a, b string) string {
	if a == "" {
		return b
	}
	return a + "\n\n" + b
}

func intp(n int) *int { return &n }

// describeProblems says which problems an operation can answer with.
func (s *Server) describeProblems(op *huma.Operation, a about) {
	statuses := []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if !a.public {
		statuses = append(statuses, http.StatusUnauthorized, http.StatusForbidden)
	}
	if writes(a.method) {
		statuses = append(statuses, http.StatusConflict, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusPreconditionRequired)
	} else {
		statuses = append(statuses, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	for _, status := range statuses {
		op.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{
			problemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}}}
	}
}
