package web

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"sort"

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
			return badBody(err)
		}
	}
	if len(k.Form) == 0 {
		return nil
	}
	return s.Accounts.KeepForm(r.Context(), k, network(r))
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

// keptPage offers the kept form again, to be sent with one press.
type keptPage struct {
	Page
	Action string
	Fields []keptField
	Files  bool
}

type keptField struct{ Name, Value string }

func (s *Server) showKept(w http.ResponseWriter, r *Request) error {
	k, ok := s.Accounts.KeptForm(r.Context())
	if !ok {
		http.Redirect(w, r.Request, "/home", http.StatusSeeOther)
		return nil
	}
	p := keptPage{Page: s.page(r, "account.kept.title"), Action: localPath(k.Path, "/home"), Files: k.Files}
	for name, values := range k.Form {
		for _, v := range values {
			p.Fields = append(p.Fields, keptField{name, v})
		}
	}
	sort.SliceStable(p.Fields, func(i, j int) bool { return p.Fields[i].Name < p.Fields[j].Name })
	return s.show(w, &p, "account_kept")
}

func (s *Server) dropKept(w http.ResponseWriter, r *Request) error {
	s.Accounts.DropForm(r.Context())
	http.Redirect(w, r.Request, "/home", http.StatusSeeOther)
	return nil
}
