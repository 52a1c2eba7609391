package api

import (
	"encoding/json"
)

// entry is what a program finds that knows the interface's address alone: where everything
// else is told.
type entry struct {
	Title          string            `json:"title"`
	Version        string            `json:"version"` // of the interface, as in the description
	Documentation  string            `json:"documentation"`
	Description    string            `json:"description"` // OpenAPI, as JSON
	TokenEndpoint  string            `json:"token_endpoint"`
	ServerMetadata string            `json:"authorization_server_metadata"` // RFC 8414
	Links          map[string]string `json:"links"`
}

// entryLinks leads there too, for programs that read headers alone; the relations are those of
// RFC 8631.
const entryLinks = `<` + Prefix + `/openapi.json>; rel="service-desc"; type="application/openapi+json", <` + Prefix + `/docs>; rel="service-doc"; type="text/html"`

// serveEntry answers at the interface's own address, with a slash at its end or without.
func (s *Server) serveEntry() error {
	body, err := json.MarshalIndent(entry{Title: "OpenFLEGT", Version: Version, Documentation: Prefix + "/docs", Description: Prefix + "/openapi.json",
		TokenEndpoint: "/oauth/token", ServerMetadata: "/.well-known/oauth-authorization-server",
		Links: map[string]string{"whoami": Prefix + "/whoami", "check": Prefix + "/check/{number}"}}, "", "  ")
	if err != nil {
		return err
	}
	for _, path := range []string{"", "/{$}"} {
		s.file(path, "application/json", append(body, '\n'), "Link", entryLinks)
	}
	return nil
}
