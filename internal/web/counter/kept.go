package counter

import (
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/openflegt/openflegt/internal/identity"
)

// keepForm keeps what somebody sent whose session has ended meanwhile, so that nothing
// typed is lost.
func (s *Server) keepForm(r *Request) error {
	k := identity.Kept{Path: r.URL.Path, Form: r.PostForm}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		k.Files = true
		if k.Form, err = fieldsOf(r); err != nil {
			return BadBody(err)
		}
	}
	if len(k.Form) == 0 {
		return nil
	}
	return s.Accounts.KeepForm(r.Context(), k, Network(r))
}

// fieldsOf reads the fields of a form that can carry files, and lets the files go by.
func fieldsOf(r *Request) (url.Values, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	return readUpload(parts, func(string, io.Reader) error { return nil })
}

// forgetForm drops the kept form when it is sent again.
func (s *Server) forgetForm(r *Request) {
	if s.Accounts == nil || r.Method != http.MethodPost {
		return
	}
	if k, ok := s.Accounts.KeptForm(r.Context()); ok && k.Path == r.URL.Path {
		s.Accounts.DropForm(r.Context())
	}
}
