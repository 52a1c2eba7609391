package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Version is the interface's own version. The first number is in Prefix and rises when
// something that was there goes or changes; the second rises when something is added.
const Version = "1.0"

// config is what huma needs: our own problems, no pages of its own, JSON alone.
func (s *Server) config() huma.Config {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	scopes := map[string]string{}
	for _, scope := range flegt.APIScopes {
		scopes[string(scope)] = s.Catalog.Say("en", "apitoken.scope."+strings.ReplaceAll(string(scope), ":", "."), nil)
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "OpenFLEGT", Version: Version, Description: aboutInterface,
				License: &huma.License{Name: "EUPL-1.2", Identifier: "EUPL-1.2"}},
			Servers: []*huma.Server{{URL: Prefix}},
			Components: &huma.Components{Schemas: schemas, SecuritySchemes: map[string]*huma.SecurityScheme{
				"token": {Type: "http", Scheme: "bearer", Description: "A token made on the page “Access for programs”, or an access token of a client."},
				"clientCredentials": {Type: "oauth2", Description: "A client made on the page “Access for programs” fetches access tokens of 30 minutes (RFC 6749 section 4.4).",
					Flows: &huma.OAuthFlows{ClientCredentials: &huma.OAuthFlow{TokenURL: "/oauth/token", Scopes: scopes}}},
			}},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{translate},
	}
}

const aboutInterface = `The registry of FLEGT licences, for programs. Everything that a person can do on the pages, a program can do here, in the name of the person and the role for which its token was made.

A refusal is a problem document (RFC 9457) with the same sentence as on the pages, in the language of Accept-Language (en, da). Writing a noun that has a version needs If-Match with the ETag that was read. Idempotency-Key makes a write safe to send again. Lists are read page by page by the Link header. What happened since is read from /events in the order of the log.`

// describe finishes the description and serves it.
func (s *Server) describe() error {
	doc := s.api.OpenAPI()
	schemas := doc.Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own, which translate replaces
	delete(schemas, "ErrorDetail")
	doc.Components.Schemas.Schema(problemGoType, true, "Problem")
	s.tagProblems(schemas["Problem"])
	s.nameParameters(doc)
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	s.json = out.Bytes()
	if s.yaml, err = doc.YAML(); err != nil {
		return err
	}
	s.file("/openapi.json", "application/openapi+json", s.json)
	s.file("/openapi.yaml", "application/openapi+yaml", s.yaml)
	return s.serveEntry()
}

// nameParameters notes what stands in path and query of each write, and at the top of its body, for
// what is wrong with it.
func (s *Server) nameParameters(doc *huma.OpenAPI) {
	s.parameters, s.fields = map[string]map[string]bool{}, map[string]map[string]bool{}
	for path, item := range doc.Paths {
		for method, op := range map[string]*huma.Operation{http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			names := map[string]bool{}
			for i := 0; op != nil && i < len(op.Parameters); i++ {
				names[op.Parameters[i].Name] = true
			}
			s.parameters[method+" "+Prefix+path] = names
			s.fields[method+" "+Prefix+path] = topFields(doc, op)
		}
	}
}

// topFields are the names of the fields at the top of an operation's body.
func topFields(doc *huma.OpenAPI, op *huma.Operation) map[string]bool {
	names := map[string]bool{}
	if op == nil || op.RequestBody == nil {
		return names
	}
	for _, content := range op.RequestBody.Content {
		schema := content.Schema
		if schema != nil && schema.Ref != "" {
			schema = doc.Components.Schemas.SchemaFromRef(schema.Ref)
		}
		if schema == nil {
			continue
		}
		for name := range schema.Properties {
			names[name] = true
		}
	}
	return names
}

// tagProblems lists the types that a problem can have.
func (s *Server) tagProblems(problem *huma.Schema) {
	if problem == nil {
		return
	}
	for _, k := range problemKinds {
		problem.Properties["type"].Enum = append(problem.Properties["type"].Enum, "/api/problems/"+k.slug)
	}
}

// file serves bytes that do not change while the program runs, with further headers in pairs.
func (s *Server) file(path, mediaType string, content []byte, headers ...string) {
	pattern := "GET " + Prefix + path
	s.operations[pattern] = operation{public: true}
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Cache-Control", "public, max-age=300")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		_, _ = w.Write(content)
	})
}

// Description is the OpenAPI document as JSON.
func (s *Server) Description() []byte { return s.json }
